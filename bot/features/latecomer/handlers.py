"""Answering whether a latecomer may join. A no is not told to anybody, and asks for no reason."""

from __future__ import annotations

from typing import Any

import storage.latecomer
import storage.member
import storage.pair
import storage.programme
import storage.round
from bot import pairs
from bot.chat.reply import Replace, Reply
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.latecomer import reactions, views
from bot.matching import Group, Reason
from storage.checkin import ANSWERED, ASKED
from storage.latecomer import ASKING, LOOKING, OVER, PLACED, Latecomer, LateQuestion
from storage.pair import ACTIVE, Pair
from storage.programme import PEOPLE


async def answer(ctx: Context, question: LateQuestion) -> Reply:
    """Take a yes or a no. With everybody's yes they are introduced; with a no somebody else is asked."""
    if question.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    row = await ctx.find(Latecomer, question.latecomer_id)
    if row.status != ASKING or question.offered != row.offered or question.status not in (ASKED, ANSWERED):
        raise UserError("latecomer.settled")
    if ctx.arg not in ("yes", "no"):
        raise UserError("core.gone")
    question.answer, question.status = ctx.arg, ANSWERED
    ctx.db.add(question)
    await ctx.db.flush()
    if ctx.arg == "no":
        await look_on(ctx, row)
        return Replace(views.declined(ctx.say))
    asked = [one for one in await storage.latecomer.questions(ctx.db, ctx.community.id, row.id)
             if one.offered == row.offered]  # fmt: skip
    if all(one.answer == "yes" for one in asked):
        await _place(ctx, row)
    return Replace(views.accepted(ctx.say, row.member_id))


async def look_on(work: Work, row: Latecomer) -> None:
    """Somebody did not say yes: take the offer back and look for another place."""
    row.status, row.offered, row.due_at = LOOKING, "", work.now
    work.db.add(row)
    await reactions.close(work, row)


async def _place(work: Work, row: Latecomer) -> None:
    """Let the latecomer in, if the place is still there and they are still without a partner."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, row.programme_id)
    round_ = await storage.round.by_id(work.db, here, row.round_id)
    taken = await storage.pair.taken_in(work.db, here, row.programme_id)
    alone = not any(row.member_id in people for people in taken.values())
    await reactions.close(work, row)
    row.status = OVER
    work.db.add(row)
    if programme is None or round_ is None or round_.status != "published" or not alone:
        return
    pair = await storage.pair.by_id(work.db, here, row.offered)
    if pair is not None and pair.status == ACTIVE:
        await pairs.join(work, pair, row.member_id, score=row.score, reasons=row.reasons)
    elif pair is None:
        why = tuple(Reason(one["code"], one["params"]) for one in row.reasons)
        await pairs.begin(work, round_, Group((row.offered, row.member_id), row.score, why), mode="mentor")
    else:
        return
    row.status = PLACED
    for role in await storage.programme.roles_of(work.db, here, row.member_id):
        if role.programme_id == row.programme_id and role.kind in PEOPLE:
            role.waited = 0
            work.db.add(role)


async def asked(work: Work, question: LateQuestion) -> dict[str, Any] | None:
    """Return what a question says, as JSON values; None when it is about nobody any more."""
    here = work.community.id
    row = await storage.latecomer.by_id(work.db, here, question.latecomer_id)
    newcomer = await storage.member.by_id(work.db, here, row.member_id) if row is not None else None
    programme = await storage.programme.by_id(work.db, here, row.programme_id) if row is not None else None
    if row is None or newcomer is None or programme is None or newcomer.left_at is not None:
        return None
    pair = await storage.pair.by_id(work.db, here, question.offered)
    people = await pairs.seated(work, pair) if isinstance(pair, Pair) else [question.member_id]
    return {
        "question": question.id, "who": row.member_id, "programme": programme.name, "mentor": pair is None,
        "partners": [one for one in people if one != question.member_id], "reasons": row.reasons,
        "wants": newcomer.wants[:5],
    }  # fmt: skip


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show a question that waits on the member's page."""
    return views.home(await steps(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to answer."""
    offered = []
    for question in await storage.latecomer.open_of(ctx.db, ctx.community.id, ctx.member.id, ctx.now):
        shown = await asked(ctx, question)
        if shown is not None:
            offered.append(views.step(ctx.say, shown))
    return tuple(offered)
