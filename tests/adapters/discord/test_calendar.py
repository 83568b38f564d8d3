"""Events of the server: entered, changed, taken off; once, whatever gets lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.platform import Forbidden, Occasion
from tests.fakes.discord.people import World

EVENTS_TOO = str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 36 | 1 << 38 | 1 << 44)


def allow(world: World) -> None:
    """Let everybody's role create events."""
    world.server.town.guilds[world.guild]["roles"][world.guild]["permissions"] = EVENTS_TOO


def workshop(world: World) -> Occasion:
    """Return an event of tomorrow."""
    starts = world.clock.now() + timedelta(days=1)
    return Occasion("Giving feedback", "How to say it. " * 100, "", starts, starts + timedelta(hours=1))


async def test_an_event_is_entered_once_changed_and_taken_off(world: World) -> None:
    """An answer that got lost makes no second event; a long text is shortened, no place is shown as a dash."""
    allow(world)
    platform, what = world.running.platform, workshop(world)
    made = await platform.calendar(world.guild, what, known=None)
    assert made == await platform.calendar(world.guild, what, known=None)
    moved = replace(what, starts=what.starts + timedelta(hours=1), ends=what.ends + timedelta(hours=1))
    assert made == await platform.calendar(world.guild, moved, known=made)
    (kept,) = world.server.town.events[world.guild].values()
    assert (moved.starts.isoformat(), "–") == (kept["scheduled_start_time"], kept["entity_metadata"]["location"])
    assert made == await platform.calendar(world.guild, None, known=made)
    assert {} == world.server.town.events[world.guild]


async def test_an_event_that_somebody_removed_is_let_go(world: World) -> None:
    """Who deletes it by hand wanted it gone: changing it is no error, and it is not made again."""
    allow(world)
    platform = world.running.platform
    made = await platform.calendar(world.guild, workshop(world), known=None)
    world.server.town.events[world.guild].clear()
    assert "" == await platform.calendar(world.guild, workshop(world), known=made)
    assert {} == world.server.town.events[world.guild]


async def test_without_the_permission_it_is_refused(world: World) -> None:
    """What the bot may not do is told as such, so that coordinators hear of it."""
    with pytest.raises(Forbidden):
        await world.running.platform.calendar(world.guild, workshop(world), known=None)
