"""A bot on the fake Discord."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.discord.people import World, connected


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A bot that is connected and set up; what Discord would have refused fails the test."""
    async with connected(tmp_path / "kith.db") as made:
        yield made
        assert [] == made.server.refused
        assert [] == made.server.early
