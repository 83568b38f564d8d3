"""Looking at and changing how one is written to; explaining what was decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import storage.nudge
from bot import explaining, nudging
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.features.profile import rules, views
from bot.pauses import pause_end
from bot.recurrence import to_wall
from bot.zones import usable
from storage.member import Member

WEEK = timedelta(days=8)


async def nudges(ctx: Context) -> Reply:
    """Show what is set, and the next thing that would be sent."""
    return Show(await _shown(ctx))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show on the page of who takes part how they are written to, with the way to change it."""
    return views.home(ctx.say, await _settings(ctx, ctx.member)) if ctx.member.opted_in_at is not None else ()


async def change(ctx: Context) -> Reply:
    """Open the form."""
    return Ask(await form(ctx))


async def form(ctx: Context) -> Form:
    """Build the form from what is set."""
    until = _paused(ctx.member, ctx.now)
    return views.form(
        ctx.say, ctx.member.quiet_start, ctx.member.quiet_end, ctx.member.weekly_nudges,
        to_wall(until, _zone(ctx)).date() if until else None,
    )  # fmt: skip


async def save(ctx: Context, answers: Answers) -> Reply:
    """Store what was chosen; it holds at once, also for what waits already."""
    until = answers["until"]
    ends = pause_end(until, now=ctx.now, zone=_zone(ctx)) if until else None
    if isinstance(ends, str):
        return Reject({"until": ctx.say.line(ctx.features.refusals[ends])})
    member = ctx.member
    member.quiet_start, member.quiet_end = answers["quiet_start"], answers["quiet_end"]
    member.weekly_nudges = int(answers["budget"])
    await _changed(ctx, ends)
    return Show(views.saved(ctx.say, await _shown(ctx)))


async def pause(ctx: Context, until: date) -> Reply:
    """Pause until a day."""
    ends = pause_end(until, now=ctx.now, zone=_zone(ctx))
    if isinstance(ends, str):
        raise UserError(ends)
    await _changed(ctx, ends)
    return Show(views.paused(ctx.say, ends))


async def pause_button(ctx: Context) -> Reply:
    """Pause for two weeks."""
    done = await pause(ctx, rules.short_pause(ctx.now, _zone(ctx)))
    return Replace(done.view) if isinstance(done, Show) else done


async def resume(ctx: Context) -> Reply:
    """End a pause."""
    was = _paused(ctx.member, ctx.now) is not None
    await _changed(ctx, None)
    return Show(views.resumed(ctx.say, paused=was))


async def resume_button(ctx: Context) -> Reply:
    """End a pause from a button."""
    done = await resume(ctx)
    return Replace(done.view) if isinstance(done, Show) else done


async def why(ctx: Context) -> Reply:
    """Explain to a member what was and was not sent to them."""
    return Show(await _explained(ctx, ctx.member, mine=True))


async def explain(ctx: Context, who: Member) -> Reply:
    """Explain to a coordinator: kinds, moments and reasons, nothing of what was said."""
    return Show(await _explained(ctx, who, mine=False))


async def _explained(ctx: Context, member: Member, *, mine: bool) -> View:
    past = await nudging.past_of(ctx.db, ctx.community.id, member, ctx.now)
    return views.explained(
        ctx.say, member.id, await _settings(ctx, member), mine=mine, kinds=ctx.features.nudges,
        lately=await explaining.lately(ctx, member), coming=await explaining.coming(ctx, member),
        unanswered=past.unanswered,
    )  # fmt: skip


async def _shown(ctx: Context) -> View:
    coming = await explaining.coming(ctx, ctx.member)
    following = next((one for one in coming if one.fate != "dropped"), None)
    return views.nudges(ctx.say, await _settings(ctx, ctx.member), following, ctx.features.nudges)


async def _settings(ctx: Context, member: Member) -> views.Habits:
    zone = usable(member.zone, ctx.community.zone)
    sent = await storage.nudge.sent_since(ctx.db, ctx.community.id, member.id, ctx.now - WEEK)
    week = to_wall(ctx.now, zone).isocalendar()[:2]
    return views.Habits(
        quiet_start=member.quiet_start, quiet_end=member.quiet_end, budget=member.weekly_nudges,
        used=sum(to_wall(at, zone).isocalendar()[:2] == week for _, at in sent), zone=zone,
        paused_until=_paused(member, ctx.now), inactive=member.inactive_at is not None,
        joined=member.opted_in_at is not None,
    )  # fmt: skip


async def _changed(ctx: Context, paused_until: datetime | None) -> None:
    ctx.member.paused_until = paused_until
    ctx.db.add(ctx.member)
    await ctx.db.flush()
    await nudging.replan(ctx, ctx.member)


def _paused(member: Member, now: datetime) -> datetime | None:
    return member.paused_until if member.paused_until and member.paused_until > now else None


def _zone(ctx: Context) -> str:
    return usable(ctx.member.zone, ctx.community.zone)
