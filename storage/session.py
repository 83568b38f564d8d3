"""Sessions: when a pair means to meet, and what it made of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, func, or_
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.pair import PairMember
from storage.types import UtcDateTime

PROPOSED, PLANNED, LOGGED, CONFIRMED, CANCELLED = "proposed", "planned", "logged", "confirmed", "cancelled"
WAITING, SENT, DROPPED = "waiting", "sent", "dropped"


class Session(SQLModel, table=True):
    """One meeting of a pair: planned, logged by one of them, confirmed by another.

    `status`: proposed (no time is agreed), planned (`starts_at` is agreed), logged (waits for another's word),
    confirmed, cancelled. `suggested_at` and `suggested_by` are a time that somebody proposed and nobody has answered;
    in a planned session, a time to move it to. `sequence` counts the times that were agreed or cancelled, as calendars
    want it; `suggestion` counts the proposals. `met_on` is the day that counts once it is logged, one a pair and day.
    """

    __table_args__ = (
        UniqueConstraint("pair_id", "met_on"),
        Index(None, "programme_id", "met_on", "status", "pair_id"),
        Index(None, "programme_id", "logged_at", "logged_by"),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id")
    pair_id: str = Field(foreign_key="pair.id", index=True)
    status: str = Field(default=PROPOSED, index=True)
    starts_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    minutes: int = 60
    suggested_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    suggested_by: str | None = Field(default=None, foreign_key="member.id")
    suggestion: int = 0
    sequence: int = 0
    met_on: date | None = None
    logged_by: str | None = Field(default=None, foreign_key="member.id", index=True)
    topics: str = ""
    next_step: str = ""
    shared: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    logged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class SessionNote(SQLModel, table=True):
    """What one member has of a session for themselves: `private` is read by nobody else.

    `answer` is what they said to another's log: "right", "other" (not as they remember it) or "".
    """

    __tablename__ = "session_note"

    __table_args__ = (Index(None, "community_id", "answered_at"),)

    session_id: str = Field(primary_key=True, foreign_key="session.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id")
    private: str = ""
    answer: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SessionReminder(SQLModel, table=True):
    """One reminder to one member: `hours` before the time that was agreed as number `sequence`.

    `status`: waiting, sent, dropped (`why` says so).
    """

    __tablename__ = "session_reminder"
    __table_args__ = (UniqueConstraint("session_id", "member_id", "sequence", "hours"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    sequence: int
    hours: int
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    status: str = Field(default=WAITING, index=True)
    why: str = ""


async def by_id(db: Db, community_id: str, session_id: str) -> Session | None:
    """Return a session of the community."""
    return (
        await db.exec(select(Session).where(Session.community_id == community_id, Session.id == session_id))
    ).first()


async def of_pair(db: Db, community_id: str, pair_id: str) -> list[Session]:
    """Return the sessions of a pair that were not cancelled, oldest first."""
    found = select(Session).where(
        Session.community_id == community_id, Session.pair_id == pair_id, Session.status != CANCELLED
    )
    return list(await db.exec(found.order_by(col(Session.created_at), col(Session.id))))


async def of_member(db: Db, community_id: str, member_id: str) -> list[Session]:
    """Return the sessions, not cancelled, of every pair that a member is or was in, until they left; oldest first."""
    found = (
        select(Session)
        .join(PairMember, col(PairMember.pair_id) == Session.pair_id)
        .where(
            Session.community_id == community_id,
            PairMember.member_id == member_id,
            Session.status != CANCELLED,
            or_(col(PairMember.left_at).is_(None), col(Session.created_at) < col(PairMember.left_at)),
        )
    )
    return list(await db.exec(found.order_by(col(Session.created_at), col(Session.id))))


async def on_day(db: Db, community_id: str, pair_id: str, met_on: date) -> Session | None:
    """Return what a pair logged for a day."""
    found = select(Session).where(
        Session.community_id == community_id, Session.pair_id == pair_id, Session.met_on == met_on
    )
    return (await db.exec(found)).first()


async def agreed(db: Db, community_id: str, member_ids: Collection[str], since: datetime) -> list[Session]:
    """Return the planned sessions of these members, in whichever pair, that start later than `since`, soonest first."""
    found = (
        select(Session)
        .join(PairMember, col(PairMember.pair_id) == Session.pair_id)
        .where(
            Session.community_id == community_id,
            col(PairMember.member_id).in_(list(member_ids)),
            col(PairMember.left_at).is_(None),
            Session.status == PLANNED,
            col(Session.starts_at) > since,
        )
        .distinct()
    )
    return list(await db.exec(found.order_by(col(Session.starts_at), col(Session.id))))


async def minutes_of(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, int]:
    """Return pair id -> the minutes of its confirmed sessions; pairs without any are absent."""
    found = select(Session.pair_id, func.sum(Session.minutes)).where(
        Session.community_id == community_id, col(Session.pair_id).in_(list(pair_ids)), Session.status == CONFIRMED
    )
    return dict([*await db.exec(found.group_by(Session.pair_id))])


async def hours_of_members(db: Db, community_id: str, programme_id: str) -> dict[str, tuple[int, int]]:
    """Return member -> (minutes, sessions) of the confirmed sessions of a programme that they were in a pair for.

    A session that was made after somebody left the pair is not theirs.
    """
    found = (
        select(PairMember.member_id, func.sum(Session.minutes), func.count())
        .join(Session, col(Session.pair_id) == col(PairMember.pair_id))
        .where(
            PairMember.community_id == community_id, Session.programme_id == programme_id,
            Session.status == CONFIRMED,
            or_(col(PairMember.left_at).is_(None), col(Session.created_at) < col(PairMember.left_at)),
        )
        .group_by(PairMember.member_id)
    )  # fmt: skip
    return {member: (minutes, sessions) for member, minutes, sessions in await db.exec(found)}


async def count_of_member(db: Db, community_id: str, member_id: str) -> int:
    """Return how many confirmed sessions a member had, in whichever pair."""
    found = (
        select(func.count())
        .select_from(Session)
        .join(PairMember, col(PairMember.pair_id) == col(Session.pair_id))
        .where(
            Session.community_id == community_id, PairMember.member_id == member_id, Session.status == CONFIRMED,
            or_(col(PairMember.left_at).is_(None), col(Session.created_at) < col(PairMember.left_at)),
        )
    )  # fmt: skip
    return (await db.exec(found)).one()


async def last_signs(db: Db, community_id: str, pair_ids: Collection[str]) -> dict[str, datetime]:
    """Return pair id -> when a session of it was last planned, logged or confirmed; pairs without any are absent."""
    found = select(
        Session.pair_id, func.max(Session.created_at), func.max(Session.logged_at), func.max(Session.confirmed_at)
    ).where(Session.community_id == community_id, col(Session.pair_id).in_(list(pair_ids)), Session.status != CANCELLED)
    rows = await db.exec(found.group_by(Session.pair_id))
    return {pair_id: max(at for at in moments if at is not None) for pair_id, *moments in rows}


async def note_of(db: Db, community_id: str, session_id: str, member_id: str) -> SessionNote | None:
    """Return what one member has of a session for themselves."""
    found = select(SessionNote).where(
        SessionNote.community_id == community_id,
        SessionNote.session_id == session_id,
        SessionNote.member_id == member_id,
    )
    return (await db.exec(found)).first()


async def notes_of_member(db: Db, community_id: str, member_id: str) -> dict[str, SessionNote]:
    """Return session id -> what a member has of it for themselves."""
    found = select(SessionNote).where(SessionNote.community_id == community_id, SessionNote.member_id == member_id)
    return {note.session_id: note for note in await db.exec(found.order_by(col(SessionNote.session_id)))}


async def reminder(db: Db, community_id: str, reminder_id: str) -> SessionReminder | None:
    """Return a reminder of the community."""
    found = select(SessionReminder).where(
        SessionReminder.community_id == community_id, SessionReminder.id == reminder_id
    )
    return (await db.exec(found)).first()


async def reminders(db: Db, community_id: str, session_id: str) -> list[SessionReminder]:
    """Return the reminders of a session, soonest first."""
    found = select(SessionReminder).where(
        SessionReminder.community_id == community_id, SessionReminder.session_id == session_id
    )
    return list(await db.exec(found.order_by(col(SessionReminder.due_at), col(SessionReminder.id))))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, reminder) for what is due, oldest first, over the whole installation."""
    found = select(SessionReminder.community_id, SessionReminder.id).where(
        SessionReminder.status == WAITING, SessionReminder.due_at <= now
    )
    return list(await db.exec(found.order_by(col(SessionReminder.due_at), col(SessionReminder.id)).limit(limit)))


next_due = Earliest(select(func.min(SessionReminder.due_at)).where(SessionReminder.status == WAITING))
"""When the next reminder falls due, over the whole installation."""
