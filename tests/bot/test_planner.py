"""The planner: quiet hours, budgets and pauses hold whatever is asked of it, in every zone and around every change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.planner import SPREAD, Decision, Drop, Habits, Postpone, Quiet, Send, Why, decide, quiet_ends

ZONES = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NONE = Quiet(time(0), time(0))
NIGHT = Quiet(time(22), time(8))
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def habits(zone: str = "UTC", quiet: Quiet = NIGHT, weekly_budget: int = 5, **more: object) -> Habits:
    """Make habits that get in nobody's way at noon."""
    return Habits(zone, quiet, weekly_budget, **more)


def ask(moment: datetime, who: Habits, sent: list[datetime] | None = None, **more: object) -> Decision:
    """Ask at the moment that something is due, unless told otherwise."""
    given_ = {"due": moment, "now": moment, "expires": None, "key": "prompt:1/ana", "sent": sent or []}
    return decide(**{**given_, **more}, habits=who)


def local(moment: datetime, zone: str) -> datetime:
    """Return what the wall clock shows."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def in_quiet(moment: datetime, who: Habits) -> bool:
    """Say whether the wall clock is within the quiet hours, told with comparisons only."""
    start, end, shown = who.quiet.start, who.quiet.end, local(moment, who.zone).time()
    if start <= end:
        return start <= shown < end
    return shown >= start or shown < end


def week(moment: datetime, zone: str) -> tuple[int, int]:
    """Return the local ISO year and week."""
    return local(moment, zone).isocalendar()[:2]


times = st.times().map(lambda moment: moment.replace(microsecond=0)) | st.integers(0, 23).map(time)
quiets = st.one_of(st.just(NIGHT), st.just(NONE), st.builds(Quiet, times, times))
# The clocks of the zones named here are changed at midnight, by half an hour, by a day, or past midnight
zones = st.sampled_from(["Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"]) | st.sampled_from(
    ZONES
)
moments = st.integers(0, 31 * 366 * 1440).map(lambda minutes: datetime(2005, 1, 1, tzinfo=UTC) + minutes * MINUTE)
changes = st.sampled_from(
    [
        datetime(2011, 12, 30, tzinfo=UTC),  # Apia: a day is skipped
        datetime(2010, 11, 7, 2, tzinfo=UTC),  # St Johns: 00:01 becomes 23:01 of the Sunday before, as its week ends
        datetime(2026, 4, 23, 22, tzinfo=UTC),  # Cairo: midnight is skipped
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]
)
near_changes = st.builds(lambda at, minutes: at + minutes * MINUTE, changes, st.integers(-3000, 3000))
instants = moments | near_changes


# --- one decision


def test_what_is_due_at_noon_is_sent_within_the_spread() -> None:
    """Nothing speaks against it, so it goes out, a little later for each person."""
    answer = ask(MONDAY, habits())
    assert isinstance(answer, Send)
    assert MONDAY <= answer.at < MONDAY + SPREAD


@pytest.mark.parametrize(
    ("due", "until"),
    [
        (datetime(2026, 3, 2, 21, 59, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 2, 22, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)),
        (datetime(2026, 3, 3, 3, tzinfo=UTC), datetime(2026, 3, 3, 8, tzinfo=UTC)),
        (datetime(2026, 3, 3, 8, tzinfo=UTC), None),
    ],
)
def test_the_night_is_quiet_and_ends_at_eight(due: datetime, until: datetime | None) -> None:
    """Quiet hours span midnight, begin on their first minute and are over on their last."""
    answer = ask(due, habits())
    assert (Postpone(until, Why.QUIET_HOURS) if until else Send) == (answer if until else type(answer))


def test_quiet_hours_are_the_reader_s_own() -> None:
    """Noon in UTC is fine in Lisbon and one at night in Auckland, where it waits for the morning."""
    assert isinstance(ask(MONDAY, habits("Europe/Lisbon")), Send)
    expected = Postpone(datetime(2026, 3, 2, 19, tzinfo=UTC), Why.QUIET_HOURS)
    assert expected == ask(MONDAY, habits("Pacific/Auckland"))


@pytest.mark.parametrize(
    ("quiet", "now", "ends"),
    [
        # Berlin skips 02:00 to 03:00: quiet until half past two is over at three, the first time that is shown
        (Quiet(time(22), time(2, 30)), "2026-03-29T00:59", "2026-03-29T01:00"),
        # ... and quiet that lies within the gap never happens
        (Quiet(time(2), time(3)), "2026-03-29T01:00", "2026-03-29T01:00"),
        (Quiet(time(22), time(8)), "2026-03-28T22:00", "2026-03-29T06:00"),
        # Berlin shows 02:00 to 03:00 twice: half past two comes, then it is quiet again from the second 02:00
        (Quiet(time(22), time(2, 30)), "2026-10-25T00:10", "2026-10-25T00:30"),
        (Quiet(time(22), time(2, 30)), "2026-10-25T01:10", "2026-10-25T01:30"),
        (Quiet(time(22), time(8)), "2026-10-24T20:00", "2026-10-25T07:00"),
    ],
)
def test_quiet_hours_end_by_the_wall_clock_on_the_nights_it_is_changed(quiet: Quiet, now: str, ends: str) -> None:
    """A moment is quiet if and only if the wall clock says so, in gaps and folds as well."""
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, ends))
    assert expected == quiet_ends(moment, habits("Europe/Berlin", quiet))


def test_the_budget_opens_again_on_the_reader_s_monday() -> None:
    """Two this week are enough; the third waits until Monday begins in Kathmandu."""
    who = habits("Asia/Kathmandu", NONE, 2)
    sent = [MONDAY, MONDAY + DAY]
    expected = Postpone(datetime(2026, 3, 8, 18, 15, tzinfo=UTC), Why.BUDGET)
    assert expected == ask(MONDAY + 2 * DAY, who, sent)
    assert isinstance(ask(MONDAY + 7 * DAY, who, sent), Send)


def test_the_first_monday_s_quiet_hours_are_waited_for_too() -> None:
    """What the budget puts off is put off to a moment that is allowed, and the reason told is the first one."""
    expected = Postpone(datetime(2026, 3, 9, 8, tzinfo=UTC), Why.BUDGET)
    assert expected == ask(MONDAY + DAY, habits(weekly_budget=1), [MONDAY])


def test_an_hour_lies_between_two_messages() -> None:
    """Whatever was sent, or is promised, within the hour on either side pushes the next one off."""
    expected = Postpone(MONDAY + 50 * MINUTE, Why.TOO_SOON)
    assert expected == ask(MONDAY, habits(), [MONDAY - 10 * MINUTE])
    assert Postpone(MONDAY + 90 * MINUTE, Why.TOO_SOON) == ask(MONDAY, habits(), [MONDAY + 30 * MINUTE])
    assert isinstance(ask(MONDAY, habits(), [MONDAY - HOUR]), Send)
    assert Send(MONDAY) == ask(MONDAY, habits(), [MONDAY + HOUR])


def test_a_pause_is_waited_for() -> None:
    """Until the day a member named nothing is sent."""
    who = habits(paused_until=MONDAY + 3 * DAY)
    assert Postpone(MONDAY + 3 * DAY, Why.PAUSED) == ask(MONDAY, who)
    assert isinstance(ask(MONDAY + 3 * DAY, who), Send)


def test_without_consent_or_with_a_budget_of_none_nothing_is_sent() -> None:
    """Whoever did not opt in, or wants no messages, gets none, and it does not wait for ever."""
    assert Drop(Why.NOT_OPTED_IN) == ask(MONDAY, habits(opted_in=False))
    assert Drop(Why.BUDGET) == ask(MONDAY, habits(weekly_budget=0))


def test_what_has_lost_its_sense_is_dropped() -> None:
    """Past its expiry, or when it would have to wait until then, a message is dropped, and told why it waited."""
    assert Drop(Why.EXPIRED) == ask(MONDAY, habits(), expires=MONDAY)
    assert Drop(Why.EXPIRED) == ask(MONDAY, habits(), now=MONDAY + DAY, expires=MONDAY + HOUR)
    night = MONDAY + 11 * HOUR
    assert Drop(Why.EXPIRED, Why.QUIET_HOURS) == ask(night, habits(), expires=night + HOUR)


def test_asked_early_the_answer_is_the_one_for_when_it_is_due() -> None:
    """A message of tomorrow is not sent today."""
    assert ask(MONDAY + DAY, habits()) == ask(MONDAY + DAY, habits(), now=MONDAY)


def test_the_jitter_spreads_people_and_is_each_one_s_own() -> None:
    """A thousand people who are due at once are spread over the ten minutes; asked again, each has the same moment."""
    keys = [f"prompt:1:2026-03-02:0/{member}" for member in range(1000)]
    first, again = ([ask(MONDAY, habits(), key=key) for key in keys] for _ in range(2))
    minutes = [int((answer.at - MONDAY) / MINUTE) for answer in first if isinstance(answer, Send)]
    assert first == again
    assert set(range(10)) == set(minutes)
    assert max(map(minutes.count, range(10))) < 150


def test_the_jitter_never_runs_into_the_night_nor_past_the_expiry() -> None:
    """A minute before quiet hours, or before the expiry, everybody still gets it in time."""
    late = MONDAY + 10 * HOUR - MINUTE
    for member in range(200):
        assert ask(late, habits(), key=str(member)).at < late + MINUTE
        assert ask(MONDAY, habits(), key=str(member), expires=MONDAY + MINUTE).at < MONDAY + MINUTE


def test_moments_without_a_zone_are_refused() -> None:
    """A naive moment would be read as the machine's."""
    with pytest.raises(ValueError, match="has no zone"):
        ask(MONDAY.replace(tzinfo=None), habits())


# --- whatever is asked


@given(zones, quiets, instants)
@settings(max_examples=300, deadline=None)
def test_quiet_ends_is_the_first_moment_that_is_not_quiet(zone: str, quiet: Quiet, now: datetime) -> None:
    """Up to it every minute is quiet, at it none is, however the clock was changed in between."""
    who = habits(zone, quiet)
    ends = quiet_ends(now, who)
    assert not in_quiet(ends, who)
    minutes = [now + count * MINUTE for count in range(int((ends - now) / MINUTE) + 1)]
    before = [*(moment for moment in minutes if moment < ends), *([ends - timedelta(microseconds=1)] * (ends > now))]
    assert all(in_quiet(moment, who) for moment in before)


@given(
    zone=zones,
    quiet=quiets,
    budget=st.integers(0, 4),
    now=instants,
    wait=st.integers(-600, 600),
    life=st.none() | st.integers(1, 20_000),
    gaps=st.lists(st.integers(0, 3000), max_size=12),
    pause=st.none() | st.integers(-100, 9000),
    key=st.text(max_size=5),
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_decided_keeps_every_promise(
    zone: str,
    quiet: Quiet,
    budget: int,
    now: datetime,
    wait: int,
    life: int | None,
    gaps: list[int],
    pause: int | None,
    key: str,
) -> None:
    """Followed through its postponements a message ends in a drop, or in a moment that nothing speaks against."""
    due, sent = now + wait * MINUTE, []
    for gap in gaps:
        sent.append((sent[-1] if sent else now - 5 * DAY) + gap * MINUTE)
    expires = due + life * MINUTE if life else None
    who = Habits(zone, quiet, budget, now + pause * MINUTE if pause is not None else None)
    asked = {"due": due, "expires": expires, "key": key, "habits": who, "sent": sent}
    answer, moment = decide(now=now, **asked), now
    assert answer == decide(now=now, **asked)
    if isinstance(answer, Postpone):
        assert answer.until > moment
        moment, answer = answer.until, decide(now=answer.until, **asked)
    if isinstance(answer, Drop):
        assert answer.why in {Why.EXPIRED, Why.BUDGET}
        return
    assert isinstance(answer, Send)
    assert max(due, moment) <= answer.at < max(due, moment) + SPREAD
    assert not in_quiet(answer.at, who)
    assert sum(week(other, zone) == week(answer.at, zone) for other in sent) < budget
    assert all(abs(other - answer.at) >= HOUR for other in sent)
    assert expires is None or answer.at < expires
    assert who.paused_until is None or answer.at >= who.paused_until


@given(zones, quiets, st.integers(1, 7), instants, st.lists(st.integers(0, 12_000), min_size=1, max_size=25))
@settings(max_examples=100, deadline=None)
def test_a_month_of_messages_keeps_every_promise_and_loses_none(
    zone: str, quiet: Quiet, budget: int, begin: datetime, offsets: list[int]
) -> None:
    """However many fall due, each week keeps its budget, no two lie within an hour, none is at night, all arrive."""
    who = Habits(zone, quiet, budget)
    sent: list[datetime] = []
    waiting = sorted((begin + offset * MINUTE, index) for index, offset in enumerate(offsets))
    while waiting:
        due, index = waiting.pop(0)
        answer = decide(due=due, now=due, expires=None, key=f"{index}/ana", habits=who, sent=sent)
        if isinstance(answer, Send):
            sent.append(answer.at)
        else:
            assert isinstance(answer, Postpone)
            waiting = sorted([*waiting, (answer.until, index)])
    weeks = [week(moment, zone) for moment in sent]
    assert len(offsets) == len(sent)
    assert max(map(weeks.count, weeks)) <= budget
    assert not any(in_quiet(moment, who) for moment in sent)
    ordered = sorted(sent)
    assert all(later - earlier >= HOUR for earlier, later in pairwise(ordered))
