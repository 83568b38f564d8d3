"""Reasons in plain English, for a table on a terminal; members read theirs in chat, in their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from babel import Locale

from bot.matching import Reason

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHOWN = 3

LEFT = {
    "no_shared_language": "shares no language with {n}; another language would help",
    "no_overlap": "shares too few hours with {n}; more free hours would help",
    "only_repeats": "met {n} too lately; newcomers or a later round would help",
    "avoided": "is kept from {n} by a private list",
    "forbidden": "is kept from {n} for this round",
    "no_shared_space": "is in no space with {n}",
    "no_capacity": "finds {n} with no place left; more places would help",
    "nobody_left": "could meet {n} who are with others",
}


def in_words(reasons: Iterable[Reason]) -> Iterator[str]:
    """Say each reason of a group or of somebody unmatched as a sentence."""
    for reason in reasons:
        if words := _sentence(reason.code, reason.params):
            yield f"{words[0].upper()}{words[1:]}."


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    match code:
        case "shared_language":
            return f"all speak {_list([_language(code) for code in params['languages']])}"
        case "shared_hours":
            return f"share {params['count']} hours a week (UTC: {_times(params['hours'])})"
        case "offers_wants":
            return f"{params['giver']} offers {_list(params['tags'])}, which {params['taker']} wants"
        case "interests":
            return f"share an interest in {_list(params['tags'])}"
        case "goals":
            return f"share the goal: {_list(params['tags'])}"
        case "text":
            return f"write of {_list(params['tags'])}"
        case "same_group":
            return f"are in {params['group']}"
        case "other_group":
            return f"are from different groups: {_list(params['groups'])}"
        case "level":
            return f"levels {' and '.join(map(str, params['levels']))}"
        case "locked":
            return "were put together by hand"
        case "no_role":
            return "has no role among mentors and mentees"
        case _ if params.get("people") == 0:
            return {"no_capacity": "takes nobody this round", "nobody_left": "nobody else is there"}.get(code, "")
        case _:
            people = params.get("people", 0)
            return LEFT[code].format(n="one person" if people == 1 else f"{people} people") if code in LEFT else ""


def _language(code: str) -> str:
    return str(Locale("en").languages.get(code, code))


def _list(words: Sequence[str]) -> str:
    shown = list(words[:SHOWN])
    if len(words) > SHOWN:
        shown.append(f"{len(words) - SHOWN} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _times(hours: Sequence[int]) -> str:
    """Hours of the week as runs: Tue 18-20, Thu 18-20; at most three, then how many more."""
    if len(hours) == 168:
        return "at any time"
    runs = []
    for _, run in groupby(enumerate(hours), lambda pair: (pair[1] - pair[0], pair[1] // 24)):
        members = [hour for _, hour in run]
        runs.append(f"{DAYS[members[0] // 24]} {members[0] % 24}-{members[-1] % 24 + 1}")
    return _list(runs)
