"""What makes a request senseless, found before anything is computed."""

import math
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import combinations
from typing import get_args

from bot.matching.model import (
    HOURS_A_WEEK,
    LARGEST,
    MAX_CIRCLE,
    PARTS,
    WEIGHTS,
    MatchingError,
    Mode,
    Person,
    Request,
    Role,
    Rules,
)


def check(request: Request) -> None:
    """Raise MatchingError with everything that is wrong with the request."""
    if problems := tuple(_problems(request)):
        raise MatchingError(problems)


def _problems(request: Request) -> Iterator[str]:
    if request.mode not in get_args(Mode):
        yield f"“{request.mode}” is not a way of matching; use one of {', '.join(get_args(Mode))}."
        return
    yield from _rules(request.rules)
    counts = Counter(person.id for person in request.people)
    for name, times in sorted(counts.items()):
        if times > 1:
            yield f"“{name}” is listed {times} times; list each person once, with the role “both” if they have two."
    for person in request.people:
        yield from _person(person)
    yield from _locked(request)


def _rules(rules: Rules) -> Iterator[str]:
    if not 0 <= rules.min_overlap_hours <= HOURS_A_WEEK:
        yield f"min_overlap_hours is {rules.min_overlap_hours}; a week has 0 to {HOURS_A_WEEK}."
    if rules.no_repeat_rounds < 0:
        yield f"no_repeat_rounds is {rules.no_repeat_rounds}; use 0 to allow repeats."
    if not 2 <= rules.circle_size <= MAX_CIRCLE:
        yield f"circle_size is {rules.circle_size}; a circle has 2 to {MAX_CIRCLE} people."
    for part, weight in rules.weights.items():
        if part not in WEIGHTS:
            near = get_close_matches(part, PARTS, n=1)
            yield f"“{part}” is no part of a score; " + (
                f"was “{near[0]}” meant?" if near else f"use {', '.join(PARTS)}."
            )
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight) or weight < 0:
            yield f"The weight of “{part}” is {weight!r}; use a number from 0 up."


def _person(person: Person) -> Iterator[str]:
    if person.role not in get_args(Role):
        yield f"The role of “{person.id}” is “{person.role}”; use one of {', '.join(get_args(Role))}."
    if person.capacity < 0 or person.waited < 0:
        yield f"The capacity ({person.capacity}) and rounds waited ({person.waited}) of “{person.id}” are 0 or more."
    if person.hours and not 0 <= min(person.hours) <= max(person.hours) < HOURS_A_WEEK:
        yield f"The hours of “{person.id}” go beyond a week; number them 0 to {HOURS_A_WEEK - 1}."


def _locked(request: Request) -> Iterator[str]:
    people = {person.id: person for person in request.people}
    apart = {frozenset(pair) for group in request.forbidden for pair in combinations(sorted(group), 2)}
    largest = LARGEST[request.mode]
    for group in request.locked:
        shown = ", ".join(group)
        if len(set(group)) != len(group) or not 2 <= len(group) <= largest:
            yield f"The locked group ({shown}) has to be 2 to {largest} different people."
        if strangers := [name for name in group if name not in people]:
            yield f"The locked group ({shown}) names people who are not in this round: {', '.join(strangers)}."
            continue
        for first, second in combinations(group, 2):
            if second in people[first].avoid or first in people[second].avoid or frozenset((first, second)) in apart:
                yield f"The locked group ({shown}) holds two who must not meet: {first} and {second}."
    yield from _locked_places(request, people)


def _locked_places(request: Request, people: dict[str, Person]) -> Iterator[str]:
    mentors, places = Counter[str](), Counter[str]()
    for group in request.locked:
        taken = group
        if request.mode == "mentor":
            mentors[group[0]] += bool(group)
            taken = group[1:]
        places.update(taken)
    for name, times in sorted(places.items()):
        if times > 1 or name in mentors:
            yield f"“{name}” is locked into more than one place; lock them once."
        elif request.mode == "mentor" and name in people and people[name].role not in ("mentee", "both"):
            yield f"“{name}” is locked as a mentee and is a {people[name].role}."
    for name, times in sorted(mentors.items()):
        if name in people and people[name].role not in ("mentor", "both"):
            yield f"“{name}” is locked as a mentor and is a {people[name].role}."
        elif name in people and times > people[name].capacity:
            yield f"“{name}” is locked to {times} mentees and has room for {people[name].capacity}."
