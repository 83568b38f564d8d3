"""Counts that tell nothing about one person. Pure.

A count from 1 to `K` - 1 is not shown, and further counts are hidden, the smallest first, until those hidden add up to
at least `K`: otherwise the total would give the hidden one away (complementary suppression; see L. Willenborg and
T. de Waal, Elements of Statistical Disclosure Control, 2001, chapter 6).
"""

from __future__ import annotations

from collections.abc import Mapping

K = 5
"""So many people are needed before anything is said of them together."""


def shown(counts: Mapping[str, int], k: int = K) -> dict[str, int | None]:
    """Return value -> its count, or None where it is hidden. Nothing at all (all None) below `k` in total."""
    if sum(counts.values()) < k:
        return dict.fromkeys(counts)
    hidden = {value for value, number in counts.items() if 0 < number < k}
    others = sorted((number, value) for value, number in counts.items() if number >= k)
    while hidden and others and sum(counts[value] for value in hidden) < k:
        hidden.add(others.pop(0)[1])
    return {value: None if value in hidden else number for value, number in counts.items()}
