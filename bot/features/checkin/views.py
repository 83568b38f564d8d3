"""The question and what is said to each answer. Warm, short, never a reproach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Code, Mention, Words, words
from bot.chat.views import Actions, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import N_, Say


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask how it goes, with five buttons."""
    key = p["checkin"]
    return View(
        "checkin.ask",
        (
            Text(_question(say, p)),
            Actions(
                (
                    Button(say.line("We met"), ActionId("checkin.met", key), "primary"),
                    Button(say.line("Scheduled"), ActionId("checkin.scheduled", key)),
                    Button(say.line("Not yet"), ActionId("checkin.not_yet", key)),
                    Button(say.line("I need help"), ActionId("checkin.help", key)),
                    Button(say.line("Ask me tomorrow"), ActionId("checkin.later", key)),
                )
            ),
        ),
    )


def _question(say: Say, p: Mapping[str, Any]) -> Words:
    people = say.join([words(Mention(member)) for member in p["partners"]])
    meet = N_("Did you two meet this week?") if len(p["partners"]) == 1 else N_("Did you all meet this week?")
    question = p["questions"].get(say.language) or say.line(meet)
    return words(say("You and {people}: ", people=people), question)


def step(say: Say, p: Mapping[str, Any]) -> Step:
    """Offer to answer the same question."""
    answer = Button(say.line("Answer"), ActionId("checkin.again", p["checkin"]), "primary")
    return Step(Urgency.WAITS, _question(say, p), (answer,))


def _answered(say: Say, key: str, checkin: str, text: str, *notes: Note) -> View:
    change = Actions((Button(say.line("Change my answer"), ActionId("checkin.again", checkin)),))
    return View(key, (Text(say(text)), *notes, change))


def thanks_met(say: Say, checkin: str) -> View:
    """They met."""
    note = Note(say("Did something they said help? {command} tells them.", command=Code("/kudos give")))
    return _answered(say, "checkin.met", checkin, N_("Lovely. Thank you for telling me."), note)


def thanks_scheduled(say: Say, checkin: str) -> View:
    """They have a date."""
    return _answered(say, "checkin.scheduled", checkin, N_("Good, you have a date. Enjoy it."))


def thanks_not_yet(say: Say, checkin: str) -> View:
    """They have not met; that is fine."""
    note = Note(say("If it helps: propose two times, and say that half an hour is enough."))
    return _answered(say, "checkin.not_yet", checkin, N_("That happens. Thank you for telling me."), note)


def thanks_help(say: Say, checkin: str, *, told: bool) -> View:
    """They would like help: say who knows now, and what is not known."""
    if told:
        text = N_("Thank you for saying so. The coordinators know that you would like a word, and nothing else.")
    else:
        text = N_(
            "Thank you for saying so. This community has no channel for coordinators yet, so please write to one of them."
        )
    note = Note(say("If you would rather not be named: {command}.", command=Code("/feedback send")))
    return _answered(say, "checkin.help", checkin, text, note)


def snoozed(say: Say, until: datetime) -> View:
    """Asked again later."""
    return View("checkin.snoozed", (Text(say("Of course. I will ask again on {when}.", when=say.when(until))),))


def help_wanted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators who would like a word."""
    return View(
        "checkin.help_wanted",
        (
            Text(say('{member} pressed "I need help" in a check-in.', member=Mention(p["member"]))),
            Note(say("Nothing else was said. A friendly private word from one of you is a good next step.")),
        ),
    )
