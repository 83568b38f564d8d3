"""What a round keeps, and when the first one is. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot.matching import Result


def stored(result: Result) -> dict[str, Any]:
    """Return what a round keeps of its result, as JSON values; the pairs themselves are rows."""
    return {
        "total": round(result.total, 6),
        "bound": result.bound,
        "groups": len(result.groups),
        "unmatched": [[one.person, [reason.code for reason in one.reasons]] for one in result.unmatched],
    }


def first_day(weekday: int, today: date) -> date:
    """Return the first such weekday (0 is Monday) from `today` on."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)
