"""A programme file becomes a programme, and a roster its people. What the command line and the playground call."""

from __future__ import annotations

from dataclasses import dataclass

import storage.member
import storage.programme
from bot import rights
from bot.context import Work
from bot.features.programme.rules import kinds_of
from bot.programme.file import ProgrammeFile
from bot.programme.stored import as_stored, file_of
from bot.roster import Roster, RosterRow
from storage.member import Member
from storage.programme import Cohort, Programme, Role

INVITED = "invited"
"""The status of a role that a roster gave and its member has not taken up: nothing is sent to them."""


async def apply(work: Work, file: ProgrammeFile) -> Programme:
    """Make the programme with the file's short name, or change it; its first cohort is open at once.

    When that has come to its end, coordinators open the next one.
    """
    row = await storage.programme.by_slug(work.db, work.community.id, file.slug)
    stored = as_stored(file)
    if row is None:
        row = Programme(
            id=work.ids.new(), community_id=work.community.id, slug=file.slug, name=file.name, kind=file.kind,
            file=stored, created_at=work.now,
        )  # fmt: skip
    elif row.file != stored:
        row.name, row.kind, row.file, row.revision = file.name, file.kind, stored, row.revision + 1
    row.closed_at = None
    work.db.add(row)
    await work.db.flush()
    if not await storage.programme.cohorts_of(work.db, work.community.id, row.id):
        work.db.add(
            Cohort(
                id=work.ids.new(), community_id=work.community.id, programme_id=row.id, name=f"{work.now:%Y-%m-%d}",
                opened_at=work.now,
            )
        )  # fmt: skip
        await work.db.flush()
    work.audit("programme.applied", row.id)
    await work.happened("programme.applied", row)
    return row


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: members made, members changed, and handles left alone.

    `ambiguous` ones are those of several members; `forgotten` ones belong to people who asked to be forgotten.
    """

    made: tuple[str, ...]
    changed: tuple[str, ...]
    ambiguous: tuple[str, ...]
    forgotten: tuple[str, ...] = ()


async def bring_in(work: Work, roster: Roster, programme: Programme) -> Imported:
    """Store a roster's people as invited to the programme. They stay silent until they press Join themselves.

    Rows meet members by handle. Raises `ValueError` for a roster with errors: nothing is half imported.
    """
    if not roster.ok:
        raise ValueError("the roster has errors")
    made: list[str] = []
    changed: list[str] = []
    ambiguous: list[str] = []
    forgotten: list[str] = []
    by_handle: dict[str, Member] = {}
    for row in roster.rows:
        if await rights.was_forgotten(work, row.handle, row.email):
            forgotten.append(row.handle)
            continue
        known = await storage.member.by_handle(work.db, work.community.id, row.handle)
        if len(known) > 1:
            ambiguous.append(row.handle)
            continue
        member = known[0] if known else _member(work, row)
        (changed if known else made).append(row.handle)
        if not member.opted_in_at:
            _describe(member, row)
        work.db.add(member)
        by_handle[row.handle.lower()] = member
        await work.db.flush()
        await _invite(work, member, row, programme)
    for row in roster.rows:
        if row.avoid and row.handle.lower() in by_handle:
            member = by_handle[row.handle.lower()]
            avoided = {by_handle[name.lower()].id for name in row.avoid if name.lower() in by_handle}
            member.avoid = sorted({*member.avoid, *avoided})
            work.db.add(member)
    work.audit("roster.imported", programme.id)
    return Imported(tuple(made), tuple(changed), tuple(ambiguous), tuple(forgotten))


def _member(work: Work, row: RosterRow) -> Member:
    return Member(
        id=work.ids.new(), community_id=work.community.id, handle=row.handle, name=row.name, created_at=work.now
    )


def _describe(member: Member, row: RosterRow) -> None:
    member.name, member.email, member.zone = row.name or row.handle, row.email or None, row.timezone
    member.languages, member.offers, member.wants = list(row.languages), list(row.offers), list(row.wants)
    member.interests, member.goals = list(row.interests), list(row.goals)
    member.availability, member.level, member.grouping = row.availability.text(), row.level, row.group


async def _invite(work: Work, member: Member, row: RosterRow, programme: Programme) -> None:
    cohort = await storage.programme.open_cohort(work.db, work.community.id, programme.id)
    held = {role.kind for role in await storage.programme.roles_of(work.db, work.community.id, member.id)
            if role.programme_id == programme.id}  # fmt: skip
    kinds = kinds_of(row.role, file_of(programme).kind)
    for kind in kinds:
        if kind not in held:
            work.db.add(
                Role(
                    id=work.ids.new(), community_id=work.community.id, member_id=member.id, kind=kind,
                    programme_id=programme.id, cohort_id=cohort.id if cohort else None, status=INVITED,
                    capacity=row.capacity, since=work.now,
                )
            )  # fmt: skip
    await work.db.flush()
