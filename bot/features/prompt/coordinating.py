"""What coordinators do with prompts: write one, look at it before it is saved, list, change, pause, try, read."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import storage.programme
import storage.prompt
import storage.schedule
from bot import paging
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.spec import Audience
from bot.chat.text import Code, shorten
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.prompt import rules, schedule, views
from bot.recurrence import to_wall
from bot.zones import usable
from storage.programme import Programme
from storage.prompt import ACTIVE, DRAFT, PAUSED, Prompt

DRAFTS_KEPT = timedelta(days=7)
LOOK_BACK = timedelta(days=30)
RUNS_SHOWN = 20


async def add(ctx: Context, programme: Programme) -> Reply:
    """Open the form."""
    ctx.row = programme
    return Ask(await add_form(ctx))


async def add_form(ctx: Context) -> Form:
    """Build the form for a new prompt; it is about the programme."""
    programme = ctx.the(Programme)
    cohort = await storage.programme.open_cohort(ctx.db, ctx.community.id, programme.id)
    return views.form(ctx.say, "prompt.add", programme.id, programme.kind, cohort, None)


async def added(ctx: Context, answers: Answers) -> Reply:
    """Show what it would be; nothing is sent before it is saved."""
    return await _draft(ctx, answers, ctx.the(Programme).id, None)


async def edit(ctx: Context, prompt: str, programme: Programme) -> Reply:
    """Open the form of a prompt."""
    ctx.row = await _named(ctx, prompt, programme)
    return Ask(await edit_form(ctx))


async def edit_button(ctx: Context, prompt: Prompt) -> Reply:
    """The same from a button."""
    ctx.row = prompt
    return Ask(await edit_form(ctx))


async def edit_form(ctx: Context) -> Form:
    """Build the form of a prompt as it stands."""
    prompt = ctx.the(Prompt)
    programme = await ctx.find(Programme, prompt.programme_id)
    cohort = await storage.programme.open_cohort(ctx.db, ctx.community.id, programme.id)
    return views.form(ctx.say, "prompt.edit", prompt.id, programme.kind, cohort, prompt)


async def edited(ctx: Context, answers: Answers) -> Reply:
    """Show what it would become; it stays as it is until that is saved."""
    prompt = ctx.the(Prompt)
    return await _draft(ctx, answers, prompt.programme_id, prompt)


async def _draft(ctx: Context, answers: Answers, programme_id: str, before: Prompt | None) -> Reply:
    """Understand the form, keep it as a draft, and show its next five occurrences."""
    zone = _zone(ctx, "community" if answers["target"] == "channel" else answers["clock"])
    today = to_wall(ctx.now, zone).date()
    first = datetime.fromisoformat(before.anchor).date() if before else today
    terms = rules.read(answers, zone=zone, now=ctx.now, first=first)
    if isinstance(terms, dict):
        return Reject({field: views.mistake(ctx.say, wrong) for field, wrong in terms.items()})
    if before is not None and before.status == DRAFT:
        draft, before.created_at = before, ctx.now  # it is worked on, so it is kept
    else:
        draft = Prompt(
            id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme_id, created_at=ctx.now,
            replaces=before.id if before else None, number=before.number if before else 0, question=terms.question,
        )  # fmt: skip
    _write(ctx, draft, terms)
    await storage.prompt.remove_drafts(ctx.db, ctx.community.id, ctx.now - DRAFTS_KEPT)
    return Show(_preview(ctx, draft, "prompt.preview"))


def _write(ctx: Context, prompt: Prompt, terms: rules.Terms) -> None:
    prompt.question, prompt.target, prompt.cohort_id = terms.question, terms.target, terms.cohort
    prompt.post_to = [ctx.space.id, terms.channel] if terms.target == "channel" and terms.channel else []
    prompt.kind, prompt.labels, prompt.readers = terms.kind, list(terms.labels), terms.readers
    prompt.often, prompt.weekday, prompt.at = terms.often, terms.weekday, terms.at
    prompt.rule, prompt.anchor, prompt.clock = terms.rule, terms.anchor.isoformat(), terms.clock
    prompt.late_h = terms.late_h
    ctx.db.add(prompt)


async def save(ctx: Context, draft: Prompt) -> Reply:
    """Let it run. An edit takes the place of what it edits: what has fallen due goes out as it was."""
    if draft.status != DRAFT:
        raise UserError("core.gone")
    if draft.replaces is None:
        draft.number = await storage.prompt.last_number(ctx.db, ctx.community.id) + 1
        prompt, was = draft, ACTIVE
    else:
        prompt = await ctx.find(Prompt, draft.replaces)
        was = prompt.status
        await schedule.stop(ctx, prompt)
        for name in (
            "question", "target", "cohort_id", "post_to", "kind", "labels", "readers", "often", "weekday", "at", "rule",
            "anchor", "clock", "late_h",
        ):  # fmt: skip
            setattr(prompt, name, getattr(draft, name))
        await ctx.db.delete(draft)
    if was == ACTIVE:
        await schedule.start(ctx, prompt)
    ctx.db.add(prompt)
    ctx.audit("prompt.saved", prompt.id)
    return Replace(_preview(ctx, prompt, "prompt.saved"))


async def discard(ctx: Context, draft: Prompt) -> Reply:
    """Throw a draft away."""
    if draft.status != DRAFT:
        raise UserError("core.gone")
    await ctx.db.delete(draft)
    return Replace(views.discarded(ctx.say))


async def listing(ctx: Context, programme: Programme) -> Reply:
    """List a programme's prompts, each with its next five occurrences and how the last one was answered."""
    lines = [
        views.Line(
            prompt=prompt,
            coming=_coming(ctx, prompt) if prompt.status == ACTIVE else (),
            latest=await _latest(ctx, prompt),
            skipped=await _skipped(ctx, prompt),
        )
        for prompt in await storage.prompt.of_programme(ctx.db, ctx.community.id, programme.id)
    ]
    return Show(views.listing(ctx.say, programme.name, lines))


async def _latest(ctx: Context, prompt: Prompt) -> tuple[int, int]:
    for run in await storage.prompt.runs(ctx.db, ctx.community.id, prompt.id, 1):
        counted = (await storage.prompt.tally(ctx.db, ctx.community.id, [run.id]))[run.id]
        return views.answered(counted), views.asked(counted)
    return 0, 0


async def _skipped(ctx: Context, prompt: Prompt) -> int:
    kept = await storage.schedule.of(ctx.db, ctx.community.id, schedule.KIND, prompt.id)
    since = ctx.now - LOOK_BACK
    return len(await storage.schedule.skipped(ctx.db, ctx.community.id, kept.id, since)) if kept else 0


async def pause(ctx: Context, prompt: str, programme: Programme) -> Reply:
    """Pause a prompt, or offer to go on when it is paused."""
    found = await _named(ctx, prompt, programme)
    if found.status == ACTIVE:
        await schedule.stop(ctx, found)
        ctx.audit("prompt.paused", found.id)
    return Show(views.paused(ctx.say, found.id, found.question))


async def resume(ctx: Context, prompt: Prompt) -> Reply:
    """Go on from now: what passed during the pause is not made up for."""
    if prompt.status == DRAFT:
        raise UserError("core.gone")
    if prompt.status == PAUSED:
        await schedule.start(ctx, prompt)
        ctx.audit("prompt.resumed", prompt.id)
    return Replace(_preview(ctx, prompt, "prompt.resumed"))


async def test(ctx: Context, prompt: str, programme: Programme) -> Reply:
    """Send it to the coordinator alone."""
    found = await _named(ctx, prompt, programme)
    return Show(
        views.trial(
            ctx.say, {"about": found.id, "question": found.question, "kind": found.kind, "labels": found.labels,
                      "readers": found.readers, "channel": found.target == "channel"},
        )
    )  # fmt: skip


async def trial(ctx: Context, prompt: Prompt) -> Reply:  # noqa: ARG001 - the row is read for permission
    """Say what a press would do."""
    return Show(views.trial_answered(ctx.say))


async def answers(ctx: Context, prompt: str, programme: Programme) -> Reply:
    """Show how a prompt was answered."""
    return Show(await _answers(ctx, await _named(ctx, prompt, programme), 0))


async def answers_page(ctx: Context, prompt: Prompt) -> Reply:
    """Turn the page."""
    return Replace(await _answers(ctx, prompt, int(ctx.arg) if ctx.arg.isdecimal() else 0))


async def _answers(ctx: Context, prompt: Prompt, page: int) -> View:
    runs = await storage.prompt.runs(ctx.db, ctx.community.id, prompt.id, RUNS_SHOWN)
    counted = await storage.prompt.tally(ctx.db, ctx.community.id, [run.id for run in runs])
    named = await storage.prompt.named(ctx.db, ctx.community.id, prompt.id)
    view = views.answers(ctx.say, prompt.question, [(run, counted[run.id]) for run in runs], named)
    return paging.cut(view, page, "prompt.answers", prompt.id, ctx.say)


async def complete(ctx: Context, typed: str) -> list[str]:
    """Return the prompts of the programmes that the coordinator may look at, by number and words."""
    found = []
    for programme in await storage.programme.open_ones(ctx.db, ctx.community.id):
        if await ctx.may(Audience.COORDINATOR, programme):
            found += await storage.prompt.of_programme(ctx.db, ctx.community.id, programme.id)
    lines = [shorten(f"{prompt.number} {prompt.question}".replace("\n", " "), 90) for prompt in found]
    return [line for line in lines if typed.lower() in line.lower()]


async def _named(ctx: Context, text: str, programme: Programme) -> Prompt:
    """Return the prompt that a number names. Raises `UserError`."""
    found = await _find(ctx, text, programme)
    if found is None:
        command = Code("/coord prompt list")
        raise UserError("prompt.unknown", value=text[:40], programme=programme.name, command=command)
    return found


async def _find(ctx: Context, text: str, programme: Programme) -> Prompt | None:
    number = re.match(r"#?(\d{1,6})\b", text.strip())
    saved = await storage.prompt.of_programme(ctx.db, ctx.community.id, programme.id)
    return next((one for one in saved if number and one.number == int(number[1])), None)


def _zone(ctx: Context, clock: str) -> str:
    mine = ctx.member.zone if clock == "member" else None
    return usable(mine, ctx.community.zone)


def _coming(ctx: Context, prompt: Prompt) -> tuple[datetime, ...]:
    return tuple(rules.next_five(prompt, _zone(ctx, prompt.clock), ctx.now))


def _preview(ctx: Context, prompt: Prompt, key: str) -> View:
    return views.preview(ctx.say, key, prompt, _coming(ctx, prompt), zone=ctx.community.zone)
