"""Recurring things. A schedule is a row; each occurrence is written once, with what it does, in one unit of work."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import storage.schedule
from bot.context import Work
from bot.recurrence import Occurrence, Recurrence, next_occurrence, occurrences
from storage.schedule import Schedule

LATE = timedelta(hours=12)
MOST_SKIPPED = 400  # recorded after a long outage: more than a year of days


async def keep(
    work: Work,
    kind: str,
    subject: str,
    *,
    zone: str,
    rule: str,
    anchor: datetime,
    late: timedelta = LATE,
    **params: Any,
) -> Schedule:
    """Make or change the schedule of `kind` about `subject`. A changed one keeps what it has dealt with.

    `rule` is the value of an RFC 5545 RRULE, `anchor` naive wall time in `zone`; an occurrence later than `late` is
    skipped. Raises `RecurrenceError` for a rule or zone that cannot be.
    """
    row = await storage.schedule.of(work.db, work.community.id, kind, subject)
    if row is None:
        row = Schedule(
            id=work.ids.new(), community_id=work.community.id, kind=kind, subject=subject, zone=zone, rule=rule,
            anchor=anchor.isoformat(), cursor=work.now,
        )  # fmt: skip
    row.zone, row.rule, row.anchor, row.late_s, row.params = (
        zone,
        rule,
        anchor.isoformat(),
        int(late.total_seconds()),
        params,
    )
    upcoming = next_occurrence(recurrence(row), max(row.cursor, work.now))
    row.next_at = upcoming.utc if upcoming else None
    work.db.add(row)
    return row


def recurrence(row: Schedule) -> Recurrence:
    """Return the recurrence that a row holds."""
    return Recurrence(row.rule, datetime.fromisoformat(row.anchor), row.zone)


async def run(work: Work, schedule_id: str) -> None:
    """Deal with everything of one schedule that fell due up to now, and move its cursor.

    What is later than its policy allows is recorded as skipped, in sight of coordinators. A clock that went back does
    nothing.
    """
    row = await storage.schedule.by_id(work.db, work.community.id, schedule_id)
    if row is None or row.paused or row.next_at is None or row.next_at > work.now:
        return
    late = work.now - timedelta(seconds=row.late_s)
    for found in islice(occurrences(recurrence(row), row.cursor, work.now), MOST_SKIPPED):
        await _one(work, row, found, skipped=found.utc < late)
    row.cursor = max(row.cursor, work.now)
    upcoming = next_occurrence(recurrence(row), row.cursor)
    row.next_at = upcoming.utc if upcoming else None
    work.db.add(row)


async def _one(work: Work, row: Schedule, found: Occurrence, *, skipped: bool) -> None:
    occurrence = storage.schedule.Occurrence(
        key=f"{row.id}:{found.key}", community_id=row.community_id, schedule_id=row.id, due_at=found.utc,
        status="skipped" if skipped else "done",
    )  # fmt: skip
    if not await storage.schedule.record(work.db, occurrence):
        return
    if skipped:
        work.audit("schedule.skipped", row.id, "late")
        return
    handler = work.features.schedules.get(row.kind)
    if handler is not None:
        await handler(work, row, occurrence)
