"""Answering a survey, rating a session, reading one's own scorecard."""

from __future__ import annotations

import storage.survey
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.survey import results, rules, views
from storage.survey import ANONYMOUS, OPEN, OPENING, Scorecard, SessionRating, Survey, SurveyBallot


async def waiting(ctx: Context) -> Reply:
    """Show which surveys wait for the member."""
    return Show(views.waiting(ctx.say, await _waiting(ctx)))


async def _waiting(ctx: Context) -> list[tuple[SurveyBallot, Survey]]:
    found = []
    for ballot in await storage.survey.ballots_of(ctx.db, ctx.community.id, ctx.member.id):
        row = await storage.survey.by_id(ctx.db, ctx.community.id, ballot.survey_id)
        if row is not None and row.status in (OPENING, OPEN):
            found.append((ballot, row))
    return found


async def answer(ctx: Context, ballot: SurveyBallot) -> Reply:
    """Open the form of a survey."""
    await _open(ctx, ballot)
    return Ask(await answer_form(ctx))


async def answer_form(ctx: Context) -> Form:
    """Build it: the survey's questions on one page."""
    ballot = ctx.the(SurveyBallot)
    row = await _open(ctx, ballot)
    return views.answer_form(ctx.say, row, rules.questions_of(row.questions), ballot.id)


async def answered(ctx: Context, answers: Answers) -> Reply:
    """Keep what was said, as the survey's mode allows."""
    ballot = ctx.the(SurveyBallot)
    row = await _open(ctx, ballot)
    given = {
        question.key: list(value) if isinstance(value, tuple) else str(value)
        for question in rules.questions_of(row.questions)
        if (value := answers.get(question.key))
    }
    await results.keep(ctx, row, ballot, ctx.member.id, given)
    return Show(views.answered(ctx.say, row.mode))


async def _open(ctx: Context, ballot: SurveyBallot) -> Survey:
    """Return the survey of a ballot that may still be used, by this member."""
    row = await ctx.find(Survey, ballot.survey_id)
    if row.mode != ANONYMOUS and ballot.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status not in (OPENING, OPEN):
        raise UserError("survey.over", title=row.title)
    if ballot.used and row.mode != storage.survey.NAMED:
        raise UserError("survey.answered", title=row.title)
    return row


async def rate(ctx: Context, rating: SessionRating) -> Reply:
    """Take how a session was; it stays sealed until everybody's is in, and can be changed until then."""
    if rating.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    if ctx.arg not in {"1", "2", "3", "4", "5"}:
        raise UserError("core.gone")
    everybody = await storage.survey.ratings_of_session(ctx.db, ctx.community.id, rating.session_id)
    if rules.ratings_open([one.value for one in everybody], ctx.now, rating.next_at):
        raise UserError("survey.sealed_no_more")
    rating.value = int(ctx.arg)
    ctx.db.add(rating)
    await ctx.db.flush()
    if all(one.value is not None for one in everybody):
        for one in everybody:
            one.next_at = None
            ctx.db.add(one)
        return Replace(views.ratings(ctx.say, [(one.member_id, one.value) for one in everybody]))
    return Replace(views.rated(ctx.say, rating))


async def ratings(ctx: Context, rating: SessionRating) -> Reply:
    """Show everybody's ratings of a session, once they are open."""
    everybody = await storage.survey.ratings_of_session(ctx.db, ctx.community.id, rating.session_id)
    if ctx.member.id not in {one.member_id for one in everybody}:
        raise UserError("core.not_yours")
    if not rules.ratings_open([one.value for one in everybody], ctx.now, rating.next_at):
        raise UserError("survey.sealed")
    return Show(views.ratings(ctx.say, [(one.member_id, one.value) for one in everybody]))


async def scorecard(ctx: Context, card: Scorecard) -> Reply:
    """Show a mentor their own scorecard."""
    if card.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    return Show(views.scorecard(ctx.say, card))


async def word(ctx: Context, card: Scorecard) -> Reply:
    """Open the form for the mentor's own word beside it."""
    if card.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    return Ask(await word_form(ctx))


async def word_form(ctx: Context) -> Form:
    """Build it."""
    return views.word_form(ctx.say, ctx.the(Scorecard))


async def worded(ctx: Context, answers: Answers) -> Reply:
    """Keep the mentor's word."""
    card = ctx.the(Scorecard)
    if card.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    card.word = answers["word"]
    ctx.db.add(card)
    return Show(views.scorecard(ctx.say, card))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show which surveys wait."""
    return views.home(ctx.say, await _waiting(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer the first survey that waits."""
    return tuple(views.step(ctx.say, ballot, row) for ballot, row in (await _waiting(ctx))[:1])
