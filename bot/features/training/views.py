"""How training is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot import feature, resources, sheets, training
from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Mention, words
from bot.chat.views import Actions, Block, File, Heading, List, Note, Text, View
from bot.feature import Urgency
from bot.i18n import Say
from bot.resources import Found
from bot.training import Module, Thought
from storage.training import TrainingProgress


def waits(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody who joined that there is something to go through."""
    programme = p["texts"].get(say.language, {}).get("name", p["programme"])
    told = say.plural(
        "{programme} begins with one short module, about {minutes} minutes.",
        "{programme} begins with {n} short modules, about {minutes} minutes in all.", p["count"],
        programme=Bold(programme), minutes=p["minutes"],
    )  # fmt: skip
    note = (
        say("You are paired once you have been through them. You can stop and go on whenever you like.")
        if p["gate"]
        else say("You can stop and go on whenever you like.")
    )
    return View("training.waits", (Text(told), Note(note), Actions((_go(say),))))


def _go(say: Say) -> Button:
    return Button(say.line("Begin"), ActionId("training.go"), "primary")


def step(say: Say, module: Module, row: TrainingProgress) -> View:
    """Show the step that somebody is at: words, a question, or what there is to say about their choice."""
    if row.at >= len(module.steps):
        return passed(say, module, row, left=0) if row.passed_at else not_passed(say, module, row)
    now = module.steps[row.at]
    blocks: list[Block] = [Heading(module.title)]
    blocks += [Text(words(part)) for part in (now.text or now.ask).split("\n\n")]
    onward = Button(say.line("Next"), ActionId("training.next", row.id, str(row.at)), "primary")
    where = say("{n} of {all}", n=row.at + 1, all=len(module.steps))
    if now.options and row.chosen is None:
        choices = tuple(
            Button(option.label, ActionId("training.pick", row.id, f"{row.at}.{place}"))
            for place, option in enumerate(now.options)
        )
        return View("training.step", (*blocks, Note(where), Actions(choices)))
    if row.chosen is not None:
        chosen = now.options[row.chosen]
        blocks += [Text(words(Bold(chosen.label))), Text(words(chosen.reply))]
    return View("training.step", (*blocks, Note(where), Actions((onward,))))


def passed(say: Say, module: Module, row: TrainingProgress, *, left: int) -> View:
    """Say that a module is done, and what is left."""
    told = say("You have been through {module}: {right} of {all} right.", module=Bold(module.title), right=row.right,
               all=module.questions)  # fmt: skip
    if not left:
        note = say(
            "That was all that is asked of you. {command} has more, if you like.", command=Code("/training list")
        )
        return View("training.passed", (Text(told), Note(note)))
    more = say.plural("One more is asked of you.", "{n} more are asked of you.", left)
    return View(
        "training.passed", (Text(told), Text(more), Actions((Button(say.line("Go on"), ActionId("training.go")),)))
    )


def not_passed(say: Say, module: Module, row: TrainingProgress) -> View:
    """Say kindly that the questions come once more."""
    told = say("{right} of {all} this time. The questions come once more; nothing is lost, and nobody is told.",
               right=row.right, all=module.questions)  # fmt: skip
    again = Button(say.line("Try the questions again"), ActionId("training.begin", "", module.key), "primary")
    return View("training.not_passed", (Text(told), Actions((again,))))


def all_done(say: Say) -> View:
    """Everything is passed."""
    told = say("You have been through all there is. {command} lets you read again.", command=Code("/training list"))
    return View("training.all_done", (Text(told),))


def listed(
    say: Say, modules: Sequence[Module], known: Mapping[str, TrainingProgress], required: Collection[str]
) -> View:
    """List all modules with what was passed, each to be opened."""
    lines = tuple(
        words(Bold(one.title), " · ", _state(say, known.get(one.key), asked=one.key in required, minutes=one.minutes), "\n",
              one.summary)
        for one in modules
    )  # fmt: skip
    rows = [modules[start : start + 3] for start in range(0, len(modules), 3)]
    buttons = tuple(
        Actions(tuple(Button(one.title[:60], ActionId("training.begin", "", one.key)) for one in row)) for row in rows
    )
    return View("training.list", (Heading(say.line("Your training")), List(lines, size=len(lines)), *buttons))


def _state(say: Say, row: TrainingProgress | None, *, asked: bool, minutes: int) -> Any:
    if row is not None and row.passed_at is not None:
        return say("passed on {day}", day=say.when(row.passed_at, "date"))
    if row is not None:
        return say("begun")
    how_long = say("about {minutes} minutes", minutes=minutes)
    return words(how_long, ", ", say("asked of you")) if asked else how_long


def status(say: Say, people: int, waits: Mapping[str, Sequence[str]]) -> View:
    """List who has yet to pass what."""
    if not people:
        note = say("The programme's file can ask for modules, under {section}.", section=Code("[training]"))
        return View("training.none", (Text(say("This programme asks for no training.")), Note(note)))
    done = say("{done} of {people} have passed what is asked of them.", done=people - len(waits), people=people)
    if not waits:
        return View("training.status", (Text(done),))
    lines = tuple(
        words(Mention(who), ": ", say.join([training.module(key, say.language).title for key in keys]))
        for who, keys in sorted(waits.items())
    )
    return View("training.status", (Text(done), Text(say("Yet to come:")), List(lines[:20], size=20)))


def next_step(say: Say, left: int) -> feature.Step:
    """Offer to go on with what is asked."""
    told = say.plural("One module of your training waits.", "{n} modules of your training wait.", left)
    return feature.Step(Urgency.WAITS, told, (_go(say),))


def transcript(say: Say, name: str, passed: Sequence[tuple[Module, TrainingProgress]]) -> View:
    """Give the modules that were passed as a table."""
    head = (say.line("Name"), say.line("Module"), say.line("Passed on"), say.line("Minutes"))
    rows = [(name, one.title, f"{row.passed_at:%Y-%m-%d}", one.minutes) for one, row in passed]
    data = sheets.as_csv(head, rows)
    told = say.plural("You have passed one module.", "You have passed {n} modules.", len(passed))
    note = say("It comes from what is stored here. A certificate that others can verify is something else: {command}.",
               command=Code("/certificate mine"))  # fmt: skip
    return View("training.transcript", (Text(told), File("training.csv", data, "text/csv"), Note(note)))


def library(say: Say, about: str, found: Sequence[Found], *, any_: bool) -> View:
    """List what there is to read."""
    if not found:
        told = (
            say("I found nothing about {words}. Fewer words find more.", words=Bold(about))
            if any_
            else say("There is nothing to read here yet. Coordinators can add something to the programme's file.")
        )
        return View("training.library", (Text(told),))
    lines = tuple(
        words(resources.line(one), " · ", ", ".join(one.tags)) if one.tags else resources.line(one) for one in found
    )
    note = say("{command} looks for words.", command=Code("/training library"))
    return View("training.library", (Heading(say.line("Something to read")), List(lines[:20], size=20), Note(note)))


def thought(say: Say, p: Mapping[str, Any]) -> View:
    """Bring the thought of a month, with its question."""
    known = training.thoughts(say.language)
    month = p["month"] % len(known)
    one = known[month]
    buttons = tuple(
        Button(option.label, ActionId("training.thought", "", f"{month}.{place}"))
        for place, option in enumerate(one.options)
    )
    note = say("A thought for mentors, once a month. Nothing of your answer is kept.")
    return View(
        "training.thought",
        (Heading(one.title), Text(words(one.text)), Text(words(Bold(one.ask))), Actions(buttons), Note(note)),
    )


def thought_answered(say: Say, one: Thought, option: int) -> View:
    """Say a word about a choice."""
    chosen = one.options[option]
    more = say("{command} has something to read.", command=Code("/training library"))
    return View(
        "training.thought_answered",
        (Heading(one.title), Text(words(Bold(chosen.label))), Text(words(chosen.reply)), Note(more)),
    )
