"""How shoutouts are written, asked about and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import ChannelField, DateField, Form, MembersField, TextField
from bot.chat.text import Channel, Mention, shorten, words
from bot.chat.views import Actions, Heading, List, Note, Text, View
from bot.features.shoutout.rules import LENGTH
from bot.i18n import Say
from storage.shoutout import Shoutout

MOST = 5


def write_form(say: Say, zone: str) -> Form:
    """Whom to praise, in which words, where and when."""
    return Form(
        name="shoutout.write", title=say.line("A shoutout"), submit=say.line("Next"),
        fields=(
            MembersField(name="who", label=say.line("Whom you praise"), most=MOST,
                         hint=say.line("Who has not said that praise may be public is asked first.")),
            TextField(name="words", label=say.line("What you want to say"), long=True, max_length=LENGTH, min_length=10),
            ChannelField(name="channel", label=say.line("In which channel")),
            DateField(name="day", label=say.line("Day"), required=False, hint=say.line("Empty: as soon as may be.")),
            TextField(name="at", label=say.line("Time"), required=False, max_length=5, value="10:00",
                      hint=say.line("Like 18:30, in the community's time zone, {zone}.", zone=zone)),
        ),
    )  # fmt: skip


def wrong(say: Say, what: str) -> str:
    """Say what is wrong with a moment."""
    match what:
        case "clock":
            return say.line("Please write a time like 18:30.")
        case "past":
            return say.line("That has passed already.")
        case _:
            return say.line("Please choose a day within three months.")


def not_here(say: Say, name: str) -> str:
    """Say that somebody takes no part."""
    return say.line("{name} takes no part here, so praise would not reach them.", name=name)


def written(say: Say, row: Shoutout, who: Sequence[str], asked: Sequence[str]) -> View:
    """Show it as it will be, and who is asked first."""
    when = say("It will be posted in {channel} at {when}.", channel=Channel(row.goes_to[1]), when=say.when(row.due_at))
    blocks: list[Any] = [Heading(say.line("Your shoutout")), *_praise(say, who, row.words), Note(when)]
    if asked:
        names = say.join([words(Mention(one)) for one in asked])
        blocks.append(Note(say("{who} is asked first, and it waits for a yes.", who=names)))
    blocks.append(Actions((Button(say.line("Take it back"), ActionId("shoutout.drop", row.id)),)))
    return View("shoutout.written", tuple(blocks))


def _praise(say: Say, who: Sequence[str], said: str) -> tuple[Text, Text]:
    named = say.join([words(Mention(one)) for one in who])
    return Text(say("A word about {who}:", who=named)), Text(words("“", said, "”"))


def posted(say: Say, p: Mapping[str, Any]) -> View:
    """Praise somebody before everybody."""
    return View("shoutout.posted", _praise(say, p["members"], p["words"]))


def ask(say: Say, p: Mapping[str, Any]) -> View:
    """Ask somebody whether praise for them may be posted."""
    told = say(
        "{author} would like to praise you in {channel}, with these words:", author=Mention(p["author"]),
        channel=Channel(p["channel"]),
    )  # fmt: skip
    buttons = (
        Button(say.line("Fine by me"), ActionId("shoutout.yes", p["member"]), "primary"),
        Button(say.line("Rather not"), ActionId("shoutout.no", p["member"])),
    )
    note = say("Without your yes nothing is posted.")
    return View("shoutout.ask", (Text(told), Text(words("“", p["words"], "”")), Note(note), Actions(buttons)))


def answered(say: Say, *, says: bool) -> View:
    """Confirm the answer."""
    told = say("Thank you. You will find it there.") if says else say("That is fine. Nothing is posted.")
    return View("shoutout.answered", (Text(told),))


def not_wanted(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell its author that a shoutout is not posted."""
    told = say("Your shoutout is not posted: not everybody in it said yes. A word in private is as good.")
    return View("shoutout.not_wanted", (Text(told),))


def dropped(say: Say) -> View:
    """Confirm that it is taken back."""
    return View("shoutout.dropped", (Text(say("It is taken back, and nothing is posted.")),))


def waiting(say: Say, rows: Sequence[Shoutout]) -> View:
    """List what waits to be posted."""
    write = Button(say.line("Write one"), ActionId("shoutout.write"))
    if not rows:
        return View("shoutout.none", (Text(say("No shoutout waits to be posted.")), Actions((write,))))
    lines = tuple(words(say.when(row.due_at), " · ", shorten(row.words, 100)) for row in rows)
    drops = tuple(
        Button(say.line("Take {n} back", n=place), ActionId("shoutout.drop", row.id))
        for place, row in enumerate(rows[: MOST - 1], 1)
    )
    return View("shoutout.waiting", (Heading(say.line("Shoutouts ahead")), List(lines), Actions((*drops, write))))
