"""How things go over time: who stays how long, how far people come, meetings week by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import storage.insight
import storage.programme
from bot.insight import estimates
from bot.insight.estimates import Estimate
from bot.insight.measures import Scope, moved
from storage.db import Db
from storage.programme import FINISHED

WEEKS = (0, 1, 2, 4, 8, 12, 26, 52)
"""Weeks after joining at which a retention curve is read."""


AFTERWARDS = timedelta(weeks=4)
"""So long after a cohort closed, a survey at the end still belongs to it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """One cohort: its name, how many came, and week -> the share that was still there after it."""

    cohort: str
    people: int
    weeks: Mapping[int, Estimate]


async def retention(db: Db, at: Scope) -> list[Retention]:
    """Return a curve a cohort, the newest first.

    Kaplan and Meier over the stays of its members: who finished with the cohort, or is still there, counts for as long
    as they were seen.
    """
    names = {row.id: row.name for row in await storage.programme.cohorts_of(db, at.community, at.programme)}
    stays: dict[str, dict[str, tuple[datetime, datetime | None, bool]]] = {}
    for cohort, member, since, left, status in await storage.insight.spells(db, at.community, at.programme):
        if cohort in names and since < at.until:
            known = stays.setdefault(cohort, {}).get(member)
            one = (since, left, left is not None and left < at.until and status != FINISHED)
            stays[cohort][member] = one if known is None else _together(known, one)
    return [
        Retention(name, len(stays[cohort]), _curve(list(stays[cohort].values()), at.until))
        for cohort, name in names.items()
        if cohort in stays
    ]


def _together(
    one: tuple[datetime, datetime | None, bool], other: tuple[datetime, datetime | None, bool]
) -> tuple[datetime, datetime | None, bool]:
    """Return the stay of somebody in two roles: from the first that began to the last that ended."""
    left = None if one[1] is None or other[1] is None else max(one[1], other[1])
    return min(one[0], other[0]), left, one[2] and other[2]


def _curve(stays: list[tuple[datetime, datetime | None, bool]], until: datetime) -> dict[int, Estimate]:
    spells = [((min(left or until, until) - since) / timedelta(weeks=1), gone) for since, left, gone in stays]
    longest = max((duration for duration, _ in spells), default=0.0)
    weeks = [week for week in WEEKS if week <= longest]
    return dict(zip(weeks, estimates.lasting(spells, weeks), strict=True))


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far people came who joined in a period: (applied, joined, had a partner, met one).

    `modules`: role -> (how many are in it, module -> (begun, passed)). `sources`: how they came -> how many.
    """

    people: tuple[int, int, int, int]
    modules: Mapping[str, tuple[int, Mapping[str, tuple[int, int]]]]
    sources: Mapping[str, int]


async def funnel(db: Db, at: Scope) -> Funnel:
    """Return how far those came who joined in the period, and how far members are with their training."""
    period = (at.community, at.programme, at.since, at.until)
    modules = {
        kind: await storage.insight.modules(db, at.community, at.programme, kind, at.until, names)
        for kind, names in at.required.items()
        if names
    }
    return Funnel(await storage.insight.arrivals(db, *period), modules, await storage.insight.sources(db, *period))


@dataclass(frozen=True, slots=True)
class Growth:
    """How far a cohort came, by what its members said at its start and at its end: the difference of both means."""

    cohort: str
    confidence: Estimate
    skill: Estimate


async def growth(db: Db, at: Scope) -> list[Growth]:
    """Return the growth of each cohort of which enough is known at both ends, the newest first.

    A survey that the programme's file sent belongs to its cohort, any other to those that were open when it was.
    """
    found = []
    for cohort in await storage.programme.cohorts_of(db, at.community, at.programme):
        if cohort.opened_at is None:
            continue
        end = min(cohort.closed_at + AFTERWARDS if cohort.closed_at else at.until, at.until)
        surveys = [
            one
            for one in await storage.insight.surveys(db, at.community, at.programme, cohort.opened_at, end)
            if one.planned is None or one.planned.startswith(cohort.id)
        ]
        confidence, skill = (moved(surveys, key) for key in ("confident", "skilled"))
        if confidence.value is not None or skill.value is not None:
            found.append(Growth(cohort.name, confidence, skill))
    return found
