"""How thanks are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say
from storage.kudos import Kudos

PUBLIC, PRIVATE = "public", "private"


def given(say: Say, kudos: str, receivers: Sequence[str], posted: Sequence[str], *, left: int) -> View:
    """Confirm thanks, say where they went and how many are left, and offer to take them back."""
    who = say.join([words(Mention(one)) for one in receivers])
    if not posted:
        where = say("Your thanks are on their way to {who}, in private.", who=who)
    elif len(posted) == len(receivers):
        where = say("Your thanks are on their way to {who}, and to everybody in the channel for kudos.", who=who)
    else:
        seen = say.join([words(Mention(one)) for one in posted])
        where = say(
            "Your thanks are on their way to {who}. Those for {seen} are in the channel for kudos, too.",
            who=who, seen=seen,
        )  # fmt: skip
    more = (
        say.plural("You can give one more for now.", "You can give {n} more for now.", left)
        if left
        else say("That was your last one for now.")
    )
    back = Button(say.line("Take it back"), ActionId("kudos.undo", kudos))
    note = words(more, " ", say("You can take it back for ten minutes."))
    return View("kudos.given", (Text(where), Note(note), Actions((back,))))


def undone(say: Say) -> View:
    """Confirm that thanks are taken back."""
    told = say("Taken back. Where it had arrived already, it now says so, without your words.")
    return View("kudos.undone", (Text(told),))


def taken_back(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """What stands where thanks stood that were taken back."""
    return View("kudos.taken_back", (Note(say("Thanks that were taken back.")),))


def _for(say: Say, value: str) -> tuple[Block, ...]:
    return (Note(say("For: {value}", value=Bold(value))),) if value else ()


def received(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that they were thanked; the first time, ask who else may see it."""
    told: tuple[Block, ...] = (
        Text(say("{giver} thanks you:", giver=Mention(p["giver"]))), Text(words("“", p["reason"], "”")),
        *_for(say, p.get("value", "")),
    )  # fmt: skip
    if not p.get("asks"):
        return View("kudos.received", told)
    question = say("Only you two see this. May thanks to you also be shown in the channel for kudos?")
    buttons = (
        Button(say.line("Yes, show them"), ActionId("kudos.show", p["kudos"])),
        Button(say.line("Keep them private"), ActionId("kudos.keep", p["kudos"])),
    )
    return View("kudos.received", (*told, Note(question), Actions(buttons)))


def decided(say: Say, p: Mapping[str, Any], *, in_public: bool) -> View:
    """Show the thanks again, with what was decided."""
    told = received(say, p).blocks
    now = say("Shown in the channel from now on.") if in_public else say("They stay between you.")
    later = say("{command} changes it.", command=Code("/kudos preferences"))
    return View("kudos.decided", (*told, Note(words(now, " ", later))))


def posted(say: Say, p: Mapping[str, Any]) -> View:
    """Show thanks to everybody."""
    receivers = say.join([words(Mention(one)) for one in p["receivers"]])
    who = say("{giver} thanks {receivers}:", giver=Mention(p["giver"]), receivers=receivers)
    return View("kudos.posted", (Text(who), Text(words("“", p["reason"], "”")), *_for(say, p.get("value", ""))))


def preferences_form(say: Say, *, in_public: bool) -> Form:
    """Who may see what one is thanked for."""
    options = (
        Option(PRIVATE, say.line("Only who thanks me and I")),
        Option(PUBLIC, say.line("Everybody, in the channel for kudos")),
    )
    field = ChoiceField(
        name="sight", label=say.line("Who sees thanks to you"), options=options,
        value=PUBLIC if in_public else PRIVATE,
    )  # fmt: skip
    return Form(name="kudos.preferences", title=say.line("Thanks to you"), submit=say.line("Keep"), fields=(field,))


def preferred(say: Say, *, in_public: bool) -> View:
    """Confirm who sees it."""
    told = (
        say("Thanks to you are shown in the channel for kudos from now on.")
        if in_public
        else say("Thanks to you stay between you and who gives them, and are in no digest. Older posts stay.")
    )
    return View("kudos.preferred", (Text(told),))


def _line(say: Say, kudos: Kudos) -> Words:
    value = (" · ", kudos.value) if kudos.value else ()
    return words(Mention(kudos.giver_id), ": “", kudos.reason, "”", *value, " · ", say.when(kudos.given_at, "date"))


def mine(say: Say, rows: Sequence[Kudos]) -> View:
    """List what somebody was thanked for, newest first, and by how many people."""
    if not rows:
        hint = say("Did somebody help you lately? {command} tells them.", command=Code("/kudos give"))
        return View("kudos.none", (Text(say("No kudos yet. They often take a while.")), Note(hint)))
    heading = Heading(say.line("What people thanked you for"))
    givers = len({row.giver_id for row in rows})
    by = say.plural("From one person.", "From {n} people.", givers)
    return View("kudos.mine", (heading, Note(by), List(tuple(_line(say, row) for row in rows), paged=True)))


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


def digest(say: Say, p: Mapping[str, Any]) -> View:
    """Show a week of thanks: how many, and the best reasons."""
    givers = say.plural("one person", "{n} people", p["givers"])
    receivers = say.plural("one person", "{n} people", p["receivers"])
    times = say.plural("one thank you", "{n} times thank you", p["count"])
    told = say(
        "In the last week: {times}, from {givers} to {receivers}.", times=times, givers=givers, receivers=receivers
    )
    lines = tuple(
        words(
            say("{giver} thanks {receivers}:", giver=Mention(one["giver"]), receivers=Mention(one["receiver"])),
            " “", one["reason"], "”",
        )
        for one in p["best"]
    )  # fmt: skip
    blocks: tuple[Block, ...] = (Heading(say.line("Thanks of the week")), Text(told), List(lines, size=len(lines)))
    if p["values"]:
        named = say.join([words(Bold(value), f" ({n})") for value, n in p["values"]])
        blocks += (Note(say("Most often for: {values}", values=named)),)
    return View("kudos.digest", blocks)


def board(say: Say, rows: Sequence[tuple[str, int]], days: int) -> View:
    """List who was thanked by most different people."""
    heading = Heading(say.line("Thanked by most people"))
    if not rows:
        return View("kudos.board", (heading, Text(say("Nobody stands here yet."))))
    lines = tuple(words(Mention(who), " · ", say.plural("by one person", "by {n} people", n)) for who, n in rows)
    note = say(
        "In the last {days} days, by how many different people. Only who likes to be thanked in public is here.",
        days=days,
    )
    return View("kudos.board", (heading, List(lines, size=len(lines)), Note(note)))


def desk(say: Say, rows: Sequence[tuple[str, int]]) -> tuple[Block, ...]:
    """How many active people nobody thanked, on a coordinator's page."""
    if not rows:
        return ()
    told = say.plural(
        "One active person was thanked by nobody lately.", "{n} active people were thanked by nobody lately.", len(rows)
    )
    return (Text(words(told, " ", say("{command} names them.", command=Code("/coord kudos unthanked")))),)


def unthanked(say: Say, rows: Sequence[tuple[str, int]], days: int) -> View:
    """List for coordinators who takes part and was not thanked."""
    if not rows:
        told = say("Everybody who took part in the last {days} days was thanked by somebody.", days=days)
        return View("kudos.all_thanked", (Text(told),))
    lines = tuple(
        words(Mention(who), " · ", say.plural("one session", "{n} sessions", n)) if n else words(Mention(who))
        for who, n in rows
    )
    told = say("These people took part in the last {days} days, and nobody thanked them.", days=days)
    note = say("Only coordinators see this. A word from you is worth as much as any.")
    return View("kudos.unthanked", (Text(told), List(lines, paged=True), Note(note)))
