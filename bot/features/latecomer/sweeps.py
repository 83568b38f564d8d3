"""Asking a mentor or the people of a pair, without pressure."""

from __future__ import annotations

import storage.latecomer
import storage.member
from bot import nudges
from bot.context import Work
from bot.features.latecomer import handlers
from storage.checkin import ASKED, WAITING
from storage.latecomer import ASKING


async def ask(work: Work, question_id: str) -> None:
    """Ask one member, now or later. Who is not to be asked at all has not said yes, so somebody else is looked for."""
    here = work.community.id
    question = await storage.latecomer.question_by_id(work.db, here, question_id)
    if question is None or question.status != WAITING or question.due_at > work.now:
        return
    work.db.add(question)
    row = await storage.latecomer.by_id(work.db, here, question.latecomer_id)
    member = await storage.member.by_id(work.db, here, question.member_id)
    shown = await handlers.asked(work, question) if row is not None and row.status == ASKING else None
    if row is None or member is None or shown is None:
        question.status, question.why = "dropped", "settled"
        return
    at = await nudges.settle(work, question, member)
    if at is None:
        if question.status != WAITING:
            await handlers.look_on(work, row)
        return
    key = f"latecomer.ask:{question.id}"
    if shown.pop("mentor"):
        await work.outbox.nudge(member, "latecomer.mentor_asked", key=key, due=at, expires=question.expires_at, **shown)
    else:
        await work.outbox.nudge(member, "latecomer.pair_asked", key=key, due=at, expires=question.expires_at, **shown)
    question.status, question.why = ASKED, ""
