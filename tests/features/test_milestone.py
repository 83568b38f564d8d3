"""What a programme celebrates is told in private, once, and shown to others only by who reached it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.views import Image
from bot.features.milestone import rules
from bot.programme.file import ProgrammeFileError, parse
from bot.programme.sections import Milestone as Rule
from storage.db import Db
from storage.milestone import Anniversary, Milestone
from tests.fakes.world import COFFEE, World, key, text
from tests.features.town import member, to

FILE = COFFEE | {
    "milestones": [
        {"key": "meets", "on": "session", "at": [1, 2, 5], "badge": "Regular"},
        {"key": "goals", "on": "goal", "text": "You said it and you did it."},
        {"key": "thanks", "on": "thanks", "at": [1, 2], "badge": "Warm heart"},
        {"key": "years", "on": "anniversary", "at": [1, 2]},
    ],
}
LOG = {"day": "2026-03-04", "minutes": "45", "topics": "the first patch", "next_step": "Read the guide",
       "shared": "", "private": "", "help": "no", "for_coordinators": ""}  # fmt: skip


@pytest.fixture
async def town(world: World) -> World:
    """Ana and Bea are paired in a programme with milestones, and there is a channel for them."""
    await world.applies(FILE)
    for who in ("ana", "bea"):
        await world.joins(who, availability="mon 18:00-20:00")
    settings = await world.says("vera", "/coord settings milestone")
    await world.submits("vera", settings, {"milestone.channel": "general"})
    await world.until("2026-03-04 15:00")
    return world


async def meets(world: World, day: str) -> None:
    """Let the two meet and confirm it."""
    await world.submits("ana", await world.says("ana", "/session log"), LOG | {"day": day})
    await world.delivers()
    await world.presses("bea", "That is right")


async def test_the_first_session_is_told_to_both_and_to_nobody_else(town: World):
    """Each gets a card in private, with its words for who cannot see it; nothing is posted."""
    await meets(town, "2026-03-04")
    said = await town.delivers()
    for who in ("ana", "bea"):
        assert 1 == to(said, town.dm(who)).count("milestone.reached")
    (card,) = [block for block in town.newest_with("ana", "Show it to others").view.blocks if isinstance(block, Image)]
    assert "A card: First session. Regular, level 1 of 3." == card.alt
    assert "milestone.shared" not in to(said, "general")


async def test_it_is_shown_only_by_who_reached_it(town: World):
    """Ana shows hers, once; Bea keeps hers; nobody can show somebody else's."""
    await meets(town, "2026-03-04")
    await town.delivers()
    ana = await member(town, "ana")
    row = next(one for one in await town.rows(Milestone) if one.member_id == ana.id)
    assert "core.not_yours" == key(await town.presses_id("bea", f"milestone.share:{row.id}"))
    assert "in the channel" in text(await town.presses("ana", "Show it to others"))
    assert "stays with you" in text(await town.presses("bea", "Keep it to myself"))
    assert ["milestone.shared"] == to(await town.delivers(), "general")
    assert "@Ana has something to celebrate: First session." in town.sees("vera", "general")[-1]
    await town.presses_id("ana", f"milestone.share:{row.id}")
    assert [] == to(await town.delivers(), "general")


async def test_nothing_is_congratulated_twice(town: World):
    """The second session is the second level; correcting and confirming again says nothing new."""
    await meets(town, "2026-03-04")
    await town.delivers()
    await town.until("2026-03-06 15:00")
    await meets(town, "2026-03-05")
    said = await town.delivers()
    assert ["milestone.reached"] == [one for one in to(said, town.dm("ana")) if one.startswith("milestone")]
    rows = [(one.key, one.count) for one in await town.rows(Milestone)]
    assert [("meets", 1), ("meets", 1), ("meets", 2), ("meets", 2)] == sorted(rows)
    assert "Regular ●●○ · 2 sessions · next at 5" in text(await town.says("ana", "/milestone mine"))


async def test_a_goal_is_congratulated_in_the_programmes_own_words(town: World):
    """The file's text is said instead of ours."""
    asked = await town.says("ana", "/goal add Learn to review")
    await town.submits("ana", asked, due_on="2026-04-01")
    await town.delivers()
    assert "goal.reached_now" == key(await town.says("ana", "/goal done"))
    assert "milestone.reached" in to(await town.delivers(), town.dm("ana"))
    assert "You said it and you did it." in "".join(town.sees("ana", town.dm("ana")))


async def test_thanks_count_by_people(town: World):
    """Thanking the same person again reaches nothing new."""
    await town.says("ana", "/kudos give @bea for the patient review")
    await town.says("ana", "/kudos give @bea for the second review")
    assert [("thanks", 1)] == [(one.key, one.count) for one in await town.rows(Milestone)]
    await town.says("ana", "/kudos give @vera for setting this up")
    assert [("thanks", 1), ("thanks", 2)] == sorted((one.key, one.count) for one in await town.rows(Milestone))


async def test_a_year_is_noticed_in_the_morning_of_their_own_day(town: World):
    """At ten in their own zone, once; the row knows the next year."""
    ana = await member(town, "ana")
    row = next(one for one in await town.rows(Anniversary) if one.member_id == ana.id)
    assert datetime(2027, 3, 2, 9, tzinfo=UTC) == row.due_at

    async def soon(db: Db) -> None:
        known = await db.get(Anniversary, row.member_id)
        assert known is not None
        ana.opted_in_at = town.clock.now() - timedelta(days=365)
        known.due_at = town.clock.now() + timedelta(hours=1)
        await db.merge(ana)

    await town.database.write(soon)
    said = await town.passes(hours=2)
    assert "milestone.reached" in to(said, town.dm("ana"))
    row = next(one for one in await town.rows(Anniversary) if one.member_id == row.member_id)
    assert datetime(2027, 3, 4, 9, tzinfo=UTC) == row.due_at


async def test_a_year_that_passed_while_nothing_ran_is_not_told(town: World):
    """After a long outage the day is over: nothing is said, and the next one is kept."""

    async def late(db: Db) -> None:
        for known in await town.rows(Anniversary):
            known.due_at = town.clock.now() - timedelta(days=10)
            await db.merge(known)

    await town.database.write(late)
    assert "milestone.reached" not in to(await town.passes(hours=1), town.dm("ana"))
    assert all(one.due_at > town.clock.now() for one in await town.rows(Anniversary))


async def test_who_left_has_no_anniversary(town: World):
    """The day goes with the member."""
    await town.handles(town.town.leave("bea"))
    assert [(await member(town, "ana")).id] == [one.member_id for one in await town.rows(Anniversary)]


async def test_a_programme_without_milestones_says_nothing(world: World):
    """Without rules in its file nothing is celebrated, and the page says how the first one comes."""
    await world.applies()
    await world.joins("ana")
    await world.joins("bea")
    await world.says("ana", "/kudos give @bea for the review")
    assert [] == await world.rows(Milestone)
    assert "comes by itself" in text(await world.says("ana", "/milestone mine"))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"key": "a", "on": "session", "at": [5, 1]}, "rise"),
        ({"key": "a", "on": "session", "at": []}, "at"),
        ({"key": "a", "on": "session", "at": [0]}, "at"),
        ({"key": "a", "on": "lottery"}, "on"),
        ({"key": "a", "on": "goal", "bagde": "X"}, "badge"),
    ],
)
def test_mistakes_in_the_file_are_named(rule: dict[str, object], told: str):
    """Each with its place; two with one key are told as well."""
    with pytest.raises(ProgrammeFileError) as no:
        parse(COFFEE | {"milestones": [rule]})
    assert told in str(no.value)
    with pytest.raises(ProgrammeFileError, match="twice"):
        parse(COFFEE | {"milestones": [{"key": "a", "on": "goal"}] * 2})


ZONES = st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.integers(0, 4000), ZONES)
def test_an_anniversary_is_ahead_and_within_a_year(joined: datetime, days: int, zone: str):
    """It is after now, by 366 days at most, and a year more has passed then than just before that day."""
    now = joined + timedelta(days=days)
    at = rules.next_anniversary(joined, now, zone)
    assert now < at <= now + timedelta(days=367)
    assert rules.years_between(joined, at, zone) == rules.years_between(joined, at - timedelta(days=1), zone) + 1


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True).map(sorted), st.integers(0, 50))
def test_what_is_reached_is_what_lies_below(at: list[int], count: int):
    """Every count up to now is reached, no other; the level is how many those are."""
    rule = Rule(key="a", on="session", at=tuple(at))
    found = [one for _, one in rules.reached([rule], "session", count)]
    assert [one for one in at if one <= count] == found
    assert len(found) == rules.level_of(rule, count)
    assert [] == rules.reached([rule], "goal", count)
