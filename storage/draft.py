"""Drafts: the pages of a long form that were filled in, until it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel, select

from storage.db import Db
from storage.types import JsonDict, UtcDateTime


class Draft(SQLModel, table=True):
    """What a member typed into a form so far: field -> raw value, and field -> what is wrong with it."""

    __table_args__ = (UniqueConstraint("member_id", "form", "key"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    form: str
    key: str = ""
    page: int = 0
    answers: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    errors: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)


async def of(db: Db, community_id: str, member_id: str, form: str, key: str) -> Draft | None:
    """Return a member's draft of a form."""
    found = select(Draft).where(
        Draft.community_id == community_id, Draft.member_id == member_id, Draft.form == form, Draft.key == key
    )
    return (await db.exec(found)).first()
