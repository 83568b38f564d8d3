"""Whether a programme serves everybody alike: the same figures group by group, above a least size only.

A group of fewer than `K` people is not shown, however often each wished or answered, and when one alone would be
hidden, the next smallest is too. Of what people said in private, a figure is shown only where as many as `K`, or
nobody, are on each side of it: else it could be told who is meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

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

Wish = tuple[str, bool]
"""Who wished for a partner, and whether it came true."""

Answer = tuple[str, int, int]
"""Who answered, what (1 to 5), and how often."""

T = TypeVar("T", Wish, Answer)


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
        groups(trait, "", _by(of, wishes), _by(of, answers))
        for place, trait in enumerate(OPEN)
        for of in [{member: values[place] for member, values in known.items()}]
    ]
    for one in private:
        labels = {option: texts[f"options.{one.key}.{place}"] for place, option in enumerate(one.options, 1)}
        of = {member: labels.get(given.get(one.stored, ""), "") for member, given in told.items()}
        label = texts[f"application.{one.key}"]
        found.append(groups(one.key, label, _by(of, wishes), _by(of, answers), private=True))
    return [one for one in found if len(one.matched) > 1 or len(one.satisfied) > 1]


def _by(of: Mapping[str, str], cases: Sequence[T]) -> dict[str, list[T]]:
    """Sort cases by the value of their member; who has none counts nowhere."""
    found: dict[str, list[T]] = {}
    for one in cases:
        if value := of.get(one[0], ""):
            found.setdefault(value, []).append(one)
    return found


def groups(
    trait: str,
    label: str,
    wishes: Mapping[str, Sequence[Wish]],
    answers: Mapping[str, Sequence[Answer]],
    *,
    private: bool = False,
) -> Groups:
    """Return what may be shown of wishes and of answers, by value."""
    seen, heard = (shown({value: _people(cases) for value, cases in held.items()}, K) for held in (wishes, answers))
    may = {value: bool(seen[value]) and (not private or _both_sides(cases)) for value, cases in wishes.items()}
    told = {value: _counts(cases) for value, cases in answers.items() if heard[value]}
    return Groups(
        trait, label,
        {
            value: estimates.share(sum(met for _, met in cases), len(cases))
            for value, cases in sorted(wishes.items())
            if may[value]
        },
        {value: estimates.mean_of(counts) for value, counts in sorted(told.items()) if speaks(counts)},
        len(may) - sum(may.values()),
    )  # fmt: skip


def _people(cases: Sequence[Wish] | Sequence[Answer]) -> int:
    return len({one[0] for one in cases})


def _both_sides(cases: Sequence[Wish]) -> bool:
    """Whether as many as `K` people, or nobody, are on each side."""
    sides = (_people([one for one in cases if one[1] is side]) for side in (True, False))
    return all(side == 0 or side >= K for side in sides)


def _counts(cases: Sequence[Answer]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for _, answer, times in cases:
        counts[answer] = counts.get(answer, 0) + times
    return counts
