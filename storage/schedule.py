"""Schedules and their occurrences. What is due is always a row: no restart, edit or second process fires twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, delete, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.engine import insert_once
from storage.moments import Earliest
from storage.types import JsonDict, UtcDateTime


class Schedule(SQLModel, table=True):
    """A recurrence on wall time. `kind` names the feature's handler, `subject` the row it is about.

    `anchor` is local wall time, ISO 8601 without a zone. Everything up to `cursor` has been dealt with; `next_at` is
    when the next occurrence falls due. Later than `late_s` seconds, an occurrence is skipped and told.
    """

    __table_args__ = (UniqueConstraint("community_id", "kind", "subject"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    kind: str
    subject: str = ""
    zone: str
    rule: str
    anchor: str
    late_s: int = 43_200
    cursor: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    paused: bool = False
    params: dict[str, Any] = Field(default={}, sa_type=JsonDict)


class Occurrence(SQLModel, table=True):
    """One firing. `key` is schedule:local-date:slot; `status` is done or skipped."""

    key: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    schedule_id: str = Field(foreign_key="schedule.id", index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    status: str = "done"


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, schedule) for schedules with something due, over the whole installation."""
    found = select(Schedule.community_id, Schedule.id).where(
        col(Schedule.next_at) <= now, col(Schedule.paused).is_(False)
    )
    return list(await db.exec(found.order_by(col(Schedule.next_at), col(Schedule.id)).limit(limit)))


next_due = Earliest(select(func.min(Schedule.next_at)).where(col(Schedule.paused).is_(False)))
"""When the next occurrence falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, schedule_id: str) -> Schedule | None:
    """Return a schedule of the community."""
    found = select(Schedule).where(Schedule.community_id == community_id, Schedule.id == schedule_id)
    return (await db.exec(found)).first()


async def of(db: Db, community_id: str, kind: str, subject: str) -> Schedule | None:
    """Return the schedule of this kind for this subject."""
    found = select(Schedule).where(
        Schedule.community_id == community_id, Schedule.kind == kind, Schedule.subject == subject
    )
    return (await db.exec(found)).first()


async def every(db: Db, community_id: str) -> list[Schedule]:
    """Return the community's schedules, soonest first."""
    found = select(Schedule).where(Schedule.community_id == community_id)
    return list(await db.exec(found.order_by(col(Schedule.next_at), col(Schedule.id))))


async def record(db: Db, occurrence: Occurrence) -> bool:
    """Store an occurrence; False when this one was dealt with before."""
    return await insert_once(db, occurrence)


async def reopen(db: Db, community_id: str, schedule_id: str, since: datetime) -> None:
    """Let what fired after `since` fire again: for who knows by keys of their own what has been done."""
    gone = delete(Occurrence).where(
        col(Occurrence.community_id) == community_id,
        col(Occurrence.schedule_id) == schedule_id,
        col(Occurrence.due_at) > since,
    )
    await db.exec(gone)


async def skipped(db: Db, community_id: str, schedule_id: str, since: datetime) -> list[datetime]:
    """Return when occurrences since were due that were skipped because they were too late, newest first."""
    found = select(Occurrence.due_at).where(
        Occurrence.community_id == community_id,
        Occurrence.schedule_id == schedule_id,
        Occurrence.status == "skipped",
        Occurrence.due_at > since,
    )
    return list(await db.exec(found.order_by(col(Occurrence.due_at).desc())))
