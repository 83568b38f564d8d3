"""Which times suit everybody: proposals for a meeting, from what each person wrote about their week.

A time is one of three kinds, best first: within everybody's own hours and by daylight for everybody; within
everybody's own hours, at night for somebody who said so themselves; by daylight for everybody, but outside the hours
of as few people as can be. What would get somebody out of bed who did not ask for it is never proposed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.availability import DAY, Availability, AvailabilityError, parse
from bot.recurrence import to_utc, to_wall

AHEAD = timedelta(days=1)
"""Nobody is asked to meet sooner than this."""

HORIZON = 28
"""How many days are looked at: any hours of a usual week come round four times."""

WAKING = parse("daily 08:00-22:00")
"""When somebody who wrote nothing about their week can be asked to meet, on their own clock."""

MIDDAY = 15 * 60
"""The middle of the waking day in minutes: the farther from it, for everybody together, the worse a time is."""

MINUTE = timedelta(minutes=1)
WEEK = 7 * DAY

Look = tuple[bool, bool, int]
"""All of it within somebody's own hours? by daylight for them? how far from the middle of their day, squared?"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to meet: their zone (IANA) and their week as they wrote it (`bot.availability`; "" if they did not)."""

    zone: str
    availability: str = ""


def propose(
    people: Sequence[Person],
    now: datetime,
    *,
    count: int = 3,
    minutes: int = 60,
    taken: Sequence[tuple[datetime, datetime]] = (),
) -> list[datetime]:
    """Return up to `count` starts (aware UTC, in order) at which `people` could meet for `minutes`.

    They fall on different days of the first person's where possible, a day after `now` (aware) at the earliest, within
    four weeks, on the hour or half hour of the first person's clock, and touch nothing `taken` (starts and ends). When
    no time is within everybody's hours, they are those that miss the fewest people's, by daylight for all; when there
    is no such time either, the list is empty. `suits` tells which it was. Raises `RecurrenceError` for a zone that
    does not exist.
    """
    ranked = sorted(_ranked(people, now, count, minutes, taken)) if people else []
    chosen: dict[datetime, date] = {}
    for best in sorted({rank for rank, *_ in ranked}):
        for again in (False, True):
            for rank, day, _, _, start in ranked:
                fits = rank == best and (again or day not in chosen.values())
                if fits and len(chosen) < count and all(abs(start - one) >= minutes * MINUTE for one in chosen):
                    chosen[start] = day
    return sorted(chosen)


def suits(person: Person, start: datetime, minutes: int = 60) -> bool:
    """Return whether somebody is free for `minutes` from `start` (aware): by their own hours, or else awake."""
    return _look(person, start, minutes)[0]


def awake(person: Person, start: datetime, minutes: int = 60) -> bool:
    """Return whether it is between 08:00 and 22:00 for somebody, from `start` (aware) on for `minutes`."""
    return _look(person, start, minutes)[1]


def _ranked(
    people: Sequence[Person], now: datetime, count: int, minutes: int, taken: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[int, date, bool, int, datetime]]:
    """Yield (rank, the first person's day, half hour, distance from midday, start), until enough days have the best."""
    best: set[date] = set()
    first = to_wall(now + AHEAD, people[0].zone).date()
    for day in (first + timedelta(days=passed) for passed in range(HORIZON)):
        if len(best) >= count:
            return
        starts = list(_starts(day, people[0].zone))
        steady = [_minute_of_week(person, starts[0], starts[-1] + minutes * MINUTE) for person in people]
        for half, start in enumerate(starts):
            end = start + minutes * MINUTE
            if start < now + AHEAD or any(start < until and since < end for since, until in taken):
                continue
            passed = (start - starts[0]) // MINUTE
            looks = [
                _look(person, start, minutes) if first is None else _at(person, (first + passed) % WEEK, minutes)
                for person, first in zip(people, steady, strict=True)
            ]
            rank = _rank(looks)
            if rank is None:
                continue
            if rank == 0:
                best.add(day)
            yield rank, day, bool(half % 2), sum(far for _, _, far in looks), start


def _starts(day: date, zone: str) -> Iterator[datetime]:
    """Yield every half hour of a local day; what a clock change skips comes with the next."""
    for half in range(48):
        yield to_utc(datetime.combine(day, time()) + half * 30 * MINUTE, zone)


def _rank(looks: Sequence[Look]) -> int | None:
    missed = sum(not suited for suited, _, _ in looks)
    daylight = all(up for _, up, _ in looks)
    if not missed:
        return 0 if daylight else 1
    return 1 + missed if daylight else None


def _look(person: Person, start: datetime, minutes: int) -> Look:
    """Return what a time is like for somebody, whatever their clock does meanwhile."""
    wall, end = to_wall(start, person.zone), to_wall(start + minutes * MINUTE, person.zone)
    if minutes > 1 and end - wall != minutes * MINUTE:
        looks = [_look(person, start + passed * MINUTE, 1) for passed in range(minutes)]
        middle = to_wall(start + minutes * MINUTE / 2, person.zone)
        far = (middle.hour * 60 + middle.minute - MIDDAY) ** 2
        return all(suited for suited, _, _ in looks), all(up for _, up, _ in looks), far
    return _at(person, _minute(wall), minutes)


def _at(person: Person, minute: int, minutes: int) -> Look:
    """Return what a time is like that begins at this minute of somebody's week, on a clock that is not changed."""
    up = WAKING.free_minutes(minute, minutes) == minutes
    hours = _hours(person.availability)
    far = ((minute + minutes // 2) % DAY - MIDDAY) ** 2
    return (hours.free_minutes(minute, minutes) == minutes if hours else up), up, far


def _minute_of_week(person: Person, start: datetime, end: datetime) -> int | None:
    """Return the minute of somebody's week at `start`; None where their clock is changed before `end`."""
    wall = to_wall(start, person.zone)
    return _minute(wall) if to_wall(end, person.zone) - wall == end - start else None


def _minute(wall: datetime) -> int:
    return wall.weekday() * DAY + wall.hour * 60 + wall.minute


@lru_cache(maxsize=1024)
def _hours(text: str) -> Availability:
    """Return what somebody wrote; what nobody can read counts as nothing written."""
    try:
        return parse(text)
    except AvailabilityError:
        return Availability()
