"""One round, from a request to its result."""

from bot.matching import greedy
from bot.matching.check import check
from bot.matching.judge import result
from bot.matching.model import Request, Result
from bot.matching.score import Table

_ENGINES = {"peer": greedy.pairs, "circles": greedy.circles, "mentor": greedy.mentors}


def match(request: Request) -> Result:
    """Make a round: groups that break no hard rule, with scores and reasons, and who is left with what blocked them.

    Equal requests give equal results. The cost grows with the square of the people: about half a second for 500. Raises
    MatchingError (a ValueError) naming everything that is wrong with the request.
    """
    check(request)
    table = Table(request)
    locked = [tuple(table.by_id[name] for name in group) for group in request.locked]
    return result(table, _ENGINES[request.mode](table, list(locked)))
