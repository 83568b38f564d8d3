"""A year of thanks, checked against an oracle, and how long a digest's query takes.

Run `PYTHONPATH=. python benchmarks/kudos.py [--kudos 10000] [--members 200] [--seed 1]`. Members in twelve time zones
thank each other as often as they may and oftener; each answer is compared with an oracle that counts days and weeks by
its own calendar (`zoneinfo`, ISO weeks) and knows nothing of Kith's rules. Every digest that is posted is compared with
one that the oracle makes from its own notes. At the end nothing may differ. The query is timed in a community that
holds the whole year, next to a bare count over the same rows in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import func, select

import storage.community
import storage.kudos
import storage.member
import storage.recognition
from adapters.playground.town import Town, User
from bot.chat.reply import Show
from bot.chat.text import plain
from bot.chat.views import List, as_text
from bot.clock import MovedClock, SystemIds
from bot.context import Work
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.kudos import Kudos

SPACE, HOME = "bench", "Europe/Madrid"
START = datetime(2026, 1, 5, tzinfo=UTC)
ZONES = (
    "Europe/Madrid", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo",
    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "UTC",
)  # fmt: skip
A_DAY, A_WEEK = 5, 15


@dataclass(frozen=True, slots=True)
class Thanks:
    """What the oracle notes down of one that was accepted."""

    giver: int
    receiver: int
    reason: str
    at: datetime
    shown: bool


class Oracle:
    """Counts by itself what may be given, and makes digests by itself."""

    def __init__(self, public: set[int]) -> None:
        self.noted: list[Thanks] = []
        self.days: Counter[tuple[int, object]] = Counter()
        self.weeks: Counter[tuple[int, object]] = Counter()
        self.public = public

    def may(self, giver: int, at: datetime) -> bool:
        """Whether one more fits into the giver's own day and ISO week."""
        day = at.astimezone(ZoneInfo(ZONES[giver % len(ZONES)])).date()
        return self.days[giver, day] < A_DAY and self.weeks[giver, day.isocalendar()[:2]] < A_WEEK

    def note(self, giver: int, receiver: int, reason: str, at: datetime) -> None:
        """Note down what was accepted."""
        day = at.astimezone(ZoneInfo(ZONES[giver % len(ZONES)])).date()
        self.days[giver, day] += 1
        self.weeks[giver, day.isocalendar()[:2]] += 1
        self.noted.append(Thanks(giver, receiver, reason, at, receiver in self.public))

    def digest(self, until: datetime) -> tuple[int, int, int, set[str]] | None:
        """Return (thanks, givers, receivers, the best reasons) of the week before a moment; None of an empty one."""
        week = [one for one in self.noted if until - timedelta(days=7) <= one.at < until]
        ranked = sorted((one for one in week if one.shown), key=lambda one: -self._worth(one, week))
        best: list[Thanks] = []
        for one in ranked:
            if len(best) < 5 and not any(one.giver == two.giver or one.receiver == two.receiver for two in best):
                best.append(one)
        if not best:
            return None
        return len(week), len({one.giver for one in week}), len({one.receiver for one in week}), {
            one.reason for one in best
        }  # fmt: skip

    @staticmethod
    def _worth(one: Thanks, week: list[Thanks]) -> float:
        there = sum(two.giver == one.giver and two.receiver == one.receiver for two in week)
        back = sum(two.giver == one.receiver and two.receiver == one.giver for two in week)
        mine = sum(two.giver == one.giver for two in week)
        theirs = sum(two.giver == one.receiver for two in week)
        circle = back and there + back >= 4 and there >= 2 / 3 * mine and back >= 2 / 3 * theirs
        return min(12, len(set(one.reason.split()))) / (there + back if circle else 1)


async def run(kudos: int, members: int, seed: int) -> int:
    """Live through the year; return how many differences there were."""
    chance = random.Random(seed)
    clock = MovedClock(START)
    town = Town(clock)
    town.add_space(SPACE)
    town.add_channel(SPACE, "kudos")
    for number in range(members):
        zone = ZONES[number % len(ZONES)]
        town.add_user(SPACE, User(f"m{number}", f"Member {number}", f"m{number}", zone=zone))
    with tempfile.TemporaryDirectory() as folder:
        async with assemble(
            Path(folder) / "kudos.db",
            clock=clock,
            ids=SystemIds(clock),
            worker=InlineWorker(),
            platforms=(town,),
            patience=None,
            thrown_away=True,
        ) as kith:
            return await _year(kith, town, clock, chance, kudos, members)


async def _year(
    kith: Kith, town: Town, clock: MovedClock, chance: random.Random, kudos: int, members: int
) -> int:  # fmt: skip
    oracle = Oracle({number for number in range(members) if number % 3})
    community = await _found(kith, town, members, oracle)
    asked = refused = wrong = 0
    digests: dict[datetime, object] = {}
    begun = time.perf_counter()
    moments = sorted(START + timedelta(seconds=chance.randrange(364 * 86_400)) for _ in range(round(kudos * 1.25)))
    for number, at in enumerate(moments):
        await kith.advance(at)
        giver = int(members * chance.random() ** 2)  # some give much, so that limits are met
        close = giver ^ 1  # some pairs thank each other again and again
        receiver = close if chance.random() < 0.3 and close < members else chance.randrange(members)
        if receiver == giver:
            continue
        reason = f"for thing {number} " + " ".join(
            chance.choice(("patient", "kind", "fast", "clear", "brave", "late")) for _ in range(chance.randrange(9))
        )
        expected = oracle.may(giver, clock.now())
        reply = await kith.app.handle(town.command(f"m{giver}", f"/kudos give <@m{receiver}> {reason}"))
        answered = reply.view.key if isinstance(reply, Show) else type(reply).__name__
        asked += 1
        refused += answered == "kudos.enough"
        wrong += answered != ("kudos.given" if expected else "kudos.enough")
        if answered == "kudos.given":
            oracle.note(giver, receiver, " ".join(reason.split()), clock.now())
    await kith.advance(START + timedelta(days=364))
    differ = _compare(town, oracle, digests)
    spent = time.perf_counter() - begun
    print(f"{asked} asked, {len(oracle.noted)} given, {refused} refused by a limit, {wrong} answers differ")
    print(f"{spent:.0f} s for the year")
    print(f"{len(digests)} digests, {differ} differ from the oracle's")
    await _query(kith, community)
    return wrong + differ


async def _found(kith: Kith, town: Town, members: int, oracle: Oracle) -> str:
    for number in range(members):
        await kith.app.handle(town.command(f"m{number}", "/me home"))
    async with kith.database.read() as db:
        (community,) = await storage.community.every(db)
        (space,) = await storage.community.spaces(db, community.id)
        known = {row.handle: row.id for row in await storage.member.everyone(db, community.id)}

    async def settle(work: Work) -> None:
        work.community.zone = HOME
        work.db.add(work.community)
        channel = next(spot for spot in town.spaces[SPACE].spots.values() if spot.name == "kudos")
        await storage.community.set_value(work.db, community.id, "kudos.channel", [space.id, channel.id])
        for number in range(members):
            await storage.recognition.decide(
                work.db, community.id, known[f"m{number}"], work.now, in_public=number in oracle.public
            )
        await work.happened("community.ready", work.community)

    await kith.app.work(community.id, settle)
    return str(community.id)


def _compare(town: Town, oracle: Oracle, digests: dict[datetime, object]) -> int:
    """Compare each digest with the oracle's, and look for one in every week in which there should be one."""
    wrong = 0
    for message in town.messages:
        if message.view.key == "kudos.digest":
            (listed,) = [block for block in message.view.blocks if isinstance(block, List)]
            reasons = {plain(item).split("“")[1].rstrip("”") for item in listed.items}
            digests[message.at] = (as_text(message.view), reasons)
    moment = datetime(2026, 1, 9, 16, tzinfo=ZoneInfo(HOME))
    while moment.astimezone(UTC) <= START + timedelta(days=364):
        until = moment.astimezone(UTC)
        expected = oracle.digest(until)
        found = next((said for at, said in digests.items() if timedelta(0) <= at - until < timedelta(hours=1)), None)
        if (expected is None) != (found is None):
            wrong += 1
        elif expected is not None and found is not None:
            told, reasons = found  # type: ignore[misc]
            count, givers, receivers, _ = expected
            head = f"{count} times thank you, from {givers} people to {receivers} people"
            wrong += not (head in told and _as_good(reasons, expected[3]))
        moment += timedelta(days=7)
    return wrong


def _as_good(found: set[str], expected: set[str]) -> bool:
    """Whether two choices of reasons say equally much: among equal ones either may have been taken."""

    def worth(reasons: set[str]) -> list[int]:
        return sorted(min(12, len(set(one.split()))) for one in reasons)

    return found == expected or worth(found) == worth(expected)


async def _query(kith: Kith, community: str) -> None:
    """Time the query of a digest's week, and of the whole year, next to a bare count, in turns."""
    until = START + timedelta(days=364)
    taken: dict[str, list[float]] = {"a bare count of the year": [], "a week": [], "the whole year": []}
    for _ in range(30):
        for name, days in (("a week", 7), ("the whole year", 400)):
            async with kith.database.read() as db:
                begun = time.perf_counter()
                await storage.kudos.between(db, community, until - timedelta(days=days), until)
                taken[name].append((time.perf_counter() - begun) * 1000)
        async with kith.database.read() as db:
            begun = time.perf_counter()
            await db.exec(select(func.count()).where(Kudos.community_id == community))
            taken["a bare count of the year"].append((time.perf_counter() - begun) * 1000)
    for name, every in taken.items():
        print(f"{name}: median {statistics.median(every):.1f} ms, slowest {max(every):.1f} ms")


def main() -> None:
    """Read the options and run; exit with 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kudos", type=int, default=10_000)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    raise SystemExit(1 if asyncio.run(run(given.kudos, given.members, given.seed)) else 0)


if __name__ == "__main__":
    main()
