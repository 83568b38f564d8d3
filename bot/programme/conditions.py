"""Whether what somebody answered meets the conditions of a programme's file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.programme.file import ProgrammeFile
from bot.programme.joining import Condition, Need


def holds(condition: Condition, answers: Mapping[str, Any], days: int) -> bool:
    """Whether a condition holds: `answers` is question -> answer as stored, `days` how long they are a member here.

    What was not answered meets no condition.
    """
    if condition.member_days is not None:
        return days >= condition.member_days
    given = answers.get(condition.question or "")
    if condition.is_:
        return bool(set(condition.is_) & set(given if isinstance(given, list | tuple) else [given]))
    if not isinstance(given, int):
        return False
    return (condition.at_least is None or given >= condition.at_least) and (
        condition.at_most is None or given <= condition.at_most
    )


def unmet(
    file: ProgrammeFile, kinds: tuple[str, ...], answers: Mapping[str, Any], days: int
) -> Iterator[tuple[int, Need]]:
    """Yield (place from 1, need) of what somebody who would be `kinds` does not meet."""
    for place, need in enumerate(file.eligibility, 1):
        if (need.role is None or need.role in kinds) and not holds(need, answers, days):
            yield place, need


def verdict(file: ProgrammeFile, kinds: tuple[str, ...], answers: Mapping[str, Any], days: int) -> str:
    """Return what becomes of an application: approve, waitlist, decline, or "" when coordinators decide.

    A rule for one role decides only about who would be that and nothing else.
    """
    if file.review is None or not file.review.of(kinds):
        return "approve"
    for rule in file.review.rules:
        if (rule.role is None or set(kinds) == {rule.role}) and holds(rule, answers, days):
            return rule.then
    return ""
