"""A large cohort for twelve simulated weeks: the time, the memory, and whether anybody was asked too much.

    PYTHONPATH=. python benchmarks/cohort.py [--people 10000] [--weeks 12] [--programme FILE] [--seed 1]

It is what `kith simulate` does, with made-up people in fourteen zones: everybody joins with the form, is paired every
two weeks, is asked each week whether they met, and answers, forgets, snoozes, thanks, writes notes and leaves. Messages
arrive in a town in memory. What falls due is looked at every half hour of simulated time.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import time
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot.availability import parse
from bot.logs import configure
from bot.programme.file import read
from bot.roster import Roster, RosterRow
from cli.simulation.figures import MUST_BE_ZERO
from cli.simulation.run import simulate

FILE = Path(__file__).parent.parent / "examples" / "programmes" / "coffee.toml"
ZONES = (
    "America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "Europe/London", "Europe/Madrid", "Europe/Athens",
    "Africa/Nairobi", "Asia/Dubai", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "Pacific/Auckland",
)  # fmt: skip
LANGUAGES = (("en",), ("en",), ("en",), ("es",), ("en", "es"))
LOOKS = timedelta(minutes=30)
TOPICS = tuple(f"topic {number}" for number in range(40))


def roster(people: int, seed: int) -> Roster:
    """Return made-up people, free on three evenings a week and some weekends."""
    rng = random.Random(seed)
    rows = []
    for number in range(people):
        evenings = ",".join(sorted(rng.sample(("mon", "tue", "wed", "thu", "fri"), 3)))
        weekend = "; sat 10:00-14:00" if rng.random() < 0.4 else ""
        rows.append(
            RosterRow(
                row=number + 2, handle=f"m{number}", name=f"Member {number}", timezone=rng.choice(ZONES),
                languages=rng.choice(LANGUAGES), interests=tuple(rng.sample(TOPICS, 4)),
                availability=parse(f"{evenings} 17:00-21:00{weekend}"),
            )
        )  # fmt: skip
    return Roster(tuple(rows), ())


async def run(people: int, weeks: int, programme: Path, seed: int) -> bool:
    """Live it and print what it took; return whether nothing happened that must never happen."""
    say = Console()
    configure("WARNING")
    begun, worked, told = time.perf_counter(), time.process_time(), [0]

    def progress(share: float) -> None:
        if share >= told[0] / 10:
            say.print(f"  {share:4.0%} of the time after {time.perf_counter() - begun:.0f} s")
            told[0] += 1

    done = await simulate(
        read(programme), roster(people, seed), weeks=weeks, seed=seed, progress=progress, looks_every=LOOKS
    )
    took, cpu = time.perf_counter() - begun, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told_of, checks = done.figures, done.figures["checks"]
    messages = sum(told_of["messages"].values())
    say.print(
        f"{told_of['people']['joined']} joined, {weeks} weeks: {took:.0f} s ({cpu:.0f} of processor time), "
        f"{memory:.0f} MiB; {told_of['pairs']} pairs, {told_of['checkins']['asked']} check-ins asked, "
        f"{told_of['checkins']['answered']} answered, {told_of['kudos']} kudos, {messages} messages"
    )
    say.print({name: checks[name] for name in MUST_BE_ZERO})
    return not any(checks[name] for name in MUST_BE_ZERO)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--programme", type=Path, default=FILE)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    raise SystemExit(0 if asyncio.run(run(given.people, given.weeks, given.programme, given.seed)) else 1)


if __name__ == "__main__":
    main()
