"""How events are shown to those who make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat import limits
from bot.chat.actions import ActionId, Button, Option
from bot.chat.forms import DateField, Field, Form, MemberField, MultiChoiceField, NumberField, TextField
from bot.chat.text import Bold, Code, words
from bot.chat.views import Actions, Block, Fields, Heading, List, Note, Text, View
from bot.features.event.rules import RATINGS as VALUES
from bot.features.event.rules import Afterwards, ends_at
from bot.features.event.views import PEER_REVIEW, RATINGS, about, kind_of, told
from bot.i18n import Say
from storage.event import CANCELLED, GOING, WAITING, Event, EventSeat


def event_form(
    say: Say,
    kind: str,
    *,
    zone: str,
    event: Event | None = None,
    wall: datetime | None = None,
    host: str | None = None,
) -> Form:
    """Ask what an event is; filled in with `event` when it is changed, with the template when it is a circle.

    `wall` is when it begins in `zone`, `host` the account of its host on this space.
    """
    text = event.about if event else say.line(PEER_REVIEW) if kind == "circle" else ""
    fields: tuple[Field, ...] = (
        TextField(
            name="title", label=say.line("Title"), max_length=80, min_length=3, value=event.title if event else ""
        ),
        DateField(name="day", label=say.line("Day"), value=wall.date() if wall else None),
        TextField(
            name="at", label=say.line("Begins at"), max_length=5, value=f"{wall:%H:%M}" if wall else "18:00",
            hint=say.line("Like 18:30, in the community's time zone, {zone}.", zone=zone),
        ),
        NumberField(
            name="minutes", label=say.line("Minutes"), least=10, most=1440, value=event.minutes if event else 60
        ),
        TextField(
            name="place", label=say.line("Where"), max_length=200, required=False, value=event.place if event else "",
            hint=say.line("A room, a channel, or a link."),
        ),
        NumberField(
            name="capacity", label=say.line("Seats"), least=0, most=10_000, required=False,
            value=event.capacity if event else None, hint=say.line("Leave empty for as many as like to come."),
        ),
        MemberField(
            name="host", label=say.line("Host"), required=False, value=host,
            hint=say.line("Who leads it, if you want to name them."),
        ),
        TextField(
            name="about", label=say.line("What it is about"), long=True, required=False, max_length=1500, value=text
        ),
    )  # fmt: skip
    key, name = (event.id, "event.change") if event else (kind, "event.create")
    return Form(name=name, key=key, title=kind_of(say, kind), fields=fields, submit=say.line("Save"))


def created(say: Say, event: Event, *, posted: bool) -> View:
    """Confirm a new event."""
    where = (
        say("It is in the channel for events now, with a button to join.")
        if posted
        else say(
            "There is no channel for events yet, so members find it with {list}. {settings} names one.",
            list=Code("/event list"),
            settings=Code("/coord settings event"),
        )
    )
    return View("event.created", (*about(say, told(event)), Note(where), _manage(say, event)))


def changed(say: Say, event: Event, *, heard: bool) -> View:
    """Confirm a change."""
    who = (
        say("Everybody with a seat hears of it.") if heard else say("Nothing that people with a seat have to hear of.")
    )
    return View("event.changed_it", (*about(say, told(event)), Note(who), _manage(say, event)))


def _manage(say: Say, event: Event, *, over: bool = False) -> Actions:
    """What can be done about an event: while it is planned, and when it is over."""
    planned = (
        Button(say.line("Change"), ActionId("event.change", event.id)),
        Button(say.line("Cancel the event"), ActionId("event.cancel", event.id), "danger"),
    )
    afterwards = (
        Button(say.line("Who came"), ActionId("event.attendance", event.id)),
        Button(say.line("How it was"), ActionId("event.results", event.id)),
    )
    return Actions(afterwards if over else planned)


def managed(say: Say, events: Sequence[tuple[Event, Mapping[str, int]]], *, now: datetime) -> View:
    """List events for coordinators, the last to begin first."""
    if not events:
        return View(
            "event.none_yet", (Text(say("No events yet. {command} makes one.", command=Code("/coord event create"))),)
        )
    blocks: list[Block] = [Heading(say.line("Events"))]
    for event, counted in events:
        going, waiting = counted.get(GOING, 0), counted.get(WAITING, 0)
        seats = say.plural("One person has a seat.", "{n} people have a seat.", going)
        more = say.plural("One waits.", "{n} wait.", waiting) if waiting else words()
        state = say("Cancelled.") if event.status == CANCELLED else words(seats, " ", more) if waiting else seats
        blocks += [Text(words(Bold(event.title), " · ", say.when(event.starts_at), " · ", state))]
        if event.status != CANCELLED:
            blocks.append(_manage(say, event, over=ends_at(event) <= now))
    return View("event.managed", tuple(blocks))


def cancelling(say: Say, event: Event, *, going: int) -> View:
    """Ask once whether they mean it."""
    who = say.plural("One person has a seat and will be told.", "{n} people have a seat and will be told.", going)
    sure = Button(say.line("Yes, cancel it"), ActionId("event.cancel_it", event.id), "danger")
    return View(
        "event.cancelling",
        (Text(say("Cancel {title}?", title=Bold(event.title))), Note(who), Actions((sure,))),
    )


def was_cancelled(say: Say, event: Event) -> View:
    """Confirm that it is cancelled."""
    return View(
        "event.was_cancelled", (Text(say("{title} is cancelled. Everybody is told.", title=Bold(event.title))),)
    )


def attendance_form(say: Say, event: Event, people: Sequence[tuple[EventSeat, str]]) -> Form:
    """Ask who came; 25 people to a field."""
    groups = [people[at : at + limits.CHOICE_OPTIONS] for at in range(0, len(people), limits.CHOICE_OPTIONS)]
    fields = tuple(
        MultiChoiceField(
            name=f"came{number}", label=say.line("Who was there?"), required=False,
            options=tuple(Option(seat.id, (name or "…")[: limits.OPTION_LABEL]) for seat, name in group),
            value=tuple(seat.id for seat, _ in group if seat.came),
            hint=say.line("What somebody said of themselves stays as they said it."),
        )
        for number, group in enumerate(groups)
    )  # fmt: skip
    return Form(
        name="event.attendance", key=event.id, title=say.line("Who came"), fields=fields, submit=say.line("Save")
    )


def results(say: Say, event: Event, found: Afterwards) -> View:
    """Show how it was."""
    blocks: list[Block] = [
        Heading(say.line("How it was")),
        Text(words(Bold(event.title), " · ", say.when(event.starts_at, "date"))),
        Fields(
            (
                (say.line("With a seat"), words(str(found.going))),
                (say.line("Were there"), words(str(found.came))),
                (say.line("Not known"), words(str(found.going - found.answered))),
            )
        ),
    ]
    if found.ratings is None:
        wait = say(
            "Ratings are shown three days after the event, if five people gave one, so that none points at a person."
        )
        few = say("Fewer than five people gave a rating, so none is shown.")
        blocks.append(Note(wait if found.open else few))
    else:
        lines = [
            words(say.line(label), ": ", str(found.ratings[VALUES[key]])) for key, label in RATINGS if key in VALUES
        ]
        blocks.append(List(tuple(lines)))
        if found.words:
            blocks += [Text(say("What people added, in no order:")), List(tuple(words(one) for one in found.words))]
    return View("event.results", tuple(blocks))


def who_came(say: Say, p: Mapping[str, Any]) -> View:
    """Ask coordinators who came."""
    press = Button(say.line("Who came"), ActionId("event.attendance", p["event"]))
    return View(
        "event.who_came",
        (
            Text(say("{title} is over. Who was there?", title=Bold(p["title"]))),
            Note(say("It counts for those who came. Whoever answers for themselves is noted already.")),
            Actions((press,)),
        ),
    )
