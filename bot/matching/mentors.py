"""Mentors and mentees: an assignment with capacities, exact to about two thousand mentees, an auction above."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bot.matching.arrays import SCALE, Array, scores, town, weights_of
from bot.matching.model import Person
from bot.matching.peers import Made
from bot.matching.score import Table, may_learn, may_mentor
from bot.matching.trios import Names

EXACT_MENTEES = 2_000
EXACT_CELLS = 12_000_000
CANDIDATES = 32
EPSILON = SCALE // 2_000
BEST_WORST = 400
"""To so many mentees the worst pair is made as good as it can be among equal totals."""

Chosen = dict[str, tuple[str, int]]
"""Mentee -> (mentor, weight)."""


def mentors(table: Table, locked: Sequence[tuple[str, ...]]) -> Made:
    """Return pairs of mentor and mentee for those whom the locked pairs leave room for.

    Somebody who may be either is one of the two: where the best assignment would make them both, they become what is
    worth more, and the others are assigned anew.
    """
    load = Counter(mentor for mentor, _ in locked)
    taught = {mentee for _, mentee in locked}
    room = {
        one.id: one.capacity - load[one.id]
        for one in table.people
        if may_mentor(table.side(one.id)) and one.id not in taught and one.capacity > load[one.id]
    }
    learners = [one for one in table.people if one.role in ("mentee", "both") and one.id not in taught | load.keys()]
    teachers = [one for one in table.people if one.id in room]
    chosen, bound = _solved(table, learners, teachers, room, want_bound=True)
    while clash := sorted({mentor for mentor, _ in chosen.values()} & chosen.keys(), key=_order(table)):
        as_mentor = _decided(chosen, clash)
        learners = [one for one in learners if not as_mentor.get(one.id, False)]
        teachers = [one for one in teachers if as_mentor.get(one.id, True)]
        chosen, _ = _solved(table, learners, teachers, room, want_bound=False)
    pairs: Names = [(mentor, mentee) for mentee, (mentor, _) in chosen.items()]
    _fill(table, pairs, [one for one in table.people if one.role in ("mentee", "both") and one.id not in taught], room,
          frozenset(load))  # fmt: skip
    return Made(pairs, bound)


def _order(table: Table):  # type: ignore[no-untyped-def]  # noqa: ANN202
    place = {person.id: at for at, person in enumerate(table.people)}
    return place.__getitem__


def _decided(chosen: Chosen, clash: Sequence[str]) -> dict[str, bool]:
    """Who of those on both sides is a mentor (True) or a mentee (False): what is worth more, one after the other."""
    given = Counter[str]()
    for mentor, weight in chosen.values():
        given[mentor] += SCALE + weight
    decided: dict[str, bool] = {}
    for name in sorted(clash, key=lambda name: -max(given[name], SCALE + chosen[name][1])):
        if name in decided:
            continue
        decided[name] = given[name] >= SCALE + chosen[name][1]
        if decided[name]:
            mine = [mentee for mentee, (mentor, _) in chosen.items() if mentor == name and mentee in clash]
            decided.update({mentee: False for mentee in mine if mentee not in decided})
        else:
            decided.setdefault(chosen[name][0], True) if chosen[name][0] in clash else None
    return decided


def _solved(
    table: Table, learners: Sequence[Person], teachers: Sequence[Person], room: Mapping[str, int], *, want_bound: bool
) -> tuple[Chosen, float]:
    if not learners or not teachers:
        return {}, 0.0
    places = [min(room[one.id], len(learners)) for one in teachers]
    if len(learners) <= EXACT_MENTEES and len(learners) * sum(places) <= EXACT_CELLS:
        return _exact(table, learners, teachers, places, want_bound)
    return _auctioned(table, learners, teachers, places, want_bound)


def _exact(
    table: Table, learners: Sequence[Person], teachers: Sequence[Person], places: Sequence[int], want_bound: bool
) -> tuple[Chosen, float]:
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    weight = weights_of(scores(town(table, learners, teachers)))
    owner = np.repeat(np.arange(len(teachers)), places)
    first = np.concatenate(([True], owner[1:] != owner[:-1]))
    slots = weight[:, owner].astype(float)
    bonus, of_first = _bonus(learners, teachers, len(owner))
    worth = np.where(slots >= 0, slots + bonus[:, None] + np.where(first, of_first[owner], 0), 0)
    positive = np.maximum(slots, 0)
    bound, rows, columns = 0.0, np.zeros(0, int), np.zeros(0, int)
    if want_bound:
        rows, columns = linear_sum_assignment(positive, maximize=True)
        bound = float(positive[rows, columns].sum() + len(learners) / 2) / SCALE
    # Where the greatest score already places everybody, with every mentor, no other round is fairer.
    fairest = bonus.sum() + np.sort(of_first)[-len(learners) :].sum() + positive[rows, columns].sum()
    if worth[rows, columns].sum() < fairest:
        rows, columns = linear_sum_assignment(worth, maximize=True)
    total = worth[rows, columns].sum()
    while len(learners) <= BEST_WORST:
        legal = slots[rows, columns] >= 0
        if not legal.any():
            break
        tried = np.where(slots > slots[rows, columns][legal].min(), worth, 0)
        rows_, columns_ = linear_sum_assignment(tried, maximize=True)
        if tried[rows_, columns_].sum() < total:
            break
        rows, columns = rows_, columns_
    found = weight[rows, owner[columns]]
    return {
        learners[row].id: (teachers[owner[column]].id, int(worth_))
        for row, column, worth_ in zip(rows, columns, found, strict=True)
        if worth_ >= 0
    }, bound


def _bonus(learners: Sequence[Person], teachers: Sequence[Person], slots: int) -> tuple[Array, Array]:
    """What it is worth that a mentee has a mentor, more for each round waited, and that a mentor has a first mentee.

    Each is more than all of the next kind can add up to in a round of 60; in larger ones more than 250 of them, so that
    the numbers stay exact.
    """
    step = min(min(len(learners), slots) + 1, 256)
    of_first = float(SCALE * step)
    levels = [of_first * 2 * step]
    while levels[-1] * step < 2**50:
        levels.append(levels[-1] * step)
    rank = {rounds: at for at, rounds in enumerate(sorted({0, *(one.waited for one in learners)}))}
    bonus = np.array([levels[min(rank[one.waited], len(levels) - 1)] for one in learners])
    return bonus, np.array([of_first * (2 if one.waited else 1) for one in teachers])


def _auctioned(
    table: Table, learners: Sequence[Person], teachers: Sequence[Person], places: Sequence[int], want_bound: bool
) -> tuple[Chosen, float]:
    from bot.matching.auction import fill
    from bot.matching.tiles import best, order, tiled

    sequence = order(town(table, teachers).rows).tolist()
    teachers, places = [teachers[at] for at in sequence], [places[at] for at in sequence]
    everybody = town(table, learners, teachers)
    tiles = tiled(everybody.columns, everybody.column_words, everybody.vocabulary)
    found = best(everybody, tiles, min(CANDIDATES, len(teachers)))
    row, place = np.nonzero(found.other >= 0)
    start = np.zeros(len(learners) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(learners)), out=start[1:])
    to, weight = found.other[row, place].astype(np.int64), weights_of(found.value[row, place])
    seats = np.concatenate(([0], np.cumsum(places))).astype(np.int64)
    bonus = np.array([SCALE + 2 * SCALE * min(one.waited, 4) for one in learners], np.int64)
    prices = np.zeros(seats[-1], np.int64)
    prices[seats[:-1]] = [-SCALE * (2 if one.waited else 1) for one in teachers]
    held = fill(start, to, weight, np.full(seats[-1], -1, np.int64), bonus, seats, prices, EPSILON)
    mentor = np.searchsorted(seats, held, side="right") - 1
    weights = {(int(a), int(b)): int(c) for a, b, c in zip(row, to, weight, strict=True) if mentor[a] == b}
    chosen = {
        learners[one].id: (teachers[at].id, weights[one, at])
        for one, at in enumerate(mentor.tolist())
        if held[one] >= 0
    }
    if not want_bound:
        return chosen, 0.0
    prices = np.zeros(seats[-1], np.int64)
    fill(start, to, weight, np.full(seats[-1], -1, np.int64), np.zeros_like(bonus), seats, prices, EPSILON)
    cheapest = np.minimum.reduceat(prices, seats[:-1])
    profit = np.zeros(len(learners), np.int64)
    np.maximum.at(profit, row, weight - cheapest[to])
    mine, theirs = (profit / SCALE).astype(np.float32), (cheapest / SCALE).astype(np.float32)
    missed = best(everybody, tiles, 1, mine, theirs)
    over = np.where(missed.other[:, 0] >= 0, missed.value[:, 0], 0).astype(float).sum()
    return chosen, float(mine.astype(float).sum() + over + prices.sum() / SCALE + len(learners) * 2 / SCALE)


def _fill(
    table: Table, pairs: Names, learners: Sequence[Person], room: Mapping[str, int], busy: frozenset[str]
) -> None:
    """Give a mentor with room to whoever could have one and has none, longest waiting first."""
    load = Counter(mentor for mentor, _ in pairs)
    mentees = {mentee for _, mentee in pairs}
    place = {person.id: at for at, person in enumerate(table.people)}
    open_ = [table.side(name) for name, seats in room.items() if load[name] < seats]
    for person in sorted(learners, key=lambda one: (-one.waited, place[one.id])):
        if person.id in mentees or load[person.id] or person.id in busy or not may_learn(table.side(person.id)):
            continue
        mentee = table.side(person.id)
        able = [
            one for one in open_
            if one.person.id not in mentees and one is not mentee and load[one.person.id] < room[one.person.id]
            and table.blocked(one, mentee) is None
        ]  # fmt: skip
        if able:
            mentor = min(able, key=lambda one: (load[one.person.id] > 0, -table.score(one, mentee), one.rank))
            load[mentor.person.id] += 1
            mentees.add(person.id)
            pairs.append((mentor.person.id, person.id))
