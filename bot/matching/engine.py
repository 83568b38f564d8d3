"""One round, from a request to its result."""

from collections.abc import Iterator
from math import ceil, isfinite

from bot.matching.check import check
from bot.matching.judge import result
from bot.matching.likeness import table_of
from bot.matching.model import Request, Result


def match(request: Request) -> Result:
    """Make a round: groups that break no hard rule, with scores and reasons, and who is left with what blocked them.

    Equal requests give equal results. Raises MatchingError (a ValueError) naming everything that is wrong with the
    request.
    """
    check(request)
    table = table_of(request)
    # numpy and what stands on it are loaded here, by the process that computes.
    if request.mode == "mentor":
        from bot.matching.mentors import mentors

        made = mentors(table, request.locked)
    else:
        from bot.matching import circles, peers

        placed = {name for group in request.locked for name in group}
        free = [one for one in table.people if one.id not in placed and one.capacity > 0]
        made = circles.circles(table, free) if request.mode == "circles" else peers.pairs(table, free)
    locked = [table.group(group) for group in request.locked]
    held = sum(table.group_score(group) for group in locked)
    bound = ceil((held + made.bound) * 1e6) / 1e6 if isfinite(made.bound) else None
    return result(table, [*locked, *(table.group(group) for group in made.groups)], bound)


def candidates(request: Request) -> Iterator[tuple[str, str, float, dict[str, float]]]:
    """Yield the legal pairs that a round chooses from: two ids, the score, and its parts, which add up to it.

    In small rounds these are all legal pairs, in larger ones the best of each person. In mentor mode the mentor stands
    first. Raises MatchingError as `match` does.
    """
    check(request)
    from bot.matching.listing import listed

    yield from listed(table_of(request))
