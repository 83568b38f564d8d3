"""Answers to the clock, and coming back."""

from __future__ import annotations

from datetime import timedelta

import storage.programme
from bot.chat.reply import Replace, Reply
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.response import reactions, views
from storage.response import OPEN, Response


async def fine(ctx: Context, response: Response) -> Reply:
    """They are in touch."""
    _mine(ctx, response)
    reactions.answer(ctx, response)
    await reactions.available(ctx, ctx.member)
    return Replace(views.fine(ctx.say))


async def later(ctx: Context, response: Response) -> Reply:
    """They need a few more days: the clock starts anew."""
    _mine(ctx, response)
    if response.answered_at is None:
        response.step, response.status = 0, OPEN
        response.due_at = ctx.now + timedelta(days=ctx.setting("response.days"))
        ctx.db.add(response)
    return Replace(views.later(ctx.say, response.due_at))


async def back(ctx: Context) -> Reply:
    """They are back: new people, and questions, again. That they pressed at all ends a rest."""
    await reactions.available(ctx, ctx.member)
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


def _mine(ctx: Context, response: Response) -> None:
    if response.member_id != ctx.member.id:
        raise UserError("core.not_yours")
