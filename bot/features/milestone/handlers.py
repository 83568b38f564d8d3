"""A member's milestones and badges, and showing one to others."""

from __future__ import annotations

import storage.milestone
import storage.programme
from bot.chat.reply import Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.features.milestone import reactions, rules, views
from bot.programme.stored import file_of
from storage.milestone import Milestone


async def mine(ctx: Context) -> Reply:
    """Show what the member reached, and how far they are with each badge."""
    rows = await storage.milestone.of_member(ctx.db, ctx.community.id, ctx.member.id)
    badges = await _badges(ctx)
    return Show(views.mine(ctx.say, [(row, await _text(ctx, row)) for row in rows[: views.SHOWN]], badges))


async def _badges(ctx: Context) -> list[rules.Badge]:
    counts = await reactions.counts_of(ctx, ctx.member)
    found: dict[str, rules.Badge] = {}
    for programme in await reactions.programmes_of(ctx, ctx.member.id):
        file = file_of(programme)
        for badge in rules.badges(file, file.texts(ctx.say.language), counts):
            found.setdefault(badge.key, badge)
    return list(found.values())


async def _text(ctx: Context, row: Milestone) -> str:
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    return file_of(programme).texts(ctx.say.language).get(f"milestones.{row.key}", "") if programme is not None else ""


async def share(ctx: Context, row: Milestone) -> Reply:
    """Show a milestone to everybody, once: nobody else can decide that."""
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    rule = next((one for one in file_of(programme).milestones if one.key == row.key), None) if programme else None
    if programme is None or rule is None:
        raise UserError("core.gone")
    if not ctx.setting("milestone.channel"):
        raise UserError("milestone.no_channel")
    row.shared = True
    ctx.db.add(row)
    told = reactions.words_of(programme, rule, row.count)
    await ctx.outbox.post(
        ctx.setting("milestone.channel"), "milestone.shared", key=f"milestone.shared:{row.id}", who=ctx.member.id,
        day=row.reached_at.isoformat(), **told,
    )  # fmt: skip
    return Replace(views.answered(ctx.say, shared=True))


async def keep(ctx: Context, row: Milestone) -> Reply:
    """Keep a milestone to oneself."""
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    return Replace(views.answered(ctx.say, shared=False))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show badges that are begun on the member's page."""
    return views.home(ctx.say, [badge for badge in await _badges(ctx) if badge.level])
