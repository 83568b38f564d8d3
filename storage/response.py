"""The response clock: who is waited for, since when, and how far the ladder has been climbed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import UtcDateTime

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


class Response(SQLModel, table=True):
    """An answer that is waited for: of a member, to something (`kind` and the id of its row, `subject`).

    `step` counts what was done about it: 0 nothing, 1 reminded, 2 warned and the other side told, 3 re-routed. The next
    step is due at `due_at`. `status`: open, answered, closed (at the end of the ladder, or because the matter is over).
    """

    __table_args__ = (UniqueConstraint("kind", "subject", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programme.id", index=True)
    kind: str
    subject: str = Field(index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    step: int = 0
    status: str = Field(default=OPEN, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, response) for ladders whose next step is due, oldest first, over the whole installation."""
    found = select(Response.community_id, Response.id).where(Response.status == OPEN, Response.due_at <= now)
    return list(await db.exec(found.order_by(col(Response.due_at), col(Response.id)).limit(limit)))


next_due = Earliest(select(func.min(Response.due_at)).where(Response.status == OPEN))
"""When the next step of a ladder falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, response_id: str) -> Response | None:
    """Return a response of the community."""
    found = select(Response).where(Response.community_id == community_id, Response.id == response_id)
    return (await db.exec(found)).first()


async def of(db: Db, community_id: str, kind: str, subject: str) -> list[Response]:
    """Return everybody whose answer to something is, or was, waited for."""
    found = select(Response).where(
        Response.community_id == community_id, Response.kind == kind, Response.subject == subject
    )
    return list(await db.exec(found.order_by(col(Response.member_id))))


async def open_in(db: Db, community_id: str, kind: str, programme_id: str) -> dict[str, list[Response]]:
    """Return subject -> the answers to it that are still waited for, or never came, in a programme."""
    found = select(Response).where(
        Response.community_id == community_id,
        Response.kind == kind,
        Response.programme_id == programme_id,
        col(Response.answered_at).is_(None),
    )
    rows: dict[str, list[Response]] = {}
    for row in await db.exec(found.order_by(col(Response.subject), col(Response.member_id))):
        rows.setdefault(row.subject, []).append(row)
    return rows
