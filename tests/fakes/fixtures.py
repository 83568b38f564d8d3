"""Fixtures that several floors of tests share."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.post import Post, empty_file


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database file with all tables, to be copied."""
    return empty_file(tmp_path_factory.mktemp("empty") / "kith.db")


@pytest.fixture
async def post(empty_database: Path, tmp_path: Path) -> AsyncIterator[Post]:
    """A community of three with a database, a fake platform that knows nonces, and a pump."""
    opened = await Post.open(Path(shutil.copy(empty_database, tmp_path / "kith.db")))
    yield opened
    await opened.database.close()
