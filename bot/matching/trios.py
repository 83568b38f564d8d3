"""Those left over join the groups that can take them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.matching.model import Person
from bot.matching.score import Table

Names = list[tuple[str, ...]]


def join(
    table: Table, groups: Names, left: Sequence[Person], largest: int, legal: Callable[[str], Any],
    places: Mapping[str, int],
) -> None:  # fmt: skip
    """Let those left join groups, one each, changing `groups`: the longest waiting first, each where it suits best.

    Nobody is refused because somebody else, who could sit elsewhere, was faster (Kuhn's augmenting paths).
    `legal(name)` tells of each place whether that person may be met.
    """
    waiting = sorted(left, key=lambda person: (-person.waited, places[person.id]))
    fitting: dict[str, list[int]] = {}
    for person in waiting:
        may = legal(person.id)
        found = [
            index
            for index, group in enumerate(groups)
            if len(group) < largest
            and all(may[places[name]] for name in group if name in places)
            and table.may_sit_together(table.group((*group, person.id)))
        ]
        scores = {index: table.group_score(table.group((*groups[index], person.id))) for index in found}
        fitting[person.id] = sorted(found, key=lambda index: (-scores[index], index))
    guest: dict[int, str] = {}

    def seat(name: str, asked: set[int]) -> bool:
        for index in fitting[name]:
            if index not in asked:
                asked.add(index)
                if index not in guest or seat(guest[index], asked):
                    guest[index] = name
                    return True
        return False

    for person in waiting:
        seat(person.id, set())
    for index, name in guest.items():
        groups[index] = (*groups[index], name)
