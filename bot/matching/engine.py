"""One round, from a request to its result."""

import math
from collections import Counter

from bot.matching import greedy, reasons
from bot.matching.check import check
from bot.matching.model import Group, Request, Result, Unmatched
from bot.matching.score import Side, Table

_ENGINES = {"peer": greedy.pairs, "circles": greedy.circles, "mentor": greedy.mentors}


def match(request: Request) -> Result:
    """Make a round: groups that break no hard rule, with scores and reasons, and who is left with what blocked them.

    Equal requests give equal results. The cost grows with the square of the people: about half a second for 500. Raises
    MatchingError (a ValueError) naming everything that is wrong with the request.
    """
    check(request)
    table = Table(request)
    locked = [tuple(table.by_id[name] for name in group) for group in request.locked]
    made = _ENGINES[request.mode](table, list(locked))
    held = {frozenset(group) for group in request.locked}
    groups = sorted((_group(table, sides, held) for sides in made), key=lambda group: group.members)
    unmatched = _unmatched(table, made)
    return Result(tuple(groups), unmatched, round(math.fsum(group.score for group in groups), 9))


def _group(table: Table, sides: tuple[Side, ...], held: set[frozenset[str]]) -> Group:
    if table.mode != "mentor":
        sides = tuple(sorted(sides, key=lambda side: side.person.id))
    members = tuple(side.person.id for side in sides)
    return Group(members, table.group_score(sides), reasons.of_group(table, sides, frozenset(members) in held))


def _unmatched(table: Table, made: greedy.Groups) -> tuple[Unmatched, ...]:
    placed = {side.person.id for group in made for side in group}
    mentoring = made if table.mode == "mentor" else []
    load = Counter(group[0].person.id for group in mentoring)
    mentees = {group[1].person.id for group in mentoring}
    left = sorted((side for side in table.sides if side.person.id not in placed), key=lambda side: side.person.id)
    return tuple(Unmatched(side.person.id, reasons.of_unmatched(table, side, load, mentees)) for side in left)
