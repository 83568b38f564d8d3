"""How the library is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, shorten, words
from bot.chat.views import Actions, Heading, List, Note, Text, View
from bot.i18n import Say
from storage.library import OPEN, LibraryEntry


def write_form(say: Say, request_id: str, question: str) -> Form:
    """What solved it, for others."""
    return Form(
        name="ask.write", key=request_id, title=say.line("For others"), submit=say.line("Keep"),
        intro=say.line("Everybody here can read this, without your names, once your mentor agrees."),
        fields=(
            TextField(name="question", label=say.line("The question"), long=True, max_length=2000, value=question,
                      hint=say.line("Leave out names, and whatever only concerns you.")),
            TextField(name="answer", label=say.line("What solved it"), long=True, max_length=2000, min_length=10),
        ),
    )  # fmt: skip


def written(say: Say) -> View:
    """Confirm that the mentor is asked."""
    return View("ask.written", (Text(say("Thank you. I ask your mentor, and keep nothing if they would rather not.")),))


def for_others(say: Say, p: Mapping[str, Any]) -> View:
    """Ask the mentor whether others may read it."""
    told = say(
        "{who} would like others to find what you two worked out about {tag}:",
        who=Mention(p["who"]),
        tag=Bold(p["tag"]),
    )
    buttons = (
        Button(say.line("Fine by me"), ActionId("ask.agree", p["entry"]), "primary"),
        Button(say.line("Rather not"), ActionId("ask.refuse", p["entry"])),
    )
    blocks = (Text(told), Text(words("“", p["question"], "”")), Text(words("“", p["answer"], "”")))
    return View("ask.for_others", (*blocks, Note(say("No names stand beside it.")), Actions(buttons)))


def agreed(say: Say) -> View:
    """Confirm that everybody can read it."""
    told = say("It is in the library now. {command} finds it.", command=Code("/ask library"))
    return View("ask.agreed", (Text(told),))


def refused(say: Say) -> View:
    """Confirm that nothing is kept."""
    return View("ask.refused", (Text(say("That is fine. I have kept nothing of it.")),))


def found(say: Say, about: str, rows: Sequence[LibraryEntry]) -> View:
    """List answers, each to be read with one tap."""
    if not rows:
        hint = say("{command} asks somebody who knows.", command=Code("/ask mentor"))
        return View(
            "ask.no_answers", (Text(say("The library has nothing about {tag} yet.", tag=Bold(about))), Note(hint))
        )
    lines = tuple(words(Bold(row.tag), " · ", shorten(row.question, 150)) for row in rows)
    buttons = tuple(
        Button(say.line("Read {n}", n=place), ActionId("ask.entry", row.id)) for place, row in enumerate(rows, 1)
    )
    heading = Heading(say.line("What was answered about {tag}", tag=shorten(about, 60)))
    return View("ask.answers", (heading, List(lines), Actions(buttons)))


def entry(say: Say, row: LibraryEntry, *, mine: bool) -> View:
    """Show a question and its answer."""
    blocks = (
        Text(words(Bold(row.tag), " · ", say.when(row.written_at, "date"))), Text(words("“", row.question, "”")),
        Text(say("What solved it: {answer}", answer=row.answer)),
    )  # fmt: skip
    if not mine:
        return View("ask.entry", blocks)
    note = say("It is in the library.") if row.status == OPEN else say("It waits for your mentor to agree.")
    out = Button(say.line("Take it out"), ActionId("ask.take_out", row.id))
    return View("ask.entry", (*blocks, Note(note), Actions((out,))))


def taken_out(say: Say) -> View:
    """Confirm that it is gone."""
    return View("ask.taken_out", (Text(say("It is out of the library, and I have kept nothing of it.")),))
