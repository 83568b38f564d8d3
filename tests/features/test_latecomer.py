"""Who joins a running round is offered to a mentor with room, or to a pair whose people all say yes."""

from typing import Any

import pytest

from bot.features.latecomer import rules
from bot.features.latecomer.rules import Looking, Place
from bot.matching import Person, Request
from storage.latecomer import OVER, PLACED, Latecomer, LateQuestion
from storage.pair import Pair
from storage.programme import Role
from tests.fakes.world import COFFEE, World, key, text
from tests.features.town import MENTORING, change, checkins, few, keys_of, member, pairs, to

LATE: dict[str, Any] = {"pairs": {"late_joiners": True}}
YES, NO = "Yes, gladly", "Rather not"


async def late_peer(world: World, *early: str) -> None:
    """A round is made on Tuesday; Fay joins on Wednesday at noon."""
    await few(world, *(early or ("ana", "bea")), file=LATE)
    await world.until("2026-03-04 11:00")
    await world.joins("fay")


async def test_a_pair_that_says_yes_becomes_a_trio(world: World):
    """Both are asked in private; with both yes the three are introduced in a new room and asked how it goes."""
    await late_peer(world)
    said = await world.until("2026-03-04 11:15")
    assert {(world.dm("ana"), "latecomer.pair_asked"), (world.dm("bea"), "latecomer.pair_asked")} == {
        (one.channel, one.view.key) for one in said
    }
    assert "You all speak English." in world.sees("ana", world.dm("ana"))[-1]
    assert "latecomer.accepted" == key(await world.presses("ana", YES))
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())
    await world.presses("bea", YES)
    (joined,) = await world.delivers()
    assert "pair.joined" == joined.view.key
    assert all(joined in world.town.visible(name) for name in ("ana", "bea", "fay"))
    assert "pair.introduced" not in world.keys("fay")
    assert [frozenset({"ana", "bea", "fay"})] == list((await pairs(world)).values())
    assert [1, 2] == [row.week for row in await checkins(world, "fay")]
    fay = (await member(world, "fay")).id
    assert [0] == [row.waited for row in await world.rows(Role) if row.member_id == fay]


async def test_a_no_is_told_to_nobody(world: World):
    """One no: the other's button says only that it is settled, the latecomer hears nothing, and no answer is kept."""
    await late_peer(world)
    await world.until("2026-03-04 11:15")
    message = world.newest_with("bea", YES)
    assert "latecomer.declined" == key(await world.presses("ana", NO))
    said = await world.until("2026-03-05 12:00")
    assert ([], []) == (to(said, world.dm("bea")), to(said, world.dm("fay")))
    assert "latecomer.settled" == key(await world.presses("bea", YES, message=message))
    assert [OVER] == [row.status for row in await world.rows(Latecomer)]
    assert {""} == {row.answer for row in await world.rows(LateQuestion)}


async def test_who_does_not_answer_is_not_pressed(world: World):
    """After two days the next pair is asked instead; the first is not asked again."""
    await late_peer(world, "ana", "bea", "chen", "dia")
    first = keys_and_people(world, await world.until("2026-03-04 11:15"))
    second = keys_and_people(world, await world.until("2026-03-06 17:00"))
    assert (2, 2) == (len(first), len(second))
    assert set() == first & second


def keys_and_people(world: World, said: list[Any]) -> set[str]:
    """Return the channels in which somebody was asked about a latecomer."""
    return {one.channel for one in said if one.view.key == "latecomer.pair_asked"}


async def test_a_mentor_with_room_is_asked(world: World):
    """A mentee who comes late is offered to the mentor with room; a yes makes a pair with its own room."""
    file = MENTORING | LATE | {"roles": {"mentor": {"capacity": 2}}}
    await world.applies(file)
    for name, role in (("ana", "mentor"), ("bea", "mentee")):
        await world.joins(name, role=role)
    await world.until("2026-03-04 11:00")
    await world.joins("fay", role="mentee")
    assert ["latecomer.mentor_asked"] == keys_of(await world.until("2026-03-04 11:15"))
    assert "Fay" in text(await world.opens_home("ana"))
    await world.presses("ana", YES)
    assert "pair.introduced" in keys_of(await world.delivers())
    assert {frozenset({"ana", "bea"}), frozenset({"ana", "fay"})} == set((await pairs(world)).values())
    assert [PLACED] == [row.status for row in await world.rows(Latecomer)]


async def test_a_late_mentor_is_offered_to_who_is_without(world: World):
    """A mentee who was left out, and comes first next time, is offered to the mentor who joins later."""
    await world.applies(MENTORING | LATE)
    for name, role in (("ana", "mentor"), ("bea", "mentee"), ("chen", "mentee")):
        await world.joins(name, role=role)
    await world.until("2026-03-04 11:00")
    await world.joins("fay", role="mentor")
    await world.until("2026-03-04 11:15")
    await world.presses("fay", YES)
    await world.delivers()
    assert 2 == len(await pairs(world))
    assert {0} == {row.waited for row in await world.rows(Role)}


async def test_hard_rules_hold(world: World):
    """Who speaks no common language, or would rather not meet somebody of the pair, is offered to nobody."""
    await few(world, "ana", "bea", file=LATE)
    await world.until("2026-03-04 11:00")
    await world.joins("fay", languages="Basque")
    await world.joins("gus")
    await change(world, "ana", avoid=[(await member(world, "gus")).id])
    assert [] == await world.until("2026-03-04 11:30")
    assert [OVER, OVER] == [row.status for row in await world.rows(Latecomer)]


async def test_only_who_was_asked_may_answer(world: World):
    """Somebody else's press and an answer that does not exist change nothing."""
    await late_peer(world)
    await world.until("2026-03-04 11:15")
    ana = (await member(world, "ana")).id
    question = next(row.id for row in await world.rows(LateQuestion) if row.member_id == ana)
    assert "core.not_yours" == key(await world.presses_id("bea", f"latecomer.answer:{question}:yes"))
    assert "core.gone" == key(await world.presses_id("ana", f"latecomer.answer:{question}:perhaps"))
    assert {""} == {row.answer for row in await world.rows(LateQuestion)}


async def test_who_left_is_not_waited_for(world: World):
    """The latecomer leaves again: a yes after that introduces nobody."""
    await late_peer(world)
    await world.until("2026-03-04 11:15")
    await world.says("fay", "/programme leave")
    await world.presses("fay", "Leave")
    assert "latecomer.settled" == key(await world.presses("ana", YES))
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())


@pytest.mark.parametrize("file", [{}, LATE | {"rounds": COFFEE["rounds"] | {"length_weeks": 1}}])
async def test_it_is_off_unless_the_programme_says_so_and_there_is_time(world: World, file: dict[str, Any]):
    """Without the key, or in the last days of a round, who joins waits for the next one."""
    await few(world, "ana", "bea", file=file)
    await world.until("2026-03-05 12:00")
    await world.joins("fay")
    assert [] == await world.rows(Latecomer)


async def test_joining_twice_asks_once(world: World):
    """Sending the form again looks for nobody a second time."""
    await late_peer(world)
    await world.joins("fay")
    assert 2 == keys_of(await world.until("2026-03-04 11:15")).count("latecomer.pair_asked")
    assert (1, 1) == (len(await world.rows(Latecomer)), len(await world.rows(Pair)))


def person(name: str, **more: Any) -> Person:
    """Return somebody who is free at the same hours as everybody else."""
    return Person(name, languages=("en",), hours=frozenset(range(10)), **more)


def test_the_best_legal_place_is_taken():
    """Interests decide between legal places; that a pair met in this round speaks against nobody."""
    people = (
        person("a"), person("b"), person("c", interests=("chess",)), person("d", interests=("chess",)),
        person("new", interests=("chess",)),
    )  # fmt: skip
    met = ((3, frozenset("ab")), (3, frozenset("cd")))
    request = Request("peer", people, history=met, round_index=3)
    places = (Place("p1", ("a", "b")), Place("p2", ("c", "d")), Place("p3", ("c", "gone")))
    found = rules.best(Looking("new", places, request))
    assert found is not None
    assert ("p2", {"c", "d", "new"}) == (found.place.key, set(found.group.members))


def test_no_place_no_offer():
    """Nobody, nothing free, or nothing legal: nobody is asked."""
    apart = (person("a", avoid=frozenset({"new"})), person("b"), person("new"))
    assert rules.best(None) is None
    assert rules.best(Looking("new", (), Request("peer", apart))) is None
    assert rules.best(Looking("new", (Place("p", ("a", "b")),), Request("peer", apart, round_index=1))) is None
    earlier = Request(
        "peer", (person("a"), person("b"), person("new")), history=((2, frozenset({"a", "new"})),), round_index=3
    )
    assert rules.best(Looking("new", (Place("p", ("a", "b")),), earlier)) is None
