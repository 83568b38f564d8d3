"""How long a round takes, how good it is, and how others do. `python benchmarks/pairing.py --help` lists the parts.

Every figure is from a fresh process, the median of three unless it says once; memory is the peak of that process,
people included. Seconds are wall clock, with the CPU seconds of all cores behind them: on a busy
machine trust the latter.
The kernels are compiled and loaded before the clock starts (`cold` has them inside).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.pairing_people import community
from bot.matching import Request, Result, Rules, faults, match
from bot.matching.check import check
from bot.matching.judge import result as judged
from bot.matching.score import Table

Figures = dict[str, Any]


class Watch:
    """Adds up wall and CPU seconds by name."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    def __call__(self, name: str, work: Callable[..., Any], *values: Any) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        answer = work(*values)
        self.wall[name] = self.wall.get(name, 0.0) + time.perf_counter() - wall
        self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - cpu
        return answer


def peak() -> int:
    """MiB at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def ours(request: Request, *, warm: bool = True) -> Figures:
    """One round with its stages apart: reading people, candidates, matching, reasons."""
    from bot.matching import circles, mentors, peers, tiles

    if warm:
        match(community(420, 9) if request.mode != "mentor" else small_mentors())
    watch, best = Watch(), tiles.best
    tiles.best = lambda *values: watch("candidates", best, *values)
    wall, cpu = time.perf_counter(), time.process_time()
    watch("people", check, request)
    table = watch("people", Table, request)
    if request.mode == "mentor":
        made = watch("all", mentors.mentors, table, ())
    else:
        engine = circles.circles if request.mode == "circles" else peers.pairs
        made = watch("all", engine, table, table.people)
    answer: Result = watch("reasons", judged, table, [table.group(group) for group in made.groups], made.bound)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    tiles.best = best
    memory = peak()  # before the check below, which is not part of a round
    broken = sum(bool(faults(request, group.members)) for group in answer.groups[:50])
    return {
        "seconds": wall, "cpu": cpu, "candidates": watch.wall.get("candidates", 0.0),
        "matching": watch.wall["all"] - watch.wall.get("candidates", 0.0), "reasons": watch.wall["reasons"],
        "total": answer.total, "of_bound": answer.total / answer.bound if answer.bound else 0.0, "MiB": memory,
        "groups": len(answer.groups), "unmatched": len(answer.unmatched), "broken_of_50": broken,
    }  # fmt: skip


def small_mentors() -> Request:
    """A mentor round that goes through the compiled engine."""
    return dataclasses.replace(community(2_100, 9, mentors=500))


def whole_graph(size: int) -> Any:
    """All legal pairs of a community and the town's people."""
    import numpy as np

    from bot.matching.arrays import scores, town, weights_of

    table = Table(community(size))
    where, parts = town(table, table.people), []
    for first in range(0, size, 500):
        weight = weights_of(scores(where, first, min(first + 500, size)))
        row, column = np.nonzero(weight >= 0)
        keep = row + first < column
        parts.append((row[keep] + first, column[keep], weight[row[keep], column[keep]]))
    return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def by_networkx(size: int) -> Figures:
    """The exact matching of the complete legal graph by networkx (once)."""
    import networkx

    one, other, weight = whole_graph(size)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(zip(one.tolist(), other.tolist(), weight.tolist(), strict=True))
    wall, cpu = time.perf_counter(), time.process_time()
    found = networkx.max_weight_matching(graph)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    total = sum(graph.edges[pair]["weight"] for pair in found) / 1e6
    return {"seconds": wall, "cpu": cpu, "total": total, "MiB": peak()}


def by_rustworkx(size: int) -> Figures:
    """The same by rustworkx."""
    from bot.matching.graph import Edges, exact, total

    legal = Edges(*whole_graph(size))
    wall, cpu = time.perf_counter(), time.process_time()
    mate = exact(size, legal)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"seconds": wall, "cpu": cpu, "total": total(legal, mate) / 1e6, "MiB": peak()}


def by_greedy(size: int) -> Figures:
    """The best pair first, on the complete graph."""
    import numpy as np

    one, other, weight = whole_graph(size)
    wall, cpu = time.perf_counter(), time.process_time()
    free, total, pairs = np.ones(size, bool), 0, 0
    for at in np.argsort(-weight, kind="stable").tolist():
        if free[one[at]] and free[other[at]]:
            free[one[at]] = free[other[at]] = False
            total, pairs = total + int(weight[at]), pairs + 1
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"seconds": wall, "cpu": cpu, "total": total / 1e6, "groups": pairs, "MiB": peak()}


def everybody_may(size: int) -> Request:
    """As many mentors as mentees, one place each, and no hard rule: what mentor-match can express."""
    made = community(size, mentors=size, rounds=0)
    people = tuple(dataclasses.replace(one, avoid=frozenset(), waited=0, capacity=1) for one in made.people)
    return dataclasses.replace(made, people=people, rules=Rules(0, shared_language=False))


def points(request: Request) -> dict[tuple[str, str], int]:
    """The score of each mentor with each mentee, as points."""
    from bot.matching.arrays import scores, town, weights_of

    table = Table(request)
    mentors = [one for one in table.people if one.role == "mentor"]
    mentees = [one for one in table.people if one.role == "mentee"]
    weight = weights_of(scores(town(table, mentees, mentors))).tolist()
    return {
        (mentor.id, mentee.id): weight[at][to] for at, mentee in enumerate(mentees) for to, mentor in enumerate(mentors)
    }


def by_mentor_match(size: int) -> Figures:
    """The UK civil service's package with one rule that looks the points up: the cheapest rule there can be."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data

    request = everybody_may(size)
    looked_up = points(request)

    class ByPoints:
        def apply(self, pair: Any) -> int:
            return looked_up[pair.mentor.email, pair.mentee.email]

    mentors = [Mentor(grade=1, email=one.id) for one in request.people if one.role == "mentor"]
    mentees = [Mentee(grade=1, email=one.id) for one in request.people if one.role == "mentee"]
    wall, cpu = time.perf_counter(), time.process_time()
    process_data(mentors, mentees, [[ByPoints()]])  # type: ignore[list-item]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    pairs = [(one.email, other.email) for one in mentors for other in one.mentees]
    return {
        "seconds": wall,
        "cpu": cpu,
        "total": sum(map(looked_up.__getitem__, pairs)),
        "groups": len(pairs),
        "MiB": peak(),
    }


def like_mentor_match(size: int) -> Figures:
    """Ours on the same mentors, mentees and points; scoring and reasons are inside the clock."""
    request = everybody_may(size)
    figures = ours_of(request)
    memory = peak()
    looked_up = points(request)
    total = sum(looked_up[group] for group in figures.pop("pairs"))
    return {**figures, "total": total, "MiB": memory}


def ours_of(request: Request) -> Figures:
    """One whole `match`, after another to load what it needs; and how long the assignment took without its reasons."""
    from bot.matching.mentors import mentors

    match(everybody_may(20))
    wall, cpu = time.perf_counter(), time.process_time()
    answer = match(request)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    bare = time.perf_counter(), time.process_time()
    mentors(Table(request), ())
    return {
        "seconds": wall, "cpu": cpu, "without_reasons": time.perf_counter() - bare[0],
        "cpu_without_reasons": time.process_time() - bare[1], "groups": len(answer.groups),
        "pairs": [one.members for one in answer.groups],
    }  # fmt: skip


def broken_rules(rounds: int) -> Figures:
    """How many hard rules so many small random rounds break."""
    rng = random.Random(1)
    found = 0
    for seed in range(rounds):
        made = community(rng.randint(2, 14), seed, mentors=rng.choice([0, 0, rng.randint(1, 5)]), rounds=4)
        mode = "mentor" if made.mode == "mentor" else rng.choice(["peer", "circles"])
        request = dataclasses.replace(made, mode=mode)
        drawn = tuple(group.members for group in match(request).groups)
        found += sum(len(faults(request, group, drawn)) for group in drawn)
    return {"rounds": rounds, "broken": found}


CASES: dict[str, Callable[..., Figures]] = {
    "peers": lambda size, passes=1: ours(dataclasses.replace(community(size), passes=passes)),
    "mentors": lambda size: ours(community(size, mentors=size * 6 // 10)),
    "circles": lambda size: ours(dataclasses.replace(community(size), mode="circles")),
    "cold": lambda size: ours(community(size), warm=False),
    "networkx": by_networkx,
    "rustworkx": by_rustworkx,
    "greedy": by_greedy,
    "mentor-match": by_mentor_match,
    "ours-for-mentor-match": like_mentor_match,
    "hard-rules": broken_rules,
}
PLAN: list[tuple[str, list[int], int]] = [
    ("peers", [100], 3), ("peers", [1_000], 3), ("peers", [10_000], 3), ("peers", [10_000, 2], 3),
    ("mentors", [500], 3), ("mentors", [10_000], 3), ("circles", [500], 3),
    ("greedy", [1_000], 1), ("greedy", [10_000], 1), ("rustworkx", [1_000], 3), ("cold", [1_000], 1),
    ("ours-for-mentor-match", [500], 3), ("mentor-match", [500], 3), ("networkx", [1_000], 1),
    ("hard-rules", [10_000], 1), ("peers", [100_000], 3), ("peers", [100_000, 2], 3),
]  # fmt: skip


def measured(case: str, values: list[int], times: int) -> Figures:
    """Run a case in fresh processes; return the median of each figure."""
    runs = []
    for _ in range(times):
        command = [sys.executable, __file__, "--case", case, *map(str, values)]
        runs.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main() -> None:
    """Measure the plan, or the parts of it that are named, a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", nargs="+", help="one case in this process, with its numbers; prints JSON")
    parser.add_argument("--only", nargs="*", default=[], help=f"of {', '.join(CASES)}")
    parser.add_argument("--up-to", type=int, default=10**9, help="no more people than this")
    parser.add_argument("--times", type=int, default=3, help="runs at most of each")
    given = parser.parse_args()
    if given.case:
        print(json.dumps(CASES[given.case[0]](*map(int, given.case[1:]))))
        return
    costs: dict[str, list[tuple[int, float]]] = {}
    for case, values, times in PLAN:
        if values[0] > given.up_to or (given.only and case not in given.only):
            continue
        figures = measured(case, values, min(times, given.times))
        shown = ", ".join(f"{name} {value:,.4g}" if isinstance(value, float) else f"{name} {value:,}"
                          for name, value in figures.items())  # fmt: skip
        print(f"{case} {' '.join(f'{value:,}' for value in values)}: {shown}", flush=True)
        if "cpu" in figures and len(values) == 1:
            costs.setdefault(case, []).append((values[0], figures["cpu"]))
    for case, points_ in costs.items():
        for (size, cpu), (larger, more) in pairwise(points_):
            print(f"{case}: {larger / size:g} times the people cost {more / cpu:.1f} times the CPU seconds")


if __name__ == "__main__":
    main()
