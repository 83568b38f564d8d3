"""How long a pause may be, whether from one programme or from everything. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.recurrence import to_utc, to_wall

LONGEST = timedelta(days=366)


def pause_end(until: date, *, now: datetime, zone: str) -> datetime | str:
    """Return when a pause until a local day ends (its first moment, in UTC), or the key of a refusal."""
    today = to_wall(now, zone).date()
    if until <= today:
        return "core.past_day"
    if until - today > LONGEST:
        return "core.far_day"
    return to_utc(datetime.combine(until, time()), zone)
