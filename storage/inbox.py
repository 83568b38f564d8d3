"""The inbox: every command, press and submit by its request id, so that a redelivered one has no second effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_
from sqlmodel import Field, SQLModel, col

from storage.db import Db
from storage.engine import insert_once
from storage.types import UtcDateTime


class Inbox(SQLModel, table=True):
    """`effect` names what was done ("kudos give"). A sensitive call has no row: even one that says nothing would lie
    between others whose moment is known. Those are known again by a keyed hash in memory."""

    __table_args__ = {"sqlite_with_rowid": False}

    request_id: str = Field(primary_key=True)
    effect: str = ""
    received_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


async def record(db: Db, request_id: str, effect: str, now: datetime | None) -> bool:
    """Store the request; False when it was stored before."""
    return await insert_once(db, Inbox(request_id=request_id, effect=effect, received_at=now))


async def forget_before(db: Db, moment: datetime) -> None:
    """Remove what is too old to be redelivered, and the rows of sensitive calls, whose age nobody knows."""
    await db.exec(delete(Inbox).where(or_(col(Inbox.received_at) < moment, col(Inbox.received_at).is_(None))))
