"""A programme file becomes a programme, and a roster its people. What the command line and the playground call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import storage.application
import storage.member
import storage.programme
import storage.rights
import storage.training
from bot import joining, rights, training
from bot.context import Work
from bot.features.programme.rules import answers_in, kinds_of
from bot.programme.changes import People
from bot.programme.conditions import unmet, verdict
from bot.programme.file import ProgrammeFile, parse
from bot.programme.stored import as_stored, file_of
from bot.roster import Roster, RosterRow
from storage.application import APPROVED, DECLINED, UNDECIDED, WAITING, WAITLISTED, Application
from storage.member import Member
from storage.programme import INVITED, Cohort, Programme, Role


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
    `applications`: status -> how many were stored, where the roster holds answers to the programme's questions.
    """

    made: tuple[str, ...]
    changed: tuple[str, ...]
    ambiguous: tuple[str, ...]
    forgotten: tuple[str, ...] = ()
    applications: Mapping[str, int] = field(default_factory=dict)


def wrong_answers(roster: Roster, file: ProgrammeFile) -> list[str]:
    """Return a sentence for each answer of a roster that the programme's questions do not take, with its row."""
    return [f"{row.handle}: {problem}" for row in roster.rows for problem in answers_in(row.extra, file.application)[1]]


async def bring_in(work: Work, roster: Roster, programme: Programme) -> Imported:
    """Store a roster's people as invited to the programme. They stay silent until they press Join themselves.

    Rows meet members by handle. Columns that are called like a question of the programme hold answers: they become
    applications, which the file's rules decide as far as they can. Raises `ValueError` for a roster with errors:
    nothing is half imported.
    """
    file = file_of(programme)
    if not roster.ok or wrong_answers(roster, file):
        raise ValueError("the roster has errors")
    cohort = await storage.programme.open_cohort(work.db, work.community.id, programme.id)
    tombstones = await storage.rights.forgotten(work.db, work.community.id)
    applications: Counter[str] = Counter()
    made: list[str] = []
    changed: list[str] = []
    ambiguous: list[str] = []
    forgotten: list[str] = []
    by_handle: dict[str, Member] = {}
    for row in roster.rows:
        if tombstones and await rights.was_forgotten(work, row.handle, row.email):
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
        kinds = await _invite(work, member, row, programme, cohort)
        if cohort is not None and (status := await _apply(work, member, row, programme, cohort, kinds)):
            applications[status] += 1
    for row in roster.rows:
        if row.avoid and row.handle.lower() in by_handle:
            member = by_handle[row.handle.lower()]
            avoided = {by_handle[name.lower()].id for name in row.avoid if name.lower() in by_handle}
            member.avoid = sorted({*member.avoid, *avoided})
            work.db.add(member)
    work.audit("roster.imported", programme.id)
    return Imported(tuple(made), tuple(changed), tuple(ambiguous), tuple(forgotten), applications)


def _member(work: Work, row: RosterRow) -> Member:
    return Member(
        id=work.ids.new(), community_id=work.community.id, handle=row.handle, name=row.name, created_at=work.now
    )


def _describe(member: Member, row: RosterRow) -> None:
    member.name, member.email, member.zone = row.name or row.handle, row.email or None, row.timezone
    member.languages, member.offers, member.wants = list(row.languages), list(row.offers), list(row.wants)
    member.interests, member.goals = list(row.interests), list(row.goals)
    member.availability, member.level, member.grouping = row.availability.text(), row.level, row.group


async def _invite(
    work: Work, member: Member, row: RosterRow, programme: Programme, cohort: Cohort | None
) -> tuple[str, ...]:
    held = {role.kind for role in await storage.programme.roles_of(work.db, work.community.id, member.id)
            if role.programme_id == programme.id}  # fmt: skip
    kinds = kinds_of(row.role, programme.kind)
    for kind in kinds:
        if kind not in held:
            work.db.add(
                Role(
                    id=work.ids.new(), community_id=work.community.id, member_id=member.id, kind=kind,
                    programme_id=programme.id, cohort_id=cohort.id if cohort else None, status=INVITED,
                    capacity=row.capacity, since=work.now, source="roster",
                )
            )  # fmt: skip
    await work.db.flush()
    return kinds


async def _apply(
    work: Work, member: Member, row: RosterRow, programme: Programme, cohort: Cohort, kinds: tuple[str, ...]
) -> str:
    """Store what a row answers as an application, decided by rule or waiting, and return its status; "" for none.

    Nobody is told: who was approved has their roles when they press Join, after agreeing to what there is to agree to.
    """
    file = file_of(programme)
    answers, _ = answers_in(row.extra, file.application)
    if not answers:
        return ""
    known = await storage.application.of_member(work.db, work.community.id, cohort.id, member.id)
    if known is not None:
        return ""
    days = (work.now - member.created_at) // joining.DAY
    decided = "decline" if any(unmet(file, kinds, answers, days)) else verdict(file, kinds, answers, days)
    status = {"approve": APPROVED, "waitlist": WAITLISTED, "decline": DECLINED}.get(decided, WAITING)
    remind = file.review.remind_days if file.review else 0
    work.db.add(
        Application(
            id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, cohort_id=cohort.id,
            member_id=member.id, kinds=list(kinds), answers=answers, status=status, created_at=work.now,
            decided_at=work.now if decided else None, cleared=status == APPROVED,
            remind_at=work.now + remind * joining.DAY if status == WAITING else None,
        )
    )  # fmt: skip
    await work.db.flush()
    return status


async def people_in(work: Work, programme: Programme, file: ProgrammeFile) -> People:
    """Return who is in a programme, as far as a new file would concern them."""
    here = work.community.id
    roles = await storage.programme.roles_in(work.db, here, programme.id)
    passed = await storage.training.passed(work.db, here, {role.member_id for role in roles})
    counts = await storage.application.counts(work.db, here, programme.id)
    required = file.training.required
    return People(
        roles=Counter(role.kind for role in roles), waiting=sum(counts.get(one, 0) for one in UNDECIDED),
        waitlisted=counts.get(WAITLISTED, 0),
        answered=await storage.application.answered(work.db, here, programme.id),
        untrained=Counter(
            role.kind for role in roles if training.missing(required, role.kind, passed.get(role.member_id, ()))
        ),
    )  # fmt: skip


async def cloned(work: Work, programme: Programme, name: str, slug: str) -> Programme:
    """Make another programme with the same file and nobody in it. Raises `ValueError` for a slug that is there."""
    if await storage.programme.by_slug(work.db, work.community.id, slug) is not None:
        raise ValueError(f"there is a programme “{slug}” already")
    values = as_stored(file_of(programme))
    texts = {code: {key: text for key, text in one.items() if key != "name"} for code, one in values["texts"].items()}
    return await apply(work, parse(values | {"name": name, "slug": slug, "texts": texts}))
