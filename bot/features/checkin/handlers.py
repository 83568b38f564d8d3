"""Answers to a check-in. An answer may be changed; one to a pair that ended is kept all the same."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import storage.checkin
import storage.pair
from bot import questions, resources
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.checkin import rules, sweeps, views
from bot.programme.file import ProgrammeFile
from bot.programme.stored import file_of
from bot.recurrence import to_utc, to_wall
from storage.checkin import ANSWERED, ASKED, DROPPED, WAITING, CheckIn
from storage.pair import Pair
from storage.programme import Programme


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
    """They met: neither is asked again what this has answered, even if the question is on its way."""
    pair = await _answer(ctx, checkin, "met")
    if pair is not None and pair.met_at is None:
        pair.met_at = ctx.now
        ctx.db.add(pair)
        await ctx.happened("pair.met", pair)
    file = await _file(ctx, checkin)
    for other in await storage.checkin.of_pair(ctx.db, ctx.community.id, checkin.pair_id):
        if other.id == checkin.id or not rules.spares(file, checkin, other):
            continue
        taken_back = other.status == ASKED and await ctx.outbox.withdraw(rules.outbox_key(other), why=rules.NOT_NEEDED)
        if other.status == WAITING or taken_back:
            other.status, other.why = DROPPED, rules.NOT_NEEDED
            ctx.db.add(other)
    return Replace(views.thanks_met(ctx.say, checkin.id, ended=_ended(pair)))


async def scheduled(ctx: Context, checkin: CheckIn) -> Reply:
    """They have a date."""
    return Replace(views.thanks_scheduled(ctx.say, checkin.id, ended=_ended(await _answer(ctx, checkin, "scheduled"))))


async def not_yet(ctx: Context, checkin: CheckIn) -> Reply:
    """They have not met."""
    return Replace(views.thanks_not_yet(ctx.say, checkin.id, ended=_ended(await _answer(ctx, checkin, "not_yet"))))


async def help_wanted(ctx: Context, checkin: CheckIn) -> Reply:
    """They would like help: coordinators are told who asks, and nothing else."""
    pair = await _answer(ctx, checkin, "help")
    told = await ctx.outbox.post(
        ctx.setting("core.coordinator_channel"), "checkin.help_wanted", key=f"checkin.help:{checkin.id}",
        member=ctx.member.id, on_doubt="repeat",
    )  # fmt: skip
    has_channel = bool(ctx.setting("core.coordinator_channel"))
    to_read = resources.suggest(resources.of(await _file(ctx, checkin), ctx.say.language), resources.STUCK)
    return Replace(
        views.thanks_help(ctx.say, checkin.id, told=told or has_channel, ended=_ended(pair), to_read=to_read)
    )


async def answer(ctx: Context, checkin: CheckIn) -> Reply:
    """They pressed a place on a scale, or a label."""
    file = await _file(ctx, checkin)
    labels = checkin.labels or rules.kind_of(file, checkin.question).labels
    value = questions.chosen(labels or questions.SCALE, ctx.arg)
    if value is None:
        raise UserError("core.gone")
    shown = rules.labels(file, checkin.question, checkin.labels)[ctx.say.language] if labels else questions.SCALE
    pair = await _answer(ctx, checkin, "label" if labels else "scale", value)
    return Replace(views.thanks(ctx.say, checkin.id, shown[int(ctx.arg)], ended=_ended(pair)))


async def write(ctx: Context, checkin: CheckIn) -> Reply:
    """Open the form for an answer in words."""
    ctx.row = checkin
    return Ask(await write_form(ctx))


async def write_form(ctx: Context) -> Form:
    """Build the form, with what was written before."""
    checkin = ctx.the(CheckIn)
    _mine(ctx, checkin)
    return views.write_form(ctx.say, await _question(ctx, checkin), checkin.text)


async def written(ctx: Context, answers: Answers) -> Reply:
    """Keep what the member wrote, for themselves."""
    checkin = ctx.the(CheckIn)
    pair = await _answer(ctx, checkin, "text", answers["text"])
    plan = checkin.question == rules.ACTION_PLAN
    return Show(views.thanks_text(ctx.say, checkin.id, plan=plan, ended=_ended(pair)))


async def later(ctx: Context, checkin: CheckIn) -> Reply:
    """Ask again tomorrow."""
    return await _snooze(ctx, checkin, questions.TOMORROW)


async def next_week(ctx: Context, checkin: CheckIn) -> Reply:
    """Ask again in a week."""
    return await _snooze(ctx, checkin, questions.NEXT_WEEK)


async def _snooze(ctx: Context, checkin: CheckIn, pause: timedelta) -> Reply:
    await _open(ctx, checkin)
    checkin.status, checkin.why = WAITING, "snoozed"
    checkin.due_at = ctx.now + pause
    checkin.expires_at = checkin.due_at + rules.ANSWER_WITHIN
    ctx.db.add(checkin)
    return Replace(questions.snoozed(ctx.say, "checkin", checkin.due_at))


async def other(ctx: Context, checkin: CheckIn) -> Reply:
    """Show the rarer ways to put it off."""
    _mine(ctx, checkin)
    return Replace(views.other(ctx.say, await _question(ctx, checkin)))


async def skip(ctx: Context, checkin: CheckIn) -> Reply:
    """Skip this one; the next one comes as ever."""
    await _open(ctx, checkin)
    _drop(ctx, checkin)
    return Replace(questions.skipped(ctx.say, "checkin", checkin.id))


async def until(ctx: Context, checkin: CheckIn) -> Reply:
    """Open the form that asks until when."""
    ctx.row = checkin
    return Ask(await until_form(ctx))


async def until_form(ctx: Context) -> Form:
    """Build it."""
    checkin = ctx.the(CheckIn)
    _mine(ctx, checkin)
    return questions.until_form(ctx.say, "checkin", checkin.id)


async def rest(ctx: Context, answers: Answers) -> Reply:
    """Skip what this member would be asked about this pair before a day."""
    checkin = ctx.the(CheckIn)
    zone = rules.zone_of(ctx.member, ctx.community.zone)
    if wrong := questions.bad_day(ctx.say, answers["until"], to_wall(ctx.now, zone).date()):
        return Reject({"until": wrong})
    await _open(ctx, checkin)
    begins = to_utc(datetime.combine(answers["until"], time()), zone)
    for other in await storage.checkin.of_pair(ctx.db, ctx.community.id, checkin.pair_id):
        if other.member_id == ctx.member.id and other.status == WAITING and other.due_at < begins:
            _drop(ctx, other)
    _drop(ctx, checkin)
    return Show(questions.resting(ctx.say, "checkin", begins))


def _drop(ctx: Context, checkin: CheckIn) -> None:
    checkin.status, checkin.why = DROPPED, questions.BY_MEMBER
    ctx.db.add(checkin)


async def counts(ctx: Context, programme: Programme) -> Reply:
    """Show coordinators what was answered in the last weeks: numbers, never names."""
    file = file_of(programme)
    counted = await storage.checkin.tally(ctx.db, ctx.community.id, programme.id, ctx.now - rules.COUNTED)
    shown = [
        views.Counted(file.texts(ctx.say.language).get(f"checkins.{key}", ""), key == rules.ACTION_PLAN, answers)
        for key, answers in sorted(counted.items())
    ]
    return Show(views.counts(ctx.say, programme.name, shown))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show an open check-in on the member's page."""
    rows = await storage.checkin.open_of(ctx.db, ctx.community.id, ctx.member.id)
    return views.ask(ctx.say, await _question(ctx, rows[0])).blocks if rows else ()


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer the newest check-in that is open."""
    rows = await storage.checkin.open_of(ctx.db, ctx.community.id, ctx.member.id)
    return (views.step(ctx.say, await _question(ctx, rows[0])),) if rows else ()


async def _answer(ctx: Context, checkin: CheckIn, answer: str, text: str = "") -> Pair | None:
    """Keep an answer, early, late or changed; return the pair, which may have ended. The others are told."""
    await _open(ctx, checkin)
    checkin.status, checkin.answer, checkin.text, checkin.answered_at, checkin.why = ANSWERED, answer, text, ctx.now, ""
    checkin.asked_at = checkin.asked_at or ctx.now
    ctx.db.add(checkin)
    await ctx.happened("checkin.answered", checkin)
    return await storage.pair.by_id(ctx.db, ctx.community.id, checkin.pair_id)


async def _open(ctx: Context, checkin: CheckIn) -> None:
    """Refuse what is not the member's or no longer open; take back the message that would still ask it."""
    _mine(ctx, checkin)
    if checkin.status not in (ASKED, ANSWERED, WAITING) and checkin.why != questions.BY_MEMBER:
        raise UserError("core.gone")
    await ctx.outbox.withdraw(rules.outbox_key(checkin), why="dealt_with")


def _mine(ctx: Context, checkin: CheckIn) -> None:
    if checkin.member_id != ctx.member.id:
        raise UserError("core.not_yours")


def _ended(pair: Pair | None) -> bool:
    return pair is None or pair.status != "active"


async def _file(ctx: Context, checkin: CheckIn) -> ProgrammeFile:
    return file_of(await ctx.find(Programme, checkin.programme_id))


async def _question(ctx: Context, checkin: CheckIn) -> dict[str, Any]:
    return await sweeps.question(ctx, checkin, await _file(ctx, checkin))
