"""Adding, removing and listing the coordinators of a programme."""

from __future__ import annotations

import storage.programme
from bot.chat.reply import Reply, Show
from bot.chat.text import Bold, Mention
from bot.context import Context
from bot.errors import UserError
from bot.features.team import views
from storage.member import Member
from storage.programme import Programme, Role

KIND = "coordinator"


async def add(ctx: Context, who: Member, programme: Programme) -> Reply:
    """Make somebody a coordinator of this programme alone; they are told."""
    if who.left_at is not None:
        raise UserError("team.gone", who=Mention(who.id))
    role = await _role(ctx, who, programme)
    if role is None or role.status != "active":
        role = role or Role(
            id=ctx.ids.new(), community_id=ctx.community.id, member_id=who.id, programme_id=programme.id, kind=KIND,
            since=ctx.now,
        )  # fmt: skip
        role.status, role.since, role.left_at = "active", ctx.now, None
        ctx.db.add(role)
        await ctx.db.flush()
        ctx.audit("team.added", who.id)
        await ctx.outbox.note(
            who, "team.added", key=f"team.added:{role.id}:{ctx.now.isoformat()}", name=programme.name,
            texts=programme.file.get("texts", {}), by=ctx.member.id,
        )  # fmt: skip
    return Show(views.added(ctx.say, who.id, programme.name))


async def remove(ctx: Context, who: Member, programme: Programme) -> Reply:
    """End that; what they did stays."""
    role = await _role(ctx, who, programme)
    if role is None or role.status != "active":
        raise UserError("team.not_in", who=Mention(who.id), programme=Bold(programme.name))
    role.status, role.left_at = "left", ctx.now
    ctx.db.add(role)
    ctx.audit("team.removed", who.id)
    return Show(views.removed(ctx.say, who.id, programme.name))


async def listed(ctx: Context, programme: Programme) -> Reply:
    """Show who coordinates this programme alone; who coordinates the community is set in `/coord settings`."""
    rows = await storage.programme.roles_in(ctx.db, ctx.community.id, programme.id, (KIND,))
    return Show(views.listed(ctx.say, programme.name, [row.member_id for row in rows]))


async def _role(ctx: Context, who: Member, programme: Programme) -> Role | None:
    rows = await storage.programme.roles_of(ctx.db, ctx.community.id, who.id)
    return next((row for row in rows if row.kind == KIND and row.programme_id == programme.id), None)
