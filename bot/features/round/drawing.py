"""A round: wanted, computed away from the loop, published in one unit of work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.member
import storage.programme
import storage.round
from bot import pairs
from bot.context import Work
from bot.errors import UserError
from bot.features.round import rules
from bot.matching import Request, Result
from bot.programmes import file_of
from bot.recurrence import to_utc, to_wall
from bot.rounds import gather
from storage.programme import Programme
from storage.round import Round


async def wanted(work: Work, schedule: Any, occurrence: Any) -> None:  # noqa: ARG001
    """Ask for a round of the programme that the schedule is about; a sweep draws it."""
    programme = await storage.programme.by_id(work.db, work.community.id, schedule.subject)
    if programme is not None and programme.closed_at is None:
        await _want(work, programme)


async def _want(work: Work, programme: Programme) -> Round:
    earlier = await storage.round.of_programme(work.db, work.community.id, programme.id)
    row = Round(
        id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, created_at=work.now,
        number=earlier[0].number + 1 if earlier else 1, seed=work.ids.seed(),
    )  # fmt: skip
    work.db.add(row)
    await work.db.flush()
    return row


async def read_wanted(work: Work, round_id: str) -> Request | None:
    """Gather the request of a round that waits to be drawn."""
    row = await storage.round.by_id(work.db, work.community.id, round_id)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id) if row else None
    return await gather(work, programme, seed=row.seed, number=row.number) if row and programme else None


async def read_now(ctx: Work, programme: Programme) -> Request:
    """Gather the request of a round to be drawn now. Raises `UserError` when there is nobody to pair."""
    earlier = await storage.round.of_programme(ctx.db, ctx.community.id, programme.id)
    number = earlier[0].number + 1 if earlier else 1
    gathered = await gather(ctx, programme, seed=number, number=number)
    if gathered is None:
        raise UserError("round.no_rounds", programme=programme.name)
    if len(gathered.people) < 2:
        raise UserError("round.nobody", programme=programme.name)
    return gathered


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
    """Write the pairs, tell who is left out, and count who has waited how often."""
    file = file_of(programme)
    row.result, row.published_at = rules.stored(result), work.now
    if result.groups:
        row.status = "published"
        last_day = to_wall(work.now, file.timezone) + timedelta(weeks=file.rounds.weeks)
        row.ends_at = to_utc(last_day, file.timezone)
    work.db.add(row)
    await work.db.flush()
    for group in result.groups:
        await pairs.begin(work, row, group, mode=file.mode or "peer")
    await _count_waits(work, programme, {member for group in result.groups for member in group.members})
    members = await storage.member.by_ids(work.db, work.community.id, [one.person for one in result.unmatched])
    for left_out in result.unmatched:
        await work.outbox.note(
            members[left_out.person], "round.unmatched", key=f"round.unmatched:{row.id}:{left_out.person}",
            programme=programme.name, why=[reason.code for reason in left_out.reasons if reason.code != "avoided"][:1],
        )  # fmt: skip
    work.audit("round.published", row.id)


async def _count_waits(work: Work, programme: Programme, matched: set[str]) -> None:
    for role in await storage.programme.roles_in(work.db, work.community.id, programme.id):
        waited = 0 if role.member_id in matched else role.waited + 1
        if waited != role.waited:
            role.waited = waited
            work.db.add(role)
