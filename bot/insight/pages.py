"""A report as one page to keep or print: everything in it, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.dates import format_date

from bot.chat.views import Chart
from bot.i18n import N_, Say
from bot.insight import charts
from bot.insight.equity import Groups
from bot.insight.estimates import Estimate
from bot.insight.measures import MEASURES, Unit
from bot.insight.report import Report, Target
from bot.insight.wording import UNITS, change, figure, number, surety
from bot.pages import page
from bot.pages.charts import chart as drawn
from bot.suppression import K

CARDS = ("members", "participation", "meetings", "answered", "stayed", "satisfied")
TRAITS = {"grouping": N_("Group"), "level": N_("Level")}
SOURCES = {"self": N_("By themselves"), "roster": N_("From a roster"), "nominated": N_("Suggested by somebody")}
ROLES = {"mentor": N_("Mentors"), "mentee": N_("Mentees"), "peer": N_("Peers")}


def as_page(report: Report, say: Say) -> bytes:
    """Return the report as HTML in the language of `say`."""
    return page(
        "report.html",
        say,
        title=say.line("How {programme} goes", programme=report.programme),
        period=say.line(
            "From {since} until {until}, beside the same time before. Made on {day}.",
            since=_day(say, report.at.since), until=_day(say, report.at.until), day=_day(say, report.made),
        ),
        contents=say.line("Contents"),
        cards=[_card(report, say, key) for key in CARDS],
        parts=[part for part in _parts(report, say) if part["chart"] or part["tables"]],
        foot=say.line(
            "Made from buttons, forms, logs and dates. No message is ever read, and no name is in here. Ratings, goals"
            " and groups are told from {k} people on.", k=K,
        ),
    )  # fmt: skip


def _day(say: Say, at: Any) -> str:
    return str(format_date(at, "long", locale=say.language))


def _card(report: Report, say: Say, key: str) -> dict[str, str]:
    one, measure = report.figures[key], MEASURES[key]
    moved = change(say, measure, one, report.before[key]) if key in report.before else ""
    return {
        "label": say.line(measure.label), "figure": figure(say, one, measure.unit),
        "surety": surety(say, one, measure.unit), "change": moved,
    }  # fmt: skip


def _part(
    key: str, title: str, says: str = "", chart: Chart | None = None, tables: Sequence[dict[str, Any] | None] = ()
) -> dict[str, Any]:
    return {
        "id": key, "title": title, "says": says, "chart": drawn(chart) if chart else None,
        "tables": [one for one in tables if one],
    }  # fmt: skip


def _table(head: Sequence[str], lines: Sequence[Sequence[str]], caption: str) -> dict[str, Any] | None:
    return {"head": head, "lines": lines, "caption": caption} if lines else None


def _parts(report: Report, say: Say) -> list[dict[str, Any]]:
    told = say.line("How sure: 19 of 20 such intervals hold the true value; and of how many.")
    weeks = _table(
        (say.line("Week from"), say.line("Met"), say.line("Pairs")),
        [(_day(say, one.begins), str(one.met), str(one.pairs)) for one in report.weeks],
        say.line("Pairs that met, week by week"),
    )
    return [
        _part("goals", say.line("Goals of the programme"), tables=[_targets(report.targets, say)]),
        _part("figures", say.line("All figures"), told, tables=[_figures(report, say)]),
        _part("meetings", say.line("Meetings"), chart=charts.meetings(say, report.weeks), tables=[weeks]),
        _part("funnel", say.line("Joining"), chart=charts.funnel(say, report.funnel), tables=_funnel(report, say)),
        _part(
            "retention", say.line("Staying"), chart=charts.retention(say, report.retention),
            tables=[_retention(report, say), _growth(report, say)],
        ),
        _part("mentors", say.line("Mentors"), chart=charts.loads(say, report.loads), tables=[_loads(report, say)]),
        _part("groups", say.line("Alike for everybody?"), tables=_groups(report, say)),
        _part("outcomes", say.line("Outcomes measured elsewhere"), tables=[_outcomes(report, say)]),
        _part("meaning", say.line("What each figure means"), tables=[_meaning(say)]),
    ]  # fmt: skip


def _targets(targets: Sequence[Target], say: Say) -> dict[str, Any] | None:
    head = (say.line("Goal"), say.line("Now"), say.line("Wanted"), say.line("How sure"), say.line("By"))
    lines = []
    for one in targets:
        unit = MEASURES[one.measure].unit
        state = "✓ " if one.reached else ""
        lines.append(
            (
                one.text, state + figure(say, one.found, unit), number(say, one.target, unit),
                surety(say, one.found, unit), _day(say, one.due) if one.due else "–",
            )
        )  # fmt: skip
    return _table(head, lines, say.line("Since the newest cohort began"))


def _figures(report: Report, say: Say) -> dict[str, Any] | None:
    lines = []
    for key, one in report.figures.items():
        unit = MEASURES[key].unit
        before = report.before.get(key)
        was = figure(say, before, unit) if before is not None else "–"
        lines.append((say.line(MEASURES[key].label), figure(say, one, unit), surety(say, one, unit), was))
    head = (say.line("Figure"), say.line("Now"), say.line("How sure"), say.line("Before"))
    return _table(head, lines, say.line("In this period and the one before"))


def _funnel(report: Report, say: Say) -> list[dict[str, Any] | None]:
    people = [(say.line(label), str(found)) for label, found in zip(charts.STAGES, report.funnel.people, strict=True)]
    sources = [(say.line(SOURCES.get(key, key)), str(found)) for key, found in sorted(report.funnel.sources.items())]
    modules = [
        (f"{say.line(ROLES[kind])}: {name}", str(begun), str(passed), str(there))
        for kind, (there, names) in report.funnel.modules.items()
        for name, (begun, passed) in names.items()
    ]
    number_of = say.line("People")
    return [
        _table((say.line("Step"), number_of), people if any(report.funnel.people) else [],
               say.line("How far those came who joined")),
        _table((say.line("They came"), number_of), sources, say.line("How those who joined came here")),
        _table((say.line("Module"), say.line("Begun"), say.line("Passed"), say.line("In this role")), modules,
               say.line("Training of the members there are")),
    ]  # fmt: skip


def _retention(report: Report, say: Say) -> dict[str, Any] | None:
    lines = [
        (one.cohort, str(week), figure(say, found, "share"), surety(say, found, "share"))
        for one in report.retention
        for week, found in one.weeks.items()
    ]
    head = (say.line("Cohort"), say.line("Weeks since joining"), say.line("Still there"), say.line("How sure"))
    return _table(head, lines, say.line("Who is still there, by weeks since they joined"))


def _growth(report: Report, say: Say) -> dict[str, Any] | None:
    lines = [(one.cohort, _sure(say, one.confidence, "score"), _sure(say, one.skill, "score")) for one in report.growth]
    head = (say.line("Cohort"), say.line("Growth in confidence"), say.line("Growth in skill"))
    return _table(head, lines, say.line("What they said at the end, less what they said at the start"))


def _loads(report: Report, say: Say) -> dict[str, Any] | None:
    lines = [(str(pairs), str(sum(one == pairs for one, _ in report.loads)))
             for pairs in sorted({pairs for pairs, _ in report.loads})]  # fmt: skip
    return _table((say.line("Pairs"), say.line("Mentors")), lines, say.line("Mentors by the pairs they have"))


def _groups(report: Report, say: Say) -> list[dict[str, Any] | None]:
    head = (say.line("Group"), say.line("Wishes for a partner that came true"), say.line("Satisfaction in check-ins"))
    tables = []
    for one in report.groups:
        lines = []
        for value in sorted({*one.matched, *one.satisfied}):
            cells = [_sure(say, one.matched.get(value), "share"), _sure(say, one.satisfied.get(value), "score")]
            lines.append((value, *cells))
        caption = say.line("{trait}; those of fewer than {k} are not shown", trait=trait(say, one), k=K)
        tables.append(_table(head, lines, caption))
    return tables


def trait(say: Say, one: Groups) -> str:
    """Return the name of what people are grouped by."""
    return one.label or say.line(TRAITS[one.trait])


def _sure(say: Say, found: Estimate | None, unit: Unit) -> str:
    return "–" if found is None or found.value is None else f"{figure(say, found, unit)} ({surety(say, found, unit)})"


def _outcomes(report: Report, say: Say) -> dict[str, Any] | None:
    lines = [(key, figure(say, one, "number"), surety(say, one, "number")) for key, one in report.outcomes.items()]
    head = (say.line("Outcome"), say.line("Mean"), say.line("How sure"))
    return _table(head, lines, say.line("Numbers that were brought in, as means"))


def _meaning(say: Say) -> dict[str, Any] | None:
    lines = [(say.line(one.label), say.line(one.formula), say.line(UNITS[one.unit])) for one in MEASURES.values()]
    return _table(
        (say.line("Figure"), say.line("How it is made"), say.line("Unit")), lines, say.line("How figures are made")
    )
