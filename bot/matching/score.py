"""Which people may meet, and how good it would be: the hard rules and the score of a pair."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, permutations

from bot.matching.model import MAX_CIRCLE, WEIGHTS, Person, Request

# With ten hours in common, an eleventh helps nobody to find a time.
ENOUGH_HOURS = 10
# A mentor two levels ahead has been there lately; further ahead is no better.
ENOUGH_LEVELS = 2
WIDEST_LEVELS = 5
KEPT = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A person whose words are found without capitals, each with its spelling; `rank` decides ties."""

    person: Person
    rank: int
    languages: dict[str, str]
    preferred: str
    offers: dict[str, str]
    wants: dict[str, str]
    interests: dict[str, str]
    goals: dict[str, str]
    hours: frozenset[int]
    group: str
    spaces: frozenset[str]


class Table:
    """The people of a request, ready to be compared; `people` are in seeded order.

    `weights` add up to 1. `texts` are unit vectors of what people wrote, by id (see `bot.matching.likeness`).
    """

    def __init__(self, request: Request, texts: Mapping[str, Mapping[str, float]] | None = None) -> None:
        self.request = request
        self.rules = request.rules
        self.mode = request.mode
        self.texts = texts or {}
        self.people = sorted(request.people, key=lambda person: _order(request.seed, person.id))
        self._rank = {person.id: rank for rank, person in enumerate(self.people)}
        # As sets a hundred thousand people are half a gigabyte, so only those in use are kept.
        self.side = lru_cache(KEPT)(self._side)
        total = sum({**WEIGHTS, **request.rules.weights}.values()) or 1.0
        self.weights = {part: request.rules.weights.get(part, usual) / total for part, usual in WEIGHTS.items()}
        self.history_of: dict[str, dict[str, int]] = {}
        self.forbidden_with: dict[str, set[str]] = {}
        self.avoided_by: dict[str, set[str]] = {}
        self._round = request.round_index
        if self._round is None:
            self._round = max((index for index, _ in request.history), default=0) + 1
        for index, group in sorted(request.history, key=lambda past: past[0]):
            for one, other in permutations(group, 2):
                self.history_of.setdefault(one, {})[other] = index
        for group in request.forbidden:
            for one, other in permutations(group, 2):
                self.forbidden_with.setdefault(one, set()).add(other)
        for person in self.people:
            for other in person.avoid:
                self.avoided_by.setdefault(other, set()).add(person.id)

    @property
    def sides(self) -> Iterator[Side]:
        """All of them, in seeded order."""
        return (self.side(person.id) for person in self.people)

    def group(self, names: Iterable[str]) -> tuple[Side, ...]:
        """People by their ids."""
        return tuple(self.side(name) for name in names)

    def _side(self, name: str) -> Side:
        rank = self._rank[name]
        person = self.people[rank]
        return Side(
            person=person,
            rank=rank,
            languages=_plain(person.languages),
            preferred=person.languages[0].casefold() if person.languages else "",
            offers=_plain(person.offers),
            wants=_plain(person.wants),
            interests=_plain(person.interests),
            goals=_plain(person.goals),
            hours=person.hours,
            group=person.group.casefold(),
            spaces=person.spaces,
        )

    def blocked(self, one: Side, other: Side) -> str | None:
        """The code of the first hard rule between two people, or None when they may meet."""
        return next(self.blocks(one, other), None)

    def blocks(self, one: Side, other: Side) -> Iterator[str]:
        """The codes of all hard rules between two people."""
        if one.spaces and other.spaces and not one.spaces & other.spaces and not self.rules.across_spaces:
            yield "no_shared_space"
        if self.rules.shared_language and one.languages.keys().isdisjoint(other.languages):
            yield "no_shared_language"
        if len(one.hours & other.hours) < self.rules.min_overlap_hours:
            yield "no_overlap"
        yield from self._kept_apart(one.person, other.person)

    def may_sit_together(self, group: Sequence[Side]) -> bool:
        """Whether three people or more may form one group: two by two, and with a language and hours that all share."""
        if len(group) > MAX_CIRCLE or any(self.blocked(one, other) for one, other in combinations(group, 2)):
            return False
        return next(self.blocks_together(group), None) is None

    def blocks_together(self, group: Sequence[Side]) -> Iterator[str]:
        """The codes of the hard rules that a group breaks as a whole, whatever holds two by two."""
        languages, hours = set(group[0].languages), group[0].hours
        for side in group[1:]:
            languages.intersection_update(side.languages)
            hours &= side.hours
        if self.rules.shared_language and not languages:
            yield "no_shared_language"
        if len(hours) < self.rules.min_overlap_hours:
            yield "no_overlap"

    def score(self, one: Side, other: Side) -> float:
        """How good a pair is, in [0, 1]: the weighted mean of its parts. In mentor mode `one` is the mentor."""
        weights = self.weights
        value = (
            weights["offers_wants"] * self._offers_wants(one, other)
            + weights["interests"] * _likeness(one.interests, other.interests)
            + weights["goals"] * _likeness(one.goals, other.goals)
            + weights["shared_hours"] * min(1.0, len(one.hours & other.hours) / ENOUGH_HOURS)
            + weights["shared_language"] * _language(one, other)
            + weights["variety"] * self._variety(one.person.id, other.person.id)
        )
        if weights["level"]:
            value += weights["level"] * self._level(one.person.level, other.person.level)
        if weights["text"]:
            value += weights["text"] * self._text(one.person.id, other.person.id)
        if one.group and other.group:
            value += weights["same_group" if one.group == other.group else "other_group"]
        return round(value, 9)

    def parts(self, one: Side, other: Side) -> dict[str, float]:
        """The parts of a pair's score, each times its weight."""
        return {part: self.weights[part] * found for part, found in self._parts(one, other).items()}

    def _parts(self, one: Side, other: Side) -> dict[str, float]:
        first, second = one.person, other.person
        return {
            "offers_wants": self._offers_wants(one, other),
            "interests": _likeness(one.interests, other.interests),
            "shared_hours": min(1.0, len(one.hours & other.hours) / ENOUGH_HOURS),
            "goals": _likeness(one.goals, other.goals),
            "variety": self._variety(first.id, second.id),
            "shared_language": _language(one, other),
            "level": self._level(first.level, second.level),
            "same_group": float(bool(one.group) and one.group == other.group),
            "other_group": float(bool(one.group and other.group) and one.group != other.group),
            "text": self._text(first.id, second.id),
        }

    def group_parts(self, group: Sequence[Side]) -> dict[str, float]:
        """The parts before they are weighed, as the mean over the pairs of a group; those of zero are left out."""
        found = [self._parts(one, other) for one, other in combinations(group, 2)]
        means = {part: round(math.fsum(one[part] for one in found) / len(found), 6) for part in found[0]}
        return {part: mean for part, mean in means.items() if mean}

    def group_score(self, group: Sequence[Side]) -> float:
        """The mean over the pairs of a group, each in the order of its members."""
        scores = [self.score(one, other) for one, other in combinations(group, 2)]
        return round(math.fsum(scores) / len(scores), 9)

    def age(self, index: int) -> int:
        """How many rounds ago the round of that number was."""
        return (self._round or 0) - index

    def variety_after(self, age: int) -> float:
        """1 for people who never met; a meeting costs everything just after the hard rule ends, half a round later."""
        return 1.0 - 0.5 ** max(0, age - self.rules.no_repeat_rounds - 1)

    def _kept_apart(self, one: Person, other: Person) -> Iterator[str]:
        if other.id in one.avoid or one.id in other.avoid:
            yield "avoided"
        if other.id in self.forbidden_with.get(one.id, ()):
            yield "forbidden"
        met = self.history_of.get(one.id, {}).get(other.id)
        if met is not None and self.age(met) <= self.rules.no_repeat_rounds:
            yield "only_repeats"

    def _variety(self, one: str, other: str) -> float:
        met = self.history_of.get(one, {}).get(other)
        return 1.0 if met is None else self.variety_after(self.age(met))

    def _text(self, one: str, other: str) -> float:
        """The cosine of what two people wrote."""
        mine, theirs = self.texts.get(one, {}), self.texts.get(other, {})
        return min(1.0, math.fsum(value * theirs[word] for word, value in mine.items() if word in theirs))

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


def may_mentor(side: Side) -> bool:
    """Whether a person can take a mentee at all."""
    return side.person.role in ("mentor", "both") and side.person.capacity > 0


def may_learn(side: Side) -> bool:
    """Whether a person can have a mentor."""
    return side.person.role in ("mentee", "both")


def _order(seed: int, name: str) -> bytes:
    return blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()


def _plain(words: Iterable[str]) -> dict[str, str]:
    """Words by what they are without capitals."""
    return {word.casefold(): word for word in words}


def _share(wanted: dict[str, str], offered: dict[str, str]) -> float:
    return sum(word in offered for word in wanted) / len(wanted) if wanted else 0.0


def _likeness(one: dict[str, str], other: dict[str, str]) -> float:
    """The cosine of two sets (Ochiai's coefficient): common elements over the geometric mean of their sizes."""
    common = sum(word in other for word in one)
    return common / math.sqrt(len(one) * len(other)) if common else 0.0


def _language(one: Side, other: Side) -> float:
    if one.preferred and one.preferred == other.preferred:
        return 1.0
    return 0.0 if one.languages.keys().isdisjoint(other.languages) else 0.5
