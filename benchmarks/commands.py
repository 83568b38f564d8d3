"""How many commands a second the core answers on SQLite, from the event to the reply, without any network.

Run `python benchmarks/commands.py [--seconds N] [--profile]`. Each line is one level of load: so many members who each
wait for their answer and ask again. "bare" is one SQLModel row a unit of work through the same writer, in the same run:
what the disk and the driver cost, before the core does anything.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

import storage.community
from adapters.playground.town import Town, User
from bot.chat.reply import Show
from bot.clock import MovedClock, SystemIds
from bot.context import Work
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.db import Db
from storage.kudos import Kudos

LEVELS = (1, 10, 100, 1000)
MEMBERS = 200
SPACE = "bench"

Ask = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Measured:
    """`rate` a second; how long one caller waits, median and 99th percentile; processor time each. Milliseconds.

    The processor time hardly depends on what else the machine does, the others do.
    """

    rate: float
    p50: float
    p99: float
    cpu: float


async def measure(ask: Ask, at_once: int, seconds: float) -> Measured:
    """Let `at_once` callers ask again and again for about `seconds`, each at least twice."""
    waits: list[float] = []
    numbers = count()
    begun, worked = time.perf_counter(), time.process_time()

    async def caller() -> None:
        asked = 0
        while asked < 2 or time.perf_counter() - begun < seconds:
            start = time.perf_counter()
            await ask(next(numbers))
            waits.append((time.perf_counter() - start) * 1000)
            asked += 1

    await asyncio.gather(*(caller() for _ in range(at_once)))
    took, cpu = time.perf_counter() - begun, (time.process_time() - worked) * 1000 / len(waits)
    ranked = sorted(waits)
    return Measured(len(waits) / took, statistics.median(ranked), ranked[int(len(ranked) * 0.99)], cpu)


async def found(kith: Kith, town: Town) -> None:
    """Make a community of `MEMBERS` who may give as many kudos as they like."""
    for number in range(MEMBERS):
        await kith.app.handle(town.command(f"m{number}", "/me home"))

    async def unlimited(work: Work) -> None:
        for allowance in ("kudos.a_day", "kudos.a_week"):
            await storage.community.set_value(work.db, work.community.id, allowance, 10**9)

    async with kith.database.read() as db:
        (community,) = await storage.community.every(db)
    await kith.app.work(community.id, unlimited)


def asks(kith: Kith, town: Town, community: str, members: list[str]) -> dict[str, Ask]:
    """Return what is measured, by name; the bare insert comes first."""
    ids = kith.app.ids

    async def bare(number: int) -> None:
        async def insert(db: Db) -> None:
            made = ids.new()
            db.add(
                Kudos(
                    id=made, gift_id=made, community_id=community, giver_id=members[number % MEMBERS],
                    receiver_id=members[(number + 1) % MEMBERS], reason="for the patient review of my first patch",
                    given_at=datetime(2020, 1, 1, tzinfo=UTC),
                )
            )  # fmt: skip

        await kith.database.write(insert)

    async def says(number: int, line: str, key: str) -> None:
        reply = await kith.app.handle(town.command(f"m{number % MEMBERS}", line))
        if not isinstance(reply, Show) or reply.view.key != key:
            raise RuntimeError(f"{line} was answered with {reply}")

    patches = count(1)

    async def give(number: int) -> None:
        receiver = (number * 7 + 1) % MEMBERS
        receiver += receiver == number % MEMBERS
        await says(
            number,
            f"/kudos give <@m{receiver % MEMBERS}> for the patient review of patch {next(patches)}",
            "kudos.given",
        )

    async def look(number: int) -> None:
        await says(number, "/feedback how", "feedback.how")

    return {"bare insert": bare, "/kudos give (writes)": give, "/feedback how (reads)": look}


async def run(seconds: float, profile: bool, levels: Sequence[int]) -> None:
    """Measure every level and print the table."""
    clock = MovedClock(datetime.now(UTC))
    town = Town(clock)
    town.add_space(SPACE)
    for number in range(MEMBERS):
        town.add_user(SPACE, User(f"m{number}", f"Member {number}", f"m{number}"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        async with assemble(
            path, clock=clock, ids=SystemIds(clock), worker=InlineWorker(), platforms=(town,), patience=None
        ) as kith:
            await found(kith, town)
            async with kith.database.read() as db:
                (community,) = await storage.community.every(db)
                members = [row.id for row in await storage.member.everyone(db, community.id)]
            what = asks(kith, town, community.id, members)
            if profile:
                await _profiled(what["/kudos give (writes)"], seconds)
                return
            Console().print(await _table(what, seconds, levels))


async def _table(what: dict[str, Ask], seconds: float, levels: Sequence[int]) -> Table:
    table = Table(
        "at once", "what", "a second", "p50 ms", "p99 ms", "cpu ms", "of bare", title="App.handle on SQLite (FULL)"
    )
    for at_once in levels:
        rate = 0.0
        for name, ask in what.items():
            got = await measure(ask, at_once, seconds)
            rate = rate or got.rate
            share = f"{got.rate / rate:.2f}"
            table.add_row(
                str(at_once), name, f"{got.rate:.0f}", f"{got.p50:.1f}", f"{got.p99:.1f}", f"{got.cpu:.2f}", share
            )
        table.add_section()
    return table


async def _profiled(ask: Ask, seconds: float) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    await measure(ask, 10, seconds)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each line is measured")
    parser.add_argument("--at-once", type=int, nargs="+", default=LEVELS, help="levels of load")
    parser.add_argument("--profile", action="store_true", help="show where the time of /kudos give goes instead")
    options = parser.parse_args()
    asyncio.run(run(options.seconds, options.profile, options.at_once))


if __name__ == "__main__":
    main()
