"""The audit log: what coordinators, moderators and the bot did. Append-only by trigger; row ids and codes, no names."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime


class Audit(SQLModel, table=True):
    """`actor_id` is a member row (None: the bot itself); `reason` a code. Erasing a member empties the member row."""

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str | None = None
    act: str
    subject: str = ""
    reason: str = ""


async def newest(db: Db, community_id: str, limit: int | None = 100) -> list[Audit]:
    """Return the newest entries of the community, all of them without a limit."""
    found = select(Audit).where(Audit.community_id == community_id)
    return list(await db.exec(found.order_by(col(Audit.at).desc(), col(Audit.id).desc()).limit(limit)))
