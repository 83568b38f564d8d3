"""Why a group was made, and why somebody is without one, as codes that views put into words."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations

from bot.matching.model import Person, Reason, Unmatched
from bot.matching.score import Side, Table, may_learn, may_mentor

# So many comparisons take less time one by one than it takes to load numpy.
FEW = 20_000


def of_group(table: Table, group: Sequence[Side], locked: bool) -> tuple[Reason, ...]:
    """What speaks for a group, in a fixed order of codes; see `bot.matching.Reason` for their params."""
    people = [side.person for side in group]
    reasons = [Reason("locked")] if locked else []
    if languages := _shared_by_all([side.languages for side in group]):
        reasons.append(Reason("shared_language", {"languages": languages}))
    if hours := frozenset.intersection(*(person.hours for person in people)):
        reasons.append(Reason("shared_hours", {"hours": tuple(sorted(hours)), "count": len(hours)}))
    reasons += _offers(group, table.mode == "mentor")
    if interests := _shared([side.interests for side in group]):
        reasons.append(Reason("interests", {"tags": interests}))
    if goals := _shared([side.goals for side in group]):
        reasons.append(Reason("goals", {"tags": goals}))
    if table.texts and (words := _said_by_all(table, people)):
        reasons.append(Reason("text", {"tags": words}))
    reasons += _groups(table, group)
    levels = tuple(person.level for person in people)
    if None not in levels:
        reasons.append(Reason("level", {"levels": levels}))
    return tuple(reasons)


def of_unmatched(table: Table, left: Sequence[Person], load: Counter[str], mentees: set[str]) -> list[Unmatched]:
    """What stood between each of those left and the others: each code with how many `people` it concerns, most first.

    `load` counts the mentees that each mentor has, and `mentees` are the ids that have a mentor; both are empty unless
    mentors are matched.
    """
    if len(left) * len(table.people) <= FEW:
        return [_unmatched(table, person, Counter(_codes(table, person, load, mentees))) for person in left]
    from bot.matching.crowd import Crowd

    crowd = Crowd(table, load, mentees)
    return [_unmatched(table, person, crowd.codes(person)) for person in left]


def _unmatched(table: Table, person: Person, counts: Counter[str]) -> Unmatched:
    if table.mode == "mentor" and person.role == "peer":
        return Unmatched(person.id, (Reason("no_role", {"people": 0}),))
    if person.capacity == 0 and (table.mode != "mentor" or person.role == "mentor"):
        return Unmatched(person.id, (Reason("no_capacity", {"people": 0}),))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    reasons = tuple(Reason(code, {"people": people}) for code, people in ordered)
    return Unmatched(person.id, reasons or (Reason("nobody_left", {"people": 0}),))


def _codes(table: Table, person: Person, load: Counter[str], mentees: set[str]) -> Iterator[str]:
    side = table.side(person.id)
    for other in table.sides:
        if other is side or (table.mode == "mentor" and not _suit(side, other)):
            continue
        if code := table.blocked(side, other):
            yield code
        elif table.mode != "mentor":
            yield "nobody_left" if other.person.capacity else "no_capacity"
        else:
            full = may_learn(side) and other.person.id not in mentees and other.person.role != "mentee"
            yield "no_capacity" if full and load[other.person.id] >= other.person.capacity else "nobody_left"


def _suit(one: Side, other: Side) -> bool:
    """Whether one of the two could mentor the other by role; a mentor without room counts, to be named as full."""
    if may_learn(one) and other.person.role in ("mentor", "both"):
        return True
    return may_mentor(one) and may_learn(other)


def _offers(group: Sequence[Side], one_way: bool) -> Iterator[Reason]:
    directions = combinations(group, 2) if one_way else permutations(group, 2)
    for giver, taker in directions:
        offers = giver.offers
        if tags := tuple(spelled for word, spelled in taker.wants.items() if word in offers):
            yield Reason("offers_wants", {"giver": giver.person.id, "taker": taker.person.id, "tags": tags})


def _groups(table: Table, sides: Sequence[Side]) -> Iterator[Reason]:
    names = {side.group: side.person.group for side in sides}
    if "" in names:
        return
    if len(names) == 1:
        yield Reason("same_group", {"group": sides[0].person.group})
    elif table.rules.weights.get("other_group"):
        yield Reason("other_group", {"groups": tuple(sorted(names.values()))})


def _said_by_all(table: Table, people: Sequence[Person]) -> tuple[str, ...]:
    """The words that weigh most in what all of them wrote; a vector that is not of words says nothing."""
    texts = [table.texts.get(person.id, {}) for person in people]
    common = set(texts[0]).intersection(*texts[1:])
    ordered = sorted((-min(text[word] for text in texts), word) for word in common if not word.startswith("\0"))
    return tuple(word for _, word in ordered[:3])


def _shared_by_all(words: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The words of everybody, as the first writes them and in its order."""
    others = words[1:]
    return tuple(spelled for word, spelled in words[0].items() if all(word in other for other in others))


def _shared(words: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The words of at least two, those of most people first."""
    if len(words) == 2:
        one, other = words
        return tuple([one[word] for word in sorted([word for word in one if word in other])])
    spelling: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for mine in words:
        for word, spelled in mine.items():
            spelling.setdefault(word, spelled)
            counts[word] += 1
    ordered = sorted((word for word in counts if counts[word] > 1), key=lambda word: (-counts[word], word))
    return tuple(spelling[word] for word in ordered)
