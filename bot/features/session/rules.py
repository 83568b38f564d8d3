"""When a session may be, who is reminded when, what can be logged, where a pair stands. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.planner import Decision, Habits, decide
from bot.recurrence import to_utc, to_wall
from storage.pair import Pair
from storage.session import CONFIRMED, LOGGED, PLANNED, PROPOSED, Session, SessionReminder

Stage = Literal["first", "middle", "last"]

BEFORE = (24, 1)
"""Hours before a session at which everybody is reminded."""

SOONEST = timedelta(minutes=15)
"""A time that is nearer than this cannot be agreed on any more."""

FARTHEST = timedelta(days=366)
LAST_DAYS = timedelta(days=14)
"""A pair whose round ends within this is about to say goodbye; one that ended no longer ago can still log."""

MINUTES = (5, 600)
LONGEST = timedelta(minutes=600)
ARGUMENT = "%Y-%m-%dT%H:%MZ"
_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})")


def argument(at: datetime) -> str:
    """Return a moment (aware) as the argument of a button, to the minute."""
    return to_wall(at, "UTC").strftime(ARGUMENT)


def moment(text: str) -> datetime | None:
    """Return the moment (aware UTC) that a button's argument names; None for anything else."""
    try:
        return to_utc(datetime.strptime(text, ARGUMENT), "UTC")  # noqa: DTZ007 - the Z is part of the pattern
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """Read a time of day: 18:00, 18.30, 9h15. None for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def wrong_time(at: datetime, now: datetime) -> str | None:
    """Return what speaks against meeting at `at`: "past", "far" or None."""
    if at < now + SOONEST:
        return "past"
    return "far" if at > now + FARTHEST else None


def taken(sessions: Iterable[Session], but: str = "") -> list[tuple[datetime, datetime]]:
    """Return (start, end) of each planned session, except the one with the id `but`."""
    return [
        (one.starts_at, one.starts_at + timedelta(minutes=one.minutes))
        for one in sessions
        if one.status == PLANNED and one.starts_at is not None and one.id != but
    ]


def clashes(at: datetime, minutes: int, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    """Return whether `minutes` from `at` touch one of the spans."""
    return any(at < end and start < at + timedelta(minutes=minutes) for start, end in spans)


def reminders(starts: datetime, now: datetime) -> list[tuple[int, datetime]]:
    """Return (hours before, when) for each reminder of a session that is still ahead of `now`."""
    found = [(hours, starts - timedelta(hours=hours)) for hours in BEFORE]
    return [(hours, due) for hours, due in found if due > now]


def reminding(reminder: SessionReminder, session: Session, habits: Habits, now: datetime) -> Decision | str:
    """Return what the planner says, or a code for why the reminder is not wanted any more.

    It does not count against the week's budget (the member agreed to the time), but waits for the end of quiet hours
    and of a pause; what would come after the session has begun is dropped.
    """
    if session.status != PLANNED or session.sequence != reminder.sequence or session.starts_at is None:
        return "not_planned"
    agreed = Habits(habits.zone, habits.quiet, 1, habits.paused_until, opted_in=habits.opted_in)
    return decide(
        due=reminder.due_at, now=now, expires=session.starts_at, key=reminder.id, habits=agreed, sent=(),
        spread=timedelta(),
    )  # fmt: skip


def wrong_day(day: date, *, today: date, introduced: date) -> str | None:
    """Return what is wrong with the day of a session that took place: "future", "before" or None."""
    if day > today:
        return "future"
    return "before" if day < introduced else None


def loggable(pair: Pair, now: datetime) -> bool:
    """Return whether sessions of a pair can be logged: while it lasts, and for two weeks after."""
    return pair.status == "active" or (pair.ended_at is not None and now <= pair.ended_at + LAST_DAYS)


def open_proposal(sessions: Sequence[Session], now: datetime) -> Session | None:
    """Return the session of a pair whose first time waits for an answer, if it is still ahead."""
    waiting = [one for one in sessions if one.status == PROPOSED and one.suggested_at and one.suggested_at > now]
    return waiting[-1] if waiting else None


def to_log(sessions: Sequence[Session], now: datetime) -> Session | None:
    """Return the newest planned session that has begun and was not logged, if any."""
    begun = [one for one in sessions if one.status == PLANNED and one.starts_at and one.starts_at <= now]
    return max(begun, key=lambda one: (one.starts_at, one.id)) if begun else None


def same_day(sessions: Sequence[Session], day: date, zone: str, now: datetime) -> Session | None:
    """Return the planned session that a log for `day` (on a clock in `zone`) is about, if there is one."""
    for one in sessions:
        begun = one.status == PLANNED and one.starts_at is not None and one.starts_at <= now
        if begun and one.starts_at is not None and to_wall(one.starts_at, zone).date() == day:
            return one
    return None


def stage(sessions: Sequence[Session], ends: datetime | None, now: datetime) -> Stage:
    """Return where a pair stands: before its first session, near its end, or between."""
    if not any(one.status in (LOGGED, CONFIRMED) for one in sessions):
        return "first"
    return "last" if ends is not None and ends - now <= LAST_DAYS else "middle"


def last_log(sessions: Sequence[Session]) -> Session | None:
    """Return the newest session that was logged, if any."""
    logged = [one for one in sessions if one.status in (LOGGED, CONFIRMED) and one.met_on]
    return max(logged, key=lambda one: (one.met_on, one.id)) if logged else None


def may_confirm(session: Session, member: str, seated: Collection[str]) -> bool:
    """Return whether a member can confirm a log: somebody else of the pair; of three or more, one is enough."""
    return session.status == LOGGED and member in seated and member != session.logged_by
