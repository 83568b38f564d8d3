"""5,000 applications: imported from a table and decided by rule, then the queue that coordinators open.

    PYTHONPATH=. python benchmarks/applications.py [--people 5000]

Prints how long the import took whole (reading, checking, storing, deciding) and the median and slowest time of opening
the queue and one application, beside a bare count of the same table.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
import statistics
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlmodel import func, select

from bot.context import Work
from bot.features.programme.files import apply, bring_in
from bot.programme.file import parse
from bot.roster import read as read_roster
from storage.application import Application
from tests.fakes.world import World, founded, key

FILE: dict[str, Any] = {
    "kith": 1, "name": "Mentors", "slug": "mentors", "kind": "mentoring", "summary": "Many people.",
    "timezone": "Europe/Madrid",
    "application": [
        {"key": "why", "question": "Why?"},
        {"key": "year", "kind": "number", "question": "Your year", "at_least": 1, "at_most": 6},
        {"key": "hours", "kind": "choice", "question": "Hours", "options": ["One", "Two", "Three"]},
    ],
    "eligibility": [{"role": "mentor", "question": "year", "at_least": 2, "text": "From the second year on."}],
    "review": {
        "criteria": [{"key": "warmth", "text": "Warmth"}],
        "rules": [
            {"question": "hours", "is": ["Three"], "then": "approve"},
            {"question": "hours", "is": ["One"], "then": "waitlist"},
        ],
    },
}  # fmt: skip
TIMES = 50


def table(path: Path, people: int) -> None:
    """Write so many applications as a CSV."""
    rng = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["handle", "name", "role", "timezone", "languages", "availability", "why", "year", "hours"])
        for number in range(people):
            out.writerow([
                f"p{number}", f"Person {number}", rng.choice(["mentor", "mentee"]), "Europe/Madrid", "English",
                "mon 18:00-20:00", "I would like to.", rng.randint(1, 6), rng.choice(["One", "Two", "Three"]),
            ])  # fmt: skip


async def opened(world: World, line: str, wanted: str) -> list[float]:
    """Return how long each of many times took, in milliseconds."""
    times = []
    for _ in range(TIMES):
        begin = perf_counter()
        assert key(await world.says("vera", line)) == wanted
        times.append(1000 * (perf_counter() - begin))
    return times


async def run(people: int) -> None:
    """Import, then look."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        table(path, people)
        async with founded(Path(folder) / "kith.db") as world:
            here = await world.community_id()

            async def bring(work: Work) -> dict[str, int]:
                programme = await apply(work, parse(FILE))
                return dict((await bring_in(work, read_roster(path), programme)).applications)

            begin = perf_counter()
            done = await world.app.work(here, bring)
            print(f"{people} applications imported and decided by rule in {perf_counter() - begin:.1f} s: {done}")
            lists = await opened(world, "/coord application list", "application.list")
            reads = await opened(world, "/coord application open @p17", "application.read")
            async with world.database.read() as db:
                begin = perf_counter()
                (await db.exec(select(func.count()).select_from(Application))).one()
                bare = 1000 * (perf_counter() - begin)
    for what, times in (("the queue", lists), ("one application", reads)):
        print(f"{what}: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms ({TIMES} times)")
    print(f"a bare count of the table: {bare:.1f} ms")


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=5_000)
    asyncio.run(run(asked.parse_args().people))
