"""Anonymous feedback. No column says who wrote a note, in which order notes came, or when, finer than the week."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db

WAITING, PUBLISHED, WITHDRAWN = "waiting", "published", "withdrawn"


class FeedbackNote(SQLModel, table=True):
    """A note. `id` is random; only a hash of the receipt is kept. A hidden row number would tell the order, so on
    SQLite the table has none; `week` is an ISO week like 2026-W10."""

    __tablename__ = "feedback_note"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programme.id")
    topic: str
    text: str
    week: str
    status: str = WAITING
    receipt_hash: str = Field(unique=True)
    reply: str = ""


async def waiting(db: Db, community_id: str) -> list[FeedbackNote]:
    """Return the notes that wait for the next batch, by their random id."""
    found = select(FeedbackNote).where(FeedbackNote.community_id == community_id, FeedbackNote.status == WAITING)
    return list(await db.exec(found.order_by(col(FeedbackNote.id))))


async def published(db: Db, community_id: str) -> list[FeedbackNote]:
    """Return the notes that coordinators can read, newest week first, by random id within a week."""
    found = select(FeedbackNote).where(FeedbackNote.community_id == community_id, FeedbackNote.status == PUBLISHED)
    return list(await db.exec(found.order_by(col(FeedbackNote.week).desc(), col(FeedbackNote.id))))


async def by_receipt(db: Db, community_id: str, receipt_hash: str) -> FeedbackNote | None:
    """Return the note whose receipt has this hash."""
    found = select(FeedbackNote).where(
        FeedbackNote.community_id == community_id, FeedbackNote.receipt_hash == receipt_hash
    )
    return (await db.exec(found)).first()


async def count(db: Db, community_id: str) -> dict[str, int]:
    """Return status -> number of notes."""
    found = (
        select(FeedbackNote.status, func.count())
        .where(FeedbackNote.community_id == community_id)
        .group_by(FeedbackNote.status)
    )
    return dict((await db.exec(found)).all())
