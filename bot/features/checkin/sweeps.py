"""Asking what has fallen due."""

from __future__ import annotations

from datetime import datetime, timedelta

import storage.checkin
import storage.member
import storage.outbox
import storage.pair
import storage.programme
from bot.context import Work
from bot.features.checkin import rules
from bot.planner import Drop, Postpone
from bot.programmes import file_of
from storage.checkin import ASKED, DROPPED, SKIPPED, WAITING, CheckIn
from storage.member import Member
from storage.pair import Pair

LOOK_BACK = timedelta(days=8)


async def ask(work: Work, checkin_id: str) -> None:
    """Ask, postpone or drop one check-in."""
    here = work.community.id
    checkin = await storage.checkin.by_id(work.db, here, checkin_id)
    if checkin is None or checkin.status != WAITING or checkin.due_at > work.now:
        return
    pair = await storage.pair.by_id(work.db, here, checkin.pair_id)
    member = await storage.member.by_id(work.db, here, checkin.member_id)
    if pair is None or member is None:
        _close(work, checkin, DROPPED, "gone")
        return
    decided = rules.decision(
        checkin, pair, await storage.checkin.of_pair(work.db, here, pair.id), member, zone=work.community.zone,
        now=work.now, sent=await storage.outbox.nudges_since(work.db, here, member.id, work.now - LOOK_BACK),
    )  # fmt: skip
    if isinstance(decided, str):
        _close(work, checkin, DROPPED, decided)
    elif isinstance(decided, Postpone):
        checkin.due_at, checkin.why = decided.until, decided.why.value
        work.db.add(checkin)
    elif isinstance(decided, Drop):
        _close(work, checkin, SKIPPED if rules.is_late(decided) else DROPPED, decided.why.value)
    else:
        await _send(work, checkin, pair, member, decided.at)


def _close(work: Work, checkin: CheckIn, status: str, why: str) -> None:
    checkin.status, checkin.why = status, why
    work.db.add(checkin)


async def _send(work: Work, checkin: CheckIn, pair: Pair, member: Member, at: datetime) -> None:
    programme = await storage.programme.by_id(work.db, work.community.id, pair.programme_id)
    if programme is None:
        return
    seats = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
    questions = rules.questions(file_of(programme), checkin.question)
    await work.outbox.nudge(
        member, "checkin.ask", key=f"checkin.ask:{checkin.id}:{checkin.due_at.isoformat()}", due=at,
        expires=checkin.expires_at, pair=None, checkin=checkin.id, questions=questions,
        partners=[seat.member_id for seat in seats if seat.member_id != member.id],
    )  # fmt: skip
    checkin.status, checkin.asked_at, checkin.why = ASKED, work.now, ""
    work.db.add(checkin)
