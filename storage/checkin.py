"""Check-ins: the question "did you meet?", one row a member, pair and week."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, case, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.member import Member
from storage.moments import Earliest
from storage.pair import Pair
from storage.programme import Programme
from storage.types import JsonList, UtcDateTime

WAITING, ASKED, ANSWERED, DROPPED, SKIPPED = "waiting", "asked", "answered", "dropped", "skipped"


class CheckIn(SQLModel, table=True):
    """When a member is asked about a pair, and what they said.

    `status`: waiting, asked, answered, dropped (not needed any more, `why` says so), skipped (too late).
    `question` is the key of the question in the programme's file. `answer`: met, scheduled, not_yet or help; scale,
    label or text, whose value is in `text` (what a member wrote is read by nobody else). `labels` are those it was
    asked with.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("pair_id", "member_id", "question", "week"),
        Index(None, "status", "due_at"),
        Index(None, "programme_id", "asked_at", "answer", "pair_id"),
        Index(None, "programme_id", "answered_at", "member_id", "pair_id"),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id")
    pair_id: str = Field(foreign_key="pair.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    question: str
    week: int
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = WAITING
    why: str = ""
    answer: str | None = None
    labels: list[str] = Field(default=[], sa_type=JsonList)
    text: str = ""
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


_OF_PAIR = (
    select(CheckIn)
    .where(col(CheckIn.community_id) == bindparam("community_id"), col(CheckIn.pair_id) == bindparam("pair_id"))
    .order_by(col(CheckIn.week), col(CheckIn.member_id))
)


async def of_pair(db: Db, community_id: str, pair_id: str) -> list[CheckIn]:
    """Return the check-ins of a pair, oldest first."""
    return list(await db.exec(_OF_PAIR, params={"community_id": community_id, "pair_id": pair_id}))


_MET_IN = select(CheckIn).where(
    col(CheckIn.community_id) == bindparam("community_id"),
    col(CheckIn.pair_id).in_(bindparam("pair_ids", expanding=True)),
    col(CheckIn.answer) == "met",
)


async def met_in(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, list[CheckIn]]:
    """Return pair id -> its check-ins that were answered with "we met"; pairs without any are absent."""
    found: dict[str, list[CheckIn]] = {}
    for row in await db.exec(_MET_IN, params={"community_id": community_id, "pair_ids": list(pair_ids)}):
        found.setdefault(row.pair_id, []).append(row)
    return found


async def open_of(db: Db, community_id: str, member_id: str) -> list[CheckIn]:
    """Return the member's check-ins that were asked and not answered, newest first."""
    found = select(CheckIn).where(
        CheckIn.community_id == community_id, CheckIn.member_id == member_id, CheckIn.status == ASKED
    )
    return list(await db.exec(found.order_by(col(CheckIn.due_at).desc(), col(CheckIn.id))))


async def waiting_of(db: Db, community_id: str, member_id: str) -> list[CheckIn]:
    """Return the member's check-ins that are not asked yet, soonest first."""
    found = select(CheckIn).where(
        CheckIn.community_id == community_id, CheckIn.member_id == member_id, CheckIn.status == WAITING
    )
    return list(await db.exec(found.order_by(col(CheckIn.due_at), col(CheckIn.id))))


async def of_pairs(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, list[CheckIn]]:
    """Return pair id -> its check-ins that were asked, oldest first."""
    found = select(CheckIn).where(
        CheckIn.community_id == community_id,
        col(CheckIn.pair_id).in_(list(pair_ids)),
        col(CheckIn.asked_at).is_not(None),
    )
    rows: dict[str, list[CheckIn]] = {pair_id: [] for pair_id in pair_ids}
    for row in await db.exec(found.order_by(col(CheckIn.asked_at), col(CheckIn.id))):
        rows[row.pair_id].append(row)
    return rows


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


async def tally(db: Db, community_id: str, programme_id: str, since: datetime) -> dict[str, dict[tuple[str, str], int]]:
    """Return question -> (answer, value) -> how many were asked since and said so; no answer is "none".

    The value is that of a scale or label; what members wrote is not looked at.
    """
    value = case((col(CheckIn.answer).in_(("scale", "label")), CheckIn.text), else_="")
    found = (
        select(CheckIn.question, CheckIn.answer, value, func.count())
        .where(
            CheckIn.community_id == community_id,
            CheckIn.programme_id == programme_id,
            col(CheckIn.asked_at) >= since,
        )
        .group_by(col(CheckIn.question), col(CheckIn.answer), value)
    )
    counted: dict[str, dict[tuple[str, str], int]] = {}
    for question, answer, said, number in await db.exec(found):
        counted.setdefault(question, {})[answer or "none", said] = number
    return counted


async def reflections(db: Db, community_id: str, member_id: str) -> list[CheckIn]:
    """Return the check-ins to which a member wrote something for themselves, newest first."""
    found = select(CheckIn).where(
        CheckIn.community_id == community_id, CheckIn.member_id == member_id, CheckIn.answer == "text"
    )
    return list(await db.exec(found.order_by(col(CheckIn.answered_at).desc(), col(CheckIn.id))))
