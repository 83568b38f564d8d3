"""The values that go into a round of matching and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

Mode = Literal["mentor", "peer", "circles"]
Role = Literal["mentor", "mentee", "both", "peer"]

Part = Literal[
    "offers_wants",
    "interests",
    "shared_hours",
    "goals",
    "variety",
    "shared_language",
    "level",
    "same_group",
    "other_group",
    "text",
]
"""The parts of a score, each a number in [0, 1]; `variety` is lower for people who met in the past, `text` is how alike
what people wrote about themselves is."""

PARTS: tuple[str, ...] = get_args(Part)

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "offers_wants": 0.25,
        "interests": 0.30,
        "shared_hours": 0.15,
        "goals": 0.10,
        "variety": 0.10,
        "shared_language": 0.05,
        "level": 0.05,
        "same_group": 0.0,
        "other_group": 0.0,
        "text": 0.0,
    }
)
"""What each part weighs unless a programme says otherwise; only the proportions matter."""

HOURS_A_WEEK = 168
MAX_CIRCLE = 5
LARGEST: Mapping[str, int] = MappingProxyType({"mentor": 2, "peer": 3, "circles": MAX_CIRCLE})
"""How many people a group holds at most."""


class MatchingError(ValueError):
    """A request that makes no sense; `problems` has a sentence for each thing wrong with it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["MatchingError"], tuple[tuple[str, ...]]]:
        """Cross a process border whole."""
        return type(self), (self.problems,)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be matched.

    `hours` are the free hours 0-167 of the round's week in UTC; `languages` start with the preferred one; tags
    (languages, offers, wants, interests, goals) and `group` are compared without capitals; `capacity` is the number of
    mentees a mentor takes this round (a mentee has one mentor); `level` is 0-5; `avoid` are ids, whether or not they
    are present; `waited` is the number of rounds running that left this person out; `spaces` are where they can be
    reached, empty when that is nobody's concern; `text` is free text about them, read only when the part `text` weighs.
    """

    id: str
    role: Role = "peer"
    zone: str = "UTC"
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    hours: frozenset[int] = frozenset()
    level: int | None = None
    group: str = ""
    goals: tuple[str, ...] = ()
    capacity: int = 1
    avoid: frozenset[str] = frozenset()
    waited: int = 0
    spaces: frozenset[str] = frozenset()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What no group may break, and what makes one better than another.

    The people of a group share a language (unless `shared_language` is off) and at least `min_overlap_hours` a week,
    all of them together, and no two were in one group within the last `no_repeat_rounds` rounds. People who name
    spaces share one, unless `across_spaces`. `weights` replaces the default of each part it names (see WEIGHTS).
    `circle_size` is the size circles are made towards; none is larger than five.
    """

    min_overlap_hours: int = 1
    no_repeat_rounds: int = 4
    shared_language: bool = True
    weights: Mapping[str, float] = field(default_factory=dict)
    circle_size: int = 4
    across_spaces: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A round to be made.

    `history` has the groups of past rounds as (round number, ids); this round is number `round_index`, by default one
    after the last in the history. `passes` is how often a large round (above 400) looks through all pairs for better
    ones and for a closer bound, once at least. `locked` groups are kept as they are, mentor first in mentor mode: a
    coordinator may override everything but avoidance and capacity. No two ids of a `forbidden` set meet this round.
    `seed` breaks ties.
    """

    mode: Mode
    people: tuple[Person, ...]
    rules: Rules = Rules()
    history: tuple[tuple[int, frozenset[str]], ...] = ()
    locked: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[frozenset[str], ...] = ()
    seed: int = 0
    round_index: int | None = None
    passes: int = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what it is about; views make the sentence. The codes and their params:

    - of a group: `shared_language` (languages), `shared_hours` (hours of the UTC week, count), `offers_wants`
      (giver, taker, tags), `interests` (tags), `goals` (tags), `same_group` (group), `other_group` (groups),
      `level` (levels, in the order of the members), `locked`;
    - of an unmatched person, each with `people`, how many it concerns: `no_shared_language`, `no_overlap`,
      `only_repeats`, `avoided`, `forbidden`, `no_shared_space`, `no_capacity` (legal mentors who are full, or an own
      capacity of zero), `nobody_left` (legal partners who were matched to others), `no_role` (a peer has no role
      between mentors and mentees). `avoided` is for coordinators only: it tells of somebody's private list.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """People who meet: mentor then mentee in mentor mode, in the order of their ids otherwise. `score` is in [0, 1].

    `parts` are those of the score before they are weighed, each in [0, 1]; empty where nobody looked.
    """

    members: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Somebody without a group, and what stood between them and the others, the most frequent first."""

    person: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A round: its groups and unmatched people in the order of their ids, the `total` of the scores, and the most that
    any round could have scored where the engine can prove one (`bound`, else None).
    """

    groups: tuple[Group, ...]
    unmatched: tuple[Unmatched, ...]
    total: float
    bound: float | None = None
