"""RFC 5545 rules as a person writes them: read into parts, with every fault named and a cure for each.

They are read here rather than by `dateutil.rrulestr`, which looks at the machine's clock for an incomplete UNTIL, lets
impossible numbers through and stops at the first fault.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from dateutil.rrule import weekday, weekdays

from bot.i18n import N_

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years that a first date or an UNTIL may lie in."""

TIMES_A_DAY = 24
"""A rule may fire so often in a day (BYHOUR times BYMINUTE) and no more: this calendar is for people."""

PROBLEMS = {
    "zone_unknown": N_("There is no time zone called {value}. Write a region and a city, like Europe/Lisbon."),
    "zone_nearest": N_("There is no time zone called {value}. Did you mean {nearest}?"),
    "anchor_aware": N_("The first date must be a local time without an offset; its time zone is given separately."),
    "anchor_year": N_("The first date must lie between the years {least} and {most}, not in {value}."),
    "rule_empty": N_("The rule is empty. Write one like FREQ=WEEKLY;BYDAY=MO."),
    "rule_no_freq": N_("The rule does not say how often. Begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."),
    "rule_sub_daily": N_("{value} is more often than a rule may be. Use DAILY, and BYHOUR for several times a day."),
    "rule_piece": N_(
        "I cannot read {value} in the rule. Each piece is NAME=VALUE, and pieces are parted by semicolons."
    ),
    "rule_unknown": N_("A rule has no {part} here. It may have: {known}."),
    "rule_nearest": N_("A rule has no {part} here. Did you mean {nearest}?"),
    "rule_twice": N_("{part} stands in the rule twice. Keep one, with commas between its values."),
    "rule_value": N_("{part} cannot be {value}. Write it like {example}."),
    "rule_number": N_("{part} cannot be {value}. It takes whole numbers from {least} to {most}."),
    "rule_signed": N_("{part} cannot be {value}. It takes 1 to {most}, or -1 to -{most} counted from the end."),
    "rule_together": N_("{part} does not go with {other}. Remove one of them."),
    "rule_alone": N_("BYSETPOS needs something to pick from. Add BYDAY or another BY part, or remove it."),
    "rule_too_often": N_(
        "The rule fires {value} times a day. The most is {most}: give fewer values for BYHOUR and BYMINUTE."
    ),
    "rule_never": N_("This rule never fires. Check its days, months and UNTIL against the first date."),
}
"""What can be wrong and how to cure it, by `Problem.key`: sentences to translate."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `where` is `rule`, `zone` or `anchor`; `key` a key of `PROBLEMS`; `params` what its sentence names."""

    where: str
    key: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.where}: {PROBLEMS[self.key].format_map(self.params)}"


class RecurrenceError(ValueError):
    """A recurrence that cannot be followed. `problems` holds every fault, `str()` one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What a numeric part takes: from `least` to `most`; signed ones also count from the end and are never 0."""

    least: int
    most: int
    signed: bool = False
    many: bool = True


_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_SUB_DAILY = {"HOURLY", "MINUTELY", "SECONDLY"}
_NAMES_OF_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAYS = dict(zip(_NAMES_OF_DAYS, weekdays, strict=True))
_NUMBERS = {
    "INTERVAL": _Numbers(1, 999, many=False),
    "COUNT": _Numbers(1, 1000, many=False),
    "BYMONTH": _Numbers(1, 12),
    "BYMONTHDAY": _Numbers(1, 31, signed=True),
    "BYYEARDAY": _Numbers(1, 366, signed=True),
    "BYSETPOS": _Numbers(1, 366, signed=True),
    "BYHOUR": _Numbers(0, 23),
    "BYMINUTE": _Numbers(0, 59),
    "BYSECOND": _Numbers(0, 59, many=False),
}
_EXAMPLES = {"FREQ": "FREQ=WEEKLY", "BYDAY": "BYDAY=MO,TH", "WKST": "WKST=MO", "UNTIL": "UNTIL=20271231"}
_NAMES = (*_EXAMPLES, *_NUMBERS)
# RFC 5545, section 3.3.10: parts that have no meaning at a frequency
_NOT_WITH = {
    "BYMONTHDAY": {"WEEKLY"},
    "BYYEARDAY": {"DAILY", "WEEKLY", "MONTHLY"},
}
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}")
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")


def _numbers(takes: _Numbers, value: str) -> tuple[int, ...]:
    """Read comma-separated numbers; raise `ValueError` for any that the part does not take."""
    texts = value.split(",")
    if not all(_NUMBER.fullmatch(text) for text in texts) or (len(texts) > 1 and not takes.many):
        raise ValueError(value)
    numbers = tuple(map(int, texts))
    if not all(takes.least <= (abs(number) if takes.signed else number) <= takes.most for number in numbers):
        raise ValueError(value)
    return numbers


def _day(text: str) -> weekday:
    """Read `MO` or, counted within the month or year, `+2MO`; raise `ValueError` for anything else."""
    match = _DAY.fullmatch(text)
    if not match or abs(int(match[1] or 1)) > 53:
        raise ValueError(text)
    return DAYS[match[2]](int(match[1])) if match[1] else DAYS[match[2]]


def _until(value: str) -> tuple[datetime, bool]:
    """Return the last moment that UNTIL allows and whether it is in UTC; a bare day counts to its end."""
    if not _UNTIL.fullmatch(value):
        raise ValueError(value)
    moment = datetime.fromisoformat(value.removesuffix("Z"))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(value)
    return (moment if "T" in value else datetime.combine(moment, time.max)), value.endswith("Z")


def _value(name: str, value: str) -> Any:
    """Read one part's value; raise `ValueError` when it cannot be."""
    if name in _NUMBERS:
        return _numbers(_NUMBERS[name], value)
    if name == "BYDAY":
        return tuple(map(_day, value.split(",")))
    if name == "UNTIL":
        return _until(value)
    if value not in (_FREQUENCIES if name == "FREQ" else DAYS):
        raise ValueError(value)
    return value


def _refusal(name: str, value: str) -> Problem:
    """Say why `value` was not taken."""
    if name == "FREQ" and value in _SUB_DAILY:
        return Problem("rule", "rule_sub_daily", {"value": value})
    if name not in _NUMBERS:
        return Problem("rule", "rule_value", {"part": name, "value": value or '""', "example": _EXAMPLES[name]})
    takes = _NUMBERS[name]
    params = {"part": name, "value": value or '""', "least": str(takes.least), "most": str(takes.most)}
    return Problem("rule", "rule_signed" if takes.signed else "rule_number", params)


def _no_such(name: str) -> Problem:
    near = difflib.get_close_matches(name, _NAMES, n=1)
    if near and name != "BYWEEKNO":
        return Problem("rule", "rule_nearest", {"part": name, "nearest": near[0]})
    return Problem("rule", "rule_unknown", {"part": name, "known": ", ".join(_NAMES)})


def read_rule(rule: str) -> tuple[dict[str, Any], list[Problem]]:
    """Return the parts that can be read, by RFC 5545 name, and everything that is wrong with the rule.

    FREQ and WKST are names, UNTIL a local or UTC moment and whether it is UTC, BYDAY dateutil's weekdays, the others
    tuples of numbers. Without a problem there is always a FREQ.
    """
    parts: dict[str, Any] = {}
    problems: list[Problem] = []
    seen: set[str] = set()
    for piece in filter(None, rule.strip().upper().removeprefix("RRULE:").split(";")):
        name, equals, value = (text.strip() for text in piece.partition("="))
        if not (name and equals):
            problems.append(Problem("rule", "rule_piece", {"value": piece.strip() or '""'}))
        elif name not in _NAMES:
            problems.append(_no_such(name))
        elif name in seen:
            problems.append(Problem("rule", "rule_twice", {"part": name}))
        else:
            seen.add(name)
            try:
                parts[name] = _value(name, value)
            except ValueError:
                problems.append(_refusal(name, value))
    if not (seen or problems):
        problems.append(Problem("rule", "rule_empty"))
    elif "FREQ" not in seen:
        problems.append(Problem("rule", "rule_no_freq"))
    return parts, problems + _clashes(parts)


def _clashes(parts: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with how the parts stand together."""
    freq = parts.get("FREQ", "")
    pairs = [(name, f"FREQ={freq}") for name, freqs in _NOT_WITH.items() if name in parts and freq in freqs]
    if freq in {"DAILY", "WEEKLY"}:
        pairs += [
            (f"BYDAY={day.n}{_NAMES_OF_DAYS[day.weekday]}", f"FREQ={freq}") for day in parts.get("BYDAY", ()) if day.n
        ]
    if "COUNT" in parts and "UNTIL" in parts:
        pairs.append(("COUNT", "UNTIL"))
    problems = [Problem("rule", "rule_together", {"part": part, "other": other}) for part, other in pairs]
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        problems.append(Problem("rule", "rule_alone"))
    times = len(set(parts.get("BYHOUR", (0,)))) * len(set(parts.get("BYMINUTE", (0,))))
    if times > TIMES_A_DAY:
        problems.append(Problem("rule", "rule_too_often", {"value": str(times), "most": str(TIMES_A_DAY)}))
    return problems
