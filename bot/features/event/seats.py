"""What happens to the people with a seat: they are told, moved up, reminded. Used by handlers, sweeps and reactions."""

from __future__ import annotations

import storage.event
import storage.member
import storage.outbox
from bot.context import Work
from bot.features.event import rules, views
from storage.event import GOING, PLANNED, WAITING, Event


async def tell(work: Work, event: Event, message: str, *, key: str, status: str = GOING) -> None:
    """Tell everybody with this status something about the event; `key` with each member's id is unique."""
    held = await storage.event.seats(work.db, work.community.id, event.id, status)
    members = await storage.member.by_ids(work.db, work.community.id, [seat.member_id for seat in held])
    for member in members.values():
        await work.outbox.note(member, message, key=f"{key}:{member.id}", had_seat=status == GOING, **views.told(event))


async def fill(work: Work, event: Event) -> None:
    """Give free seats to those who wait, first come first, and tell them."""
    if event.status != PLANNED or work.now >= event.starts_at:
        return
    going = await storage.event.seats(work.db, work.community.id, event.id)
    waiting = await storage.event.seats(work.db, work.community.id, event.id, WAITING)
    moved = rules.promoted(event, len(going), waiting)
    members = await storage.member.by_ids(work.db, work.community.id, [seat.member_id for seat in moved])
    for seat in moved:
        seat.status, seat.told = GOING, ""
        work.db.add(seat)
        key = f"event.moved_up:{seat.id}:{seat.since.isoformat()}"
        await work.outbox.note(members[seat.member_id], "event.moved_up", key=key, **views.told(event))
    await work.db.flush()


async def enter(work: Work, event: Event) -> None:
    """Keep the space's own calendar as the event is now, where the community wants that."""
    if not work.setting("event.calendar"):
        return
    first = f"event.calendar:{event.id}:0"
    key = f"event.calendar:{event.id}:{event.edition}"
    known = await storage.outbox.by_key(work.db, work.community.id, first)
    await work.outbox.calendar(
        event.space_id, event.id, key=key if known else first, before=first if known else "", **views.told(event)
    )


async def start_again(work: Work, event: Event) -> None:
    """Forget who was reminded: the event begins at another time or place."""
    for seat in await storage.event.seats(work.db, work.community.id, event.id):
        seat.told = ""
        work.db.add(seat)
    await work.db.flush()
