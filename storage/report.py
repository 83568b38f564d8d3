"""Safety: what members report to moderators, what moderators ask and note, and whom they keep apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint, func, or_, update
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.moments import Earliest
from storage.sealed import Sealed
from storage.types import UtcDateTime

NEW, SEEN, ASKED, RESOLVED = "new", "seen", "asked", "resolved"
OPEN = (NEW, SEEN, ASKED)
NAMED, CONFIDENTIAL = "named", "confidential"
QUESTION, ANSWER, NOTE = "question", "answer", "note"


class Report(SQLModel, table=True):
    """Something that should not have happened. `number` is how moderators call it, counted in each community.

    A confidential one has no `reporter_id`, only the hash of a receipt, and its `created_at` is cut to the day.
    `text` is sealed. `status`: new, seen (somebody has acknowledged it), asked (a question waits for the reporter),
    resolved. `remind_at` is when moderators are told again that nobody has looked; `reminders` counts it.
    """

    __table_args__ = (UniqueConstraint("community_id", "number"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    number: int
    mode: str
    kind: str
    urgency: str
    text: str = Field(sa_type=Sealed)
    reporter_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    receipt_hash: str = Field(default="", index=True)
    about_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    assignee_id: str | None = Field(default=None, foreign_key="member.id")
    status: str = Field(default=NEW, index=True)
    outcome: str = ""
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    reminders: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class ReportLine(SQLModel, table=True):
    """One word more about a report: a moderator's question, the reporter's answer, a moderators' own note.

    `by_id` is the moderator; None for the reporter, whoever that is. `place` orders the lines.
    """

    __tablename__ = "report_line"
    __table_args__ = (UniqueConstraint("report_id", "place"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    report_id: str = Field(foreign_key="report.id", ondelete="CASCADE", index=True)
    place: int
    kind: str
    by_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    text: str = Field(sa_type=Sealed)


class Separation(SQLModel, table=True):
    """Two members who are kept apart: never paired, their pairs frozen, until `ended_at`."""

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    first_id: str = Field(foreign_key="member.id", index=True)
    second_id: str = Field(foreign_key="member.id", index=True)
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def next_number(db: Db, community_id: str) -> int:
    """Return the number of the community's next report."""
    found = select(func.coalesce(func.max(Report.number), 0)).where(Report.community_id == community_id)
    return (await db.exec(found)).one() + 1


async def by_id(db: Db, community_id: str, report_id: str) -> Report | None:
    """Return a report of the community."""
    return (await db.exec(select(Report).where(Report.community_id == community_id, Report.id == report_id))).first()


async def by_number(db: Db, community_id: str, number: int) -> Report | None:
    """Return a report by its number."""
    return (await db.exec(select(Report).where(Report.community_id == community_id, Report.number == number))).first()


async def by_receipt(db: Db, community_id: str, receipt_hash: str) -> Report | None:
    """Return the confidential report of a receipt."""
    found = select(Report).where(
        Report.community_id == community_id, Report.mode == CONFIDENTIAL, Report.receipt_hash == receipt_hash
    )
    return (await db.exec(found)).first()


async def open_ones(db: Db, community_id: str) -> list[Report]:
    """Return the reports that are not resolved, oldest first."""
    found = select(Report).where(Report.community_id == community_id, col(Report.status).in_(OPEN))
    return list(await db.exec(found.order_by(col(Report.number))))


async def of_reporter(db: Db, community_id: str, reporter_id: str) -> list[Report]:
    """Return what a member reported with their name, newest first."""
    found = select(Report).where(Report.community_id == community_id, Report.reporter_id == reporter_id)
    return list(await db.exec(found.order_by(col(Report.number).desc())))


async def lines(db: Db, community_id: str, report_id: str) -> list[ReportLine]:
    """Return what was said about a report, in order."""
    found = select(ReportLine).where(ReportLine.community_id == community_id, ReportLine.report_id == report_id)
    return list(await db.exec(found.order_by(col(ReportLine.place))))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, report) for reports that nobody has looked at in time, over the whole installation."""
    found = select(Report.community_id, Report.id).where(col(Report.remind_at) <= now)
    return list(await db.exec(found.order_by(col(Report.remind_at), col(Report.id)).limit(limit)))


next_due = Earliest(select(func.min(Report.remind_at)))
"""When moderators are to be reminded next, over the whole installation."""


async def separations(db: Db, community_id: str) -> list[Separation]:
    """Return who is kept apart now."""
    found = select(Separation).where(Separation.community_id == community_id, col(Separation.ended_at).is_(None))
    return list(await db.exec(found.order_by(col(Separation.since), col(Separation.id))))


async def apart(db: Db, community_id: str, first_id: str, second_id: str) -> Separation | None:
    """Return the separation of two members that stands now, in whichever order they are named."""
    both = [first_id, second_id]
    found = select(Separation).where(
        Separation.community_id == community_id,
        col(Separation.first_id).in_(both),
        col(Separation.second_id).in_(both),
        col(Separation.ended_at).is_(None),
    )
    return (await db.exec(found)).first()


async def forget_reporter(db: Db, community_id: str, member_id: str) -> None:
    """Empty what a member reported with their name: the report stays as a number with its kind and outcome."""
    mine = select(Report.id).where(Report.community_id == community_id, Report.reporter_id == member_id)
    said = update(ReportLine).where(
        col(ReportLine.community_id) == community_id,
        col(ReportLine.report_id).in_(mine),
        or_(col(ReportLine.by_id).is_(None), col(ReportLine.kind) == ANSWER),
    )
    await db.exec(said.values(text=""))
    told = update(Report).where(col(Report.community_id) == community_id, col(Report.reporter_id) == member_id)
    await db.exec(told.values(text=""))
