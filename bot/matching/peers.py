"""Pairs of peers: exact for small rounds, an auction with prices above, and trios for whoever is left."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.matching.arrays import SCALE, Array, Town, scores, town, weights_of
from bot.matching.graph import Edges, edges, exact, neighbours, total
from bot.matching.model import Person
from bot.matching.score import Table
from bot.matching.trios import Names, join

EXACT = 400
"""Up to so many people every legal pair is weighed and the matching is the best there is; numba is not needed."""
NEARLY_EXACT = 800
"""Up to so many people the matching of the candidates is exact."""
CANDIDATES = 20
MANY, FEWER = 20_000, 12
"""Above so many people fewer candidates each are kept, for the sake of memory."""
PRICED = 4
FULL_ROWS = 64
TRIED = 4_000
"""How many people a search for a better place may ask."""
_NOISE, _SHIFT = 40, 49
_LEVELS = 4


class Made(NamedTuple):
    """Groups of ids, and the most that any groups could score."""

    groups: Names
    bound: float


def pairs(table: Table, people: Sequence[Person]) -> Made:
    """Return pairs and trios of people who are all free; who is in none has no place."""
    if len(people) <= EXACT:
        return _exact(table, people)
    return _large(table, people)


def _exact(table: Table, people: Sequence[Person]) -> Made:
    if len(people) < 2:
        return Made([], 0.0)
    weight = weights_of(scores(town(table, people)))
    one, other = np.nonzero(np.triu(weight >= 0, 1))
    legal = edges(one, other, weight[one, other])
    waited = [person.waited for person in people]
    mate, bound = best_pairs(len(people), legal, waited, table.request.seed)
    places = {person.id: at for at, person in enumerate(people)}
    made = _named(people, mate)
    join(table, made, _left(people, mate), 3, lambda name: weight[places[name]] >= 0, places)
    return Made(made, bound)


def best_pairs(people: int, legal: Edges, waited: Sequence[int], seed: int) -> tuple[Array, float]:
    """Return the best matching of a small graph, and the greatest total that any has.

    In this order: those who waited longest have a partner, as many as can be have one, the total is the greatest, the
    worst pair is as good as it can be; what is still equal goes by the seed.
    """
    unique = Edges(legal.one, legal.other, (legal.weight.astype(object) << _SHIFT) + _noise(legal, people, seed))
    free = exact(people, unique)
    most = total(legal, free)
    if not len(legal.one):
        return free, 0.0
    bonus = _bonus(people, waited)
    linked = np.zeros(people, bool)
    linked[legal.one] = linked[legal.other] = True
    alone = int((linked & (free < 0)).sum())
    mate = free if alone == 0 else exact(people, unique, bonus)
    worth = _worth(legal, mate, bonus)
    while (mate >= 0).any():
        worst = int(legal.weight[mate[legal.one] == legal.other].min())
        better = legal.weight > worst
        if not better.any():
            break
        tried = exact(people, Edges(*(array[better] for array in unique)), bonus)
        if _worth(legal, tried, bonus) < worth:
            break
        mate = tried
    return mate, (most + people / 2) / SCALE


def _worth(legal: Edges, mate: Array, bonus: list[int]) -> int:
    return sum(bonus[at] for at in np.nonzero(mate >= 0)[0].tolist()) + (total(legal, mate) << _SHIFT)


def _bonus(people: int, waited: Sequence[int]) -> list[int]:
    """What it is worth that each has a partner: more than all scores together, and each round waited more than that."""
    step = people.bit_length()
    usual = 20 + _SHIFT + step
    levels = {rounds: rank for rank, rounds in enumerate(sorted({rounds for rounds in waited if rounds})[:_LEVELS])}
    longest = max(levels.values(), default=0)
    return [
        (1 << usual) + (1 << (usual + step * (levels.get(rounds, longest) + 1)) if rounds else 0) for rounds in waited
    ]


def _noise(legal: Edges, people: int, seed: int) -> Array:
    """A number for each pair that makes the best matching the only one; from the seed, by splitmix64."""
    word = (legal.one * people + legal.other).astype(np.uint64) + np.uint64(seed % (1 << 63))
    word = word * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        word = (word ^ (word >> np.uint64(shift))) * np.uint64(factor)
    return ((word ^ (word >> np.uint64(31))) >> np.uint64(64 - _NOISE)).astype(object)


def _large(table: Table, people: Sequence[Person]) -> Made:
    from bot.matching.tiles import best, order, tiled

    everybody = town(table, people)
    sequence = order(everybody.rows)
    people = [people[at] for at in sequence.tolist()]
    everybody = everybody.ordered(sequence)
    tiles = tiled(everybody.columns, everybody.column_words, everybody.vocabulary)
    found = best(everybody, tiles, CANDIDATES if len(people) <= MANY else FEWER)
    waited = np.array([person.waited for person in people], np.int64)
    bonus = SCALE // 2 + 2 * SCALE * np.minimum(waited, 4)
    legal = _listed(found)
    price, bound = np.zeros(len(people), np.int64), np.inf
    passes = max(table.request.passes, 1)
    step = SCALE // 4
    for turn in range(passes + 1):
        mate, both = _assigned(len(people), legal, bonus, price, step)
        if turn == passes:
            mate = _blossomed(len(people), legal, bonus, mate)
            break
        prices = np.maximum(both / (2 * SCALE) - bonus / SCALE, 0).astype(np.float32)
        missed = best(everybody, tiles, PRICED, prices, prices)
        over = np.where(missed.other[:, 0] >= 0, missed.value[:, 0], 0).astype(np.float64)
        bound = min(bound, float(prices.astype(np.float64).sum() + over.sum() / 2) + len(people) * 2 / SCALE)
        legal = _with(legal, missed, prices)
        step = SCALE // 200
    mate = _for_the_last(everybody, tiles, legal, bonus, mate, both, waited)
    made = _named(people, mate)
    places = {person.id: at for at, person in enumerate(people)}
    able = found.other[:, 0] >= 0
    left = [person for at, person in enumerate(people) if mate[at] < 0 and able[at]]
    join(table, made, left, 3, lambda name: scores(everybody, places[name], places[name] + 1)[0] > -0.5, places)
    return Made(made, bound)


def _assigned(people: int, legal: Edges, bonus: Array, price: Array, step: int) -> tuple[Array, Array]:
    from bot.matching.auction import auction, paired, profits, repair

    start, to, weight = neighbours(people, legal, bonus)
    held = auction(start, to, weight, price, step, SCALE // 10_000, 5)
    both = profits(start, to, weight, price)
    mate = paired(start, to, weight, held)
    repair(start, to, weight, both, mate, TRIED)
    return mate, both


def _blossomed(people: int, legal: Edges, bonus: Array, mate: Array) -> Array:
    """The best matching of the candidates themselves, where that does not take long."""
    if people > NEARLY_EXACT:
        return mate
    best = exact(people, Edges(legal.one, legal.other, legal.weight + bonus[legal.one] + bonus[legal.other]))
    worth = [total(legal, found) + int(bonus[found >= 0].sum()) for found in (best, mate)]
    return best if worth[0] > worth[1] else mate


def _listed(found: "Best") -> Edges:  # type: ignore[name-defined]  # noqa: F821
    row, place = np.nonzero(found.other >= 0)
    return edges(row, found.other[row, place], weights_of(found.value[row, place]))


def _with(legal: Edges, missed: "Best", prices: Array) -> Edges:  # type: ignore[name-defined]  # noqa: F821
    row, place = np.nonzero(missed.other >= 0)
    other = missed.other[row, place]
    weight = weights_of(missed.value[row, place] + prices[row] + prices[other])
    return edges(
        np.concatenate((legal.one, row)), np.concatenate((legal.other, other)), np.concatenate((legal.weight, weight))
    )


def _for_the_last(
    everybody: Town, tiles: "Tiled", legal: Edges, bonus: Array, mate: Array, both: Array, waited: Array,  # type: ignore[name-defined]  # noqa: F821
) -> Array:  # fmt: skip
    """Look at all partners of those who are left; whoever waited takes one from people who did not."""
    from bot.matching.auction import repair
    from bot.matching.tiles import best

    free = np.nonzero(mate < 0)[0]
    if not len(free):
        return mate
    full = best(everybody.of_rows(free), tiles, FULL_ROWS)
    row, place = np.nonzero(full.other >= 0)
    if not len(row):
        return mate
    more = edges(free[row], full.other[row, place], weights_of(full.value[row, place]))
    legal = edges(*(np.concatenate(two) for two in zip(legal, more, strict=True)))
    start, to, weight = neighbours(len(mate), legal, bonus)
    repair(start, to, weight, both, mate, TRIED * 5)
    order = sorted((at for at in free.tolist() if mate[at] < 0 and waited[at]), key=lambda at: (-waited[at], at))
    for at in order:
        near = to[start[at] : start[at + 1]]
        worth = np.where(waited[mate[near]] < waited[at], weight[start[at] : start[at + 1]], -1)
        if len(near) and worth.max() >= 0:
            taken = int(near[worth.argmax()])
            mate[mate[taken]] = -1
            mate[at], mate[taken] = taken, at
    return mate


def _named(people: Sequence[Person], mate: Array) -> Names:
    return [(people[one].id, people[other].id) for one, other in enumerate(mate.tolist()) if one < other]


def _left(people: Sequence[Person], mate: Array) -> list[Person]:
    return [person for at, person in enumerate(people) if mate[at] < 0]
