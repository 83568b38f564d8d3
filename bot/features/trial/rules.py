"""When a trial is asked about and decided, and what is decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.recurrence import to_utc, to_wall

CONTINUE, OTHER = "continue", "other"
ANSWERS = (CONTINUE, OTHER)

ASKED_AT, DECIDED_AT = time(10), time(12)
TO_ANSWER = timedelta(days=4)
"""How many days after the question the trial is decided."""

REMINDED = timedelta(days=1)
"""How long before that who has not answered is asked once more."""

AFTER_A_REST = timedelta(days=3)
"""The least time to answer in when a frozen pair goes on."""


def asked(start: datetime, weeks: int, zone: str) -> datetime:
    """Return when a member in `zone` is asked (aware UTC): ten in the morning, so many weeks after the start."""
    return to_utc(datetime.combine(to_wall(start, zone).date() + timedelta(weeks=weeks), ASKED_AT), zone)


def decided(start: datetime, weeks: int, zone: str) -> datetime:
    """Return when a trial is decided (aware UTC): one moment for the whole pair, by the clock of the community's zone.

    It depends on no answer, so that it tells of none.
    """
    day = to_wall(start, zone).date() + timedelta(weeks=weeks) + TO_ANSWER
    return to_utc(datetime.combine(day, DECIDED_AT), zone)


def goes_on(answers: Iterable[str]) -> bool:
    """Whether a pair goes on: everybody in it chose to. A missing answer is no yes, so it cannot be told from a no."""
    given = list(answers)
    return len(given) > 1 and all(answer == CONTINUE for answer in given)
