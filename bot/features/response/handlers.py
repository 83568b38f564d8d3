"""Answers to the clock, and coming back."""

from __future__ import annotations

from datetime import timedelta

import storage.pair
import storage.programme
from bot import pairs
from bot.chat.reply import Replace, Reply
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.response import reactions, rules, views
from storage.response import OPEN, Response


async def fine(ctx: Context, response: Response) -> Reply:
    """They are in touch, and with that so is everybody else in the pair."""
    await _mine(ctx, response)
    await reactions.all_in_touch(ctx, response.subject)
    return Replace(views.fine(ctx.say))


async def later(ctx: Context, response: Response) -> Reply:
    """They need a few more days: the clock starts anew, also for who was given up."""
    await _mine(ctx, response)
    if response.answered_at is not None:
        return Replace(views.fine(ctx.say))
    if response.step == rules.GIVE_UP:
        await reactions.available(ctx, ctx.member.id, response.programme_id)
    response.step, response.status = 0, OPEN
    response.due_at = ctx.now + timedelta(days=ctx.setting("response.days"))
    ctx.db.add(response)
    return Replace(views.later(ctx.say, response.due_at))


async def wait(ctx: Context, response: Response) -> Reply:
    """They give the other side more time. Nothing changes; they hear again either way."""
    await _mine(ctx, response)
    return Replace(views.waiting(ctx.say))


async def back(ctx: Context) -> Reply:
    """They are back: new people, and questions, again. That they pressed at all ends a rest."""
    await reactions.available(ctx, ctx.member.id)
    return Replace(views.back(ctx.say))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Say on the page of somebody unavailable how they come back."""
    return views.home(ctx.say) if await _is_unavailable(ctx) else ()


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to come back."""
    return (views.step(ctx.say),) if await _is_unavailable(ctx) else ()


async def _is_unavailable(ctx: Context) -> bool:
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    return any(role.unavailable_at is not None and role.status == "active" for role in roles)


async def _mine(ctx: Context, response: Response) -> None:
    """Raises `UserError` for somebody else's answer, and for a pair that is over or rests."""
    pair = await storage.pair.by_id(ctx.db, ctx.community.id, response.subject)
    if response.member_id != ctx.member.id or pair is None:
        raise UserError("core.not_yours")
    await pairs.partners(ctx, pair)
