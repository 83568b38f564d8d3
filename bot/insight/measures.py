"""Every figure that is shown of a programme, each defined here once: what it counts, in which unit, and how.

docs/measures.md is made from this. A measure looks at one programme over a period; `Estimate` has its sample size and
its uncertainty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar, cast

import storage.insight
import storage.meetings
from bot.i18n import N_
from bot.insight import estimates
from bot.insight.estimates import Estimate
from bot.suppression import K, shown
from storage.db import Db
from storage.survey import Survey

T = TypeVar("T")
WEEK = timedelta(days=7)
PERIOD = timedelta(weeks=4)
"""How far back figures look unless somebody asks otherwise."""

Unit = Literal["people", "share", "days", "hours", "points", "score", "number"]
"""share: 0 to 1. points: hundredths, -100 to 100. score: 1 to 5, or the difference of two. hours, days: so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is looked at: a programme from `since` until `until` (aware UTC, at midnight).

    `required`: role -> modules of its training. `stalled_days`: after so many days without a sign a pair is stalled.
    `seen` remembers what was counted, as several figures are made of the same counts.
    """

    community: str
    programme: str
    since: datetime
    until: datetime
    stalled_days: int = 14
    required: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seen: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def weeks(self) -> list[tuple[datetime, datetime]]:
        """The weeks of the period, counted back from its end, oldest first; the first may be shorter."""
        found, end = [], self.until
        while end > self.since:
            found.append((max(self.since, end - WEEK), end))
            end -= WEEK
        return found[::-1]

    def before(self) -> Scope:
        """The period of the same length that went before."""
        return replace(self, since=self.since - (self.until - self.since), until=self.since, seen={})


def midnight_after(now: datetime) -> datetime:
    """Return the next midnight in UTC: periods end there, so that today counts."""
    return datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `label` and `formula` are sentences to translate; `up` says whether more is better, None neither.

    `now` is for a figure that only the present has: it looks at how things stand, not at the period.
    """

    key: str
    label: str
    formula: str
    unit: Unit
    up: bool | None
    of: Callable[[Db, Scope], Awaitable[Estimate]]
    now: bool = False


async def _asked(db: Db, at: Scope, query: Callable[..., Awaitable[T]], *rest: Any) -> T:
    """Return what a query of `storage.insight` or `storage.meetings` finds of the programme, asked once a scope."""
    key = (query.__name__, rest)
    if key not in at.seen:
        at.seen[key] = await query(db, at.community, at.programme, *rest)
    return cast("T", at.seen[key])


# -- people ------------------------------------------------------------------------------------------------------------


async def _members(db: Db, at: Scope) -> Estimate:
    return estimates.count(await _asked(db, at, storage.insight.members, at.until))


async def _participation(db: Db, at: Scope) -> Estimate:
    present = await _asked(db, at, storage.insight.members, at.until)
    return estimates.share(await _asked(db, at, storage.insight.took_part, at.since, at.until), present)


async def _stayed(db: Db, at: Scope) -> Estimate:
    every, kept = await _asked(db, at, storage.insight.stayed, at.since, at.until)
    return estimates.share(kept, every)


async def _trained(db: Db, at: Scope) -> Estimate:
    every = passed = 0
    for kind, names in at.required.items():
        if names:
            there, done = await _asked(db, at, storage.insight.trained, kind, at.until, tuple(names))
            every, passed = every + there, passed + done
    return estimates.share(passed, every)


# -- pairs -------------------------------------------------------------------------------------------------------------


async def _matched(db: Db, at: Scope) -> Estimate:
    wishes, came_true = await _asked(db, at, storage.meetings.matched, at.since, at.until)
    return estimates.share(came_true, wishes)


async def _answered(db: Db, at: Scope) -> Estimate:
    asked, answers = await _asked(db, at, storage.meetings.answered, at.since, at.until)
    return estimates.share(answers, asked)


async def meetings_by_week(db: Db, at: Scope) -> list[tuple[int, int]]:
    """Return (pairs that met, pairs there were) of each week of the period, oldest first."""
    return await _asked(db, at, storage.meetings.weeks, tuple(at.weeks))


async def _meetings(db: Db, at: Scope) -> Estimate:
    weeks = await meetings_by_week(db, at)
    return estimates.share(sum(met for met, _ in weeks), sum(pairs for _, pairs in weeks))


async def _met(db: Db, at: Scope) -> Estimate:
    met, not_met = await _scores(db, at)
    return estimates.share(len(met), len(met) + len(not_met))


async def _scores(db: Db, at: Scope) -> tuple[list[float], list[float]]:
    """Return the scores of the pairs that began in the period and met before its end, and of those that did not."""
    begun = await _asked(db, at, storage.meetings.begun, at.since, at.until)
    met = [score for _, met, _, score in begun if met is not None and met < at.until]
    return met, [score for _, met, _, score in begun if met is None or met >= at.until]


async def _first_meeting(db: Db, at: Scope) -> Estimate:
    begun = await _asked(db, at, storage.meetings.begun, at.since, at.until)
    return estimates.median_time([_wait(began, met, ended, at.until) for began, met, ended, _ in begun])


def _wait(began: datetime, happened: datetime | None, ended: datetime | None, until: datetime) -> tuple[float, bool]:
    """Return how many days something took, or was waited for in vain, and whether it happened before `until`."""
    if happened is not None and happened < until:
        return _days(happened - began), True
    return _days(min(ended or until, until) - began), False


def _days(length: timedelta) -> float:
    return max(0.0, length / timedelta(days=1))


async def _stalled(db: Db, at: Scope) -> Estimate:
    since = at.until - timedelta(days=at.stalled_days)
    active, silent = await _asked(db, at, storage.meetings.stalled, since)
    return estimates.share(silent, active)


async def _hours(db: Db, at: Scope) -> Estimate:
    sessions, minutes = await _asked(db, at, storage.meetings.minutes, at.since, at.until)
    return estimates.count(minutes / 60, sessions)


async def _mentor_load(db: Db, at: Scope) -> Estimate:
    mentors = await _asked(db, at, storage.meetings.load)
    most = sum(capacity for _, capacity, _ in mentors)
    return Estimate(sum(pairs for _, _, pairs in mentors) / most, len(mentors)) if most else estimates.NOTHING


async def _quality(db: Db, at: Scope) -> Estimate:
    return estimates.ranking(*await _scores(db, at))


# -- what members do ---------------------------------------------------------------------------------------------------


async def _goal_progress(db: Db, at: Scope) -> Estimate:
    number, owners, _, total, squares = await _asked(db, at, storage.insight.goals, at.since, at.until)
    return estimates.mean(number, total / 100, squares / 10_000) if owners >= K else Estimate(None, number)


async def _goals_reached(db: Db, at: Scope) -> Estimate:
    number, owners, reached, _, _ = await _asked(db, at, storage.insight.goals, at.since, at.until)
    return estimates.share(reached, number) if owners >= K else Estimate(None, number)


async def _thanked(db: Db, at: Scope) -> Estimate:
    present = await _asked(db, at, storage.insight.members, at.until)
    return estimates.share(await _asked(db, at, storage.insight.thanked, at.since, at.until), present)


async def _help_time(db: Db, at: Scope) -> Estimate:
    asked = await _asked(db, at, storage.insight.questions, at.since, at.until)
    waits = [_wait(began, solved, None, at.until) for began, solved in asked]
    return estimates.median_time([(24 * days, answered) for days, answered in waits])


# -- what they say -----------------------------------------------------------------------------------------------------


def counts_of(surveys: Sequence[Survey], key: str, template: str | None = None) -> dict[int, int]:
    """Return value -> how often it was given to a question in what is shown of surveys, all of them together.

    A survey with fewer than `K` answers to it is left out, and so is one that hides a count.
    """
    found: dict[int, int] = {}
    for survey in surveys:
        if template is not None and survey.template != template:
            continue
        counts = {value: number for value, number in survey.shown["counts"].get(key, {}).items() if number}
        for value, number in counts.items() if sum(counts.values()) >= K else ():
            found[int(value)] = found.get(int(value), 0) + number
    return found


def speaks(counts: Mapping[int, int]) -> bool:
    """Return whether a mean of these answers may be shown: enough of them, and none that has to be hidden."""
    return bool(counts) and None not in shown({str(value): number for value, number in counts.items()}).values()


async def _satisfied(db: Db, at: Scope) -> Estimate:
    counts = counts_of(await _asked(db, at, storage.insight.surveys, at.since, at.until), "satisfied")
    return estimates.mean_of(counts) if speaks(counts) else estimates.NOTHING


async def _nps(db: Db, at: Scope) -> Estimate:
    groups = {"promoters": 0, "passives": 0, "detractors": 0}
    for value, number in counts_of(
        await _asked(db, at, storage.insight.surveys, at.since, at.until), "recommend"
    ).items():
        groups["promoters" if value >= 9 else "passives" if value >= 7 else "detractors"] += number
    return estimates.nps(**groups) if None not in shown(groups).values() else estimates.NOTHING


def moved(surveys: Sequence[Survey], key: str) -> Estimate:
    """Return how far the mean answer to a question moved from surveys at the start to those at the end."""
    before, after = (counts_of(surveys, key, template) for template in ("start", "end"))
    return estimates.difference(before, after) if speaks(before) and speaks(after) else estimates.NOTHING


async def _growth(db: Db, at: Scope, key: str) -> Estimate:
    return moved(await _asked(db, at, storage.insight.surveys, at.since, at.until), key)


async def _confidence(db: Db, at: Scope) -> Estimate:
    return await _growth(db, at, "confident")


async def _skill(db: Db, at: Scope) -> Estimate:
    return await _growth(db, at, "skilled")


MEASURES: Mapping[str, Measure] = {
    one.key: one
    for one in (
        Measure(
            key="members", label=N_("Members"), unit="people", up=None, of=_members,
            formula=N_("People who are in the programme at the end of the period."),
        ),
        Measure(
            key="participation", label=N_("Participation"), unit="share", up=True, of=_participation,
            formula=N_("Members who answered, met, logged, reflected or thanked in the period, of all members at its end."),
        ),
        Measure(
            key="answered", label=N_("Answers to check-ins"), unit="share", up=True, of=_answered,
            formula=N_("Check-ins that were asked in the period and answered, of all that were asked."),
        ),
        Measure(
            key="meetings", label=N_("Meetings per pair and week"), unit="share", up=True, of=_meetings,
            formula=N_("Weeks in which a pair met, by its log or its word, of all weeks of all pairs in the period."),
        ),
        Measure(
            key="first_meeting", label=N_("Days to the first meeting"), unit="days", up=False, of=_first_meeting,
            formula=N_("After so many days half of the pairs that began in the period had met (Kaplan and Meier: pairs that still wait, or ended first, count for as long as they waited)."),
        ),
        Measure(
            key="met", label=N_("Pairs that met"), unit="share", up=True, of=_met,
            formula=N_("Pairs that met at least once, of all that began in the period."),
        ),
        Measure(
            key="stalled", label=N_("Stalled pairs"), unit="share", up=False, of=_stalled, now=True,
            formula=N_("Pairs that did not begin, meet, answer or plan anything for the days that a community sets, of all pairs there are now."),
        ),
        Measure(
            key="matched", label=N_("Wishes for a partner that came true"), unit="share", up=True, of=_matched,
            formula=N_("Members who got a partner, of all who took part in the rounds published in the period, round by round."),
        ),
        Measure(
            key="stayed", label=N_("Members who stayed"), unit="share", up=True, of=_stayed,
            formula=N_("Members who did not leave before the end of the period, of all who were there at some time in it. Who finished with their cohort stayed."),
        ),
        Measure(
            key="hours", label=N_("Hours together"), unit="hours", up=True, of=_hours,
            formula=N_("Hours of the sessions in the period that both sides confirmed; the sample is those sessions."),
        ),
        Measure(
            key="goal_progress", label=N_("Progress of goals"), unit="share", up=True, of=_goal_progress,
            formula=N_("The mean progress of the goals that members set in the period, from those of five people on; what they say is not looked at."),
        ),
        Measure(
            key="goals_reached", label=N_("Goals reached"), unit="share", up=True, of=_goals_reached,
            formula=N_("Goals that are reached, of those that members set in the period and did not drop; from those of five people on."),
        ),
        Measure(
            key="trained", label=N_("Training finished"), unit="share", up=True, of=_trained,
            formula=N_("Members at the end of the period who passed all modules of their role, of all whose role has some; a member in two roles counts in both."),
        ),
        Measure(
            key="satisfied", label=N_("Satisfaction"), unit="score", up=True, of=_satisfied,
            formula=N_("The mean answer, 1 to 5, to how satisfied people are in the surveys that opened in the period; from five answers on."),
        ),
        Measure(
            key="nps", label=N_("Would recommend it (NPS)"), unit="points", up=True, of=_nps,
            formula=N_("In hundredths, those who answer 9 or 10 less those who answer 0 to 6, in the surveys that opened in the period; from five answers on."),
        ),
        Measure(
            key="confidence", label=N_("Growth in confidence"), unit="score", up=True, of=_confidence,
            formula=N_("The mean answer, 1 to 5, at the end less the one at the start. Answers of one person are never linked; each side from five answers on."),
        ),
        Measure(
            key="skill", label=N_("Growth in skill"), unit="score", up=True, of=_skill,
            formula=N_("The same for how good people say they are at it."),
        ),
        Measure(
            key="mentor_load", label=N_("Load of mentors"), unit="share", up=None, of=_mentor_load, now=True,
            formula=N_("Pairs that mentors have now, of all that they would take; the sample is the mentors."),
        ),
        Measure(
            key="help_time", label=N_("Hours to an answer"), unit="hours", up=False, of=_help_time,
            formula=N_("After so many hours half of the questions to mentors in the period were answered (Kaplan and Meier: open ones count for as long as they are open)."),
        ),
        Measure(
            key="thanked", label=N_("Reach of kudos"), unit="share", up=True, of=_thanked,
            formula=N_("Members who were thanked in the period, of all members at its end."),
        ),
        Measure(
            key="quality", label=N_("What the score of a match says"), unit="number", up=True, of=_quality,
            formula=N_("How often a pair that met has the higher score, of all comparisons with a pair that did not (0.5 says nothing, 1 everything), of pairs that began in the period."),
        ),
    )
}  # fmt: skip
"""Key -> measure. Programme files name some of them in their goals (`bot.programme.sections.Measure`)."""


async def measure(db: Db, keys: Sequence[str], at: Scope) -> dict[str, Estimate]:
    """Return key -> its figure for the period."""
    return {key: await MEASURES[key].of(db, at) for key in keys}
