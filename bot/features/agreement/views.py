"""The form about how to work together, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import ChoiceField, Form, TextField
from bot.chat.text import Code, Mention, Words
from bot.chat.views import Actions, Block, Divider, Fields, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.agreement.rules import Terms
from bot.i18n import N_, Say
from bot.reasons import people

RHYTHMS = (
    ("weekly", N_("Every week")),
    ("fortnightly", N_("Every two weeks")),
    ("monthly", N_("Once a month")),
    ("open", N_("When one of us asks")),
)
CHANNELS = (
    ("video", N_("Video call")),
    ("voice", N_("Call without video")),
    ("chat", N_("In writing")),
    ("person", N_("In person")),
    ("mixed", N_("As it suits that day")),
)
CONFIDENTIALITY = (
    ("between", N_("What we say stays between us")),
    ("ask", N_("We ask before we retell anything")),
    ("learnings", N_("We retell what we learned, without names")),
)


@dataclass(frozen=True, slots=True)
class State:
    """How a pair's agreement stands for `reader`: member ids, hopes by member, who said yes to the newest terms."""

    pair: str
    agreement: str
    reader: str
    people: tuple[str, ...]
    terms: Terms | None
    revision: int
    hopes: Mapping[str, str]
    agreed: frozenset[str]

    @property
    def partners(self) -> tuple[str, ...]:
        """The others."""
        return tuple(member for member in self.people if member != self.reader)

    @property
    def mine(self) -> bool:
        """Whether the reader said yes to the newest terms."""
        return self.terms is not None and self.reader in self.agreed

    @property
    def missing(self) -> tuple[str, ...]:
        """Who has not said yes to them."""
        return tuple(member for member in self.people if member not in self.agreed)


def _label(say: Say, options: Sequence[tuple[str, str]], code: str) -> Words:
    return say(dict(options).get(code, code or "…"))


def _terms(say: Say, terms: Terms, hopes: Sequence[tuple[str, str]]) -> list[Block]:
    blocks: list[Block] = [
        Fields(
            (
                (say.line("How often"), _label(say, RHYTHMS, terms.rhythm)),
                (say.line("How"), _label(say, CHANNELS, terms.channel)),
                (say.line("What is said"), _label(say, CONFIDENTIALITY, terms.confidentiality)),
            )
        )
    ]
    if hopes:
        blocks.append(List(tuple(say("{who} hopes: “{hope}”", who=Mention(who), hope=hope) for who, hope in hopes)))
    return blocks


def form(say: Say, state: State) -> Form:
    """Ask how to work together, filled in with the newest suggestion; the hope is the reader's own."""
    terms = state.terms or Terms("", "", "")

    def choice(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> ChoiceField:
        made = tuple(Option(code, say.line(text)) for code, text in options)
        return ChoiceField(name=name, label=label, options=made, value=value or None)

    return Form(
        name="agreement.form", key=state.pair, title=say.line("How we work"), submit=say.line("Suggest"),
        intro=say.line("Only the people of your pair see this. It counts when everybody has agreed."),
        fields=(
            choice("rhythm", say.line("How often would you like to meet?"), RHYTHMS, terms.rhythm),
            choice("channel", say.line("How?"), CHANNELS, terms.channel),
            choice("confidentiality", say.line("What happens with what is said?"), CONFIDENTIALITY, terms.confidentiality),
            TextField(
                name="hope", label=say.line("What do you hope for?"), required=False, long=True, max_length=300,
                value=state.hopes.get(state.reader, ""), hint=say.line("A sentence is plenty. Your partner reads it."),
            ),
        ),
    )  # fmt: skip


def _from(p: Mapping[str, Any]) -> tuple[Terms, list[tuple[str, str]]]:
    return Terms(p["rhythm"], p["channel"], p["confidentiality"]), [(who, hope) for who, hope in p["hopes"]]


def _change(say: Say, pair: str) -> Button:
    return Button(say.line("Change something"), ActionId("agreement.open", pair))


def _agree(say: Say, agreement: str, revision: int) -> Button:
    return Button(say.line("I agree"), ActionId("agreement.agree", agreement, str(revision)), "primary")


def suggestion(say: Say, p: Mapping[str, Any]) -> View:
    """Show a suggestion to those who have not said yes to it."""
    return View(
        "agreement.suggested",
        (
            Text(say("{who} suggests how you could work together:", who=Mention(p["who"]))),
            *_terms(say, *_from(p)),
            Actions((_agree(say, p["agreement"], p["revision"]), _change(say, p["pair_id"]))),
            Note(say("It counts when everybody has agreed, and can be changed at any time.")),
        ),
    )


def agreed(say: Say, p: Mapping[str, Any]) -> View:
    """Show what everybody has agreed."""
    return View(
        "agreement.agreed",
        (
            Text(say("You have all agreed how you work together:")),
            *_terms(say, *_from(p)),
            Note(say("Something changed? {command} shows it, and one of you suggests something else.",
                     command=Code("/match agreement"))),
        ),
    )  # fmt: skip


def taken(say: Say, state: State) -> View:
    """Answer somebody who suggested something or said yes."""
    if state.missing:
        text = say(
            "Thank you. I write to you all as soon as everybody has agreed. Still missing: {people}.",
            people=people(say, state.missing),
        )
        return View("agreement.waiting", (Text(text),))
    return View("agreement.done", (Text(say("Thank you. You have all agreed.")),))


def shown(say: Say, states: Sequence[State]) -> View:
    """Show how the agreement with each partner stands."""
    blocks: list[Block] = [Heading(say.line("How you work together"))]
    for index, state in enumerate(states):
        blocks += [Divider()] if index else []
        blocks.append(Text(say("You and {people}:", people=people(say, state.partners))))
        blocks += _shown(say, state)
    return View("agreement.shown", tuple(blocks))


def _shown(say: Say, state: State) -> list[Block]:
    if state.terms is None:
        start = Button(say.line("Agree how we work"), ActionId("agreement.open", state.pair), "primary")
        text = say("Nothing is agreed yet. One short form: how often, how, and what stays between you.")
        return [Text(text), Actions((start,))]
    blocks = _terms(say, state.terms, list(state.hopes.items()))
    if state.missing:
        blocks.append(Note(say("Not agreed yet: {people}.", people=people(say, state.missing))))
    else:
        blocks.append(Note(say("Everybody has agreed.")))
    buttons = [] if state.mine else [_agree(say, state.agreement, state.revision)]
    return [*blocks, Actions((*buttons, _change(say, state.pair)))]


def half_time(say: Say, p: Mapping[str, Any]) -> View:
    """Ask at half time whether what was agreed still suits; where nothing was, offer to do it now."""
    named = people(say, p["partners"])
    if not p["revision"]:
        text = say("You and {people} are halfway. Would it help to agree how you work together?", people=named)
        suits, change = say.line("All is well as it is"), say.line("Agree how we work")
        terms: list[Block] = []
    else:
        text = say("You and {people} are halfway. Does this still suit you?", people=named)
        suits, change, terms = say.line("It suits me"), say.line("Change something"), _terms(say, *_from(p))
    buttons = (
        Button(suits, ActionId("agreement.keep", p["seat"]), "primary"),
        Button(change, ActionId("agreement.open", p["pair_id"])),
    )
    return View("agreement.half_time", (Text(text), *terms, Actions(buttons)))


def kept(say: Say) -> View:
    """All stays as it is."""
    return View("agreement.kept", (Text(say("Good. Then all stays as it is.")),))


def step(say: Say, state: State) -> Step:
    """Offer to look at a suggestion that waits for the reader's yes."""
    see = Button(say.line("Look at it"), ActionId("agreement.see", state.pair), "primary")
    text = say(
        "A suggestion about how you and {people} work together is waiting for your yes.",
        people=people(say, state.partners),
    )
    return Step(Urgency.WAITS, text, (see,))


def home(steps: Sequence[Step]) -> tuple[Block, ...]:
    """Suggestions that wait, on a member's page."""
    return tuple(block for one in steps for block in (Text(one.text), Actions(one.buttons)))
