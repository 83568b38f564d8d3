"""Who leaves the community gives their seats back."""

from __future__ import annotations

import storage.event
from bot.context import Work
from bot.features.event import seats
from storage.event import LEFT
from storage.member import Member


async def leave_seats(work: Work, member: Member) -> None:
    """Free the seats of somebody who left; those who wait move up."""
    for seat in await storage.event.seats_held(work.db, work.community.id, member.id):
        seat.status = LEFT
        work.db.add(seat)
        await work.db.flush()
        event = await storage.event.by_id(work.db, work.community.id, seat.event_id)
        if event is not None:
            await seats.fill(work, event)
