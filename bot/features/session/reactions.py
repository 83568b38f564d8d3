"""What sessions do when a pair ends."""

from __future__ import annotations

import storage.pair
import storage.session
from bot.context import Work
from bot.features.session.planning import call_off, members
from storage.pair import Pair
from storage.session import PLANNED, PROPOSED


async def call_off_all(work: Work, pair: Pair) -> None:
    """Nobody is reminded of a session of a pair that ended; who had one ahead of them is told.

    What calendars hold stays: two people may well meet after their round. What was logged stays, too, and can still be
    confirmed.
    """
    here = work.community.id
    seats = (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]
    people = await members(work, tuple(seat.member_id for seat in seats))
    for session in await storage.session.of_pair(work.db, here, pair.id):
        if session.status not in (PLANNED, PROPOSED):
            continue
        starts = session.starts_at if session.status == PLANNED else None
        if starts is not None and starts <= work.now:
            continue
        await call_off(work, session, tell=False)
        if starts is None:
            continue
        for member in people:
            await work.outbox.note(
                member, "session.pair_ended", key=f"session.ended:{session.id}:{member.id}", starts=starts.isoformat()
            )
