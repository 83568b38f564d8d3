"""What is typed becomes what a handler takes, or a sentence that says how to write it."""

from typing import Any

import pytest

from storage.member import Member
from tests.fakes.probe import TOLD, probe
from tests.fakes.world import COFFEE, World, key, text

RIGHT = {"who": "@bea", "n": "3", "day": "2026-03-05", "colour": "red", "words": "a b"}


async def says(world: World, **changed: str) -> Any:
    """Type the probe's command with everything, some of it changed."""
    return await probe(world).says("ana", "/probe all " + " ".join((RIGHT | changed).values()))


@pytest.mark.parametrize("who", ["@bea", "bea", "BEA", "Bea", "<@bea>", "<@!bea>", "<@bea|bea>"])
async def test_a_member_is_found_however_they_are_written(world: World, who: str):
    """Handle, name, either platform's mention: all mean Bea."""
    assert "probe.everything" == key(await says(world, who=who))
    assert "bea" == TOLD[0][0]


@pytest.mark.parametrize(
    ("param", "value", "refusal"),
    [
        ("who", "@nobody", "core.no_member"),
        ("who", "<@nobody>", "core.no_member"),
        ("n", "three", "core.bad_number"),
        ("n", "0", "core.bad_number"),
        ("n", "10", "core.bad_number"),
        ("n", "3.5", "core.bad_number"),
        ("n", "9" * 400, "core.bad_number"),
        ("n", "²", "core.bad_number"),
        ("day", "tomorrow", "core.bad_date"),
        ("day", "2026-02-30", "core.bad_date"),
        ("day", "05/03/2026", "core.bad_date"),
        ("colour", "green", "core.bad_choice"),
    ],
)
async def test_what_cannot_be_read_is_named(world: World, param: str, value: str, refusal: str):
    """Each mistake has its own sentence, and nothing is done."""
    assert refusal == key(await says(world, **{param: value}))
    assert [] == TOLD


@pytest.mark.parametrize("colour", ["red", "Red", "RED"])
async def test_a_choice_is_its_value_or_its_label(world: World, colour: str):
    """Case does not matter, and the handler gets the value."""
    await says(world, colour=colour)
    assert "red" == TOLD[0][3]


async def test_what_may_be_left_out_is_none(world: World):
    """Optional parameters that nobody typed reach the handler as None."""
    await probe(world).says("ana", "/probe all @bea 3 2026-03-05")
    assert (None, None) == TOLD[0][3:]


async def test_a_text_has_a_longest_length(world: World):
    """Twenty characters pass, twenty-one are told."""
    assert "probe.written" == key(await probe(world).says("ana", f"/probe write {'x' * 20}"))
    refused = await world.says("ana", f"/probe write {'x' * 21}")
    assert "core.text_too_long" == key(refused)
    assert "20" in text(refused)


async def test_two_people_of_one_name_are_not_guessed(world: World):
    """A name that two members have is asked for again; each handle still works."""
    two = [row for row in await world.rows(Member) if row.handle in ("bea", "chen")]
    async with world.database.unit() as db:
        for member in two:
            member.name = "Sam"
            db.add(member)
    assert "core.several_members" == key(await says(world, who="Sam"))
    assert "probe.everything" == key(await says(world, who="chen"))


async def test_a_programme_that_is_closed_or_unknown_is_refused(coffee: World):
    """A programme is found by its short name, whatever its case; others are named."""
    probe(coffee)
    assert "core.no_programme" == key(await coffee.says("ana", "/probe slow tea"))
    await coffee.applies({**COFFEE, "slug": "tea", "name": "Tea"})
    assert "probe.stored" == key(await coffee.says("ana", "/probe slow TEA"))
    refused = await coffee.says("ana", "/probe slow")
    assert "core.missing" == key(refused)
    assert "/probe slow <programme>" in text(refused)


async def test_without_a_programme_nothing_is_asked(world: World):
    """Where no programme exists, the sentence says so instead of an empty form."""
    assert "core.no_programmes" == key(await probe(world).says("vera", "/coord probe"))
