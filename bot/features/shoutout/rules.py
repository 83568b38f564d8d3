"""When a shoutout is posted, and whether it may be. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.recurrence import to_utc

FAR = timedelta(days=92)
ASKED_FOR = timedelta(days=7)
"""So long after its moment a shoutout still waits for a yes."""
LENGTH = 800


def moment(day: date | None, at: str, zone: str, now: datetime) -> datetime | tuple[str, str]:
    """Return when it is posted, in aware UTC, or (field, what is wrong): "clock", "past" or "far".

    Without a day it is posted now; without a time at ten in the morning.
    """
    if day is None:
        return now
    try:
        wall = time.fromisoformat(at.strip() or "10:00")
    except ValueError:
        return "at", "clock"
    if wall.tzinfo is not None:
        return "at", "clock"
    due = to_utc(datetime.combine(day, wall), zone)
    if due < now - timedelta(minutes=1):
        return "day", "past"
    return ("day", "far") if due > now + FAR else due


def decided(said: Iterable[bool | None]) -> bool | None:
    """Return True when everybody said yes, False when somebody said no, None while somebody has not answered."""
    answers = list(said)
    if False in answers:
        return False
    return None if None in answers else True
