"""Who meets whom this round: people and rules in, groups with their reasons out.

Pure and deterministic, so that it can run in a worker process: `match(request)` and every value it takes and gives can
be pickled. Equal requests with equal seeds give equal rounds, in whatever order the people are listed.
"""

from bot.matching.engine import candidates, match
from bot.matching.judge import faults, judge
from bot.matching.model import (
    PARTS,
    WEIGHTS,
    Group,
    MatchingError,
    Mode,
    Part,
    Person,
    Reason,
    Request,
    Result,
    Role,
    Rules,
    Unmatched,
)

__all__ = [
    "PARTS",
    "WEIGHTS",
    "Group",
    "MatchingError",
    "Mode",
    "Part",
    "Person",
    "Reason",
    "Request",
    "Result",
    "Role",
    "Rules",
    "Unmatched",
    "candidates",
    "faults",
    "judge",
    "match",
]
