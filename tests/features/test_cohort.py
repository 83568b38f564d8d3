"""Coordinators open a cohort, and bring it to its end with a word of thanks for everybody in it."""

import asyncio

from bot.programme.file import parse
from storage.milestone import Milestone
from storage.programme import FINISHED, Cohort, Role
from tests.fakes.world import COFFEE, World, key, text
from tests.features.town import keys_of, to

GOALS = [{"key": "meet", "text": "Most pairs meet.", "measure": "met", "target": 0.8, "due_week": 8}]
FILE = COFFEE | {"goals": GOALS, "milestones": [{"key": "cohort", "on": "cohort", "at": [1, 2]}]}


async def closes(world: World) -> object:
    """Let Vera bring the open cohort to its end."""
    assert "cohort.sure" == key(await world.says("vera", "/coord cohort close"))
    return await world.presses("vera", "Bring it to its end")


async def started(world: World) -> None:
    """A programme with a goal, and three people in its first cohort."""
    await world.applies(FILE)
    for who in ("ana", "bea", "chen"):
        await world.joins(who)
    await world.delivers()


async def test_everybody_in_it_is_thanked_and_has_finished(world: World):
    """Each hears it once, reaches the milestone, and is not paired again; nobody can join until the next one opens."""
    await started(world)
    assert "3 people" in text(await closes(world))
    said = await world.delivers()
    for who in ("ana", "bea", "chen"):
        assert ["cohort.finished", "milestone.reached"] == sorted(to(said, world.dm(who)))
    assert {FINISHED} == {role.status for role in await world.rows(Role) if role.kind == "peer"}
    assert "pair.introduced" not in keys_of(await world.passes(days=20))
    assert "programme.closed" == key(await world.says("dia", "/programme join"))
    assert "3 people" in text(await world.says("vera", "/coord cohort list"))


async def test_the_next_one_is_announced_and_counts_by_itself(world: World):
    """People join again, by the card in the channel; who goes through a second one reaches the second count."""
    await started(world)
    await closes(world)
    await world.delivers()
    assert "cohort.opened" == key(await world.says("vera", '/coord cohort open "Autumn 2026"'))
    assert "programme.card" in keys_of(await world.delivers())
    await world.joins("ana")
    await closes(world)
    await world.delivers()
    assert [("cohort", 1)] * 3 + [("cohort", 2)] == sorted((one.kind, one.count) for one in await world.rows(Milestone))
    assert "to the end of 2 cohorts" in text(await world.says("ana", "/milestone mine")).lower()


async def test_one_at_a_time_and_each_with_its_own_name(world: World):
    """While one is open no other opens; a name is used once; without one there is nothing to close."""
    await started(world)
    assert "cohort.open" == key(await world.says("vera", "/coord cohort open Autumn"))
    await closes(world)
    assert "cohort.none_open" == key(await world.says("vera", "/coord cohort close"))
    (first,) = await world.rows(Cohort)
    assert "cohort.known" == key(await world.says("vera", f"/coord cohort open {first.name}"))


async def test_two_coordinators_open_it_at_the_same_moment(world: World):
    """One opens it, the other hears that it is open."""
    await started(world)
    await closes(world)
    answers = await asyncio.gather(
        world.says("vera", "/coord cohort open Autumn"), world.says("vera", "/coord cohort open autumn")
    )
    assert ["cohort.open", "cohort.opened"] == sorted(key(one) for one in answers)
    assert 2 == len(await world.rows(Cohort))


async def test_a_cohort_needs_a_goal(world: World):
    """Without one in the file the next cohort does not open, and the answer says what to add."""
    assert not parse(COFFEE).goals
    await world.applies()
    await closes(world)
    assert "cohort.no_goals" == key(await world.says("vera", "/coord cohort open Autumn"))


async def test_applying_the_file_again_opens_nothing(world: World):
    """A cohort that has come to its end stays closed until coordinators open the next one."""
    await started(world)
    await closes(world)
    await world.applies(FILE)
    assert [True] == [row.closed_at is not None for row in await world.rows(Cohort)]


async def test_closing_twice_and_by_somebody_else_does_nothing(world: World):
    """A second press is over; members cannot."""
    await started(world)
    (row,) = await world.rows(Cohort)
    assert "core.not_allowed" == key(await world.presses_id("ana", f"cohort.close:{row.id}"))
    await closes(world)
    assert "core.gone" == key(await world.presses_id("vera", f"cohort.close:{row.id}"))
