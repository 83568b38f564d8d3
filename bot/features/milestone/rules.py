"""Which milestones a count reaches, and what is said of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.programme.file import ProgrammeFile
from bot.programme.sections import Milestone
from bot.recurrence import to_utc, to_wall

AT_HOUR = 10
"""At this hour of the member's own day an anniversary is told."""
LATE = timedelta(days=3)
"""An anniversary that is later than this is over, for example after a long outage."""


def reached(rules: Iterable[Milestone], kind: str, count: int) -> list[tuple[Milestone, int]]:
    """Return (rule, which of its counts) for everything of `kind` that `count` has reached, lowest first."""
    return [(rule, at) for rule in rules if rule.on == kind for at in rule.at if at <= count]


def level_of(rule: Milestone, count: int) -> int:
    """Return which level of a badge a count is, from 1; 0 for none yet."""
    return sum(at <= count for at in rule.at)


@dataclass(frozen=True, slots=True)
class Badge:
    """How far somebody is with a badge: `level` of `levels`, at `count`; `next_at` is None at the last level."""

    key: str
    name: str
    kind: str
    count: int
    level: int
    levels: int
    next_at: int | None


def badges(file: ProgrammeFile, texts: Mapping[str, str], counts: Mapping[str, int]) -> list[Badge]:
    """Return the badges of a programme in the file's order; `counts` is what is counted -> how far somebody is."""
    found: list[Badge] = []
    for rule in file.milestones:
        if rule.badge:
            count = counts.get(rule.on, 0)
            level = level_of(rule, count)
            ahead = [at for at in rule.at if at > count]
            name = texts.get(f"badges.{rule.key}", rule.badge)
            found.append(Badge(rule.key, name, rule.on, count, level, len(rule.at), ahead[0] if ahead else None))
    return found


def years_between(joined: datetime, now: datetime, zone: str) -> int:
    """Return how many years have passed on the member's own calendar; who joined on February 29 has it on the 28th."""
    then, today = to_wall(joined, zone), to_wall(now, zone)
    return sum(_day(then, year) <= today for year in range(then.year + 1, today.year + 1))


def next_anniversary(joined: datetime, now: datetime, zone: str) -> datetime:
    """Return when the next anniversary is told, after `now`, in aware UTC."""
    then = to_wall(joined, zone)
    for year in range(max(then.year + 1, to_wall(now, zone).year), then.year + 10_000):
        at = to_utc(_day(then, year).replace(hour=AT_HOUR, minute=0, second=0, microsecond=0), zone)
        if at > now:
            return at
    raise AssertionError("unreachable: there is always another year")


def _day(then: datetime, year: int) -> datetime:
    day = 28 if (then.month, then.day) == (2, 29) else then.day
    return then.replace(year=year, day=day, hour=0, minute=0, second=0, microsecond=0)


def newest(found: Sequence[tuple[Milestone, int]]) -> dict[str, int]:
    """Return key of the rule -> its highest count: only that one is congratulated when several are new at once."""
    return {rule.key: at for rule, at in found}
