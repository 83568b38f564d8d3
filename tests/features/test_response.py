"""When nobody answers an introduction: a reminder, a warning, somebody else, never blame."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import storage.response
from bot.features.response import rules
from bot.recurrence import UTC
from storage.audit import Audit
from storage.member import Member
from storage.pair import Pair
from storage.programme import Role
from storage.response import ANSWERED, CLOSED, OPEN, Response
from tests.fakes.world import World, key, text
from tests.features.town import change, facts, few, keys_of, member, to

LONG = {
    "rounds": {"every_weeks": 8, "weekday": "tue", "at": "10:00"}, "pairs": {"agreement": False}, "checkins": [],
    "texts": {},
}  # fmt: skip
PAIRED, REMINDED, WARNED, OVER = "2026-03-03 09:30", "2026-03-07 09:30", "2026-03-11 09:30", "2026-03-15 09:30"


@pytest.fixture
async def two(world: World) -> World:
    """Ana and Bea, paired on Tuesday the third for eight weeks, who are asked nothing else."""
    await few(world, "ana", "bea", file=LONG)
    await world.until(PAIRED)
    return world


async def ana_answers(world: World) -> None:
    """Let Ana show that she has seen the introduction, without a word about Bea."""
    (pair,) = await world.rows(Pair)
    await world.presses_id("ana", f"pair.question:{pair.id}")
    await world.delivers()


async def of(world: World, who: str) -> Response:
    """Return what is waited for from somebody."""
    mine = (await member(world, who)).id
    return next(row for row in await world.rows(Response) if row.member_id == mine)


async def unavailable(world: World) -> list[str]:
    """Return who is brought nobody new."""
    handles = {row.id: row.handle for row in await world.rows(Member)}
    return sorted(handles[role.member_id] for role in await world.rows(Role) if role.unavailable_at is not None)


async def test_two_silent_people_are_reminded_once_each(two: World):
    """After four days each hears once; as nobody waits for anybody, nothing follows."""
    assert [] == await two.until("2026-03-07 08:59")
    assert ["response.remind"] * 2 == keys_of(await two.until(REMINDED))
    assert [] == await two.until("2026-04-20 12:00")
    assert [] == await unavailable(two)


async def test_the_ladder_is_climbed_while_somebody_waits(two: World):
    """Bea is reminded, then warned while Ana is asked for patience, then left in peace while Ana is offered another."""
    await ana_answers(two)
    assert ["response.remind"] == to(await two.until(REMINDED), two.dm("bea"))
    said = await two.until(WARNED)
    assert (["response.patience"], ["response.warn"]) == (to(said, two.dm("ana")), to(said, two.dm("bea")))
    assert "It has nothing to do with you" in two.sees("ana", two.dm("ana"))[-1]
    assert "March 15" in two.sees("bea", two.dm("bea"))[-1]
    said = await two.until(OVER)
    assert (["response.reroute"], ["response.unavailable"]) == (to(said, two.dm("ana")), to(said, two.dm("bea")))
    assert ["bea"] == await unavailable(two)
    assert [] == await two.until("2026-04-20 12:00")


async def test_who_was_given_up_comes_back_with_one_tap(two: World):
    """[I am back] brings new people again, and the page says nothing about it any more."""
    await ana_answers(two)
    await two.until(OVER)
    assert "Nobody new" in text(await two.says("bea", "/me home"))
    assert "response.back" == key(await two.presses("bea", "I am back"))
    assert [] == await unavailable(two)
    assert "Nobody new" not in text(await two.says("bea", "/me home"))
    assert ["role.unavailable", "role.available"] == [
        row.act for row in await two.rows(Audit) if row.act.startswith("role.")
    ]


@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_either_word_that_they_are_in_touch_stops_the_clock(two: World, who: str):
    """One of them says so: nobody is reminded, whoever it was."""
    await two.presses_id(who, f"response.fine:{(await of(two, who)).id}")
    assert [] == await two.until("2026-04-20 12:00")
    assert {ANSWERED} == {row.status for row in await two.rows(Response)}


async def test_a_late_word_of_the_partner_brings_the_silent_one_back(two: World):
    """After the offer of another partner Ana says that they are in touch: Bea gets new people again."""
    await ana_answers(two)
    await two.until(OVER)
    await two.presses("ana", "We are in touch")
    assert [] == await unavailable(two)
    assert ANSWERED == (await of(two, "bea")).status


async def test_patience_changes_nothing(two: World):
    """[I will wait] is thanked; Ana hears again when the time is over."""
    await ana_answers(two)
    await two.until(WARNED)
    assert "response.waiting" == key(await two.presses("ana", "I will wait"))
    assert ["response.reroute"] == to(await two.until(OVER), two.dm("ana"))


async def test_a_few_more_days_begin_anew(two: World):
    """Four days after the tap the reminder comes again, and the ladder begins below."""
    await ana_answers(two)
    await two.until("2026-03-11 12:00")
    assert "response.later" == key(await two.presses("bea", "I need a few more days"))
    assert ["response.remind"] == keys_of(await two.until("2026-03-15 12:30"))
    assert (OPEN, rules.REMIND) == ((await of(two, "bea")).status, (await of(two, "bea")).step)


async def test_a_few_more_days_after_the_end_bring_them_back(two: World):
    """Who presses it on an old message is waited for again, and can be paired."""
    await ana_answers(two)
    await two.until(OVER)
    assert "response.later" == key(await two.presses("bea", "I need a few more days"))
    assert (OPEN, []) == ((await of(two, "bea")).status, await unavailable(two))


async def test_buttons_of_a_pair_that_is_over_say_so(two: World):
    """Old buttons answer truly: the pair is over, or rests, or was never theirs."""
    row = await of(two, "bea")
    for button in ("fine", "later", "wait"):
        assert "core.not_yours" == key(await two.presses_id("ana", f"response.{button}:{row.id}"))
    await facts(two, ("pair.frozen", ""))
    assert "core.pair_rests" == key(await two.presses_id("bea", f"response.later:{row.id}"))
    await facts(two, ("pair.unfrozen", ""))
    await two.submits("ana", await two.says("ana", "/match leave"))
    assert "core.pair_over" == key(await two.presses_id("bea", f"response.later:{row.id}"))
    assert CLOSED == (await of(two, "bea")).status
    assert "response.remind" not in keys_of(await two.until(WARNED))


@pytest.mark.parametrize(
    "columns",
    [
        {"weekly_nudges": 0},
        {"inactive_at": datetime(2026, 3, 3, tzinfo=UTC)},
        {"frozen_at": datetime(2026, 3, 3, tzinfo=UTC)},
        {"opted_in_at": None},
        {"paused_until": datetime(2026, 5, 1, tzinfo=UTC)},
    ],
    ids=lambda columns: next(iter(columns)),
)
async def test_who_cannot_be_written_to_is_not_given_up(two: World, columns: dict[str, Any]):
    """Without a reminder there is no warning, and nobody is unavailable for silence that nobody broke."""
    await ana_answers(two)
    await change(two, "bea", **columns)
    said = await two.until("2026-04-10 12:00")
    assert [] == [one for one in keys_of(said) if one.startswith("response.")]
    assert [] == await unavailable(two)


async def test_who_wants_no_messages_after_the_reminder_is_not_warned(two: World):
    """A limit of nothing, set between reminder and warning, holds at once; nobody is given up for it."""
    await ana_answers(two)
    await two.until(REMINDED)
    await change(two, "bea", weekly_nudges=0)
    assert [] == [one for one in keys_of(await two.until("2026-04-10 12:00")) if one.startswith("response.")]
    assert [] == await unavailable(two)


async def test_all_is_well_answers_for_both(two: World):
    """Who is asked how the pair gets on, and says that all is well, has answered the introduction too."""
    (pair,) = await two.rows(Pair)
    await two.presses_id("bea", f"risk.fine:{pair.id}")
    assert {ANSWERED} == {row.status for row in await two.rows(Response)}


async def test_a_pause_moves_the_clock(two: World):
    """Paused for two weeks, Bea is reminded four days after she is back."""
    await change(two, "bea", paused_until=datetime(2026, 3, 17, 9, tzinfo=UTC))
    assert [] == to(await two.until("2026-03-21 08:59"), two.dm("bea"))
    assert ["response.remind"] == to(await two.until("2026-03-21 09:30"), two.dm("bea"))


async def test_a_pair_that_rests_waits(two: World):
    """While moderators let a pair rest nobody is reminded; afterwards they are."""
    await facts(two, ("pair.frozen", ""))
    assert "response.remind" not in keys_of(await two.until("2026-03-12 12:00"))
    await facts(two, ("pair.unfrozen", ""))
    assert 2 == keys_of(await two.until("2026-03-16 12:00")).count("response.remind")


async def test_met_answers_for_both(world: World):
    """[We met] under a check-in is a word about both."""
    question = {"key": "met", "weekday": "wed", "at": "17:00", "question": "Did you two meet?"}
    await few(world, "ana", "bea", file=LONG | {"checkins": [question]})
    await world.until("2026-03-04 17:30")
    await world.presses("ana", "We met")
    assert {ANSWERED} == {row.status for row in await world.rows(Response)}


async def test_not_yet_is_an_answer_of_ones_own(world: World):
    """[Not yet] tells of the one who presses it, and of nobody else."""
    question = {"key": "met", "weekday": "wed", "at": "17:00", "question": "Did you two meet?"}
    await few(world, "ana", "bea", file=LONG | {"checkins": [question]})
    await world.until("2026-03-04 17:30")
    await world.presses("ana", "Not yet")
    assert (ANSWERED, OPEN) == ((await of(world, "ana")).status, (await of(world, "bea")).status)


async def test_a_planned_session_answers_for_both(two: World):
    """Who proposes and who agrees to a time are in touch."""
    asked = await two.says("ana", "/session plan")
    action = next(
        item.action for block in asked.view.blocks for item in getattr(block, "items", ())  # type: ignore[union-attr]
        if getattr(item, "action", None) and item.action.name == "session.pick"
    )  # fmt: skip
    await two.presses_id("ana", action)
    await two.delivers()
    await two.presses("bea", "That suits me")
    assert {ANSWERED} == {row.status for row in await two.rows(Response)}


async def test_who_left_a_trio_is_not_waited_for(world: World):
    """Two of three go on; the clock of the one who left is closed."""
    await few(world, "ana", "bea", "chen", file=LONG)
    await world.until(PAIRED)
    await world.submits("chen", await world.says("chen", "/match leave"))
    said = keys_of(await world.until(REMINDED))
    assert 2 == said.count("response.remind")
    assert CLOSED == (await of(world, "chen")).status


async def test_many_open_questions_are_a_wish_for_quiet(world: World):
    """After as many open questions as the setting says, Bea is asked nothing; any command brings her back."""
    questions = [
        {"key": f"q{number}", "weekday": day, "at": "17:00", "question": "How is it?"}
        for number, day in enumerate(("wed", "thu", "fri"))
    ]
    await few(world, "ana", "bea", file=LONG | {"checkins": questions})
    asked = await world.says("vera", "/coord settings response")
    await world.submits("vera", asked, {"response.inactive_after": "2"})
    said = to(await world.until("2026-03-06 18:00"), world.dm("bea"))
    assert ["checkin.ask", "checkin.ask", "response.inactive"] == [one for one in said if one != "pair.introduced"]
    assert (await member(world, "bea")).inactive_at is not None
    await world.says("bea", "/me home")
    assert (await member(world, "bea")).inactive_at is None


async def test_a_step_is_taken_once(two: World):
    """The same step, swept again at the same moment, says nothing twice."""
    await ana_answers(two)
    await two.until(REMINDED)
    row = await of(two, "bea")
    now = two.clock.now()
    async with two.database.read() as db:
        assert row.id not in {found for _, found in await storage.response.due(db, now, 100)}
        assert row.id in {found for _, found in await storage.response.due(db, now + timedelta(days=5), 100)}
