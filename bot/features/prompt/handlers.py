"""What members do with a prompt: answer it, change that, answer late, put it off, skip it, read what they wrote."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import storage.checkin
import storage.programme
import storage.prompt
from bot import questions
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.prompt import rules, schedule, views
from bot.programme.stored import file_of
from bot.recurrence import to_utc, to_wall
from bot.zones import usable
from storage.prompt import ANSWERED, ASKED, DROPPED, WAITING, PromptAnswer, PromptRest, PromptRun


async def answer(ctx: Context, row: PromptAnswer) -> Reply:
    """One press is an answer."""
    run = await _run(ctx, row)
    value = _pressed(run, ctx.arg)
    await _keep(ctx, row, value, "")
    return Replace(views.thanks(ctx.say, row.id, run.kind, value, run.readers))


async def again(ctx: Context, row: PromptAnswer) -> Reply:
    """Show the question again, to answer it late or otherwise."""
    _mine(ctx, row)
    return Replace(views.ask(ctx.say, schedule.question(await _run(ctx, row), row.id)))


async def write(ctx: Context, row: PromptAnswer) -> Reply:
    """Open the form for an answer in words."""
    ctx.row = row
    return Ask(await write_form(ctx))


async def write_form(ctx: Context) -> Form:
    """Build the form, with what was written before."""
    row = ctx.the(PromptAnswer)
    _mine(ctx, row)
    run = await _run(ctx, row)
    return questions.text_form(ctx.say, "prompt", row.id, run.question, text=row.text, readers=run.readers)


async def written(ctx: Context, answers: Answers) -> Reply:
    """Keep an answer in words."""
    row = ctx.the(PromptAnswer)
    run = await _run(ctx, row)
    if run.kind != "text":
        raise UserError("core.gone")
    await _keep(ctx, row, "text", answers["text"])
    return Show(views.thanks(ctx.say, row.id, run.kind, "text", run.readers))


# -- in a channel


async def post_answer(ctx: Context, run: PromptRun) -> Reply:
    """Answer a prompt that stands in a channel; the reply is private."""
    value = _pressed(run, ctx.arg)
    row = await _of_channel(ctx, run)
    await _keep(ctx, row, value, "")
    return Show(views.thanks(ctx.say, row.id, run.kind, value, run.readers))


async def post_write(ctx: Context, run: PromptRun) -> Reply:
    """Open the form for an answer in words to a prompt in a channel."""
    ctx.row = run
    return Ask(await post_form(ctx))


async def post_form(ctx: Context) -> Form:
    """Build it."""
    run = ctx.the(PromptRun)
    if run.target != "channel":
        raise UserError("core.gone")
    row = await storage.prompt.answer_to(ctx.db, ctx.community.id, run.prompt_id, run.day, run.slot, ctx.member.id)
    return views.post_form(ctx.say, run.id, run.question, text=row.text if row else "", readers=run.readers)


async def post_written(ctx: Context, answers: Answers) -> Reply:
    """Keep an answer in words to a prompt in a channel."""
    run = ctx.the(PromptRun)
    if run.kind != "text":
        raise UserError("core.gone")
    row = await _of_channel(ctx, run)
    await _keep(ctx, row, "text", answers["text"])
    return Show(views.thanks(ctx.say, row.id, run.kind, "text", run.readers))


async def _of_channel(ctx: Context, run: PromptRun) -> PromptAnswer:
    if run.target != "channel":
        raise UserError("core.gone")
    known = await storage.prompt.answer_to(ctx.db, ctx.community.id, run.prompt_id, run.day, run.slot, ctx.member.id)
    return known or PromptAnswer(
        id=ctx.ids.new(), community_id=ctx.community.id, prompt_id=run.prompt_id, run_id=run.id,
        member_id=ctx.member.id, day=run.day, slot=run.slot, due_at=run.due_at, expires_at=run.due_at, status=ASKED,
        asked_at=ctx.now,
    )  # fmt: skip


# -- later, not this one, not for a while


async def later(ctx: Context, row: PromptAnswer) -> Reply:
    """Ask again tomorrow."""
    return await _snooze(ctx, row, questions.TOMORROW)


async def next_week(ctx: Context, row: PromptAnswer) -> Reply:
    """Ask again in a week."""
    return await _snooze(ctx, row, questions.NEXT_WEEK)


async def _snooze(ctx: Context, row: PromptAnswer, pause: timedelta) -> Reply:
    run = await _direct(ctx, row)
    await _open(ctx, row)
    row.status, row.why, row.due_at = WAITING, "snoozed", ctx.now + pause
    row.expires_at = row.due_at + timedelta(hours=run.late_h)
    ctx.db.add(row)
    return Replace(questions.snoozed(ctx.say, "prompt", row.due_at))


async def other(ctx: Context, row: PromptAnswer) -> Reply:
    """Show the rarer ways to put it off."""
    _mine(ctx, row)
    run = await _direct(ctx, row)
    return Replace(views.other(ctx.say, row.id, run.question))


async def skip(ctx: Context, row: PromptAnswer) -> Reply:
    """Skip this one; the next one comes as ever."""
    await _open(ctx, row)
    _drop(ctx, row)
    return Replace(questions.skipped(ctx.say, "prompt", row.id))


async def until(ctx: Context, row: PromptAnswer) -> Reply:
    """Open the form that asks until when."""
    ctx.row = row
    return Ask(await until_form(ctx))


async def until_form(ctx: Context) -> Form:
    """Build it."""
    row = ctx.the(PromptAnswer)
    _mine(ctx, row)
    return questions.until_form(ctx.say, "prompt", row.id)


async def rest(ctx: Context, answers: Answers) -> Reply:
    """Skip this prompt before a day."""
    row = ctx.the(PromptAnswer)
    zone = usable(ctx.member.zone, ctx.community.zone)
    if wrong := questions.bad_day(ctx.say, answers["until"], to_wall(ctx.now, zone).date()):
        return Reject({"until": wrong})
    await _direct(ctx, row)
    await _open(ctx, row)
    _drop(ctx, row)
    known = await storage.prompt.rest_of(ctx.db, ctx.community.id, row.prompt_id, ctx.member.id)
    resting = known or PromptRest(
        prompt_id=row.prompt_id, member_id=ctx.member.id, community_id=ctx.community.id, until=""
    )
    resting.until = answers["until"].isoformat()
    ctx.db.add(resting)
    begins = to_utc(datetime.combine(answers["until"], time()), zone)
    return Show(questions.resting(ctx.say, "prompt", begins))


# -- what is open, and what was written


async def reflections(ctx: Context) -> Reply:
    """Show the member what they wrote for themselves, in prompts and check-ins."""
    here, me = ctx.community.id, ctx.member.id
    found = [
        views.Reflection(question, row.text, row.answered_at or row.due_at)
        for row, question in await storage.prompt.reflections(ctx.db, here, me)
    ]
    for checkin in await storage.checkin.reflections(ctx.db, here, me):
        programme = await storage.programme.by_id(ctx.db, here, checkin.programme_id)
        texts = file_of(programme).texts(ctx.say.language) if programme else {}
        question = texts.get(f"checkins.{checkin.question}", "")
        found.append(views.Reflection(question, checkin.text, checkin.answered_at or checkin.due_at))
    return Show(views.reflections(ctx.say, sorted(found, key=lambda one: one.at, reverse=True)))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the newest open question on the member's page."""
    rows = await storage.prompt.open_of(ctx.db, ctx.community.id, ctx.member.id, limit=1)
    return views.ask(ctx.say, schedule.question(await _run(ctx, rows[0]), rows[0].id)).blocks if rows else ()


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer the newest open question."""
    rows = await storage.prompt.open_of(ctx.db, ctx.community.id, ctx.member.id, limit=1)
    return (views.step(ctx.say, rows[0].id, (await _run(ctx, rows[0])).question),) if rows else ()


# -- what they have in common


async def _run(ctx: Context, row: PromptAnswer) -> PromptRun:
    return await ctx.find(PromptRun, row.run_id)


async def _direct(ctx: Context, row: PromptAnswer) -> PromptRun:
    """Return the run of a question that was asked in private: one in a channel cannot be put off."""
    run = await _run(ctx, row)
    if run.target == "channel":
        raise UserError("core.gone")
    return run


def _pressed(run: PromptRun, argument: str) -> str:
    value = questions.chosen(rules.labels_of(run.kind, run.labels), argument)
    if value is None:
        raise UserError("core.gone")
    return value


async def _keep(ctx: Context, row: PromptAnswer, value: str, text: str) -> None:
    await _open(ctx, row)
    row.status, row.why, row.answer, row.text, row.answered_at = ANSWERED, "", value, text, ctx.now
    row.asked_at = row.asked_at or ctx.now
    ctx.db.add(row)


async def _open(ctx: Context, row: PromptAnswer) -> None:
    """Refuse what is not the member's or no longer open; take back the message that would still ask it."""
    _mine(ctx, row)
    if row.status not in (WAITING, ASKED, ANSWERED) and row.why != questions.BY_MEMBER:
        raise UserError("core.gone")
    await ctx.outbox.withdraw(rules.outbox_key(row), why="dealt_with")


def _drop(ctx: Context, row: PromptAnswer) -> None:
    row.status, row.why = DROPPED, questions.BY_MEMBER
    ctx.db.add(row)


def _mine(ctx: Context, row: PromptAnswer) -> None:
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
