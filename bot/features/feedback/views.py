"""The words around anonymous feedback: plain about what it protects, and from whom it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import Option
from bot.chat.forms import ChoiceField, Form, TextField
from bot.chat.text import Bold, Code, Words, words
from bot.chat.views import Heading, List, Note, Text, View
from bot.features.feedback.rules import LEAST_NOTES
from bot.i18n import N_, Say
from storage.feedback import PUBLISHED, WAITING, FeedbackNote

TOPICS = {
    "pair": N_("My pair"),
    "programme": N_("The programme"),
    "community": N_("The community"),
    "coordinators": N_("The coordinators"),
    "other": N_("Something else"),
}
STATES = {
    WAITING: N_("It waits for the next batch; nobody has read it yet."),
    PUBLISHED: N_("Coordinators can read it."),
    "withdrawn": N_("You took it back. Its text is erased."),
}


def send_form(say: Say) -> Form:
    """Ask for a topic and the text."""
    options = tuple(Option(key, say.line(label)) for key, label in TOPICS.items())
    return Form(
        name="feedback.send",
        title=say.line("Anonymous feedback"),
        submit=say.line("Send without my name"),
        intro=say.line("Your name is not stored. Coordinators read notes in a daily batch, shuffled. Your way of writing is not disguised."),
        fields=(
            ChoiceField(name="topic", label=say.line("What is it about?"), options=options),
            TextField(
                name="text", label=say.line("What would you like to say?"), long=True, min_length=10, max_length=3000,
                hint=say.line("Leave out names and dates that only you would know."),
            ),
        ),
    )  # fmt: skip


def sent(say: Say, receipt: str) -> View:
    """Show the receipt, once."""
    return View(
        "feedback.sent",
        (
            Text(say("Thank you for saying it. Your note is on its way, without your name.")),
            Text(say("Your receipt: {receipt}", receipt=Code(receipt))),
            Note(say("Keep it if you like. It is shown only now, and {command} takes it to show what became of your note, or to take it back.",
                     command=Code("/feedback inbox"))),
        ),
    )  # fmt: skip


def inbox_form(say: Say) -> Form:
    """Ask for the receipt."""
    acts = (Option("look", say.line("See what became of it")), Option("withdraw", say.line("Take it back")))
    return Form(
        name="feedback.inbox",
        title=say.line("Your note"),
        fields=(
            TextField(name="receipt", label=say.line("Your receipt"), max_length=60),
            ChoiceField(name="act", label=say.line("What would you like to do?"), options=acts, value="look"),
        ),
    )


def mine(say: Say, note: FeedbackNote) -> View:
    """Show a note to who holds its receipt."""
    return View(
        "feedback.mine",
        (
            Text(say(STATES[note.status])),
            *((Text(words("“", note.text, "”")),) if note.text else ()),
            *((Text(words(Bold(say.line("Answer:")), " ", note.reply)),) if note.reply else ()),
        ),
    )


def batch(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators that there is something to read."""
    return View(
        "feedback.batch",
        (
            Text(say.plural("There is one new anonymous note.", "There are {n} new anonymous notes.", p["count"])),
            Note(
                say(
                    "Read them with {command}. They are shuffled; please do not guess who wrote them.",
                    command=Code("/coord feedback"),
                )
            ),
        ),
    )


def _line(say: Say, note: FeedbackNote) -> Words:
    return words(Bold(say.line(TOPICS.get(note.topic, TOPICS["other"]))), f" · {note.week}\n", note.text)


def published(say: Say, notes: Sequence[FeedbackNote]) -> View:
    """List the notes."""
    if not notes:
        text = say(
            "No notes to read. They come once a day, and only when at least {least} wait together.", least=LEAST_NOTES
        )
        return View("feedback.none", (Text(text),))
    items = tuple(_line(say, note) for note in notes)
    return View("feedback.published", (Heading(say.line("Anonymous notes")), List(items, size=5, paged=True)))


def how(say: Say) -> View:
    """Say what is stored, who can learn what, and what remains."""
    stored = (
        say(
            "Stored: your text, its topic, the week, and a hash of your receipt. Not stored: who you are, the day, the order."
        ),
        say(
            "Coordinators read notes once a day, shuffled, and only when at least {least} wait together.",
            least=LEAST_NOTES,
        ),
        say("No log, no backup and no table says who wrote what."),
        say("How often one person can write is counted in memory only, and forgotten when I restart."),
    )
    remains = (
        say("Discord or Slack, and the running program in that moment, do see who pressed the button."),
        say("Your way of writing is not disguised. What only you know gives you away."),
    )
    return View(
        "feedback.how",
        (
            Heading(say.line("How anonymous feedback works")), List(stored), Text(say("What remains:")), List(remains),
        ),
    )  # fmt: skip
