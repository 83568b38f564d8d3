"""Shoutouts: praise that a coordinator wrote, for a channel and a moment, with the yes of who is praised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import JsonList, UtcDateTime

WAITS, POSTED, DROPPED, LAPSED = "waits", "posted", "dropped", "lapsed"


class Shoutout(SQLModel, table=True):
    """Praise to be posted in the channel `goes_to` ([space, channel]) at `due_at`, once everybody in it has said yes.

    While somebody has not answered it is put off, until `waits_until` at the longest.

    `status`: waits, posted, dropped (by its author, or because somebody did not want it), lapsed (no answer in time).
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    author_id: str = Field(foreign_key="member.id", index=True)
    words: str
    goes_to: list[str] = Field(sa_type=JsonList)
    status: str = Field(default=WAITS, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    waits_until: datetime = Field(sa_type=UtcDateTime)
    written_at: datetime = Field(sa_type=UtcDateTime)


class ShoutoutMember(SQLModel, table=True):
    """Somebody who is praised in one. `says`: True, False, or None while they have not answered."""

    __tablename__ = "shoutout_member"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    shoutout_id: str = Field(foreign_key="shoutout.id", index=True, ondelete="CASCADE")
    member_id: str = Field(foreign_key="member.id", index=True)
    says: bool | None = None


async def by_id(db: Db, community_id: str, shoutout_id: str) -> Shoutout | None:
    """Return a shoutout of the community."""
    found = select(Shoutout).where(Shoutout.community_id == community_id, Shoutout.id == shoutout_id)
    return (await db.exec(found)).first()


async def members(db: Db, community_id: str, shoutout_id: str) -> list[ShoutoutMember]:
    """Return who is praised in one."""
    found = select(ShoutoutMember).where(
        ShoutoutMember.community_id == community_id, ShoutoutMember.shoutout_id == shoutout_id
    )
    return list(await db.exec(found.order_by(col(ShoutoutMember.id))))


async def waiting(db: Db, community_id: str) -> list[Shoutout]:
    """Return what is not posted yet, soonest first."""
    found = select(Shoutout).where(Shoutout.community_id == community_id, Shoutout.status == WAITS)
    return list(await db.exec(found.order_by(col(Shoutout.due_at), col(Shoutout.id))))


async def about(db: Db, community_id: str, member_id: str) -> list[Shoutout]:
    """Return what waits and praises a member."""
    found = (
        select(Shoutout)
        .join(ShoutoutMember, col(ShoutoutMember.shoutout_id) == col(Shoutout.id))
        .where(
            Shoutout.community_id == community_id, ShoutoutMember.member_id == member_id, Shoutout.status == WAITS
        )
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Shoutout.due_at), col(Shoutout.id))))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, shoutout) for what is due, over the whole installation."""
    found = select(Shoutout.community_id, Shoutout.id).where(Shoutout.status == WAITS, col(Shoutout.due_at) <= now)
    return list(await db.exec(found.order_by(col(Shoutout.due_at), col(Shoutout.id)).limit(limit)))


next_due = Earliest(select(func.min(Shoutout.due_at)).where(Shoutout.status == WAITS))
"""When the next shoutout falls due, over the whole installation."""
