"""What a member may choose about being written to. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.recurrence import to_utc, to_wall

BUDGETS = (0, 1, 2, 3, 4, 5, 7, 10)
"""Messages a week to choose from."""

HOURS = tuple(f"{hour:02d}:00" for hour in range(24))
LONGEST = timedelta(days=366)
SHORT_PAUSE = timedelta(weeks=2)


def choices(options: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    """Return the options with the one that is set among them, in order."""
    return tuple(sorted({*options, chosen}))


def pause_end(until: date, *, now: datetime, zone: str) -> datetime | str:
    """Return when a pause until a local day ends (its first moment, in UTC), or the key of a refusal."""
    today = to_wall(now, zone).date()
    if until <= today:
        return "profile.past"
    if until - today > LONGEST:
        return "profile.far"
    return to_utc(datetime.combine(until, time()), zone)


def short_pause(now: datetime, zone: str) -> date:
    """Return the day on which a pause of two weeks ends."""
    return to_wall(now + SHORT_PAUSE, zone).date()
