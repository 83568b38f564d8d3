"""Looking at sessions: the list, the table to keep, what to talk about, the member's page."""

from __future__ import annotations

import storage.goal
import storage.pair
import storage.programme
import storage.round
import storage.session
from bot import resources
from bot.chat.reply import Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.session import log_views, rules, views
from bot.features.session.handlers import pairs_with, which, zone_of
from bot.features.session.planning import members, mine
from bot.programme.stored import file_of
from storage.goal import OPEN
from storage.member import Member
from storage.pair import Pair
from storage.session import CONFIRMED, LOGGED, PLANNED, Session


async def prep(ctx: Context, who: Member | None) -> Reply:
    """Suggest what to talk about with a partner."""
    pairs = await pairs_with(ctx, who)
    return await _prep(ctx, pairs[0]) if len(pairs) == 1 else await which(ctx, pairs, "session.prep")


async def prep_with(ctx: Context) -> Reply:
    """The same, for the pair that was chosen."""
    return await _prep(ctx, await ctx.find(Pair, ctx.arg or ctx.key))


async def _prep(ctx: Context, pair: Pair) -> Reply:
    pair, others = await mine(ctx, pair.id)
    here = ctx.community.id
    sessions = await storage.session.of_pair(ctx.db, here, pair.id)
    round_ = await storage.round.by_id(ctx.db, here, pair.round_id)
    shared = [goal for goal in await storage.goal.of_pairs(ctx.db, here, [pair.id]) if goal.status == OPEN]
    mine_ = [goal for goal in await storage.goal.own(ctx.db, here, ctx.member.id) if goal.status == OPEN]
    seen = {goal.id for goal in shared}
    return Show(
        views.prep(
            ctx.say, pair.id, others, rules.stage(sessions, round_.ends_at if round_ else None, ctx.now),
            [(goal.what, True) for goal in shared] + [(goal.what, False) for goal in mine_ if goal.id not in seen],
            rules.last_log(sessions), await _to_read(ctx, pair, [goal.what for goal in (*shared, *mine_)]),
        )
    )  # fmt: skip


async def _to_read(ctx: Context, pair: Pair, about: list[str]) -> list[resources.Found]:
    """Return what the pair's programme recommends before a session, nearest to their goals first."""
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, pair.programme_id)
    known = resources.of(file_of(programme), ctx.say.language) if programme is not None else []
    return resources.suggest(known, resources.SESSION, about)


async def listing(ctx: Context) -> Reply:
    """Show the member's sessions, newest first, and how many hours they add up to."""
    rows = await _rows(ctx)
    return Show(log_views.listing(ctx.say, rows, ctx.member.id))


async def export(ctx: Context) -> Reply:
    """Give the member's sessions as a table to keep."""
    rows = await _rows(ctx)
    if not rows:
        raise UserError("session.nothing")
    return Show(log_views.export(ctx.say, rows))


async def _rows(ctx: Context) -> list[log_views.Row]:
    here, me = ctx.community.id, ctx.member.id
    sessions = await storage.session.of_member(ctx.db, here, me)
    notes = await storage.session.notes_of_member(ctx.db, here, me)
    pairs = sorted({one.pair_id for one in sessions})
    seats = await storage.pair.seats(ctx.db, here, pairs)
    everybody = tuple(sorted({seat.member_id for pair in pairs for seat in seats[pair]}))
    names = {member.id: member.shown for member in await members(ctx, everybody)}
    rows = []
    for one in sessions:
        others = tuple(seat.member_id for seat in seats[one.pair_id] if seat.member_id != me)
        note = notes.get(one.id)
        rows.append(
            log_views.Row(
                one, others, ", ".join(names.get(other, "…") for other in others), note.private if note else "",
                zone_of(ctx, ctx.member),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: row.sorts, reverse=True)


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show what is agreed, what waits for an answer, and the hours so far on the member's page."""
    everything = await _rows(ctx)
    rows = await _current(ctx, everything)
    minutes = sum(row.session.minutes for row in everything if row.session.status == CONFIRMED)
    ahead = [row for row in rows if row.session.status == PLANNED and _ahead(ctx, row.session)]
    asked = [row for row in rows if _waits(ctx, row.session)]
    return views.home(ctx.say, [_step(ctx, row) for row in asked], ahead, minutes)


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer what others proposed or logged, to log what is over, and to see what is ahead."""
    rows = await _current(ctx, await _rows(ctx))
    found = [_step(ctx, row) for row in rows if _waits(ctx, row.session)]
    begun = [row for row in rows if row.session.status == PLANNED and not _ahead(ctx, row.session)]
    found += [views.log_step(ctx.say, row) for row in begun]
    pairs = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    planned = {row.session.pair_id for row in rows}
    found += [views.plan_step(ctx.say, pair.id) for pair in pairs[:1] if pair.id not in planned]
    return tuple(found)


async def _current(ctx: Context, everything: list[log_views.Row]) -> list[log_views.Row]:
    """Return what is open in pairs that the member has a seat in."""
    rows = [row for row in everything if row.session.status in (PLANNED, LOGGED) or row.session.suggested_at]
    here = ctx.community.id
    pairs = sorted({row.session.pair_id for row in rows})
    seats = await storage.pair.seats(ctx.db, here, pairs)
    seated = {pair for pair in pairs if ctx.member.id in {seat.member_id for seat in seats[pair]}}
    return [row for row in rows if row.session.pair_id in seated]


def _ahead(ctx: Context, session: Session) -> bool:
    return session.starts_at is not None and session.starts_at > ctx.now


def _waits(ctx: Context, session: Session) -> bool:
    """Return whether a session waits for this member's word."""
    if session.status == LOGGED:
        return session.logged_by != ctx.member.id
    at = session.suggested_at
    return at is not None and at > ctx.now and session.suggested_by != ctx.member.id


def _step(ctx: Context, row: log_views.Row) -> Step:
    return log_views.confirm_step(ctx.say, row) if row.session.status == LOGGED else views.answer_step(ctx.say, row)
