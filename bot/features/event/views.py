"""How events are shown to members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.chat.actions import ActionId, Button
from bot.chat.forms import Form, TextField
from bot.chat.text import Bold, Code, Mention, Words, words
from bot.chat.views import Actions, Block, Divider, Fields, File, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.event.rules import ends_at
from bot.i18n import N_, Say
from bot.ical import entry
from storage.event import CANCELLED, GOING, LEFT, WAITING, Event, EventSeat

SHOWN = 5
"""Events with buttons in one message; the others are named."""

KINDS = {
    "workshop": N_("Workshop"), "webinar": N_("Webinar"), "social": N_("Social"), "circle": N_("Mentor circle"),
}  # fmt: skip

PEER_REVIEW = N_(
    "A circle of mentors, for one hour. 1: one of you brings a situation, without names (5 minutes). 2: the others ask, only questions (10). 3: each says what they heard and what they have tried themselves, no advice yet (15). 4: who brought it says what they take along, and what they would like advice on (10). 5: a second situation, or the same from the other side (15). 6: one thing each of you will do (5). What is said here stays here."
)

MISTAKES = {
    "clock": N_("Please write a time like 18:30."),
    "past": N_("That moment is over. Which one did you mean?"),
    "far": N_("That is more than two years away. Is the year right?"),
    "left": N_("They have left this community, so they cannot be the host."),
}

RATINGS = (
    ("helped", N_("It helped me")), ("fine", N_("It was fine")), ("not_for_me", N_("Not for me")),
    ("missed", N_("I could not come")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """An event, how many have a seat, and what the reader has: going, waiting or left (nothing)."""

    event: Event
    going: int
    mine: str

    @property
    def full(self) -> bool:
        """Whether every seat is taken."""
        return 0 < self.event.capacity <= self.going


def told(event: Event) -> dict[str, Any]:
    """Return what later messages need of an event, as JSON values."""
    return {
        "event": event.id, "kind": event.kind, "title": event.title, "about": event.about, "place": event.place,
        "starts": event.starts_at.isoformat(), "ends": ends_at(event).isoformat(), "host": event.host_id or "",
        "capacity": event.capacity, "cancelled": event.status == CANCELLED, "edition": event.edition,
        "created": event.created_at.isoformat(),
    }  # fmt: skip


def kind_of(say: Say, kind: str) -> str:
    """Return what a kind of event is called."""
    return say.line(KINDS.get(kind, KINDS["workshop"]))


def mistake(say: Say, what: str) -> str:
    """Say what is wrong with a field."""
    return say.line(MISTAKES[what])


def about(say: Say, p: Mapping[str, Any], *, long: bool = True) -> tuple[Block, ...]:
    """Show what, when and where; with `long`, also what it is about. `p` is what `told` returns."""
    starts, ends = datetime.fromisoformat(p["starts"]), datetime.fromisoformat(p["ends"])
    when = words(say.when(starts), " – ", say.when(ends, "time"))
    pairs: list[tuple[str, Words]] = [(say.line("When"), when)]
    if p["place"]:
        pairs.append((say.line("Where"), words(p["place"])))
    if p["host"]:
        pairs.append((say.line("Host"), words(Mention(p["host"]))))
    if p["capacity"]:
        pairs.append((say.line("Seats"), words(str(p["capacity"]))))
    title: tuple[Block, ...] = (Text(words(Bold(p["title"]), " · ", kind_of(say, p["kind"]))), Fields(tuple(pairs)))
    return (*title, Text(words(p["about"]))) if long and p["about"] else title


def _file(p: Mapping[str, Any]) -> File:
    """Return the event for one's own calendar; sent again, it moves or removes what is there."""
    starts, ends = datetime.fromisoformat(p["starts"]), datetime.fromisoformat(p["ends"])
    return entry(
        "event.ics", p["event"], starts=starts, minutes=(ends - starts) // timedelta(minutes=1), sequence=p["edition"],
        stamp=datetime.fromisoformat(p["created"]), summary=p["title"], place=p["place"], cancelled=p["cancelled"],
    )  # fmt: skip


def card(say: Say, p: Mapping[str, Any]) -> View:
    """Announce an event in a channel."""
    if p["cancelled"]:
        return View("event.card", (Text(say("{title} is cancelled.", title=Bold(p["title"]))),))
    press = (
        Button(say.line("I am coming"), ActionId("event.join", p["event"]), "primary"),
        Button(say.line("Details"), ActionId("event.details", p["event"])),
    )
    return View("event.card", (*about(say, p), Actions(press)))


def _buttons(say: Say, offer: Offer) -> Actions:
    event = offer.event
    if offer.mine == LEFT:
        label = say.line("Put me on the waiting list") if offer.full else say.line("I am coming")
        act = Button(label, ActionId("event.join", event.id), "primary")
    else:
        act = Button(say.line("Give my seat back"), ActionId("event.leave", event.id))
    return Actions((act, Button(say.line("Details"), ActionId("event.details", event.id))))


def _state(say: Say, offer: Offer) -> Words:
    if offer.mine == GOING:
        return say("You have a seat.")
    if offer.mine == WAITING:
        return say("You are on the waiting list.")
    if offer.full:
        return say("Every seat is taken.")
    if offer.event.capacity:
        return say.plural("One seat is left.", "{n} seats are left.", offer.event.capacity - offer.going)
    return say("There is room for everybody.")


def coming(say: Say, offers: Sequence[Offer], *, mine: bool = False) -> View:
    """List what is coming; with `mine`, what the reader has a seat at or waits for."""
    if not offers:
        nothing = (
            say("You are not down for any event at the moment.")
            if mine
            else say("No events are planned at the moment.")
        )
        return View("event.nothing", (Text(nothing),))
    blocks: list[Block] = [Heading(say.line("Your events") if mine else say.line("What is coming"))]
    for offer in offers[:SHOWN]:
        line = words(Bold(offer.event.title), " · ", say.when(offer.event.starts_at), " · ", _state(say, offer))
        blocks += [Text(line), _buttons(say, offer)]
    if rest := offers[SHOWN:]:
        blocks += [Divider(), List(tuple(words(one.event.title, " · ", say.when(one.event.starts_at)) for one in rest))]
        blocks += [Note(say("{command} and a title takes you to one of these.", command=Code("/event join")))]
    return View("event.coming", tuple(blocks))


def details(say: Say, offer: Offer, *, is_open: bool) -> View:
    """Show everything about one event."""
    over = (
        say("This event is cancelled.") if offer.event.status == CANCELLED else say("This event has begun or is over.")
    )
    state = _state(say, offer) if is_open else over
    buttons: tuple[Block, ...] = (_buttons(say, offer),) if is_open else ()
    return View("event.details", (*about(say, told(offer.event)), Note(state), *buttons))


def joined(say: Say, event: Event, *, place: int | None, reachable: bool) -> View:
    """Confirm a seat, or a place on the waiting list."""
    give_back = Actions((Button(say.line("Give my seat back"), ActionId("event.leave", event.id)),))
    if place is not None:
        text = say(
            "Every seat at {title} is taken. You are number {n} on the waiting list.", title=Bold(event.title), n=place
        )
        note = (
            say("When a seat becomes free and you are next, I write to you.")
            if reachable
            else say("When a seat becomes free and you are next, I tell you at your next command.")
        )
        return View("event.waiting", (Text(text), Note(note), give_back))
    text = say("You have a seat at {title}, {when}.", title=Bold(event.title), when=say.when(event.starts_at))
    note = (
        say("I remind you before it begins.")
        if reachable
        else say(
            "You have not allowed me to write to you, so please note the time. {command} shows it again.",
            command=Code("/event list"),
        )
    )
    return View("event.joined", (Text(text), Note(note), give_back, _file(told(event))))


def left(say: Say, event: Event) -> View:
    """Confirm that a seat was given back."""
    again = Actions((Button(say.line("I am coming after all"), ActionId("event.join", event.id)),))
    return View(
        "event.left",
        (Text(say("Your seat at {title} is free again. Thank you for telling me.", title=Bold(event.title))), again),
    )


def moved_up(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody who waited that they have a seat."""
    give_back = Actions((Button(say.line("Give my seat back"), ActionId("event.leave", p["event"])),))
    return View(
        "event.moved_up",
        (Text(say("A seat became free, and it is yours.")), *about(say, p, long=False), give_back, _file(p)),
    )


def reminder(say: Say, p: Mapping[str, Any]) -> View:
    """Remind somebody with a seat."""
    give_back = Actions((Button(say.line("I cannot come"), ActionId("event.leave", p["event"])),))
    begins = say.when(datetime.fromisoformat(p["starts"]), "relative")
    return View(
        "event.reminder",
        (
            Text(say("{title} begins {when}.", title=Bold(p["title"]), when=begins)),
            *about(say, p, long=False)[1:],
            give_back,
        ),
    )


def changed_for_you(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody with a seat that time or place changed."""
    give_back = Actions((Button(say.line("I cannot come"), ActionId("event.leave", p["event"])),))
    return View(
        "event.changed",
        (
            Text(say("An event you have a seat at has changed. It is now:")),
            *about(say, p, long=False),
            give_back,
            _file(p),
        ),
    )


def cancelled(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that an event does not take place; who had a seat can take it out of their calendar."""
    when = say.when(datetime.fromisoformat(p["starts"]))
    return View(
        "event.cancelled",
        (
            Text(say("{title} on {when} does not take place. I am sorry.", title=Bold(p["title"]), when=when)),
            *((_file(p),) if p["had_seat"] else ()),
        ),
    )


def how_was_it(say: Say, p: Mapping[str, Any]) -> View:
    """Ask somebody with a seat how it was."""
    presses = tuple(Button(say.line(label), ActionId("event.rate", p["seat"], key)) for key, label in RATINGS)
    return View(
        "event.how_was_it",
        (
            Text(say("How was {title} for you?", title=Bold(p["title"]))),
            Note(say("Coordinators see numbers, three days from now, and only if five people answered.")),
            Actions(presses),
        ),
    )


def rated(say: Say, event: Event, seat: EventSeat) -> View:
    """Thank for an answer."""
    if seat.came is False:
        return View("event.missed", (Text(say("That happens. Thank you for telling me.")),))
    more = Button(say.line("Say more"), ActionId("event.word", seat.id))
    text = say("Thank you. {title} becomes better by it.", title=Bold(event.title))
    return View("event.rated", (Text(text), Note(say("Would you like to add a few words?")), Actions((more,))))


def word_form(say: Say, seat: EventSeat) -> Form:
    """Ask for a few words."""
    return Form(
        name="event.word", key=seat.id, title=say.line("A few words"), submit=say.line("Send"),
        fields=(
            TextField(
                name="word", label=say.line("What should we keep, or change?"), long=True, max_length=500, value=seat.word,
                hint=say.line("Coordinators read it without your name, among at least four others."),
            ),
        ),
    )  # fmt: skip


def home(say: Say, offers: Sequence[Offer]) -> tuple[Block, ...]:
    """Where the reader is going."""
    if not offers:
        return ()
    lines = tuple(words(Bold(one.event.title), " · ", say.when(one.event.starts_at)) for one in offers[:SHOWN])
    return (Text(say("You have a seat at:")), List(lines))


def step(say: Say, offer: Offer) -> Step:
    """Offer an event that is near."""
    join = Button(say.line("I am coming"), ActionId("event.join", offer.event.id))
    text = say("{title} is {when}.", title=Bold(offer.event.title), when=say.when(offer.event.starts_at))
    return Step(Urgency.ANY_TIME, text, (join, Button(say.line("Details"), ActionId("event.details", offer.event.id))))
