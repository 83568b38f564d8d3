"""Seats, stages and times of events. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from bot.recurrence import to_utc, to_wall
from storage.event import CANCELLED, GOING, PLANNED, WAITING, Event, EventSeat

DAY, HOUR, AFTER = "day", "hour", "after"
"""The stages of an event: a day before, an hour before, when it is over."""

BEFORE = {DAY: timedelta(days=1), HOUR: timedelta(hours=1)}
FURTHEST = timedelta(days=730)
ASKED_FOR = timedelta(days=3)
"""How long after its end people can say how an event was."""

LEAST_ANSWERS = 5
"""Ratings are shown from this many on, and only when no more can come: a difference would tell of one person."""

RATINGS = {"helped": 3, "fine": 2, "not_for_me": 1}
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]([0-5]\d)")


def ends_at(event: Event) -> datetime:
    """Return when an event ends, in aware UTC."""
    return event.starts_at + timedelta(minutes=event.minutes)


def start(day: date, clock: str, zone: str, now: datetime) -> datetime | tuple[str, str]:
    """Return when an event begins, in aware UTC, from a day and a wall time like 18:30 in `zone`.

    Or (field, mistake): the clock cannot be read, the moment is over, or it is more than two years away.
    """
    found = _CLOCK.fullmatch(clock.strip())
    if found is None:
        return "at", "clock"
    moment = to_utc(datetime.combine(day, time(int(found[1]), int(found[2]))), zone)
    if moment <= now:
        return ("at" if day == to_wall(now, zone).date() else "day"), "past"
    if moment > now + FURTHEST:
        return "day", "far"
    return moment


def stage_after(event: Event, now: datetime, done: str | None = None) -> tuple[str | None, datetime | None]:
    """Return the next stage of an event and when it is due; (None, None) when nothing is left to do.

    A reminder whose moment is over is passed by: after a night without power, nobody is reminded of yesterday.
    """
    if event.status != PLANNED:
        return None, None
    stages = [(stage, event.starts_at - before) for stage, before in BEFORE.items()] + [(AFTER, ends_at(event))]
    left = stages[[stage for stage, _ in stages].index(done) + 1 :] if done else stages
    for stage, moment in left:
        if stage == AFTER or moment > now:
            return stage, moment
    return None, None


def is_late(event: Event, stage: str, now: datetime) -> bool:
    """Return whether a stage is not worth telling any more: the event has begun, or its end is days ago."""
    return now >= event.starts_at if stage in BEFORE else now > ends_at(event) + ASKED_FOR


def status_of_new(event: Event, going: int) -> str:
    """Return what a member who would like to come becomes, when `going` have a seat already."""
    return GOING if event.capacity == 0 or going < event.capacity else WAITING


def promoted(event: Event, going: int, waiting: Sequence[EventSeat]) -> list[EventSeat]:
    """Return who gets the seats that are free now, first come first."""
    free = len(waiting) if event.capacity == 0 else max(0, event.capacity - going)
    return list(waiting[:free])


def is_open(event: Event, now: datetime) -> bool:
    """Return whether one can still join: it is planned and has not begun."""
    return event.status == PLANNED and now < event.starts_at


def pick(events: Sequence[Event], which: str) -> Event | None:
    """Return the event that somebody means: by its title, its beginning, or what comes nearest; None when unclear."""
    wanted = which.strip().casefold()
    for fits in (lambda title: title == wanted, lambda title: title.startswith(wanted), lambda title: wanted in title):
        found = [event for event in events if fits(event.title.casefold())]
        if found:
            return found[0] if len(found) == 1 or found[0].title.casefold() == wanted else None
    near = get_close_matches(wanted, [event.title.casefold() for event in events], n=1)
    return next((event for event in events if near and event.title.casefold() == near[0]), None)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What is known of an event when it is over. Without `ratings` there are no `words`; `open` while more can come."""

    going: int
    came: int
    answered: int
    open: bool
    ratings: dict[int, int] | None
    words: tuple[str, ...] = ()


def may_answer(event: Event, now: datetime) -> bool:
    """Return whether people can say how an event was: it has begun, and its end is not long ago."""
    return event.status != CANCELLED and event.starts_at <= now < ends_at(event) + ASKED_FOR


def afterwards(event: Event, seats: Sequence[EventSeat], now: datetime) -> Afterwards:
    """Sum up what those who had a seat said, and what a coordinator noted."""
    rated = [seat.rating for seat in seats if seat.rating is not None]
    still = now < ends_at(event) + ASKED_FOR
    shown = not still and len(rated) >= LEAST_ANSWERS
    return Afterwards(
        going=len(seats),
        came=sum(seat.came is True for seat in seats),
        answered=sum(seat.came is not None for seat in seats),
        open=still,
        ratings={value: rated.count(value) for value in RATINGS.values()} if shown else None,
        words=tuple(sorted(seat.word for seat in seats if seat.word)) if shown else (),
    )


def told_of_change(old: Event, new: Event) -> bool:
    """Return whether people with a seat have to hear of a change: of its time, its place or its end."""
    return (old.starts_at, old.minutes, old.place) != (new.starts_at, new.minutes, new.place)
