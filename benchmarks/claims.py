"""Two mentors take the same question at the same moment, a thousand times: who wins, and what the other hears.

Run `PYTHONPATH=. python benchmarks/claims.py [--races 1000]`. Each race is a new question; both presses are handed to
the bot at once. There must be one who has it and one who is told kindly, and one row that says so, each time.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import storage.community
import storage.member
from adapters.playground.town import Town, User
from bot.chat.reply import Show
from bot.clock import MovedClock, SystemIds
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.db import Db
from storage.request import CLAIMED, Request, RequestOffer

SPACE = "bench"
NAMES = ("ana", "bea", "chen")


async def run(races: int) -> int:
    """Run the races; return how many did not end as they should."""
    clock = MovedClock(datetime(2026, 3, 2, 10, tzinfo=UTC))
    town = Town(clock)
    town.add_space(SPACE)
    for name in NAMES:
        town.add_user(SPACE, User(name, name.capitalize(), name))
    with tempfile.TemporaryDirectory() as folder:
        async with assemble(
            Path(folder) / "claims.db",
            clock=clock,
            ids=SystemIds(clock),
            worker=InlineWorker(),
            platforms=(town,),
            patience=None,
        ) as kith:
            return await _races(kith, town, races)


async def _races(kith: Kith, town: Town, races: int) -> int:
    for name in NAMES:
        await kith.app.handle(town.command(name, "/me home"))
    async with kith.database.read() as db:
        (community,) = await storage.community.every(db)
        known = {row.handle: row for row in await storage.member.everyone(db, community.id)}
    now = kith.app.clock.now()

    async def found(db: Db) -> None:
        for member in known.values():
            member.opted_in_at = now
            await db.merge(member)
        for number in range(races):
            db.add(
                Request(
                    id=f"q{number}", community_id=community.id, asker_id=known["ana"].id, tag="python",
                    question="Why is it slow?", asked_at=now,
                )
            )  # fmt: skip
        await db.flush()
        for number in range(races):
            for name in ("bea", "chen"):
                offer = RequestOffer(
                    request_id=f"q{number}", mentor_id=known[name].id, community_id=community.id, offered_at=now
                )
                db.add(offer)

    await kith.database.write(found)
    ends: Counter[tuple[str, ...]] = Counter()
    begun = time.perf_counter()
    for number in range(races):
        pressed = (kith.app.handle(town.press(name, None, f"ask.take:q{number}")) for name in ("bea", "chen"))
        answers = await asyncio.gather(*pressed)
        ends[tuple(sorted(one.view.key for one in answers if isinstance(one, Show)))] += 1
    spent = time.perf_counter() - begun
    async with kith.database.read() as db:
        rows = [await db.get(Request, f"q{number}") for number in range(races)]
    held = sum(row is not None and row.status == CLAIMED and row.mentor_id is not None for row in rows)
    for end, times in ends.items():
        print(f"{times} times: {' and '.join(end)}")
    print(f"{held} of {races} questions are with one mentor; {spent:.1f} s")
    return races - min(held, ends[("ask.taken", "ask.yours")])


def main() -> None:
    """Read the options and run; exit with 1 when a race ended otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=1000)
    raise SystemExit(1 if asyncio.run(run(parser.parse_args().races)) else 0)


if __name__ == "__main__":
    main()
