"""Looking at a programme, joining it, leaving it."""

from __future__ import annotations

import storage.programme
import storage.schedule
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.programme import rules, views
from bot.programme.stored import file_of
from storage.programme import PEOPLE, Cohort, Programme, Role


async def info(ctx: Context, programme: Programme) -> Reply:
    """Show what a programme is about."""
    return Show(await _about(ctx, programme))


async def info_button(ctx: Context, programme: Programme) -> Reply:
    """Show it from a card in a channel."""
    return Show(await _about(ctx, programme))


async def _about(ctx: Context, programme: Programme) -> View:
    mine = await _mine(ctx, programme)
    schedule = await storage.schedule.of(ctx.db, ctx.community.id, "round.draw", programme.id)
    return views.about(
        ctx.say, programme.id, file_of(programme), roles=[role.kind for role in mine],
        next_round=schedule.next_at if schedule else None,
    )  # fmt: skip


async def join(ctx: Context, programme: Programme) -> Reply:
    """Open the join form."""
    await _open(ctx, programme)
    ctx.row = programme
    return Ask(await join_form(ctx))


async def join_button(ctx: Context, programme: Programme) -> Reply:
    """Open it from a button."""
    return await join(ctx, programme)


async def join_form(ctx: Context) -> Form:
    """Build the join form from the programme and what is known of the member."""
    programme = ctx.the(Programme)
    role = next((one.kind for one in await _mine(ctx, programme, every=True)), None)
    return views.join_form(ctx.say, programme.id, file_of(programme), ctx.member, role)


async def joined(ctx: Context, answers: Answers) -> Reply:
    """Make the member part of the programme. From here on they may be written to."""
    programme = ctx.the(Programme)
    cohort = await _open(ctx, programme)
    read = rules.read(answers, kind=programme.kind)
    if isinstance(read, dict):
        return Reject({field: views.mistake(ctx.say, wrong) for field, wrong in read.items()})
    member = ctx.member
    member.zone, member.language = read.zone, member.language or ctx.say.language
    member.languages, member.offers, member.wants = list(read.languages), list(read.offers), list(read.wants)
    member.interests, member.availability = list(read.interests), read.availability
    member.opted_in_at, member.left_at = member.opted_in_at or ctx.now, None
    ctx.db.add(member)
    await _take_roles(ctx, programme, cohort, read.roles)
    await ctx.happened("programme.joined", member)
    schedule = await storage.schedule.of(ctx.db, ctx.community.id, "round.draw", programme.id)
    return Show(
        views.joined(ctx.say, file_of(programme), read.roles, next_round=schedule.next_at if schedule else None)
    )


async def _take_roles(ctx: Context, programme: Programme, cohort: Cohort, kinds: tuple[str, ...]) -> None:
    """Hold exactly these roles; ones held before and not chosen now are left."""
    held = {role.kind: role for role in await _mine(ctx, programme, every=True)}
    for kind in sorted(held.keys() | set(kinds)):
        role = held.get(kind) or Role(
            id=ctx.ids.new(), community_id=ctx.community.id, member_id=ctx.member.id, programme_id=programme.id,
            kind=kind, capacity=file_of(programme).role(kind).capacity, since=ctx.now,
        )  # fmt: skip
        role.status = "active" if kind in kinds else "left"
        role.cohort_id, role.unavailable_at = cohort.id, None
        ctx.db.add(role)
    await ctx.db.flush()


async def leave(ctx: Context, programme: Programme) -> Reply:
    """Ask once whether they mean it."""
    if not await _mine(ctx, programme):
        raise UserError("programme.not_in", programme=programme.name)
    return Show(views.leaving(ctx.say, programme.id, programme.name))


async def leave_for_good(ctx: Context, programme: Programme) -> Reply:
    """Leave the programme: no more pairs, no more questions about it."""
    mine = await _mine(ctx, programme)
    if not mine:
        raise UserError("programme.not_in", programme=programme.name)
    for role in mine:
        role.status = "left"
        ctx.db.add(role)
    await ctx.db.flush()
    await ctx.happened("programme.left", mine[0])
    return Replace(views.left(ctx.say, programme.name))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the programmes: mine, or those that can be joined."""
    mine = await _joined(ctx)
    rows = await storage.programme.open_ones(ctx.db, ctx.community.id)
    return views.home(ctx.say, [(row.id, file_of(row), row.id in mine) for row in rows])


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to join a programme, or, to those who are in one, to read again what it asks of them."""
    mine = await _joined(ctx)
    rows = await storage.programme.open_ones(ctx.db, ctx.community.id)
    if mine:
        return tuple(views.about_step(ctx.say, row.id, file_of(row)) for row in rows if row.id in mine)
    takes = [row for row in rows if await storage.programme.open_cohort(ctx.db, ctx.community.id, row.id)]
    return tuple(views.join_step(ctx.say, row.id, file_of(row)) for row in takes)


async def _joined(ctx: Context) -> set[str | None]:
    """Return the programmes that the member is in."""
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    return {role.programme_id for role in roles if role.status == "active" and role.kind in PEOPLE}


async def _open(ctx: Context, programme: Programme) -> Cohort:
    cohort = await storage.programme.open_cohort(ctx.db, ctx.community.id, programme.id)
    if programme.closed_at is not None or cohort is None:
        raise UserError("programme.closed", programme=programme.name)
    return cohort


async def _mine(ctx: Context, programme: Programme, *, every: bool = False) -> list[Role]:
    """Return the member's roles in the programme: active ones, or every one they ever held or were invited to."""
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    return [
        role
        for role in roles
        if role.programme_id == programme.id and role.kind in PEOPLE and (every or role.status == "active")
    ]
