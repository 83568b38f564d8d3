"""What is said about pairs: introductions, reasons, goodbyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import N_, Say
from bot.reasons import lines, people


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the member's pairs: partners by member id, reasons as stored."""

    pair: str
    partners: tuple[str, ...]
    reasons: tuple[Any, ...]
    met: bool


def introduced(say: Say, p: Mapping[str, Any]) -> View:
    """Introduce a pair to each other, in their room or in private."""
    members = p["members"]
    hello = say("{people}, meet each other. {programme} brought you together.",
                people=people(say, [one["id"] for one in members]), programme=Bold(p["programme"]))  # fmt: skip
    blocks: list[Block] = [Heading(say.line("Hello, you two") if len(members) == 2 else say.line("Hello, all of you"))]
    blocks.append(Text(hello))
    if spoken := lines(say, p["reasons"], len(members)):
        blocks += [Text(say("What speaks for it:")), List(spoken)]
    blocks.append(Fields(tuple(_card(say, one) for one in members)))
    blocks.append(
        Text(
            say(
                "A good first step: one of you proposes two times this week. Half an hour is plenty, and you could begin with what brought you here."
            )
        )
    )
    if not p.get("private"):
        blocks.append(Note(say("Administrators of this space may be able to read this room. I read nothing here.")))
    if p.get("until"):
        blocks.append(
            Note(say("Your round lasts until {when}.", when=say.when(datetime.fromisoformat(p["until"]), "date")))
        )
    return View("pair.introduced", tuple(blocks))


def _card(say: Say, one: Mapping[str, Any]) -> tuple[str, Words]:
    roles = {"mentor": N_("Mentor"), "mentee": N_("Mentee"), "peer": N_("Partner")}
    parts: list[Words] = [words(Mention(one["id"]))]
    if one["interests"]:
        parts.append(say("enjoys {tags}", tags=say.join(one["interests"])))
    if one["offers"]:
        parts.append(say("can help with {tags}", tags=say.join(one["offers"])))
    if one["wants"]:
        parts.append(say("would like help with {tags}", tags=say.join(one["wants"])))
    if one["zone"]:
        parts.append(say("lives in the time zone {zone}", zone=one["zone"]))
    whole: Words = parts[0]
    for part in parts[1:]:
        whole = words(whole, " · ", part)
    return say.line(roles.get(one["role"], roles["peer"])), whole


def partner_left(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that their partner had to go."""
    blocks: list[Block] = [
        Text(say("{who} had to leave the programme. It has nothing to do with you.", who=Mention(p["who"])))
    ]
    if p["alone"]:
        blocks.append(Text(say("You come first in the next round, and I will write to you then.")))
    return View("pair.partner_left", tuple(blocks))


def ended(say: Say, p: Mapping[str, Any]) -> View:
    """Close a pair with thanks, in its room or in private."""
    blocks: list[Block] = [Text(say("Your round is over. Thank you for the time you gave each other."))]
    if not p.get("private"):
        blocks.append(Text(say("This room stays, if you would like to go on.")))
    blocks.append(Note(say("A word of thanks? {command}", command=Code("/kudos give"))))
    return View("pair.ended", tuple(blocks))


def why(say: Say, pairs: Sequence[Mine]) -> View:
    """Say who the partners are, and why."""
    blocks: list[Block] = []
    for index, mine in enumerate(pairs):
        blocks += [Divider()] if index else []
        blocks.append(Text(say("You are paired with {people}.", people=people(say, mine.partners))))
        spoken = lines(say, mine.reasons, len(mine.partners) + 1)
        blocks.append(List(spoken) if spoken else Text(say("Nothing special spoke for it, and nothing against it.")))
    return View("pair.why", tuple(blocks))


def home(say: Say, pairs: Sequence[Mine]) -> tuple[Block, ...]:
    """The pairs on a member's page."""
    blocks: list[Block] = []
    for mine in pairs[:5]:
        shown = step(say, mine)
        blocks += [Text(shown.text), Actions(shown.buttons)]
    return tuple(blocks)


def step(say: Say, mine: Mine) -> Step:
    """Say who the partner is, and offer the reasons."""
    met = say("You have met.") if mine.met else say("You have not met yet.")
    named = people(say, mine.partners)
    who = say.plural("Your partner: {people}.", "Your partners: {people}.", len(mine.partners), people=named)
    return Step(Urgency.MINE, words(who, " ", met), (Button(say.line("Why us?"), ActionId("pair.why", mine.pair)),))
