"""Fixtures that every floor's tests use."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

import storage.engine
from bot.chat.platform import Capabilities
from bot.logs import configure
from tests.fakes.engines import Warm
from tests.fakes.world import Saved, World, all_join, save, woken


def _refused(moment: datetime) -> str:
    """Refuse a moment that reaches SQLite by its own adapter: written otherwise, it compares wrongly with ours."""
    raise TypeError(f"a parameter of a statement has no type, so {moment!r} is not stored as UtcDateTime does")


sqlite3.register_adapter(datetime, _refused)

LIKE_DISCORD = Capabilities(form_after_form=False, field_errors=False)


@pytest.fixture(scope="session", autouse=True)
def warm_engines() -> Iterator[None]:
    """Let all databases of a run share what was compiled for them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(storage.engine, "_engine", Warm(storage.engine._engine))
        yield


@pytest.fixture(scope="session")
def founded_world(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A community that is set up, made once for the whole run."""
    return save(tmp_path_factory.mktemp("founded") / "kith.db")


@pytest.fixture(scope="session")
def coffee_world(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A community whose members have joined, made once for the whole run."""
    return save(tmp_path_factory.mktemp("coffee") / "kith.db", all_join)


@pytest.fixture
async def world(tmp_path: Path, founded_world: Saved) -> AsyncIterator[World]:
    """A community that is set up, without a programme."""
    async with woken(founded_world, tmp_path / "kith.db") as made:
        yield made


@pytest.fixture
async def coffee(tmp_path: Path, coffee_world: Saved) -> AsyncIterator[World]:
    """A community whose twelve members have joined the coffee programme."""
    async with woken(coffee_world, tmp_path / "kith.db") as made:
        yield made


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Logs as in production, whatever the test before set up: no local variables in a traceback."""
    configure("WARNING")
