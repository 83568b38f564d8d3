"""Outcomes that a programme measures elsewhere and brings in as numbers: a mark, a grade, a contribution."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db


class Outcome(SQLModel, table=True):
    """One number of one member in one programme; `key` is the column that it came from."""

    __table_args__ = (UniqueConstraint("programme_id", "member_id", "key"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    key: str
    value: float


async def of_programme(db: Db, community_id: str, programme_id: str) -> list[Outcome]:
    """Return every outcome of a programme."""
    found = select(Outcome).where(Outcome.community_id == community_id, Outcome.programme_id == programme_id)
    return list(await db.exec(found.order_by(col(Outcome.key), col(Outcome.member_id))))


async def keep(db: Db, community_id: str, programme_id: str, rows: Mapping[tuple[str, str], tuple[str, float]]) -> int:
    """Keep (member, key) -> (id for a new row, value), in the place of what was there; return how many changed."""
    known = {(row.member_id, row.key): row for row in await of_programme(db, community_id, programme_id)}
    changed = 0
    for (member_id, key), (fresh, value) in rows.items():
        row = known.get((member_id, key)) or Outcome(
            id=fresh, community_id=community_id, programme_id=programme_id, member_id=member_id, key=key, value=value
        )
        if (member_id, key) not in known or row.value != value:
            row.value = value
            changed += 1
            db.add(row)
    return changed


async def sums(db: Db, community_id: str, programme_id: str) -> dict[str, tuple[int, float, float]]:
    """Return key -> (how many, their sum, the sum of their squares)."""
    value = col(Outcome.value)
    found = (
        select(Outcome.key, func.count(), func.sum(value), func.sum(value * value))
        .where(Outcome.community_id == community_id, Outcome.programme_id == programme_id)
        .group_by(Outcome.key)
        .order_by(Outcome.key)
    )
    return {key: (number, total, squares) for key, number, total, squares in await db.exec(found)}
