"""What a round keeps, what a draft shows, and what a change would do to it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from hashlib import blake2b
from itertools import combinations
from typing import Any

from bot import reasons
from bot.errors import UserError
from bot.matching import Group, Person, Reason, Request, Result, Unmatched

ENOUGH = 5
"""A group of people is told apart from others only from this many on."""

Ids = tuple[str, ...]


# -- what is stored


def stored(result: Result) -> dict[str, Any]:
    """Return what a round keeps of its result, as JSON values; the pairs themselves are rows."""
    return {
        "total": round(result.total, 6),
        "bound": result.bound,
        "groups": len(result.groups),
        "unmatched": [[one.person, [reason.code for reason in one.reasons]] for one in result.unmatched],
    }


def packed(result: Result) -> dict[str, Any]:
    """Return a whole result as JSON values, for a draft."""
    return {
        "total": result.total,
        "bound": result.bound,
        "groups": [
            {
                "members": list(group.members),
                "score": group.score,
                "reasons": reasons.stored(group.reasons),
                "parts": dict(group.parts),
            }
            for group in result.groups
        ],
        "unmatched": [{"person": one.person, "reasons": reasons.stored(one.reasons)} for one in result.unmatched],
    }


def unpacked(kept: Mapping[str, Any]) -> Result:
    """Return the result that `packed` stored."""

    def told(items: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
        return tuple(Reason(item["code"], item["params"]) for item in items)

    return Result(
        groups=tuple(
            Group(tuple(one["members"]), one["score"], told(one["reasons"]), one.get("parts", {}))
            for one in kept["groups"]
        ),
        unmatched=tuple(Unmatched(one["person"], told(one["reasons"])) for one in kept["unmatched"]),
        total=kept["total"],
        bound=kept["bound"],
    )


def groups_of(result: Result) -> tuple[Ids, ...]:
    """Return who is with whom."""
    return tuple(group.members for group in result.groups)


# -- whether a draft still fits


@dataclass(frozen=True, slots=True)
class Stale:
    """What changed since a draft was drawn: who came, who is gone, how many told something else about themselves."""

    came: Ids = ()
    gone: Ids = ()
    changed: int = 0

    def __bool__(self) -> bool:
        return bool(self.came or self.gone or self.changed)


def fingerprints(people: Iterable[Person]) -> dict[str, str]:
    """Return id -> what is known of each person, in short, but for the rounds they waited."""
    return {person.id: _fingerprint(person) for person in people}


def _fingerprint(person: Person) -> str:
    known = [getattr(person, part.name) for part in fields(person) if part.name != "waited"]
    plain = [sorted(value) if isinstance(value, frozenset) else value for value in known]
    return blake2b(repr(plain).encode(), digest_size=6).hexdigest()


def stale(then: Mapping[str, str], people: Iterable[Person]) -> Stale:
    """Return what changed between the fingerprints of a draft and the people there are now."""
    now = fingerprints(people)
    return Stale(
        came=tuple(sorted(now.keys() - then.keys())),
        gone=tuple(sorted(then.keys() - now.keys())),
        changed=sum(now[one] != then[one] for one in now.keys() & then.keys()),
    )


# -- what a draft shows


@dataclass(frozen=True, slots=True)
class Load:
    """Mentors by what they were given: all they take, some of it, nobody."""

    full: int
    some: int
    none: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """A round in numbers. `share` is the proven part of the best possible, if any; `parity` (group, matched, of)."""

    pairs: int
    placed: int
    alone: int
    total: float
    share: float | None
    worst: float | None
    again: int
    load: Load | None = None
    parity: tuple[tuple[str, int, int], ...] = ()


def numbers(request: Request, result: Result) -> Numbers:
    """Count what a coordinator looks at first."""
    groups = result.groups
    placed = {member for group in groups for member in group.members}
    proven = result.bound is not None and result.bound > 0 and result.total <= result.bound + 1e-6
    return Numbers(
        pairs=len(groups),
        placed=len(placed),
        alone=len(result.unmatched),
        total=result.total,
        share=min(1.0, result.total / result.bound) if proven and result.bound else None,
        worst=min((group.score for group in groups), default=None),
        again=_again(request, groups),
        load=_load(request, groups) if request.mode == "mentor" else None,
        parity=parity(request.people, placed),
    )


def _again(request: Request, groups: Sequence[Group]) -> int:
    met = {pair for _, past in request.history for pair in combinations(sorted(past), 2)}
    return sum(any(pair in met for pair in combinations(sorted(group.members), 2)) for group in groups)


def _load(request: Request, groups: Sequence[Group]) -> Load:
    mentees = Counter(group.members[0] for group in groups)
    learning = {group.members[1] for group in groups}
    mentors = [one for one in request.people if one.role in ("mentor", "both") and one.id not in learning]
    given = [(mentees[one.id], one.capacity) for one in mentors if one.capacity]
    return Load(
        full=sum(has >= room for has, room in given),
        some=sum(0 < has < room for has, room in given),
        none=sum(has == 0 for has, _ in given),
    )


def parity(people: Iterable[Person], placed: set[str]) -> tuple[tuple[str, int, int], ...]:
    """Return (group, with a partner, of how many) when there are two groups of at least ENOUGH people, else nothing.

    A single small group beside the shown ones could be worked out from the sums, so then nothing is shown either.
    """
    named = [person for person in people if person.group]
    sizes = Counter(person.group for person in named)
    small = [size for size in sizes.values() if size < ENOUGH]
    if len(sizes) - len(small) < 2 or len(small) == 1:
        return ()
    return tuple(
        (group, sum(person.group == group and person.id in placed for person in named), size)
        for group, size in sorted(sizes.items())
        if size >= ENOUGH
    )


# -- changes


@dataclass(frozen=True, slots=True)
class Cost:
    """What a change does to the whole: before and after."""

    before: Numbers
    after: Numbers
    moved: int


def cost(request: Request, before: Result, after: Result) -> Cost:
    """Return what it costs to have `after` instead of `before`; `moved` counts the groups that were not there."""
    were = {frozenset(group) for group in groups_of(before)}
    moved = sum(frozenset(group) not in were for group in groups_of(after))
    return Cost(numbers(request, before), numbers(request, after), moved)


def bounded(result: Result, bound: float) -> Result:
    """Return a result with the bound that was proven for the same people."""
    return replace(result, bound=bound)


def lock_of(request: Request, result: Result, one: str, other: str) -> Ids:
    """Return the group that keeping two together holds: the whole one they share."""
    return together(groups_of(result), one, other) or in_order(request, one, other)


def together(groups: Iterable[Sequence[str]], one: str, other: str) -> Ids | None:
    """Return the group that two people share, if they do."""
    return next((tuple(group) for group in groups if one in group and other in group), None)


def swapped(groups: Iterable[Ids], one: str, other: str) -> tuple[Ids, ...]:
    """Exchange two people's places; one may be without. Raises `UserError` when there is nothing to exchange."""
    known = tuple(groups)
    if one == other:
        raise UserError("round.same_person")
    if together(known, one, other):
        raise UserError("round.swap_together")
    if not any(one in group or other in group for group in known):
        raise UserError("round.swap_alone")
    places = {one: other, other: one}
    return tuple(tuple(places.get(member, member) for member in group) for group in known)


def in_order(request: Request, one: str, other: str) -> Ids:
    """Return two people as a group is written: the mentor first in mentor mode, by id otherwise."""
    if request.mode != "mentor":
        return tuple(sorted((one, other)))
    roles = {person.id: person.role for person in request.people}
    mentor_last = roles.get(other) == "mentor" or roles.get(one) == "mentee"
    return (other, one) if mentor_last else (one, other)


def missing_side(request: Request) -> str | None:
    """Return the key of the refusal when a mentoring round has mentors only, or mentees only."""
    if request.mode != "mentor":
        return None
    if not any(person.role in ("mentor", "both") and person.capacity > 0 for person in request.people):
        return "round.no_mentors"
    return None if any(person.role in ("mentee", "both") for person in request.people) else "round.no_mentees"


def first_day(weekday: int, today: date) -> date:
    """Return the first such weekday (0 is Monday) from `today` on."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)
