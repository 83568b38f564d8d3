"""The library: questions that were answered, kept for others by those who asked and those who answered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, func, or_
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime

WAITS, OPEN = "waits", "open"


class LibraryEntry(SQLModel, table=True):
    """A question and what answered it, in the asker's words and without names.

    `status`: waits (for the word of the mentor who answered), open (everybody here can read it).
    """

    __tablename__ = "library_entry"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    request_id: str = Field(foreign_key="request.id", unique=True)
    asker_id: str = Field(foreign_key="member.id", index=True)
    mentor_id: str = Field(foreign_key="member.id", index=True)
    tag: str = Field(index=True)
    question: str
    answer: str
    status: str = WAITS
    written_at: datetime = Field(sa_type=UtcDateTime)


async def of_request(db: Db, community_id: str, request_id: str) -> LibraryEntry | None:
    """Return what was written about a request, open or not."""
    found = select(LibraryEntry).where(LibraryEntry.community_id == community_id, LibraryEntry.request_id == request_id)
    return (await db.exec(found)).first()


async def about(db: Db, community_id: str, words: Collection[str], limit: int) -> list[LibraryEntry]:
    """Return open entries that hold every one of these words; those whose tag it is first, then the newest."""
    entry = col(LibraryEntry.tag), col(LibraryEntry.question), col(LibraryEntry.answer)
    named = [or_(*(func.lower(part).contains(word.lower(), autoescape=True) for part in entry)) for word in words]
    found = select(LibraryEntry).where(LibraryEntry.community_id == community_id, LibraryEntry.status == OPEN, *named)
    tagged = case((func.lower(col(LibraryEntry.tag)) == " ".join(words).lower(), 0), else_=1)
    return list(
        await db.exec(found.order_by(tagged, col(LibraryEntry.written_at).desc(), col(LibraryEntry.id)).limit(limit))
    )


async def count_about(db: Db, community_id: str, tag: str) -> int:
    """Return how many open entries have this tag."""
    found = select(func.count()).where(
        LibraryEntry.community_id == community_id, LibraryEntry.status == OPEN, LibraryEntry.tag == tag
    )
    return (await db.exec(found)).one()
