"""Which parts of a match went with good outcomes, with the doubt that belongs to it, and what to make of it. Pure.

A logistic regression of the outcome on the parts of the score, each measured in its own standard deviations, with a
normal prior of mean 0 and variance 1 on every effect (ridge; A. E. Hoerl and R. W. Kennard, Technometrics 12, 1970;
as a prior: A. Gelman and others, Annals of Applied Statistics 2, 2008). Intervals are those of the Laplace
approximation. It says what went together in the past, not what causes what.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insight.estimates import Z
from bot.matching import PARTS

if TYPE_CHECKING:
    import numpy as np

LEAST, LEAST_EACH = 60, 20
"""So many pairs are needed, and so many of each outcome, before anything is learned from them."""

MOST_CHANGE = 2.0
"""A weight is at most doubled or halved by one suggestion."""

FIRST = 0.05
"""What a part begins with that counted nothing and clearly went with good outcomes."""

STEPS = 50


@dataclass(frozen=True, slots=True)
class Effect:
    """How the odds of a good outcome change when a part is one standard deviation higher, with its interval."""

    part: str
    odds: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether it is more than chance."""
        return self.low > 1 or self.high < 1


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from `pairs` pairs, `good` of them with a good outcome, of each part that ever differed."""

    pairs: int
    good: int
    effects: tuple[Effect, ...]

    @property
    def enough(self) -> bool:
        """Whether there were enough pairs to learn from."""
        return enough(self.pairs, self.good)


def enough(pairs: int, good: int) -> bool:
    """Return whether so many pairs, so many of them good, are enough to learn from."""
    return pairs >= LEAST and min(good, pairs - good) >= LEAST_EACH


def learn(pairs: Sequence[tuple[Mapping[str, float], bool]]) -> Learned:
    """Return how each part went with the outcome; no effects where there are too few pairs to say."""
    import numpy as np  # in the worker process alone

    good = sum(one for _, one in pairs)
    if not enough(len(pairs), good):
        return Learned(len(pairs), good, ())
    table = np.array([[parts.get(part, 0.0) for part in PARTS] for parts, _ in pairs])
    spread = table.std(axis=0)
    varied = [index for index in range(len(PARTS)) if spread[index] > 1e-9]
    scaled = (table[:, varied] - table[:, varied].mean(axis=0)) / spread[varied]
    outcome = np.array([float(one) for _, one in pairs])
    middle, doubt = _fitted(np.column_stack([np.ones(len(pairs)), scaled]), outcome)
    effects = [_effect(PARTS[index], middle[place], doubt[place]) for place, index in enumerate(varied, 1)]
    return Learned(len(pairs), good, tuple(sorted(effects, key=lambda one: (-abs(math.log(one.odds)), one.part))))


def _effect(part: str, middle: float, doubt: float) -> Effect:
    return Effect(part, math.exp(middle), math.exp(middle - Z * doubt), math.exp(middle + Z * doubt))


def _fitted(table: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the most likely effects and their standard errors, by Newton's method; the first column has no prior."""
    import numpy as np

    prior = np.eye(table.shape[1])
    prior[0, 0] = 0.0
    effects = np.zeros(table.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(table @ effects, -30, 30)))
        slope = table.T @ (outcome - chance) - prior @ effects
        bend = (table * (chance * (1 - chance))[:, None]).T @ table + prior
        step = np.linalg.solve(bend, slope)
        effects = effects + step
        if np.abs(step).max() < 1e-10:
            break
    chance = 1 / (1 + np.exp(-np.clip(table @ effects, -30, 30)))
    bend = (table * (chance * (1 - chance))[:, None]).T @ table + prior
    return effects, np.sqrt(np.diag(np.linalg.inv(bend)))


def suggested(weights: Mapping[str, float], learned: Learned) -> dict[str, float]:
    """Return new weights that add up to 1: those of clear effects go up or down with the odds, the others stay.

    `weights` are those in force. Without a clear effect the proportions stay as they are.
    """
    new = {part: float(weights.get(part, 0.0)) for part in PARTS}
    total = sum(new.values()) or 1.0
    new = {part: weight / total for part, weight in new.items()}
    for one in learned.effects:
        if one.clear:
            factor = min(MOST_CHANGE, max(1 / MOST_CHANGE, one.odds))
            new[one.part] = max(new[one.part], FIRST) * factor if one.odds > 1 else new[one.part] * factor
    total = sum(new.values())
    return {part: weight / total for part, weight in new.items()}
