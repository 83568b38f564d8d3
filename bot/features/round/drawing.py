"""A round: wanted, computed away from the loop, published in one unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import storage.member
import storage.programme
import storage.round
from bot import pairs
from bot.context import Work
from bot.errors import UserError
from bot.features.round import drafts, rules
from bot.matching import Request, Result
from bot.programme.stored import file_of
from bot.recurrence import to_utc, to_wall
from bot.rounds import gather, next_number
from storage.programme import Programme
from storage.round import Round


async def wanted(work: Work, schedule: Any, occurrence: Any) -> None:  # noqa: ARG001
    """Ask for a round of the programme that the schedule is about; a sweep draws it.

    Not when coordinators have set a later day for this round.
    """
    programme = await storage.programme.by_id(work.db, work.community.id, schedule.subject)
    if programme is None or programme.closed_at is not None:
        return
    draft = await storage.round.draft_of(work.db, work.community.id, programme.id)
    if draft is not None and draft.publish_at is not None and draft.publish_at > work.now:
        work.audit("round.postponed", draft.id)
        return
    await _want(work, programme)


async def planned(work: Work, draft_id: str) -> None:
    """Ask for the round whose day has come."""
    draft = await storage.round.draft_by_id(work.db, work.community.id, draft_id)
    if draft is None or draft.publish_at is None or draft.publish_at > work.now:
        return
    draft.publish_at = None
    work.db.add(draft)
    programme = await storage.programme.by_id(work.db, work.community.id, draft.programme_id)
    if programme is not None and programme.closed_at is None:
        await _want(work, programme)


async def _want(work: Work, programme: Programme) -> Round:
    row = Round(
        id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, created_at=work.now,
        number=await next_number(work, programme.id), seed=work.ids.seed(),
    )  # fmt: skip
    work.db.add(row)
    await work.db.flush()
    return row


async def read_wanted(work: Work, round_id: str) -> Request | Result | None:
    """Gather what a round that waits is drawn from: its draft as it stands, or drawn again when people came or went."""
    row = await storage.round.by_id(work.db, work.community.id, round_id)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id) if row else None
    if row is None or programme is None:
        return None
    draft = await storage.round.draft_of(work.db, work.community.id, programme.id)
    if draft is None or not draft.people:
        return await gather(work, programme, seed=row.seed, number=row.number)
    try:
        found = await drafts.look(work, programme, draft)
    except UserError:  # too few are left to be paired
        return await gather(work, programme, seed=row.seed, number=row.number)
    return found.request if found.stale else found.result


async def write_wanted(work: Work, result: Result | None, round_id: str) -> None:
    """Publish a round that was drawn."""
    row = await storage.round.by_id(work.db, work.community.id, round_id)
    if row is None or row.status != "wanted":
        return
    if result is None or not result.groups:
        row.status, row.result = "empty", rules.stored(result) if result else {}
        work.db.add(row)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id)
    if result is not None and programme is not None:
        await _publish(work, programme, row, result)


async def publish(work: Work, programme: Programme, result: Result) -> Round:
    """Publish a round that a coordinator asked for."""
    row = await _want(work, programme)
    row.seed = row.number
    await _publish(work, programme, row, result)
    return row


async def _publish(work: Work, programme: Programme, row: Round, result: Result) -> None:
    """Write the pairs, tell who is left out, and count who has waited how often. The draft has done its part."""
    file = file_of(programme)
    row.result, row.published_at = rules.stored(result), work.now
    if result.groups:
        row.status = "published"
        last_day = to_wall(work.now, file.timezone) + timedelta(weeks=file.rounds.weeks)
        row.ends_at = to_utc(last_day, file.timezone)
    work.db.add(row)
    await work.db.flush()
    await drafts.discard(work, programme.id)
    paired = [member for group in result.groups for member in group.members]
    alone = [one.person for one in result.unmatched]
    # Held until the end: a transaction forgets what nobody holds, and each pair asks for its members again and again.
    people = await storage.member.by_ids(work.db, work.community.id, [*paired, *alone])
    for group in result.groups:
        await pairs.begin(work, row, group, mode=file.mode or "peer")
    await count_waits(work, programme, paired, alone)
    for left_out in result.unmatched:
        if left_out.person not in people:
            continue
        await work.outbox.note(
            people[left_out.person], "round.unmatched", key=f"round.unmatched:{row.id}:{left_out.person}",
            programme=programme.name, why=[reason.code for reason in left_out.reasons if reason.code != "avoided"][:1],
        )  # fmt: skip
    work.audit("round.published", row.id)


async def count_waits(work: Work, programme: Programme, matched: Iterable[str], alone: Iterable[str]) -> None:
    """Count another round without a partner for who is `alone`. Who sat it out or is paused does not wait."""
    placed, waiting = set(matched), set(alone)
    for role in await storage.programme.roles_in(work.db, work.community.id, programme.id):
        waited = 0 if role.member_id in placed else role.waited + (role.member_id in waiting)
        if waited != role.waited:
            role.waited = waited
            work.db.add(role)
