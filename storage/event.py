"""Events: workshops, webinars, socials and circles of mentors, and who has a seat."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import UtcDateTime

GOING, WAITING, LEFT = "going", "waiting", "left"
PLANNED, CANCELLED, OVER = "planned", "cancelled", "over"


class Event(SQLModel, table=True):
    """Something that members can come to. `capacity` 0 is no limit; `minutes` its length; `place` words or an address.

    `status`: planned, cancelled, over. `stage` names what is due at `next_at` (see the feature's rules); None: nothing.
    `edition` counts changes, as the SEQUENCE of its calendar file.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    space_id: str = Field(foreign_key="space.id")
    host_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    kind: str
    title: str
    about: str = ""
    place: str = ""
    starts_at: datetime = Field(sa_type=UtcDateTime, index=True)
    minutes: int
    capacity: int = 0
    status: str = PLANNED
    stage: str | None = None
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    edition: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


class EventSeat(SQLModel, table=True):
    """A member's place at an event. `status`: going, waiting (in the order of `since`), left.

    `told` is the last stage they were told about. `came` is what was said afterwards, by themselves when `said`, else
    by a coordinator; `rating` 1 (not for me) to 3 (it helped), `word` what they would like to add, read by coordinators
    without a name.
    """

    __tablename__ = "event_seat"
    __table_args__ = (UniqueConstraint("event_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    event_id: str = Field(foreign_key="event.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    status: str = GOING
    since: datetime = Field(sa_type=UtcDateTime)
    told: str = ""
    came: bool | None = None
    said: bool = False
    rating: int | None = None
    word: str = ""


async def by_id(db: Db, community_id: str, event_id: str) -> Event | None:
    """Return an event of the community."""
    return (await db.exec(select(Event).where(Event.community_id == community_id, Event.id == event_id))).first()


async def upcoming(db: Db, community_id: str, now: datetime) -> list[Event]:
    """Return the planned events that begin after `now`, soonest first."""
    found = select(Event).where(Event.community_id == community_id, Event.status == PLANNED, Event.starts_at > now)
    return list(await db.exec(found.order_by(col(Event.starts_at), col(Event.id))))


async def newest(db: Db, community_id: str, limit: int = 20) -> list[Event]:
    """Return the community's events, the last to begin first."""
    found = select(Event).where(Event.community_id == community_id)
    return list(await db.exec(found.order_by(col(Event.starts_at).desc(), col(Event.id)).limit(limit)))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, event) for events with something due, over the whole installation."""
    found = select(Event.community_id, Event.id).where(col(Event.next_at) <= now)
    return list(await db.exec(found.order_by(col(Event.next_at), col(Event.id)).limit(limit)))


next_due = Earliest(select(func.min(Event.next_at)))
"""When the next event has something due, over the whole installation."""


async def seat_of(db: Db, community_id: str, event_id: str, member_id: str) -> EventSeat | None:
    """Return a member's seat at an event, also one that was left."""
    found = select(EventSeat).where(
        EventSeat.community_id == community_id, EventSeat.event_id == event_id, EventSeat.member_id == member_id
    )
    return (await db.exec(found)).first()


async def seats_of(db: Db, community_id: str, member_id: str, event_ids: Collection[str]) -> dict[str, EventSeat]:
    """Return event id -> the member's seat there, also one that was left."""
    found = select(EventSeat).where(
        EventSeat.community_id == community_id,
        EventSeat.member_id == member_id,
        col(EventSeat.event_id).in_(list(event_ids)),
    )
    return {seat.event_id: seat for seat in await db.exec(found)}


async def seats_held(db: Db, community_id: str, member_id: str) -> list[EventSeat]:
    """Return the seats that a member has or waits for."""
    found = select(EventSeat).where(
        EventSeat.community_id == community_id,
        EventSeat.member_id == member_id,
        col(EventSeat.status).in_((GOING, WAITING)),
    )
    return list(await db.exec(found.order_by(col(EventSeat.since), col(EventSeat.id))))


async def seats(db: Db, community_id: str, event_id: str, status: str = GOING) -> list[EventSeat]:
    """Return the seats of an event with this status, first come first."""
    found = select(EventSeat).where(
        EventSeat.community_id == community_id, EventSeat.event_id == event_id, EventSeat.status == status
    )
    return list(await db.exec(found.order_by(col(EventSeat.since), col(EventSeat.id))))


async def untold(db: Db, community_id: str, event_id: str, stage: str, limit: int) -> list[EventSeat]:
    """Return up to `limit` seats of who is going and was not told of this stage yet."""
    found = select(EventSeat).where(
        EventSeat.community_id == community_id,
        EventSeat.event_id == event_id,
        EventSeat.status == GOING,
        EventSeat.told != stage,
    )
    return list(await db.exec(found.order_by(col(EventSeat.id)).limit(limit)))


async def counts(db: Db, community_id: str, event_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Return event id -> status -> how many seats."""
    found = (
        select(EventSeat.event_id, EventSeat.status, func.count())
        .where(EventSeat.community_id == community_id, col(EventSeat.event_id).in_(list(event_ids)))
        .group_by(EventSeat.event_id, EventSeat.status)
    )
    counted: dict[str, dict[str, int]] = {event_id: {} for event_id in event_ids}
    for event_id, status, number in await db.exec(found):
        counted[event_id][status] = number
    return counted
