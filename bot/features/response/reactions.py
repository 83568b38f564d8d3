"""When the clock is started and stopped: by what happens elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.pair
import storage.programme
import storage.response
from bot import nudging
from bot.context import Work
from bot.features.response import rules
from storage.member import Member
from storage.pair import Pair
from storage.response import ANSWERED, CLOSED, OPEN, Response


async def introduced(work: Work, pair: Pair) -> None:
    """Each member of a new pair is waited for."""
    days = timedelta(days=work.setting("response.days"))
    for seat in (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]:
        work.db.add(
            Response(
                id=work.ids.new(), community_id=work.community.id, programme_id=pair.programme_id, kind=rules.PAIR,
                subject=pair.id, member_id=seat.member_id, due_at=work.now + days, created_at=work.now,
            )
        )  # fmt: skip


async def pressed(work: Work, row: Any) -> None:
    """Any press about a pair, by one of its members, is an answer; the clock's own buttons say it themselves."""
    pair_id = row.id if isinstance(row, Pair) else getattr(row, "pair_id", None)
    if pair_id is not None and work.actor_id is not None:
        await _answered(work, pair_id, work.actor_id)


async def met(work: Work, pair: Pair) -> None:
    """Who met has answered."""
    await _answered(work, pair.id, None)


async def in_touch(work: Work, row: Any) -> None:
    """Who plans or logs a session with their pair has answered, and so has the other."""
    await _answered(work, row.pair_id, None)


async def ended(work: Work, pair: Pair) -> None:
    """Nobody is waited for in a pair that is over."""
    for response in await storage.response.of(work.db, work.community.id, rules.PAIR, pair.id):
        if response.status == OPEN:
            response.status = CLOSED
            work.db.add(response)


async def _answered(work: Work, pair_id: str, member_id: str | None) -> None:
    for response in await storage.response.of(work.db, work.community.id, rules.PAIR, pair_id):
        if member_id in (None, response.member_id) and response.answered_at is None:
            answer(work, response)


def answer(work: Work, response: Response) -> None:
    """Stop the clock of one answer, also when the ladder was climbed to its end."""
    response.status, response.answered_at = ANSWERED, work.now
    work.db.add(response)


async def silent(work: Work, member: Member) -> None:
    """Who let too much pass is asked no more, and told how to come back."""
    count = await nudging.unanswered(work.db, work.community.id, member)
    if member.inactive_at is not None or not rules.is_too_silent(count, work.setting("response.inactive_after")):
        return
    member.inactive_at = work.now
    work.db.add(member)
    work.audit("member.inactive", member.id)
    await work.outbox.note(member, "response.inactive", key=f"response.inactive:{member.id}:{work.now.isoformat()}")


async def joined(work: Work, member: Member) -> None:
    """Who joins (again) is there for new people."""
    await available(work, member)


async def available(work: Work, member: Member) -> bool:
    """Give a member new people again, in every programme; whether that changes anything."""
    changed = False
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.unavailable_at is not None:
            role.unavailable_at, changed = None, True
            work.db.add(role)
    return changed
