"""An open, migrated database for the storage tests, once for every engine that Kith runs on."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.storage.tables import Own, Tally


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed SQLite file at the newest revision, to be copied: migrating once is enough for a whole run."""
    path = tmp_path_factory.mktemp("migrated") / "kith.db"

    async def make() -> None:
        await (await Database.open(path)).close()

    asyncio.run(make())
    return path


@pytest.fixture(params=["sqlite"])
async def database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> AsyncIterator[Database]:
    """An open database at the newest revision, empty, its own for each test."""
    assert request.param == "sqlite"
    path = Path(shutil.copy(migrated_file, tmp_path / "kith.db"))
    opened = await Database.open(path)
    yield opened
    await opened.close()


@pytest.fixture
async def tables(database: Database) -> None:
    """Make the tables of the storage tests, with one tally at zero."""
    async with database.unit() as db:
        await (await db.connection()).run_sync(Own.metadata.create_all)
        db.add(Tally(id=1))
