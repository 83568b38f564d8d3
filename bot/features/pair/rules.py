"""What a pair is told about its time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.checkin import CheckIn


def before(times: Sequence[str], ends: datetime | None) -> list[str]:
    """Return the proposed times (ISO, aware) that lie before the pair's round ends."""
    return [time for time in times if ends is None or datetime.fromisoformat(time) < ends]


def weeks_met(checkins: Iterable[CheckIn]) -> int:
    """Return in how many weeks somebody of the pair said that they met."""
    return len({one.week for one in checkins if one.answer == "met"})
