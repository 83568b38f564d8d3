"""What is said about pairs: introductions, reasons, rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale

from bot.chat.actions import ActionId, Button
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import N_, Say
from bot.matching import Group, Result

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the member's pairs: partners by member id, reasons as stored."""

    pair: str
    partners: tuple[str, ...]
    reasons: tuple[Any, ...]
    met: bool


def _people(say: Say, ids: Sequence[str]) -> Words:
    return say.join([words(Mention(member)) for member in ids])


def reason(say: Say, stored: Mapping[str, Any], size: int = 2) -> Words | None:
    """Return one reason for a pair of `size` members in plain words; None for one that says nothing to a member."""
    params, two = stored["params"], size == 2
    match stored["code"]:
        case "shared_language":
            spoken = [_language(say, code) for code in params["languages"]]
            both = N_("You both speak {languages}.") if two else N_("You all speak {languages}.")
            return say(both, languages=say.join(spoken))
        case "shared_hours":
            return say.plural("You share one free hour a week.", "You share {n} free hours a week.", params["count"])
        case "offers_wants":
            return say(
                "{giver} can help with {tags}, which {taker} asked for.", giver=Mention(params["giver"]),
                taker=Mention(params["taker"]), tags=_tags(say, params["tags"]),
            )  # fmt: skip
        case "interests":
            enjoy = N_("You both enjoy {tags}.") if two else N_("More than one of you enjoys {tags}.")
            return say(enjoy, tags=_tags(say, params["tags"]))
        case "goals":
            goal = (
                N_("You both work towards this: {tags}.")
                if two
                else N_("More than one of you works towards this: {tags}.")
            )
            return say(goal, tags=_tags(say, params["tags"]))
        case "same_group":
            return say(N_("You are both in {group}.") if two else N_("You are all in {group}."), group=params["group"])
        case "other_group":
            return say("You come from different groups.")
        case "level":
            return say("Your experience fits together.")
        case "locked":
            return say("A coordinator brought you together.")
        case _:
            return None


def _tags(say: Say, tags: Sequence[str]) -> Words:
    return say.join([words(Bold(tag)) for tag in tags[:3]])


def _language(say: Say, code: str) -> str:
    return str(Locale.parse(say.language).languages.get(code, code))


def _reasons(say: Say, stored: Sequence[Mapping[str, Any]], size: int) -> tuple[Words, ...]:
    return tuple(line for line in (reason(say, one, size) for one in stored) if line is not None)


def introduced(say: Say, p: Mapping[str, Any]) -> View:
    """Introduce a pair to each other, in their room or in private."""
    members = p["members"]
    hello = say("{people}, meet each other. {programme} brought you together.",
                people=_people(say, [one["id"] for one in members]), programme=Bold(p["programme"]))  # fmt: skip
    blocks: list[Block] = [Heading(say.line("Hello, you two") if len(members) == 2 else say.line("Hello, all of you"))]
    blocks.append(Text(hello))
    if lines := _reasons(say, p["reasons"], len(members)):
        blocks += [Text(say("What speaks for it:")), List(lines)]
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
        Text(say("There was no partner for you in this round of {programme}. I am sorry. You come first in the next one.",
                 programme=Bold(p["programme"])))
    ]  # fmt: skip
    blocks += [Text(say(help_[code])) for code in p["why"] if code in help_]
    blocks.append(Note(say("You can change what you told me with {command}.", command=Code("/programme join"))))
    return View("pair.unmatched", tuple(blocks))


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
        blocks.append(Text(say("You are paired with {people}.", people=_people(say, mine.partners))))
        lines = _reasons(say, mine.reasons, len(mine.partners) + 1)
        blocks.append(List(lines) if lines else Text(say("Nothing special spoke for it, and nothing against it.")))
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
    people = _people(say, mine.partners)
    who = say.plural("Your partner: {people}.", "Your partners: {people}.", len(mine.partners), people=people)
    return Step(Urgency.MINE, words(who, " ", met), (Button(say.line("Why us?"), ActionId("pair.why", mine.pair)),))


def preview(say: Say, programme: str, result: Result, *, published: bool) -> View:
    """Show coordinators a round: its pairs, worst first in sight, and who is left out with what blocks them."""
    heading = say.line("Round published") if published else say.line("A round as it would be now")
    matched = sum(len(group.members) for group in result.groups)
    blocks: list[Block] = [
        Heading(heading),
        Text(words(Bold(programme))),
        Fields(
            (
                (say.line("Pairs"), words(str(len(result.groups)))),
                (say.line("People with a partner"), words(str(matched))),
                (say.line("People without a partner"), words(str(len(result.unmatched)))),
            )
        ),
    ]
    worst = sorted(result.groups, key=lambda group: (group.score, group.members))
    if worst:
        blocks.append(Text(say("Pairs, the least fitting first:")))
        blocks.append(List(tuple(_pair_line(say, group) for group in worst[:SHOWN]), size=SHOWN))
    if result.unmatched:
        blocks.append(Text(say("Without a partner:")))
        lines = tuple(
            words(
                Mention(one.person),
                ": ",
                say.join([say(BLOCKS.get(item.code, BLOCKS["nobody_left"])) for item in one.reasons[:2]]),
            )
            for one in result.unmatched[:SHOWN]
        )
        blocks.append(List(lines, size=SHOWN))
    if published:
        blocks.append(Note(say("Everybody is being introduced now.")))
    elif result.groups:
        blocks.append(Note(say("Nothing was sent. {command} makes it so.", command=Code("/coord matching publish"))))
    return View("pair.published" if published else "pair.preview", tuple(blocks))


def _pair_line(say: Say, group: Group) -> Words:
    return words(_people(say, group.members), f" · {group.score:.0%}")


BLOCKS = {
    "no_shared_language": N_("no shared language"),
    "no_overlap": N_("no shared free hours"),
    "only_repeats": N_("only people they met lately"),
    "avoided": N_("private wishes"),
    "forbidden": N_("kept apart by a coordinator"),
    "no_shared_space": N_("nobody in the same space"),
    "no_capacity": N_("mentors who fit are full"),
    "no_role": N_("no role in this kind of round"),
    "nobody_left": N_("everybody who fits has a partner"),
}
