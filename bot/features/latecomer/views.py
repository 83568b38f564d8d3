"""The question whether somebody may join. A no costs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Mention
from bot.chat.views import Actions, Block, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say
from bot.reasons import lines, people


def _buttons(say: Say, question: str) -> tuple[Button, Button]:
    return (
        Button(say.line("Yes, gladly"), ActionId("latecomer.answer", question, "yes"), "primary"),
        Button(say.line("Rather not"), ActionId("latecomer.answer", question, "no")),
    )


def _for_it(say: Say, p: Mapping[str, Any], size: int) -> list[Block]:
    spoken = lines(say, p["reasons"], size)
    return [Text(say("What speaks for it:")), List(spoken)] if spoken else []


def mentor_asked(say: Say, p: Mapping[str, Any]) -> View:
    """Ask a mentor with room whether they take one more."""
    return View(
        "latecomer.mentor_asked",
        (
            Text(say("{who} has joined {programme} and is looking for a mentor. You have room for one more. Would you like to?",
                     who=Mention(p["who"]), programme=Bold(p["programme"]))),
            *_for_it(say, p, 2),
            Actions(_buttons(say, p["question"])),
            Note(say("Either answer is fine. {who} does not know that I ask you.", who=Mention(p["who"]))),
        ),
    )  # fmt: skip


def pair_asked(say: Say, p: Mapping[str, Any]) -> View:
    """Ask the people of a pair whether somebody may join them."""
    return View(
        "latecomer.pair_asked",
        (
            Text(say("{who} has joined {programme} after the pairs were made. May they join you and {people}?",
                     who=Mention(p["who"]), programme=Bold(p["programme"]), people=people(say, p["partners"]))),
            *_for_it(say, p, len(p["partners"]) + 2),
            Actions(_buttons(say, p["question"])),
            Note(say("I ask each of you. Only if all of you like it I introduce you; nobody is told who said what, and {who} does not know that I ask.",
                     who=Mention(p["who"]))),
        ),
    )  # fmt: skip


def accepted(say: Say, who: str) -> View:
    """Thank for a yes."""
    text = say("Thank you. If all who are asked like it, I introduce you and {who} to each other.", who=Mention(who))
    return View("latecomer.accepted", (Text(text),))


def declined(say: Say) -> View:
    """Thank for a no."""
    return View("latecomer.declined", (Text(say("That is fine, and nobody is told. Thank you for the answer.")),))


def step(say: Say, p: Mapping[str, Any]) -> Step:
    """Offer to answer."""
    who = Mention(p["who"])
    if p["mentor"]:
        text = say("{who} is looking for a mentor. You have room for one more.", who=who)
    else:
        text = say("May {who} join you and {people}?", who=who, people=people(say, p["partners"]))
    return Step(Urgency.WAITS, text, _buttons(say, p["question"]))


def home(steps: Sequence[Step]) -> tuple[Block, ...]:
    """Questions that wait, on a member's page."""
    return tuple(block for one in steps for block in (Text(one.text), Actions(one.buttons)))
