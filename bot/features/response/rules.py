"""The ladder of the response clock. Pure.

Three steps, a number of days apart: remind once; warn, and tell the other side kindly; offer the other side somebody
else, and give the silent one nobody new until they say that they are back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.member import Member
from storage.response import Response

PAIR = "pair"
REMIND, WARN, GIVE_UP = 1, 2, 3
"""The steps, as `Response.step` counts them once they are done."""


@dataclass(frozen=True, slots=True)
class Act:
    """What to do now. `step`: the one to take, None to wait until `due`; `tells` the other side; `over` at the end."""

    step: int | None
    due: datetime
    tells: bool = False
    over: bool = False


def act(response: Response, member: Member, *, others_answered: bool, now: datetime, days: int) -> Act:
    """Return the next step of an answer that is due (all moments aware).

    Nobody's clock runs while they are paused. The other side is told only when they themselves have answered: where
    both are silent nobody waits.
    """
    if member.paused_until is not None and member.paused_until > now:
        return Act(None, member.paused_until + timedelta(days=days))
    step = response.step + 1
    return Act(
        step, now + timedelta(days=days), tells=others_answered and step in (WARN, GIVE_UP), over=step >= GIVE_UP
    )


def is_too_silent(unanswered: int, after: int) -> bool:
    """Whether so many open questions in a row are enough to ask no more; `after` 0 means never."""
    return 0 < after <= unanswered
