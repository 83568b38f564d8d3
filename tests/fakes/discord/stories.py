"""Stories that several tests begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import storage.community
from bot.features.programme.files import apply
from bot.programme.file import parse
from tests.fakes.discord.people import NAMES, World
from tests.fakes.rows import all_in_public
from tests.fakes.world import COFFEE, JOIN

JOINERS = NAMES[:6]


async def coffee(
    world: World, *, join: Iterable[str] = (), answers: Mapping[str, dict[str, str]] | None = None
) -> None:
    """Apply the coffee programme and let members join it, some with answers of their own (by name)."""
    async with world.kith.database.read() as db:
        (community,) = await storage.community.every(db)
    file = parse(COFFEE)
    await world.kith.app.work(community.id, lambda work: apply(work, file))
    for name in join:
        await world.fills(name, await world.says(name, "/programme join"), JOIN | (answers or {}).get(name, {}))
    await world.kith.app.write(all_in_public)


async def everybody(world: World) -> None:
    """Let six members join, and deliver what that brings."""
    await coffee(world, join=JOINERS)
    await world.delivers()
