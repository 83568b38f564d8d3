"""What a change to a draft would do, and why people are where they are: run away from the loop, on plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from bot.features.round import rules
from bot.features.round.rules import Ids
from bot.matching import MatchingError, Reason, Request, Result, faults, judge, match

FIRM = ("avoided", "forbidden", "no_role", "no_capacity")
"""What even a coordinator does not override by bringing two together."""

OTHERS = 3

Kind = Literal["lock", "forbid", "swap"]


def draw(asked: Request | Result | None) -> Result | None:
    """Draw a round; a result is one already. Locked groups that are impossible by now are given up together."""
    if not isinstance(asked, Request):
        return asked
    try:
        return match(asked)
    except MatchingError:
        if not asked.locked:
            raise
        return match(replace(asked, locked=()))


@dataclass(frozen=True, slots=True)
class Asked:
    """A draft to be drawn: the request, and the version of the draft that it was gathered for (0: a new one)."""

    request: Request
    version: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draft that was drawn, with what it was drawn from."""

    request: Request
    version: int
    result: Result


def draw_draft(asked: Asked) -> Drawn:
    """Draw a draft."""
    result = draw(asked.request)
    assert result is not None  # a request gives a result
    return Drawn(asked.request, asked.version, result)


def draw_if_asked(asked: Asked | None) -> Drawn | None:
    """Draw a draft, if there is one to draw."""
    return draw_draft(asked) if asked is not None else None


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a coordinator asks about: the draft's version, request and groups, and the two it is about."""

    kind: Kind
    version: int
    one: str
    other: str
    request: Request
    groups: tuple[Ids, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came of it: the round as it would be, or the rules that `refused` it; `broken` are rules set aside."""

    change: Change
    result: Result | None
    refused: tuple[Reason, ...] = ()
    broken: tuple[Reason, ...] = ()


def weigh(change: Change) -> Weighed:
    """Try a change."""
    match change.kind:
        case "swap":
            return _swap(change)
        case "lock":
            return _lock(change)
        case "forbid":
            apart = (*change.request.forbidden, frozenset((change.one, change.other)))
            request = replace(change.request, forbidden=apart)
            if rules.together(change.groups, change.one, change.other):
                return Weighed(change, draw(request))
            return Weighed(change, judge(request, change.groups))


def _swap(change: Change) -> Weighed:
    groups = rules.swapped(change.groups, change.one, change.other)
    touched = [group for group in groups if change.one in group or change.other in group]
    apart = tuple(lock for lock in change.request.locked if change.one not in lock and change.other not in lock)
    request = replace(change.request, locked=apart)
    broken = tuple(fault for group in touched for fault in faults(request, group, beside=groups))
    return Weighed(change, None, broken) if broken else Weighed(change, judge(request, groups))


def _lock(change: Change) -> Weighed:
    if shared := rules.together(change.groups, change.one, change.other):
        held = (*(lock for lock in change.request.locked if set(lock) != set(shared)), shared)
        return Weighed(change, judge(replace(change.request, locked=held), change.groups))
    pair = rules.in_order(change.request, change.one, change.other)
    found = faults(replace(change.request, locked=()), pair, beside=change.request.locked)
    if refused := tuple(fault for fault in found if fault.code in FIRM):
        return Weighed(change, None, refused)
    try:
        result = match_with(change.request, pair)
    except MatchingError:
        return Weighed(change, None, (Reason("locked_elsewhere", {"members": pair}),))
    return Weighed(change, result, broken=found)


def match_with(request: Request, pair: Ids) -> Result:
    """Draw a round with one more locked group."""
    return match(replace(request, locked=(*request.locked, pair)))


# -- why this partner, and why not the others


@dataclass(frozen=True, slots=True)
class Question:
    """Why somebody is where they are in a draft."""

    member: str
    request: Request
    groups: tuple[Ids, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who would fit better or as well: whom they have, and what exchanging would cost the whole."""

    member: str
    score: float
    beside: Ids
    cost: float | None


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer: others in the order of their fit, how many could not be, by rule, and how many fit less."""

    others: tuple[Other, ...]
    blocked: tuple[tuple[str, int], ...]
    fit: int


def explain(question: Question) -> Explained:
    """Look at everybody whom the member could have had."""
    request, me = replace(question.request, locked=()), question.member
    people = {person.id: person for person in request.people}
    mine = next((group for group in question.groups if me in group), ())
    blocked: Counter[str] = Counter()
    fits: list[tuple[float, str]] = []
    for other in sorted(people.keys() - {me, *mine}):
        pair = rules.in_order(request, me, other)
        small = _between(request, pair)
        broken = faults(small, pair)
        if broken:
            blocked[broken[0].code] += 1
        else:
            fits.append((judge(small, (pair,)).total, other))
    fits.sort(key=lambda one: (-one[0], one[1]))
    others = tuple(_other(question, request, score, other, mine) for score, other in fits[:OTHERS])
    return Explained(others, tuple(sorted(blocked.items(), key=lambda one: (-one[1], one[0]))), len(fits))


def _between(request: Request, pair: Ids) -> Request:
    """Return the same question about two people only."""
    two = set(pair)
    return replace(
        request, people=tuple(person for person in request.people if person.id in two),
        history=tuple(past for past in request.history if two <= past[1]),
        forbidden=tuple(apart for apart in request.forbidden if two <= apart),
    )  # fmt: skip


def _other(question: Question, request: Request, score: float, other: str, mine: Ids) -> Other:
    theirs = next((group for group in question.groups if other in group), ())
    beside = tuple(member for member in theirs if member != other)
    if len(mine) != 2 or len(theirs) != 2:
        return Other(other, score, beside, None)
    partner = next(member for member in mine if member != question.member)
    before = judge(request, question.groups).total
    after = rules.swapped(question.groups, partner, other)
    touched = [group for group in after if partner in group or other in group]
    if any(faults(request, group, beside=after) for group in touched):
        return Other(other, score, beside, None)
    return Other(other, score, beside, judge(request, after).total - before)
