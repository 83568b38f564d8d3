"""How requests for help are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Heading, List, Note, Text, View
from bot.i18n import Say
from storage.request import CLAIMED, Request


def ask_form(say: Say, about: str, question: str) -> Form:
    """What to ask, and about what."""
    return Form(
        name="ask.send", title=say.line("Ask a mentor"), submit=say.line("Send"),
        fields=(
            TextField(name="about", label=say.line("What it is about"), max_length=60, value=about,
                      hint=say.line("One or two words, as mentors write them in what they offer.")),
            TextField(name="question", label=say.line("Your question"), long=True, max_length=2000, value=question,
                      hint=say.line("Read only by the mentors who are asked, with your name.")),
        ),
    )  # fmt: skip


def asked(say: Say, tag: str, hours: int) -> View:
    """Confirm that a question is on its way."""
    told = say("Your question about {tag} is on its way to a mentor.", tag=Bold(tag))
    after = say.plural(
        "If nobody takes it within an hour, I ask somebody else.",
        "If nobody takes it within {n} hours, I ask somebody else.", hours,
    )  # fmt: skip
    return View("ask.asked", (Text(told), Note(after)))


def offered(say: Say, p: Mapping[str, Any]) -> View:
    """Ask a mentor to take a request."""
    told = say("{who} has a question about {tag}. Would you like to help?", who=Mention(p["who"]), tag=Bold(p["tag"]))
    buttons = (
        Button(say.line("Read it"), ActionId("ask.read", p["request"])),
        Button(say.line("I take it"), ActionId("ask.take", p["request"])),
        Button(say.line("Not this time"), ActionId("ask.decline", p["request"])),
    )
    return View("ask.offered", (Text(told), Actions(buttons)))


def _answer(say: Say, request_id: str) -> Actions:
    return Actions(
        (
            Button(say.line("That solved it"), ActionId("ask.solved", request_id)),
            Button(say.line("Not yet"), ActionId("ask.not_yet", request_id)),
        )
    )


def claimed(say: Say, p: Mapping[str, Any]) -> View:
    """Tell the asker who helps."""
    told = say("{who} has taken your question about {tag}.", who=Mention(p["who"]), tag=Bold(p["tag"]))
    after = say("Write to each other in whatever way suits you. When it is answered, tell me here.")
    return View("ask.claimed", (Text(told), Note(after), _answer(say, p["request"])))


def moved(say: Say, p: Mapping[str, Any]) -> View:
    """Tell the asker that somebody else is asked."""
    told = say("Your question about {tag} still waits, so I have asked somebody else.", tag=Bold(p["tag"]))
    return View("ask.moved", (Text(told),))


def unmet(say: Say, p: Mapping[str, Any]) -> View:
    """Tell the asker that nobody is left to ask."""
    told = say("Nobody could take your question about {tag} this time. I am sorry about that.", tag=Bold(p["tag"]))
    hint = say("You can ask it again whenever you like, or ask a coordinator.")
    return View("ask.unmet", (Text(told), Note(hint)))


def thanked(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a mentor that they solved it."""
    told = say("Your help with {tag} solved it for {who}. Thank you.", tag=Bold(p["tag"]), who=Mention(p["who"]))
    return View("ask.thanked", (Text(told),))


def one(say: Say, row: Request, reader: str, *, offered: bool) -> View:
    """Show a question and what its reader can do."""
    heading = say("{who} asks about {tag}:", who=Mention(row.asker_id), tag=Bold(row.tag))
    shown: tuple[Any, ...] = (Text(heading), Text(words("“", row.question, "”")))
    if offered:
        take = Button(say.line("I take it"), ActionId("ask.take", row.id))
        shown += (Actions((take, Button(say.line("Not this time"), ActionId("ask.decline", row.id)))),)
    elif row.status == CLAIMED and reader == row.asker_id:
        shown += (_answer(say, row.id),)
    return View("ask.one", shown)


def yours(say: Say, row: Request) -> View:
    """Confirm that a mentor has it."""
    told = say("It is yours, and {who} knows. Write to them when it suits you.", who=Mention(row.asker_id))
    return View("ask.yours", (Text(told), Text(words("“", row.question, "”"))))


def declined(say: Say) -> View:
    """Confirm that somebody else is asked."""
    return View("ask.declined", (Text(say("That is fine. I ask somebody else, and nobody learns that you passed.")),))


def solved(say: Say) -> View:
    """Confirm that it is solved."""
    return View("ask.solved", (Text(say("Good to hear. I have told the one who helped you.")),))


def not_yet(say: Say) -> View:
    """Nothing changes."""
    return View("ask.not_yet", (Text(say("All right, it stays open.")),))


def _line(say: Say, me: str, row: Request) -> Words:
    if row.asker_id != me:
        return say("You help {who} with {tag}.", who=Mention(row.asker_id), tag=Bold(row.tag))
    if row.mentor_id is None:
        return say("You asked about {tag}. It waits for a mentor.", tag=Bold(row.tag))
    return say("You asked about {tag}. {who} has it.", tag=Bold(row.tag), who=Mention(row.mentor_id))


def mine(say: Say, me: str, rows: Sequence[Request]) -> View:
    """List what somebody asked and took."""
    if not rows:
        hint = say("{command} asks somebody who knows.", command=Code("/ask mentor"))
        return View("ask.none", (Text(say("You have no open questions.")), Note(hint)))
    answers = tuple(
        Button(say.line("Read about {tag}", tag=row.tag[:40]), ActionId("ask.read", row.id)) for row in rows[:5]
    )
    return View("ask.mine", (List(tuple(_line(say, me, row) for row in rows)), Actions(answers)))


def experts(say: Say, tag: str, found: Sequence[tuple[str, int]]) -> View:
    """List who solved requests about something, by how many people they helped."""
    if not found:
        return View("ask.no_experts", (Text(say("Nobody has solved a question about {tag} yet.", tag=Bold(tag))),))
    lines = tuple(
        words(Mention(who), " · ", say.plural("helped one person", "helped {n} people", n)) for who, n in found[:10]
    )
    return View("ask.experts", (Heading(say.line("Who has helped with {tag}", tag=tag)), List(lines)))
