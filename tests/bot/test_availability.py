"""Availability: read from text, written back, and turned into the hours of a real week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.availability import DAY, WEEK, Availability, AvailabilityError, hours_in_utc, parse

MONDAY = date(2026, 3, 2)

# Ends that fall on quarters of a day meet each other and midnight far more often than any minutes do.
minutes = st.integers(0, WEEK) | st.integers(0, 28).map(lambda quarter: quarter * DAY // 4)
spans = st.tuples(minutes, minutes).filter(lambda span: span[0] < span[1])
weeks = st.lists(spans, max_size=8).map(lambda some: Availability(tuple(some)))


@given(weeks)
def test_text_reads_back(week):
    """Whatever week somebody has, its canonical text reads back to the same week."""
    assert week == parse(week.text())


@given(weeks)
def test_text_is_canonical(week):
    """Reading and writing once more changes nothing."""
    assert week.text() == parse(week.text()).text()


@given(weeks, st.integers(0, WEEK - 1), st.integers(1, DAY))
def test_free_minutes_are_counted(week, start, length):
    """The free minutes of any stretch are those a minute by minute count finds."""
    free = {minute for first, last in week.spans for minute in range(first, last)}
    assert sum((start + step) % WEEK in free for step in range(length)) == week.free_minutes(start, length)


def test_sunday_night_runs_into_monday():
    """A stretch past the end of the week goes on at its start."""
    assert 7 == Availability(((0, 10),)).free_minutes(WEEK - 5, 12)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mon 18:00-20:00; sat 09:00-12:00", "mon 18:00-20:00; sat 09:00-12:00"),
        ("Mon-Fri 9-12", "mon-fri 09:00-12:00"),
        ("weekdays 7:00-8:00, 12:30-13:30", "mon-fri 07:00-08:00; mon-fri 12:30-13:30"),
        ("weekend 10:00 – 12:00", "sat-sun 10:00-12:00"),
        ("mon,wed: 18:00-19:00", "mon 18:00-19:00; wed 18:00-19:00"),
        ("sat-mon 10-11", "mon 10:00-11:00; sat-sun 10:00-11:00"),
        ("fri 22:00-02:00", "fri 22:00-02:00"),
        ("sun 23:00-01:00", "sun 23:00-01:00"),
        ("tue 20:00-24:00", "tue 20:00-24:00"),
        ("mon 10-12; mon 11-13", "mon 10:00-13:00"),
        ("daily 00:00-24:00", "mon-sun 00:00-24:00"),
        ("mon 12:00-24:00; tue 00:00-12:00", "mon 12:00-24:00; tue 00:00-12:00"),
        ("sun 12:00-24:00; mon 00:00-12:00", "mon 00:00-12:00; sun 12:00-24:00"),
        ("lunes-viernes 18.30-20.00\nsábado 9-10", "mon-fri 18:30-20:00; sat 09:00-10:00"),
        ("", ""),
        (" ; ", ""),
    ],
)
def test_ways_of_writing(text, canonical):
    """What people write is understood and written in one way."""
    assert canonical == parse(text).text()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("whenever", "write the days, then the times"),
        ("mon", "write the days, then the times"),
        ("18:00-20:00", "write the days, then the times"),
        ("moon 18:00-20:00", "“moon” is not a day"),
        ("mon 6pm-8pm", "24-hour clock"),
        ("mon 25:00-26:00", "“25:00” is not a time"),
        ("mon 18:70-19:00", "“18:70” is not a time"),
        ("mon 24:30-25:00", "“24:30” is not a time"),
        ("mon 18:00", "write a start and an end"),
        ("mon 18:00-18:00", "starts when it ends"),
        ("mon 24:00-02:00", "24:00 can only end"),
    ],
)
def test_what_cannot_be_read_says_why(text, word):
    """Text that is no availability is refused with the entry and a cure."""
    with pytest.raises(AvailabilityError, match=word) as caught:
        parse(text)
    assert text in str(caught.value)


def test_all_problems_at_once():
    """Every wrong entry is named, not only the first."""
    with pytest.raises(AvailabilityError) as caught:
        parse("moon 18-20; tue 9-10; wed 9-9")
    assert 2 == len(caught.value.problems)


def test_spans_outside_the_week_are_refused():
    """A span past the end of the week is a mistake of the caller."""
    with pytest.raises(ValueError, match="minute 0"):
        Availability(((WEEK - 10, WEEK + 10),))


@pytest.mark.parametrize(
    ("text", "zone", "week", "hours"),
    [
        ("mon 18:00-20:00", "UTC", MONDAY, {18, 19}),
        ("mon 18:00-20:00", "America/New_York", MONDAY, {23, 24}),
        ("mon 18:00-20:00", "America/New_York", date(2026, 3, 9), {22, 23}),
        ("mon 18:00-20:00", "Asia/Kolkata", MONDAY, {12, 13}),
        ("mon 18:00-20:00", "Asia/Kathmandu", MONDAY, {12, 13}),
        ("mon 02:00-04:00", "Asia/Tokyo", MONDAY, {161, 162}),
        ("sun 23:00-01:00", "UTC", MONDAY, {167, 0}),
        ("mon 18:10-18:35", "UTC", MONDAY, set()),
        ("mon 18:10-18:40", "UTC", MONDAY, {18}),
        ("", "Europe/Madrid", MONDAY, set()),
    ],
)
def test_hours_of_the_week(text, zone, week, hours):
    """Local hours become the hours of that week in UTC, whatever the zone's offset."""
    assert hours == hours_in_utc(parse(text), zone, week)


def test_a_missing_hour_is_nobodys_free_hour():
    """In the week the clocks go forward a free Sunday has 23 hours, and 25 when they go back."""
    sunday = parse("sun 00:00-24:00")
    assert 23 == len(hours_in_utc(sunday, "Europe/Madrid", date(2026, 3, 26)))
    assert 25 == len(hours_in_utc(sunday, "Europe/Madrid", date(2026, 10, 22)))


@given(weeks, st.sampled_from(["UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"]),
       st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 167))  # fmt: skip
def test_an_hour_counts_as_the_clock_on_the_wall_says(week, zone, start, hour):
    """An hour counts exactly when its middle is free and at least half of its minutes are, minute by minute."""
    first = datetime(start.year, start.month, start.day, tzinfo=UTC) + timedelta(hours=hour)
    walls = [(first + timedelta(minutes=step)).astimezone(ZoneInfo(zone)) for step in range(60)]
    of_week = [wall.weekday() * DAY + wall.hour * 60 + wall.minute for wall in walls]
    free = [any(begin <= minute < end for begin, end in week.spans) for minute in of_week]
    assert (free[30] and sum(free) >= 30) == (hour in hours_in_utc(week, zone, start))
