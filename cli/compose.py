"""The composition root: the one place where app, database, pump and clock are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import storage.community
import storage.tables
from bot.app import App
from bot.chat.platform import Platform
from bot.clock import Clock, Ids, MovedClock
from bot.features import ALL
from bot.worker import Worker
from scheduler import steps
from scheduler.pump import Pump
from storage.engine import Database

TABLES = storage.tables.metadata


@dataclass(frozen=True, slots=True)
class Kith:
    """A whole installation, running on the clock it was given."""

    app: App
    pump: Pump
    database: Database

    async def ready(self) -> None:
        """Let each community have what recurs in this version: one that was set up by an earlier version, too."""
        async with self.database.read() as db:
            communities = [row.id for row in await storage.community.every(db)]
        for community in communities:
            await self.app.work(community, lambda work: work.happened("community.ready", work.community))

    async def settle(self) -> datetime | None:
        """Deal with everything that is due now; return when the next thing falls due."""
        return (await steps.settle(self.app, self.pump)).next()

    async def run_due(self) -> int:
        """Deal with everything that is due now; return how many rows there were."""
        return await steps.run_due(self.app, self.pump)

    async def advance(self, until: datetime, **how: Any) -> int:
        """Move the clock (a `MovedClock`) from due item to due item up to `until`, dealing with each."""
        assert isinstance(self.app.clock, MovedClock)
        return await steps.advance(self.app, self.pump, self.app.clock, until, **how)

    async def next_due(self) -> datetime | None:
        """Return when the next thing falls due, after now."""
        return await steps.next_due(self.app)


@asynccontextmanager
async def assemble(
    path: Path | str,
    *,
    clock: Clock,
    ids: Ids,
    worker: Worker,
    platforms: tuple[Platform, ...],
    thrown_away: bool = False,
    keys: Path | None = None,
    **parts: Any,
) -> AsyncIterator[Kith]:
    """Open the database at `path` and put an installation together; close it at the end, waiting for what was begun.

    `thrown_away` is for a file that goes with the run, `keys` the folder of the keys (see `Database.open`); `parts` go
    to the `App`. Raises what that raises.
    """
    database = await Database.open(path, thrown_away=thrown_away, keys=keys)
    try:
        app = App.of(
            ALL, database=database, clock=clock, ids=ids, worker=worker,
            platforms={platform.name: platform for platform in platforms}, **parts,
        )  # fmt: skip
        yield Kith(app, Pump(app, owner=ids.new()), database)
    finally:
        await database.close()
