"""How cohorts are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Words, words
from bot.chat.views import Actions, Heading, List, Note, Text, View
from bot.i18n import Say
from storage.programme import Cohort

SHOWN = 20


def listed(say: Say, rows: Sequence[tuple[Cohort, int]]) -> View:
    """List cohorts with their days and how many people are in them."""
    lines = tuple(_line(say, row, people) for row, people in rows)
    note = say("{open} opens the next one, {close} brings one to its end.", open=Code("/coord cohort open"),
               close=Code("/coord cohort close"))  # fmt: skip
    return View("cohort.list", (Heading(say.line("Cohorts")), List(lines, size=len(lines) or 1), Note(note)))


def _line(say: Say, row: Cohort, people: int) -> Words:
    count = say.plural("one person", "{n} people", people)
    since = say.when(row.opened_at, "date") if row.opened_at else ""
    if row.closed_at is None:
        return words(Bold(row.name), " · ", say("open since {day}", day=since), " · ", count)
    until = say.when(row.closed_at, "date")
    return words(Bold(row.name), " · ", say("{since} to {until}", since=since, until=until), " · ", count)


def opened(say: Say, name: str, programme: str) -> View:
    """Confirm that people can join."""
    told = say("{name} is open. People can join {programme} now.", name=Bold(name), programme=Bold(programme))
    return View("cohort.opened", (Text(told),))


def sure(say: Say, cohort: str, name: str, people: int) -> View:
    """Say what closing does, and ask once more."""
    count = say.plural("One person has finished then.", "{n} people have finished then.", people)
    told = say("Bring {name} to its end?", name=Bold(name))
    note = say(
        "Nobody of it is paired again, pairs go on until their round ends, and each hears a word of thanks. "
        "Certificates come from {command}.", command=Code("/coord certificate everybody"),
    )  # fmt: skip
    button = Button(say.line("Bring it to its end"), ActionId("cohort.close", cohort), "danger")
    return View("cohort.sure", (Text(words(told, " ", count)), Note(note), Actions((button,))))


def closed(say: Say, name: str, people: int) -> View:
    """Confirm that it is over."""
    told = say("{name} has come to its end.", name=Bold(name))
    return View(
        "cohort.closed",
        (Text(words(told, " ", say.plural("One person is thanked.", "{n} people are thanked.", people))),),
    )


def finished(say: Say, p: Mapping[str, Any]) -> View:
    """Thank somebody who went through a cohort."""
    programme = p["texts"].get(say.language, {}).get("name", p["programme"])
    told = say("{name} of {programme} has come to its end. Thank you for being part of it.", name=Bold(p["name"]),
               programme=Bold(programme))  # fmt: skip
    note = say("If you are in a pair, you go on as long as you like. {command} shows what you reached.",
               command=Code("/milestone mine"))  # fmt: skip
    return View("cohort.finished", (Text(told), Note(note)))
