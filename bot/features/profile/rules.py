"""What a member may choose about being written to. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.recurrence import to_wall

BUDGETS = (0, 1, 2, 3, 4, 5, 7, 10)
"""Messages a week to choose from."""

HOURS = tuple(f"{hour:02d}:00" for hour in range(24))
SHORT_PAUSE = timedelta(weeks=2)


def choices(options: tuple[str, ...], chosen: str) -> tuple[str, ...]:
    """Return the options with the one that is set among them, in order."""
    return tuple(sorted({*options, chosen}))


def short_pause(now: datetime, zone: str) -> date:
    """Return the day on which a pause of two weeks ends."""
    return to_wall(now + SHORT_PAUSE, zone).date()
