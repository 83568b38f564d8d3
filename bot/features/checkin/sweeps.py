"""Asking what has fallen due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import storage.checkin
import storage.member
import storage.pair
import storage.programme
from bot import nudging
from bot.context import Work
from bot.features.checkin import rules
from bot.nudging import Wish
from bot.outbox import Nudge
from bot.planner import Decision, Drop, Postpone, Send
from bot.programme.file import ProgrammeFile
from bot.programme.stored import file_of
from storage.checkin import ASKED, DROPPED, SKIPPED, WAITING, CheckIn
from storage.member import Member
from storage.pair import Pair, PairMember


async def ask(work: Work, ids: Sequence[str]) -> None:
    """Ask, postpone or drop so many check-ins, whose rows are loaded."""
    here = work.community.id
    asked = [await _subject(work, checkin_id) for checkin_id in ids]
    open_ones = [one for one in asked if one is not None]
    met = await storage.checkin.met_in(work.db, here, {one.checkin.pair_id for one in open_ones})
    needed = []
    for one in open_ones:
        if why := rules.not_needed(one.checkin, one.file, one.pair, met.get(one.pair.id, [])):
            _close(work, one.checkin, DROPPED, why)
        else:
            needed.append(one)
    decisions = await nudging.plan_all(work, [one.wish for one in needed])
    send = [(one, decision.at) for one, decision in zip(needed, decisions, strict=True) if isinstance(decision, Send)]
    seats = await storage.pair.seats(work.db, here, {one.pair.id for one, _ in send})
    await work.outbox.nudges([_nudge(one, at, seats[one.pair.id]) for one, at in send])
    for one, decision in zip(needed, decisions, strict=True):
        _settle(work, one, decision)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A check-in that is due, with what it is about."""

    checkin: CheckIn
    pair: Pair
    member: Member
    file: ProgrammeFile

    @property
    def wish(self) -> Wish:
        """What the planner is asked."""
        return Wish(
            member=self.member, message="checkin.ask", key=f"checkin.ask:{self.checkin.id}", due=self.checkin.due_at,
            expires=self.checkin.expires_at,
        )  # fmt: skip


async def _subject(work: Work, checkin_id: str) -> _Subject | None:
    here = work.community.id
    checkin = await storage.checkin.by_id(work.db, here, checkin_id)
    if checkin is None or checkin.status != WAITING or checkin.due_at > work.now:
        return None
    pair = await storage.pair.by_id(work.db, here, checkin.pair_id)
    member = await storage.member.by_id(work.db, here, checkin.member_id)
    programme = await storage.programme.by_id(work.db, here, checkin.programme_id)
    if pair is None or member is None or programme is None:
        _close(work, checkin, DROPPED, "gone")
        return None
    return _Subject(checkin, pair, member, file_of(programme))


def _settle(work: Work, one: _Subject, decision: Decision) -> None:
    checkin = one.checkin
    match decision:
        case Postpone(until, why):
            checkin.due_at, checkin.why = until, why.value
        case Drop(why):
            _close(work, checkin, SKIPPED if rules.is_late(decision) else DROPPED, why.value)
        case Send():
            checkin.labels = list(rules.kind_of(one.file, checkin.question).labels)
            checkin.status, checkin.asked_at, checkin.why = ASKED, work.now, ""
    work.db.add(checkin)


def _close(work: Work, checkin: CheckIn, status: str, why: str) -> None:
    checkin.status, checkin.why = status, why
    work.db.add(checkin)


def _nudge(one: _Subject, at: datetime, seats: Sequence[PairMember]) -> Nudge:
    labels = rules.kind_of(one.file, one.checkin.question).labels
    return Nudge(
        member=one.member, message="checkin.ask", key=rules.outbox_key(one.checkin), due=at,
        expires=one.checkin.expires_at, params=_words(one.checkin, one.file, labels, seats),
    )  # fmt: skip


async def question(work: Work, checkin: CheckIn, file: ProgrammeFile) -> dict[str, Any]:
    """Return what the view of a question needs, as JSON values."""
    seats = (await storage.pair.seats(work.db, work.community.id, [checkin.pair_id]))[checkin.pair_id]
    return _words(checkin, file, checkin.labels, seats)


def _words(checkin: CheckIn, file: ProgrammeFile, labels: Sequence[str], seats: Sequence[PairMember]) -> dict[str, Any]:
    return {
        "checkin": checkin.id,
        "plan": checkin.question == rules.ACTION_PLAN,
        "kind": "labels" if labels else rules.kind_of(file, checkin.question).name,
        "questions": rules.questions(file, checkin.question),
        "labels": rules.labels(file, checkin.question, labels),
        "partners": [seat.member_id for seat in seats if seat.member_id != checkin.member_id],
    }
