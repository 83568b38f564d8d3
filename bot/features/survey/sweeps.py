"""Asking people, reminding those who have not answered, ending a survey when its time is over."""

from __future__ import annotations

import secrets
from datetime import datetime

import storage.member
import storage.pair
import storage.programme
import storage.survey
from bot import nudging
from bot.context import Work
from bot.features.survey import results, rules
from bot.outbox import Nudge
from storage.member import Member
from storage.survey import ANONYMOUS, CLOSED, DRAFT, OPEN, OPENING, Survey, SurveyBallot

AT_A_TIME = 100
"""People asked in one unit of work, so that a large survey does not hold the writer."""


async def advance(work: Work, survey_id: str) -> None:
    """Do what is due about a survey."""
    row = await storage.survey.by_id(work.db, work.community.id, survey_id)
    if row is None or row.next_at is None or row.next_at > work.now or row.opened_at is None or row.closes_at is None:
        return
    if row.status == CLOSED:
        await storage.survey.remove_words(work.db, work.community.id, row.id)
        row.next_at = None
    elif row.status in (DRAFT, OPENING):
        row.status = OPENING
        await _ask_some(work, row)
    elif work.now >= row.closes_at:
        await results.close(work, row)
        return
    elif not row.reminded:
        await _remind(work, row)
        row.reminded = True
    if row.status == OPEN:
        row.next_at = rules.next_moment(True, row.opened_at, row.closes_at, reminded=row.reminded)
    work.db.add(row)


async def _audience(work: Work, row: Survey) -> list[Member]:
    """Return whom a survey goes to, who may be written to, by id."""
    here, programme = work.community.id, row.programme_id or ""
    roles = await storage.programme.roles_in(work.db, here, programme)
    wanted = ("mentor", "mentee", "peer") if row.audience in ("everybody", "pairs") else (row.audience,)
    ids = {role.member_id for role in roles if role.kind in wanted and role.status == "active"}
    if row.audience == "pairs":
        paired: set[str] = set()
        for member_id in ids:
            pairs = await storage.pair.active_of(work.db, here, member_id)
            if any(pair.programme_id == programme for pair in pairs):
                paired.add(member_id)
        ids = paired
    members = await storage.member.by_ids(work.db, here, sorted(ids))
    return [one for one in members.values() if one.opted_in_at is not None and one.left_at is None]


async def _ask_some(work: Work, row: Survey) -> None:
    """Ask the next ones, in the order of their ids: no row of an anonymous survey says who was asked already."""
    everybody = sorted(await _audience(work, row), key=lambda member: member.id)
    batch = [member for member in everybody if member.id > row.cursor][:AT_A_TIME]
    for member in batch:
        await _ask(work, row, member)
        row.cursor = member.id
    row.asked += len(batch)
    if len(batch) < AT_A_TIME:
        row.status = OPEN


async def _ask(work: Work, row: Survey, member: Member) -> None:
    anonymous = row.mode == ANONYMOUS
    ballot = SurveyBallot(
        id=secrets.token_hex(16), community_id=work.community.id, survey_id=row.id,
        member_id=None if anonymous else member.id,
    )  # fmt: skip
    if await storage.survey.invite(work.db, ballot):
        await nudging.ask(
            work, member, "survey.asked", key=f"survey.asked:{row.id}:{member.id}", due=work.now, expires=_until(row),
            ballot=ballot.id, title=row.title, mode=row.mode, closes=_until(row).isoformat(), alone=anonymous,
        )  # fmt: skip


def _until(row: Survey) -> datetime:
    return row.closes_at or row.created_at


async def _remind(work: Work, row: Survey) -> None:
    """Remind who has not answered. Of an anonymous survey nobody knows who has: everybody is told, in other words."""
    known = await storage.survey.invited(work.db, work.community.id, row.id)
    said = {"title": row.title, "mode": row.mode, "closes": _until(row).isoformat()}
    wanted = [
        Nudge(
            member=member, message="survey.reminded", key=f"survey.reminded:{row.id}:{member.id}", due=work.now,
            expires=_until(row), params=said,
        )
        for member in await _audience(work, row)
        if row.mode == ANONYMOUS or not known.get(member.id, True)
    ]  # fmt: skip
    await nudging.ask_all(work, wanted)


async def open_ratings(work: Work, rating_id: str) -> None:
    """A window of ratings is over: what was said is open to the pair, and who said something is told."""
    rating = await storage.survey.rating_by_id(work.db, work.community.id, rating_id)
    if rating is None or rating.next_at is None or rating.next_at > work.now:
        return
    everybody = await storage.survey.ratings_of_session(work.db, work.community.id, rating.session_id)
    for one in everybody:
        one.next_at = None
        work.db.add(one)
