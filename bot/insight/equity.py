"""Whether a programme serves everybody alike: the same figures group by group, above a least size only.

A group of fewer than `K` wishes or answers is not shown, and when one alone would be hidden, the next smallest is too.
Of what people said in private, a figure is shown only where as many as `K`, or nobody, are on each side of it: else it
could be told who is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import storage.insight
import storage.meetings
from bot.insight import estimates
from bot.insight.estimates import Estimate
from bot.insight.measures import Scope, speaks
from bot.programme.file import ProgrammeFile
from bot.suppression import K, shown
from storage.db import Db

OPEN = ("grouping", "level")
"""What a profile or roster says of people."""

Wishes = Mapping[str, tuple[int, int]]
Answers = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Groups:
    """One trait: value -> the share of wishes that came true, and the mean satisfaction in check-ins.

    `trait` is one of `OPEN`, or the key of a private question with its text in `label`. `hidden` values are too few to
    be shown.
    """

    trait: str
    label: str
    matched: Mapping[str, Estimate]
    satisfied: Mapping[str, Estimate]
    hidden: int


async def equity(db: Db, at: Scope, file: ProgrammeFile, texts: Mapping[str, str]) -> list[Groups]:
    """Return the figures of each trait by which members differ, where two values or more may be shown.

    Private answers are named in the language of `texts`.
    """
    period = (at.community, at.programme, at.since, at.until)
    wishes = await storage.meetings.wishes(db, *period)
    answers = await storage.meetings.scales(db, *period)
    known = await storage.insight.traits(db, at.community, at.programme)
    private = [one for one in file.application if one.private]
    told = await storage.insight.private_answers(db, at.community, at.programme, [one.stored for one in private])
    found = [
        groups(trait, "", *_by({member: values[place] for member, values in known.items()}, wishes, answers))
        for place, trait in enumerate(OPEN)
    ]
    for one in private:
        labels = {option: texts[f"options.{one.key}.{place}"] for place, option in enumerate(one.options, 1)}
        of = {member: labels.get(given.get(one.stored, ""), "") for member, given in told.items()}
        label = texts[f"application.{one.key}"]
        found.append(groups(one.key, label, *_by(of, wishes, answers), private=True))
    return [one for one in found if len(one.matched) > 1 or len(one.satisfied) > 1]


def _by(
    of: Mapping[str, str], wishes: Sequence[tuple[str, bool]], answers: Sequence[tuple[str, int, int]]
) -> tuple[dict[str, tuple[int, int]], dict[str, dict[int, int]]]:
    """Count by the value of each member; who has none counts nowhere."""
    wished: dict[str, tuple[int, int]] = {}
    for member, came_true in wishes:
        if value := of.get(member, ""):
            number, met = wished.get(value, (0, 0))
            wished[value] = (number + 1, met + came_true)
    said: dict[str, dict[int, int]] = {}
    for member, answer, number in answers:
        if value := of.get(member, ""):
            counts = said.setdefault(value, {})
            counts[answer] = counts.get(answer, 0) + number
    return wished, said


def groups(trait: str, label: str, wishes: Wishes, answers: Answers, *, private: bool = False) -> Groups:
    """Return what may be shown of (wishes, those that came true) and of answers, by value."""
    seen = shown({value: number for value, (number, _) in wishes.items()}, K)
    heard = shown({value: sum(counts.values()) for value, counts in answers.items()}, K)
    may = {
        value: bool(seen[value]) and (not private or _both_sides(number, met))
        for value, (number, met) in wishes.items()
    }
    return Groups(
        trait, label,
        {value: estimates.share(met, number) for value, (number, met) in sorted(wishes.items()) if may[value]},
        {
            value: estimates.mean_of(counts)
            for value, counts in sorted(answers.items())
            if heard[value] and speaks(counts)
        },
        len(may) - sum(may.values()),
    )  # fmt: skip


def _both_sides(number: int, met: int) -> bool:
    return all(side == 0 or side >= K for side in (met, number - met))
