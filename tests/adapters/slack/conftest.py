"""Connected workspaces, whose fake must not have refused anything by the end of a test."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.member import Member
from tests.fakes.rows import all_in_public
from tests.fakes.slack.world import SlackWorld, Snapshot, opened, snapped
from tests.fakes.world import NAMES


async def _nothing(world: SlackWorld) -> None:
    """Leave a world as it is set up."""


async def _coffee(world: SlackWorld) -> None:
    await world.applies()
    for name in NAMES[:-1]:
        await world.joins(name)
    async with world.kith.database.unit() as db:
        (bea,) = await db.exec(select(Member).where(Member.handle == "bea"))
        bea.offers = ["python"]  # what the example of a question asks about
        db.add(bea)
        await all_in_public(db)
    await world.passes(minutes=5)


async def _paired(world: SlackWorld) -> None:
    await _coffee(world)
    await world.passes(days=4)


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A workspace that is set up, without a programme."""
    return asyncio.run(snapped(tmp_path_factory.mktemp("slack") / "set_up.db", _nothing))


@pytest.fixture(scope="session")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A workspace where all members but one have joined the coffee programme."""
    return asyncio.run(snapped(tmp_path_factory.mktemp("slack") / "joined.db", _coffee))


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A workspace whose members are paired and were asked how it goes."""
    return asyncio.run(snapped(tmp_path_factory.mktemp("slack") / "paired.db", _paired))


async def _world(path: Path, snapshot: Snapshot) -> AsyncIterator[SlackWorld]:
    async with opened(path, snapshot=snapshot) as world:
        yield world
        assert [] == world.server.methods.wrong


@pytest.fixture
async def slack(tmp_path: Path, set_up: Snapshot) -> AsyncIterator[SlackWorld]:
    """A workspace that is set up."""
    async for world in _world(tmp_path / "kith.db", set_up):
        yield world


@pytest.fixture
async def coffee(tmp_path: Path, joined: Snapshot) -> AsyncIterator[SlackWorld]:
    """A workspace with a programme that eleven members have joined."""
    async for world in _world(tmp_path / "kith.db", joined):
        yield world


@pytest.fixture
async def members(tmp_path: Path, met: Snapshot) -> AsyncIterator[SlackWorld]:
    """A workspace whose members are paired and were asked how it goes."""
    async for world in _world(tmp_path / "kith.db", met):
        yield world
