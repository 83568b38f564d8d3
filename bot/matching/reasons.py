"""Why a group was made, and why somebody is without one, as codes that views put into words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations

from bot.matching.greedy import may_learn, may_mentor
from bot.matching.model import Person, Reason
from bot.matching.score import Side, Table


def of_group(table: Table, group: Sequence[Side], locked: bool) -> tuple[Reason, ...]:
    """What speaks for a group, in a fixed order of codes; see `bot.matching.Reason` for their params."""
    people = [side.person for side in group]
    reasons = [Reason("locked")] if locked else []
    if languages := _shared_by_all([person.languages for person in people]):
        reasons.append(Reason("shared_language", {"languages": languages}))
    if hours := frozenset.intersection(*(person.hours for person in people)):
        reasons.append(Reason("shared_hours", {"hours": tuple(sorted(hours)), "count": len(hours)}))
    reasons += _offers(people, table.mode == "mentor")
    if interests := _shared([person.interests for person in people]):
        reasons.append(Reason("interests", {"tags": interests}))
    if goals := _shared([person.goals for person in people]):
        reasons.append(Reason("goals", {"tags": goals}))
    reasons += _groups(table, group)
    levels = tuple(person.level for person in people)
    if None not in levels:
        reasons.append(Reason("level", {"levels": levels}))
    return tuple(reasons)


def of_unmatched(table: Table, side: Side, mentees_of: Counter[str], mentees: set[str]) -> tuple[Reason, ...]:
    """What stood between one person and the others: each code with how many `people` it concerns, most first.

    `mentees_of` counts the mentees that each mentor has, and `mentees` are the ids that have a mentor; both are empty
    unless mentors are matched.
    """
    person = side.person
    if table.mode == "mentor" and person.role == "peer":
        return (Reason("no_role", {"people": 0}),)
    if person.capacity == 0 and (table.mode != "mentor" or person.role == "mentor"):
        return (Reason("no_capacity", {"people": 0}),)
    counts = Counter(_codes(table, side, mentees_of, mentees))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Reason(code, {"people": people}) for code, people in ordered) or (
        Reason("nobody_left", {"people": 0}),
    )


def _codes(table: Table, side: Side, mentees_of: Counter[str], mentees: set[str]) -> Iterator[str]:
    for other in table.sides:
        if other is side or (table.mode == "mentor" and not _suit(side, other)):
            continue
        if code := table.blocked(side, other):
            yield code
        elif table.mode != "mentor":
            yield "nobody_left" if other.person.capacity else "no_capacity"
        else:
            full = may_learn(side) and other.person.id not in mentees and other.person.role != "mentee"
            yield "no_capacity" if full and mentees_of[other.person.id] >= other.person.capacity else "nobody_left"


def _suit(one: Side, other: Side) -> bool:
    """Whether one of the two could mentor the other by role; a mentor without room counts, to be named as full."""
    if may_learn(one) and other.person.role in ("mentor", "both"):
        return True
    return may_mentor(one) and may_learn(other)


def _offers(people: Sequence[Person], one_way: bool) -> Iterator[Reason]:
    directions = combinations(people, 2) if one_way else permutations(people, 2)
    for giver, taker in directions:
        if tags := _shared_by_all([taker.wants, giver.offers]):
            yield Reason("offers_wants", {"giver": giver.id, "taker": taker.id, "tags": tags})


def _groups(table: Table, sides: Sequence[Side]) -> Iterator[Reason]:
    names = {side.group: side.person.group for side in sides}
    if "" in names:
        return
    if len(names) == 1:
        yield Reason("same_group", {"group": sides[0].person.group})
    elif table.rules.weights.get("other_group"):
        yield Reason("other_group", {"groups": tuple(sorted(names.values()))})


def _shared_by_all(lists: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """The words in every list, as the first writes them and in its order."""
    others = [{word.casefold() for word in words} for words in lists[1:]]
    return tuple(word for word in lists[0] if all(word.casefold() in other for other in others))


def _shared(lists: Sequence[Iterable[str]]) -> tuple[str, ...]:
    """The words in at least two of the lists, those shared by most first."""
    spelling: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for words in lists:
        for word in {word.casefold(): word for word in words}.items():
            spelling.setdefault(*word)
            counts[word[0]] += 1
    ordered = sorted((word for word in counts if counts[word] > 1), key=lambda word: (-counts[word], word))
    return tuple(spelling[word] for word in ordered)
