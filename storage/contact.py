"""Contacts that members of a pair without a common space exchange, once all of them want to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime


class Contact(SQLModel, table=True):
    """One contact of one member, for the people of one pair. Shown only when everybody in the pair has shared one."""

    __tablename__ = "pair_contact"

    pair_id: str = Field(primary_key=True, foreign_key="pair.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    contact: str
    shared_at: datetime = Field(sa_type=UtcDateTime)


async def of_pair(db: Db, community_id: str, pair_id: str, member_ids: Collection[str]) -> dict[str, Contact]:
    """Return member id -> the contact that they share with a pair, for those who do."""
    found = select(Contact).where(
        Contact.community_id == community_id, Contact.pair_id == pair_id, col(Contact.member_id).in_(list(member_ids))
    )
    return {row.member_id: row for row in await db.exec(found.order_by(col(Contact.member_id)))}


async def every_of_pair(db: Db, community_id: str, pair_id: str) -> list[Contact]:
    """Return all contacts that were shared with a pair, of those who left it too."""
    found = select(Contact).where(Contact.community_id == community_id, Contact.pair_id == pair_id)
    return list(await db.exec(found.order_by(col(Contact.member_id))))
