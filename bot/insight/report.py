"""Everything there is to say of a programme, gathered once, then shown as a page, a workbook, a table or JSON.

Only counts go in: no name, no id of a member, no word that anybody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import storage.meetings
import storage.outcome
import storage.programme
from bot.insight import curves, equity, estimates
from bot.insight.curves import Funnel, Growth, Retention
from bot.insight.equity import Groups
from bot.insight.estimates import Estimate
from bot.insight.measures import MEASURES, PERIOD, Scope, measure, meetings_by_week, midnight_after
from bot.programme.file import ProgrammeFile
from bot.programme.sections import Goal
from bot.programme.stored import file_of
from bot.suppression import K
from storage.db import Db
from storage.programme import Programme

WEEKS_SHOWN = timedelta(weeks=12)
"""How far back the week by week chart goes beside figures of four weeks."""


@dataclass(frozen=True, slots=True)
class Target:
    """A goal of the programme's file: what it is, its figure since the cohort began, what was wanted, by when."""

    text: str
    measure: str
    found: Estimate
    target: float
    due: datetime | None

    @property
    def reached(self) -> bool | None:
        """Whether it is reached; None while there is nothing to say."""
        return None if self.found.value is None else self.found.value >= self.target


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its first day, pairs that met, pairs there were."""

    begins: datetime
    met: int
    pairs: int


OVERVIEW = (
    "members", "participation", "meetings", "answered", "first_meeting", "matched", "stayed", "stalled", "hours",
    "satisfied", "nps", "thanked",
)  # fmt: skip
COMPARED = ("participation", "meetings", "answered", "matched", "stayed", "satisfied")
"""What the overview shows, and what of it beside the period before."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The overview: `figures` of the period, some of them `before` it, the weeks up to now, the programme's goals."""

    programme: str
    figures: Mapping[str, Estimate]
    before: Mapping[str, Estimate]
    weeks: Sequence[Week]
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report holds. `figures` and `before`: key -> figure of this period and of the one before it.

    `loads` is, of each mentor, (pairs, the most they take), without saying whose; `outcomes` key -> the mean of what
    was measured elsewhere.
    """

    programme: str
    at: Scope
    made: datetime
    figures: Mapping[str, Estimate]
    before: Mapping[str, Estimate]
    weeks: Sequence[Week]
    targets: Sequence[Target]
    funnel: Funnel
    retention: Sequence[Retention]
    growth: Sequence[Growth]
    groups: Sequence[Groups]
    loads: Sequence[tuple[int, int]]
    outcomes: Mapping[str, Estimate]


def scope(
    community: str, programme: Programme, now: datetime, *, stalled_days: int, period: timedelta | None = PERIOD
) -> Scope:
    """Return the period up to today; all that there was since the programme was made, when `period` is None."""
    until = midnight_after(now)
    since = until - period if period is not None else midnight_after(programme.created_at) - timedelta(days=1)
    return Scope(
        community=community, programme=programme.id, since=since, until=until, stalled_days=stalled_days,
        required=file_of(programme).training.required,
    )  # fmt: skip


async def gather(db: Db, programme: Programme, at: Scope, now: datetime, language: str) -> Report:
    """Look at everything, once."""
    file = file_of(programme)
    texts = file.texts(language)
    before, weeks = await _looked_back(db, at)
    return Report(
        programme=texts["name"],
        at=at,
        made=now,
        figures=await measure(db, list(MEASURES), at),
        before=await measure(db, [key for key, one in MEASURES.items() if not one.now], before),
        weeks=weeks,
        targets=await targets(db, file, texts, at),
        funnel=await curves.funnel(db, at),
        retention=await curves.retention(db, at),
        growth=await curves.growth(db, at),
        groups=await equity.equity(db, at, file, texts),
        loads=[(pairs, most) for _, most, pairs in await storage.meetings.load(db, at.community, at.programme)],
        outcomes=await outcomes(db, at),
    )


async def glance(db: Db, programme: Programme, at: Scope, language: str) -> Glance:
    """Look at what the overview shows, and at nothing else: it is opened often."""
    file = file_of(programme)
    texts = file.texts(language)
    before, weeks = await _looked_back(db, at)
    return Glance(
        programme=texts["name"],
        figures=await measure(db, OVERVIEW, at),
        before=await measure(db, COMPARED, before),
        weeks=weeks,
        targets=await targets(db, file, texts, at),
    )


async def _looked_back(db: Db, at: Scope) -> tuple[Scope, list[Week]]:
    """Return the period before, and the weeks that a chart shows; what was counted for them need not be again."""
    before, long = at.before(), replace(at, since=min(at.since, at.until - WEEKS_SHOWN), seen={})
    weeks = await by_week(db, long)
    share_weeks(long, at, before)
    return before, weeks


def share_weeks(long: Scope, *others: Scope) -> None:
    """Let shorter periods know the weeks that a longer one has counted, where it holds all of theirs."""
    counted = dict(zip(long.weeks, long.seen.get(("weeks", (tuple(long.weeks),)), ()), strict=False))
    for one in others:
        if all(week in counted for week in one.weeks):
            one.seen["weeks", (tuple(one.weeks),)] = [counted[week] for week in one.weeks]


async def by_week(db: Db, at: Scope) -> list[Week]:
    """Return the weeks of a period in which there were pairs, oldest first."""
    found = zip(at.weeks, await meetings_by_week(db, at), strict=True)
    return [Week(begins, met, pairs) for (begins, _), (met, pairs) in found if pairs]


async def targets(db: Db, file: ProgrammeFile, texts: Mapping[str, str], at: Scope) -> list[Target]:
    """Return the goals of a programme's file with their figures since its newest cohort began."""
    if not file.goals:
        return []
    cohorts = await storage.programme.cohorts_of(db, at.community, at.programme)
    began = next((row.opened_at for row in cohorts if row.opened_at is not None), None)
    if began is None:
        return []
    since = min(midnight_after(began) - timedelta(days=1), at.until - timedelta(days=1))
    whole = replace(at, since=since, seen={})
    keys = sorted({str(goal.measure.value) for goal in file.goals})
    found = await measure(db, keys, whole)
    return [
        Target(
            texts[f"goals.{goal.key}"], goal.measure.value, found[goal.measure.value], goal.target, _due(goal, began)
        )
        for goal in file.goals
    ]


def _due(goal: Goal, began: datetime) -> datetime | None:
    if goal.due is not None:
        return datetime(goal.due.year, goal.due.month, goal.due.day, tzinfo=began.tzinfo)
    return began + timedelta(weeks=goal.due_week) if goal.due_week is not None else None


async def outcomes(db: Db, at: Scope) -> dict[str, Estimate]:
    """Return the mean of each outcome that was brought in, of `K` members or more."""
    found = await storage.outcome.sums(db, at.community, at.programme)
    return {key: estimates.mean(n, total, squares) for key, (n, total, squares) in found.items() if n >= K}


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON values: figures by key, shares from 0 to 1, moments in ISO 8601."""
    return {
        "format": "kith-report/1",
        "programme": report.programme,
        "made": report.made.isoformat(),
        "since": report.at.since.isoformat(),
        "until": report.at.until.isoformat(),
        "figures": {
            key: _json(found) | {"before": report.before[key].value if key in report.before else None}
            | {"unit": MEASURES[key].unit}
            for key, found in report.figures.items()
        },
        "weeks": [
            {"begins": one.begins.date().isoformat(), "met": one.met, "pairs": one.pairs} for one in report.weeks
        ],
        "targets": [
            {"text": one.text, "measure": one.measure, "target": one.target, "reached": one.reached,
             "due": one.due.date().isoformat() if one.due else None, **_json(one.found)}
            for one in report.targets
        ],
        "funnel": dict(zip(("applied", "joined", "paired", "met"), report.funnel.people, strict=True)),
        "sources": dict(report.funnel.sources),
        "training": {
            kind: {"people": people, "modules": {name: {"begun": begun, "passed": passed}
                                                 for name, (begun, passed) in modules.items()}}
            for kind, (people, modules) in report.funnel.modules.items()
        },
        "retention": [
            {"cohort": one.cohort, "people": one.people,
             "weeks": {str(week): _json(found) for week, found in one.weeks.items()}}
            for one in report.retention
        ],
        "growth": [
            {"cohort": one.cohort, "confidence": _json(one.confidence), "skill": _json(one.skill)}
            for one in report.growth
        ],
        "groups": [
            {"trait": one.trait, "hidden": one.hidden,
             "matched": {value: _json(found) for value, found in one.matched.items()},
             "satisfied": {value: _json(found) for value, found in one.satisfied.items()}}
            for one in report.groups
        ],
        "mentors": [{"pairs": pairs, "most": most} for pairs, most in sorted(report.loads)],
        "outcomes": {key: _json(found) for key, found in report.outcomes.items()},
    }  # fmt: skip


def _json(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "n": found.n, "low": found.low, "high": found.high}


def rows(report: Report) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the header and the rows of a report as one table: what, of which part, its figure, how sure it is."""
    header = ("what", "about", "unit", "value", "low", "high", "n", "before", "wanted")
    found: list[tuple[object, ...]] = []

    def add(
        what: str, about: str, unit: str, one: Estimate, *, before: Estimate | None = None, wanted: object = None
    ) -> None:
        was = before.value if before is not None else None
        found.append((what, about, unit, one.value, one.low, one.high, one.n, was, wanted))

    for key, one in report.figures.items():
        add(key, "", MEASURES[key].unit, one, before=report.before.get(key))
    for week in report.weeks:
        add("meetings", week.begins.date().isoformat(), "share", estimates.share(week.met, week.pairs))
    for target in report.targets:
        add("goal", target.text, MEASURES[target.measure].unit, target.found, wanted=target.target)
    for stage, number in zip(("applied", "joined", "paired", "met"), report.funnel.people, strict=True):
        add("funnel", stage, "people", estimates.count(number))
    for source, number in sorted(report.funnel.sources.items()):
        add("source", source, "people", estimates.count(number))
    for kind, (people, modules) in report.funnel.modules.items():
        for name, (begun, passed) in modules.items():
            add("training begun", f"{kind} {name}", "people", estimates.count(begun, people))
            add("training passed", f"{kind} {name}", "people", estimates.count(passed, people))
    for cohort in report.retention:
        for number, one in cohort.weeks.items():
            add("retention", f"{cohort.cohort}, week {number}", "share", one)
    for grown in report.growth:
        add("confidence", grown.cohort, "score", grown.confidence)
        add("skill", grown.cohort, "score", grown.skill)
    for groups in report.groups:
        for value, one in groups.matched.items():
            add("matched", f"{groups.trait} {value}", "share", one)
        for value, one in groups.satisfied.items():
            add("satisfied", f"{groups.trait} {value}", "score", one)
    for key, one in report.outcomes.items():
        add("outcome", key, "number", one)
    return header, found
