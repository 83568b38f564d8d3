"""Whether thanks and praise for somebody may be shown to others: theirs to decide, private until they say so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime


class Recognition(SQLModel, table=True):
    """What one member said about being thanked in public. Without a row they have not been asked."""

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    community_id: str = Field(foreign_key="community.id", index=True)
    in_public: bool
    decided_at: datetime = Field(sa_type=UtcDateTime)


_OF = select(Recognition).where(
    col(Recognition.community_id) == bindparam("community_id"),
    col(Recognition.member_id).in_(bindparam("member_ids", expanding=True)),
)


async def of(db: Db, community_id: str, member_ids: Collection[str]) -> dict[str, bool]:
    """Return member -> whether praise for them may be shown; absent: not decided."""
    named = {"community_id": community_id, "member_ids": list(member_ids)}
    return {row.member_id: row.in_public for row in await db.exec(_OF, params=named)}


async def decide(db: Db, community_id: str, member_id: str, now: datetime, *, in_public: bool) -> None:
    """Keep what a member decided."""
    await db.merge(
        Recognition(member_id=member_id, community_id=community_id, in_public=in_public, decided_at=now)
    )  # fmt: skip
    await db.flush()
