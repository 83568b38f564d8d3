"""Looking at a programme, pausing it, leaving it."""

from __future__ import annotations

from datetime import date, datetime

import storage.application
import storage.draft
import storage.programme
import storage.schedule
from bot import joining
from bot.chat.reply import Replace, Reply, Show
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.programme import views
from bot.pauses import pause_end
from bot.programme.joining import Agreement
from bot.programme.stored import file_of
from bot.zones import usable
from storage.application import AGREEING, OPEN, WITHDRAWN, Application
from storage.programme import PEOPLE, Programme, Role


async def info(ctx: Context, programme: Programme) -> Reply:
    """Show what a programme is about."""
    return Show(await _about(ctx, programme))


async def info_button(ctx: Context, programme: Programme) -> Reply:
    """Show it from a card in a channel."""
    return Show(await _about(ctx, programme))


async def _about(ctx: Context, programme: Programme) -> View:
    held = await mine(ctx, programme)
    schedule = await storage.schedule.of(ctx.db, ctx.community.id, "round.draw", programme.id)
    return views.about(
        ctx.say, programme.id, file_of(programme), roles=[role.kind for role in held],
        next_round=schedule.next_at if schedule else None,
    )  # fmt: skip


async def leave(ctx: Context, programme: Programme) -> Reply:
    """Ask once whether they mean it."""
    if not await mine(ctx, programme) and await _applied(ctx, programme) is None:
        raise UserError("programme.not_in", programme=programme.name)
    return Show(views.leaving(ctx.say, programme.id, programme.name, applied=not await mine(ctx, programme)))


async def leave_for_good(ctx: Context, programme: Programme) -> Reply:
    """Leave the programme: no more pairs, no more questions about it; an application is taken back."""
    held = await mine(ctx, programme)
    application = await _applied(ctx, programme)
    if not held and application is None:
        raise UserError("programme.not_in", programme=programme.name)
    for role in held:
        role.status, role.left_at = "left", ctx.now
        ctx.db.add(role)
    if application is not None:
        application.status, application.remind_at, application.version = WITHDRAWN, None, application.version + 1
        ctx.db.add(application)
    await ctx.db.flush()
    if held:
        await ctx.happened("programme.left", held[0])
    return Replace(views.left(ctx.say, programme.name, applied=not held))


async def _open_applications(ctx: Context) -> dict[str, Application]:
    """Return programme -> the member's newest application to it that nobody has decided."""
    rows = await storage.application.all_of(ctx.db, ctx.community.id, ctx.member.id)
    return {row.programme_id: row for row in reversed(rows) if row.status in OPEN}


async def _applied(ctx: Context, programme: Programme) -> Application | None:
    return (await _open_applications(ctx)).get(programme.id)


async def status(ctx: Context, programme: Programme) -> Reply:
    """Show where the member stands: their roles, their application, what is asked of them, what comes next."""
    held = await mine(ctx, programme)
    application = await _applied(ctx, programme)
    draft = await storage.draft.of(ctx.db, ctx.community.id, ctx.member.id, "programme.join", programme.id)
    schedule = await storage.schedule.of(ctx.db, ctx.community.id, "round.draw", programme.id)
    return Show(
        views.status(
            ctx.say, programme.id, file_of(programme), roles=held, application=application, draft=draft,
            ahead=await storage.application.ahead(ctx.db, ctx.community.id, application.id) if application else 0,
            agree=bool(await agreements_left(ctx, programme)),
            next_round=schedule.next_at if schedule else None, now=ctx.now,
        )
    )  # fmt: skip


async def agreements_left(ctx: Context, programme: Programme) -> list[tuple[str, Agreement]]:
    """Return (kind of role, agreement) of what the member has yet to accept: for roles they have or applied for."""
    application = await _applied(ctx, programme)
    kinds = [role.kind for role in await mine(ctx, programme)]
    kinds += application.kinds if application is not None and application.status == AGREEING else []
    return await joining.agreements_left(ctx, programme, ctx.member.id, list(dict.fromkeys(kinds)))


async def pause(ctx: Context, until: date, programme: Programme) -> Reply:
    """Be paired with nobody in this programme until a day; everything else goes on."""
    held = await mine(ctx, programme)
    if not held:
        raise UserError("programme.not_in", programme=programme.name)
    ends = pause_end(until, now=ctx.now, zone=usable(ctx.member.zone, ctx.community.zone))
    if isinstance(ends, str):
        raise UserError(ends)
    await _pause(ctx, held, ends)
    return Show(views.paused(ctx.say, programme.name, ends))


async def resume(ctx: Context, programme: Programme) -> Reply:
    """End a pause of this programme."""
    held = await mine(ctx, programme)
    if not held:
        raise UserError("programme.not_in", programme=programme.name)
    await _pause(ctx, held, None)
    return Show(views.resumed(ctx.say, programme.name))


async def _pause(ctx: Context, held: list[Role], until: datetime | None) -> None:
    for role in held:
        role.paused_until = until
        ctx.db.add(role)
    await ctx.db.flush()


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the programmes: mine, or those that can be joined."""
    mine = await _joined(ctx)
    rows = await storage.programme.open_ones(ctx.db, ctx.community.id)
    applied = await _open_applications(ctx)
    shown = [(row.id, file_of(row), row.id in mine, applied.get(row.id)) for row in rows]
    ahead = {one.id: await storage.application.ahead(ctx.db, ctx.community.id, one.id) for one in applied.values()}
    return views.home(ctx.say, shown, ahead)


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to join a programme, or, to those who are in one, to read again what it asks of them."""
    mine = await _joined(ctx)
    rows = {row.id: row for row in await storage.programme.open_ones(ctx.db, ctx.community.id)}
    applied = await _open_applications(ctx)
    agreeing = [rows[key] for key, one in applied.items() if one.status == AGREEING and key in rows]
    found = [views.agree_step(ctx.say, row.id, file_of(row)) for row in agreeing]
    if mine:
        return (*found, *(views.about_step(ctx.say, row.id, file_of(row)) for row in rows.values() if row.id in mine))
    takes = [
        row
        for row in rows.values()
        if row.id not in applied and await storage.programme.open_cohort(ctx.db, ctx.community.id, row.id)
    ]
    return (*found, *(views.join_step(ctx.say, row.id, file_of(row)) for row in takes))


async def _joined(ctx: Context) -> set[str | None]:
    """Return the programmes that the member is in."""
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    return {role.programme_id for role in roles if role.status == "active" and role.kind in PEOPLE}


async def mine(ctx: Context, programme: Programme, *, every: bool = False) -> list[Role]:
    """Return the member's roles in the programme: active ones, or every one they ever held or were invited to."""
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    return [
        role
        for role in roles
        if role.programme_id == programme.id and role.kind in PEOPLE and (every or role.status == "active")
    ]
