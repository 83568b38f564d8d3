"""What the planner needs to know of a member, from their row."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.planner import Habits, Quiet
from bot.recurrence import to_wall
from storage.member import Member


def habits(member: Member, zone: str) -> Habits:
    """Return when a member may be written to; `zone` (IANA) is the community's, for who has none."""
    quiet = Quiet(time.fromisoformat(member.quiet_start), time.fromisoformat(member.quiet_end))
    return Habits(
        zone=member.zone or zone, quiet=quiet, weekly_budget=member.weekly_nudges, paused_until=member.paused_until,
        opted_in=member.opted_in_at is not None and member.left_at is None,
    )  # fmt: skip


def is_quiet(member: Member, zone: str, now: datetime) -> bool:
    """Return whether `now` (aware) is in the member's quiet hours; `zone` as above."""
    known = habits(member, zone)
    return known.quiet.left(to_wall(now, known.zone)) > timedelta()
