"""Check-ins: the question "did you meet?", one row a member, pair and week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.member import Member
from storage.moments import Earliest
from storage.pair import Pair
from storage.programme import Programme
from storage.types import UtcDateTime

WAITING, ASKED, ANSWERED, DROPPED, SKIPPED = "waiting", "asked", "answered", "dropped", "skipped"


class CheckIn(SQLModel, table=True):
    """When a member is asked about a pair, and what they said.

    `status`: waiting, asked, answered, dropped (not needed any more, `why` says so), skipped (too late).
    `answer`: met, scheduled, not_yet or help. `question` is the key of the question in the programme's file.
    """

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("pair_id", "member_id", "question", "week"), Index(None, "status", "due_at"))

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    question: str
    week: int
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = WAITING
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
    return await storage.rows.ours(db, CheckIn, community_id, checkin_id)


async def load(db: Db, ids: Collection[str]) -> list[Any]:
    """Load so many check-ins with their pairs, members and programmes at once, over the whole installation."""
    asked = list(await db.exec(select(CheckIn).where(col(CheckIn.id).in_(list(ids)))))
    pairs = await db.exec(select(Pair).where(col(Pair.id).in_({one.pair_id for one in asked})))
    members = await db.exec(select(Member).where(col(Member.id).in_({one.member_id for one in asked})))
    programmes = await db.exec(select(Programme).where(col(Programme.id).in_({one.programme_id for one in asked})))
    return [*asked, *pairs, *members, *programmes]


_SAME = select(CheckIn).where(
    col(CheckIn.community_id) == bindparam("community_id"),
    col(CheckIn.pair_id) == bindparam("pair_id"),
    col(CheckIn.question) == bindparam("question"),
    col(CheckIn.week) == bindparam("week"),
)


async def same(db: Db, community_id: str, pair_id: str, question: str, week: int) -> list[CheckIn]:
    """Return the check-ins of a pair for one question in one week."""
    named = {"community_id": community_id, "pair_id": pair_id, "question": question, "week": week}
    return list(await db.exec(_SAME, params=named))


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
