"""What trials do when a pair begins, rests, goes on or ends."""

from __future__ import annotations

import storage.programme
import storage.round
import storage.trial
from bot import pairs
from bot.context import Work
from bot.features.trial import rules
from bot.programme.stored import file_of
from bot.zones import usable
from storage.checkin import DROPPED, WAITING
from storage.pair import Pair
from storage.trial import OPEN, OVER, RESTING, Trial, TrialAnswer


async def begin(work: Work, pair: Pair) -> None:
    """Plan the trial of a new pair, where the programme has one and the round is long enough for it."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    round_ = await storage.round.by_id(work.db, here, pair.round_id)
    weeks = file_of(programme).pairs.trial_weeks if programme is not None else None
    if weeks is None:
        return
    decides = rules.decided(work.now, weeks, work.community.zone)
    if round_ is None or round_.ends_at is None or decides >= round_.ends_at:
        return
    trial = Trial(id=work.ids.new(), community_id=here, pair_id=pair.id, weeks=weeks, decides_at=decides)
    work.db.add(trial)
    await work.db.flush()
    for member in await pairs.people(work, pair):
        due = rules.asked(work.now, weeks, usable(member.zone, work.community.zone))
        work.db.add(
            TrialAnswer(
                id=work.ids.new(), community_id=here, trial_id=trial.id, member_id=member.id, due_at=due,
                expires_at=decides,
            )
        )  # fmt: skip


async def drop(work: Work, pair: Pair) -> None:
    """A pair that ended is asked nothing more, and what was answered is erased."""
    trial = await storage.trial.of_pair(work.db, work.community.id, pair.id)
    if trial is not None:
        await close(work, trial)


async def close(work: Work, trial: Trial) -> None:
    """End a trial: from here on nothing tells who answered what."""
    trial.status = OVER
    work.db.add(trial)
    for mine in await storage.trial.answers(work.db, work.community.id, trial.id):
        mine.answer, mine.asked, mine.status, mine.why = "", 0, DROPPED, "over"
        work.db.add(mine)


async def rest(work: Work, pair: Pair) -> None:
    """A frozen pair is neither asked nor decided about."""
    trial = await storage.trial.of_pair(work.db, work.community.id, pair.id)
    if trial is not None and trial.status == OPEN:
        trial.status = RESTING
        work.db.add(trial)


async def resume(work: Work, pair: Pair) -> None:
    """A pair that goes on has days enough to answer; who was not asked meanwhile is asked now."""
    trial = await storage.trial.of_pair(work.db, work.community.id, pair.id)
    if trial is None or trial.status != RESTING:
        return
    trial.status, trial.decides_at = OPEN, max(trial.decides_at, work.now + rules.AFTER_A_REST)
    work.db.add(trial)
    for mine in await storage.trial.answers(work.db, work.community.id, trial.id):
        mine.status, mine.why, mine.expires_at = WAITING, "", trial.decides_at
        mine.due_at = max(mine.due_at, work.now)
        work.db.add(mine)
