"""What a brief tells coordinators: what changed beyond chance, and at most three things that would help. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.insight.estimates import Estimate
from bot.insight.report import Target
from bot.insight.wording import clear

MOST = 3
"""So many changes, and so many suggestions, are told at most."""

FULL = 0.9
FEW_ANSWERS, ENOUGH_ASKED = 0.5, 20
NEAR = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that moved beyond chance: its key, its value, and the value before."""

    key: str
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that would help: why (a code), how many it is about, and the row that a tap acts on."""

    why: str
    number: int
    row: str


def changes(now: Mapping[str, Estimate], before: Mapping[str, Estimate]) -> list[Change]:
    """Return what moved, the largest step in proportion to its value first."""
    moved = []
    for key, was in before.items():
        found = now.get(key)
        step = clear(found, was) if found is not None else None
        if found is not None and step is not None and found.value is not None and was.value is not None:
            moved.append((abs(step) / max(abs(was.value), 0.01), Change(key, found.value, was.value)))
    return [change for _, change in sorted(moved, key=lambda one: (-one[0], one[1].key))[:MOST]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What suggestions are made from: of one programme (its id), at one moment."""

    programme: str
    now: datetime
    figures: Mapping[str, Estimate]
    waiting: int
    first_waiting: str | None
    rematches: int
    load: Estimate
    targets: Sequence[Target]


def suggestions(facts: Facts) -> list[Suggestion]:
    """Return what would help, the most pressing first."""
    found = []
    stalled, answered = facts.figures["stalled"], facts.figures["answered"]
    if facts.first_waiting is not None and facts.waiting:
        found.append(Suggestion("waiting", facts.waiting, facts.first_waiting))
    if silent := round((stalled.value or 0.0) * stalled.n):
        found.append(Suggestion("stalled", silent, facts.programme))
    if facts.rematches:
        found.append(Suggestion("rematches", facts.rematches, facts.programme))
    near = [one for one in facts.targets if one.due and facts.now <= one.due < facts.now + NEAR]
    if behind := sum(one.reached is False for one in near):
        found.append(Suggestion("behind", behind, facts.programme))
    if facts.load.value is not None and facts.load.value >= FULL:
        found.append(Suggestion("full", round(100 * facts.load.value), facts.programme))
    if answered.value is not None and answered.n >= ENOUGH_ASKED and answered.value < FEW_ANSWERS:
        found.append(Suggestion("quiet", round(100 * answered.value), facts.programme))
    return found[:MOST]
