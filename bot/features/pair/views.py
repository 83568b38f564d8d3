"""What is said about pairs: introductions, reasons, goodbyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chat.actions import Action, ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import N_, Say
from bot.reasons import lines, people
from storage.pair import FROZEN


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the member's pairs: partners by member id, reasons as stored; whether its programme offers agreements."""

    pair: str
    partners: tuple[str, ...]
    reasons: tuple[Any, ...]
    met: bool
    status: str = "active"
    agreement: bool = True


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
    blocks += _beginning(say, p)
    return View("pair.introduced", tuple(blocks))


def joined(say: Say, p: Mapping[str, Any]) -> View:
    """Introduce somebody who joined a pair, in a new room or in private."""
    members = p["members"]
    others = [one["id"] for one in members if one["id"] != p["who"]]
    hello = say("{people}, meet {who}, who joins you from now on.", people=people(say, others), who=Mention(p["who"]))
    blocks: list[Block] = [Heading(say.line("Hello, all of you")), Text(hello)]
    if not p.get("private"):
        blocks.append(
            Text(say("This room is for all of you; what was said in the old one stays with those who were there."))
        )
    if spoken := lines(say, p["reasons"], len(members)):
        blocks += [Text(say("What speaks for it:")), List(spoken)]
    blocks.append(Fields(tuple(_card(say, one) for one in members)))
    blocks += _beginning(say, p)
    return View("pair.joined", tuple(blocks))


def _beginning(say: Say, p: Mapping[str, Any]) -> list[Block]:
    """How to begin: times, a question, buttons, who can read, until when."""
    blocks: list[Block] = []
    if p["times"]:
        blocks.append(Text(say("Times at which you could meet, each shown on your own clock:")))
        blocks.append(List(tuple(words(say.when(datetime.fromisoformat(time))) for time in p["times"])))
        blocks.append(Text(say("A good first step: one of you picks one. Half an hour is plenty.")))
    else:
        blocks.append(Text(say("A good first step: one of you proposes two times this week. Half an hour is plenty.")))
    if p["question"]:
        blocks.append(Text(say("A question to begin with: {question}", question=Bold(say.line(p["question"])))))
    agree = Button(say.line("Agree how we work"), ActionId("agreement.open", p["pair_id"]), "primary")
    another = Button(say.line("Another question"), ActionId("pair.question", p["pair_id"]))
    why_ = Button(say.line("Why us?"), ActionId("pair.why", p["pair_id"]))
    blocks.append(Actions((*([agree] if p["agreement"] else []), *([another] if p["question"] else []), why_)))
    if not p.get("private"):
        blocks.append(
            Note(say("Who can read this room: you, and perhaps the administrators of this space. I read nothing here."))
        )
    if p.get("until"):
        when = say.when(datetime.fromisoformat(p["until"]), "date")
        blocks.append(Note(say("Your round lasts until {when}.", when=when)))
    return blocks


def question(say: Say, p: Mapping[str, Any]) -> View:
    """Ask a pair another question to begin with."""
    asked = say(
        "Another question, {people}: {question}",
        people=people(say, p["partners"]),
        question=Bold(say.line(p["question"])),
    )
    return View("pair.question", (Text(asked),))


def question_sent(say: Say) -> View:
    """Confirm that another question is on its way."""
    return View("pair.question_sent", (Text(say("A new question is on its way to all of you.")),))


def _card(say: Say, one: Mapping[str, Any]) -> tuple[str, Words]:
    roles = {"mentor": N_("Mentor"), "mentee": N_("Mentee"), "peer": N_("Partner")}
    called = f" ({pronouns})" if (pronouns := one.get("pronouns")) else ""
    parts: list[Words] = [words(Mention(one["id"]), called)]
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


def parted(say: Say, p: Mapping[str, Any]) -> View:
    """Tell those who stay that somebody is not in the pair any more: the same words, whatever the reason."""
    if p["others"]:
        text = say(
            "{who} is not in your group any more; you and {people} go on.",
            who=Mention(p["who"]),
            people=people(say, p["others"]),
        )
        return View(
            "pair.parted", (Text(text), Note(say("Groups change for many reasons. It says nothing about you.")))
        )
    return View(
        "pair.parted",
        (
            Text(say("Your pair with {who} ends here. Thank you for the time you gave it.", who=Mention(p["who"]))),
            Text(say("You come first in the next round, and I will write to you then.")),
            Note(say("Pairs end for many reasons. It says nothing about you.")),
        ),
    )


def rematch_asked(say: Say, p: Mapping[str, Any]) -> View:  # noqa: ARG001
    """Tell coordinators that somebody asks for another partner; who and why is shown only on asking."""
    command = Code("/coord matching rematches")
    return View(
        "pair.rematch_asked", (Text(say("Somebody asks for another partner. {command} shows who.", command=command)),)
    )


def _parting(say: Say, name: str, pair: str, title: str, happens: str, submit: str) -> Form:
    reason = TextField(
        name="reason", label=say.line("Why? You need not say"), required=False, long=True, max_length=500,
        hint=say.line("Only coordinators read it."),
    )  # fmt: skip
    return Form(name=name, key=pair, title=title, intro=happens, fields=(reason,), submit=submit)


def rematch_form(say: Say, pair: str, *, three: bool) -> Form:
    """Say what happens when somebody asks for another partner, and take a reason."""
    happens = (
        say.line("The others go on without you and are told kindly. You come first in the next round.")
        if three
        else say.line("Your pair ends, and your partner is told kindly. You both come first in the next round.")
    )
    return _parting(say, "pair.rematch", pair, say.line("Another partner"), happens, say.line("Find me another"))


def leave_form(say: Say, pair: str, *, three: bool) -> Form:
    """Say what happens when somebody leaves a pair, and take a reason."""
    happens = (
        say.line("The others go on without you and are told kindly. You stay in the programme.")
        if three
        else say.line("Your pair ends, and your partner is told kindly. You stay in the programme.")
    )
    return _parting(say, "pair.leave", pair, say.line("Leave this pair"), happens, say.line("Leave"))


def which(say: Say, button: str, mine: Sequence[tuple[str, Sequence[str]]]) -> View:
    """Let somebody in several pairs choose which one they mean."""
    blocks: list[Block] = [Text(say("Which pair do you mean?"))]
    for pair, others in mine:
        choose = Button(say.line("This one"), ActionId(button, pair))
        blocks += [Text(say("You and {people}:", people=people(say, others))), Actions((choose,))]
    return View("pair.which", tuple(blocks))


def rematched(say: Say) -> View:
    """Confirm that somebody gets another partner."""
    return View(
        "pair.rematched",
        (
            Text(say("Done. You come first in the next round, and I will write to you then.")),
            Note(say("Whoever you were with is told kindly, and not why. Coordinators see that you asked.")),
        ),
    )


def left(say: Say) -> View:
    """Confirm that somebody left their pair."""
    command = Code("/programme leave")
    return View(
        "pair.left",
        (
            Text(say("Done. You are not in this pair any more, and still in the programme.")),
            Note(
                say(
                    "Whoever you were with is told kindly, and not why. To leave the programme: {command}.",
                    command=command,
                )
            ),
        ),
    )


def ended(say: Say, p: Mapping[str, Any]) -> View:
    """Close a pair with thanks, how often it met, and what comes next; in its room or in private."""
    blocks: list[Block] = [Text(say("Your round is over. Thank you for the time you gave each other."))]
    if p["weeks"]:
        blocks.append(
            Text(
                say.plural("You met in one week, as you told me.", "You met in {n} weeks, as you told me.", p["weeks"])
            )
        )
    elif not p["met"]:
        blocks.append(Text(say("I don't know of a meeting; that happens, and the next partner is a new beginning.")))
    if p["next"]:
        when = say.when(datetime.fromisoformat(p["next"]))
        blocks.append(Text(say("The next pairs are made on {when}. You need do nothing for it.", when=when)))
    if not p.get("private"):
        blocks.append(Text(say("This room stays, if you would like to go on.")))
    blocks.append(Actions((Button(say.line("Say thanks"), ActionId("kudos.give"), "primary"),)))
    blocks.append(Note(say("A word of thanks? {command}", command=Code("/kudos give"))))
    return View("pair.ended", tuple(blocks))


def why(say: Say, pairs: Sequence[Mine]) -> View:
    """Say who the partners are, and why, and what can be done about it."""
    blocks: list[Block] = []
    for index, mine in enumerate(pairs):
        blocks += [Divider()] if index else []
        blocks.append(Text(say("You are paired with {people}.", people=people(say, mine.partners))))
        if mine.status == FROZEN:
            blocks += [
                Text(say("This pair rests at the moment. Nothing is expected of you.")),
                Actions(_ways_out(say, mine)),
            ]
            continue
        spoken = lines(say, mine.reasons, len(mine.partners) + 1)
        blocks.append(List(spoken) if spoken else Text(say("Nothing special spoke for it, and nothing against it.")))
        blocks.append(Actions((*_agreed(say, mine), *_ways_out(say, mine))))
    return View("pair.why", tuple(blocks))


def _agreed(say: Say, mine: Mine) -> tuple[Action, ...]:
    see = Button(say.line("How we work"), ActionId("agreement.see", mine.pair))
    return (see,) if mine.agreement else ()


def _ways_out(say: Say, mine: Mine) -> tuple[Action, ...]:
    return (
        Button(say.line("Find me another partner"), ActionId("pair.rematch", mine.pair)),
        Button(say.line("Leave this pair"), ActionId("pair.leave", mine.pair)),
    )


def home(say: Say, pairs: Sequence[Mine]) -> tuple[Block, ...]:
    """The pairs on a member's page."""
    blocks: list[Block] = []
    for mine in pairs[:5]:
        if mine.status == FROZEN:
            rests = say(
                "Your pair with {people} rests at the moment. Nothing is expected of you.",
                people=people(say, mine.partners),
            )
            blocks += [Text(rests), Actions(_ways_out(say, mine))]
            continue
        shown = step(say, mine)
        blocks += [Text(shown.text), Actions((*shown.buttons, *_agreed(say, mine), *_ways_out(say, mine)))]
    return tuple(blocks)


def step(say: Say, mine: Mine) -> Step:
    """Say who the partner is, and offer the reasons."""
    met = say("You have met.") if mine.met else say("You have not met yet.")
    named = people(say, mine.partners)
    who = say.plural("Your partner: {people}.", "Your partners: {people}.", len(mine.partners), people=named)
    return Step(Urgency.MINE, words(who, " ", met), (Button(say.line("Why us?"), ActionId("pair.why", mine.pair)),))
