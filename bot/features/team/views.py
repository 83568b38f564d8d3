"""How the coordinators of a programme are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.text import Bold, Code, Mention, words
from bot.chat.views import List, Note, Text, View
from bot.i18n import Say


def added(say: Say, who: str, programme: str) -> View:
    """Confirm a new coordinator."""
    told = say(
        "{who} coordinates {programme} now, and no other programme.", who=Mention(who), programme=Bold(programme)
    )
    note = say(
        "On Discord, {command} may have to be shown to them under Server Settings, Integrations.",
        command=Code("/coord"),
    )
    return View("team.added", (Text(told), Note(note)))


def added_note(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that they coordinate a programme."""
    name = p["texts"].get(say.language, {}).get("name", p["name"])
    told = say("{by} asked you to help coordinate {programme}. Thank you.", by=Mention(p["by"]), programme=Bold(name))
    note = say("{command} shows how things stand.", command=Code("/coord status"))
    return View("team.added_note", (Text(told), Note(note)))


def removed(say: Say, who: str, programme: str) -> View:
    """Confirm that somebody no longer coordinates."""
    told = say("{who} no longer coordinates {programme}.", who=Mention(who), programme=Bold(programme))
    return View("team.removed", (Text(told),))


def listed(say: Say, programme: str, people: Sequence[str]) -> View:
    """List the coordinators of one programme."""
    note = Note(say("Who coordinates the whole community is set with {command}.", command=Code("/coord settings core")))
    if not people:
        told = say("There is nobody on the list of {programme} yet.", programme=Bold(programme))
        return View("team.list", (Text(told), note))
    lines = tuple(words(Mention(one)) for one in people)
    return View(
        "team.list",
        (Text(say("{programme} is coordinated by:", programme=Bold(programme))), List(lines, size=len(lines)), note),
    )
