"""What the planner last decided about each thing it was asked to send, so that anybody can be told why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime

PLANNED, WAITS, DROPPED = "planned", "waits", "dropped"


class Nudge(SQLModel, table=True):
    """One prompt to one member, by its `key`, and the newest decision about it.

    `message` names what kind of message it is; what it says stands nowhere here. `decision`: planned (goes out at
    `until`), waits (is asked about again at `until`), dropped. `why` and `behind` are the planner's reasons; `due_at`
    is when it fell due first.
    """

    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    key: str
    message: str
    decision: str
    why: str = ""
    behind: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime = Field(sa_type=UtcDateTime, index=True)


async def by_key(db: Db, community_id: str, key: str) -> Nudge | None:
    """Return the newest decision about a prompt."""
    return (await db.exec(select(Nudge).where(Nudge.community_id == community_id, Nudge.key == key))).first()


async def of_member(db: Db, community_id: str, member_id: str, limit: int) -> list[Nudge]:
    """Return the newest decisions about a member, newest first."""
    found = select(Nudge).where(Nudge.community_id == community_id, Nudge.member_id == member_id)
    return list(await db.exec(found.order_by(col(Nudge.decided_at).desc(), col(Nudge.id).desc()).limit(limit)))
