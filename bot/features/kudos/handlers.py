"""Giving thanks, and reading one's own."""

from __future__ import annotations

from typing import Any

import storage.kudos
from bot import arguments
from bot.chat.reply import Ask, Reply, Show
from bot.chat.text import Mention
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.kudos import rules, views
from bot.zones import usable
from storage.kudos import Kudos
from storage.member import Member


async def give(ctx: Context, who: Member, why: str) -> Reply:
    """Thank somebody: a row, a word to them, and a post where the community wants it."""
    today, tomorrow = rules.day_of(ctx.now, usable(ctx.member.zone, ctx.community.zone))
    given = await storage.kudos.given_since(ctx.db, ctx.community.id, ctx.member.id, today)
    most = ctx.setting("kudos.a_day")
    if no := rules.refusal(ctx.member, who, why, given_today=given, most=most):
        raise UserError(no, who=Mention(who.id), most=most, when=ctx.say.when(tomorrow))
    kudos = Kudos(
        id=ctx.ids.new(), community_id=ctx.community.id, giver_id=ctx.member.id, receiver_id=who.id, reason=why,
        given_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(kudos)
    await ctx.db.flush()
    told: dict[str, Any] = {"giver": ctx.member.id, "receiver": who.id, "reason": why}
    await ctx.outbox.note(who, "kudos.received", key=f"kudos.received:{kudos.id}", **told)
    posted = who.opted_in_at is not None and await ctx.outbox.post(
        ctx.setting("kudos.channel"), "kudos.posted", key=f"kudos.posted:{kudos.id}", **told
    )
    await ctx.happened("kudos.given", kudos)
    return Show(views.given(ctx.say, who.id, posted=posted, left=most - given - 1))


async def give_button(ctx: Context) -> Reply:
    """Ask whom and why, as the command does when it is typed without them."""
    command = ctx.features.catalogue.commands["kudos", "give"]
    return Ask(await arguments.form(ctx.db, ctx.community.id, command, ctx.say))


async def mine(ctx: Context) -> Reply:
    """Show what the member was thanked for."""
    return Show(views.mine(ctx.say, await storage.kudos.received(ctx.db, ctx.community.id, ctx.member.id)))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the newest thanks on the member's page."""
    return views.home(ctx.say, await storage.kudos.received(ctx.db, ctx.community.id, ctx.member.id))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to thank somebody, at any time."""
    return (views.step(ctx.say),)
