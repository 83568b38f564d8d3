"""Rounds: when they were drawn, published and ended, and the pairs that they made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.moments import Earliest
from storage.pair import Pair, PairMember
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
    result: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    created_at: datetime = Field(sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RoundDraft(SQLModel, table=True):
    """The next round of a programme as coordinators see it before it is published; a programme has at most one.

    `people` is member id -> fingerprint of what the round was drawn from (empty: not drawn yet), `result` the groups,
    total and bound, `locks` and `forbids` what coordinators decided, `proposal` a change that waits for a yes, `undo`
    how it was before the last change. Every change counts `version` up. It is published at `publish_at`, when that is
    set, and coordinators are told of it at `tell_at`.
    """

    __tablename__ = "round_draft"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", unique=True)
    number: int
    seed: int
    version: int = 1
    made_by: str | None = Field(default=None, foreign_key="member.id")
    made_at: datetime = Field(sa_type=UtcDateTime)
    people: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    result: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    locks: list[Any] = Field(default=[], sa_type=JsonList)
    forbids: list[Any] = Field(default=[], sa_type=JsonList)
    proposal: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    undo: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    publish_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tell_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RoundSkip(SQLModel, table=True):
    """A member sits out round `number` of a programme."""

    __tablename__ = "round_skip"
    __table_args__ = (UniqueConstraint("programme_id", "member_id", "number"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    number: int
    at: datetime = Field(sa_type=UtcDateTime)


class RoundWeights(SQLModel, table=True):
    """What a programme weighs instead of its file: `weights` (part -> share) count, `proposed` wait for a yes."""

    __tablename__ = "round_weights"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", unique=True)
    weights: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    proposed: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    version: int = 1
    changed_by: str | None = Field(default=None, foreign_key="member.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)


async def by_id(db: Db, community_id: str, round_id: str) -> Round | None:
    """Return a round of the community."""
    return await storage.rows.ours(db, Round, community_id, round_id)


async def of_programme(db: Db, community_id: str, programme_id: str) -> list[Round]:
    """Return a programme's rounds, newest first."""
    found = select(Round).where(Round.community_id == community_id, Round.programme_id == programme_id)
    return list(await db.exec(found.order_by(col(Round.number).desc())))


async def draft_by_id(db: Db, community_id: str, draft_id: str) -> RoundDraft | None:
    """Return a draft of the community."""
    found = select(RoundDraft).where(RoundDraft.community_id == community_id, RoundDraft.id == draft_id)
    return (await db.exec(found)).first()


async def draft_of(db: Db, community_id: str, programme_id: str) -> RoundDraft | None:
    """Return the draft of a programme's next round."""
    found = select(RoundDraft).where(RoundDraft.community_id == community_id, RoundDraft.programme_id == programme_id)
    return (await db.exec(found)).first()


async def drafts(db: Db, community_id: str) -> list[RoundDraft]:
    """Return every draft of the community."""
    found = select(RoundDraft).where(RoundDraft.community_id == community_id)
    return list(await db.exec(found.order_by(col(RoundDraft.id))))


async def weights_of(db: Db, community_id: str, programme_id: str) -> RoundWeights | None:
    """Return what a programme weighs instead of its file."""
    found = select(RoundWeights).where(
        RoundWeights.community_id == community_id, RoundWeights.programme_id == programme_id
    )
    return (await db.exec(found)).first()


async def skips(db: Db, community_id: str, programme_id: str, number: int) -> list[RoundSkip]:
    """Return who sits out a round of a programme."""
    found = select(RoundSkip).where(
        RoundSkip.community_id == community_id, RoundSkip.programme_id == programme_id, RoundSkip.number == number
    )
    return list(await db.exec(found.order_by(col(RoundSkip.id))))


async def planned(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, draft) for drafts to be published by now, over the whole installation."""
    found = select(RoundDraft.community_id, RoundDraft.id).where(col(RoundDraft.publish_at) <= now)
    return list(await db.exec(found.order_by(col(RoundDraft.publish_at), col(RoundDraft.id)).limit(limit)))


next_planned = Earliest(select(func.min(RoundDraft.publish_at)))
"""When the next draft is to be published, over the whole installation."""


async def ahead(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, draft) for drafts that coordinators are to be told of, over the whole installation."""
    found = select(RoundDraft.community_id, RoundDraft.id).where(col(RoundDraft.tell_at) <= now)
    return list(await db.exec(found.order_by(col(RoundDraft.tell_at), col(RoundDraft.id)).limit(limit)))


next_ahead = Earliest(select(func.min(RoundDraft.tell_at)))
"""When coordinators are next told of a draft, over the whole installation."""


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
