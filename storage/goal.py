"""Goals: what somebody, a pair or a circle means to reach."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.types import JsonList, UtcDateTime

OPEN, REACHED, DROPPED = "open", "reached", "dropped"
PRIVATE, SHARED, OURS = "private", "shared", "ours"
WAITING, SENT = "waiting", "sent"


class Goal(SQLModel, table=True):
    """Something to reach. `what` and `measure` are its owner's words, `due_on` the day it is meant to be reached.

    `sight`: private (its owner only), shared (the owner's partners in `pair_id` may read it), ours (it belongs to the
    pair or circle `pair_id`: everybody in it may read and update it). `steps` is a list of [words, done]; `progress` is
    a percentage. `status`: open, reached, dropped.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    pair_id: str | None = Field(default=None, foreign_key="pair.id", index=True)
    sight: str = PRIVATE
    term: str = "short"
    what: str
    measure: str = ""
    due_on: date | None = None
    steps: list[Any] = Field(default=[], sa_type=JsonList)
    progress: int = 0
    status: str = Field(default=OPEN, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    reached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GoalNote(SQLModel, table=True):
    """How far a goal was on some day, and what a member noted then."""

    __tablename__ = "goal_note"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    goal_id: str = Field(foreign_key="goal.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    progress: int
    note: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


class GoalReminder(SQLModel, table=True):
    """One reminder of a goal to one member. `kind`: half (half-time) or near (the day is close).

    `status`: waiting, sent, dropped (`why` says so).
    """

    __tablename__ = "goal_reminder"
    __table_args__ = (UniqueConstraint("goal_id", "member_id", "kind"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    goal_id: str = Field(foreign_key="goal.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    kind: str
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=WAITING, index=True)
    why: str = ""


async def by_id(db: Db, community_id: str, goal_id: str) -> Goal | None:
    """Return a goal of the community."""
    return (await db.exec(select(Goal).where(Goal.community_id == community_id, Goal.id == goal_id))).first()


async def own(db: Db, community_id: str, member_id: str) -> list[Goal]:
    """Return the goals that a member wrote for themselves, oldest first."""
    found = select(Goal).where(Goal.community_id == community_id, Goal.member_id == member_id, Goal.sight != OURS)
    return list(await db.exec(found.order_by(col(Goal.created_at), col(Goal.id))))


async def of_pairs(db: Db, community_id: str, pair_ids: Collection[str]) -> list[Goal]:
    """Return what is shared in these pairs: goals of the pair, and members' own that they show; oldest first."""
    found = select(Goal).where(
        Goal.community_id == community_id, col(Goal.pair_id).in_(list(pair_ids)), col(Goal.sight).in_((SHARED, OURS))
    )
    return list(await db.exec(found.order_by(col(Goal.created_at), col(Goal.id))))


async def notes(db: Db, community_id: str, goal_ids: Collection[str]) -> dict[str, list[GoalNote]]:
    """Return goal id -> its notes, newest first; goals without any are absent."""
    found = select(GoalNote).where(GoalNote.community_id == community_id, col(GoalNote.goal_id).in_(list(goal_ids)))
    written: dict[str, list[GoalNote]] = {}
    for note in await db.exec(found.order_by(col(GoalNote.at).desc(), col(GoalNote.id).desc())):
        written.setdefault(note.goal_id, []).append(note)
    return written


async def reminder(db: Db, community_id: str, reminder_id: str) -> GoalReminder | None:
    """Return a reminder of the community."""
    found = select(GoalReminder).where(GoalReminder.community_id == community_id, GoalReminder.id == reminder_id)
    return (await db.exec(found)).first()


async def reminders(db: Db, community_id: str, goal_id: str) -> list[GoalReminder]:
    """Return the reminders of a goal, soonest first."""
    found = select(GoalReminder).where(GoalReminder.community_id == community_id, GoalReminder.goal_id == goal_id)
    return list(await db.exec(found.order_by(col(GoalReminder.due_at), col(GoalReminder.id))))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, reminder) for what is due, oldest first, over the whole installation."""
    found = select(GoalReminder.community_id, GoalReminder.id).where(
        GoalReminder.status == WAITING, GoalReminder.due_at <= now
    )
    return list(await db.exec(found.order_by(col(GoalReminder.due_at), col(GoalReminder.id)).limit(limit)))


next_due = Earliest(select(func.min(GoalReminder.due_at)).where(GoalReminder.status == WAITING))
"""When the next reminder falls due, over the whole installation."""
