"""Rounds: when they were drawn, published and ended, and the pairs that they made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.pair import Pair, PairMember
from storage.types import JsonDict, UtcDateTime


class Round(SQLModel, table=True):
    """One pairing of a programme's members. Drawn with `seed`, so that it can be drawn again.

    `status`: wanted (to be drawn now), published, ended, empty (nobody could be paired).
    """

    __table_args__ = (UniqueConstraint("programme_id", "number"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    number: int
    seed: int
    status: str = "wanted"
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JsonDict)
    created_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def by_id(db: Db, community_id: str, round_id: str) -> Round | None:
    """Return a round of the community."""
    return (await db.exec(select(Round).where(Round.community_id == community_id, Round.id == round_id))).first()


async def of_programme(db: Db, community_id: str, programme_id: str) -> list[Round]:
    """Return a programme's rounds, newest first."""
    found = select(Round).where(Round.community_id == community_id, Round.programme_id == programme_id)
    return list(await db.exec(found.order_by(col(Round.number).desc())))


async def wanted(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, round) for rounds that wait to be drawn, over the whole installation."""
    found = select(Round.community_id, Round.id).where(Round.status == "wanted", Round.created_at <= now)
    return list(await db.exec(found.order_by(col(Round.created_at), col(Round.id)).limit(limit)))


next_wanted = Earliest(select(func.min(Round.created_at)).where(Round.status == "wanted"))
"""Since when the oldest round waits to be drawn, over the whole installation."""


async def ending(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, round) for published rounds whose time is over, over the whole installation."""
    found = select(Round.community_id, Round.id).where(Round.status == "published", col(Round.ends_at) <= now)
    return list(await db.exec(found.order_by(col(Round.ends_at), col(Round.id)).limit(limit)))


next_ending = Earliest(select(func.min(Round.ends_at)).where(Round.status == "published"))
"""When the next published round ends, over the whole installation."""


async def history(db: Db, community_id: str, programme_id: str, since_round: int) -> list[tuple[int, str, str]]:
    """Return (round number, pair id, member id) of published rounds from `since_round` on."""
    found = (
        select(Round.number, PairMember.pair_id, PairMember.member_id)
        .join(Pair, col(Pair.round_id) == Round.id)
        .join(PairMember, col(PairMember.pair_id) == Pair.id)
        .where(
            Round.community_id == community_id,
            Round.programme_id == programme_id,
            col(Round.status).in_(("published", "ended")),
            Round.number >= since_round,
        )
    )
    return list(await db.exec(found.order_by(col(Round.number), col(PairMember.pair_id), col(PairMember.member_id))))
