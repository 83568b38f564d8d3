"""Circles of two to five: grown around those who waited longest, then improved by swaps."""

from collections.abc import Sequence

import numpy as np

from bot.matching.arrays import Array, scores, town
from bot.matching.model import MAX_CIRCLE, Person
from bot.matching.peers import Made
from bot.matching.score import Table
from bot.matching.trios import Names, join

TOGETHER = 2_000
"""So many people are compared two by two at once; a larger community is cut into parts of alike people."""
SWEEPS = 6


def circles(table: Table, people: Sequence[Person]) -> Made:
    """Return circles of people who are all free, and the most that circles of at least the same size could score."""
    if len(people) <= TOGETHER:
        return _circles(table, people)
    from bot.matching.tiles import order

    sequence = order(town(table, people).rows)
    parts = np.array_split(sequence, -(-len(people) // TOGETHER))
    made = [_circles(table, [people[at] for at in sorted(part.tolist())]) for part in parts]
    # Parts hide partners from each other, so their bounds are none of the whole.
    return Made([group for one in made for group in one.groups], float("inf"))


def _circles(table: Table, people: Sequence[Person]) -> Made:
    if len(people) < 2:
        return Made([], 0.0)
    value = scores(town(table, people))
    sizes = _sizes(len(people), table.rules.circle_size)
    waiting = sorted(range(len(people)), key=lambda at: (-people[at].waited, at))
    free = np.ones(len(people), bool)
    made: list[list[int]] = []
    left: list[int] = []
    for first in waiting:
        if not free[first]:
            continue
        size = sizes[len(made)] if len(made) < len(sizes) else table.rules.circle_size
        circle = _grown(table, people, value, free, first, size)
        if len(circle) > 1:
            made.append(circle)
        else:
            left.append(first)
        free[circle] = False
    _swap(table, people, value, made)
    names: Names = [tuple(people[at].id for at in circle) for circle in made]
    places = {person.id: at for at, person in enumerate(people)}
    join(table, names, [people[at] for at in left], MAX_CIRCLE, lambda name: value[places[name]] > -0.5, places)
    return Made(names, _bound(value, names, sizes))


def _sizes(people: int, size: int) -> list[int]:
    """Sizes as even as can be, none above five and none of one person."""
    count = max(-(-people // MAX_CIRCLE), people // size, 1)
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


def _fits(table: Table, people: Sequence[Person], circle: Sequence[int]) -> bool:
    group = table.group(people[at].id for at in circle)
    return len(circle) < 3 or next(table.blocks_together(group), None) is None


def _grown(table: Table, people: Sequence[Person], value: Array, free: Array, first: int, size: int) -> list[int]:
    circle = [first]
    able = free & (value[first] > -0.5)
    able[first] = False
    appeal = value[first] + np.array([person.waited for person in people]) * 10.0
    while len(circle) < size and able.any():
        best = int(np.where(able, appeal, -9.0).argmax())
        able[best] = False
        if _fits(table, people, [*circle, best]):
            circle.append(best)
            able &= value[best] > -0.5
            appeal = appeal + value[best]
    return circle


def _swap(table: Table, people: Sequence[Person], value: Array, made: list[list[int]]) -> None:
    """Swap two people of two circles for as long as the sum of the circles' means grows."""
    if len(made) < 2:
        return
    home = np.full(len(people), -1)
    for index, circle in enumerate(made):
        home[circle] = index
    inside = np.nonzero(home >= 0)[0]
    weight, legal = np.where(value > -0.5, value, 0.0), value > -0.5
    member = np.zeros((len(people), len(made)))
    member[inside, home[inside]] = 1
    size = member.sum(axis=0)
    pairs = size * (size - 1) / 2
    drawn, known = weight @ member, legal.astype(float) @ member
    for _ in range(SWEEPS):
        moved = False
        for one in inside.tolist():
            mine, theirs = home[one], home[inside]
            gain = (drawn[one, theirs] - weight[one, inside] - drawn[inside, theirs]) / pairs[theirs]
            gain += (drawn[inside, mine] - weight[inside, one] - drawn[one, mine]) / pairs[mine]
            fine = (known[one, theirs] - legal[one, inside] == size[theirs] - 1) & (theirs != mine)
            fine &= known[inside, mine] - legal[inside, one] == size[mine] - 1
            gain = np.where(fine, gain, 0.0)
            for at in np.argsort(-gain, kind="stable")[:3].tolist():
                if gain[at] < 1e-9:
                    break
                other = int(inside[at])
                ours = [other if who == one else who for who in made[mine]]
                yours = [one if who == other else who for who in made[home[other]]]
                if _fits(table, people, ours) and _fits(table, people, yours):
                    made[mine], made[home[other]] = ours, yours
                    for index, came, went in ((mine, other, one), (home[other], one, other)):
                        drawn[:, index] += weight[:, came] - weight[:, went]
                        known[:, index] += legal[:, came].astype(float) - legal[:, went]
                    home[one], home[other] = home[other], mine
                    moved = True
                    break
        if not moved:
            break


def _bound(value: Array, made: Names, sizes: Sequence[int]) -> float:
    """The most that circles of the smallest size made, or of larger ones, can score.

    A circle of s people scores the mean over its people of what each has on average with the other s - 1, so each
    person adds at most the mean of their best s - 1 partners, divided by s; both shrink as circles grow.
    """
    smallest = min([*map(len, made), *sizes[-1:]], default=2)
    best = -np.sort(-np.maximum(value, 0.0), axis=1)[:, : smallest - 1]
    return float(best.mean(axis=1).sum() / smallest) + len(value) * 1e-6
