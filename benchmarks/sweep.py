"""A sweep over many check-ins of which few are due: how long it takes, and how long it holds the writer at a time.

Run `python -m benchmarks.sweep [--rows N] [--due N]`. Prints seconds, and milliseconds for the writer.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlmodel import SQLModel

from bot.clock import MovedClock, SeededIds
from bot.programme.file import read
from bot.programme.stored import as_stored
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.checkin import CheckIn
from storage.community import Community, Space
from storage.db import Db
from storage.member import Identity, Member
from storage.pair import Pair, PairMember
from storage.programme import Programme
from storage.round import Round

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
A_PAIR = 24
FILE = Path(__file__).parent.parent / "examples" / "programmes" / "coffee.toml"


def rows(number: int, due: int) -> list[list[SQLModel]]:
    """Return a community with so many check-ins, `due` of them due, spread over its pairs; parents come first."""
    file = read(FILE)
    question = file.checkins[0].key
    common: dict[str, Any] = {"community_id": "c"}
    head: list[list[SQLModel]] = [
        [Community(id="c", name="Bench", created_at=NOW)],
        [Space(id="s", platform="playground", external_id="bench", **common)],
        [
            Programme(
                id="p", slug=file.slug, name=file.name, kind=file.kind, file=as_stored(file), created_at=NOW, **common
            )
        ],
        [Round(id="r", programme_id="p", number=1, seed=1, status="published", created_at=NOW, **common)],
    ]
    members: list[SQLModel] = []
    accounts: list[SQLModel] = []
    pairs: list[SQLModel] = []
    seats: list[SQLModel] = []
    asked: list[SQLModel] = []
    every = max(1, number // due)
    for pair in range(number // A_PAIR + 1):
        pairs.append(Pair(id=f"p{pair}", programme_id="p", round_id="r", space_id="s", created_at=NOW, **common))
        for one in (f"m{pair}a", f"m{pair}b"):
            members.append(Member(id=one, handle=one, name=one, created_at=NOW, opted_in_at=NOW, **common))
            accounts.append(Identity(id=f"i{one}", space_id="s", member_id=one, external_id=one, **common))
            seats.append(PairMember(pair_id=f"p{pair}", member_id=one, **common))
    for index in range(number):
        pair, week = divmod(index, A_PAIR)
        at = NOW - timedelta(minutes=1) if index % every == 0 else NOW + timedelta(days=1 + week)
        asked.append(
            CheckIn(
                id=f"q{index}", programme_id="p", pair_id=f"p{pair}", member_id=f"m{pair}{'ab'[week % 2]}",
                question=question, week=week // 2 + 1, due_at=at, expires_at=at + timedelta(days=1), **common,
            )
        )  # fmt: skip
    return [*head, members, accounts, pairs, seats, asked]


async def run(number: int, due: int) -> None:
    """Fill a database, open it anew, sweep until nothing is due, and print what it took."""
    held: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path, clock = Path(folder) / "kith.db", MovedClock(NOW)
        async with assemble(path, clock=clock, ids=SeededIds(1), worker=InlineWorker(), platforms=()) as kith:
            for part in rows(number, due):
                await kith.database.write(_filled(part))
        async with assemble(path, clock=clock, ids=SeededIds(2), worker=InlineWorker(), platforms=()) as kith:
            _timed(kith, held)
            begun, worked, done = time.perf_counter(), time.process_time(), 0
            while now := await kith.app.sweep("checkin.ask"):
                done += now
            seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
    Console().print(
        f"{done} of {number} rows dealt with in {seconds:.2f} s ({cpu:.2f} s of processor time), {len(held)} units of "
        f"work; the writer held {max(held) * 1000:.0f} ms at most, {sum(held) / len(held) * 1000:.0f} on average"
    )


def _filled(part: list[SQLModel]) -> Any:
    async def unit(db: Db) -> None:
        db.add_all(part)

    return unit


def _timed(kith: Kith, held: list[float]) -> None:
    """Note how long each unit of work has the writer, its commit not counted."""
    write = kith.database.write

    async def timed(work: Any) -> Any:
        async def unit(db: Db) -> Any:
            begun = time.perf_counter()
            try:
                return await work(db)
            finally:
                held.append(time.perf_counter() - begun)

        return await write(unit)

    kith.database.write = timed  # type: ignore[method-assign]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--due", type=int, default=1_000)
    args = parser.parse_args()
    asyncio.run(run(args.rows, args.due))


if __name__ == "__main__":
    main()
