"""How far members are with their training."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime


class TrainingProgress(SQLModel, table=True):
    """One member in one module. `at` is the step they are at; `chosen` what they chose there, None while they have not.

    `right` counts the right answers of this try, `tries` the tries. What is passed stays passed.
    """

    __tablename__ = "training_progress"
    __table_args__ = (UniqueConstraint("member_id", "module"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    module: str
    at: int = 0
    chosen: int | None = None
    right: int = 0
    tries: int = 1
    begun_at: datetime = Field(sa_type=UtcDateTime)
    passed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def of_member(db: Db, community_id: str, member_id: str) -> dict[str, TrainingProgress]:
    """Return module -> how far a member is; absent: not begun."""
    found = select(TrainingProgress).where(
        TrainingProgress.community_id == community_id, TrainingProgress.member_id == member_id
    )
    return {row.module: row for row in await db.exec(found.order_by(col(TrainingProgress.begun_at)))}


async def passed(db: Db, community_id: str, member_ids: Collection[str]) -> dict[str, set[str]]:
    """Return member -> the modules that they passed; absent: none."""
    found = select(TrainingProgress.member_id, TrainingProgress.module).where(
        TrainingProgress.community_id == community_id, col(TrainingProgress.passed_at).is_not(None),
        col(TrainingProgress.member_id).in_(list(member_ids)),
    )  # fmt: skip
    done: dict[str, set[str]] = {}
    for member, module in await db.exec(found):
        done.setdefault(member, set()).add(module)
    return done


async def passed_count(db: Db, community_id: str, member_id: str) -> int:
    """Return how many modules a member passed."""
    found = select(func.count()).where(
        TrainingProgress.community_id == community_id, TrainingProgress.member_id == member_id,
        col(TrainingProgress.passed_at).is_not(None),
    )  # fmt: skip
    return (await db.exec(found)).one()
