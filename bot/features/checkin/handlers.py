"""Answers to a check-in. An answer may be changed; one to a pair that ended is kept all the same."""

from __future__ import annotations

import storage.checkin
import storage.pair
import storage.programme
from bot.chat.reply import Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.checkin import rules, views
from bot.programmes import file_of
from storage.checkin import ANSWERED, ASKED, DROPPED, WAITING, CheckIn


async def now(ctx: Context) -> Reply:
    """Show the newest check-in that is open."""
    rows = await storage.checkin.open_of(ctx.db, ctx.community.id, ctx.member.id)
    if not rows:
        raise UserError("checkin.none")
    return Show(views.ask(ctx.say, await _question(ctx, rows[0])))


async def again(ctx: Context, checkin: CheckIn) -> Reply:
    """Show the question again, to change an answer."""
    _mine(ctx, checkin)
    return Replace(views.ask(ctx.say, await _question(ctx, checkin)))


async def met(ctx: Context, checkin: CheckIn) -> Reply:
    """They met: the pair has met, and the other is not asked the same any more."""
    await _answer(ctx, checkin, "met")
    pair = await storage.pair.by_id(ctx.db, ctx.community.id, checkin.pair_id)
    if pair is not None and pair.met_at is None:
        pair.met_at = ctx.now
        ctx.db.add(pair)
        await ctx.happened("pair.met", pair)
    for other in await storage.checkin.of_pair(ctx.db, ctx.community.id, checkin.pair_id):
        if other.status == WAITING and (other.week, other.question) == (checkin.week, checkin.question):
            other.status, other.why = DROPPED, rules.NOT_NEEDED
            ctx.db.add(other)
    return Replace(views.thanks_met(ctx.say, checkin.id))


async def scheduled(ctx: Context, checkin: CheckIn) -> Reply:
    """They have a date."""
    await _answer(ctx, checkin, "scheduled")
    return Replace(views.thanks_scheduled(ctx.say, checkin.id))


async def not_yet(ctx: Context, checkin: CheckIn) -> Reply:
    """They have not met."""
    await _answer(ctx, checkin, "not_yet")
    return Replace(views.thanks_not_yet(ctx.say, checkin.id))


async def help_wanted(ctx: Context, checkin: CheckIn) -> Reply:
    """They would like help: coordinators are told who asks, and nothing else."""
    await _answer(ctx, checkin, "help")
    told = await ctx.outbox.post(
        ctx.setting("core.coordinator_channel"), "checkin.help_wanted", key=f"checkin.help:{checkin.id}",
        member=ctx.member.id, on_doubt="repeat",
    )  # fmt: skip
    has_channel = bool(ctx.setting("core.coordinator_channel"))
    return Replace(views.thanks_help(ctx.say, checkin.id, told=told or has_channel))


async def later(ctx: Context, checkin: CheckIn) -> Reply:
    """Ask again tomorrow."""
    _mine(ctx, checkin)
    checkin.status, checkin.why = WAITING, "snoozed"
    checkin.due_at = ctx.now + rules.SNOOZE
    checkin.expires_at = checkin.due_at + rules.ANSWER_WITHIN
    ctx.db.add(checkin)
    return Replace(views.snoozed(ctx.say, checkin.due_at))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show an open check-in on the member's page."""
    rows = await storage.checkin.open_of(ctx.db, ctx.community.id, ctx.member.id)
    return views.ask(ctx.say, await _question(ctx, rows[0])).blocks if rows else ()


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer the newest check-in that is open."""
    rows = await storage.checkin.open_of(ctx.db, ctx.community.id, ctx.member.id)
    return (views.step(ctx.say, await _question(ctx, rows[0])),) if rows else ()


async def _answer(ctx: Context, checkin: CheckIn, answer: str) -> None:
    _mine(ctx, checkin)
    if checkin.status not in (ASKED, ANSWERED, WAITING):
        raise UserError("core.gone")
    checkin.status, checkin.answer, checkin.answered_at = ANSWERED, answer, ctx.now
    checkin.asked_at = checkin.asked_at or ctx.now
    ctx.db.add(checkin)


def _mine(ctx: Context, checkin: CheckIn) -> None:
    if checkin.member_id != ctx.member.id:
        raise UserError("core.not_yours")


async def _question(ctx: Context, checkin: CheckIn) -> dict[str, object]:
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, checkin.programme_id)
    seats = (await storage.pair.seats(ctx.db, ctx.community.id, [checkin.pair_id]))[checkin.pair_id]
    return {
        "checkin": checkin.id,
        "questions": rules.questions(file_of(programme), checkin.question) if programme else {},
        "partners": [seat.member_id for seat in seats if seat.member_id != ctx.member.id],
    }
