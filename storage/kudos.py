"""Kudos: a thank-you with its reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, bindparam, delete, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.member import Member
from storage.pair import PairMember
from storage.programme import PEOPLE, Role
from storage.session import CONFIRMED, Session
from storage.types import UtcDateTime


class Kudos(SQLModel, table=True):
    """One member thanks another. `reason` is the giver's own words, `value` one of the community's values or "".

    Thanks to several people at once are a row for each of them with the same `gift_id`. `posted_as` is the key of the
    post that shows it to everybody, or "" while it is between the two of them.
    """

    __table_args__ = (
        Index(None, "community_id", "given_at"),
        Index(None, "giver_id", "given_at"),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id")
    gift_id: str = Field(index=True)
    giver_id: str = Field(foreign_key="member.id")
    receiver_id: str = Field(foreign_key="member.id", index=True)
    reason: str
    value: str = ""
    posted_as: str = ""
    given_at: datetime = Field(sa_type=UtcDateTime)


_GIVEN_SINCE = (
    select(Kudos)
    .where(
        col(Kudos.community_id) == bindparam("community_id"),
        col(Kudos.giver_id) == bindparam("giver_id"),
        col(Kudos.given_at) >= bindparam("since"),
    )
    .order_by(col(Kudos.given_at), col(Kudos.id))
)


async def given_since(db: Db, community_id: str, giver_id: str, since: datetime) -> list[Kudos]:
    """Return what a member gave since, oldest first."""
    named = {"community_id": community_id, "giver_id": giver_id, "since": since}
    return list(await db.exec(_GIVEN_SINCE, params=named))


async def of_gift(db: Db, community_id: str, gift_id: str) -> list[Kudos]:
    """Return the thanks that were given together."""
    found = select(Kudos).where(Kudos.community_id == community_id, Kudos.gift_id == gift_id)
    return list(await db.exec(found.order_by(col(Kudos.id))))


async def take_back(db: Db, community_id: str, gift_id: str) -> None:
    """Remove thanks that were given together."""
    await db.exec(delete(Kudos).where(col(Kudos.community_id) == community_id, col(Kudos.gift_id) == gift_id))


async def drop_own(db: Db, community_id: str, member_id: str) -> None:
    """Remove what a member gave to themselves, when two accounts turn out to be one person."""
    own = delete(Kudos).where(
        col(Kudos.community_id) == community_id, col(Kudos.giver_id) == member_id, col(Kudos.receiver_id) == member_id
    )
    await db.exec(own)


async def received(db: Db, community_id: str, receiver_id: str) -> list[Kudos]:
    """Return what a member was thanked for, newest first."""
    found = select(Kudos).where(Kudos.community_id == community_id, Kudos.receiver_id == receiver_id)
    return list(await db.exec(found.order_by(col(Kudos.given_at).desc(), col(Kudos.id).desc())))


async def unshown(db: Db, community_id: str, receiver_id: str, since: datetime) -> list[Kudos]:
    """Return what a member was thanked for since and nobody else saw, oldest first."""
    found = select(Kudos).where(
        Kudos.community_id == community_id, Kudos.receiver_id == receiver_id, Kudos.posted_as == "",
        col(Kudos.given_at) >= since,
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Kudos.given_at), col(Kudos.id))))


async def hide(db: Db, community_id: str, receiver_id: str) -> None:
    """Leave what a member was thanked for out of everything that is shown from now on."""
    theirs = update(Kudos).where(col(Kudos.community_id) == community_id, col(Kudos.receiver_id) == receiver_id)
    await db.exec(theirs.values(posted_as=""))


_GIVER = aliased(Member)
_BETWEEN = (
    select(Kudos)
    .join(Member, col(Member.id) == col(Kudos.receiver_id))
    .join(_GIVER, col(_GIVER.id) == col(Kudos.giver_id))
    .where(
        col(Kudos.community_id) == bindparam("community_id"), col(Kudos.given_at) >= bindparam("since"),
        col(Kudos.given_at) < bindparam("until"), col(Member.left_at).is_(None), col(Member.frozen_at).is_(None),
        col(_GIVER.left_at).is_(None), col(_GIVER.frozen_at).is_(None),
    )
    .order_by(col(Kudos.given_at), col(Kudos.id))
)  # fmt: skip


async def between(db: Db, community_id: str, since: datetime, until: datetime) -> list[Kudos]:
    """Return what was given in [since, until) between people who are here, oldest first."""
    named = {"community_id": community_id, "since": since, "until": until}
    return list(await db.exec(_BETWEEN, params=named))


async def unthanked(db: Db, community_id: str, since: datetime) -> list[tuple[str, int]]:
    """Return (member, their confirmed sessions since) for who takes part, was here since and got no kudos since.

    Who met most comes first. Somebody who never got any is among them.
    """
    thanked = select(Kudos.receiver_id).where(Kudos.community_id == community_id, col(Kudos.given_at) >= since)
    seats = select(Role.member_id).where(
        Role.community_id == community_id, Role.status == "active", col(Role.kind).in_(PEOPLE)
    )
    sessions = func.count(func.distinct(col(Session.id)))
    found = (
        select(Member.id, sessions)
        .outerjoin(PairMember, col(PairMember.member_id) == col(Member.id))
        .outerjoin(
            Session,
            (col(Session.pair_id) == col(PairMember.pair_id))
            & (col(Session.status) == CONFIRMED)
            & (col(Session.confirmed_at) >= since),
        )
        .where(
            Member.community_id == community_id, col(Member.id).in_(seats), col(Member.id).not_in(thanked),
            col(Member.last_seen_at) >= since, col(Member.opted_in_at).is_not(None), col(Member.left_at).is_(None),
            col(Member.frozen_at).is_(None), col(Member.inactive_at).is_(None),
        )
        .group_by(col(Member.id))
        .order_by(sessions.desc(), col(Member.id))
    )  # fmt: skip
    return [(member, n) for member, n in await db.exec(found)]
