"""Feedback notes and what is said about them. No column says who wrote one, in which order they came, or when, finer
than the week.

Rows are WITHOUT ROWID and under random ids, and what waits for a batch is written anew in a random order each time
something is added (`mix`): otherwise the place of a row inside its page would tell the order in which notes came.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, update
from sqlalchemy import select as select_stored
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.sealed import Sealed, as_stored
from storage.types import UtcDateTime

WAITING, PUBLISHED, WORKING, DONE, WITHDRAWN = "waiting", "published", "working", "done", "withdrawn"
READABLE = (PUBLISHED, WORKING, DONE)
CONFIDENTIAL, ANONYMOUS = "confidential", "anonymous"
SENDER, COORDINATORS, EVERYBODY = "sender", "coordinators", "everybody"


class FeedbackNote(SQLModel, table=True):
    """A note. `id` is random; only a hash of the receipt is kept; `week` is an ISO week like 2026-W10.

    `mode`: confidential or anonymous. `pseudonym`, of a confidential note alone, is a keyed hash that differs for each
    note, and goes when `window_until` has come. Until it is published, `window_until` is a moment of the week, the same
    for every note of the week; then, like `published_at`, a moment of its batch. `blocked`: its sender may not write
    until then. `hidden`: from coordinators. `answered`: an answer was published to all.
    """

    __tablename__ = "feedback_note"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programme.id")
    topic: str
    text: str = Field(sa_type=Sealed)
    week: str
    mode: str = ANONYMOUS
    status: str = WAITING
    receipt_hash: str = Field(unique=True)
    pseudonym: str | None = None
    window_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    blocked: bool = False
    hidden: bool = False
    escalated: bool = False
    answered: bool = False


class FeedbackMessage(SQLModel, table=True):
    """Something said about a note. `side`: the sender, the coordinators, or coordinators to everybody.

    `number` orders what is said about one note; what a sender adds is `waiting` until the next batch.
    """

    __tablename__ = "feedback_message"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    note_id: str = Field(foreign_key="feedback_note.id", index=True)
    side: str
    number: int
    text: str = Field(sa_type=Sealed)
    waiting: bool = False


def random_id() -> str:
    """Return an id that says nothing: 96 random bits, from the system and not from `Ids`, which tell the time."""
    return secrets.token_hex(12)


# -- the batch


async def count_waiting(db: Db, community_id: str) -> int:
    """Return how many notes and additions wait for the next batch."""
    notes = select(func.count()).where(FeedbackNote.community_id == community_id, FeedbackNote.status == WAITING)
    added = select(func.count()).where(FeedbackMessage.community_id == community_id, col(FeedbackMessage.waiting))
    return (await db.exec(notes)).one() + (await db.exec(added)).one()


async def mix(db: Db, community_id: str) -> None:
    """Write everything that waits for the batch anew, in a random order, still sealed."""
    for table, waits in _waiting(community_id):
        await _rewrite(db, table, waits, {})


async def publish(db: Db, community_id: str, now: datetime, window_until: datetime) -> tuple[int, int]:
    """Make everything that waits readable, written anew in a random order; return how many (notes, additions).

    A pseudonym goes at `window_until`, or when its week does, whichever is earlier.
    """
    await db.flush()
    later = FeedbackNote.__table__.c.window_until > window_until  # type: ignore[attr-defined]
    shorter = update(FeedbackNote).where(
        col(FeedbackNote.community_id) == community_id, col(FeedbackNote.status) == WAITING, later
    )  # fmt: skip
    await db.exec(shorter.values(window_until=window_until))
    dated = update(FeedbackNote).where(
        col(FeedbackNote.community_id) == community_id, col(FeedbackNote.status) == WAITING
    )
    await db.exec(dated.values(published_at=now))
    (notes, wait), (messages, added) = _waiting(community_id)
    return (
        await _rewrite(db, notes, wait, {"status": PUBLISHED}),
        await _rewrite(db, messages, added, {"waiting": False}),
    )


def _waiting(community_id: str) -> list[tuple[Any, ColumnElement[bool]]]:
    notes, messages = as_stored(FeedbackNote.__table__), as_stored(FeedbackMessage.__table__)  # type: ignore[attr-defined]
    return [
        (notes, (notes.c.community_id == community_id) & (notes.c.status == WAITING)),
        (messages, (messages.c.community_id == community_id) & (messages.c.waiting == True)),  # noqa: E712 - SQL
    ]


async def _rewrite(db: Db, table: Any, which: ColumnElement[bool], change: dict[str, Any]) -> int:
    await db.flush()
    connection = await db.connection()
    rows = [dict(row) | change for row in (await connection.execute(select_stored(table).where(which))).mappings()]
    if rows:
        await connection.execute(delete(table).where(which))
        secrets.SystemRandom().shuffle(rows)
        await connection.execute(insert(table), rows)
    return len(rows)


# -- reading


async def readable(db: Db, community_id: str, *, hidden: bool = False, limit: int = 500) -> list[FeedbackNote]:
    """Return the notes that coordinators can read, newest week first, by random id within a week.

    With `hidden`, those that a moderator hid from them too.
    """
    found = select(FeedbackNote).where(
        FeedbackNote.community_id == community_id, col(FeedbackNote.status).in_(READABLE)
    )
    if not hidden:
        found = found.where(col(FeedbackNote.hidden).is_(False))
    return list(await db.exec(found.order_by(col(FeedbackNote.week).desc(), col(FeedbackNote.id)).limit(limit)))


async def by_receipt(db: Db, community_id: str, receipt_hash: str) -> FeedbackNote | None:
    """Return the note whose receipt has this hash."""
    found = select(FeedbackNote).where(
        FeedbackNote.community_id == community_id, FeedbackNote.receipt_hash == receipt_hash
    )
    return (await db.exec(found)).first()


async def said(
    db: Db, community_id: str, note_ids: Collection[str], *, waiting: bool = False
) -> dict[str, list[FeedbackMessage]]:
    """Return note -> what was said about it, in order; with `waiting`, what nobody can read yet too."""
    found = select(FeedbackMessage).where(
        FeedbackMessage.community_id == community_id, col(FeedbackMessage.note_id).in_(list(note_ids))
    )
    if not waiting:
        found = found.where(col(FeedbackMessage.waiting).is_(False))
    by_note: dict[str, list[FeedbackMessage]] = {note_id: [] for note_id in note_ids}
    for message in await db.exec(found.order_by(col(FeedbackMessage.number), col(FeedbackMessage.id))):
        by_note[message.note_id].append(message)
    return by_note


async def count(db: Db, community_id: str) -> dict[str, int]:
    """Return status -> number of notes that coordinators can read; what waits is nobody's business."""
    found = (
        select(FeedbackNote.status, func.count())
        .where(
            FeedbackNote.community_id == community_id,
            col(FeedbackNote.status).in_(READABLE),
            col(FeedbackNote.hidden).is_(False),
        )
        .group_by(FeedbackNote.status)
    )
    return dict((await db.exec(found)).all())


# -- changing


async def change_status(db: Db, community_id: str, note_id: str, before: str, after: str) -> bool:
    """Change a note's status if it is still `before`; return whether it was."""
    return await _change(db, community_id, note_id, col(FeedbackNote.status) == before, status=after)


async def mark(db: Db, community_id: str, note_id: str, what: str, value: bool) -> bool:
    """Set one of a note's marks (`blocked`, `hidden`, `escalated`, `answered`); return whether it changed."""
    return await _change(db, community_id, note_id, getattr(FeedbackNote, what) != value, **{what: value})


async def _change(db: Db, community_id: str, note_id: str, now: Any, **values: Any) -> bool:
    here = (col(FeedbackNote.community_id) == community_id, col(FeedbackNote.id) == note_id)
    await db.flush()
    return (await db.exec(update(FeedbackNote).where(*here, now).values(**values))).rowcount == 1


async def withdraw(db: Db, community_id: str, note_id: str) -> None:
    """Erase a note and what was said about it; a mark against its sender stays until its window ends."""
    here = (col(FeedbackNote.community_id) == community_id, col(FeedbackNote.id) == note_id)
    await db.flush()
    await db.exec(
        delete(FeedbackMessage).where(
            col(FeedbackMessage.community_id) == community_id, col(FeedbackMessage.note_id) == note_id
        )
    )
    await db.exec(update(FeedbackNote).where(*here).values(status=WITHDRAWN, text=""))
    await db.exec(
        update(FeedbackNote).where(*here, col(FeedbackNote.blocked).is_(False)).values(
            pseudonym=None, window_until=None
        )
    )  # fmt: skip


# -- pseudonyms


async def pseudonyms(db: Db, community_id: str) -> list[tuple[str, str, str, bool, datetime]]:
    """Return (note, pseudonym, week, whether its sender is blocked, until when) for each that still exists."""
    note = FeedbackNote.__table__.c  # type: ignore[attr-defined]
    found = select_stored(note.id, note.pseudonym, note.week, note.blocked, note.window_until).where(
        note.community_id == community_id, note.pseudonym.is_not(None)
    )
    await db.flush()
    rows = await (await db.connection()).execute(found)
    return [(row.id, row.pseudonym, row.week, row.blocked, row.window_until) for row in rows]


async def over(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, community) where a moderation window has ended, over the whole installation."""
    found = select(FeedbackNote.community_id).where(col(FeedbackNote.window_until) <= now).distinct()
    return [(here, here) for here in await db.exec(found.order_by(FeedbackNote.community_id).limit(limit))]


next_over = Earliest(select(func.min(FeedbackNote.window_until)))
"""When the next moderation window ends, over the whole installation."""


async def unlink(db: Db, community_id: str, now: datetime) -> int:
    """Erase each pseudonym whose window has ended, and what hung on it; return how many."""
    found = update(FeedbackNote).where(
        col(FeedbackNote.community_id) == community_id, col(FeedbackNote.window_until) <= now
    )
    done = await db.exec(found.values(pseudonym=None, window_until=None, blocked=False))
    return done.rowcount


async def remove_before(db: Db, community_id: str, week: str) -> int:
    """Remove the notes of weeks before `week`, with what was said about them; return how many."""
    old = select(FeedbackNote.id).where(FeedbackNote.community_id == community_id, FeedbackNote.week < week)
    await db.flush()
    await db.exec(
        delete(FeedbackMessage).where(
            col(FeedbackMessage.community_id) == community_id, col(FeedbackMessage.note_id).in_(old)
        )
    )
    gone = delete(FeedbackNote).where(col(FeedbackNote.community_id) == community_id, col(FeedbackNote.week) < week)
    return (await db.exec(gone)).rowcount


async def by_code(db: Db, community_id: str, code: str) -> list[FeedbackNote]:
    """Return the readable notes whose id begins with a code, hidden ones too."""
    found = select(FeedbackNote).where(
        FeedbackNote.community_id == community_id,
        col(FeedbackNote.status).in_(READABLE),
        col(FeedbackNote.id).startswith(code, autoescape=True),
    )
    return list(await db.exec(found.limit(2)))
