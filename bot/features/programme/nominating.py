"""Nominating somebody: they are asked once, and nobody hears of it if they would rather not."""

from __future__ import annotations

import storage.programme
from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import Mention
from bot.context import Context
from bot.errors import UserError
from bot.features.programme import rules, views
from bot.joining import nomination
from storage.member import Member
from storage.programme import PEOPLE, Programme


async def nominate(ctx: Context, who: Member, programme: Programme) -> Reply:
    """Ask somebody whether they would join, as a mentor where there are mentors; once, whoever thinks of them."""
    if who.id == ctx.member.id:
        raise UserError("programme.nominates_self")
    if who.left_at is not None:
        raise UserError("programme.nominee_left", who=Mention(who.id))
    if programme.closed_at or await storage.programme.open_cohort(ctx.db, ctx.community.id, programme.id) is None:
        raise UserError("programme.closed", programme=programme.name)
    wanted = ("mentor",) if programme.kind in rules.WITH_ROLES else PEOPLE
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, who.id)
    if any(one.programme_id == programme.id and one.kind in wanted and one.status == "active" for one in roles):
        raise UserError("programme.in_already", who=Mention(who.id), programme=programme.name)
    await ctx.outbox.note(
        who, "programme.nominated", key=nomination(programme.id, who.id), programme=programme.id,
        name=programme.name, who=ctx.member.id, mentor=programme.kind in rules.WITH_ROLES,
    )  # fmt: skip
    return Show(views.nominating(ctx.say, who.id))


async def decline(ctx: Context) -> Reply:
    """They would rather not. Nobody is told, and nothing is written down."""
    return Replace(views.declined(ctx.say))
