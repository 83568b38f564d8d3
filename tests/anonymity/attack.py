"""An attacker who holds the database's files, a backup, the logs, and everybody's presence by minute.

They know how Kith works, and that in each batch every member who was present in its window is as likely to have written
as any other. What they look for is anything in the files that tells when a note was written, or in which order notes
came: a moment near it, its place in the file, its place among the others. Then they take the member who fits best.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import exp, lgamma, log
from random import Random

import numpy as np

MOMENT = re.compile(rb"20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?")
NEAR = 160  # bytes: a moment so near to a note is taken for its own
DAY = 1440  # minutes


@dataclass(frozen=True)
class Batch:
    """Notes that were published together: `present` maps a member to their minutes, counted from the window's start."""

    notes: tuple[str, ...]
    present: Mapping[str, frozenset[int]]


@dataclass
class Evidence:
    """What somebody found: note -> minute of its window, and note -> place in an order that may be that of writing."""

    minutes: dict[str, float] = field(default_factory=dict)
    places: dict[str, float] = field(default_factory=dict)


def places(data: bytes, notes: Sequence[str], *, page: int = 0) -> Evidence:
    """Return in which order the notes lie in a file; with `page`, within pages of that size from their end, as SQLite
    fills them."""
    found = Evidence()
    for note in notes:
        at = data.find(note.encode())
        if at >= 0:
            found.places[note] = (at // page) * page + (page - at % page) if page else at
    return found


def page_order(data: bytes, notes: Sequence[str], page: int = 4096) -> list[tuple[str, str]]:
    """Return pairs of notes that lie in one page, as (nearer to its end, farther): SQLite fills pages from the end.

    Every place where a note's id or hash stands counts, in the table and in each index.
    """
    where: dict[int, list[tuple[int, str]]] = {}
    for note in notes:
        at = data.find(note.encode())
        while at >= 0:
            where.setdefault(at // page, []).append((at % page, note))
            at = data.find(note.encode(), at + 1)
    return [
        (earlier, later)
        for here in where.values()
        for place, later in here
        for other, earlier in here
        if other > place and earlier != later
    ]


def moments(data: bytes, notes: Sequence[str], start: Mapping[str, datetime]) -> Evidence:
    """Return the moment that stands nearest to each note in a file, if one is near and inside the note's window.

    `start` is when each note's window began (naive UTC).
    """
    found = Evidence()
    for note in notes:
        at = data.find(note.encode())
        while at >= 0:
            near = data[max(0, at - NEAR) : at + NEAR]
            for match in MOMENT.finditer(near):
                moment = datetime.fromisoformat(match[0].decode())
                minutes = (moment - start[note]).total_seconds() / 60
                if 0 <= minutes < DAY:
                    found.minutes[note] = minutes
            at = data.find(note.encode(), at + 1)
    return found


def guesses(batch: Batch, evidence: Evidence, rng: Random) -> dict[str, str]:
    """Return note -> the member who fits best; chance decides among those who fit as well."""
    ordered = sorted((note for note in batch.notes if note in evidence.places), key=lambda note: evidence.places[note])
    rank = {note: place for place, note in enumerate(ordered)}
    people = sorted(batch.present)
    there = np.zeros((len(people), DAY))
    for row, who in enumerate(people):
        there[row, list(batch.present[who])] = 1 / len(batch.present[who])
    minutes = np.arange(DAY)
    chosen = {}
    for note in batch.notes:
        if note in evidence.minutes:
            score = there[:, int(evidence.minutes[note])]
        elif note in rank and len(ordered) > 1:
            middle = DAY * (rank[note] + 0.5) / len(ordered)
            width = DAY / (2 * len(ordered) ** 0.5)
            score = there @ np.exp(-(((minutes - middle) / width) ** 2))
        else:
            score = np.zeros(len(people))
        chosen[note] = people[rng.choice(np.flatnonzero(score == score.max()).tolist())]
    return chosen


# -- statistics


@dataclass(frozen=True)
class Rate:
    """How often an attacker was right, what pure chance would be (the mean of 1/present), and what is promised."""

    hits: int
    trials: int
    chance: float

    @property
    def rate(self) -> float:
        """The share of right guesses."""
        return self.hits / self.trials

    @property
    def allowed(self) -> float:
        """Chance and two percentage points."""
        return self.chance + 0.02

    def interval(self, confidence: float = 0.99) -> tuple[float, float]:
        """Return the exact (Clopper-Pearson) confidence interval of the rate."""
        tail = (1 - confidence) / 2
        low = _solve(lambda p: 1 - _below(self.hits - 1, self.trials, p), tail) if self.hits else 0.0
        high = _solve(lambda p: 1 - _below(self.hits, self.trials, p), 1 - tail) if self.hits < self.trials else 1.0
        return low, high

    @property
    def unlikely(self) -> float:
        """The chance to be right at least so often if the promise were just kept: small means that it is broken."""
        return 1 - _below(self.hits - 1, self.trials, self.allowed)


def _below(hits: int, trials: int, p: float) -> float:
    """Return the chance of at most `hits` in `trials` of probability `p`."""
    if hits < 0:
        return 0.0
    if p <= 0 or hits >= trials:
        return 1.0
    terms = (
        lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + k * log(p) + (trials - k) * log(1 - p)
        for k in range(hits + 1)
    )
    return min(1.0, sum(map(exp, terms)))


def _solve(rising, target: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return low


def attack(batches: Sequence[Batch], evidence: Evidence, authors: Mapping[str, str], seed: int = 1) -> Rate:
    """Let the attacker guess every note of every batch, and count."""
    rng, hits, chance, trials = Random(seed), 0, 0.0, 0
    for batch in batches:
        chosen = guesses(batch, evidence, rng)
        hits += sum(authors[note] == who for note, who in chosen.items())
        chance += len(batch.notes) / len(batch.present)
        trials += len(batch.notes)
    return Rate(hits, trials, chance / trials)
