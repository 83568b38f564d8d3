"""Many due rows in one unit of work: one that fails takes no other with it, and is left alone for a while."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.context import Work
from bot.feature import Many, Sweep
from storage.db import Db
from storage.outbox import Outbox
from tests.fakes.post import Post

ROWS = [f"row{number:02}" for number in range(40)]


class Chores:
    """A sweep whose rows are done when their post is written; those in `broken` fail after they have written.

    With `many` it is given several rows at once.
    """

    def __init__(self, many: bool) -> None:
        self.many, self.given = many, list[int]()
        self.broken: set[str] = set()
        self.tried: list[str] = []
        self.loaded: list[int] = []

    @property
    def sweep(self) -> Sweep:
        """The sweep as a feature declares it."""
        run = Many(self._run_many) if self.many else self._run
        return Sweep(name="demo.chores", due=self._due, next_due=self._next, run=run, load=self._load)

    async def _due(self, db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
        from sqlmodel import select

        done = set(await db.exec(select(Outbox.key)))
        return [("c", row) for row in ROWS if row not in done][:limit]

    async def _next(self, db: object) -> datetime | None:
        return None

    async def _load(self, db: Db, ids: Collection[str]) -> list[str]:
        self.loaded.append(len(ids))
        return []

    async def _run_many(self, work: Work, rows: Sequence[str]) -> None:
        self.given.append(len(rows))
        for row in rows:
            await self._run(work, row)

    async def _run(self, work: Work, row: str) -> None:
        self.tried.append(row)
        await work.outbox.post(["home", "general"], "demo.hello", key=row)
        if row in self.broken:
            raise LookupError("no such chore")


@pytest.fixture(params=[False, True], ids=["one by one", "many"])
def chores(request: pytest.FixtureRequest) -> Chores:
    """What falls due."""
    return Chores(request.param)


@pytest.fixture
async def post(empty_database: Path, tmp_path: Path, chores: Chores) -> AsyncIterator[Post]:
    """A community with a sweep."""
    opened = await Post.open(Path(shutil.copy(empty_database, tmp_path / "kith.db")), sweeps=(chores.sweep,))
    opened.app.strict = False
    yield opened
    await opened.database.close()


async def done(post: Post) -> list[str]:
    """Return the rows that were dealt with, in order."""
    async with post.database.read() as db:
        from sqlmodel import col, select

        return list(await db.exec(select(Outbox.key).order_by(col(Outbox.key))))


async def test_a_row_that_fails_takes_no_other_with_it(post: Post, chores: Chores) -> None:
    """Its unit is undone and its rows are dealt with one by one; nothing of the failing row is left."""
    chores.broken = {"row00", "row13"}
    assert len(ROWS) == await post.app.sweep("demo.chores")
    assert [row for row in ROWS if row not in chores.broken] == await done(post)


async def test_a_row_that_failed_is_left_alone_for_a_while(post: Post, chores: Chores) -> None:
    """It is tried again after a minute, not at every tick."""
    chores.broken = {"row13"}
    await post.app.sweep("demo.chores")
    assert 0 == await post.app.sweep("demo.chores")
    chores.broken.clear()
    post.clock.set(post.clock.now() + timedelta(minutes=1))
    assert 1 == await post.app.sweep("demo.chores")
    assert ROWS == await done(post)


async def test_rows_share_units_of_work(post: Post, chores: Chores) -> None:
    """Forty rows take a few units, and each is dealt with once."""
    units: list[object] = []
    write = post.database.write

    async def counted(work: object) -> object:
        units.append(work)
        return await write(work)  # type: ignore[arg-type]

    post.database.write = counted  # type: ignore[assignment, method-assign]
    await post.app.sweep("demo.chores")
    assert ROWS == await done(post)
    assert len(ROWS) > len(units) == len(chores.loaded)
    assert not chores.many or (sum(chores.given), max(chores.given)) > (len(ROWS) - 1, 1)
