"""Milestones that members reached, and the days on which they joined."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.engine import insert_once
from storage.goal import OURS, REACHED, Goal
from storage.kudos import Kudos
from storage.moments import Earliest
from storage.pair import PairMember
from storage.request import SOLVED, Request
from storage.types import UtcDateTime


class Milestone(SQLModel, table=True):
    """Something a member reached: `key` names the rule of the programme, `count` which of its counts.

    The same one is reached once, whatever happens to what it was counted from. `shared` is whether they showed it.
    """

    __table_args__ = (UniqueConstraint("member_id", "key", "count"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    key: str
    kind: str
    count: int
    shared: bool = False
    reached_at: datetime = Field(sa_type=UtcDateTime)


class Anniversary(SQLModel, table=True):
    """When it is a year again since somebody joined."""

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    community_id: str = Field(foreign_key="community.id", index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)


async def keep(db: Db, row: Milestone) -> bool:
    """Store a milestone; False when it was reached before."""
    return await insert_once(db, row)


async def of_member(db: Db, community_id: str, member_id: str) -> list[Milestone]:
    """Return what a member reached, newest first."""
    found = select(Milestone).where(Milestone.community_id == community_id, Milestone.member_id == member_id)
    return list(await db.exec(found.order_by(col(Milestone.reached_at).desc(), col(Milestone.id).desc())))


async def goals_reached(db: Db, community_id: str, member_id: str) -> int:
    """Return how many goals a member reached: their own, and those of pairs that they are in."""
    theirs = select(PairMember.pair_id).where(
        PairMember.community_id == community_id, PairMember.member_id == member_id, col(PairMember.left_at).is_(None)
    )
    found = select(func.count()).where(
        Goal.community_id == community_id, Goal.status == REACHED,
        (col(Goal.member_id) == member_id) | ((col(Goal.sight) == OURS) & col(Goal.pair_id).in_(theirs)),
    )  # fmt: skip
    return (await db.exec(found)).one()


async def questions_solved(db: Db, community_id: str, mentor_id: str) -> int:
    """Return how many questions a mentor's answer solved."""
    found = select(func.count()).where(
        Request.community_id == community_id, Request.mentor_id == mentor_id, Request.status == SOLVED
    )
    return (await db.exec(found)).one()


async def people_thanked(db: Db, community_id: str, giver_id: str) -> int:
    """Return how many different people a member thanked."""
    found = select(func.count(func.distinct(Kudos.receiver_id))).where(
        Kudos.community_id == community_id, Kudos.giver_id == giver_id
    )
    return (await db.exec(found)).one()


async def anniversary(db: Db, community_id: str, member_id: str) -> Anniversary | None:
    """Return when it is a year again for a member."""
    found = select(Anniversary).where(Anniversary.community_id == community_id, Anniversary.member_id == member_id)
    return (await db.exec(found)).first()


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, member) for whom it is a year again, over the whole installation."""
    found = select(Anniversary.community_id, Anniversary.member_id).where(col(Anniversary.due_at) <= now)
    return list(await db.exec(found.order_by(col(Anniversary.due_at), col(Anniversary.member_id)).limit(limit)))


next_due = Earliest(select(func.min(Anniversary.due_at)))
"""When the next anniversary falls due, over the whole installation."""
