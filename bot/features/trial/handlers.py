"""Answering in secret. Whatever is answered, what is shown, when and to whom is the same."""

from __future__ import annotations

import storage.pair
import storage.trial
from bot import pairs
from bot.chat.reply import Replace, Reply
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.trial import rules, views
from storage.pair import ACTIVE, Pair
from storage.trial import OPEN, Trial, TrialAnswer


async def answer(ctx: Context, mine: TrialAnswer) -> Reply:
    """Keep an answer until the trial is decided. It may be changed until then."""
    trial, _ = await _open(ctx, mine)
    if ctx.arg not in rules.ANSWERS:
        raise UserError("core.gone")
    mine.answer = ctx.arg
    ctx.db.add(mine)
    return Replace(views.answered(ctx.say, mine.id, trial.decides_at))


async def again(ctx: Context, mine: TrialAnswer) -> Reply:
    """Show the question again, to change the answer; it does not say which one it was."""
    trial, pair = await _open(ctx, mine)
    return Replace(views.ask(ctx.say, await question(ctx, trial, pair, mine)))


async def _open(ctx: Context, mine: TrialAnswer) -> tuple[Trial, Pair]:
    if mine.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    trial = await ctx.find(Trial, mine.trial_id)
    pair = await ctx.find(Pair, trial.pair_id)
    await pairs.partners(ctx, pair)
    if trial.status != OPEN or trial.decides_at <= ctx.now:
        raise UserError("trial.closed")
    return trial, pair


async def question(work: Work, trial: Trial, pair: Pair, mine: TrialAnswer) -> dict[str, object]:
    """Return what the question says, as JSON values."""
    others = [member for member in await pairs.seated(work, pair) if member != mine.member_id]
    return {
        "answer": mine.id, "partners": others, "weeks": trial.weeks, "decides": trial.decides_at.isoformat(),
        "again": mine.asked > 0,
    }  # fmt: skip


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show a question that stands on the member's page, whether or not they answered."""
    return views.home(await steps(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer, or to change the answer."""
    offered = []
    for mine in await storage.trial.open_of(ctx.db, ctx.community.id, ctx.member.id, ctx.now):
        trial = await storage.trial.by_id(ctx.db, ctx.community.id, mine.trial_id)
        pair = await storage.pair.by_id(ctx.db, ctx.community.id, trial.pair_id) if trial else None
        if trial is not None and pair is not None and pair.status == ACTIVE:
            offered.append(views.step(ctx.say, await question(ctx, trial, pair, mine), given=bool(mine.answer)))
    return tuple(offered)
