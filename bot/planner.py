"""What may be sent to whom, and when: the one place where a message to a person is allowed, put off or dropped.

The order is: due, then a message of the same day that it can join, then quiet hours of the reader's own zone, then
the budget of the week, the rarer rhythm for who does not answer and the hour between two messages, then a jitter that
spreads people who fall due together. Nothing here reads a clock or keeps a state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.recurrence import as_utc, to_wall, zone_info

BETWEEN = timedelta(hours=1)
"""The least time from one message to a person to the next."""

SPREAD = timedelta(minutes=10)
"""The jitter is shorter than this."""

PATIENT = 3
"""So many messages in a row may stay unanswered before the next ones come rarer."""

RARER, RAREST = timedelta(weeks=1), timedelta(weeks=4)
"""The first pause after `PATIENT` unanswered messages, doubled with each further one, and the longest."""


class Why(StrEnum):
    """Why a message was not sent."""

    NOT_OPTED_IN = "not_opted_in"
    INACTIVE = "inactive"
    PAUSED = "paused"
    QUIET_HOURS = "quiet_hours"
    BUDGET = "budget"
    BACK_OFF = "back_off"
    TOO_SOON = "too_soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, on the member's wall clock, when nothing is sent: from `start` up to but not at `end`.

    May span midnight; the same time twice means no quiet hours.
    """

    start: time
    end: time

    def left(self, wall: datetime) -> timedelta:
        """Return how long the quiet lasts from a naive wall time on, on a clock that is not changed; 0 outside it."""
        start, end, now = (_since_midnight(moment) for moment in (self.start, self.end, wall.time()))
        if (now - start) % _DAY >= (end - start) % _DAY:
            return timedelta()
        return (end - now) % _DAY


@dataclass(frozen=True, slots=True)
class Habits:
    """What a member asked for: IANA zone, quiet hours, messages a local week (Monday to Sunday), pause, consent.

    `inactive`: nothing is asked of them until they come back by themselves.
    """

    zone: str
    quiet: Quiet
    weekly_budget: int
    paused_until: datetime | None = None
    opted_in: bool = True
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Send it at `at` (aware UTC, not before now). `joins`: as a part of what is sent at that moment already."""

    at: datetime
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Postpone:
    """Ask again at `until` (aware UTC, after now), the first moment that nothing known today speaks against."""

    until: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Drop:
    """Never send it. `behind` is what it waited for when it expired, if anything."""

    why: Why
    behind: Why | None = None


Decision = Send | Postpone | Drop

_DAY = timedelta(days=1)


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)


def decide(
    *,
    due: datetime,
    now: datetime,
    expires: datetime | None,
    key: str,
    habits: Habits,
    sent: Sequence[datetime],
    spread: timedelta = SPREAD,
    planned: Sequence[datetime] = (),
    unanswered: int = 0,
) -> Decision:
    """Decide about one message to one member.

    All moments are aware. `expires` is the first moment at which the message has lost its sense; None for never. `key`
    names the message and the member, and alone decides the jitter. `sent` holds when this member was or, by an earlier
    `Send`, will be written to: at least from the local week of `due` and the hour before it on, each message once;
    with `unanswered` (messages in a row that they let pass), the newest one too. `planned` are those moments of `sent`
    that can still take this message in. Asked before `due`, the answer is the one for `due`. Raises `RecurrenceError`
    for an unknown zone.
    """
    if not habits.opted_in:
        return Drop(Why.NOT_OPTED_IN)
    if habits.inactive:
        return Drop(Why.INACTIVE)
    if habits.weekly_budget <= 0:
        return Drop(Why.BUDGET)
    moment, why = max(as_utc(due), as_utc(now)), None
    together = _together(moment, expires, habits, planned)
    if together is not None:
        return Send(together, joins=True)
    while block := _block(moment, habits, sent, unanswered):
        why, moment = why or block.why, block.until
        if expires and moment >= expires:
            return Drop(Why.EXPIRED, why)
    if expires and moment >= expires:
        return Drop(Why.EXPIRED)
    if why:
        return Postpone(moment, why)
    return Send(_jittered(moment, expires, key, habits, sent, spread, unanswered))


def back_off(unanswered: int) -> timedelta:
    """Return the least time between two messages to who has let so many in a row pass; none up to `PATIENT`.

    It is short of whole weeks by an hour, so that what is asked at the same hour each week is not put off by a jitter.
    """
    if unanswered < PATIENT:
        return timedelta()
    return min(RARER * (1 << min(unanswered - PATIENT, 8)), RAREST) - BETWEEN


def quiet_ends(now: datetime, habits: Habits) -> datetime:
    """Return the first moment from `now` (aware) on whose wall time is outside the quiet hours; it may be `now`."""
    return _lasts(as_utc(now), habits.zone, habits.quiet.left)


def _together(
    moment: datetime, expires: datetime | None, habits: Habits, planned: Sequence[datetime]
) -> datetime | None:
    """Return when the first planned message goes out that is of the same local day as `moment` and not before it."""
    day = to_wall(moment, habits.zone).date()
    fit = (at for at in sorted(planned) if at >= moment and to_wall(at, habits.zone).date() == day)
    return next((as_utc(at) for at in fit if not (expires and at >= expires) and _allows(at, habits)), None)


def _allows(at: datetime, habits: Habits) -> bool:
    """Whether a planned moment is still one at which the member may be written to: they may have changed their mind."""
    paused = habits.paused_until is not None and at < habits.paused_until
    return not paused and quiet_ends(at, habits) == at


def _block(moment: datetime, habits: Habits, sent: Sequence[datetime], unanswered: int = 0) -> Postpone | None:
    """Return the first reason against sending at `moment`, with when that reason ends, or None."""
    if habits.paused_until and moment < habits.paused_until:
        return Postpone(as_utc(habits.paused_until), Why.PAUSED)
    ends = quiet_ends(moment, habits)
    if ends > moment:
        return Postpone(ends, Why.QUIET_HOURS)
    monday = _monday(to_wall(moment, habits.zone))
    if sum(_monday(to_wall(other, habits.zone)) == monday for other in sent) >= habits.weekly_budget:
        return Postpone(_week_ends(moment, monday, habits.zone), Why.BUDGET)
    rarer = back_off(unanswered)
    if rarer and sent and moment < (ends := as_utc(max(sent)) + rarer):
        return Postpone(ends, Why.BACK_OFF)
    near = [other for other in sent if abs(other - moment) < BETWEEN]
    if near:
        return Postpone(as_utc(max(near)) + BETWEEN, Why.TOO_SOON)
    return None


def _jittered(
    moment: datetime,
    expires: datetime | None,
    key: str,
    habits: Habits,
    sent: Sequence[datetime],
    spread: timedelta,
    unanswered: int,
) -> datetime:
    """Return `moment` plus the jitter of `key`, made smaller where that would run into a reason or the expiry."""
    share = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
    for part in (1.0, 0.5, 0.25):
        at = moment + timedelta(seconds=int(spread.total_seconds() * share * part))
        if not (expires and at >= expires) and not _block(at, habits, sent, unanswered):
            return at
    return moment


def _monday(wall: datetime) -> date:
    return wall.date() - timedelta(days=wall.weekday())


def _week_ends(moment: datetime, monday: date, zone: str) -> datetime:
    """Return the first moment from `moment` on that is in another local week than the one that began on `monday`."""

    def left(wall: datetime) -> timedelta:
        if _monday(wall) != monday:
            return timedelta()
        return datetime.combine(monday + timedelta(days=7), time()) - wall

    return _lasts(moment, zone, left)


def _lasts(moment: datetime, zone: str, left: Callable[[datetime], timedelta]) -> datetime:
    """Return the first moment from `moment` on at which `left`, asked with the naive wall time, is zero.

    `left` says how long a state lasts on a clock that is not changed. Where the clock is changed before that time has
    passed, it is asked again at the change, so gaps and folds need no rule of their own.
    """
    while remaining := left(to_wall(moment, zone)):
        end = moment + remaining
        moment = _change(moment, end, zone) or end
    return moment


def _change(start: datetime, end: datetime, zone: str) -> datetime | None:
    """Return the first moment in (start, end] whose UTC offset is not that of `start`, or None.

    Takes one change of the clock in between at most; the steps are whole seconds, as those of the tz database are.
    """
    info = zone_info(zone)
    offset = start.astimezone(info).utcoffset()
    if end.astimezone(info).utcoffset() == offset:
        return None
    base, low, high = start.replace(microsecond=0), 0, int((end - start).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if (base + timedelta(seconds=middle)).astimezone(info).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return base + timedelta(seconds=high)
