"""A figure with its sample size and an honest interval: in 19 of 20 samples like it that holds the true value. Pure.

Where a sample says nothing, `value` is None; where it says nothing about its uncertainty, so are `low` and `high`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

OUTSIDE = 0.05
"""The share of samples whose interval does not hold the true value."""

Z = NormalDist().inv_cdf(1 - OUTSIDE / 2)
"""So many standard errors to each side hold 95 % of a normal distribution."""


HALF = 0.5 + 1e-9
"""A product of shares that is meant to be a half may be a hair above it."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` out of a sample of `n`, with an interval from `low` to `high`."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


NOTHING = Estimate(None, 0)


def count(number: float, n: int | None = None) -> Estimate:
    """Return a count of everybody there is: it has no interval. `n` is how many it is about."""
    return Estimate(float(number), int(number) if n is None else n)


def share(part: int, whole: int) -> Estimate:
    """Return a share in [0, 1] with Wilson's score interval (E. B. Wilson, JASA 22, 1927, 209-212)."""
    if not whole:
        return NOTHING
    found, squared = part / whole, Z * Z
    middle = found + squared / (2 * whole)
    reach = Z * math.sqrt(found * (1 - found) / whole + squared / (4 * whole * whole))
    scale = 1 + squared / whole
    # At the ends rounding would leave the interval a hair short of the value itself.
    low, high = min(found, (middle - reach) / scale), max(found, (middle + reach) / scale)
    return Estimate(found, whole, max(0.0, low), min(1.0, high))


def mean(n: int, total: float, squares: float) -> Estimate:
    """Return a mean of `n` numbers from their sum and the sum of their squares, with Student's interval.

    (W. S. Gosset, Biometrika 6, 1908, 1-25.) One number alone has no interval.
    """
    if not n:
        return NOTHING
    middle = total / n
    if n == 1:
        return Estimate(middle, n)
    reach = student(n - 1) * math.sqrt(_variance(n, total, squares) / n)
    return Estimate(middle, n, middle - reach, middle + reach)


def mean_of(counts: Mapping[int, int]) -> Estimate:
    """Return the mean of numbers of which each was given so many times."""
    return mean(*_sums(counts))


def difference(before: Mapping[int, int], after: Mapping[int, int]) -> Estimate:
    """Return how far the mean moved, for two samples whose people are not linked (B. L. Welch, Biometrika 34, 1947).

    `n` is the smaller of both samples.
    """
    one, two = _sums(before), _sums(after)
    if not one[0] or not two[0]:
        return NOTHING
    moved, n = two[1] / two[0] - one[1] / one[0], min(one[0], two[0])
    if n == 1:
        return Estimate(moved, n)
    first, second = (_variance(*sums) / sums[0] for sums in (one, two))
    if not first + second:
        return Estimate(moved, n, moved, moved)
    freedom = (first + second) ** 2 / (first**2 / (one[0] - 1) + second**2 / (two[0] - 1))
    reach = student(freedom) * math.sqrt(first + second)
    return Estimate(moved, n, moved - reach, moved + reach)


def nps(promoters: int, passives: int, detractors: int) -> Estimate:
    """Return promoters less detractors in hundredths, from -100 to 100, with the interval of a mean of 1, 0 and -1.

    (F. Reichheld, "The one number you need to grow", Harvard Business Review, 2003.)
    """
    n = promoters + passives + detractors
    found = mean(n, promoters - detractors, promoters + detractors)
    if found.value is None or found.low is None or found.high is None:
        return Estimate(100 * found.value if found.value is not None else None, n)
    return Estimate(100 * found.value, n, max(-100.0, 100 * found.low), min(100.0, 100 * found.high))


def survival(spells: Sequence[tuple[float, bool]]) -> list[tuple[float, float, float]]:
    """Return (duration, share that lasts beyond it, Greenwood's sum) at each duration at which something ended.

    A spell is (duration, whether it ended then); one that goes on counts for as long as it was seen (E. L. Kaplan and
    P. Meier, JASA 53, 1958, 457-481; M. Greenwood, 1926).
    """
    left, lasts, spread = len(spells), 1.0, 0.0
    steps: list[tuple[float, float, float]] = []
    ordered = sorted(spells)
    at = 0
    while at < len(ordered):
        duration, ended, gone = ordered[at][0], 0, 0
        while at < len(ordered) and ordered[at][0] == duration:
            ended += ordered[at][1]
            gone += 1
            at += 1
        if ended:
            lasts *= 1 - ended / left
            spread += ended / (left * (left - ended)) if left > ended else math.inf
            steps.append((duration, lasts, spread))
        left -= gone
    return steps


def median_time(spells: Sequence[tuple[float, bool]]) -> Estimate:
    """Return by when half had ended; None when fewer have so far. `n` is the number of spells.

    The interval holds the durations at which half is within the log-log interval of the share (R. Brookmeyer and
    J. Crowley, Biometrics 38, 1982, 29-41); an end that was not reached yet is None.
    """
    steps = survival(spells)
    value = next((duration for duration, lasts, _ in steps if lasts <= HALF), None)
    if value is None:
        return Estimate(None, len(spells))
    held = [(duration, *_around(lasts, spread)) for duration, lasts, spread in steps]
    low = next((duration for duration, below, _ in held if below <= HALF), None)
    high = next((duration for duration, _, above in held if above <= HALF), None)
    return Estimate(value, len(spells), low, high)


def _around(lasts: float, spread: float) -> tuple[float, float]:
    if lasts in (0.0, 1.0) or math.isinf(spread):
        return lasts, lasts
    reach = Z * math.sqrt(spread) / abs(math.log(lasts))
    return lasts ** math.exp(reach), lasts ** math.exp(-reach)


def lasting(spells: Sequence[tuple[float, bool]], durations: Sequence[float]) -> list[Estimate]:
    """Return the share that lasts beyond each of the durations, with its log-log interval; None where nobody is seen.

    `n` is how many were seen for that long.
    """
    steps = survival(spells)
    found = []
    for asked in durations:
        seen = sum(1 for duration, _ in spells if duration >= asked)
        past = [step for step in steps if step[0] <= asked]
        if not seen:
            found.append(Estimate(None, 0))
        elif not past:
            found.append(Estimate(1.0, seen, 1.0, 1.0))
        else:
            _, lasts, spread = past[-1]
            found.append(Estimate(lasts, seen, *_around(lasts, spread)))
    return found


def ranking(good: Sequence[float], other: Sequence[float]) -> Estimate:
    """Return how often a score ranks a good case above another one, ties as half: 0.5 says nothing, 1 all.

    The area under the ROC curve with the interval of J. A. Hanley and B. J. McNeil, Radiology 143, 1982, 29-36.
    """
    one, two = len(good), len(other)
    if not one or not two:
        return Estimate(None, one + two)
    ranked = sorted([(value, True) for value in good] + [(value, False) for value in other])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        total += sum(1 for _, is_good in ranked[at:end] if is_good) * (at + 1 + end) / 2
        at = end
    area = (total - one * (one + 1) / 2) / (one * two)
    first, second = area / (2 - area), 2 * area * area / (1 + area)
    spread = area * (1 - area) + (one - 1) * (first - area * area) + (two - 1) * (second - area * area)
    reach = Z * math.sqrt(max(0.0, spread) / (one * two))
    return Estimate(area, one + two, max(0.0, area - reach), min(1.0, area + reach))


def student(freedom: float) -> float:
    """Return so many standard errors to each side that hold 95 % of Student's distribution, to a millionth or so.

    `freedom` is at least 1. By G. W. Hill, Algorithm 396, Communications of the ACM 13, 1970, 619-620: quantiles of
    scipy would load a hundred times as much as is needed.
    """
    if freedom == 1:
        return 1 / math.tan(OUTSIDE * math.pi / 2)
    if freedom == 2:
        return math.sqrt(2 / (OUTSIDE * (2 - OUTSIDE)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * freedom
    y = (d * OUTSIDE) ** (2 / freedom)
    if y > 0.05 + a:
        x = -Z
        y = x * x
        if freedom < 5:
            c += 0.3 * (freedom - 4.5) * (x + 0.6)
        c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        return math.sqrt(freedom * math.expm1(a * y * y))
    part = ((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3
    y = ((1 / part + 0.5 / (freedom + 4)) * y - 1) * (freedom + 1) / (freedom + 2) + 1 / y
    return math.sqrt(freedom * y)


def _sums(counts: Mapping[int, int]) -> tuple[int, float, float]:
    return (
        sum(counts.values()),
        float(sum(value * number for value, number in counts.items())),
        float(sum(value * value * number for value, number in counts.items())),
    )


def _variance(n: int, total: float, squares: float) -> float:
    return max(0.0, (squares - total * total / n) / (n - 1))
