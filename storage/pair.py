"""Pairs: who was brought together, and who asked for somebody else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.types import JsonDict, JsonList, UtcDateTime

ACTIVE, FROZEN, ENDED = "active", "frozen", "ended"
"""What `Pair.status` holds. To a frozen pair nothing is said, and nothing is asked of it."""

OVER = "over"
"""Why a pair ended whose round did."""


class Pair(SQLModel, table=True):
    """Two or three members (a circle: up to five) brought together by a round. `room` is the platform's id.

    `status` is active, frozen or ended; `ended_why` then says why, as a code: over (its round ended), left, rematch,
    trial. `frozen_by` says what keeps it frozen: "pair" for the pair itself, or the id of a member who is frozen.
    `icebreakers` counts the questions to begin with that it was given. `parts` are those of the score before they were
    weighed, when the pair was made.
    """

    __table_args__ = (Index(None, "programme_id", "created_at", "ended_at", "met_at", "score"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id")
    round_id: str = Field(foreign_key="round.id", index=True)
    space_id: str | None = Field(default=None, foreign_key="space.id")
    room: str | None = None
    status: str = "active"
    score: float = 0.0
    reasons: list[Any] = Field(default=[], sa_type=JsonList)
    parts: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_why: str = ""
    frozen_by: list[str] = Field(default=[], sa_type=JsonList)
    icebreakers: int = 0


class PairMember(SQLModel, table=True):
    """A member's seat in a pair."""

    __tablename__ = "pair_member"
    __table_args__ = (Index(None, "community_id", "pair_id"),)

    pair_id: str = Field(primary_key=True, foreign_key="pair.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id")
    role: str = "peer"
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Rematch(SQLModel, table=True):
    """Somebody asked for another partner (`kind` rematch), or left a pair and said why (`kind` leave).

    `reason` is for coordinators only; the partner never learns it.

    `done_at` is when a coordinator dealt with it, and `outcome` how: paired or not_now.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    kind: str = "rematch"
    reason: str = ""
    asked_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = ""


async def by_id(db: Db, community_id: str, pair_id: str) -> Pair | None:
    """Return a pair of the community."""
    return await storage.rows.ours(db, Pair, community_id, pair_id)


_SEATS = (
    select(PairMember)
    .where(
        col(PairMember.community_id) == bindparam("community_id"),
        col(PairMember.pair_id).in_(bindparam("pair_ids", expanding=True)),
        col(PairMember.left_at).is_(None),
    )
    .order_by(col(PairMember.role).desc(), col(PairMember.member_id))
)


async def seats(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, list[PairMember]]:
    """Return pair id -> its seats that are still taken, in a fixed order."""
    taken: dict[str, list[PairMember]] = {pair_id: [] for pair_id in pair_ids}
    for seat in await db.exec(_SEATS, params={"community_id": community_id, "pair_ids": list(pair_ids)}):
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


async def open_of(db: Db, community_id: str, member_id: str) -> list[Pair]:
    """Return the member's pairs that are not over, frozen ones too, newest first."""
    return [
        pair
        for pair in reversed(await all_of(db, community_id, member_id))
        if pair.status != ENDED and await _sits(db, community_id, pair.id, member_id)
    ]


async def _sits(db: Db, community_id: str, pair_id: str, member_id: str) -> bool:
    return any(seat.member_id == member_id for seat in (await seats(db, community_id, [pair_id]))[pair_id])


async def taken_in(db: Db, community_id: str, programme_id: str) -> dict[str, dict[str, str]]:
    """Return pair id -> (member id -> role) of the pairs of a programme that are not over, frozen ones too."""
    found = (
        select(PairMember)
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(
            Pair.community_id == community_id,
            Pair.programme_id == programme_id,
            Pair.status != ENDED,
            col(PairMember.left_at).is_(None),
        )
    )
    taken: dict[str, dict[str, str]] = {}
    for seat in await db.exec(found.order_by(col(PairMember.pair_id), col(PairMember.member_id))):
        taken.setdefault(seat.pair_id, {})[seat.member_id] = seat.role
    return taken


async def icebreakers(db: Db, community_id: str, member_ids: Collection[str]) -> int:
    """Return how many questions to begin with the very same people were given, in this pair and earlier ones."""
    ids, given = set(member_ids), 0
    mine = await all_of(db, community_id, min(ids)) if ids else []
    taken = await seats(db, community_id, [pair.id for pair in mine])
    for pair in mine:
        if {seat.member_id for seat in taken[pair.id]} == ids:
            given += pair.icebreakers
    return given


async def active_in(db: Db, community_id: str, programme_id: str) -> list[Pair]:
    """Return a programme's active pairs, oldest first."""
    found = select(Pair).where(
        Pair.community_id == community_id, Pair.programme_id == programme_id, Pair.status == "active"
    )
    return list(await db.exec(found.order_by(col(Pair.created_at), col(Pair.id))))


async def all_of(db: Db, community_id: str, member_id: str) -> list[Pair]:
    """Return every pair that the member was ever in, oldest first."""
    found = (
        select(Pair)
        .join(PairMember, col(PairMember.pair_id) == Pair.id)
        .where(Pair.community_id == community_id, PairMember.member_id == member_id)
    )
    return list(await db.exec(found.order_by(col(Pair.created_at), col(Pair.id))))


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


async def rematches(db: Db, community_id: str, programme_id: str) -> list[Rematch]:
    """Return the requests for another partner that wait in a programme, oldest first."""
    found = select(Rematch).where(
        Rematch.community_id == community_id,
        Rematch.programme_id == programme_id,
        col(Rematch.done_at).is_(None),
    )
    return list(await db.exec(found.order_by(col(Rematch.asked_at), col(Rematch.id))))


async def rematch_of(db: Db, community_id: str, pair_id: str, member_id: str) -> Rematch | None:
    """Return the request that a member of a pair made and that still waits."""
    found = select(Rematch).where(
        Rematch.community_id == community_id,
        Rematch.pair_id == pair_id,
        Rematch.member_id == member_id,
        col(Rematch.done_at).is_(None),
    )
    return (await db.exec(found.order_by(col(Rematch.asked_at), col(Rematch.id)))).first()
