"""Fixtures that every floor's tests use."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.platform import Capabilities
from bot.logs import configure
from tests.fakes.world import World, founded

LIKE_DISCORD = Capabilities(form_after_form=False, field_errors=False)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A community that is set up, without a programme."""
    async with founded(tmp_path / "kith.db") as made:
        yield made


@pytest.fixture
async def coffee(world: World) -> World:
    """A community whose twelve members have joined the coffee programme."""
    from tests.fakes.world import NAMES

    await world.applies()
    for name in NAMES:
        await world.joins(name)
    await world.delivers()
    return world


@pytest.fixture(autouse=True, scope="session")
def plain_logs() -> None:
    """Logs as in production: no local variables in a traceback."""
    configure("WARNING")
