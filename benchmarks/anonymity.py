"""How well feedback hides its authors: an attacker with the files, a backup, the logs and everybody's presence.

Run `python benchmarks/anonymity.py [--members N] [--notes N] [--a-day N] [--json FILE]`. A community lives through the
whole stack, with a crash on the way, and the attacker of `tests/anonymity/attack.py` guesses every author in every way
they know; two further worlds that differ only in who wrote which note are compared. 10,000 notes take a while.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from storage.keys import Keys, folder_of
from tests.anonymity.attack import Evidence, attack
from tests.anonymity.life import Day, Life, everything, living, plan, with_other_authors
from tests.anonymity.test_attack import Loot, carried_away, ways
from tests.fakes.world import save

out = Console()


async def lived(folder: Path, saved: Any, days: list[Day], members: list[str]) -> tuple[Loot, Any, float]:
    """Live through the days with a crash in the middle; return the loot, every table, and seconds a deed."""
    deeds = sum(len(day.deeds) for day in days)
    async with living(saved, folder, members) as life:
        begun = time.perf_counter()
        await life.lives(days, crash_after=deeds // 2)
        took = (time.perf_counter() - begun) / deeds
        return carried_away(life, days), remains(life), took


def remains(life: Life) -> tuple[Any, Any, str]:
    """Return the tables of the database and of a backup, and the log without the machine's own time."""
    keys = Keys(folder_of(life.file))
    lines = "\n".join(line.partition(" ")[2] for line in life.log.getvalue().splitlines())
    return everything(life.file, keys), everything(life.backup("again.db"), keys), lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--a-day", type=int, default=500)
    parser.add_argument("--twin-notes", type=int, default=1000, help="notes of the worlds that are compared")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    members = [f"person{number:04d}" for number in range(given.members - 14)] + ["ana", "bea"]
    days = plan(members, given.notes // given.a_day, given.a_day, kudos_a_day=20, seed=17)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        saved = save(folder / "founded.db")
        loot, _, took = asyncio.run(lived(folder / "attacked", saved, days, members))
        twins = plan(members, 4, given.twin_notes // 4, kudos_a_day=20, seed=19)
        _, first, _ = asyncio.run(lived(folder / "first", saved, twins, members))
        _, second, _ = asyncio.run(lived(folder / "second", saved, with_other_authors(twins, members, 18), members))
    figures = tell(loot, first == second, took)
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def tell(loot: Loot, alike: bool, took: float) -> dict[str, Any]:
    """Print the figures and return them."""
    known = {
        "control: the order of writing is known": Evidence(
            places={note: at.timestamp() for note, at in loot.moments.items()}
        ),
        "control: the minute is known": Evidence(
            minutes={
                note: (at.replace(tzinfo=None) - loot.start[note]).total_seconds() / 60
                for note, at in loot.moments.items()
            }
        ),
    }
    table = Table("way", "right", "rate %", "99 % interval", "chance %", "allowed %", box=None)
    figures: dict[str, Any] = {"twin worlds alike": alike, "milliseconds a deed": round(1000 * took, 2), "ways": {}}
    for way, evidence in (ways(loot) | known).items():
        rate = attack(loot.batches, evidence, loot.authors)
        low, high = rate.interval()
        table.add_row(
            way, f"{rate.hits} of {rate.trials}", f"{100 * rate.rate:.3f}", f"{100 * low:.3f} to {100 * high:.3f}",
            f"{100 * rate.chance:.3f}", f"{100 * rate.allowed:.3f}",
        )  # fmt: skip
        figures["ways"][way] = {
            "hits": rate.hits, "trials": rate.trials, "interval": [low, high], "chance": rate.chance,
            "found": len(evidence.places) + len(evidence.minutes),
        }  # fmt: skip
    out.print(table)
    out.print(f"Twin worlds alike in every table, backup and log line: {alike}. {1000 * took:.1f} ms a deed.")
    return figures


if __name__ == "__main__":
    main()
