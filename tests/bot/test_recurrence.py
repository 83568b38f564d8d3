"""The calendar against oracles that share no code with it: a walk along UTC, and dates asked one by one."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import recurrence as module
from bot.recurrence import (
    Occurrence,
    Problem,
    Recurrence,
    RecurrenceError,
    next_occurrence,
    occurrences,
    to_utc,
    to_wall,
    validate,
)

ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MONDAY_NINE = "2026-01-05T09:00"


def wall(text: str) -> datetime:
    """Read a naive local time."""
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    """Read an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every(rule: str, zone: str = "UTC", anchor: str = MONDAY_NINE) -> Recurrence:
    """Make a recurrence."""
    return Recurrence(rule, wall(anchor), zone)


def keys(problems: Iterable[Problem]) -> list[str]:
    """Return what is wrong, by key."""
    return [problem.key for problem in problems]


# --- an independent account of wall time: the changes of a zone's clock, found by walking along UTC


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


@cache
def changes(zone: str, year: int) -> tuple[tuple[datetime, datetime, datetime], ...]:
    """Return (instant, wall clock just before it moves, just after) of each change, some weeks around the year too."""
    start = datetime(year, 1, 1, tzinfo=UTC) - 20 * DAY
    shown = [(instant, _local(instant, zone)) for instant in (start + count * DAY for count in range(406))]
    return tuple(_moves(low, zone) for (low, before), (_, after) in pairwise(shown) if after - before != DAY)


def _moves(low: datetime, zone: str) -> tuple[datetime, datetime, datetime]:
    """Walk from `low` to the change within a day of it: by hours, then minutes, then seconds."""
    for step in (HOUR, MINUTE, timedelta(seconds=1)):
        while _local(low + step, zone) - _local(low, zone) == step:
            low += step
    return low + step, _local(low, zone) + step, _local(low + step, zone)


def oracle_utc(local: datetime, zone: str) -> datetime:
    """Return the instant at which a wall time is first shown, or would have been, had the clock not skipped it."""
    moved = changes(zone, local.year)
    for instant, before, after in moved:
        if min(before, after) <= local < max(before, after):
            return instant + (local - before)
    shown = (local.replace(tzinfo=UTC) + timedelta(minutes=15 * quarter) for quarter in range(-64, 65))
    return next(instant for instant in shown if _local(instant, zone) == local)


# --- an independent account of rules: a date is asked whether it is meant


@dataclass(frozen=True)
class Rule:
    """A rule, and which dates it means when counted from an anchor."""

    text: str
    means: Callable[[date, date], bool]
    times: tuple[time, ...]


def _nth(day: date, weekday: int, nth: int) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    index = (day.day - 1) // 7 + 1 if nth > 0 else -((last - day.day) // 7 + 1)
    return day.weekday() == weekday and index == nth


def _weeks(day: date, anchor: date) -> int:
    return ((day - timedelta(days=day.weekday())) - (anchor - timedelta(days=anchor.weekday()))).days // 7


def _months(day: date, anchor: date) -> int:
    return (day.year - anchor.year) * 12 + day.month - anchor.month


NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
weekdays_of = st.integers(0, 6)
intervals = st.integers(1, 5)
dates_meant = st.one_of(
    st.builds(lambda n: (f"FREQ=DAILY;INTERVAL={n}", lambda d, a: (d - a).days % n == 0), intervals),
    st.builds(
        lambda n, days: (
            f"FREQ=WEEKLY;INTERVAL={n};BYDAY={','.join(NAMES[day] for day in days)}",
            lambda d, a: d.weekday() in days and _weeks(d, a) % n == 0,
        ),
        intervals,
        st.lists(weekdays_of, min_size=1, max_size=4, unique=True),
    ),
    st.builds(
        lambda n, day, nth: (
            f"FREQ=MONTHLY;INTERVAL={n};BYDAY={nth}{NAMES[day]}",
            lambda d, a: _nth(d, day, nth) and _months(d, a) % n == 0,
        ),
        intervals,
        weekdays_of,
        st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
    ),
    st.builds(
        lambda n, day: (
            f"FREQ=MONTHLY;INTERVAL={n};BYMONTHDAY={day}",
            lambda d, a: (
                (d.day == day or d.day - calendar.monthrange(d.year, d.month)[1] - 1 == day) and _months(d, a) % n == 0
            ),
        ),
        st.sampled_from([1, 2, 3, 5]),
        st.sampled_from([1, 15, 29, 30, 31, -1, -3]),
    ),
    st.just(("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", lambda d, a: (d.month, d.day) == (2, 29))),
    st.just(("FREQ=WEEKLY", lambda d, a: d.weekday() == a.weekday())),
    st.just(("FREQ=YEARLY", lambda d, a: (d.month, d.day) == (a.month, a.day))),
)


@st.composite
def rules(draw: st.DrawFn, anchor: datetime) -> Rule:
    """Draw a rule, most often with its own times of the day, many of them in the small hours when clocks change."""
    text, means = draw(dates_meant)
    hours = draw(st.none() | st.lists(st.sampled_from([0, 1, 2, 3, 9, 23]), min_size=1, max_size=3, unique=True))
    minutes = draw(st.none() | st.lists(st.sampled_from([0, 15, 30]), min_size=1, max_size=2, unique=True))
    if hours is not None:
        text += f";BYHOUR={','.join(map(str, hours))}"
    if minutes is not None:
        text += f";BYMINUTE={','.join(map(str, minutes))}"
    times = [time(h, m) for h in hours or [anchor.hour] for m in minutes or [anchor.minute]]
    return Rule(text, means, tuple(sorted(times)))


def oracle(rule: Rule, anchor: datetime, zone: str, after: datetime, until: datetime) -> list[Occurrence]:
    """Return what must fall due in (after, until], asking every date and every time of it."""
    first = after.date() - timedelta(days=3)
    days = [first + timedelta(days=n) for n in range((until.date() - first).days + 3)]
    found = [
        Occurrence(oracle_utc(local, zone), local, slot)
        for day in days
        if rule.means(day, anchor.date())
        for slot, moment in enumerate(rule.times)
        if (local := datetime.combine(day, moment)) >= anchor
    ]
    latest = {one.utc: one for one in sorted(found)}
    return [one for instant, one in sorted(latest.items()) if after < instant <= until]


# --- wall time


def test_every_zone_agrees_with_a_walk_along_utc() -> None:
    """In each zone, around each change of two years, wall times become the instants that a walk finds."""
    wrong = []
    for zone in ZONES:
        for year in (2011, 2026):
            for _, before, after in changes(zone, year):
                near = min(before, after)
                for minutes in range(-60, int((max(before, after) - near) / MINUTE) + 60, 30):
                    local = near.replace(second=0) + minutes * MINUTE
                    if local.year == year and to_utc(local, zone) != oracle_utc(local, zone):
                        wrong.append((zone, local))
    assert wrong == []


def test_a_skipped_time_moves_forward_by_what_was_skipped() -> None:
    """Half past two on the night Berlin springs forward is half past three."""
    moment = to_utc(wall("2026-03-29T02:30"), "Europe/Berlin")
    assert utc("2026-03-29T01:30") == moment
    assert wall("2026-03-29T03:30") == to_wall(moment, "Europe/Berlin")


def test_a_time_that_happens_twice_is_the_first() -> None:
    """Half past one on the night New York falls back is the summer one, whatever the fold says."""
    first = utc("2026-11-01T05:30")
    assert first == to_utc(wall("2026-11-01T01:30"), "America/New_York")
    assert first == to_utc(wall("2026-11-01T01:30").replace(fold=1), "America/New_York")


def test_naive_and_aware_are_never_mixed_up() -> None:
    """A wall time with a zone and an instant without one are refused."""
    with pytest.raises(ValueError, match="already has a zone"):
        to_utc(utc("2026-01-01T00:00"), "UTC")
    with pytest.raises(ValueError, match="has no zone"):
        to_wall(wall("2026-01-01T00:00"), "UTC")
    with pytest.raises(ValueError, match="has no zone"):
        next_occurrence(every("FREQ=DAILY"), wall("2026-01-01T00:00"))


# --- occurrences


@st.composite
def windows(draw: st.DrawFn) -> tuple[str, datetime, datetime]:
    """Draw a zone and a window of some days, most often around a change of its clock."""
    zone = draw(st.sampled_from([*ZONES, "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo", "America/St_Johns"]))
    year = draw(st.integers(1995, 2037) | st.just(2011))
    middle = datetime(year, 1, 10, tzinfo=UTC) + draw(st.integers(0, 340)) * DAY
    moved = [instant for instant, _, _ in changes(zone, year) if instant.year == year]
    if moved and draw(st.integers(0, 3)):
        middle = draw(st.sampled_from(moved))
    after = middle - draw(st.integers(0, 48)) * HOUR
    return zone, after, after + draw(st.integers(1, 14 * 24)) * HOUR


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_occurrences_are_those_of_the_oracle(data: st.DataObject) -> None:
    """In any zone and window, around any change, exactly what a person with a calendar would mark falls due."""
    zone, after, until = data.draw(windows())
    back = data.draw(st.integers(0, 40) | st.integers(0, 9000))
    anchor = datetime.combine(after.date() - timedelta(days=back), time(data.draw(st.sampled_from([2, 9])), 30))
    assume(anchor.month != 2 or anchor.day != 29)
    rule = data.draw(rules(anchor))
    expected = oracle(rule, anchor, zone, after, until)
    assert expected == list(occurrences(Recurrence(rule.text, anchor, zone), after, until))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_windows_that_meet_lose_nothing_and_repeat_nothing(data: st.DataObject) -> None:
    """However a span is cut into ticks, the ticks together see what the whole span has, each key once."""
    zone, after, until = data.draw(windows())
    rule = data.draw(rules(wall("1994-12-01T02:30")))
    one = Recurrence(rule.text, wall("1994-12-01T02:30"), zone)
    minutes = int((until - after) / MINUTE)
    cuts = sorted({0, minutes, *data.draw(st.lists(st.integers(0, minutes), max_size=12))})
    ticks = [list(occurrences(one, after + low * MINUTE, after + high * MINUTE)) for low, high in pairwise(cuts)]
    whole = list(occurrences(one, after, until))
    assert whole == [found for tick in ticks for found in tick]
    assert len(whole) == len({found.key for found in whole}) == len({found.utc for found in whole})


LONG_RULES = [
    "FREQ=DAILY;INTERVAL=7;BYMONTH=3,10",
    "FREQ=DAILY;COUNT=900",
    "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,MO,SA",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;BYSETPOS=-1",
    "FREQ=WEEKLY;BYDAY=TU,TH,SA;BYSETPOS=1",
    "FREQ=MONTHLY;INTERVAL=5;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYHOUR=8,17;BYMONTHDAY=1,31",
    "FREQ=YEARLY;INTERVAL=2;BYDAY=20MO",
    "FREQ=YEARLY;BYYEARDAY=1,-1;BYHOUR=0,23",
    "FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20181231T090000",
]


@pytest.mark.parametrize("rule", LONG_RULES)
@pytest.mark.parametrize("anchor", ["2000-01-31T09:30", "1999-12-29T23:45", "2000-02-29T00:00"])
def test_counting_from_the_middle_gives_what_counting_from_the_anchor_gives(rule: str, anchor: str) -> None:
    """Twenty years on, the same days are found as by dateutil's own walk from the first date."""
    text = rule if "WKST" in rule else rule + ";WKST=MO"
    walk = rrulestr(text, dtstart=wall(anchor)).between(wall("1999-01-01T00:00"), wall("2026-01-01T00:00"))
    one = every(rule, anchor=anchor)
    for begin in (
        wall(f"{year}-02-20T00:00") + offset * 17 * HOUR for year in (2000, 2003, 2012, 2023) for offset in range(20)
    ):
        expected = [found for found in walk if begin < found <= begin + 300 * DAY]
        found = occurrences(one, begin.replace(tzinfo=UTC), (begin + 300 * DAY).replace(tzinfo=UTC))
        assert expected == [each.wall for each in found]


def test_counting_starts_near_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A daily rule of 1990 asked about today is counted from this week, and read once."""
    begun = []
    real = module.rrule

    def spy(freq: int, begin: datetime, *rest: object, **more: object) -> object:
        begun.append(begin)
        return real(freq, begin, *rest, **more)

    module._ready.cache_clear()
    rule = every("FREQ=DAILY", "Europe/Lisbon", "1990-06-01T09:00")
    next_occurrence(rule, utc("2026-11-23T12:00"))
    monkeypatch.setattr(module, "rrule", spy)
    monkeypatch.setattr(module, "read_rule", None)
    for _ in range(3):
        assert utc("2026-11-24T09:00") == next_occurrence(rule, utc("2026-11-23T12:00")).utc
    assert [utc("2026-11-23T12:00") - begin.replace(tzinfo=UTC) < 7 * DAY for begin in begun] == [True] * 3


def test_a_daily_prompt_keeps_its_hour_across_the_year() -> None:
    """Nine in Berlin is seven in UTC in summer and eight in winter, once a day, none left out."""
    found = list(occurrences(every("FREQ=DAILY", "Europe/Berlin"), utc("2026-01-31T23:00"), utc("2027-01-31T22:59")))
    assert len(found) == 365
    assert {7, 8} == {one.utc.hour for one in found}
    assert {time(9)} == {to_wall(one.utc, "Europe/Berlin").time() for one in found}


def test_after_is_left_out_and_until_is_in() -> None:
    """The window is open at its start and closed at its end, so ticks that meet share nothing."""
    rule = every("FREQ=DAILY")
    found = occurrences(rule, utc("2026-01-05T09:00"), utc("2026-01-07T09:00"))
    assert [utc("2026-01-06T09:00"), utc("2026-01-07T09:00")] == [one.utc for one in found]
    assert list(occurrences(rule, utc("2026-01-08T09:00"), utc("2026-01-07T09:00"))) == []


def test_two_times_that_land_on_one_instant_are_one() -> None:
    """At the change, two o'clock lands on three; with both in the rule it is sent once, as three o'clock's."""
    rule = every("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0", "Europe/Berlin")
    found = list(occurrences(rule, utc("2026-03-28T12:00"), utc("2026-03-29T12:00")))
    assert [one.key for one in found] == ["2026-03-29:1"]


def test_a_date_that_never_was_brings_nothing_extra() -> None:
    """Samoa skipped 30 December 2011: its message would land on the 31st's, so there is one."""
    rule = every("FREQ=DAILY", "Pacific/Apia", "2011-12-01T09:00")
    found = list(occurrences(rule, utc("2011-12-29T12:00"), utc("2012-01-01T12:00")))
    assert [one.key for one in found] == ["2011-12-29:0", "2011-12-31:0", "2012-01-01:0"]


def test_a_moved_time_that_passes_a_later_one_keeps_the_order() -> None:
    """Half past two becomes half past three and so comes after a quarter past three."""
    rule = every("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30", "Europe/Berlin")
    found = list(occurrences(rule, utc("2026-03-29T00:00"), utc("2026-03-29T02:00")))
    assert sorted(one.utc for one in found) == [one.utc for one in found]
    assert [one.slot for one in found] == [2, 3]


def test_an_edit_of_the_hour_keeps_the_day_s_key() -> None:
    """When nine becomes eleven after nine was sent, eleven has the same key, so nobody hears twice."""
    noon = utc("2026-02-02T00:00")
    nine, eleven = (next_occurrence(every(f"FREQ=DAILY;BYHOUR={hour}"), noon) for hour in (9, 11))
    assert nine is not None
    assert eleven is not None
    assert "2026-02-02:0" == nine.key == eleven.key


def test_slots_do_not_depend_on_where_counting_starts() -> None:
    """The afternoon of the first day is slot 1 although its morning lies before the first date."""
    found = next_occurrence(every("FREQ=DAILY;BYHOUR=8,17"), utc("2026-01-05T00:00"))
    assert found == Occurrence(utc("2026-01-05T17:00"), wall("2026-01-05T17:00"), 1)


def test_a_rule_that_has_ended_gives_none() -> None:
    """After the last of COUNT, and after UNTIL, nothing comes."""
    assert next_occurrence(every("FREQ=DAILY;COUNT=3"), utc("2026-01-07T09:00")) is None
    assert next_occurrence(every("FREQ=DAILY;UNTIL=20260107"), utc("2026-01-07T09:00")) is None
    assert next_occurrence(every("FREQ=DAILY;UNTIL=20260107"), utc("2036-01-07T09:00")) is None


def test_an_ended_rule_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long after UNTIL nothing is walked through to find that nothing is left."""
    rule = every("FREQ=DAILY;UNTIL=20260107")
    next_occurrence(rule, utc("2026-01-01T00:00"))
    monkeypatch.setattr(module, "rrule", None)
    assert next_occurrence(rule, utc("2036-01-07T09:00")) is None


def test_the_last_evening_is_kept_where_utc_is_a_day_ahead() -> None:
    """The last day in Honolulu ends ten hours after it has ended in UTC."""
    rule = every("FREQ=DAILY;BYHOUR=23;UNTIL=20260107", "Pacific/Honolulu")
    found = next_occurrence(rule, utc("2026-01-08T08:59"))
    assert found == Occurrence(utc("2026-01-08T09:00"), wall("2026-01-07T23:00"), 0)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260107", "2026-01-07T09:00"),
        ("20260107T090000", "2026-01-07T09:00"),
        ("20260107T085959", "2026-01-06T09:00"),
        ("20260107T140000Z", "2026-01-07T09:00"),
        ("20260107T135959Z", "2026-01-06T09:00"),
    ],
)
def test_until_is_a_day_a_wall_time_or_an_instant(until: str, last: str) -> None:
    """A bare day counts to its end; a Z means UTC, here five hours ahead of New York."""
    rule = every(f"FREQ=DAILY;UNTIL={until}", "America/New_York")
    found = list(occurrences(rule, utc("2026-01-01T00:00"), utc("2027-01-01T00:00")))
    assert wall(last) == found[-1].wall


def test_weeks_begin_on_monday_unless_the_rule_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 5545's default holds even where the program's calendar was set to begin on Sunday."""
    monkeypatch.setattr(calendar, "firstweekday", lambda: 6)
    rule = every("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", anchor="1997-08-05T09:00")
    found = list(occurrences(rule, utc("1997-08-01T00:00"), utc("1997-08-25T00:00")))
    assert [one.wall.day for one in found] == [5, 10, 19, 24]


@pytest.mark.parametrize("after", ["0001-01-01T00:00", "9999-01-01T00:00"])
def test_cursors_at_the_ends_of_time_do_no_harm(after: str) -> None:
    """A cursor that was never set, or set to never, is answered."""
    rule = every("FREQ=YEARLY;UNTIL=20991231", "Pacific/Apia")
    expected = "2026-01-05:0" if after.startswith("0001") else None
    found = next_occurrence(rule, utc(after))
    assert expected == (found.key if found else None)


# --- validation


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("", ["rule_empty"]),
        ("  ;; ", ["rule_empty"]),
        ("every monday", ["rule_piece", "rule_no_freq"]),
        ("BYDAY=MO", ["rule_no_freq"]),
        ("FREQ=FORTNIGHTLY", ["rule_value"]),
        ("FREQ=HOURLY", ["rule_sub_daily"]),
        ("FREQ=MINUTELY;INTERVAL=0", ["rule_sub_daily", "rule_number"]),
        ("FREQ=DAILY;FREQ=WEEKLY", ["rule_twice"]),
        ("FREQ=DAILY;BYDAYS=MO", ["rule_nearest"]),
        ("FREQ=YEARLY;BYWEEKNO=20", ["rule_unknown"]),
        ("FREQ=DAILY;INTERVAL=0", ["rule_number"]),
        ("FREQ=DAILY;INTERVAL=-1", ["rule_number"]),
        ("FREQ=DAILY;INTERVAL=1,2", ["rule_number"]),
        ("FREQ=DAILY;BYHOUR=24", ["rule_number"]),
        ("FREQ=DAILY;BYMONTH=13", ["rule_number"]),
        ("FREQ=DAILY;BYHOUR=٣", ["rule_number"]),
        ("FREQ=MONTHLY;BYMONTHDAY=0", ["rule_signed"]),
        ("FREQ=MONTHLY;BYMONTHDAY=", ["rule_signed"]),
        ("FREQ=MONTHLY;BYDAY=0MO", ["rule_value"]),
        ("FREQ=MONTHLY;BYDAY=XX", ["rule_value"]),
        ("FREQ=DAILY;UNTIL=5", ["rule_value"]),
        ("FREQ=DAILY;UNTIL=20260230", ["rule_value"]),
        ("FREQ=DAILY;UNTIL=00010101", ["rule_value"]),
        ("FREQ=DAILY;COUNT=5;UNTIL=20270101", ["rule_together"]),
        ("FREQ=WEEKLY;BYDAY=2MO", ["rule_together"]),
        ("FREQ=WEEKLY;BYMONTHDAY=1", ["rule_together"]),
        ("FREQ=MONTHLY;BYYEARDAY=1", ["rule_together"]),
        ("FREQ=MONTHLY;BYSETPOS=1", ["rule_alone"]),
        ("FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,5,10,15,20,25,30,35,40", ["rule_too_often"]),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", ["rule_never"]),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", []),
        ("FREQ=DAILY;UNTIL=20260105T085959", ["rule_never"]),
        ("FREQ=DAILY;UNTIL=20260105", []),
        ("rrule:freq=weekly;byday=mo", []),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY", ["rule_unknown", "rule_no_freq"]),
    ],
)
def test_what_is_wrong_with_a_rule_is_named(rule: str, expected: list[str]) -> None:
    """Each fault of a rule has its own sentence, and all are told together."""
    problems = validate(rule, "Europe/Lisbon", wall("2026-01-05T09:00"))
    assert (expected, {"rule"} if expected else set()) == (keys(problems), {one.where for one in problems})
    assert all("{" not in str(one) for one in problems)


def test_a_leap_day_every_second_odd_year_never_fires() -> None:
    """Every second year from 2025 on has no 29 February."""
    rule = "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29"
    assert keys(validate(rule, "UTC", wall("2025-01-01T09:00"))) == ["rule_never"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Lisbon", None),
        ("Europe/Lisbonn", "Europe/Lisbon"),
        ("europe/lisbon", "Europe/Lisbon"),
        ("Lisbon", "Europe/Lisbon"),
        ("New York", "America/New_York"),
    ],
)
def test_a_wrong_zone_is_answered_with_the_nearest(zone: str, expected: str | None) -> None:
    """A slip of the finger, of capitals, or a bare city is enough to be understood."""
    problems = validate("FREQ=DAILY", zone, wall(MONDAY_NINE))
    assert [expected] * bool(expected) == [one.params["nearest"] for one in problems]


@pytest.mark.parametrize("zone", ["", "Nowhere", "../etc/passwd", "/etc", "a\0b", "x" * 300, "Europe", "localtime"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    """What is no zone is named as such, and never opens a file."""
    assert [one.where for one in validate("FREQ=DAILY", zone, wall(MONDAY_NINE))] == ["zone"]
    with pytest.raises(RecurrenceError, match="no time zone"):
        to_utc(wall(MONDAY_NINE), zone)


def test_all_faults_are_told_at_once() -> None:
    """A bad rule, a bad zone and a bad first date come back together, and using them raises the same."""
    anchor = utc("2026-01-05T09:00")
    expected = ["rule_number", "rule_value", "zone_nearest", "anchor_aware"]
    assert expected == keys(validate("FREQ=DAILY;INTERVAL=0;BYDAY=XX", "Europe/Berlni", anchor))
    assert keys(validate("FREQ=DAILY", "UTC", wall("1066-10-14T09:00"))) == ["anchor_year"]
    with pytest.raises(RecurrenceError) as raised:
        next_occurrence(Recurrence("FREQ=DAILY;INTERVAL=0;BYDAY=XX", anchor, "Europe/Berlni"), anchor)
    assert expected == keys(raised.value.problems)


@given(
    st.text(alphabet="FREQ=DAILYWKMONTHBSUC;:,+-0123456789 \n", max_size=60) | st.text(max_size=30),
    st.text(max_size=20),
)
@settings(deadline=None)
def test_validation_never_fails_and_never_lets_through_what_fails(rule: str, zone: str) -> None:
    """Whatever is typed is either refused in words or can be followed."""
    for where in (zone, "Asia/Kolkata"):
        if not validate(rule, where, wall(MONDAY_NINE)):
            assert next_occurrence(Recurrence(rule, wall(MONDAY_NINE), where), utc("2020-01-01T00:00")) is not None
