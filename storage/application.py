"""Applications to programmes: what people answered, how reviewers see them, what was asked back, what was agreed to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, and_, func, or_
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.engine import insert_once
from storage.moments import Earliest
from storage.types import JsonDict, JsonList, UtcDateTime

AGREEING, WAITING, ASKED, TALK = "agreeing", "waiting", "asked", "talk"
WAITLISTED, APPROVED, DECLINED, WITHDRAWN, LAPSED = "waitlisted", "approved", "declined", "withdrawn", "lapsed"
UNDECIDED = (WAITING, ASKED, TALK)
"""Coordinators decide: now, after an answer of the applicant's, or after a talk with them."""

OPEN = (AGREEING, *UNDECIDED, WAITLISTED)


class Application(SQLModel, table=True):
    """One member's application to one cohort, as `kinds` of role. Sent again, it is this row that changes.

    `status`: agreeing (the agreement is not accepted yet), waiting (for coordinators), asked (for the applicant's
    answer), talk (invited to one), waitlisted (for a place), approved, declined, withdrawn, lapsed (the cohort ended).
    `version` counts decisions and changes, so that nobody decides about something else than they read. `slots` are
    the times proposed for a talk, `talk_at` the chosen one. `cleared`: approved, so that at most a yes to the agreement
    or a free place is missing. `remind_at`: when coordinators hear that it still waits.
    """

    __table_args__ = (
        UniqueConstraint("member_id", "cohort_id"),
        Index("ix_application_queue", "community_id", "programme_id", "status", "created_at"),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    cohort_id: str = Field(foreign_key="cohort.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    kinds: list[str] = Field(default=[], sa_type=JsonList)
    answers: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    status: str = AGREEING
    version: int = 1
    cleared: bool = False
    slots: list[str] = Field(default=[], sa_type=JsonList)
    talk_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    talk_with: str | None = Field(default=None, foreign_key="member.id")
    decided_by: str | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ApplicationReview(SQLModel, table=True):
    """What one reviewer thinks of an application: scores by criterion, and a note. Each reviewer has their own."""

    __tablename__ = "application_review"
    __table_args__ = (UniqueConstraint("application_id", "reviewer_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    application_id: str = Field(foreign_key="application.id", index=True)
    reviewer_id: str = Field(foreign_key="member.id", index=True)
    scores: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    note: str = ""
    updated_at: datetime = Field(sa_type=UtcDateTime)


class ApplicationWord(SQLModel, table=True):
    """Something that was asked about an application, or answered."""

    __tablename__ = "application_word"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    application_id: str = Field(foreign_key="application.id", index=True)
    author_id: str = Field(foreign_key="member.id", index=True)
    text: str
    at: datetime = Field(sa_type=UtcDateTime)


class Accepted(SQLModel, table=True):
    """That a member accepted a version of what a role agrees to."""

    __tablename__ = "agreement_accepted"
    __table_args__ = (UniqueConstraint("member_id", "programme_id", "kind", "version"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    kind: str
    version: int
    at: datetime = Field(sa_type=UtcDateTime)


async def of_member(db: Db, community_id: str, cohort_id: str, member_id: str) -> Application | None:
    """Return a member's application to a cohort."""
    found = select(Application).where(
        Application.community_id == community_id, Application.cohort_id == cohort_id, Application.member_id == member_id
    )
    return (await db.exec(found)).first()


async def all_of(db: Db, community_id: str, member_id: str) -> list[Application]:
    """Return every application of a member, newest first."""
    found = select(Application).where(Application.community_id == community_id, Application.member_id == member_id)
    return list(await db.exec(found.order_by(col(Application.created_at).desc(), col(Application.id).desc())))


async def queue(
    db: Db, community_id: str, programme_id: str, statuses: Collection[str], limit: int
) -> list[Application]:
    """Return the programme's applications of these statuses, who has waited longest first."""
    found = select(Application).where(
        Application.community_id == community_id, Application.programme_id == programme_id,
        col(Application.status).in_(list(statuses)),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Application.created_at), col(Application.id)).limit(limit)))


async def counts(db: Db, community_id: str, programme_id: str) -> dict[str, int]:
    """Return status -> how many applications of the programme have it."""
    found = (
        select(Application.status, func.count())
        .where(Application.community_id == community_id, Application.programme_id == programme_id)
        .group_by(Application.status)
    )
    return dict((await db.exec(found)).all())


async def next_after(db: Db, community_id: str, application_id: str) -> Application | None:
    """Return the application that has waited longest for a decision after this one, else the longest of all others."""
    this = await storage.rows.ours(db, Application, community_id, application_id)
    if this is None:
        return None
    waiting = select(Application).where(
        Application.community_id == community_id, Application.programme_id == this.programme_id,
        Application.status == WAITING, Application.id != this.id,
    )  # fmt: skip
    waiting = waiting.order_by(col(Application.created_at), col(Application.id)).limit(1)
    later = or_(
        col(Application.created_at) > this.created_at,
        and_(col(Application.created_at) == this.created_at, col(Application.id) > this.id),
    )
    return (await db.exec(waiting.where(later))).first() or (await db.exec(waiting)).first()


async def ahead(db: Db, community_id: str, application_id: str) -> int:
    """Return how many wait for a place in the same cohort and came before."""
    this = await storage.rows.ours(db, Application, community_id, application_id)
    if this is None:
        return 0
    found = select(func.count()).where(
        Application.community_id == community_id, Application.cohort_id == this.cohort_id,
        Application.status == WAITLISTED,
        or_(
            col(Application.created_at) < this.created_at,
            and_(col(Application.created_at) == this.created_at, col(Application.id) < this.id),
        ),
    )  # fmt: skip
    return (await db.exec(found)).one()


async def in_cohort(db: Db, community_id: str, cohort_id: str, statuses: Collection[str]) -> list[Application]:
    """Return a cohort's applications of these statuses, oldest first."""
    found = select(Application).where(
        Application.community_id == community_id, Application.cohort_id == cohort_id,
        col(Application.status).in_(list(statuses)),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Application.created_at), col(Application.id))))


async def reviews(db: Db, community_id: str, application_ids: Collection[str]) -> dict[str, list[ApplicationReview]]:
    """Return application -> what reviewers think of it, in the order in which they wrote."""
    found = select(ApplicationReview).where(
        ApplicationReview.community_id == community_id,
        col(ApplicationReview.application_id).in_(list(application_ids)),
    )
    kept: dict[str, list[ApplicationReview]] = {}
    for row in await db.exec(found.order_by(col(ApplicationReview.updated_at), col(ApplicationReview.id))):
        kept.setdefault(row.application_id, []).append(row)
    return kept


async def words(db: Db, community_id: str, application_id: str) -> list[ApplicationWord]:
    """Return what was asked and answered about an application, oldest first."""
    found = select(ApplicationWord).where(
        ApplicationWord.community_id == community_id, ApplicationWord.application_id == application_id
    )
    return list(await db.exec(found.order_by(col(ApplicationWord.at), col(ApplicationWord.id))))


async def answered(db: Db, community_id: str, programme_id: str) -> dict[str, int]:
    """Return question -> how many applications to the programme hold an answer to it."""
    found = select(Application.answers).where(
        Application.community_id == community_id, Application.programme_id == programme_id
    )
    return dict(Counter(key for answers in await db.exec(found) for key in answers))


async def drop_notes(db: Db, community_id: str, application_id: str) -> None:
    """Delete what was noted, asked and answered about an application."""
    for table in (ApplicationReview, ApplicationWord):
        for row in await db.exec(
            select(table).where(table.community_id == community_id, table.application_id == application_id)
        ):
            await db.delete(row)
    await db.flush()


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, application) of those that coordinators are to be reminded of. Over the whole installation."""
    found = select(Application.community_id, Application.id).where(col(Application.remind_at) <= now)
    return list((await db.exec(found.order_by(col(Application.remind_at), col(Application.id)).limit(limit))).all())


next_due = Earliest(select(func.min(Application.remind_at)))


async def accept(db: Db, row: Accepted) -> bool:
    """Store that a version was accepted; False when it was before."""
    return await insert_once(db, row)


async def accepted(
    db: Db, community_id: str, programme_id: str, member_ids: Collection[str]
) -> dict[tuple[str, str], int]:
    """Return (member, kind of role) -> the newest version of the programme's agreement that they accepted."""
    found = (
        select(Accepted.member_id, Accepted.kind, func.max(Accepted.version))
        .where(
            Accepted.community_id == community_id, Accepted.programme_id == programme_id,
            col(Accepted.member_id).in_(list(member_ids)),
        )
        .group_by(col(Accepted.member_id), col(Accepted.kind))
    )  # fmt: skip
    return {(member, kind): version for member, kind, version in await db.exec(found)}
