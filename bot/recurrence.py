"""When something falls due: RFC 5545 rules on a wall clock, and how a wall time becomes an instant.

A rule is followed on naive local wall time, so that "Mondays at nine" stays at nine in summer and in winter. Each wall
time then becomes UTC: one that a clock change skips moves forward by what was skipped, one that happens twice is the
first. Time zones come from the tz database, counting from `dateutil.rrule`, the rest is here.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import product
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekdays

from bot.recurrence_rule import DAYS, FIRST_YEAR, LAST_YEAR, PROBLEMS, Problem, RecurrenceError, read_rule
from bot.zones import nearest_zone, zone_names

__all__ = [
    "PROBLEMS",
    "Occurrence",
    "Problem",
    "Recurrence",
    "RecurrenceError",
    "as_utc",
    "next_occurrence",
    "occurrences",
    "to_utc",
    "to_wall",
    "validate",
    "zone_info",
]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule (the value of an RFC 5545 RRULE), the naive local date and time it counts from, and an IANA zone.

    The anchor gives what the rule leaves open (hour, weekday, day of the month) and is the earliest occurrence; unlike
    an RFC 5545 DTSTART it is none itself when the rule does not match it.
    """

    rule: str
    anchor_local: datetime
    zone: str


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One time the rule fires: the instant, the wall time as the rule has it, and which of its day's times it is.

    `slot` counts the times of a day that the rule has, from 0, so that an edit of the hour (nine becomes eleven) keeps
    the key of a day that has already had its message. The price: a day whose earlier times are removed by an edit
    after they fired may lose its next one, which is preferred to writing twice.
    """

    utc: datetime
    wall: datetime
    slot: int

    @property
    def local_date(self) -> date:
        """The day the rule means, also when a clock change moved the instant to another day."""
        return self.wall.date()

    @property
    def key(self) -> str:
        """The part of a unique key that names this occurrence within its schedule: `2026-03-29:0`."""
        return f"{self.local_date.isoformat()}:{self.slot}"


@cache
def zone_info(zone: str) -> ZoneInfo:
    """Return the zone called `zone` (IANA, exact case), kept for good: zoneinfo itself keeps only eight.

    Raises `RecurrenceError` with the nearest name for one that does not exist.
    """
    problem = _zone_problem(zone)
    if problem:
        raise RecurrenceError([problem])
    return ZoneInfo(zone)


def _zone_problem(zone: str) -> Problem | None:
    if zone in zone_names():
        return None
    if near := nearest_zone(zone):
        return Problem("zone", "zone_nearest", {"value": zone, "nearest": near})
    return Problem("zone", "zone_unknown", {"value": zone})


def to_utc(wall: datetime, zone: str) -> datetime:
    """Return the aware UTC instant of a naive wall time: past a gap by its length, the first of a fold.

    Raises `ValueError` for an aware `wall` and `RecurrenceError` for an unknown zone.
    """
    if wall.tzinfo is not None:
        raise ValueError(f"{wall!r} already has a zone: give the naive local time")
    # PEP 495: fold 0 reads both gap and fold with the offset in force before the change, which is our rule
    return wall.replace(tzinfo=zone_info(zone), fold=0).astimezone(UTC)


def as_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC. Raises `ValueError` for a naive one, which would be taken as the machine's."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no zone: give an aware moment")
    return moment.astimezone(UTC)


def to_wall(utc: datetime, zone: str) -> datetime:
    """Return the naive wall time (fold not kept) of an aware instant. Raises `ValueError` for a naive one."""
    return as_utc(utc).astimezone(zone_info(zone)).replace(tzinfo=None, fold=0)


def _anchor_problem(anchor: datetime) -> Problem | None:
    if anchor.tzinfo is not None:
        return Problem("anchor", "anchor_aware")
    if not FIRST_YEAR <= anchor.year <= LAST_YEAR:
        params = {"value": str(anchor.year), "least": str(FIRST_YEAR), "most": str(LAST_YEAR)}
        return Problem("anchor", "anchor_year", params)
    return None


def validate(rule: str, zone: str, anchor: datetime) -> list[Problem]:
    """Return everything that is wrong with a recurrence, in a fixed order; empty when it can be followed."""
    parts, in_rule = read_rule(rule)
    elsewhere = [problem for problem in (_zone_problem(zone), _anchor_problem(anchor)) if problem]
    if not (in_rule or elsewhere) and _never_fires(_plan(parts, anchor, zone)):
        in_rule = [Problem("rule", "rule_never")]
    return in_rule + elsewhere


_Freq = Literal[0, 1, 2, 3]
_FREQUENCIES: Mapping[str, _Freq] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rule made ready: what dateutil is told, with all that the anchor implies spelled out.

    `interval` counts periods of `freq`; `count` and `until` are None when there is no such end; `times` are the times
    of a day in order.
    """

    freq: _Freq
    interval: int
    anchor: datetime
    count: int | None
    until: datetime | None
    filters: Mapping[str, Any]
    times: tuple[time, ...]

    def walls(self, start: datetime) -> Iterator[datetime]:
        """Yield the wall times in order, beginning at `start` or some periods before it."""
        if self.until and start > self.until:
            return iter(())
        begin = self.anchor if self.count else self._begin(start)
        rule = rrule(self.freq, begin, self.interval, count=self.count, until=self.until, **self.filters)
        return iter(rule)

    def _begin(self, start: datetime) -> datetime:
        """Return a later date than the anchor, in step with it, from which counting gives the same from `start` on.

        The first period may be cut short, so it is one that ends before `start`.
        """
        months = (start.year - self.anchor.year) * 12 + start.month - self.anchor.month
        days = (start - self.anchor).days
        passed = {YEARLY: months // 12, MONTHLY: months, WEEKLY: days // 7, DAILY: days}[self.freq]
        steps = (passed // self.interval - 1) * self.interval
        if steps <= 0:
            return self.anchor
        if self.freq in (WEEKLY, DAILY):
            return self.anchor + timedelta(days=steps * (7 if self.freq == WEEKLY else 1))
        if self.freq == YEARLY:
            return self.anchor.replace(year=self.anchor.year + steps, month=1, day=1)
        year, month = divmod(self.anchor.year * 12 + self.anchor.month - 1 + steps, 12)
        return self.anchor.replace(year=year, month=month + 1, day=1)


def _plan(parts: Mapping[str, Any], anchor: datetime, zone: str) -> _Plan:
    """Make a plan of parts that have no problem."""
    anchor = anchor.replace(microsecond=0, fold=0)
    freq = _FREQUENCIES[parts["FREQ"]]
    filters = {
        name.lower(): parts[name] for name in ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYSETPOS") if name in parts
    }
    if "BYDAY" in parts:
        filters["byweekday"] = parts["BYDAY"]
    elif freq == WEEKLY:
        filters["byweekday"] = weekdays[anchor.weekday()]
    elif freq != DAILY and not filters.keys() & {"bymonthday", "byyearday"}:
        filters["bymonthday"] = anchor.day
        if freq == YEARLY:
            filters.setdefault("bymonth", anchor.month)
    hours, minutes = parts.get("BYHOUR", (anchor.hour,)), parts.get("BYMINUTE", (anchor.minute,))
    (second,) = parts.get("BYSECOND", (anchor.second,))
    filters |= {"byhour": hours, "byminute": minutes, "bysecond": second, "wkst": DAYS[parts.get("WKST", "MO")]}
    until, in_utc = parts.get("UNTIL", (None, False))
    if in_utc:
        until = to_wall(until.replace(tzinfo=UTC), zone)
    times = tuple(time(hour, minute, second) for hour, minute in product(sorted(set(hours)), sorted(set(minutes))))
    (interval,), (count,) = parts.get("INTERVAL", (1,)), parts.get("COUNT", (None,))
    return _Plan(freq, interval, anchor, count, until, filters, times)


def _never_fires(plan: _Plan) -> bool:
    """Say whether a plan has no occurrence in the 200 years after its anchor.

    dateutil looks on to the year 9999 for a date that never comes. The calendar repeats every 400 years, weekdays
    included, so the search starts as late as leaves it at least 200.
    """
    late = (9799 - plan.anchor.year) // 400 * 400
    anchor = plan.anchor.replace(year=plan.anchor.year + late)
    first = next(replace(plan, anchor=anchor, until=None).walls(anchor), None)
    return first is None or bool(plan.until and first.replace(year=first.year - late) > plan.until)


@lru_cache(maxsize=8192)
def _ready(recurrence: Recurrence) -> _Plan:
    """Return the plan of a recurrence; raise `RecurrenceError` with every problem."""
    problems = validate(recurrence.rule, recurrence.zone, recurrence.anchor_local)
    if problems:
        raise RecurrenceError(problems)
    return _plan(read_rule(recurrence.rule)[0], recurrence.anchor_local, recurrence.zone)


# Every offset in the tz database lies within 16 hours of UTC. A wall time in a gap or a fold is read with the offset
# before the change, so it lies no further than that from its instant, however long the gap (24 hours in Samoa)
_OFFSET = timedelta(hours=16)


def _in_order(recurrence: Recurrence, after: datetime) -> Iterator[Occurrence]:
    """Yield the occurrences after `after` by instant.

    A wall time moved out of a gap can pass later ones, so each waits until none can come before it. When one lands on
    a later one's instant, only the later is yielded: its wall time is the one that exists.
    """
    plan, waiting = _ready(recurrence), list[Occurrence]()
    for wall in plan.walls(max(after.replace(tzinfo=None), plan.anchor) - _OFFSET):
        found = Occurrence(to_utc(wall, recurrence.zone), wall, plan.times.index(wall.time()))
        if found.utc > after:
            heapq.heappush(waiting, found)
        while waiting and wall - waiting[0].utc.replace(tzinfo=None) > _OFFSET:
            yield from _pop(waiting)
    while waiting:
        yield from _pop(waiting)


def _pop(waiting: list[Occurrence]) -> Iterator[Occurrence]:
    first = heapq.heappop(waiting)
    if not waiting or waiting[0].utc != first.utc:
        yield first


def occurrences(recurrence: Recurrence, after_utc: datetime, until_utc: datetime) -> Iterator[Occurrence]:
    """Yield what falls due in (after, until], both aware, by instant; none twice and none twice at one instant.

    The rule is read once and kept; counting starts near `after_utc` unless the rule has a COUNT (at most 1,000).
    Raises `RecurrenceError` for one that `validate` finds fault with.
    """
    for found in _in_order(recurrence, as_utc(after_utc)):
        if found.utc > until_utc:
            return
        yield found


def next_occurrence(recurrence: Recurrence, after_utc: datetime) -> Occurrence | None:
    """Return the first occurrence after an aware instant, or None when the rule has ended."""
    return next(_in_order(recurrence, as_utc(after_utc)), None)
