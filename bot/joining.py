"""Becoming part of a programme: agreement, conditions, review, places. Joining, reviewing and importing go by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import storage.application
import storage.member
import storage.outbox
import storage.programme
from bot.context import Work
from bot.errors import UserError
from bot.programme.conditions import verdict
from bot.programme.file import ProgrammeFile
from bot.programme.joining import Agreement
from bot.programme.stored import file_of
from storage.application import AGREEING, APPROVED, DECLINED, WAITING, WAITLISTED, Application
from storage.member import Member
from storage.programme import INVITED, PEOPLE, Cohort, Programme, Role

DAY = timedelta(days=1)


async def open_cohort(work: Work, programme: Programme) -> Cohort:
    """Return the cohort that takes people. Raises `UserError` when there is none."""
    cohort = await storage.programme.open_cohort(work.db, work.community.id, programme.id)
    if programme.closed_at is not None or cohort is None:
        raise UserError("programme.closed", programme=programme.name)
    return cohort


def decides(file: ProgrammeFile, kinds: Sequence[str]) -> bool:
    """Whether the file asks anything of who would be `kinds`, beyond the form that everybody fills in."""
    roles = [file.role(kind) for kind in kinds]
    reviewed = file.review is not None and file.review.of(tuple(kinds))
    return bool(file.application) or reviewed or any(role.places or role.agreement for role in roles)


async def agreements_left(
    work: Work, programme: Programme, member_id: str, kinds: Sequence[str]
) -> list[tuple[str, Agreement]]:
    """Return (kind of role, agreement) of those that a member in these roles has not accepted in their version."""
    asked = [(kind, agreed) for kind in kinds if (agreed := file_of(programme).role(kind).agreement)]
    known = await storage.application.accepted(work.db, work.community.id, programme.id, [member_id]) if asked else {}
    return [(kind, agreed) for kind, agreed in asked if known.get((member_id, kind), 0) < agreed.version]


async def go_on(work: Work, application: Application, programme: Programme, member: Member) -> None:
    """Take an application to where somebody is needed: its applicant, a coordinator, or a free place."""
    kinds, file = tuple(application.kinds), file_of(programme)
    if await agreements_left(work, programme, member.id, kinds):
        _becomes(work, application, AGREEING)
        return
    days = (work.now - member.created_at) // DAY
    decided = "approve" if application.cleared else verdict(file, kinds, application.answers, days)
    if decided == "approve":
        await admit(work, application, programme, member)
    elif decided == "waitlist":
        _becomes(work, application, WAITLISTED)
    elif decided == "decline":
        _becomes(work, application, DECLINED)
        application.decided_at = work.now
    else:
        assert file.review is not None
        _becomes(work, application, WAITING)
        application.remind_at = work.now + file.review.remind_days * DAY
        await work.db.flush()
        await work.happened("application.waits", application)


async def admit(work: Work, application: Application, programme: Programme, member: Member) -> None:
    """Give an application its roles, or a place in the line when the cohort is full.

    Who was imported and has not pressed Join yet has their roles when they do.
    """
    kinds = tuple(application.kinds)
    full = await is_full(work, programme, application.cohort_id, kinds, member.id)
    _becomes(work, application, WAITLISTED if full else APPROVED)
    application.cleared, application.decided_at = True, application.decided_at or work.now
    await work.db.flush()
    if full or member.opted_in_at is None or member.left_at is not None or await _invited(work, programme, member):
        return
    cohort = await storage.programme.cohort_by_id(work.db, work.community.id, application.cohort_id)
    if cohort is not None:
        await take_roles(work, programme, cohort, member, kinds)


async def _invited(work: Work, programme: Programme, member: Member) -> bool:
    roles = await storage.programme.roles_of(work.db, work.community.id, member.id)
    return any(role.programme_id == programme.id and role.status == INVITED for role in roles)


async def accept_invitation(work: Work, programme: Programme, member: Member) -> None:
    """Note that somebody took an invitation up themselves: what becomes of it is up to their application."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.programme_id == programme.id and role.status == INVITED:
            role.status, role.left_at = "left", work.now
            work.db.add(role)
    await work.db.flush()


async def is_full(work: Work, programme: Programme, cohort_id: str, kinds: Sequence[str], but: str) -> bool:
    """Whether the cohort has no place for somebody who would be `kinds`; the member `but` takes none up."""
    places = {kind: places for kind in kinds if (places := file_of(programme).role(kind).places)}
    if not places:
        return False
    taken = await storage.programme.places_taken(work.db, work.community.id, cohort_id, but)
    return any(taken.get(kind, 0) >= most for kind, most in places.items())


def nomination(programme_id: str, member_id: str) -> str:
    """Return the key of the message that asks somebody who was nominated."""
    return f"programme.nominated:{programme_id}:{member_id}"


async def _source(work: Work, programme: Programme, member: Member) -> str:
    """Return how somebody came who was on no roster."""
    asked = await storage.outbox.by_key(work.db, work.community.id, nomination(programme.id, member.id))
    return "self" if asked is None else "nominated"


async def take_roles(work: Work, programme: Programme, cohort: Cohort, member: Member, kinds: Sequence[str]) -> None:
    """Let a member hold exactly these roles; ones held before and not among them are left. Tells "programme.joined"."""
    roles = await storage.programme.roles_of(work.db, work.community.id, member.id)
    held = {role.kind: role for role in roles if role.programme_id == programme.id and role.kind in PEOPLE}
    source = await _source(work, programme, member) if set(kinds) - held.keys() else ""
    for kind in sorted(held.keys() | set(kinds)):
        role = held.get(kind) or Role(
            id=work.ids.new(), community_id=work.community.id, member_id=member.id, programme_id=programme.id,
            kind=kind, capacity=file_of(programme).role(kind).capacity, since=work.now, source=source,
        )  # fmt: skip
        if kind in kinds and (role.status != "active" or kind not in held):
            role.since, role.left_at, role.paused_until = work.now, None, None
        elif kind not in kinds and role.status == "active":
            role.left_at = work.now
        role.status = "active" if kind in kinds else "left"
        role.cohort_id, role.unavailable_at = cohort.id, None
        work.db.add(role)
    await work.db.flush()
    await work.happened("programme.joined", member)


async def fill_places(work: Work, programme: Programme) -> list[Application]:
    """Let those who have waited longest for a place take the ones that are free; return who got one.

    Who was put on the list for another reason waits for a coordinator.
    """
    cohort = await storage.programme.open_cohort(work.db, work.community.id, programme.id)
    file = file_of(programme)
    if cohort is None or not any(role.places for role in file.roles.values()):
        return []
    came: list[Application] = []
    full: set[tuple[str, ...]] = set()
    for application in await storage.application.in_cohort(work.db, work.community.id, cohort.id, [WAITLISTED]):
        kinds = tuple(application.kinds)
        if not application.cleared or kinds in full or not any(file.role(kind).places for kind in kinds):
            continue
        member = await storage.member.by_id(work.db, work.community.id, application.member_id)
        if member is None or member.left_at is not None:
            continue
        await admit(work, application, programme, member)
        if application.status == APPROVED:
            came.append(application)
        else:
            full.add(kinds)
    return came


def _becomes(work: Work, application: Application, status: str) -> None:
    application.status, application.remind_at = status, None
    application.version += 1
    work.db.add(application)
