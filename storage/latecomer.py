"""Latecomers: who joined after a round was published, and whom they were offered to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.checkin import ASKED, WAITING
from storage.db import Db
from storage.moments import Earliest
from storage.types import JsonList, UtcDateTime

LOOKING, ASKING, PLACED, OVER = "looking", "asking", "placed", "over"


class Latecomer(SQLModel, table=True):
    """Somebody for whom a place in a running round is looked for at `due_at`.

    `status`: looking, asking (`offered` names whom: the id of a pair or of a mentor; `due_at` is when that lapses),
    placed, over. `tried` holds whom they were offered to; `score` and `reasons` speak for the newest offer.
    """

    __table_args__ = (UniqueConstraint("round_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    round_id: str = Field(foreign_key="round.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    status: str = Field(default=LOOKING, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    offered: str = ""
    tried: list[Any] = Field(default=[], sa_type=JsonList)
    score: float = 0.0
    reasons: list[Any] = Field(default=[], sa_type=JsonList)


class LateQuestion(SQLModel, table=True):
    """One member is asked whether a latecomer may join. `answer`: yes, no or nothing; `status` as of a check-in."""

    __tablename__ = "late_question"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    latecomer_id: str = Field(foreign_key="latecomer.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    offered: str
    answer: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=WAITING, index=True)
    why: str = ""


async def looking(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, latecomer) for whom something is to be done, oldest first, over the whole installation."""
    found = select(Latecomer.community_id, Latecomer.id).where(
        col(Latecomer.status).in_((LOOKING, ASKING)), Latecomer.due_at <= now
    )
    return list(await db.exec(found.order_by(col(Latecomer.due_at), col(Latecomer.id)).limit(limit)))


next_looking = Earliest(select(func.min(Latecomer.due_at)).where(col(Latecomer.status).in_((LOOKING, ASKING))))
"""When the next latecomer is looked after, over the whole installation."""


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, question) for questions that are due, oldest first, over the whole installation."""
    found = select(LateQuestion.community_id, LateQuestion.id).where(
        LateQuestion.status == WAITING, LateQuestion.due_at <= now
    )
    return list(await db.exec(found.order_by(col(LateQuestion.due_at), col(LateQuestion.id)).limit(limit)))


next_due = Earliest(select(func.min(LateQuestion.due_at)).where(LateQuestion.status == WAITING))
"""When the next question falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, latecomer_id: str) -> Latecomer | None:
    """Return a latecomer of the community."""
    found = select(Latecomer).where(Latecomer.community_id == community_id, Latecomer.id == latecomer_id)
    return (await db.exec(found)).first()


async def of_round(db: Db, community_id: str, round_id: str, member_id: str) -> Latecomer | None:
    """Return what was done for a member in a round."""
    found = select(Latecomer).where(
        Latecomer.community_id == community_id, Latecomer.round_id == round_id, Latecomer.member_id == member_id
    )
    return (await db.exec(found)).first()


async def busy(db: Db, community_id: str, round_id: str) -> set[str]:
    """Return the pairs and mentors of a round who are being asked about somebody just now."""
    found = select(Latecomer.offered).where(
        Latecomer.community_id == community_id, Latecomer.round_id == round_id, Latecomer.status == ASKING
    )
    return set(await db.exec(found))


async def question_by_id(db: Db, community_id: str, question_id: str) -> LateQuestion | None:
    """Return a question of the community."""
    found = select(LateQuestion).where(LateQuestion.community_id == community_id, LateQuestion.id == question_id)
    return (await db.exec(found)).first()


async def questions(db: Db, community_id: str, latecomer_id: str) -> list[LateQuestion]:
    """Return all questions about a latecomer."""
    found = select(LateQuestion).where(
        LateQuestion.community_id == community_id, LateQuestion.latecomer_id == latecomer_id
    )
    return list(await db.exec(found.order_by(col(LateQuestion.id))))


async def open_of(db: Db, community_id: str, member_id: str, now: datetime) -> list[LateQuestion]:
    """Return the questions that were put to a member and wait for an answer."""
    found = select(LateQuestion).where(
        LateQuestion.community_id == community_id,
        LateQuestion.member_id == member_id,
        LateQuestion.status == ASKED,
        LateQuestion.expires_at > now,
    )
    return list(await db.exec(found.order_by(col(LateQuestion.id))))
