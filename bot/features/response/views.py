"""What is said when somebody does not answer. Nobody is blamed: lives are full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Mention, Words, words
from bot.chat.views import Actions, Block, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say


def _people(say: Say, p: Mapping[str, Any]) -> Words:
    return say.join([words(Mention(member)) for member in p["partners"]])


def _answers(say: Say, p: Mapping[str, Any]) -> Actions:
    """One tap each: all is well, later, somebody else, or out."""
    return Actions(
        (
            Button(say.line("We are in touch"), ActionId("response.fine", p["response"]), "primary"),
            Button(say.line("I need a few more days"), ActionId("response.later", p["response"])),
            Button(say.line("Somebody else, please"), ActionId("pair.rematch", p["pair_id"])),
            Button(say.line("I would rather leave"), ActionId("pair.leave", p["pair_id"])),
        )
    )


def remind(say: Say, p: Mapping[str, Any]) -> View:
    """Remind once."""
    return View(
        "response.remind",
        (
            Text(say("A while ago I introduced you to {people}. Have you found each other?", people=_people(say, p))),
            Note(say("Two times to choose from are a good first message. Any of these is a fine answer:")),
            _answers(say, p),
        ),
    )


def warn(say: Say, p: Mapping[str, Any]) -> View:
    """Say what happens next, before it does."""
    until = say.when(datetime.fromisoformat(p["until"]), "date")
    return View(
        "response.warn",
        (
            Text(say("I have not heard whether you and {people} are in touch. That happens, and one tap is enough.", people=_people(say, p))),
            Text(say("Without a word from you until {when}, I offer them somebody else, and bring nobody new to you until you say that you are back.", when=until)),
            _answers(say, p),
        ),
    )  # fmt: skip


def patience(say: Say, p: Mapping[str, Any]) -> View:
    """Tell who waits, kindly, that it takes a while."""
    return View(
        "response.patience",
        (
            Text(say("{who} has not found the time to answer yet. It has nothing to do with you, and I have asked again.", who=Mention(p["who"]))),
            Text(say("You can wait a few more days, or have somebody else now.")),
            Actions(
                (
                    Button(say.line("I will wait"), ActionId("response.wait", p["response"])),
                    Button(say.line("Somebody else, please"), ActionId("pair.rematch", p["pair_id"])),
                )
            ),
        ),
    )  # fmt: skip


def reroute(say: Say, p: Mapping[str, Any]) -> View:
    """Offer who waits somebody else."""
    return View(
        "response.reroute",
        (
            Text(say("I have still not heard from {who}. I am sorry that this one did not work out. It was not you.", who=Mention(p["who"]))),
            Text(say("Would you like somebody else?")),
            Actions(
                (
                    Button(say.line("Somebody else, please"), ActionId("pair.rematch", p["pair_id"]), "primary"),
                    Button(say.line("We are in touch"), ActionId("response.fine", p["response"])),
                    Button(say.line("I would rather leave"), ActionId("pair.leave", p["pair_id"])),
                )
            ),
        ),
    )  # fmt: skip


def _back(say: Say) -> Button:
    return Button(say.line("I am back"), ActionId("response.back"), "primary")


def unavailable(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001 - messages take their parameters
    """Tell somebody that nobody new comes until they are back."""
    return View(
        "response.unavailable",
        (
            Text(say("I have not heard from you, so for now I bring nobody new to you. Your place is kept.")),
            Text(say("When life is calmer, one tap is all it takes.")),
            Actions((_back(say),)),
        ),
    )


def inactive(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell somebody that they are asked nothing more, and how to come back."""
    return View(
        "response.inactive",
        (
            Text(say("My last questions found you busy, so I stop asking, and pair you with nobody for now.")),
            Text(say("Any word to me brings you back: press the button, or use any command, whenever you like.")),
            Actions((_back(say),)),
        ),
    )


def fine(say: Say) -> View:
    """They are in touch."""
    return View("response.fine", (Text(say("Good to know. Thank you for telling me.")),))


def later(say: Say, until: datetime) -> View:
    """They need a few more days."""
    return View("response.later", (Text(say("Of course. I ask no sooner than {when}.", when=say.when(until, "date"))),))


def waiting(say: Say) -> View:
    """They give the other side more time."""
    text = say("Thank you for your patience. If there is still no word in a few days, I come back to you.")
    return View("response.waiting", (Text(text),))


def back(say: Say) -> View:
    """They are back."""
    text = say("Welcome back. You are in the next round, and I write to you as before.")
    return View("response.back", (Text(text),))


def home(say: Say) -> tuple[Block, ...]:
    """Who is unavailable finds the way back on their page."""
    shown = step(say)
    return (Text(shown.text), Actions(shown.buttons))


def step(say: Say) -> Step:
    """Offer to come back."""
    return Step(Urgency.BEGINS, say("Nobody new is brought to you at the moment."), (_back(say),))
