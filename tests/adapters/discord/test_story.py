"""A programme on the wire: join, pair, check in, answer."""

from __future__ import annotations

from storage.checkin import CheckIn
from storage.outbox import Outbox
from storage.pair import Pair
from tests.fakes.discord.people import World, shown
from tests.fakes.discord.stories import everybody


async def test_join_pair_and_check_in(world: World) -> None:
    """Members join by form, are introduced in a private thread, asked by DM, and answer with a button there."""
    await everybody(world)
    await world.delivers(days=2)
    pairs = await world.rows(Pair)
    assert 3 == len(pairs)
    assert all(pair.room for pair in pairs)
    room = world.town.channels[pairs[0].room]
    assert (12, 1440, False) == (
        room["type"], room["thread_metadata"]["auto_archive_duration"], room["thread_metadata"]["invitable"],
    )  # fmt: skip
    assert 3 == len(room["inside"])
    first, second = world.said(pairs[0].room)[:2]
    assert "can read this room" in first
    assert "<@" in second
    await world.delivers(days=2)
    answer = await world.presses("ana", "We met")
    assert 7 == answer.first["type"]
    assert shown(answer)
    met = [row for row in await world.rows(CheckIn) if row.answer == "met"]
    assert 1 == len(met)
    states = {row.state for row in await world.rows(Outbox)}
    assert {"sent"} >= states - {"pending", "skipped"}, [
        (row.message, row.state, row.error) for row in await world.rows(Outbox) if row.state not in ("sent", "pending")
    ]
