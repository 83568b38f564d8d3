"""How the exchange of contacts is offered and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Code, Mention, Words
from bot.chat.views import Actions, Block, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import Say
from bot.reasons import people


@dataclass(frozen=True, slots=True)
class State:
    """How the exchange stands for one of a pair: partners by member id, the own contact ("" for none), and the others'
    by member id once everybody has shared one, else None.
    """

    pair: str
    partners: tuple[str, ...]
    mine: str
    contacts: Mapping[str, str] | None


def _share(say: Say, pair: str) -> Button:
    return Button(say.line("Share a contact"), ActionId("contact.share", pair), "primary")


def _promise(say: Say) -> Note:
    return Note(
        say(
            "Nobody sees a contact before everybody of the pair has shared one. You need not: nobody is told if you don't."
        )
    )


def offered(say: Say, p: Mapping[str, Any]) -> View:
    """Offer the exchange with the introduction."""
    text = say(
        "You and {people} are in different spaces, so I cannot open a room for you, and I pass nothing on. If all of you want, each gets one contact of the other: an address, a number, a name in a chat.",
        people=people(say, p["partners"]),
    )  # fmt: skip
    return View("contact.offered", (Text(text), Actions((_share(say, p["pair_id"]),)), _promise(say)))


def ready(say: Say, p: Mapping[str, Any]) -> View:
    """Tell the others that somebody would like to exchange a contact."""
    text = say(
        "{who} would like to exchange a contact with you. You see it when you share one too.", who=Mention(p["who"])
    )
    return View("contact.ready", (Text(text), Actions((_share(say, p["pair_id"]),)), _promise(say)))


def exchanged(say: Say, p: Mapping[str, Any]) -> View:
    """Give the others' contacts."""
    lines = tuple(_line(say, who, contact) for who, contact in p["contacts"])
    note = Note(
        say("They have yours as well. {command} shows this again while you are a pair.", command=Code("/match contact"))
    )
    return View("contact.exchanged", (Text(say("This is how you can reach each other:")), List(lines), note))


def _line(say: Say, who: str, contact: str) -> Words:
    return say("{who}: {contact}", who=Mention(who), contact=Code(contact))


def form(say: Say, pair: str, mine: str) -> Form:
    """Ask for one contact."""
    return Form(
        name="contact.form", key=pair, title=say.line("Share a contact"), submit=say.line("Share"),
        fields=(
            TextField(
                name="contact", label=say.line("How can your partner reach you?"), max_length=120, min_length=3,
                value=mine, hint=say.line("One is enough. Shown only to your partner, when they share one too."),
            ),
        ),
    )  # fmt: skip


def _state(say: Say, state: State) -> list[Block]:
    named = people(say, state.partners)
    if state.contacts is not None:
        buttons = (
            Button(say.line("Change mine"), ActionId("contact.share", state.pair)),
            Button(say.line("Take mine back"), ActionId("contact.take_back", state.pair)),
        )
        lines = tuple(_line(say, who, contact) for who, contact in state.contacts.items())
        return [Text(say("This is how you can reach each other:")), List(lines), Actions(buttons)]
    if state.mine:
        text = say("Your contact for {people} is kept. They see it when they share one too.", people=named)
        back = Button(say.line("Take mine back"), ActionId("contact.take_back", state.pair))
        return [Text(text), Actions((back,))]
    text = say("{people} and you are in different spaces. You could exchange one contact.", people=named)
    return [Text(text), Actions((_share(say, state.pair),)), _promise(say)]


def shown(say: Say, states: Sequence[State]) -> View:
    """Show how it stands with each partner in another space."""
    return View("contact.shown", tuple(block for state in states for block in _state(say, state)))


def taken_back(say: Say, *, known: bool) -> View:
    """Say that a contact is erased, and what remains."""
    text = say("Your contact is erased here.")
    note = say("Your partner has seen it already.") if known else say("Nobody has seen it.")
    return View("contact.taken_back", (Text(text), Note(note)))


def home(say: Say, states: Sequence[State]) -> tuple[Block, ...]:
    """Partners in other spaces, on a member's page."""
    return tuple(block for state in states[:3] for block in _state(say, state))


def step(say: Say, state: State) -> Step:
    """Offer to share a contact."""
    text = say(
        "{people} and you are in different spaces. You could exchange one contact.", people=people(say, state.partners)
    )
    return Step(Urgency.MINE, text, (_share(say, state.pair),))
