"""Twenty rounds of five hundred people: the engine beside the best pair first, and beside chance.

Prints the tables of docs/matching.md and draws docs/pictures/matching-rounds.svg. In each round 10 in 100 are away.
Three in five can only meet the other two (newcomers and old hands), so that partners are scarce; who can meet nobody at
all is left out of the waits.
"""

from __future__ import annotations

import dataclasses
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.pairing_people import community
from bot.matching import Person, Request, match
from bot.matching.arrays import scores, town
from bot.matching.score import Table

ROUNDS, SIZE = 20, 500
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "matching-rounds.svg"
COLOURS = {"Kith": "#1b7f5c", "greedy": "#c77700", "random": "#7a7a7a"}


class Told(NamedTuple):
    """One round: who met, the mean score of the pairs, who was left out."""

    groups: list[tuple[str, ...]]
    mean: float
    left: set[str]


def kith(request: Request) -> Told:
    """The engine."""
    result = match(request)
    return Told([group.members for group in result.groups], result.total / max(len(result.groups), 1),
                {one.person for one in result.unmatched})  # fmt: skip


def greedy(request: Request, *, chance: bool = False) -> Told:
    """The best legal pair first; with `chance` any legal pair."""
    table = Table(request)
    value = scores(town(table, table.people))
    one, other = np.nonzero(np.triu(value > -0.5, 1))
    order = np.argsort(-value[one, other], kind="stable")
    if chance:
        order = np.random.default_rng(request.seed).permutation(len(one))
    free, pairs, total = np.ones(len(table.people), bool), [], 0.0
    for at in order.tolist():
        a, b = one[at], other[at]
        if free[a] and free[b]:
            free[a] = free[b] = False
            pairs.append((table.people[a].id, table.people[b].id))
            total += value[a, b]
    left = {person.id for at, person in enumerate(table.people) if free[at]}
    return Told(pairs, total / max(len(pairs), 1), left)


def by_chance(request: Request) -> Told:
    """Random legal pairs."""
    return greedy(request, chance=True)


def history(engine: Callable[[Request], Told]) -> dict[str, list[float]]:
    """Twenty rounds: the mean score, how many were left out, twice running, the longest wait, repeats inside four."""
    base = community(SIZE, 3, rounds=0)
    few = {person.id for person in base.people[: SIZE * 2 // 5]}
    people: list[Person] = list(base.people)
    rng = random.Random(5)
    past: list[tuple[int, frozenset[str]]] = []
    waited = dict.fromkeys((person.id for person in people), 0)
    told: dict[str, list[float]] = {name: [] for name in ("score", "left", "twice", "longest", "repeats")}
    for index in range(1, ROUNDS + 1):
        here = [person for person in people if rng.random() > 0.1]
        crowd = tuple(
            dataclasses.replace(one, waited=waited[one.id],
                                avoid=one.avoid if one.id in few else one.avoid | ({p.id for p in here} - few))
            for one in here
        )  # fmt: skip
        recent = tuple(one for one in past if index - one[0] <= 8)
        made = engine(dataclasses.replace(base, people=crowd, history=recent, seed=index, round_index=index))
        lately = {pair for number, pair in past if index - number <= 4}
        told["repeats"].append(sum(frozenset(group) in lately for group in made.groups))
        told["score"].append(made.mean)
        told["left"].append(len(made.left))
        table = Table(dataclasses.replace(base, people=crowd, history=recent, seed=index, round_index=index))
        able = (scores(town(table, table.people)) > -0.5).any(axis=1)
        could = {person.id for person, fits in zip(table.people, able, strict=True) if fits}
        told["twice"].append(sum(waited[name] > 0 for name in made.left & could))
        for person in here:
            waited[person.id] = waited[person.id] + 1 if person.id in made.left & could else 0
        told["longest"].append(max(waited.values()))
        past += [(index, frozenset(group)) for group in made.groups]
    return told


def loads() -> list[str]:
    """300 mentees and 150 mentors with 1 to 5 places: how the load is spread."""
    from collections import Counter

    request = community(300, 3, mentors=150, rounds=0)
    mentors = [one for one in request.people if one.role == "mentor"]
    lines = []
    table = Table(request)
    value = {}
    mentees = [one for one in table.people if one.role == "mentee"]
    teachers = [one for one in table.people if one.role == "mentor"]
    found = scores(town(table, mentees, teachers))
    for name in ("Kith", "greedy", "random"):
        if name == "Kith":
            pairs = [group.members for group in match(request).groups]
        else:
            one, other = np.nonzero(found > -0.5)
            order = np.argsort(-found[one, other], kind="stable")
            if name == "random":
                order = np.random.default_rng(1).permutation(len(one))
            load, placed, pairs = Counter[str](), set[str](), []
            for at in order.tolist():
                mentee, mentor = mentees[one[at]], teachers[other[at]]
                if mentee.id not in placed and load[mentor.id] < mentor.capacity:
                    placed.add(mentee.id)
                    load[mentor.id] += 1
                    pairs.append((mentor.id, mentee.id))
        value[name] = Counter(mentor for mentor, _ in pairs)
        idle = sum(not value[name][one.id] for one in mentors)
        busiest = max(value[name].values())
        score = sum(table.score(*table.group(pair)) for pair in pairs) / len(pairs)
        lines.append(f"| {name} | {len(pairs)} of 300 | {idle} of 150 | {busiest} | {score:.3f} |")
    return lines


def picture(told: dict[str, dict[str, list[float]]]) -> str:
    """Three small charts beside each other, as SVG."""
    charts = (
        ("Mean score of a pair", "score"),
        ("Left out twice running", "twice"),
        ("Longest wait, in rounds", "longest"),
    )
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300" font-family="sans-serif" font-size="13">',
        "<title>Twenty rounds of 500 people: Kith, greedy and random</title>",
        '<rect width="900" height="300" fill="#ffffff"/>',
    ]
    for number, (title, key) in enumerate(charts):
        left = 45 + number * 300
        most = max(max(run[key]) for run in told.values()) or 1
        parts.append(f'<text x="{left}" y="24" font-weight="bold" fill="#222">{title}</text>')
        for share in (0, 0.5, 1):
            y = 240 - 190 * share
            parts.append(f'<line x1="{left}" y1="{y}" x2="{left + 235}" y2="{y}" stroke="#dddddd"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end" fill="#555">{most * share:.2g}</text>')
        for name, run in told.items():
            line = " ".join(f"{left + 235 * at / (ROUNDS - 1):.1f},{240 - 190 * value / most:.1f}"
                            for at, value in enumerate(run[key]))  # fmt: skip
            parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2.5"/>')
        parts.append(f'<text x="{left}" y="258" fill="#555">round 1</text>')
        parts.append(f'<text x="{left + 235}" y="258" text-anchor="end" fill="#555">20</text>')
    for number, (name, colour) in enumerate(COLOURS.items()):
        parts.append(f'<rect x="{45 + number * 110}" y="276" width="14" height="14" fill="{colour}"/>')
        parts.append(f'<text x="{65 + number * 110}" y="288" fill="#222">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Print the tables and draw the picture."""
    told = {name: history(engine) for name, engine in (("Kith", kith), ("greedy", greedy), ("random", by_chance))}
    print("| | mean score | left out a round | twice running, in all | longest wait | repeats inside 4 rounds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, run in told.items():
        mean, left = (sum(run[key]) / ROUNDS for key in ("score", "left"))
        print(f"| {name} | {mean:.3f} | {left:.1f} | {sum(run['twice']):.0f} | {max(run['longest']):.0f} | "
              f"{sum(run['repeats']):.0f} |")  # fmt: skip
    print("\n| | mentees placed | mentors without one | most mentees of one | mean score |")
    print("| --- | --- | --- | --- | --- |")
    print("\n".join(loads()))
    PICTURE.write_text(picture(told), encoding="utf-8")


if __name__ == "__main__":
    main()
