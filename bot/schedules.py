"""Recurring things. A schedule is a row; each occurrence is written once, with what it does, in one unit of work.

What happens where time is not simple: in a gap the wall time moves forward by it, in a fold the first counts
(bot/recurrence.py). An edit first deals with what the old rule owed. A clock that goes back fires nothing again. After
an outage what is later than its policy is recorded as skipped. What passed while a schedule was paused is not owed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import storage.schedule
from bot.availability import DAYS
from bot.context import Work
from bot.i18n import N_
from bot.recurrence import Occurrence, Recurrence, next_occurrence, occurrences, to_wall
from storage.schedule import Schedule

LATE = timedelta(hours=12)
_NEVER = datetime.max.replace(tzinfo=UTC)
MOST = 400  # dealt with in one step after a long outage; the next step goes on from there


NEVER = "never"
DAYS_OR_NEVER = (
    (NEVER, N_("Never")), ("mon", N_("On Monday")), ("tue", N_("On Tuesday")), ("wed", N_("On Wednesday")),
    ("thu", N_("On Thursday")), ("fri", N_("On Friday")), ("sat", N_("On Saturday")), ("sun", N_("On Sunday")),
)  # fmt: skip
"""The options of a setting that says on which day of the week something happens."""


def falls_on(schedule: Schedule, occurrence: Any, day: str) -> bool:
    """Return whether a stored occurrence is on this day of the week ("mon") in its schedule's zone."""
    return DAYS[to_wall(occurrence.due_at, schedule.zone).weekday()] == day


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
    """Make or change the schedule of `kind` about `subject`. A changed one first does what was due before the change.

    `rule` is the value of an RFC 5545 RRULE, `anchor` naive wall time in `zone`; an occurrence later than `late` is
    skipped. Raises `RecurrenceError` for a rule or zone that cannot be.
    """
    row = await storage.schedule.of(work.db, work.community.id, kind, subject)
    if row is None:
        row = Schedule(
            id=work.ids.new(), community_id=work.community.id, kind=kind, subject=subject, zone=zone, rule=rule,
            anchor=anchor.isoformat(), cursor=work.now,
        )  # fmt: skip
    elif (row.zone, row.rule, row.anchor) != (zone, rule, anchor.isoformat()):
        await run(work, row.id)
        row.cursor = max(row.cursor, work.now)
    row.late_s, row.params = int(late.total_seconds()), params
    row.zone, row.rule, row.anchor = zone, rule, anchor.isoformat()
    upcoming = next_occurrence(recurrence(row), row.cursor)
    row.next_at = upcoming.utc if upcoming else None
    work.db.add(row)
    return row


async def pause(work: Work, kind: str, subject: str) -> None:
    """Do what is due, then nothing until `resume`."""
    row = await storage.schedule.of(work.db, work.community.id, kind, subject)
    if row is not None and not row.paused:
        await run(work, row.id)
        row.paused = True
        work.db.add(row)


async def resume(work: Work, kind: str, subject: str) -> None:
    """Go on from now: what passed during the pause is not owed."""
    row = await storage.schedule.of(work.db, work.community.id, kind, subject)
    if row is None or not row.paused:
        return
    row.paused, row.cursor = False, max(row.cursor, work.now)
    upcoming = next_occurrence(recurrence(row), row.cursor)
    row.next_at = upcoming.utc if upcoming else None
    work.db.add(row)


def recurrence(row: Schedule) -> Recurrence:
    """Return the recurrence that a row holds."""
    return Recurrence(row.rule, datetime.fromisoformat(row.anchor), row.zone)


@dataclass(frozen=True, slots=True)
class Dealt:
    """What a step does: occurrences to fire and to record as skipped, up to where that is, and when the next is due."""

    fires: tuple[Occurrence, ...]
    skipped: tuple[Occurrence, ...]
    cursor: datetime
    next_at: datetime | None


def step(recurrence: Recurrence, cursor: datetime, now: datetime, late: timedelta) -> Dealt:
    """Return how to deal with what fell due after `cursor`, up to `now` (both aware). Pure.

    What is later than `late` is skipped. A `now` before the cursor gives nothing and leaves the cursor where it is.
    """
    found: list[Occurrence] = []
    upcoming: Occurrence | None = None
    for one in occurrences(recurrence, cursor, _NEVER):
        if one.utc > now or len(found) == MOST:
            upcoming = one
            break
        found.append(one)
    done = found[-1].utc if len(found) == MOST else max(cursor, now)
    return Dealt(
        fires=tuple(one for one in found if one.utc >= now - late),
        skipped=tuple(one for one in found if one.utc < now - late),
        cursor=done,
        next_at=upcoming.utc if upcoming else None,
    )


async def run(work: Work, schedule_id: str) -> None:
    """Deal with everything of one schedule that fell due up to now, and move its cursor.

    What is later than its policy allows is recorded as skipped, in sight of coordinators. A clock that went back does
    nothing.
    """
    row = await storage.schedule.by_id(work.db, work.community.id, schedule_id)
    if row is None or row.paused or row.next_at is None or row.next_at > work.now:
        return
    dealt = step(recurrence(row), row.cursor, work.now, timedelta(seconds=row.late_s))
    for found in sorted((*dealt.skipped, *dealt.fires)):
        await _one(work, row, found, skipped=found in dealt.skipped)
    row.cursor, row.next_at = dealt.cursor, dealt.next_at
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
