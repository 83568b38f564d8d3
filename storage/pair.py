"""Rounds and the pairs they made."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import JsonDict, JsonList, UtcDateTime


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


class Pair(SQLModel, table=True):
    """Two or three members (a circle: up to five) brought together by a round. `room` is the platform's id."""

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    space_id: str | None = Field(default=None, foreign_key="space.id")
    room: str | None = None
    status: str = "active"
    score: float = 0.0
    reasons: list[Any] = Field(default_factory=list, sa_type=JsonList)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PairMember(SQLModel, table=True):
    """A member's seat in a pair."""

    __tablename__ = "pair_member"

    pair_id: str = Field(primary_key=True, foreign_key="pair.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    role: str = "peer"
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def by_id(db: Db, community_id: str, pair_id: str) -> Pair | None:
    """Return a pair of the community."""
    return (await db.exec(select(Pair).where(Pair.community_id == community_id, Pair.id == pair_id))).first()


async def round_by_id(db: Db, community_id: str, round_id: str) -> Round | None:
    """Return a round of the community."""
    return (await db.exec(select(Round).where(Round.community_id == community_id, Round.id == round_id))).first()


async def rounds(db: Db, community_id: str, programme_id: str) -> list[Round]:
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


async def seats(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, list[PairMember]]:
    """Return pair id -> its seats that are still taken, in a fixed order."""
    found = select(PairMember).where(
        PairMember.community_id == community_id,
        col(PairMember.pair_id).in_(list(pair_ids)),
        col(PairMember.left_at).is_(None),
    )
    taken: dict[str, list[PairMember]] = {pair_id: [] for pair_id in pair_ids}
    for seat in await db.exec(found.order_by(col(PairMember.role).desc(), col(PairMember.member_id))):
        taken[seat.pair_id].append(seat)
    return taken


async def of_round(db: Db, community_id: str, round_id: str) -> list[Pair]:
    """Return the pairs of a round."""
    found = select(Pair).where(Pair.community_id == community_id, Pair.round_id == round_id)
    return list(await db.exec(found.order_by(col(Pair.id))))


async def active_of(db: Db, community_id: str, member_id: str) -> list[Pair]:
    """Return the member's active pairs, newest first."""
    found = (
        select(Pair)
        .join(PairMember, col(PairMember.pair_id) == Pair.id)
        .where(
            Pair.community_id == community_id,
            PairMember.member_id == member_id,
            col(PairMember.left_at).is_(None),
            Pair.status == "active",
        )
    )
    return list(await db.exec(found.order_by(col(Pair.created_at).desc(), col(Pair.id))))


async def all_of(db: Db, community_id: str, member_id: str) -> list[Pair]:
    """Return every pair that the member was ever in, oldest first."""
    found = (
        select(Pair)
        .join(PairMember, col(PairMember.pair_id) == Pair.id)
        .where(Pair.community_id == community_id, PairMember.member_id == member_id)
    )
    return list(await db.exec(found.order_by(col(Pair.created_at), col(Pair.id))))


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


async def tally(db: Db, community_id: str, round_id: str) -> tuple[int, int]:
    """Return (pairs of the round, how many of them met)."""
    found = select(func.count(), func.count(col(Pair.met_at))).where(
        Pair.community_id == community_id, Pair.round_id == round_id
    )
    pairs, met = (await db.exec(found)).one()
    return pairs, met


async def rooms(db: Db, community_id: str, space_id: str) -> list[str]:
    """Return the rooms of active pairs on a space."""
    found = select(Pair.room).where(
        Pair.community_id == community_id, Pair.space_id == space_id, Pair.status == "active"
    )
    return [room for room in await db.exec(found.order_by(col(Pair.id))) if room is not None]


async def forget_room(db: Db, community_id: str, space_id: str, room: str) -> None:
    """Forget a room that was removed."""
    found = select(Pair).where(Pair.community_id == community_id, Pair.space_id == space_id, Pair.room == room)
    for pair in await db.exec(found):
        pair.room = None
        db.add(pair)
