"""Requests for help: who asked about what, which mentors were asked to take it, and who did."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.member import Member
from storage.moments import Earliest
from storage.programme import Programme, Role
from storage.sealed import Sealed
from storage.types import UtcDateTime

OPEN, CLAIMED, SOLVED, CLOSED = "open", "claimed", "solved", "closed"
"""What `Request.status` holds."""
OFFERED, PASSED, LAPSED = "offered", "passed", "lapsed"
"""What `RequestOffer.status` holds."""


class Request(SQLModel, table=True):
    """A member asks for help with `tag`.

    `due_at`: when somebody else is asked if nobody took it by then; once it is taken, when the asker is asked whether
    it was answered.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    asker_id: str = Field(foreign_key="member.id", index=True)
    mentor_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    tag: str
    question: str = Field(sa_type=Sealed)
    status: str = OPEN
    asked_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    solved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RequestHelper(SQLModel, table=True):
    """What a mentor said about questions of others: whether they are `asked` at all, and how many they hold at once."""

    __tablename__ = "request_helper"

    member_id: str = Field(primary_key=True, foreign_key="member.id")
    community_id: str = Field(foreign_key="community.id", index=True)
    asked: bool = True
    at_once: int = 3


class RequestOffer(SQLModel, table=True):
    """A mentor was asked to take a request."""

    __tablename__ = "request_offer"

    request_id: str = Field(primary_key=True, foreign_key="request.id", ondelete="CASCADE")
    mentor_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    status: str = OFFERED
    offered_at: datetime = Field(sa_type=UtcDateTime)


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, request) for requests that nobody took in time, over the whole installation."""
    found = select(Request.community_id, Request.id).where(col(Request.due_at) <= now)
    return list(await db.exec(found.order_by(col(Request.due_at), col(Request.id)).limit(limit)))


next_due = Earliest(select(func.min(Request.due_at)))
"""When the next request falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, request_id: str) -> Request | None:
    """Return a request of the community."""
    found = select(Request).where(Request.community_id == community_id, Request.id == request_id)
    return (await db.exec(found)).first()


async def of(db: Db, community_id: str, member_id: str) -> list[Request]:
    """Return what a member asked or took and is not over, newest first."""
    found = select(Request).where(
        Request.community_id == community_id,
        (col(Request.asker_id) == member_id) | (col(Request.mentor_id) == member_id),
        col(Request.status).in_([OPEN, CLAIMED]),
    )
    return list(await db.exec(found.order_by(col(Request.asked_at).desc(), col(Request.id).desc())))


async def offers(db: Db, community_id: str, request_id: str) -> list[RequestOffer]:
    """Return who was asked to take a request."""
    found = select(RequestOffer).where(RequestOffer.community_id == community_id, RequestOffer.request_id == request_id)
    return list(await db.exec(found.order_by(col(RequestOffer.offered_at), col(RequestOffer.mentor_id))))


async def claim(db: Db, community_id: str, request_id: str, mentor_id: str, due_at: datetime) -> bool:
    """Give a request to a mentor if nobody has it; whether they got it. One statement, so that one of many wins.

    `due_at` is when its asker is asked how it went.
    """
    taken = (
        update(Request)
        .where(
            col(Request.community_id) == community_id, col(Request.id) == request_id, col(Request.status) == OPEN,
            col(Request.mentor_id).is_(None),
        )
        .values(mentor_id=mentor_id, status=CLAIMED, due_at=due_at)
    )  # fmt: skip
    connection = await db.connection()
    return (await connection.execute(taken)).rowcount == 1


async def mentors(db: Db, community_id: str) -> list[Member]:
    """Return the members who are a mentor or peer in an open programme and can be given somebody new."""
    seats = (
        select(Role.member_id)
        .join(Programme, col(Programme.id) == col(Role.programme_id))
        .where(
            Role.community_id == community_id, col(Role.kind).in_(["mentor", "peer"]), Role.status == "active",
            col(Role.unavailable_at).is_(None), col(Programme.closed_at).is_(None),
        )
    )  # fmt: skip
    found = select(Member).where(Member.community_id == community_id, col(Member.id).in_(seats))
    return list(await db.exec(found.order_by(col(Member.id))))


async def helper(db: Db, community_id: str, member_id: str) -> RequestHelper | None:
    """Return what a mentor said about questions; None: nothing."""
    found = select(RequestHelper).where(
        RequestHelper.community_id == community_id, RequestHelper.member_id == member_id
    )
    return (await db.exec(found)).first()


async def helpers(db: Db, community_id: str) -> dict[str, RequestHelper]:
    """Return mentor -> what they said about questions; absent: nothing."""
    found = select(RequestHelper).where(RequestHelper.community_id == community_id)
    return {row.member_id: row for row in await db.exec(found)}


async def load(db: Db, community_id: str, mentor_ids: Collection[str]) -> dict[str, int]:
    """Return mentor -> how many requests they have taken that are not solved; absent: none."""
    found = select(Request.mentor_id, func.count()).where(
        Request.community_id == community_id, Request.status == CLAIMED, col(Request.mentor_id).in_(list(mentor_ids))
    )
    return {mentor: n for mentor, n in await db.exec(found.group_by(Request.mentor_id)) if mentor is not None}


async def experts(db: Db, community_id: str, tag: str) -> dict[str, int]:
    """Return mentor -> how many different people's requests about this they solved.

    Over members who are here and did not say that they are not to be asked.
    """
    resting = select(RequestHelper.member_id).where(
        RequestHelper.community_id == community_id, col(RequestHelper.asked).is_(False)
    )
    found = (
        select(Request.mentor_id, func.count(func.distinct(Request.asker_id)))
        .join(Member, col(Member.id) == col(Request.mentor_id))
        .where(
            Request.community_id == community_id, Request.tag == tag, Request.status == SOLVED,
            col(Member.left_at).is_(None), col(Member.opted_in_at).is_not(None), col(Member.frozen_at).is_(None),
            col(Member.id).not_in(resting),
        )
        .group_by(Request.mentor_id)
    )  # fmt: skip
    return {mentor: n for mentor, n in await db.exec(found) if mentor is not None}
