"""Kudos: a thank-you with its reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime


class Kudos(SQLModel, table=True):
    """One member thanks another. `reason` is the giver's own words."""

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    giver_id: str = Field(foreign_key="member.id", index=True)
    receiver_id: str = Field(foreign_key="member.id", index=True)
    reason: str
    given_at: datetime = Field(sa_type=UtcDateTime, index=True)


_GIVEN_SINCE = select(func.count()).where(
    col(Kudos.community_id) == bindparam("community_id"),
    col(Kudos.giver_id) == bindparam("giver_id"),
    col(Kudos.given_at) >= bindparam("since"),
)


async def given_since(db: Db, community_id: str, giver_id: str, since: datetime) -> int:
    """Return how many kudos a member gave since."""
    named = {"community_id": community_id, "giver_id": giver_id, "since": since}
    return (await db.exec(_GIVEN_SINCE, params=named)).one()


async def received(db: Db, community_id: str, receiver_id: str) -> list[Kudos]:
    """Return what a member was thanked for, newest first."""
    found = select(Kudos).where(Kudos.community_id == community_id, Kudos.receiver_id == receiver_id)
    return list(await db.exec(found.order_by(col(Kudos.given_at).desc(), col(Kudos.id).desc())))
