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
from bot.outbox import Nudge
from bot.programme.file import ProgrammeFile
from bot.programme.stored import file_of
from storage.checkin import ASKED, DROPPED, WAITING, CheckIn
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
    moments = await nudging.settle_all(work, [(one.checkin, one.member) for one in needed], "checkin.ask")
    send = [(one, at) for one, at in zip(needed, moments, strict=True) if at is not None]
    seats = await storage.pair.seats(work.db, here, {one.pair.id for one, _ in send})
    await work.outbox.nudges([_nudge(one, at, seats[one.pair.id]) for one, at in send])
    for one, _ in send:
        one.checkin.labels = list(one.labels)
        one.checkin.status, one.checkin.asked_at, one.checkin.why = ASKED, work.now, ""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A check-in that is due, with what it is about."""

    checkin: CheckIn
    pair: Pair
    member: Member
    file: ProgrammeFile

    @property
    def labels(self) -> tuple[str, ...]:
        """What can be pressed, as the file has it today."""
        return rules.kind_of(self.file, self.checkin.question).labels


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


def _close(work: Work, checkin: CheckIn, status: str, why: str) -> None:
    checkin.status, checkin.why = status, why
    work.db.add(checkin)


def _nudge(one: _Subject, at: datetime, seats: Sequence[PairMember]) -> Nudge:
    return Nudge(
        member=one.member, message="checkin.ask", key=rules.outbox_key(one.checkin), due=at,
        expires=one.checkin.expires_at, params=_words(one.checkin, one.file, one.labels, seats),
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
