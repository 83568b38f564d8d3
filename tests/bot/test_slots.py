"""Times that suit everybody."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import slots
from bot.slots import Person, awake, propose, suits

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
"""A Wednesday; clocks change in New York on Sunday the 8th, in Madrid on Sunday the 29th."""

zones = st.sampled_from(
    ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "Australia/Lord_Howe",
     "Pacific/Chatham", "America/Los_Angeles", "Pacific/Kiritimati"]
)  # fmt: skip
weeks = st.sampled_from(
    ["", "mon 18:00-20:00; sat 09:00-12:00", "weekdays 7-8, 12:30-13:30", "fri 22:00-02:00", "daily 00:00-24:00",
     "tue 10:00-10:45", "weekend 10-18", "sun 01:00-05:00"]
)  # fmt: skip
people = st.lists(st.builds(Person, zones, weeks), min_size=1, max_size=4)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(lambda when: when.replace(tzinfo=UTC))  # noqa: DTZ001


def local(slots, zone):
    return [slot.astimezone(ZoneInfo(zone)).strftime("%a %d %H:%M") for slot in slots]


@settings(max_examples=25, deadline=None)
@given(people, moments, st.integers(1, 4), st.sampled_from([15, 30, 45, 60, 90]))
def test_nobody_is_asked_at_a_bad_time(who, now, count, minutes):
    """Every slot is within everybody's own hours, or by daylight for everybody; a day ahead; in order; apart."""
    slots = propose(who, now, count=count, minutes=minutes)
    assert len(slots) <= count
    for slot in slots:
        own = all(suits(person, slot, minutes) for person in who)
        assert own or all(awake(person, slot, minutes) for person in who)
        assert now + timedelta(days=1) <= slot <= now + timedelta(days=30)
    assert all(later - earlier >= timedelta(minutes=minutes) for earlier, later in pairwise(slots))


@settings(max_examples=25, deadline=None)
@given(people, moments)
def test_what_suits_everybody_comes_first(who, now):
    """When one slot misses somebody's hours, then no time in all four weeks is within everybody's and still free."""
    slots = propose(who, now)
    missed = [slot for slot in slots if not all(suits(person, slot) for person in who)]
    if missed:
        found = propose(who, now, taken=[(slot, slot + timedelta(hours=1)) for slot in slots if slot not in missed])
        assert not any(all(suits(person, slot) for person in who) for slot in found)


@settings(max_examples=25, deadline=None)
@given(zones, moments)
def test_different_days_when_the_week_allows(zone, now):
    """Two people with the same week get three days, on the hour or half hour of the first one's clock."""
    slots = propose([Person(zone, "mon 18:00-20:00; sat 09:00-12:00"), Person(zone)], now)
    walls = [slot.astimezone(ZoneInfo(zone)) for slot in slots]
    assert 3 == len({wall.date() for wall in walls})
    assert {0, 5} >= {wall.weekday() for wall in walls}
    assert {0, 30} >= {wall.minute for wall in walls}


@settings(max_examples=25, deadline=None)
@given(people, moments)
def test_what_is_taken_is_left_alone(who, now):
    """Asked again with the first answer taken, other times are proposed."""
    first = propose(who, now)
    taken = [(slot, slot + timedelta(hours=1)) for slot in first]
    for slot in propose(who, now, taken=taken):
        assert all(slot >= end or slot + timedelta(hours=1) <= begin for begin, end in taken)


def test_hours_in_common():
    """Two weeks that meet on Monday evening only: three Mondays."""
    madrid = Person("Europe/Madrid", "mon 18:00-20:00; thu 9-10")
    york = Person("America/New_York", "mon 12:00-15:00; tue 9-18")
    assert ["Mon 09 18:00", "Mon 16 18:00", "Mon 23 18:00"] == local(propose([madrid, york], NOW), "Europe/Madrid")


def test_clock_changes_are_those_of_the_day():
    """New York changes its clocks three weeks before Madrid: the hour in common moves, the local hours stay."""
    madrid = Person("Europe/Madrid", "sun 15:00-17:00")
    york = Person("America/New_York", "sun 10:00-11:00")
    slots = propose([madrid, york], NOW, count=4)
    assert ["Sun 08 15:00", "Sun 15 15:00", "Sun 22 15:00", "Sun 29 16:00"] == local(slots, "Europe/Madrid")
    assert ["Sun 08 10:00", "Sun 15 10:00", "Sun 22 10:00", "Sun 29 10:00"] == local(slots, "America/New_York")


def test_nothing_written_is_the_waking_day():
    """Without hours, the middle of everybody's day is proposed, on the next days."""
    slots = propose([Person("Europe/Madrid"), Person("America/New_York")], NOW)
    assert ["Thu 05 17:00", "Fri 06 17:00", "Sat 07 17:00"] == local(slots, "Europe/Madrid")
    assert ["Thu 05 11:00", "Fri 06 11:00", "Sat 07 11:00"] == local(slots, "America/New_York")


def test_no_hour_in_common():
    """When their own hours never meet, daylight hours that suit at least one of them are proposed."""
    early, late = Person("UTC", "daily 08:00-09:00"), Person("UTC", "daily 20:00-21:00")
    slots = propose([early, late], NOW)
    assert [1, 1, 1] == [suits(early, slot) + suits(late, slot) for slot in slots]


def test_no_daylight_in_common():
    """Three people around the globe who are never awake together get nothing rather than a night."""
    around = [Person("Europe/Madrid"), Person("Asia/Tokyo"), Person("America/Los_Angeles")]
    assert [] == propose(around, NOW)


@pytest.mark.parametrize("written", ["whenever", ""])
def test_unreadable_hours(written):
    """What nobody can read counts as nothing written."""
    assert propose([Person("UTC")], NOW) == propose([Person("UTC", written)], NOW)


def test_nobody():
    """Nobody to meet, nothing to propose."""
    assert [] == propose([], NOW)


@settings(max_examples=40, deadline=None)
@given(people, moments, st.integers(1, 4), st.sampled_from([15, 30, 45, 60, 90]))
def test_counting_on_along_a_day_is_asking_each_clock(who, now, count, minutes):
    """Where no clock is changed that day, minutes are counted on; asking the clock each time gives the same slots."""
    counted = propose(who, now, count=count, minutes=minutes)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(slots, "_minute_of_week", lambda *_: None)
        assert counted == propose(who, now, count=count, minutes=minutes)
