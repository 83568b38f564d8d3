"""Whether a programme serves everybody alike: the same figures group by group, above a least size only.

A group of fewer than `K` wishes or answers is not shown, and when one alone would be hidden, the next smallest is too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import storage.insight
from bot.insight import estimates
from bot.insight.estimates import Estimate
from bot.insight.measures import Scope, speaks
from bot.suppression import K, shown
from storage.db import Db

Trait = Literal["grouping", "level"]
TRAITS: tuple[Trait, ...] = ("grouping", "level")


@dataclass(frozen=True, slots=True)
class Groups:
    """One trait: value -> the share of wishes that came true, and the mean satisfaction in check-ins; `hidden` values
    are too few to be shown.
    """

    trait: Trait
    matched: Mapping[str, Estimate]
    satisfied: Mapping[str, Estimate]
    hidden: int


async def equity(db: Db, at: Scope) -> list[Groups]:
    """Return the figures of each trait by which members differ, where anything may be shown of it."""
    found = []
    for trait in TRAITS:
        period = (at.community, at.programme, trait, at.since, at.until)
        wishes = await storage.insight.by_trait(db, *period)
        answers = await storage.insight.satisfied_by_trait(db, *period)
        one = groups(trait, wishes, answers)
        if len(one.matched) > 1 or len(one.satisfied) > 1:
            found.append(one)
    return found


def groups(trait: Trait, wishes: Mapping[str, tuple[int, int]], answers: Mapping[str, Mapping[int, int]]) -> Groups:
    """Return what may be shown of (wishes, those that came true) and of answers, by value; a blank is no value."""
    wishes = {value: counted for value, counted in wishes.items() if value}
    told = {value: counts for value, counts in answers.items() if value}
    seen = shown({value: number for value, (number, _) in wishes.items()}, K)
    heard = shown({value: sum(counts.values()) for value, counts in told.items()}, K)
    return Groups(
        trait,
        {value: estimates.share(wishes[value][1], wishes[value][0]) for value in sorted(wishes) if seen[value]},
        {value: estimates.mean_of(told[value]) for value in sorted(told) if heard[value] and speaks(told[value])},
        sum(number is None for number in seen.values()),
    )
