"""What a grouping that somebody made by hand is worth, and which hard rules it breaks."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from bot.matching import reasons
from bot.matching.check import check
from bot.matching.likeness import table_of
from bot.matching.model import LARGEST, Group, MatchingError, Mode, Reason, Request, Result, Unmatched
from bot.matching.score import Side, Table, may_learn, may_mentor

Groups = Sequence[tuple[Side, ...]]


def judge(request: Request, groups: tuple[tuple[str, ...], ...]) -> Result:
    """Return what `match` would have said of these groups: scores, reasons, total, and who is left and why.

    A group is ids, mentor first in mentor mode. It may break hard rules (`faults` names them) but has to make sense:
    raises MatchingError for ids that are not in the request, for a group of the wrong size, for a person in two places.
    The groups are all there are: locked ones are among them or are not made. No bound is proved.
    """
    check(request)
    _sensible(request, groups)
    table = table_of(request)
    return result(table, [table.group(group) for group in groups])


def faults(request: Request, group: tuple[str, ...], beside: tuple[tuple[str, ...], ...] = ()) -> tuple[Reason, ...]:
    """Return the hard rules that a group breaks, each with the `members` it concerns; none when the group is legal.

    The codes are `no_role`, `no_capacity`, `no_shared_space`, `no_shared_language`, `no_overlap`, `avoided`,
    `forbidden` and `only_repeats` (`avoided` is for coordinators only: it tells of a private list). `beside` are the
    other groups of the round: with them a mentor with more mentees than places is found too. Raises MatchingError as
    `judge` does.
    """
    check(request)
    _sensible(request, (group,))
    table = table_of(request)
    return tuple(_faults(table, table.group(group), beside))


def result(table: Table, made: Groups, bound: float | None = None) -> Result:
    """Put groups of a table into the result of a round."""
    held = {frozenset(group) for group in table.request.locked}
    groups = sorted((_group(table, sides, held) for sides in made), key=lambda group: group.members)
    return Result(tuple(groups), _unmatched(table, made), round(math.fsum(group.score for group in groups), 9), bound)


def _group(table: Table, sides: tuple[Side, ...], held: set[frozenset[str]]) -> Group:
    if table.mode != "mentor":
        sides = tuple(sorted(sides, key=lambda side: side.person.id))
    members = tuple(side.person.id for side in sides)
    why = reasons.of_group(table, sides, frozenset(members) in held)
    return Group(members, table.group_score(sides), why, table.group_parts(sides))


def _unmatched(table: Table, made: Groups) -> tuple[Unmatched, ...]:
    placed = {side.person.id for group in made for side in group}
    mentoring = made if table.mode == "mentor" else []
    load = Counter(group[0].person.id for group in mentoring)
    mentees = {group[1].person.id for group in mentoring}
    left = sorted((one for one in table.people if one.id not in placed), key=lambda person: person.id)
    return tuple(reasons.of_unmatched(table, left, load, mentees))


def _sensible(request: Request, groups: tuple[tuple[str, ...], ...]) -> None:
    if problems := tuple(_problems(request.mode, {person.id for person in request.people}, groups)):
        raise MatchingError(problems)


def _problems(mode: Mode, people: set[str], groups: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    largest = LARGEST[mode]
    for group in groups:
        shown = ", ".join(group)
        if len(set(group)) != len(group) or not 2 <= len(group) <= largest:
            yield f"The group ({shown}) has to be 2 to {largest} different people."
        if strangers := [name for name in group if name not in people]:
            yield f"The group ({shown}) names people who are not in this round: {', '.join(strangers)}."
    first = 1 if mode == "mentor" else 0
    places = Counter(name for group in groups for name in group[first:])
    mentors = {group[0] for group in groups if group} if mode == "mentor" else set()
    for name, times in sorted(places.items()):
        if times > 1 or name in mentors:
            yield f"“{name}” is in more than one group; a person has one place."


def _faults(table: Table, group: Sequence[Side], beside: tuple[tuple[str, ...], ...]) -> Iterator[Reason]:
    ids = tuple(side.person.id for side in group)
    if table.mode == "mentor":
        mentor, mentee = group
        if mentor.person.role not in ("mentor", "both"):
            yield Reason("no_role", {"members": ids[:1]})
        elif not may_mentor(mentor) or sum(other[0] == ids[0] for other in {*beside, ids}) > mentor.person.capacity:
            yield Reason("no_capacity", {"members": ids[:1]})
        if not may_learn(mentee):
            yield Reason("no_role", {"members": ids[1:]})
    elif full := tuple(side.person.id for side in group if side.person.capacity == 0):
        yield Reason("no_capacity", {"members": full})
    found = False
    for one, other in combinations(group, 2):
        for code in table.blocks(one, other):
            found = True
            yield Reason(code, {"members": (one.person.id, other.person.id)})
    if not found and len(group) > 2:
        for code in table.blocks_together(group):
            yield Reason(code, {"members": ids})
