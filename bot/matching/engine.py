"""One round, from a request to its result."""

from math import isfinite

from bot.matching.check import check
from bot.matching.judge import result
from bot.matching.model import Request, Result
from bot.matching.score import Table


def match(request: Request) -> Result:
    """Make a round: groups that break no hard rule, with scores and reasons, and who is left with what blocked them.

    Equal requests give equal results. Raises MatchingError (a ValueError) naming everything that is wrong with the
    request.
    """
    check(request)
    table = Table(request)
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
    bound = round(held + made.bound, 6) if isfinite(made.bound) else None
    return result(table, [*locked, *(table.group(group) for group in made.groups)], bound)
