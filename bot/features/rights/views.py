"""What a member reads about what is stored of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.actions import ActionId, Button
from bot.chat.platform import Allowed
from bot.chat.text import Bold, Code, Words, words
from bot.chat.views import Actions, Block, Fields, File, Heading, List, Note, Text, View
from bot.i18n import N_, Say

KINDS = {
    "intents": N_("I am told of"),
    "permissions": N_("I may, on this server"),
    "scopes": N_("I may, in this workspace"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What one table holds of a member: why, how many rows, which of their fields hold something, for how long."""

    why: str
    rows: int
    fields: Sequence[str]
    kept: timedelta | None


def privacy(say: Say, held: Sequence[Held], allowed: Sequence[Allowed]) -> View:
    """Say what is stored, and what the platform lets the bot do, in the platform's own words."""
    blocks: list[Block] = [
        Heading(say.line("What I know about you")),
        Text(say("I read nobody's messages. I know what people tell me with commands, buttons and forms.")),
        List(tuple(_held(say, one) for one in held), paged=True),
    ]
    if rights := tuple((say.line(KINDS[one.kind]), words(", ".join(one.names))) for one in allowed if one.names):
        blocks.append(Fields(rights))
    blocks.append(
        Note(
            say(
                "Notes and surveys that you sent without your name are not here: they are not tied to you. Nor is what"
                " others told moderators in confidence. Whoever runs Kith here can read the database."
            )
        )
    )
    blocks.append(Actions((_copy(say), Button(say.line("Forget me…"), ActionId("rights.forget")))))
    return View("rights.privacy", tuple(blocks))


def _held(say: Say, one: Held) -> Words:
    parts: list[str | Bold | Words] = [
        Bold(say.line(one.why)),
        " ",
        say.plural("One entry:", "{n} entries:", one.rows),
        " ",
        ", ".join(one.fields),
    ]
    if one.kept is not None:
        parts += [". ", say.plural("It goes after a day.", "It goes after {n} days.", one.kept.days)]
    return words(*parts)


def _copy(say: Say) -> Button:
    return Button(say.line("A copy of everything"), ActionId("rights.export"))


def copy_words(say: Say, community: str, now: datetime) -> dict[str, str]:
    """Return the title of a member's copy, and when it was made."""
    return {
        "title": say.line("What {community} stores about you", community=community),
        "made": say.line("Made on {day}. Moments are in UTC. The names of fields are those of the database.",
                         day=say.day(now.date())),
    }  # fmt: skip


def exported(say: Say, data: bytes, shown: bytes) -> View:
    """Hand over the copy."""
    return View(
        "rights.exported",
        (
            Text(say("Here is everything that I store about you: a page to read, and the same for programs.")),
            File("about-me.html", shown, "text/html"),
            File("about-me.json", data, "application/json"),
            Note(say("Only you see this. It holds private things, so mind where you keep it.")),
        ),
    )


def sure(say: Say) -> View:
    """Say what goes and what stays, and ask once more."""
    return View(
        "rights.sure",
        (
            Heading(say.line("Shall I forget you?")),
            Text(
                say(
                    "You leave every programme and pair, and your partners are told that you left, without a reason. Your name, profile, accounts, answers and words go for good."
                )
            ),
            Text(
                say(
                    "Counts stay, with nobody behind them. So does what belongs to others: what they said, and that they had a partner. A certificate that you hold stays genuine."
                )
            ),
            Note(
                say(
                    "A scrambled mark stays, so that no list brings you back. Copies that whoever runs Kith made earlier go when they are renewed. You can join anew whenever you like."
                )
            ),
            Actions(
                (
                    Button(say.line("Forget me for good"), ActionId("rights.forgotten"), "danger"),
                    _copy(say),
                    Button(say.line("No, I stay"), ActionId("rights.stay")),
                )
            ),
        ),
    )


def forgotten(say: Say) -> View:
    """Say good-bye."""
    return View(
        "rights.forgotten",
        (
            Text(
                say("It is done. I no longer know you. Thank you for having been here; you are welcome back any time.")
            ),
            Note(say("If you ever want to: {join}.", join=Code("/programme join"))),
        ),
    )


def stays(say: Say) -> View:
    """Nothing was changed."""
    return View("rights.stays", (Text(say("Good. Nothing was changed.")),))
