"""Asking what has fallen due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.checkin
import storage.member
import storage.pair
import storage.programme
from bot import nudging
from bot.context import Work
from bot.features.checkin import rules
from bot.planner import Drop, Postpone
from bot.programme.file import ProgrammeFile
from bot.programme.stored import file_of
from storage.checkin import ASKED, DROPPED, SKIPPED, WAITING, CheckIn
from storage.member import Member


async def ask(work: Work, checkin_id: str) -> None:
    """Ask, postpone or drop one check-in."""
    here = work.community.id
    checkin = await storage.checkin.by_id(work.db, here, checkin_id)
    if checkin is None or checkin.status != WAITING or checkin.due_at > work.now:
        return
    pair = await storage.pair.by_id(work.db, here, checkin.pair_id)
    member = await storage.member.by_id(work.db, here, checkin.member_id)
    programme = await storage.programme.by_id(work.db, here, checkin.programme_id)
    if pair is None or member is None or programme is None:
        _close(work, checkin, DROPPED, "gone")
        return
    file = file_of(programme)
    if why := rules.not_needed(checkin, file, pair, await storage.checkin.of_pair(work.db, here, pair.id)):
        _close(work, checkin, DROPPED, why)
        return
    decided = await nudging.plan(
        work, member, "checkin.ask", key=f"checkin.ask:{checkin.id}", due=checkin.due_at, expires=checkin.expires_at
    )
    if isinstance(decided, Postpone):
        checkin.due_at, checkin.why = decided.until, decided.why.value
        work.db.add(checkin)
    elif isinstance(decided, Drop):
        _close(work, checkin, SKIPPED if rules.is_late(decided) else DROPPED, decided.why.value)
    else:
        await _send(work, checkin, file, member, decided.at)


def _close(work: Work, checkin: CheckIn, status: str, why: str) -> None:
    checkin.status, checkin.why = status, why
    work.db.add(checkin)


async def _send(work: Work, checkin: CheckIn, file: ProgrammeFile, member: Member, at: datetime) -> None:
    checkin.labels = list(rules.kind_of(file, checkin.question).labels)
    await work.outbox.nudge(
        member, "checkin.ask", key=rules.outbox_key(checkin), due=at, expires=checkin.expires_at, pair=None,
        **await question(work, checkin, file),
    )  # fmt: skip
    checkin.status, checkin.asked_at, checkin.why = ASKED, work.now, ""
    work.db.add(checkin)


async def question(work: Work, checkin: CheckIn, file: ProgrammeFile) -> dict[str, Any]:
    """Return what the view of a question needs, as JSON values."""
    seats = (await storage.pair.seats(work.db, work.community.id, [checkin.pair_id]))[checkin.pair_id]
    return {
        "checkin": checkin.id,
        "plan": checkin.question == rules.ACTION_PLAN,
        "kind": "labels" if checkin.labels else rules.kind_of(file, checkin.question).name,
        "questions": rules.questions(file, checkin.question),
        "labels": rules.labels(file, checkin.question, checkin.labels),
        "partners": [seat.member_id for seat in seats if seat.member_id != checkin.member_id],
    }
