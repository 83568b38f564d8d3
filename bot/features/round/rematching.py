"""Who asked for another partner, and a small round for them within the running one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import storage.member
import storage.pair
import storage.programme
import storage.round
from bot import pairs
from bot.chat.reply import Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.round import drawing, views
from bot.matching import MatchingError, Request, Result, match
from bot.programme.stored import file_of
from bot.rounds import gather
from storage.pair import ENDED, Rematch
from storage.programme import Programme
from storage.round import Round


@dataclass(frozen=True, slots=True)
class Wanted:
    """A small round: who could be paired now, and who asked for it."""

    request: Request
    askers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the groups in which somebody is who asked."""

    result: Result
    askers: frozenset[str]


def draw_small(wanted: Wanted) -> Made:
    """Draw a small round; pairs of people who did not ask are not made by it."""
    try:
        result = match(wanted.request)
    except MatchingError:
        result = Result((), (), 0.0)
    groups = tuple(group for group in result.groups if wanted.askers & set(group.members))
    return Made(replace(result, groups=groups), wanted.askers)


async def _waiting(ctx: Context, programme: Programme) -> list[Rematch]:
    rows = await storage.pair.rematches(ctx.db, ctx.community.id, programme.id)
    return [row for row in rows if row.kind == "rematch"]


async def rematches(ctx: Context, programme: Programme) -> Reply:
    """List who asked for another partner, oldest first."""
    here = ctx.community.id
    rows = await storage.pair.rematches(ctx.db, here, programme.id)
    return Show(views.rematches(ctx.say, programme.id, programme.name, rows))


async def read_find(ctx: Context, programme: Programme) -> Wanted:
    """Gather those who asked, others who are without a partner, and mentors with room."""
    rows = await _waiting(ctx, programme)
    round_ = await _running(ctx, programme)
    taken: Counter[str] = Counter()
    mentoring: Counter[str] = Counter()
    for pair in await storage.pair.of_round(ctx.db, ctx.community.id, round_.id):
        if pair.status != ENDED:
            seats = (await storage.pair.seats(ctx.db, ctx.community.id, [pair.id]))[pair.id]
            taken.update(seat.member_id for seat in seats)
            mentoring.update(seat.member_id for seat in seats if seat.role == "mentor")
    found = await gather(ctx, programme, seed=round_.seed, number=round_.number + 1)
    if found is None:
        raise UserError("round.no_rounds", programme=programme.name)
    resting = {
        skip.member_id for skip in await storage.round.skips(ctx.db, ctx.community.id, programme.id, round_.number)
    }
    free = []
    for person in found.people:
        left = person.capacity - mentoring[person.id]
        if person.id in resting or (taken[person.id] and not (mentoring[person.id] and left > 0)):
            continue
        role = "mentor" if mentoring[person.id] else person.role
        free.append(replace(person, role=role, capacity=left if role in ("mentor", "both") else person.capacity))
    askers = frozenset(row.member_id for row in rows) & {person.id for person in free}
    if not askers:
        raise UserError("round.no_rematches")
    met = tuple(past for number, past in found.history if number == round_.number)
    return Wanted(replace(found, people=tuple(free), forbidden=(*found.forbidden, *met)), askers)


async def _running(ctx: Context, programme: Programme) -> Round:
    rounds = await storage.round.of_programme(ctx.db, ctx.community.id, programme.id)
    running = next((row for row in rounds if row.status == "published"), None)
    if running is None:
        raise UserError("round.not_running")
    return running


async def find(ctx: Context, made: Made, programme: Programme) -> Reply:
    """Introduce the new pairs; who is still without one stays in line."""
    round_ = await _running(ctx, programme)
    waiting = {row.member_id: row for row in await _waiting(ctx, programme)}
    groups = [group for group in made.result.groups if set(group.members) & waiting.keys()]
    for group in groups:
        await pairs.begin(ctx, round_, group, mode=file_of(programme).mode or "peer")
        for row in (waiting[member] for member in group.members if member in waiting):
            row.done_at, row.outcome = ctx.now, "paired"
            ctx.db.add(row)
            ctx.audit("round.rematched", row.id)
    placed = [member for group in groups for member in group.members]
    await drawing.count_waits(ctx, programme, placed, ())
    still = sorted(waiting.keys() - set(placed))
    return Replace(views.rematched(ctx.say, [group.members for group in groups], still))


async def not_now(ctx: Context, programme: Programme) -> Reply:
    """Let those who asked wait for the next round, and tell them so."""
    rows = await _waiting(ctx, programme)
    if not rows:
        raise UserError("round.no_rematches")
    members = await storage.member.by_ids(ctx.db, ctx.community.id, [row.member_id for row in rows])
    for row in rows:
        row.done_at, row.outcome = ctx.now, "not_now"
        ctx.db.add(row)
        ctx.audit("round.rematch_later", row.id)
        if row.member_id in members:
            await ctx.outbox.note(
                members[row.member_id], "round.rematch_later", key=f"round.rematch_later:{row.id}",
                programme=programme.name,
            )  # fmt: skip
    return Replace(views.left(ctx.say))
