"""The people of a round as arrays, so that a hundred thousand can be compared two by two.

Scores are what `bot.matching.score` defines, to six decimals. A score is a sum of parts that come from bits (hours,
languages, spaces), from small numbers (level, group) and from words in common. The last are one sparse product: each
person has a row of (word, value) and a column of (word, value); the words that two people share add their products.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.model import Person
from bot.matching.score import ENOUGH_HOURS, Table

Array = NDArray[Any]

SCALE = 1_000_000
"""Scores are multiplied by this where integers are needed: sums of integers are the same on every machine."""
BLOCKED = 1e9
"""Taken off the score of two who must not meet."""


class Sparse(NamedTuple):
    """Rows of (word, value): those of row i stand at start[i]:start[i + 1]."""

    start: Array
    word: Array
    value: Array

    def take(self, which: Array) -> "Sparse":
        """Return these rows."""
        counts = np.diff(self.start)[which]
        start = np.zeros(len(which) + 1, np.int64)
        np.cumsum(counts, out=start[1:])
        at = np.arange(start[-1]) + np.repeat(self.start[:-1][which] - start[:-1], counts)
        return Sparse(start, self.word[at], self.value[at])


class Traits(NamedTuple):
    """What of people is no word, each array along the people.

    `bits` (uint64) has the hours of the week in its first three rows and the languages in the others; `small` (int32)
    the preferred language, the level (both -1 for none) and the group (0 for none); `spaces` (uint64) may have no rows.
    Few arrays, because a compiler that cannot tell them apart does not turn a loop into vector instructions.
    """

    bits: Array
    small: Array
    spaces: Array

    def take(self, which: Array) -> "Traits":
        """Return these people."""
        return Traits(*(np.ascontiguousarray(part[:, which]) for part in self))


class Town(NamedTuple):
    """People on both sides of all comparisons: those of `rows` look for one of `columns`.

    In peer rounds both are the same people; in mentor rounds mentees look for mentors. `off` is what to take off the
    score of single pairs, as (column, value): BLOCKED for two who must not meet.
    """

    rows: Traits
    columns: Traits
    row_words: Sparse
    column_words: Sparse
    vocabulary: int
    off: Sparse
    weights: Array
    """float32: an hour, preferred language, variety, level, same group, other group"""
    hours: int
    """how many hours two have to share"""
    language: bool
    mentor: bool

    def ordered(self, sequence: Array) -> "Town":
        """Return a town of peers in another order."""
        people, place = self.rows.take(sequence), np.empty(len(sequence), np.int32)
        place[sequence] = np.arange(len(sequence))
        off = self.off.take(sequence)
        off = _sorted(off._replace(word=place[off.word]))
        rows, columns = self.row_words.take(sequence), self.column_words.take(sequence)
        return self._replace(rows=people, columns=people, row_words=rows, column_words=columns, off=off)

    def of_rows(self, which: Array) -> "Town":
        """Return a town in which only these rows look for somebody."""
        return self._replace(rows=self.rows.take(which), row_words=self.row_words.take(which), off=self.off.take(which))


def town(table: Table, rows: Sequence[Person], columns: Sequence[Person] | None = None) -> Town:
    """Return people as arrays. Without `columns` the same people are on both sides, as peers."""
    weight, rules, same = table.weights, table.rules, columns is None
    columns = rows if columns is None else columns
    everybody = rows if same else [*rows, *columns]
    found = traits(table, everybody)
    row_words, column_words, vocabulary = _words(table, everybody)
    cut = len(rows)
    values = [weight["shared_hours"] / ENOUGH_HOURS, weight["shared_language"], weight["variety"], weight["level"],
              weight["same_group"], weight["other_group"]]  # fmt: skip
    return Town(
        found if same else found.take(np.arange(cut)),
        found if same else found.take(np.arange(cut, len(everybody))),
        row_words if same else row_words.take(np.arange(cut)),
        column_words if same else column_words.take(np.arange(cut, len(everybody))),
        vocabulary, _off(table, rows, columns), np.array(values, np.float32), rules.min_overlap_hours,
        rules.shared_language, table.mode == "mentor",
    )  # fmt: skip


def traits(table: Table, people: Sequence[Person]) -> Traits:
    """Return what of these people is no word."""
    tongues: dict[str, int] = {}
    spoken = [_numbered(tongues, person.languages) for person in people]
    places: dict[str, int] = {}
    spaces = (
        []
        if table.rules.across_spaces
        else [[places.setdefault(space, len(places)) for space in person.spaces] for person in people]
    )
    groups: dict[str, int] = {"": 0}
    small = [
        [one[0] if one else -1 for one in spoken],
        [-1 if person.level is None else person.level for person in people],
        [groups.setdefault(person.group.casefold(), len(groups)) for person in people],
    ]
    return Traits(
        np.concatenate((_bits([person.hours for person in people], 168), _bits(spoken, max(len(tongues), 1)))),
        np.array(small, np.int32),
        _bits(spaces, len(places)) if places else np.zeros((0, len(people)), np.uint64),
    )


def _numbered(known: dict[str, int], words: Iterable[str]) -> list[int]:
    return [known.setdefault(word.casefold(), len(known)) for word in words]


def _bits(sets: Sequence[Iterable[int]], size: int) -> Array:
    counts = np.fromiter(map(len, sets), np.int64, len(sets))  # type: ignore[arg-type]  # lists and sets
    flat = np.fromiter(chain.from_iterable(sets), np.int64, int(counts.sum()))
    bits = np.zeros((-(-size // 64), len(sets)), np.uint64)
    one = np.uint64(1) << (flat & 63).astype(np.uint64)
    np.bitwise_or.at(bits, (flat >> 6, np.repeat(np.arange(len(sets)), counts)), one)
    return bits


class _Tags(NamedTuple):
    """The tags of people as numbers, person after person; `many` is how many each has."""

    number: Array
    many: Array


def _tags(known: dict[str, int], people: Sequence[Person], of: Callable[[Person], tuple[str, ...]]) -> _Tags:
    spelled: dict[str, int] = {}
    numbers: list[int] = []
    counts: list[int] = []
    for person in people:
        tags = of(person)
        for tag in tags:
            if tag not in spelled:
                spelled[tag] = known.setdefault(tag.casefold(), len(known))
        found = {spelled[tag] for tag in tags}
        numbers += found
        counts.append(len(found))
    return _Tags(np.array(numbers, np.int32), np.array(counts, np.int64))


def _words(table: Table, people: Sequence[Person]) -> tuple[Sparse, Sparse, int]:
    """Rows and columns such that a shared interest gives weight / sqrt(a * b), a wish that is met its share."""
    weight = table.weights
    interests: dict[str, int] = {}
    goals: dict[str, int] = {}
    skills: dict[str, int] = {}
    rows: list[tuple[Array, Array, Array]] = []
    columns: list[tuple[Array, Array, Array]] = []
    base = 0

    def put(target: list[tuple[Array, Array, Array]], tags: _Tags, each: Array) -> None:
        target.append((np.repeat(np.arange(len(people)), tags.many), tags.number + base, np.repeat(each, tags.many)))

    for part, known, of in (
        ("interests", interests, lambda person: person.interests),
        ("goals", goals, lambda person: person.goals),
    ):
        if weight[part]:
            tags = _tags(known, people, of)
            root = 1 / np.sqrt(np.maximum(tags.many, 1))
            put(rows, tags, weight[part] * root)
            put(columns, tags, root)
            base += len(known)
    if weight["offers_wants"]:
        offers, wants = _tags(skills, people, lambda p: p.offers), _tags(skills, people, lambda p: p.wants)
        one_way = weight["offers_wants"] / (1 if table.mode == "mentor" else 2)
        share, whole = one_way / np.maximum(wants.many, 1), np.ones(len(people))
        put(rows, wants, share)
        put(columns, offers, whole)
        base += len(skills)
        if table.mode != "mentor":
            put(rows, offers, whole)
            put(columns, wants, share)
            base += len(skills)
    if weight["text"]:
        written = [table.texts.get(person.id, {}) for person in people]
        terms: dict[str, int] = {}
        found = _Tags(
            np.array([terms.setdefault(term, len(terms)) for text in written for term in text], np.int32),
            np.array([len(text) for text in written], np.int64),
        )
        values = np.array([value for text in written for value in text.values()], np.float64)
        owner = np.repeat(np.arange(len(people)), found.many)
        rows.append((owner, found.number + base, values * weight["text"]))
        columns.append((owner, found.number + base, values))
        base += len(terms)
    return _joined(rows, len(people)), _joined(columns, len(people)), base


def _joined(parts: Sequence[tuple[Array, Array, Array]], people: int) -> Sparse:
    if not parts:
        return Sparse(np.zeros(people + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    owner, word, value = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.lexsort((word, owner))
    start = np.zeros(people + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=people), out=start[1:])
    return Sparse(start, word[order].astype(np.int32), value[order].astype(np.float32))


def _sorted(sparse: Sparse) -> Sparse:
    owner = np.repeat(np.arange(len(sparse.start) - 1), np.diff(sparse.start))
    order = np.lexsort((sparse.word, owner))
    return Sparse(sparse.start, sparse.word[order], sparse.value[order])


def _off(table: Table, rows: Sequence[Person], columns: Sequence[Person]) -> Sparse:
    """Single pairs that differ from the rule; older repeats lose what variety would have given."""
    place = {person.id: index for index, person in enumerate(columns)}
    start, word, value = [0], list[int](), list[float]()
    for person in rows:
        name = person.id
        found: dict[int, float] = {}
        for other, index in table.history_of.get(name, {}).items():
            if (at := place.get(other)) is not None:
                age = table.age(index)
                lost = (1.0 - table.variety_after(age)) * table.weights["variety"]
                found[at] = BLOCKED if age <= table.rules.no_repeat_rounds else lost
        for other in chain(person.avoid, table.avoided_by.get(name, ()), table.forbidden_with.get(name, ()), (name,)):
            if (at := place.get(other)) is not None:
                found[at] = BLOCKED
        for at in sorted(found):
            word.append(at)
            value.append(found[at])
        start.append(len(word))
    return Sparse(np.array(start, np.int64), np.array(word, np.int32), np.array(value, np.float32))


def scores(where: Town, first: int = 0, last: int | None = None) -> Array:
    """Return the scores of rows first:last with every column as float64, and -1 for two who must not meet."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    rows, columns, weights = where.rows, where.columns, where.weights
    last = rows.small.shape[1] if last is None else last
    cut = slice(first, last)
    size = columns.small.shape[1]

    hours = np.zeros((last - first, size), np.uint8)
    for word, other in zip(rows.bits[:3], columns.bits[:3], strict=True):
        hours += np.bitwise_count(word[cut, None] & other)

    def any_common(bits: Array, others: Array) -> Array:
        found = np.zeros((last - first, size), bool)
        for word, other in zip(bits, others, strict=True):
            found |= (word[cut, None] & other) != 0
        return found

    common = any_common(rows.bits[3:], columns.bits[3:])
    legal: Array = hours >= where.hours
    if where.language:
        legal &= common
    if len(rows.spaces):
        named, named_ = (rows.spaces != 0).any(axis=0), (columns.spaces != 0).any(axis=0)
        anywhere = ~named[cut, None] | ~named_
        legal &= anywhere | any_common(rows.spaces, columns.spaces)
    preferred = (rows.small[0, cut, None] == columns.small[0]) & (columns.small[0] >= 0)
    value = np.minimum(hours, ENOUGH_HOURS) * weights[0].astype(float)
    value += (common.astype(np.int8) + (common & preferred)) * (weights[1].astype(float) / 2) + weights[2]
    mine, theirs = rows.small[1, cut, None], columns.small[1]
    if weights[3]:
        fits = np.clip(theirs - mine, 0, 2) / 2 if where.mentor else 1 - np.abs(mine - theirs) / 5
        value += np.where((mine >= 0) & (theirs >= 0), fits, 0.0) * weights[3]
    one, other = rows.small[2, cut, None], columns.small[2]
    if weights[4] or weights[5]:
        value += np.where((one > 0) & (other > 0), np.where(one == other, weights[4], weights[5]), 0.0)
    if where.vocabulary:
        shape = (rows.small.shape[1], where.vocabulary)
        left = csr_array((where.row_words.value, where.row_words.word, where.row_words.start), shape=shape)[cut]
        columns_of = where.column_words
        right = csr_array((columns_of.value, columns_of.word, columns_of.start), shape=(size, where.vocabulary))
        value += (left @ right.T).toarray()
    off = where.off
    begin, end = int(off.start[first]), int(off.start[last])
    who = np.repeat(np.arange(last - first), np.diff(off.start[first : last + 1]))
    blocked = off.value[begin:end] >= BLOCKED / 2
    legal[who[blocked], off.word[begin:end][blocked]] = False
    value[who[~blocked], off.word[begin:end][~blocked]] -= off.value[begin:end][~blocked]
    return np.where(legal, value, -1.0)


def weights_of(found: Array) -> Array:
    """Return scores as integers; a legal pair never weighs less than 0."""
    return np.where(found > -0.5, np.maximum(np.rint(found * SCALE), 0), -1).astype(np.int64)
