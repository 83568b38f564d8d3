"""The charts of a report as values, each with words made from its data for who cannot see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from babel.dates import format_date

from bot.chat import limits
from bot.chat.views import Chart
from bot.i18n import N_, Say
from bot.insight.curves import WEEKS, Funnel, Retention
from bot.insight.report import Week

PERCENT = "%"
STAGES = (N_("Applied"), N_("Joined"), N_("Had a partner"), N_("Met"))
COHORTS = 4
"""So many curves can still be told apart."""


def meetings(say: Say, weeks: Sequence[Week]) -> Chart | None:
    """Draw the share of pairs that met, week by week; None without pairs."""
    if not weeks:
        return None
    labels = tuple(format_date(one.begins, "d MMM", locale=say.language) for one in weeks)
    values = tuple(float(round(100 * one.met / one.pairs)) for one in weeks)
    return _chart("line", say.line("Pairs that met, week by week"), labels, ((say.line("met"), values),), PERCENT)


def funnel(say: Say, found: Funnel) -> Chart | None:
    """Draw how far people came who joined in the period; None when nobody did."""
    applied, *others = found.people
    stages = [
        (label, number)
        for label, number in zip(STAGES, (applied, *others), strict=True)
        if number or label != STAGES[0]
    ]
    if not any(found.people):
        return None
    labels = tuple(say.line(label) for label, _ in stages)
    values = tuple(float(number) for _, number in stages)
    return _chart("bar", say.line("How far those came who joined"), labels, ((say.line("people"), values),), "")


def retention(say: Say, cohorts: Sequence[Retention]) -> Chart | None:
    """Draw who was still there after how many weeks, the newest cohorts first; None while nobody has been."""
    shown = [one for one in cohorts if any(found.value is not None for found in one.weeks.values())][:COHORTS]
    weeks = [week for week in WEEKS if shown and all(week in one.weeks for one in shown)]
    if len(weeks) < 2:
        shown = shown[-1:]
        weeks = [week for week in WEEKS if shown and week in shown[0].weeks]
    if len(weeks) < 2:
        return None
    labels = tuple(_week(say, week) for week in weeks)
    series = tuple(
        (one.cohort, tuple(float(round(100 * (one.weeks[week].value or 0.0))) for week in weeks)) for one in shown
    )
    return _chart("line", say.line("Who is still there, by weeks since they joined"), labels, series, PERCENT)


def _week(say: Say, week: int) -> str:
    return say.line("start") if week == 0 else say.line("week {n}", n=week)


def loads(say: Say, found: Sequence[tuple[int, int]]) -> Chart | None:
    """Draw how many mentors have how many pairs; None without mentors."""
    if not found:
        return None
    counted = Counter(min(pairs, 5) for pairs, _ in found)
    labels = tuple(f"{pairs}" if pairs < 5 else "5+" for pairs in range(6))
    values = tuple(float(counted[pairs]) for pairs in range(6))
    return _chart("bar", say.line("Mentors by the pairs they have"), labels, ((say.line("mentors"), values),), "")


def _chart(
    kind: str,
    title: str,
    labels: tuple[str, ...],
    series: tuple[tuple[str, tuple[float, ...]], ...],
    unit: str,
) -> Chart:
    lines = [
        (f"{name}: " if len(series) > 1 else "")
        + "; ".join(f"{label} {value:g}{unit}" for label, value in zip(labels, values, strict=True))
        for name, values in series
    ]
    alt = f"{title}. " + ". ".join(lines)
    if len(alt) > limits.ALT_TEXT:
        alt = alt[: limits.ALT_TEXT - 1] + "…"
    return Chart("line" if kind == "line" else "bar", title, labels, series, alt, unit)
