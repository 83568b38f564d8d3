"""What stands between somebody and each of many others, counted with arrays."""

from collections import Counter
from collections.abc import Set as AbstractSet

import numpy as np

from bot.matching.arrays import traits
from bot.matching.model import Person
from bot.matching.score import Table

CODES = ("", "no_shared_space", "no_shared_language", "no_overlap", "avoided", "forbidden", "only_repeats",
         "nobody_left", "no_capacity")  # fmt: skip
_SPACE, _LANGUAGE, _HOURS, _AVOIDED, _FORBIDDEN, _REPEAT, _TAKEN, _FULL = range(1, 9)


class Crowd:
    """The people of a table and where a round has put them: `load` is the number of mentees of each mentor."""

    def __init__(self, table: Table, load: Counter[str], mentees: AbstractSet[str]) -> None:
        people = table.people
        self._table = table
        self._traits = traits(table, people)
        self._place = {person.id: at for at, person in enumerate(people)}
        self._mentorish = np.array([person.role in ("mentor", "both") for person in people], bool)
        self._learnish = np.array([person.role in ("mentee", "both") for person in people], bool)
        capacity = np.array([person.capacity for person in people])
        if table.mode == "mentor":
            busy = np.array([person.id in mentees for person in people], bool)
            full = np.array([load[person.id] for person in people]) >= capacity
            self._full = full & ~busy & np.array([person.role != "mentee" for person in people], bool)
        else:
            self._full = capacity == 0

    def codes(self, person: Person) -> Counter[str]:
        """Return how many of the others each hard rule, or else the round itself, kept from this person."""
        table, traits_, at = self._table, self._traits, self._place[person.id]
        hours = np.bitwise_count(traits_.bits[:3, at, None] & traits_.bits[:3]).sum(axis=0, dtype=np.int64)
        found = np.where(hours < table.rules.min_overlap_hours, _HOURS, 0)
        if table.rules.shared_language:
            found[~(traits_.bits[3:, at, None] & traits_.bits[3:]).any(axis=0)] = _LANGUAGE
        spaces = traits_.spaces
        if len(spaces) and spaces[:, at].any():
            found[spaces.any(axis=0) & ~(spaces & spaces[:, at, None]).any(axis=0)] = _SPACE
        mentoring = table.mode == "mentor"
        full = self._full & (self._learnish[at] or not mentoring)
        apart: dict[str, int] = {
            other: _REPEAT
            for other, index in table.history_of.get(person.id, {}).items()
            if table.age(index) <= table.rules.no_repeat_rounds
        }
        apart.update(dict.fromkeys(table.forbidden_with.get(person.id, ()), _FORBIDDEN))
        apart.update(dict.fromkeys((*person.avoid, *table.avoided_by.get(person.id, ())), _AVOIDED))
        for other, code in apart.items():
            place = self._place.get(other)
            if place is not None and not found[place]:
                found[place] = code
        found = np.where(found == 0, np.where(full, _FULL, _TAKEN), found)
        suits = np.ones(len(found), bool)
        if mentoring:
            gives = self._mentorish[at] and person.capacity > 0
            suits = (self._mentorish & self._learnish[at]) | (self._learnish & gives)
        suits[at] = False
        counts = np.bincount(found[suits], minlength=len(CODES))
        return Counter({CODES[code]: int(count) for code, count in enumerate(counts) if count})
