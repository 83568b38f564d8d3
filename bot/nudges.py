"""Questions that fall due: whether a member is asked now, later or never, by the planner's rules.

A feature's row that asks something has `due_at`, `expires_at`, `status` and `why`; its sweep hands it in here, sends
at the moment that comes back, and keeps the row.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

import storage.outbox
from bot.context import Work
from bot.planner import Drop, Habits, Postpone, Quiet, Why, decide
from storage.checkin import DROPPED, SKIPPED
from storage.member import Member

LOOK_BACK = timedelta(days=8)


class Question(Protocol):
    """A row that asks one member something. `why` says, as a code, what kept it from being asked."""

    id: str
    due_at: datetime
    expires_at: datetime
    status: str
    why: str


def habits(member: Member, zone: str) -> Habits:
    """Return what the planner needs to know of a member; `zone` is the community's."""
    quiet = Quiet(time.fromisoformat(member.quiet_start), time.fromisoformat(member.quiet_end))
    return Habits(
        zone=member.zone or zone, quiet=quiet, weekly_budget=member.weekly_nudges, paused_until=member.paused_until,
        opted_in=member.opted_in_at is not None and member.left_at is None,
    )  # fmt: skip


async def settle(work: Work, row: Question, member: Member) -> datetime | None:
    """Return when a row that fell due is sent (aware UTC), or None, and then its status or due time says why not."""
    sent = await storage.outbox.nudges_since(work.db, work.community.id, member.id, work.now - LOOK_BACK)
    decided = decide(
        due=row.due_at, now=work.now, expires=row.expires_at, key=row.id, habits=habits(member, work.community.zone),
        sent=sent,
    )  # fmt: skip
    if isinstance(decided, Postpone):
        row.due_at, row.why = decided.until, decided.why.value
        return None
    if isinstance(decided, Drop):
        row.status, row.why = SKIPPED if decided.why is Why.EXPIRED else DROPPED, decided.why.value
        return None
    return decided.at
