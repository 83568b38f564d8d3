"""What members hear about rounds, and what coordinators hear a day ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Words, words
from bot.chat.views import Actions, Block, Fields, Heading, Note, Text, View
from bot.i18n import N_, Say


def _alone(say: Say, programme: str) -> Words:
    return say(
        "There was no partner for you in this round of {programme}. I am sorry. You come first in the next one.",
        programme=Bold(programme),
    )


def unmatched(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody kindly that this round has no partner for them, and what may help."""
    help_ = {
        "no_shared_language": N_(
            "Nobody who was free speaks a language you listed. Adding one would help, if you speak another."
        ),
        "no_overlap": N_("Nobody was free at the same hours as you. A few more free hours would help."),
        "only_repeats": N_("You have met everybody who fits. Newcomers will change that."),
        "no_capacity": N_("All mentors who fit are full at the moment."),
        "no_shared_space": N_("Everybody who fits is in another space."),
    }
    blocks: list[Block] = [
        Text(_alone(say, p["programme"])),
    ]
    blocks += [Text(say(help_[code])) for code in p["why"] if code in help_]
    blocks.append(Note(say("You can change what you told me with {command}.", command=Code("/programme join"))))
    return View("round.unmatched", tuple(blocks))


def tomorrow(say: Say, p: Mapping[str, Any]) -> View:
    """Tell a member that their next round is near, and let them sit it out."""
    when = say.when(datetime.fromisoformat(p["at"]))
    return View(
        "round.tomorrow",
        (
            Text(say("The next round of {programme} is {when}. You will get somebody new then.",
                     programme=Bold(p["programme"]), when=when)),
            Text(say("No time this once? Sit it out, and you are in again the time after.")),
            Actions((_skip(say, p["programme_id"], p["number"]),)),
        ),
    )  # fmt: skip


def _skip(say: Say, programme: str, number: int) -> Button:
    return Button(say.line("Skip this one"), ActionId("round.skip", programme, str(number)))


def skipped(say: Say, programme: str, name: str, number: int) -> View:
    """Confirm that a member sits the next round out."""
    return View(
        "round.skipped",
        (
            Text(say("You sit out the next round of {programme}. The one after it is yours again.",
                     programme=Bold(name))),
            Note(say("A partner you have now stays yours. You lose no place in line.")),
            Actions((Button(say.line("Take part after all"), ActionId("round.rejoin", programme, str(number))),)),
        ),
    )  # fmt: skip


def rejoined(say: Say, programme: str, name: str, number: int) -> View:
    """Confirm that a member takes part after all."""
    return View(
        "round.rejoined",
        (
            Text(say("Good to have you: you take part in the next round of {programme}.", programme=Bold(name))),
            Actions((_skip(say, programme, number),)),
        ),
    )


def ahead(say: Say, p: Mapping[str, Any]) -> View:
    """Tell coordinators how the round that is near would look."""
    blocks: list[Block] = [Heading(say.line("A round is near"))]
    if p["at"]:
        when = say.when(datetime.fromisoformat(p["at"]))
        blocks.append(Text(say("{programme} makes its next round {when}.", programme=Bold(p["programme"]), when=when)))
    blocks.append(
        Fields(
            (
                (say.line("Pairs"), words(str(p["pairs"]))),
                (say.line("People with a partner"), words(str(p["placed"]))),
                (say.line("People without a partner"), words(str(p["alone"]))),
                (say.line("Of the best possible"), of_best(say, p["share"])),
                *([(say.line("Least fitting pair"), words(percent(p["worst"])))] if p["worst"] is not None else []),
            )
        )
    )
    if p["stale"]:
        blocks.append(Text(say("People came or went since this draft was made. It will be drawn again.")))
    look = Code(f"/coord matching preview {p['slug']}")
    blocks.append(Note(say("Look at it with {command}. If you do nothing, it is made on its own.", command=look)))
    return View("round.ahead", tuple(blocks))


def rematch_later(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody who asked for another partner that it will be in the next round."""
    return View(
        "round.rematch_later",
        (
            Text(say("There is nobody new for you in {programme} just now. You come first in the next round.",
                     programme=Bold(p["programme"]))),
        ),
    )  # fmt: skip


def percent(share: float) -> str:
    """Return a share as whole percent."""
    return f"{share:.0%}"


def of_best(say: Say, share: float | None) -> Words:
    """Say how near a round is to the best possible, where that is proven."""
    if share is None:
        return say("not proven")
    return say("{share}, proven", share=f"{int(share * 1000) / 10:.1f} %")
