"""Which people may meet, and how good it would be: the hard rules and the score of a pair."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from bot.matching.model import MAX_CIRCLE, WEIGHTS, Person, Request

# With ten hours in common, an eleventh helps nobody to find a time.
ENOUGH_HOURS = 10
# A mentor two levels ahead has been there lately; further ahead is no better.
ENOUGH_LEVELS = 2
WIDEST_LEVELS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A person with sets as bit masks; `rank` is the seeded order that decides ties."""

    person: Person
    rank: int
    languages: int
    preferred: int
    offers: int
    wants: int
    interests: int
    goals: int
    hours: int
    group: str
    spaces: int


class Table:
    """The people of a request, ready to be compared; `sides` are in seeded order."""

    def __init__(self, request: Request) -> None:
        self.rules = request.rules
        self.mode = request.mode
        self.sides = _sides(request)
        self.by_id = {side.person.id: side for side in self.sides}
        total = sum({**WEIGHTS, **request.rules.weights}.values()) or 1.0
        self._weights = {part: request.rules.weights.get(part, usual) / total for part, usual in WEIGHTS.items()}
        self._forbidden = {pair for group in request.forbidden for pair in _pairs(group)}
        self._round = request.round_index
        if self._round is None:
            self._round = max((index for index, _ in request.history), default=0) + 1
        self._last_met: dict[tuple[str, str], int] = {}
        for index, group in sorted(request.history, key=lambda past: past[0]):
            self._last_met.update(dict.fromkeys(_pairs(group), index))

    def blocked(self, one: Side, other: Side) -> str | None:
        """The code of the first hard rule between two people, or None when they may meet."""
        if one.spaces and other.spaces and not one.spaces & other.spaces and not self.rules.across_spaces:
            return "no_shared_space"
        if self.rules.shared_language and not one.languages & other.languages:
            return "no_shared_language"
        if (one.hours & other.hours).bit_count() < self.rules.min_overlap_hours:
            return "no_overlap"
        return self._kept_apart(one.person, other.person)

    def may_sit_together(self, group: Sequence[Side]) -> bool:
        """Whether three people or more may form one group: two by two, and with a language and hours that all share."""
        if len(group) > MAX_CIRCLE or any(self.blocked(one, other) for one, other in combinations(group, 2)):
            return False
        languages, hours = group[0].languages, group[0].hours
        for side in group[1:]:
            languages &= side.languages
            hours &= side.hours
        return (languages != 0 or not self.rules.shared_language) and hours.bit_count() >= self.rules.min_overlap_hours

    def score(self, one: Side, other: Side) -> float:
        """How good a pair is, in [0, 1]: the weighted mean of its parts. In mentor mode `one` is the mentor."""
        weights = self._weights
        value = (
            weights["offers_wants"] * self._offers_wants(one, other)
            + weights["interests"] * _likeness(one.interests, other.interests)
            + weights["goals"] * _likeness(one.goals, other.goals)
            + weights["shared_hours"] * min(1.0, (one.hours & other.hours).bit_count() / ENOUGH_HOURS)
            + weights["shared_language"] * _language(one, other)
            + weights["variety"] * self._variety(one.person.id, other.person.id)
        )
        if weights["level"]:
            value += weights["level"] * self._level(one.person.level, other.person.level)
        if one.group and other.group:
            value += weights["same_group" if one.group == other.group else "other_group"]
        return round(value, 9)

    def group_score(self, group: Sequence[Side]) -> float:
        """The mean over the pairs of a group, each in the order of its members."""
        scores = [self.score(one, other) for one, other in combinations(group, 2)]
        return round(math.fsum(scores) / len(scores), 9)

    def _kept_apart(self, one: Person, other: Person) -> str | None:
        if other.id in one.avoid or one.id in other.avoid:
            return "avoided"
        pair = _pair(one.id, other.id)
        if pair in self._forbidden:
            return "forbidden"
        age = self._age(pair)
        return "only_repeats" if age is not None and age <= self.rules.no_repeat_rounds else None

    def _age(self, pair: tuple[str, str]) -> int | None:
        index = self._last_met.get(pair)
        return None if index is None or self._round is None else self._round - index

    def _variety(self, one: str, other: str) -> float:
        """1 for people who never met; a meeting costs everything just after the hard rule ends, half a round later."""
        age = self._age(_pair(one, other))
        return 1.0 if age is None else 1.0 - 0.5 ** max(0, age - self.rules.no_repeat_rounds - 1)

    def _offers_wants(self, one: Side, other: Side) -> float:
        given = _share(other.wants, one.offers)
        if self.mode == "mentor":
            return given
        back = _share(one.wants, other.offers)
        return (given + back) / 2

    def _level(self, one: int | None, other: int | None) -> float:
        if one is None or other is None:
            return 0.0
        if self.mode == "mentor":
            return min(max(one - other, 0), ENOUGH_LEVELS) / ENOUGH_LEVELS
        return 1 - abs(one - other) / WIDEST_LEVELS


def _sides(request: Request) -> tuple[Side, ...]:
    bits: dict[str, int] = {}

    def mask(words: Iterable[str]) -> int:
        value = 0
        for word in words:
            value |= 1 << bits.setdefault(word.casefold(), len(bits))
        return value

    def order(person: Person) -> bytes:
        return blake2b(f"{request.seed}:{person.id}".encode(), digest_size=16).digest()

    return tuple(
        Side(
            person=person,
            rank=rank,
            languages=mask(person.languages),
            preferred=mask(person.languages[:1]),
            offers=mask(person.offers),
            wants=mask(person.wants),
            interests=mask(person.interests),
            goals=mask(person.goals),
            hours=sum(1 << hour for hour in person.hours),
            group=person.group.casefold(),
            spaces=mask(person.spaces),
        )
        for rank, person in enumerate(sorted(request.people, key=order))
    )


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _pairs(group: Iterable[str]) -> Iterable[tuple[str, str]]:
    return combinations(sorted(group), 2)


def _share(wanted: int, offered: int) -> float:
    return (wanted & offered).bit_count() / wanted.bit_count() if wanted else 0.0


def _likeness(one: int, other: int) -> float:
    """The cosine of two sets (Ochiai's coefficient): common elements over the geometric mean of their sizes."""
    common = (one & other).bit_count()
    return common / math.sqrt(one.bit_count() * other.bit_count()) if common else 0.0


def _language(one: Side, other: Side) -> float:
    if one.preferred & other.preferred:
        return 1.0
    return 0.5 if one.languages & other.languages else 0.0
