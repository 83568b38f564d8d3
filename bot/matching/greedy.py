"""Greedy matching: those left out last time first, then the best score first.

Each function takes the table of people and the groups already locked, and gives groups that break no hard rule and
leave nobody out who has a legal partner free. It proves no bound.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from bot.matching.model import MAX_CIRCLE
from bot.matching.score import Side, Table

Groups = list[tuple[Side, ...]]
Edge = tuple[tuple[float, ...], Side, Side]


def pairs(table: Table, locked: Groups) -> Groups:
    """Pairs of peers; whoever is left joins the pair that suits best, which becomes a trio."""
    free = _unplaced(table, locked)
    made: Groups = []
    taken: set[str] = set()
    for _, one, other in _edges(table, free):
        if one.person.id not in taken and other.person.id not in taken:
            taken |= {one.person.id, other.person.id}
            made.append((one, other))
    _join(table, made, [side for side in free if side.person.id not in taken], 3)
    return locked + made


def circles(table: Table, locked: Groups) -> Groups:
    """Circles around those who waited longest, each joined by whoever suits it best; five at most."""
    waiting = sorted(_unplaced(table, locked), key=_longest_first)
    made: Groups = []
    left: list[Side] = []
    sizes = _circle_sizes(len(waiting), table.rules.circle_size)
    while waiting:
        size = sizes[len(made)] if len(made) < len(sizes) else table.rules.circle_size
        circle = _grown(table, waiting.pop(0), waiting, size)
        if len(circle) == 1:
            left += circle
            continue
        made.append(circle)
        waiting = [side for side in waiting if side not in circle]
    _join(table, made, left, MAX_CIRCLE)
    return locked + made


def mentors(table: Table, locked: Groups) -> Groups:
    """Mentor and mentee pairs. Mentors are given a second mentee only when all have had the chance of a first."""
    made = list(locked)
    load = Counter(mentor.person.id for mentor, _ in locked)
    mentees = {mentee.person.id for _, mentee in locked}
    edges = _mentor_edges(table)
    for round_of_turns in range(max((side.person.capacity for side in table.sides), default=0)):
        for _, mentor, mentee in edges:
            giver, taker = mentor.person, mentee.person
            busy = giver.id in mentees or taker.id in mentees or load[taker.id]
            if busy or load[giver.id] > round_of_turns or load[giver.id] >= giver.capacity:
                continue
            load[giver.id] += 1
            mentees.add(taker.id)
            made.append((mentor, mentee))
    return made


def may_mentor(side: Side) -> bool:
    """Whether a person can take a mentee at all."""
    return side.person.role in ("mentor", "both") and side.person.capacity > 0


def may_learn(side: Side) -> bool:
    """Whether a person can have a mentor."""
    return side.person.role in ("mentee", "both")


def _unplaced(table: Table, locked: Groups) -> list[Side]:
    placed = {side.person.id for group in locked for side in group}
    return [side for side in table.sides if side.person.id not in placed and side.person.capacity > 0]


def _longest_first(side: Side) -> tuple[int, int]:
    return -side.person.waited, side.rank


def _edges(table: Table, free: Iterable[Side]) -> list[Edge]:
    found: list[Edge] = []
    for one, other in combinations(free, 2):
        if table.blocked(one, other) is None:
            waited = max(one.person.waited, other.person.waited)
            found.append(((-waited, -table.score(one, other), one.rank, other.rank), one, other))
    return sorted(found, key=lambda edge: edge[0])


def _mentor_edges(table: Table) -> list[Edge]:
    found: list[Edge] = []
    learners = [side for side in table.sides if may_learn(side)]
    for mentor in filter(may_mentor, table.sides):
        for mentee in learners:
            if mentor is not mentee and table.blocked(mentor, mentee) is None:
                waited = (-mentee.person.waited, -mentor.person.waited)
                found.append(((*waited, -table.score(mentor, mentee), mentor.rank, mentee.rank), mentor, mentee))
    return sorted(found, key=lambda edge: edge[0])


def _join(table: Table, groups: Groups, left: Iterable[Side], largest: int) -> None:
    """Let each of those left join the group, of those made here, that suits best and stays legal."""
    for side in sorted(left, key=_longest_first):
        fitting = [
            (-table.group_score((*group, side)), index)
            for index, group in enumerate(groups)
            if len(group) < largest and table.may_sit_together((*group, side))
        ]
        if fitting:
            _, index = min(fitting)
            groups[index] = (*groups[index], side)


def _circle_sizes(people: int, size: int) -> list[int]:
    """Sizes as even as can be, none above five and none of one person."""
    if people < 2:
        return []
    count = max(-(-people // MAX_CIRCLE), people // size, 1)
    small, larger = divmod(people, count)
    return [small + 1] * larger + [small] * (count - larger)


def _grown(table: Table, first: Side, others: Sequence[Side], size: int) -> tuple[Side, ...]:
    circle: tuple[Side, ...] = (first,)
    candidates = list(others)
    while len(circle) < size:
        candidates = [side for side in candidates if side not in circle and table.may_sit_together((*circle, side))]
        if not candidates:
            break
        circle = (*circle, max(candidates, key=lambda side: _appeal(table, circle, side)))
    return circle


def _appeal(table: Table, circle: Sequence[Side], side: Side) -> tuple[int, float, int]:
    return side.person.waited, sum(table.score(member, side) for member in circle), -side.rank
