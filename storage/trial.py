"""Trials: whether the members of a pair would like to go on, asked in secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.checkin import WAITING
from storage.db import Db
from storage.moments import Earliest
from storage.types import UtcDateTime

OPEN, RESTING, OVER = "open", "resting", "over"


class Trial(SQLModel, table=True):
    """The trial of a pair. Decided at `decides_at`, whatever was answered when.

    `status`: open, resting (the pair is frozen), over (decided, or not needed any more). What was decided shows in the
    pair alone.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", unique=True)
    weeks: int
    decides_at: datetime = Field(sa_type=UtcDateTime)
    status: str = OPEN


class TrialAnswer(SQLModel, table=True):
    """What one member answered: "continue", "other", or nothing. Emptied when the trial is over; never dated.

    Asked at `due_at`, reminded once while the answer is missing: `asked` counts. `status` as of a check-in.
    """

    __tablename__ = "trial_answer"
    __table_args__ = (UniqueConstraint("trial_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    trial_id: str = Field(foreign_key="trial.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    answer: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    asked: int = 0
    status: str = Field(default=WAITING, index=True)
    why: str = ""


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, answer) for questions that are due, oldest first, over the whole installation."""
    found = select(TrialAnswer.community_id, TrialAnswer.id).where(
        TrialAnswer.status == WAITING, TrialAnswer.due_at <= now
    )
    return list(await db.exec(found.order_by(col(TrialAnswer.due_at), col(TrialAnswer.id)).limit(limit)))


next_due = Earliest(select(func.min(TrialAnswer.due_at)).where(TrialAnswer.status == WAITING))
"""When the next question falls due, over the whole installation."""


async def deciding(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, trial) for trials to be decided, oldest first, over the whole installation."""
    found = select(Trial.community_id, Trial.id).where(Trial.status == OPEN, Trial.decides_at <= now)
    return list(await db.exec(found.order_by(col(Trial.decides_at), col(Trial.id)).limit(limit)))


next_deciding = Earliest(select(func.min(Trial.decides_at)).where(Trial.status == OPEN))
"""When the next trial is decided, over the whole installation."""


async def by_id(db: Db, community_id: str, trial_id: str) -> Trial | None:
    """Return a trial of the community."""
    return (await db.exec(select(Trial).where(Trial.community_id == community_id, Trial.id == trial_id))).first()


async def of_pair(db: Db, community_id: str, pair_id: str) -> Trial | None:
    """Return the trial of a pair."""
    return (await db.exec(select(Trial).where(Trial.community_id == community_id, Trial.pair_id == pair_id))).first()


async def answer_by_id(db: Db, community_id: str, answer_id: str) -> TrialAnswer | None:
    """Return one member's answer by its id."""
    found = select(TrialAnswer).where(TrialAnswer.community_id == community_id, TrialAnswer.id == answer_id)
    return (await db.exec(found)).first()


async def answers(db: Db, community_id: str, trial_id: str) -> list[TrialAnswer]:
    """Return everybody's answers in a trial, in an order that tells nothing."""
    found = select(TrialAnswer).where(TrialAnswer.community_id == community_id, TrialAnswer.trial_id == trial_id)
    return list(await db.exec(found.order_by(col(TrialAnswer.id))))


async def open_of(db: Db, community_id: str, member_id: str, now: datetime) -> list[TrialAnswer]:
    """Return the member's part in the trials whose question stands, whether or not they answered."""
    found = (
        select(TrialAnswer)
        .join(Trial, col(Trial.id) == TrialAnswer.trial_id)
        .where(
            TrialAnswer.community_id == community_id,
            TrialAnswer.member_id == member_id,
            Trial.status == OPEN,
            Trial.decides_at > now,
            (col(TrialAnswer.due_at) <= now) | (col(TrialAnswer.asked) > 0),
        )
    )
    return list(await db.exec(found.order_by(col(TrialAnswer.id))))
