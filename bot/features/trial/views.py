"""The question of a trial and what is said after it: to everybody the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import words
from bot.chat.views import Actions, Block, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.trial.rules import CONTINUE, OTHER
from bot.i18n import Say
from bot.reasons import people


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask whether to go on, and say who learns what."""
    named = people(say, p["partners"])
    known = say.plural(
        "You and {people} have known each other for a week now.",
        "You and {people} have known each other for {n} weeks now.", p["weeks"], people=named,
    )  # fmt: skip
    when = say.when(datetime.fromisoformat(p["decides"]))
    blocks: list[Block] = [
        Text(words(known, " ", say("Would you like to go on together?"))),
        Actions(
            (
                Button(say.line("Continue"), ActionId("trial.answer", p["answer"], CONTINUE)),
                Button(say.line("I would rather have someone else"), ActionId("trial.answer", p["answer"], OTHER)),
            )
        ),
        Note(
            say(
                "Nobody is shown your answer: not your partner, not the coordinators. You go on when all of you choose to; you all hear the outcome on {when}, in the same words.",
                when=when,
            )
        ),
    ]
    if p["again"]:
        blocks.append(Note(say("Without an answer from everybody this pair ends then.")))
    return View("trial.ask", tuple(blocks))


def answered(say: Say, answer: str, decides: datetime) -> View:
    """Confirm an answer without repeating it."""
    text = say("Thank you. I keep your answer to myself. You all hear the outcome on {when}.", when=say.when(decides))
    change = Button(say.line("Change my answer"), ActionId("trial.again", answer))
    return View("trial.answered", (Text(text), Actions((change,))))


def confirmed(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Everybody chose to go on."""
    return View("trial.confirmed", (Text(say("Your trial is over, and all of you would like to go on. Good.")),))


def over(say: Say, p: Mapping[str, Any]) -> View:
    """The pair ends; the words are the same for everybody, whoever answered what."""
    return View(
        "trial.over",
        (
            Text(say("Your pair with {people} ends here, as trials may. Thank you for the time you gave it.",
                     people=people(say, p["partners"]))),
            Text(say("You come first in the next round.")),
            Note(say("Perhaps somebody chose this, perhaps an answer did not come in time. I tell nobody, and the answers are erased.")),
        ),
    )  # fmt: skip


def step(say: Say, p: Mapping[str, Any], *, given: bool) -> Step:
    """Offer to answer, or to change the answer."""
    named, when = people(say, p["partners"]), say.when(datetime.fromisoformat(p["decides"]))
    if given:
        text = say("Your answer about going on with {people} is kept until {when}.", people=named, when=when)
        return Step(Urgency.ELSE, text, (Button(say.line("Change my answer"), ActionId("trial.again", p["answer"])),))
    text = say("Would you like to go on with {people}? Your answer counts until {when}.", people=named, when=when)
    return Step(Urgency.WAITS, text, (Button(say.line("Answer"), ActionId("trial.again", p["answer"]), "primary"),))


def home(steps: Sequence[Step]) -> tuple[Block, ...]:
    """Questions that stand, on a member's page."""
    return tuple(block for one in steps for block in (Text(one.text), Actions(one.buttons)))
