"""Making a survey, sending it out, closing it, reading what came back."""

from __future__ import annotations

import json
from datetime import timedelta

import storage.survey
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.text import Code
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.survey import coordinator_views, results, rules
from bot.features.survey.templates import TEMPLATES
from storage.programme import Programme
from storage.survey import CLOSED, DRAFT, NAMED, OPEN, OPENING, Survey


async def create(ctx: Context, template: str, programme: Programme) -> Reply:
    """Open the form for a survey of a programme."""
    ctx.row, ctx.arg = programme, template
    return Ask(await create_form(ctx))


async def create_form(ctx: Context) -> Form:
    """Build the form; its key is the programme, the template is the first field."""
    return coordinator_views.create_form(ctx.say, ctx.the(Programme), ctx.arg if ctx.arg in TEMPLATES else "middle")


async def created(ctx: Context, answers: Answers) -> Reply:
    """Keep a survey as a draft and show what it asks."""
    programme = ctx.the(Programme)
    own = rules.own_questions(answers["own"])
    if isinstance(own, tuple):
        line, what = own
        return Reject({"own": coordinator_views.mistake(ctx.say, line, what)})
    questions = [*TEMPLATES[answers["template"]], *own]
    if not 1 <= len(questions) <= rules.MOST_QUESTIONS:
        return Reject({"own": coordinator_views.mistake(ctx.say, len(questions), "many" if questions else "none")})
    row = Survey(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme.id, template=answers["template"],
        title=answers["title"], mode=answers["mode"], audience=answers["audience"], days=answers["days"],
        questions=[one.stored() for one in questions], created_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    await ctx.db.flush()
    ctx.audit("survey.created", row.id)
    return Show(coordinator_views.drafted(ctx.say, row, questions))


async def listed(ctx: Context) -> Reply:
    """Show the community's surveys, with what can be done about each."""
    return Show(coordinator_views.listed(ctx.say, await storage.survey.newest(ctx.db, ctx.community.id, 6)))


async def open_(ctx: Context, which: str | None) -> Reply:
    """Send a draft out, by its title; without one, list them."""
    row = await _meant(ctx, which, (DRAFT,))
    return await listed(ctx) if row is None else await open_button(ctx, row)


async def open_button(ctx: Context, row: Survey) -> Reply:
    """Send it out. People are asked by a sweep, some at a time."""
    if row.status != DRAFT:
        raise UserError("survey.sent_out", title=row.title)
    row.status, row.opened_at, row.next_at = OPENING, ctx.now, ctx.now
    row.closes_at = ctx.now + timedelta(days=row.days)
    ctx.db.add(row)
    ctx.audit("survey.opened", row.id)
    return Show(coordinator_views.opened(ctx.say, row))


async def close(ctx: Context, which: str | None) -> Reply:
    """End a survey before its time, by its title; without one, list them."""
    row = await _meant(ctx, which, (OPENING, OPEN))
    return await listed(ctx) if row is None else await close_button(ctx, row)


async def close_button(ctx: Context, row: Survey) -> Reply:
    """End it now."""
    if row.status not in (OPENING, OPEN):
        raise UserError("survey.not_open", title=row.title)
    await results.close(ctx, row)
    ctx.audit("survey.closed", row.id)
    return Replace(await _shown(ctx, row))


async def show(ctx: Context, which: str | None) -> Reply:
    """Show what came back, by the survey's title; without one, list them."""
    row = await _meant(ctx, which, (OPENING, OPEN, CLOSED))
    return await listed(ctx) if row is None else Show(await _shown(ctx, row))


async def show_button(ctx: Context, row: Survey) -> Reply:
    """The same, by a button."""
    if row.status == DRAFT:
        raise UserError("survey.not_open", title=row.title)
    return Show(await _shown(ctx, row))


async def _shown(ctx: Context, row: Survey) -> View:
    questions = rules.questions_of(row.questions)
    ctx.audit("survey.read", row.id)
    if row.mode == NAMED:
        said = await storage.survey.replies(ctx.db, ctx.community.id, row.id)
        return coordinator_views.named(
            ctx.say, row, questions, [(one.member_id, json.loads(one.answers or "{}")) for one in said]
        )
    await results.refresh(ctx, row)
    words = await storage.survey.words(ctx.db, ctx.community.id, row.id)
    seen = set(row.shown.get("words", []))
    said_words = [(one.question, one.text) for one in words if one.id in seen]
    return coordinator_views.results(ctx.say, row, questions, said_words)


async def draw(ctx: Context, number: int, which: str | None) -> Reply:
    """Draw so many of those who would talk in a small group, by lot; those drawn before stay drawn."""
    row = await _meant(ctx, which, (OPENING, OPEN, CLOSED))
    if row is None:
        return await listed(ctx)
    everyone = await storage.survey.volunteers(ctx.db, ctx.community.id, row.id)
    left = [one for one in everyone if not one.drawn]
    chosen = results.by_lot(left, number - (len(everyone) - len(left)), ctx.ids.seed())
    for one in chosen:
        one.drawn = True
        ctx.db.add(one)
    ctx.audit("survey.drawn", row.id)
    drawn = [one.member_id for one in everyone if one.drawn]
    return Show(coordinator_views.drawn(ctx.say, row, drawn, willing=len(everyone)))


async def scorecards(ctx: Context) -> Reply:
    """Show the scorecards that their mentors have had a week alone with."""
    return Show(
        coordinator_views.scorecards(ctx.say, await storage.survey.scorecards(ctx.db, ctx.community.id, ctx.now))
    )


async def titles(ctx: Context, typed: str) -> list[str]:
    """Complete the title of a survey."""
    rows = await storage.survey.newest(ctx.db, ctx.community.id)
    return [row.title for row in rows if typed.casefold() in row.title.casefold()]


async def _meant(ctx: Context, which: str | None, states: tuple[str, ...]) -> Survey | None:
    """Return the newest survey of this title in one of these states; None when none is named."""
    if not which:
        return None
    wanted = which.strip().casefold()
    rows = [row for row in await storage.survey.newest(ctx.db, ctx.community.id, 100) if row.status in states]
    exact = [row for row in rows if row.title.casefold() == wanted]
    if found := exact or [row for row in rows if row.title.casefold().startswith(wanted)]:
        return found[0]
    raise UserError("survey.unknown", which=which, command=Code("/coord survey list"))
