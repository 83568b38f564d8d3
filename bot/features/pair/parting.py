"""Parting without fault: asking for somebody else, or leaving a pair. The others are told kindly, and never why."""

from __future__ import annotations

import storage.member
import storage.pair
from bot import pairs
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.pair import views
from storage.pair import FROZEN, Pair, Rematch


async def rematch(ctx: Context) -> Reply:
    """Ask for another partner than the only one, or let the member choose which."""
    return await _chosen(ctx, "pair.rematch")


async def leave(ctx: Context) -> Reply:
    """Leave the only pair, or let the member choose which."""
    return await _chosen(ctx, "pair.leave")


async def _chosen(ctx: Context, what: str) -> Reply:
    mine = await storage.pair.open_of(ctx.db, ctx.community.id, ctx.member.id)
    if not mine:
        raise UserError("pair.none")
    if len(mine) == 1:
        ctx.row = mine[0]
        return Ask(await (rematch_form(ctx) if what == "pair.rematch" else leave_form(ctx)))
    others = [(pair.id, [one for one in await pairs.seated(ctx, pair) if one != ctx.member.id]) for pair in mine[:5]]
    return Show(views.which(ctx.say, what, others))


async def rematch_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form: it says what happens, and takes a reason for coordinators if there is one."""
    await pairs.partners(ctx, pair, resting=True)
    return Ask(await rematch_form(ctx))


async def leave_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form for leaving."""
    await pairs.partners(ctx, pair, resting=True)
    return Ask(await leave_form(ctx))


async def rematch_form(ctx: Context) -> Form:
    """Build the form for another partner."""
    pair = ctx.the(Pair)
    return views.rematch_form(ctx.say, pair.id, three=len(await pairs.seated(ctx, pair)) > 2)


async def leave_form(ctx: Context) -> Form:
    """Build the form for leaving."""
    pair = ctx.the(Pair)
    return views.leave_form(ctx.say, pair.id, three=len(await pairs.seated(ctx, pair)) > 2)


async def rematched(ctx: Context, answers: Answers) -> Reply:
    """Take the member out of the pair; they and whoever is alone now come first in the next round."""
    pair = ctx.the(Pair)
    await pairs.partners(ctx, pair, resting=True)
    asked = await _keep(ctx, pair, "rematch", answers["reason"])
    await _part(ctx, pair, "rematch")
    await pairs.comes_first(ctx, pair.programme_id, ctx.member.id)
    await ctx.outbox.post(
        ctx.setting("core.coordinator_channel"), "pair.rematch_asked", key=f"pair.rematch_asked:{asked.id}"
    )
    return Show(views.rematched(ctx.say))


async def left(ctx: Context, answers: Answers) -> Reply:
    """Take the member out of the pair; they stay in the programme."""
    pair = ctx.the(Pair)
    await pairs.partners(ctx, pair, resting=True)
    if answers["reason"]:
        await _keep(ctx, pair, "leave", answers["reason"])
    await _part(ctx, pair, "left")
    return Show(views.left(ctx.say))


async def _keep(ctx: Context, pair: Pair, kind: str, reason: str) -> Rematch:
    """Write down for the coordinators who parted and, if they said so, why."""
    row = Rematch(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=pair.programme_id, pair_id=pair.id,
        member_id=ctx.member.id, kind=kind, reason=reason, asked_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    await ctx.db.flush()
    return row


async def _part(ctx: Context, pair: Pair, why: str) -> None:
    """Take the member out and tell the others, in private: those of a frozen pair hear nothing."""
    rests = pair.status == FROZEN
    others = await pairs.step_out(ctx, pair, ctx.member.id, why)
    told = {} if rests else await storage.member.by_ids(ctx.db, ctx.community.id, others)
    for member in told.values():
        await ctx.outbox.note(
            member, "pair.parted", key=f"pair.parted:{pair.id}:{ctx.member.id}:{member.id}", who=ctx.member.id,
            others=[one for one in others if one != member.id],
        )  # fmt: skip
