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
    """What to do now. `step`: the one to take, None to wait until `due`, when the next one is thought over."""

    step: int | None
    due: datetime


def act(response: Response, member: Member, *, others_answered: bool, now: datetime, days: int) -> Act:
    """Return the next step of an answer that is due (all moments aware).

    Nobody's clock runs while they are paused, or may not be written to. After the reminder nothing follows unless
    somebody else of the pair has answered: where all are silent nobody waits.
    """
    wait = timedelta(days=days)
    if member.paused_until is not None and member.paused_until > now:
        return Act(None, member.paused_until + wait)
    step = response.step + 1
    if not member.takes_part(now) or member.weekly_nudges <= 0 or (step >= WARN and not others_answered):
        return Act(None, now + wait)
    return Act(step, now + wait)


def is_too_silent(unanswered: int, after: int) -> bool:
    """Whether so many open questions in a row are enough to ask no more; `after` 0 means never."""
    return 0 < after <= unanswered
