"""Figures as coordinators read them in chat: each with how sure it is, charts with their numbers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Chart, Fields, File, Heading, List, Note, Text, View
from bot.i18n import N_, Say
from bot.insight import charts
from bot.insight.curves import Funnel, Growth, Retention
from bot.insight.equity import Groups
from bot.insight.estimates import Estimate
from bot.insight.measures import MEASURES
from bot.insight.pages import ROLES, SOURCES, trait
from bot.insight.report import Glance, Target
from bot.insight.wording import change, figure, number, surety
from bot.suppression import K

PAIRS = ("met", "meetings", "first_meeting", "stalled", "quality", "goal_progress", "goals_reached")
MENTORS = ("mentor_load", "help_time", "trained")
SHOWN = 15
"""So many mentors are listed, who have least room first."""

NAMES = {
    "overview": N_("Overview"),
    "funnel": N_("Joining"),
    "retention": N_("Staying"),
    "pairs": N_("Pairs"),
    "mentors": N_("Mentors"),
}


def _figures(say: Say, found: Mapping[str, Estimate], before: Mapping[str, Estimate] | None = None) -> list[Block]:
    """Show figures one under the other: the value, how sure it is, how it moved; then what nothing is known of yet."""
    pairs: list[tuple[str, Words]] = []
    for key, one in found.items():
        measure = MEASURES[key]
        if one.value is None and not one.n:
            continue
        sure = surety(say, one, measure.unit)
        parts: list[str | Bold] = [Bold(figure(say, one, measure.unit)), f" ({sure})" if sure else ""]
        if before and key in before and (moved := change(say, measure, one, before[key])):
            parts.append(f", {moved}")
        pairs.append((say.line(measure.label), words(*parts)))
    blocks: list[Block] = [Fields(tuple(pairs))] if pairs else []
    if empty := [say.line(MEASURES[key].label) for key, one in found.items() if one.value is None and not one.n]:
        blocks.append(Note(say("Nothing yet to say of: {figures}.", figures=say.join(empty))))
    return blocks


def _more(say: Say, programme: str, here: str) -> Actions:
    return Actions(
        tuple(
            Button(say.line(name), ActionId("insight.open", programme, part))
            for part, name in NAMES.items()
            if part != here
        )
    )


def _foot(say: Say) -> Note:
    return Note(
        say(
            "In brackets: where the true value lies in 19 of 20 such cases, and how many it is about. No message is ever read."
        )
    )


def overview(say: Say, programme: str, found: Glance) -> View:
    """Show the last four weeks, and the programme's goals."""
    blocks: list[Block] = [
        Heading(say.line("How {programme} goes", programme=found.programme)),
        Text(say("The last four weeks. Where the four before were clearly different, I say so.")),
        *_figures(say, found.figures, found.before),
        *_drawn(charts.meetings(say, found.weeks)),
    ]
    if found.targets:
        blocks += [
            Text(words(Bold(say.line("Goals of the programme")))),
            List(tuple(_target(say, one) for one in found.targets)),
        ]
    return View("insight.overview", (*blocks, _foot(say), _more(say, programme, "overview")))


def _drawn(chart: Chart | None) -> tuple[Block, ...]:
    return (chart,) if chart is not None else ()


def _target(say: Say, one: Target) -> Words:
    unit = MEASURES[one.measure].unit
    told = {
        "goal": Bold(one.text), "now": figure(say, one.found, unit), "sure": surety(say, one.found, unit),
        "target": number(say, one.target, unit),
    }  # fmt: skip
    due = (". ", say("Until {day}.", day=say.day(one.due.date()))) if one.due is not None else ()
    if one.reached is None:
        return words(say("{goal}: nothing to say yet; wanted: {target}", **told), *due)
    if one.reached:
        return words(say("{goal}: reached, {now} of {target} ({sure})", **told), *due)
    return words(say("{goal}: {now} of {target} ({sure})", **told), *due)


def funnel(say: Say, programme: str, name: str, found: Funnel) -> View:
    """Show how far people came, how they came, and how far they are with their training."""
    blocks: list[Block] = [Heading(say.line("Joining {programme}", programme=name))]
    chart = charts.funnel(say, found)
    blocks += _drawn(chart) if chart else (Text(say("Nobody joined in the last half year.")),)
    if found.sources:
        lines = tuple(
            (say.line(SOURCES.get(key, key)), words(str(count))) for key, count in sorted(found.sources.items())
        )
        blocks += [Text(words(Bold(say.line("How those who joined came here")))), Fields(lines)]
    for kind, (people, modules) in found.modules.items():
        lines = tuple(
            (module, say("{passed} passed, {begun} began", passed=passed, begun=begun))
            for module, (begun, passed) in modules.items()
        )
        title = say.line("Training: {people} {role}", people=people, role=say.line(ROLES[kind]).lower())
        blocks += [Text(words(Bold(title))), Fields(lines)]
    blocks.append(Note(say("Who joined in the last half year, and how far each has come by now.")))
    return View("insight.funnel", (*blocks, _more(say, programme, "funnel")))


def retention(say: Say, programme: str, name: str, found: Sequence[Retention], growth: Sequence[Growth]) -> View:
    """Show who is still there, and how far they came by their own word, cohort by cohort."""
    blocks: list[Block] = [Heading(say.line("Staying in {programme}", programme=name))]
    chart = charts.retention(say, found)
    blocks += _drawn(chart) if chart else (Text(say("It is too early: a curve begins a week after people joined.")),)
    for one in found[: charts.COHORTS]:
        week, last = max(one.weeks.items(), default=(0, None))
        if last is not None and week:
            blocks.append(
                Text(
                    say("{cohort}, {people} people: {share} still there after {week} weeks ({sure}).",
                        cohort=Bold(one.cohort), people=one.people, share=figure(say, last, "share"), week=week,
                        sure=surety(say, last, "share"))
                )
            )  # fmt: skip
    for grown in growth:
        figures = {"confidence": figure(say, grown.confidence, "score"), "skill": figure(say, grown.skill, "score")}
        sure = {"one": surety(say, grown.confidence, "score"), "two": surety(say, grown.skill, "score")}
        blocks.append(
            Text(say("{cohort}, from start to end, of 5: confidence {confidence} ({one}), skill {skill} ({two}).",
                     cohort=Bold(grown.cohort), **figures, **sure))
        )  # fmt: skip
    blocks.append(Note(say("Who finished with their cohort did not leave.")))
    return View("insight.retention", (*blocks, _more(say, programme, "retention")))


def pairs(say: Say, programme: str, name: str, found: Mapping[str, Estimate], groups: Sequence[Groups]) -> View:
    """Show how pairs get on, and whether it is alike for everybody."""
    blocks: list[Block] = [Heading(say.line("Pairs of {programme}", programme=name)), *_figures(say, found)]
    for one in groups:
        lines = []
        for value in sorted({*one.matched, *one.satisfied}):
            cells = []
            if value in one.matched:
                share = one.matched[value]
                cells.append(say("{share} of wishes for a partner came true ({sure})", share=figure(say, share, "share"),
                                 sure=surety(say, share, "share")))  # fmt: skip
            if value in one.satisfied:
                mean = one.satisfied[value]
                cells.append(say("satisfaction {mean} ({sure})", mean=figure(say, mean, "score"),
                                 sure=surety(say, mean, "score")))  # fmt: skip
            lines.append((value, say.join(cells)))
        title = say.line("Alike for everybody? {trait}, half a year", trait=trait(say, one))
        blocks += [Text(words(Bold(title))), Fields(tuple(lines))]
        if one.hidden:
            blocks.append(Note(say("Groups of fewer than {k}, and what would give them away, are not shown.", k=K)))
    return View("insight.pairs", (*blocks, _foot(say), _more(say, programme, "pairs")))


def mentors(
    say: Say, programme: str, name: str, found: Mapping[str, Estimate], loads: Sequence[tuple[str, int, int]]
) -> View:
    """Show what mentors carry; who has least room comes first."""
    blocks: list[Block] = [
        Heading(say.line("Mentors of {programme}", programme=name)),
        *_figures(say, found),
        *_drawn(charts.loads(say, [(pairs, most) for _, most, pairs in loads])),
    ]
    ordered = sorted(loads, key=lambda one: (one[1] - one[2], -one[2], one[0]))
    if ordered:
        lines = tuple(
            say("{mentor}: {pairs} of {most}", mentor=Mention(who), pairs=pairs, most=most)
            for who, most, pairs in ordered
        )
        blocks += [Text(words(Bold(say.line("Pairs they have, of those they would take")))), List(lines[:SHOWN])]
        if len(lines) > SHOWN:
            blocks.append(
                Note(say.plural("And one more with more room.", "And {n} more with more room.", len(lines) - SHOWN))
            )
    return View("insight.mentors", (*blocks, _foot(say), _more(say, programme, "mentors")))


def exported(say: Say, name: str, page: bytes, book: bytes, table: bytes, data: bytes) -> View:
    """Hand the files over."""
    return View(
        "insight.exported",
        (
            Text(
                say(
                    "{programme}, the last four weeks: a page to read or print, and the same as numbers.",
                    programme=Bold(name),
                )
            ),
            File("report.html", page, "text/html"),
            File("figures.xlsx", book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            File("figures.csv", table, "text/csv"),
            File("figures.json", data, "application/json"),
            Note(
                say(
                    "Only counts are in them: no name, no message. Ratings, goals and groups are told from {k} people on.",
                    k=K,
                )
            ),
        ),
    )


def brief(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators what changed, and what would help."""
    name = p["texts"].get(say.language, {}).get("name") or p["name"]
    found = {key: Estimate(*values) for key, values in p["figures"].items()}
    blocks: list[Block] = [
        Heading(say.line("Your week with {programme}", programme=name)),
        *_figures(say, found),
    ]
    if p["changes"]:
        lines = tuple(_moved(say, *one) for one in p["changes"])
        blocks += [Text(words(Bold(say.line("What changed")))), List(lines)]
    else:
        blocks.append(Text(say("Nothing changed beyond chance since the four weeks before.")))
    if p["suggestions"]:
        blocks.append(Text(words(Bold(say.line("What would help")))))
        for why, count, row in p["suggestions"]:
            text, label, action = _suggestion(say, why, count)
            blocks += [Text(text), Actions((Button(label, ActionId(action[0], row, *action[1:])),))]
    else:
        blocks.append(Text(say("Nothing needs you at the moment.")))
    blocks.append(
        Note(
            say(
                "You get this once a week; {command} changes the day or ends it.",
                command=Code("/coord settings insight"),
            )
        )
    )
    return View("insight.brief", tuple(blocks))


def _moved(say: Say, key: str, now: float, before: float) -> Words:
    measure = MEASURES[key]
    told = {
        "figure": Bold(say.line(measure.label)),
        "now": number(say, now, measure.unit),
        "was": number(say, before, measure.unit),
    }
    better = None if measure.up is None else measure.up == (now > before)
    if better is None:
        return say("{figure}: {now}, from {was}.", **told)
    return (
        say("{figure}: {now}, better than {was}.", **told) if better else say("{figure}: {now}, after {was}.", **told)
    )


def _suggestion(say: Say, why: str, count: int) -> tuple[Words, str, tuple[str, ...]]:
    """Return why something would help, and the button that does it: its label, and what it presses."""
    match why:
        case "waiting":
            text = say.plural("One application waits for an answer.", "{n} applications wait for an answer.", count)
            return text, say.line("Read the first"), ("application.read",)
        case "stalled":
            text = say.plural(
                "One pair has not been heard of for a while.", "{n} pairs have not been heard of for a while.", count
            )
            return text, say.line("See the pairs"), ("risk.open",)
        case "rematches":
            text = say.plural("One member asked for another partner.", "{n} members asked for another partner.", count)
            return text, say.line("See who"), ("round.rematches",)
        case "behind":
            text = say.plural(
                "One goal is due within four weeks and not reached.",
                "{n} goals are due within four weeks and not reached.",
                count,
            )
            return text, say.line("See the goals"), ("insight.open", "overview")
        case "full":
            text = say("Mentors are at {n} % of what they would take. A newcomer may find nobody.", n=count)
            return text, say.line("See the mentors"), ("insight.open", "mentors")
        case _:
            text = say(
                "Only {n} % of check-ins are answered. A shorter question or another day may suit people better.",
                n=count,
            )
            return text, say.line("See the pairs"), ("insight.open", "pairs")
