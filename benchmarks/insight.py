"""What it costs to look at a programme: the overview, every measure, the report, beside a bare count of the rows.

    PYTHONPATH=. python benchmarks/insight.py [--people 10000] [--weeks 52] [--keep FILE]

Makes a past of so many people and weeks (a round each four weeks, a check-in each week), then times each. Half of the
past beside the whole of it shows how the cost grows.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

import storage.programme
import storage.tables
from bot.features.insight import views
from bot.i18n import Say
from bot.insight import report
from bot.insight.measures import MEASURES, PERIOD, Scope, measure
from bot.insight.pages import as_page
from storage.engine import Database
from tests.fakes.histories import COMMUNITY, MODULES, NOW, history
from tests.fakes.rows import classes

TIMES = 7


async def made(path: Path, people: int, weeks: int) -> Database:
    """Open a database that holds such a past."""
    fresh = not path.exists()  # noqa: ASYNC240 - nothing else runs
    database = await Database.open(path)
    if fresh:
        began = time.perf_counter()
        past = history("big", people=people, weeks=weeks, every=4, steady=True)
        async with database.unit() as db:
            connection = await db.connection()
            await connection.execute(insert(type(COMMUNITY)), COMMUNITY.model_dump())
            for cls in classes().values():
                if rows := [row.model_dump() for row in past.of(cls)]:
                    await connection.execute(insert(cls), rows)
        print(f"made in {time.perf_counter() - began:.0f} s")
    return database


async def timed(what: Callable[[], Awaitable[Any]]) -> tuple[float, float, Any]:
    """Return (median, slowest) of so many runs, in milliseconds, and what came of the last."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        found = await what()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), max(taken), found


async def main(people: int, weeks: int, keep: Path | None) -> None:
    """Make the past, look at it, print the times."""
    with tempfile.TemporaryDirectory() as folder:
        database = await made(keep or Path(folder) / "kith.db", people, weeks)

        def at(length: timedelta) -> Scope:
            return Scope(community="c", programme="big-p", since=NOW - length, until=NOW, required={"mentor": MODULES})

        async with database.read() as db:
            rows = {
                name: (await (await db.connection()).execute(text(f"SELECT count(*) FROM {name}"))).scalar()
                for name in ("member", "pair", "check_in", "session", "kudos")
            }
            print("rows:", ", ".join(f"{name} {number:,}" for name, number in rows.items()))

            async def bare() -> Any:
                counted = text("SELECT count(*), count(answer) FROM check_in")
                return (await (await db.connection()).execute(counted)).one()

            median, slowest, _ = await timed(bare)
            print(f"{'a bare count of all check-ins':<36} {median:8.1f} ms median, {slowest:8.1f} slowest")
            for key in MEASURES:
                cells = []
                for length in (PERIOD, timedelta(weeks=weeks) / 2, timedelta(weeks=weeks)):
                    median, _, _ = await timed(lambda key=key, length=length: measure(db, [key], at(length)))
                    cells.append(f"{median:8.1f}")
                print(f"{key:<36}", *cells, "ms: four weeks, half, all")
            programme = await storage.programme.by_id(db, "c", "big-p")
            assert programme is not None

            def scope(period: timedelta | None = PERIOD) -> Scope:
                return report.scope("c", programme, NOW, stalled_days=14, period=period)

            async def overview() -> Any:
                return views.overview(Say(), "big-p", await report.glance(db, programme, scope(), "en"))

            async def page(period: timedelta | None = PERIOD) -> bytes:
                return as_page(await report.gather(db, programme, scope(period), NOW, "en"), Say())

            for name, what in (
                ("the overview", overview),
                ("the report of four weeks", page),
                ("the report of everything", lambda: page(None)),
            ):
                median, slowest, found = await timed(what)
                size = f", {len(found):,} bytes" if isinstance(found, bytes) else ""
                print(f"{name:<36} {median:8.1f} ms median, {slowest:8.1f} slowest{size}")
        await database.close()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("--weeks", type=int, default=52)
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    asyncio.run(main(given.people, given.weeks, given.keep))
