"""Check-ins: the question "did you meet?", one row a member, pair and week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import UtcDateTime

WAITING, ASKED, ANSWERED, DROPPED, SKIPPED = "waiting", "asked", "answered", "dropped", "skipped"


class CheckIn(SQLModel, table=True):
    """When a member is asked about a pair, and what they said.

    `status`: waiting, asked, answered, dropped (not needed any more, `why` says so), skipped (too late).
    `answer`: met, scheduled, not_yet or help. `question` is the key of the question in the programme's file.
    """

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("pair_id", "member_id", "question", "week"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    question: str
    week: int
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=WAITING, index=True)
    why: str = ""
    answer: str | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, check-in) for what is due, oldest first, over the whole installation."""
    found = select(CheckIn.community_id, CheckIn.id).where(CheckIn.status == WAITING, CheckIn.due_at <= now)
    return list(await db.exec(found.order_by(col(CheckIn.due_at), col(CheckIn.id)).limit(limit)))


next_due = Earliest(select(func.min(CheckIn.due_at)).where(CheckIn.status == WAITING))
"""When the next check-in falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, checkin_id: str) -> CheckIn | None:
    """Return a check-in of the community."""
    return (
        await db.exec(select(CheckIn).where(CheckIn.community_id == community_id, CheckIn.id == checkin_id))
    ).first()


async def of_pair(db: Db, community_id: str, pair_id: str) -> list[CheckIn]:
    """Return the check-ins of a pair, oldest first."""
    found = select(CheckIn).where(CheckIn.community_id == community_id, CheckIn.pair_id == pair_id)
    return list(await db.exec(found.order_by(col(CheckIn.week), col(CheckIn.member_id))))


async def open_of(db: Db, community_id: str, member_id: str) -> list[CheckIn]:
    """Return the member's check-ins that were asked and not answered, newest first."""
    found = select(CheckIn).where(
        CheckIn.community_id == community_id, CheckIn.member_id == member_id, CheckIn.status == ASKED
    )
    return list(await db.exec(found.order_by(col(CheckIn.due_at).desc(), col(CheckIn.id))))


async def answers(db: Db, community_id: str, programme_id: str, since: datetime) -> dict[str, int]:
    """Return answer -> how often it was given since; "asked" counts all that were asked since."""
    found = (
        select(CheckIn.answer, func.count())
        .where(
            CheckIn.community_id == community_id,
            CheckIn.programme_id == programme_id,
            col(CheckIn.asked_at) >= since,
        )
        .group_by(CheckIn.answer)
    )
    counted = {answer or "none": count for answer, count in await db.exec(found)}
    return counted | {"asked": sum(counted.values())}
