"""A simulated cohort: the same seed gives the same bytes, and what must never happen is noticed when it does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.model import Message
from bot.chat.text import words
from bot.chat.views import Text, View
from bot.clock import MovedClock
from bot.programme.file import read as read_programme
from bot.recurrence import to_wall
from bot.roster import read as read_roster
from cli.simulation.behaviour import SLEEPS, WAKES, awake, persona, reaction
from cli.simulation.cast import Delivered, RecordingTown
from cli.simulation.figures import MUST_BE_ZERO, Records, disturbed, doubled, in_quiet_hours, introductions
from cli.simulation.run import simulate
from storage.member import Member
from storage.pair import Pair

EXAMPLES = Path(__file__).parents[2] / "examples"
COFFEE, ROSTER = EXAMPLES / "programmes" / "coffee.toml", EXAMPLES / "roster.csv"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEW = 16


@pytest.fixture
def small_roster(tmp_path) -> Path:
    """The first people of the example."""
    path = tmp_path / "people.csv"
    path.write_text("".join(ROSTER.read_text("utf-8").splitlines(keepends=True)[: FEW + 1]), "utf-8")
    return path


def test_the_same_seed_gives_the_same_bytes(process, small_roster):
    """Two processes with different hash seeds print the same figures and tell the same story; checks are 0."""
    runs = []
    for hashing in ("1", "2"):
        running = process(
            "simulate", "--programme", COFFEE, "--roster", small_roster, "--weeks", 2, "--seed", 7, "--json",
            "--transcript", PYTHONHASHSEED=hashing,
        )  # fmt: skip
        runs.append((*running.communicate(timeout=120), running.returncode))
    assert runs[0] == runs[1]
    out, story, code = runs[0]
    figures = json.loads(out)
    checks = figures["checks"]
    assert (0, FEW, 7) == (code, figures["roster"], figures["seed"])
    assert dict.fromkeys(MUST_BE_ZERO, 0) == {name: checks[name] for name in MUST_BE_ZERO}
    assert len(MUST_BE_ZERO) == 5
    assert checks["pairs_introduced_once"] == figures["pairs"] > 0
    assert "joins" in story


async def test_another_seed_gives_another_story(small_roster):
    """Chance is real: two seeds tell two stories, and progress goes from 0 to 1."""
    seen: list[float] = []
    file, roster = read_programme(COFFEE), read_roster(small_roster)
    runs = [await simulate(file, roster, weeks=1, seed=seed, progress=seen.append) for seed in (1, 2)]
    assert runs[0].story != runs[1].story
    assert (True, True) == (min(seen) >= 0, max(seen) <= 1)


def test_the_summary_is_for_people(kith, small_roster):
    """Without --json, tables tell the weeks and the checks."""
    ended = kith("simulate", "--programme", COFFEE, "--roster", small_roster, "--weeks", 1, "--seed", 3)
    assert (0, True, True) == (ended.code, "coffee, seed 3" in ended.out, "nudges in quiet hours: 0" in ended.out)


def test_a_help_queue_cannot_be_simulated(kith, tmp_path, small_roster):
    """A programme without rounds is refused in one line."""
    file = tmp_path / "help.toml"
    file.write_text('kith = 1\nname = "Help"\nslug = "help"\nkind = "help"\nsummary = "Ask."\n', "utf-8")
    ended = kith("simulate", "--programme", file, "--roster", small_roster)
    assert (1, True) == (ended.code, "makes no rounds" in ended.err)


def delivered(at: datetime, key: str, channel: str = "dm-ana", number: int = 1, text: str = "hello") -> Delivered:
    """Return a message as it arrived."""
    view = View(key, (Text(words(text)),))
    return Delivered(at, Message(id=f"m{number}", space="s", channel=channel, author=None, view=view, at=at, key="k"))


def records(zone: str, **more: object) -> Records:
    """Return records of one member, whose first message was a nudge."""
    ana = Member(id="a", community_id="c", handle="ana", name="Ana", zone=zone, created_at=NOON)
    whole = Records((), (), (), {"ana": ana}, frozenset({"m1"}), 0, {})
    return replace(whole, **more)


@pytest.mark.parametrize(("zone", "expected"), [("UTC", 0), ("Asia/Tokyo", 1), ("America/Los_Angeles", 1)])
def test_a_nudge_at_night_is_noticed(zone, expected):
    """Noon in London is nine in the evening in Tokyo and four in the morning in California."""
    assert expected == disturbed(records(zone), [delivered(NOON, "checkin.ask")])


def test_a_note_at_night_is_no_nudge():
    """What somebody else caused may arrive whenever it happens."""
    assert 0 == disturbed(records("Asia/Tokyo"), [delivered(NOON, "kudos.received", number=2)])


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_quiet_hours_that_span_midnight_are_the_rest_of_the_day(at):
    """From 20:00 to 08:00 and from 08:00 to 20:00, a moment is in exactly one of the two."""
    night, day = (in_quiet_hours(at, "Asia/Kolkata", *hours) for hours in (("20:00", "08:00"), ("08:00", "20:00")))
    assert night is not day


async def test_a_message_that_is_sent_twice_is_noticed():
    """A key that is sent again counts, although the town shows one message; so does the same text again that day."""
    town = RecordingTown(MovedClock(NOON), 1)
    town.sends = ["a", "b", "a"]
    assert 1 == doubled(town, "UTC")
    town.sends = []
    town.delivered = [delivered(NOON, "x"), delivered(NOON + timedelta(hours=3), "x"), delivered(NOON, "y")]
    assert 1 == doubled(town, "UTC")
    town.delivered = [delivered(NOON, "x"), delivered(NOON + timedelta(days=1), "x")]
    assert 0 == doubled(town, "UTC")


def test_what_comes_each_day_at_five_is_not_sent_again_when_the_clock_goes_forward():
    """Five in Madrid is 23 hours after five on 29 March; where the clock stands, 23 hours are the same day's."""
    town = RecordingTown(MovedClock(NOON), 1)
    five = datetime(2026, 3, 28, 16, tzinfo=UTC)
    town.delivered = [delivered(five, "x"), delivered(five + timedelta(hours=23), "x")]
    assert (0, 1) == (doubled(town, "Europe/Madrid"), doubled(town, "UTC"))
    town.delivered[1] = delivered(five + timedelta(hours=22, minutes=59), "x")
    assert 1 == doubled(town, "Europe/Madrid")


def test_a_pair_that_is_not_introduced_once_is_noticed():
    """One pair was introduced once, one twice, one never."""
    pairs = tuple(
        Pair(id=room, community_id="c", programme_id="p", round_id="r", room=room, created_at=NOON)
        for room in ("room-1", "room-2", "room-3")
    )
    told = [delivered(NOON, "pair.introduced", room) for room in ("room-1", "room-2", "room-2")]
    assert {1: 1, 2: 1, 0: 1} == dict(introductions(records("UTC", pairs=pairs), told))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_nobody_acts_in_their_sleep(moment):
    """Whatever they do is put off to a time when they are awake, less than a night later."""
    at = awake(moment, "America/Bogota")
    assert WAKES <= to_wall(at, "America/Bogota").time() < SLEEPS
    assert timedelta() <= at - moment < timedelta(hours=12)


def test_the_same_occasion_finds_the_same_mood():
    """A reaction depends on the seed and the occasion alone, and every kind of it occurs."""
    row = read_roster(ROSTER).rows[0]
    who = persona(row, 7, joining_hours=144, weeks=12)
    weeks = [NOON + timedelta(weeks=week) for week in range(200)]
    found = [reaction(who, ["bea"], week, again=False) for week in weeks]
    assert found == [reaction(who, ["bea"], week, again=False) for week in weeks]
    kinds = {one.answer if one else None for one in found}
    assert {"checkin.met", "checkin.scheduled", "checkin.not_yet", "checkin.help", "checkin.later", None} == kinds


@pytest.mark.parametrize("example", sorted(path.stem for path in (EXAMPLES / "programmes").glob("*.toml")))
async def test_every_example_runs_for_eight_weeks(example):
    """People apply, agree, learn and meet as the file says; nobody is disturbed at night, nothing is said twice."""
    roster = read_roster(ROSTER)
    few = replace(roster, rows=roster.rows[:8], problems=())
    file = read_programme(EXAMPLES / "programmes" / f"{example}.toml")
    done = await simulate(file, few, weeks=8, seed=7, progress=lambda _: None)
    assert done.figures["pairs"] > 0
    assert 0 == sum(count for name, count in done.figures["checks"].items() if name not in FINE)


FINE = ("nudges", "pairs_introduced_once")
