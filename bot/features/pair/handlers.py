"""What members and coordinators ask about pairs."""

from __future__ import annotations

import storage.pair
from bot.chat.reply import Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.pair import rounds, views
from bot.matching import Result
from storage.pair import Pair
from storage.programme import Programme


async def why(ctx: Context) -> Reply:
    """Show the member's partners and why they were brought together."""
    pairs = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    if not pairs:
        raise UserError("pair.none")
    return Show(views.why(ctx.say, await _mine(ctx, pairs)))


async def why_button(ctx: Context, pair: Pair) -> Reply:
    """The same, for one pair; only its members may look."""
    seats = (await storage.pair.seats(ctx.db, ctx.community.id, [pair.id]))[pair.id]
    if ctx.member.id not in {seat.member_id for seat in seats}:
        raise UserError("pair.not_yours")
    return Show(views.why(ctx.say, await _mine(ctx, [pair])))


async def _mine(ctx: Context, pairs: list[Pair]) -> list[views.Mine]:
    seats = await storage.pair.seats(ctx.db, ctx.community.id, [pair.id for pair in pairs])
    return [
        views.Mine(
            pair=pair.id,
            partners=tuple(seat.member_id for seat in seats[pair.id] if seat.member_id != ctx.member.id),
            reasons=tuple(pair.reasons),
            met=pair.met_at is not None,
        )
        for pair in pairs
    ]


async def preview(ctx: Context, result: Result, programme: Programme) -> Reply:
    """Show what a round would be."""
    return Show(views.preview(ctx.say, programme.name, result, published=False))


async def publish(ctx: Context, result: Result, programme: Programme) -> Reply:
    """Publish a round."""
    if not result.groups:
        return Show(views.preview(ctx.say, programme.name, result, published=False))
    await rounds.publish(ctx, programme, result)
    return Show(views.preview(ctx.say, programme.name, result, published=True))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the member's pairs on their page."""
    pairs = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    return views.home(ctx.say, await _mine(ctx, pairs))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to see why the member has their newest partner."""
    pairs = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    return tuple(views.step(ctx.say, mine) for mine in await _mine(ctx, pairs[:1]))
