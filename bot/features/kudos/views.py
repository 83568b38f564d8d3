"""How thanks are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Code, Mention, Words, words
from bot.chat.views import Block, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say
from storage.kudos import Kudos


def given(say: Say, receiver: str, *, posted: bool, left: int) -> View:
    """Confirm thanks, say where they went and how many are left today."""
    where = (
        say("Your thanks are on their way to {who}, and to everybody in the channel for kudos.", who=Mention(receiver))
        if posted
        else say("Your thanks are on their way to {who}, in private.", who=Mention(receiver))
    )
    more = (
        say.plural("You can give one more today.", "You can give {n} more today.", left)
        if left
        else say("That was your last one for today.")
    )
    return View("kudos.given", (Text(where), Note(more)))


def received(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that they were thanked."""
    return View(
        "kudos.received",
        (Text(say("{giver} thanks you:", giver=Mention(p["giver"]))), Text(words("“", p["reason"], "”"))),
    )


def posted(say: Say, p: Mapping[str, Any]) -> View:
    """Show thanks to everybody."""
    who = say("{giver} thanks {receiver}:", giver=Mention(p["giver"]), receiver=Mention(p["receiver"]))
    return View("kudos.posted", (Text(who), Text(words("“", p["reason"], "”"))))


def _line(say: Say, kudos: Kudos) -> Words:
    return words(Mention(kudos.giver_id), ": “", kudos.reason, "” · ", say.when(kudos.given_at, "date"))


def mine(say: Say, rows: Sequence[Kudos]) -> View:
    """List what somebody was thanked for, newest first."""
    if not rows:
        hint = say("Did somebody help you lately? {command} tells them.", command=Code("/kudos give"))
        return View("kudos.none", (Text(say("No kudos yet. They often take a while.")), Note(hint)))
    heading = Heading(say.line("What people thanked you for"))
    return View("kudos.mine", (heading, List(tuple(_line(say, row) for row in rows), paged=True)))


def home(say: Say, rows: Sequence[Kudos]) -> tuple[Block, ...]:
    """The newest thanks on a member's page."""
    if not rows:
        return ()
    count = say.plural("You were thanked once.", "You were thanked {n} times.", len(rows))
    return (Text(words(count, " ", say("The last time:"))), List((_line(say, rows[0]),)))


def step(say: Say) -> Step:
    """Offer to thank somebody."""
    give = Button(say.line("Give kudos"), ActionId("kudos.give"))
    return Step(Urgency.ANY_TIME, say("Did somebody help you lately? Tell them."), (give,))
