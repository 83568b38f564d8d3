"""When the clock is started and stopped: by what happens elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.pair
import storage.programme
import storage.response
from bot import pairs
from bot.context import Work
from bot.features.response import rules
from bot.nudging import Silence
from storage.checkin import CheckIn
from storage.pair import Pair, PairMember
from storage.response import ANSWERED, CLOSED, OPEN, Response

IN_TOUCH = ("met", "scheduled")
"""Answers to a check-in that tell of everybody in the pair."""


async def introduced(work: Work, pair: Pair) -> None:
    """Each member of a new pair is waited for."""
    for member_id in await pairs.seated(work, pair):
        _begin(work, pair, member_id)


async def joined(work: Work, seat: PairMember) -> None:
    """Who joins a pair that is in touch already is waited for too."""
    pair = await storage.pair.by_id(work.db, work.community.id, seat.pair_id)
    rows = await storage.response.of(work.db, work.community.id, rules.PAIR, seat.pair_id)
    if pair is not None and seat.member_id not in {row.member_id for row in rows}:
        _begin(work, pair, seat.member_id)


def _begin(work: Work, pair: Pair, member_id: str) -> None:
    work.db.add(
        Response(
            id=work.ids.new(), community_id=work.community.id, programme_id=pair.programme_id, kind=rules.PAIR,
            subject=pair.id, member_id=member_id, due_at=work.now + timedelta(days=work.setting("response.days")),
            created_at=work.now,
        )
    )  # fmt: skip


async def pressed(work: Work, row: Any) -> None:
    """Any press about a pair, by one of its members, is an answer; the clock's own buttons say it themselves."""
    pair_id = row.id if isinstance(row, Pair) else getattr(row, "pair_id", None)
    if pair_id is not None and work.actor_id is not None:
        await _answered(work, pair_id, work.actor_id)


async def met(work: Work, pair: Pair) -> None:
    """Who met, or says that all is well, has answered, and so have the others."""
    await _answered(work, pair.id, None)


async def in_touch(work: Work, row: Any) -> None:
    """Who plans or logs a session with their pair has answered, and so has the other."""
    await _answered(work, row.pair_id, None)


async def checked_in(work: Work, checkin: CheckIn) -> None:
    """Who says that they met, or when they will, has answered for all; any other answer is one's own."""
    await _answered(work, checkin.pair_id, None if checkin.answer in IN_TOUCH else checkin.member_id)


async def left(work: Work, pair: Pair) -> None:
    """Who has left a pair that goes on is waited for no more."""
    there = await pairs.seated(work, pair)
    for response in await storage.response.of(work.db, work.community.id, rules.PAIR, pair.id):
        if response.status == OPEN and response.member_id not in there:
            response.status = CLOSED
            work.db.add(response)


async def ended(work: Work, pair: Pair) -> None:
    """Nobody is waited for in a pair that is over."""
    for response in await storage.response.of(work.db, work.community.id, rules.PAIR, pair.id):
        if response.status == OPEN:
            response.status = CLOSED
            work.db.add(response)


async def _answered(work: Work, pair_id: str, member_id: str | None) -> None:
    """Stop the clock of one member, or of all (None). Who was given up is back with it, in that programme."""
    for response in await storage.response.of(work.db, work.community.id, rules.PAIR, pair_id):
        if member_id in (None, response.member_id) and response.answered_at is None:
            response.status, response.answered_at = ANSWERED, work.now
            work.db.add(response)
            if response.step == rules.GIVE_UP:
                await available(work, response.member_id, response.programme_id)


async def all_in_touch(work: Work, pair_id: str) -> None:
    """Somebody of the pair says so: nobody is waited for."""
    await _answered(work, pair_id, None)


async def silent(work: Work, silence: Silence) -> None:
    """Who let too much pass is asked no more, and told how to come back."""
    member, most = silence.member, work.setting("response.inactive_after")
    if member.inactive_at is not None or not rules.is_too_silent(silence.unanswered, most):
        return
    member.inactive_at = work.now
    work.db.add(member)
    work.audit("member.inactive", member.id)
    await work.outbox.note(member, "response.inactive", key=f"response.inactive:{member.id}:{work.now.isoformat()}")


async def available(work: Work, member_id: str, programme_id: str | None = None) -> None:
    """Give a member new people again, in one programme or in all of them."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member_id):
        if role.unavailable_at is not None and programme_id in (None, role.programme_id):
            role.unavailable_at = None
            work.db.add(role)
            work.audit("role.available", role.id)
