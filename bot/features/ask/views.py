"""How requests for help are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Heading, List, Note, Text, View
from bot.i18n import Say
from storage.request import CLAIMED, OPEN, Request

YES, NO = "yes", "no"
MOST_AT_ONCE = 10


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


def asked(say: Say, tag: str, hours: int, known: int) -> View:
    """Confirm that a question is on its way; `known` answers about it are in the library already."""
    told = say("Your question about {tag} is on its way to a mentor.", tag=Bold(tag))
    after = say.plural(
        "If nobody takes it within an hour, I ask somebody else.",
        "If nobody takes it within {n} hours, I ask somebody else.", hours,
    )  # fmt: skip
    if not known:
        return View("ask.asked", (Text(told), Note(after)))
    there = say.plural(
        "The library has one answer about it meanwhile: {command}.",
        "The library has {n} answers about it meanwhile: {command}.", known, command=Code(f"/ask library {tag}"),
    )  # fmt: skip
    return View("ask.asked", (Text(told), Note(words(after, " ", there))))


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


def answered(say: Say, p: Mapping[str, Any]) -> View:
    """Ask the asker, once, whether they have their answer."""
    told = say("{who} took your question about {tag}. Did it help?", who=Mention(p["who"]), tag=Bold(p["tag"]))
    return View("ask.answered", (Text(told), _answer(say, p["request"])))


def released(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a mentor that a question is no longer theirs."""
    told = say("The question about {tag} has gone to somebody else. Thank you for your time.", tag=Bold(p["tag"]))
    return View("ask.released", (Text(told),))


def dropped_for(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a mentor that a question needs no answer any more."""
    told = say("{who} needs no answer about {tag} any more. Thank you for taking it.", who=Mention(p["who"]),
               tag=Bold(p["tag"]))  # fmt: skip
    return View("ask.dropped", (Text(told),))


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
    elif row.status == CLAIMED and reader == row.mentor_id:
        shown += (_back(say, row.id),)
    if row.status in (OPEN, CLAIMED) and reader == row.asker_id:
        shown += (Actions((Button(say.line("I no longer need it"), ActionId("ask.drop", row.id)),)),)
    return View("ask.one", shown)


def yours(say: Say, row: Request) -> View:
    """Confirm that a mentor has it."""
    told = say("It is yours, and {who} knows. Write to them when it suits you.", who=Mention(row.asker_id))
    return View("ask.yours", (Text(told), Text(words("“", row.question, "”")), _back(say, row.id)))


def _back(say: Say, request_id: str) -> Actions:
    return Actions((Button(say.line("I cannot after all"), ActionId("ask.back", request_id)),))


def given_back(say: Say) -> View:
    """Confirm that somebody else is asked."""
    return View("ask.given_back", (Text(say("That is fine. I ask somebody else.")),))


def dropped(say: Say) -> View:
    """Confirm that nobody is asked any more."""
    return View("ask.dropped_by_me", (Text(say("All right. Nobody is asked about it any more.")),))


def other_asked(say: Say, tag: str) -> View:
    """Confirm that somebody else is asked, if there is anybody."""
    told = say("I look for somebody else who knows about {tag}, and tell you what comes of it.", tag=Bold(tag))
    return View("ask.other_asked", (Text(told),))


def helping_form(say: Say, *, asked: bool, at_once: int) -> Form:
    """Which questions may reach a mentor."""
    options = (Option(YES, say.line("Yes, about what I offer")), Option(NO, say.line("No, not for now")))
    return Form(
        name="ask.helping", title=say.line("Questions to you"), submit=say.line("Keep"),
        fields=(
            ChoiceField(name="asked", label=say.line("May I ask you questions of others?"), options=options,
                        value=YES if asked else NO),
            NumberField(name="at_once", label=say.line("How many at once"), least=1, most=MOST_AT_ONCE, value=at_once,
                        hint=say.line("While you have so many in hand, you are not asked.")),
        ),
    )  # fmt: skip


def helped(say: Say, *, asked: bool, at_once: int) -> View:
    """Confirm which questions may reach a mentor."""
    told = (
        say.plural("I ask you about what you offer, one question at a time.",
                   "I ask you about what you offer, up to {n} questions at a time.", at_once)
        if asked
        else say("I ask you no questions of others, and you are in no list of who has helped.")
    )  # fmt: skip
    return View("ask.helped", (Text(told), Note(say("{command} changes it.", command=Code("/ask helping")))))


def declined(say: Say) -> View:
    """Confirm that somebody else is asked."""
    return View("ask.declined", (Text(say("That is fine. I ask somebody else, and nobody learns that you passed.")),))


def solved(say: Say, request_id: str) -> View:
    """Confirm that it is solved, and offer to keep the answer for others."""
    told = say("Good to hear. I have told the one who helped you.")
    note = say("Others may wonder the same. You can leave them what solved it, without names.")
    write = Button(say.line("Write it down for others"), ActionId("ask.write", request_id))
    return View("ask.solved", (Text(told), Note(note), Actions((write,))))


def not_yet(say: Say, request_id: str) -> View:
    """Nothing changes, unless the asker would like somebody else."""
    other = Button(say.line("Ask somebody else"), ActionId("ask.other", request_id))
    return View("ask.not_yet", (Text(say("All right, it stays open.")), Actions((other,))))


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
