"""Asking, reminding once, and deciding."""

from __future__ import annotations

import storage.member
import storage.pair
import storage.trial
from bot import nudging, pairs
from bot.context import Work
from bot.features.trial import handlers, reactions, rules
from storage.checkin import ASKED, DROPPED, WAITING
from storage.pair import ACTIVE
from storage.trial import OPEN


async def ask(work: Work, answer_id: str) -> None:
    """Ask one member, now or later; once more a day before the decision, if they have not answered."""
    here = work.community.id
    mine = await storage.trial.answer_by_id(work.db, here, answer_id)
    if mine is None or mine.status != WAITING or mine.due_at > work.now:
        return
    work.db.add(mine)
    trial = await storage.trial.by_id(work.db, here, mine.trial_id)
    pair = await storage.pair.by_id(work.db, here, trial.pair_id) if trial else None
    member = await storage.member.by_id(work.db, here, mine.member_id)
    if trial is None or pair is None or member is None or trial.status != OPEN or pair.status != ACTIVE:
        mine.status, mine.why = DROPPED, "not_active"
        return
    if mine.answer:
        mine.status, mine.why = ASKED, ""
        return
    at = await nudging.settle(work, mine, member, "trial.ask")
    if at is None:
        return
    await work.outbox.nudge(
        member, "trial.ask", key=f"trial.ask:{mine.id}:{mine.due_at.isoformat()}", due=at, expires=mine.expires_at,
        pair=None, **await handlers.question(work, trial, pair, mine),
    )  # fmt: skip
    mine.asked, mine.why = mine.asked + 1, ""
    reminded = trial.decides_at - rules.REMINDED
    if mine.asked == 1 and reminded > at:
        mine.due_at = reminded
    else:
        mine.status = ASKED


async def decide(work: Work, trial_id: str) -> None:
    """Decide about a pair, erase the answers, and tell everybody the same at the same moment."""
    here = work.community.id
    trial = await storage.trial.by_id(work.db, here, trial_id)
    if trial is None or trial.status != OPEN or trial.decides_at > work.now:
        return
    pair = await storage.pair.by_id(work.db, here, trial.pair_id)
    people = await pairs.people(work, pair) if pair is not None else []
    given = {mine.member_id: mine.answer for mine in await storage.trial.answers(work.db, here, trial.id)}
    await reactions.close(work, trial)
    if pair is None or pair.status != ACTIVE:
        return
    # Who joined later has no part in the trial of those who were there before.
    if rules.goes_on(given[member.id] for member in people if member.id in given):
        await pairs.tell(work, pair, "trial.confirmed", key=f"trial.confirmed:{trial.id}")
        return
    await work.happened("trial.over", pair)
    for member in people:
        await work.outbox.note(
            member, "trial.over", key=f"trial.over:{trial.id}:{member.id}",
            partners=[one.id for one in people if one.id != member.id],
        )  # fmt: skip
