"""What members said when they were asked how their pair gets on: the newest word of each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime

FINE, HELP = "fine", "help"
"""What `PairWord.word` holds."""


class PairWord(SQLModel, table=True):
    """One member's newest word about one pair."""

    __tablename__ = "pair_word"

    pair_id: str = Field(primary_key=True, foreign_key="pair.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    word: str
    said_at: datetime = Field(sa_type=UtcDateTime)


async def keep(db: Db, community_id: str, pair_id: str, member_id: str, word: str, said_at: datetime) -> None:
    """Keep what a member says of a pair in the place of what they said before."""
    await db.merge(
        PairWord(community_id=community_id, pair_id=pair_id, member_id=member_id, word=word, said_at=said_at)
    )


async def of_pairs(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, list[PairWord]]:
    """Return pair id -> what was said about it, oldest first."""
    found = select(PairWord).where(PairWord.community_id == community_id, col(PairWord.pair_id).in_(list(pair_ids)))
    rows: dict[str, list[PairWord]] = {pair_id: [] for pair_id in pair_ids}
    for row in await db.exec(found.order_by(col(PairWord.said_at), col(PairWord.member_id))):
        rows[row.pair_id].append(row)
    return rows
