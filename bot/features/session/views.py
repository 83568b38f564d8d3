"""What is said about planning a session: times, files, reminders, what to talk about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from bot import resources
from bot.chat.actions import ActionId, Button, Choice, Option
from bot.chat.forms import DateField, Form, NumberField, TextField
from bot.chat.text import Bold, Code, Mention, Words, shorten, words
from bot.chat.views import Actions, Block, File, Heading, List, Note, Text, View
from bot.feature import Step, Urgency
from bot.features.session.log_views import Row, people
from bot.features.session.rules import MINUTES, Stage, argument
from bot.i18n import N_, Say
from bot.ical import entry
from bot.resources import Found
from storage.session import Session

MOST = 25
"""Pairs that a picker offers."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time to meet (aware UTC), the others with their zones, and whether it is within everybody's own hours."""

    at: datetime
    others: tuple[tuple[str, str], ...]
    suits: bool


def _local(say: Say, at: datetime, zone: str) -> str:
    """Return a moment on the clock of a zone, short enough for a button ("Mon 9 Mar, 18:00")."""
    pattern = "EEE d MMM, HH:mm"
    return str(format_datetime(at.astimezone(ZoneInfo(zone)), pattern, locale=say.language))


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def which(say: Say, pairs: Sequence[tuple[str, str]], button: str) -> View:
    """Ask which pair is meant; `pairs` are (pair, names of the others)."""
    options = tuple(Option(pair, shorten(names, 75) or "…") for pair, names in pairs)
    choice = Choice(say.line("Choose a partner"), ActionId(button), options)
    return View("session.which", (Text(say("With whom?")), Actions((choice,))))


def plan(
    say: Say,
    pair: str,
    others: Sequence[str],
    zone: str,
    slots: Sequence[Slot],
    ahead: Sequence[Session],
    proposed: Session | None,
    me: str,
) -> View:
    """Offer times to meet, and show what is agreed or waits for an answer."""
    blocks: list[Block] = []
    for session in ahead:
        if session.starts_at is not None:
            text = say("You meet {people} on {when}.", people=people(say, others), when=say.when(session.starts_at))
            blocks += [Text(text), Actions(_change(say, session.id))]
    if proposed is not None and proposed.suggested_at is not None:
        when = say.when(proposed.suggested_at)
        if proposed.suggested_by == me:
            blocks.append(Text(say("You proposed {when}, and nobody has answered yet.", when=when)))
            blocks.append(Actions((Button(say.line("Withdraw it"), ActionId("session.cancel", proposed.id)),)))
        elif proposed.suggested_by is not None:
            blocks.append(Text(say("{who} proposed {when}.", who=Mention(proposed.suggested_by), when=when)))
            blocks.append(Actions(_answers(say, proposed.id, proposed.suggestion)))
    blocks.append(Heading(say.line("When could you meet?")))
    if slots:
        blocks += [List(tuple(_slot(say, slot, zone) for slot in slots)), Note(_how(say, slots, others))]
    else:
        blocks.append(Text(say("I found no hour at which all of you are awake and free. You will know a better one.")))
    picks = tuple(
        Button(_local(say, slot.at, zone), ActionId("session.pick", pair, argument(slot.at)), "primary")
        for slot in slots
    )
    blocks.append(Actions((*picks, Button(say.line("Another time"), ActionId("session.another", pair)))))
    return View("session.plan", tuple(blocks))


def _slot(say: Say, slot: Slot, zone: str) -> Words:
    line = words(Bold(_local(say, slot.at, zone)))
    for name, other in slot.others:
        if other != zone:
            there = _local(say, slot.at, other)
            line = words(line, " · ", say("{name}: {there} ({city})", name=name, there=there, city=_city(other)))
    return line


def _how(say: Say, slots: Sequence[Slot], others: Sequence[str]) -> Words:
    if all(slot.suits for slot in slots):
        return say("These suit what each of you wrote about your week. One press proposes it to {people}.",
                   people=people(say, others))  # fmt: skip
    return say(
        "Your free hours do not meet, so these are the nearest by daylight. One press proposes it to {people}.",
        people=people(say, others),
    )


def _change(say: Say, session: str) -> tuple[Button, ...]:
    return (
        Button(say.line("Move it"), ActionId("session.move", session)),
        Button(say.line("Cancel it"), ActionId("session.cancel", session)),
    )


def _answers(say: Say, session: str, suggestion: int) -> tuple[Button, ...]:
    return (
        Button(say.line("That suits me"), ActionId("session.accept", session, str(suggestion)), "primary"),
        Button(say.line("Another time"), ActionId("session.move", session)),
    )


def time_form(say: Say, name: str, key: str, zone: str, wall: datetime | None = None, *, lasts: bool = True) -> Form:
    """Ask for a time, on the member's own clock."""
    day: date | None = wall.date() if wall else None
    fields = (
        DateField(
            name="day", label=say.line("Which day?"), value=day,
            hint=say.line("A day like 2026-09-30, in your own time."),
        ),
        TextField(
            name="at", label=say.line("At what time?"), max_length=5, value=wall.strftime("%H:%M") if wall else "",
            hint=shorten(say.line("Like 18:00, on your clock ({zone}).", zone=zone), 100),
        ),
    )  # fmt: skip
    long = NumberField(
        name="minutes", label=say.line("For how many minutes?"), least=MINUTES[0], most=MINUTES[1], value=60,
        required=False,
    )  # fmt: skip
    return Form(
        name=name, title=say.line("Another time"), key=key, fields=(*fields, long) if lasts else fields,
        submit=say.line("Propose it"),
    )  # fmt: skip


def wrong_clock(say: Say) -> str:
    """Say how a time of day is written."""
    return say.line("Please write the time like 18:00.")


def wrong_time(say: Say, wrong: str) -> str:
    """Say what speaks against a time."""
    sentences = {
        "past": N_("That time is over, or too near. Please choose a later one."),
        "far": N_("That is more than a year away. Please choose a nearer day."),
        "taken": N_("One of you has another session at that time. Please choose another one."),
    }
    return say.line(sentences[wrong])


def suggested_to(say: Say, session: str, others: Sequence[str], at: datetime, stands: datetime | None) -> View:
    """Confirm a proposal."""
    blocks: list[Block] = [Text(say("I asked {people} about {when}.", people=people(say, others), when=say.when(at)))]
    if stands is not None:
        blocks.append(Note(say("Until there is an answer, {when} stands.", when=say.when(stands))))
    blocks.append(Note(say("Once they agree, you get a calendar file, and a reminder a day and an hour before.")))
    if stands is None:
        blocks.append(Actions((Button(say.line("Withdraw it"), ActionId("session.cancel", session)),)))
    return View("session.proposed", tuple(blocks))


def suggested(say: Say, p: Mapping[str, Any]) -> View:
    """Ask whether a time suits."""
    at = say.when(datetime.fromisoformat(p["at"]))
    if p["moves"]:
        old = say.when(datetime.fromisoformat(p["moves"]))
        text = say(
            "{who} would like to move your session from {old} to {when}.", who=Mention(p["by"]), old=old, when=at
        )
    else:
        text = say("{who} would like to meet you on {when}, for {minutes} minutes.", who=Mention(p["by"]), when=at,
                   minutes=p["minutes"])  # fmt: skip
    return View("session.suggested", (Text(text), Actions(_answers(say, p["session"], p["suggestion"]))))


def agreed(say: Say, session: str, others: Sequence[str], at: datetime) -> View:
    """Confirm that there is a date."""
    return View(
        "session.agreed",
        (
            Text(say("It is a date: {people} and you, {when}.", people=people(say, others), when=say.when(at))),
            Note(say("A calendar file is on its way to all of you. I remind you a day and an hour before.")),
            Actions(_change(say, session)),
        ),
    )


def _file(say: Say, p: Mapping[str, Any], *, cancelled: bool) -> File:
    return entry(
        "session.ics", p["session"], starts=datetime.fromisoformat(p["starts"]), minutes=p["minutes"], sequence=p["sequence"],
        stamp=datetime.fromisoformat(p["stamp"]), summary=say.line("Session with {names}", names=p["names"]),
        cancelled=cancelled,
    )  # fmt: skip


def planned(say: Say, p: Mapping[str, Any]) -> View:
    """Tell everybody that there is a date, with a file for their calendar."""
    when = say.when(datetime.fromisoformat(p["starts"]))
    first = p["sequence"] == 1
    note = N_("Open the file to put it into your calendar.") if first else N_("Open the file: it moves what you have.")
    return View(
        "session.planned",
        (
            Text(say("You meet {people} on {when}.", people=people(say, p["partners"]), when=when)),
            _file(say, p, cancelled=False),
            Note(say(note)),
            Actions((Button(say.line("What to talk about"), ActionId("session.prep", p["pair_id"])),
                     *_change(say, p["session"]))),
        ),
    )  # fmt: skip


def cancelled(say: Say, p: Mapping[str, Any]) -> View:
    """Tell everybody that a session was called off, with a file that takes it out of calendars."""
    when = say.when(datetime.fromisoformat(p["starts"]))
    who = say("{who} had to call off your session on {when}.", who=Mention(p["by"] or ""), when=when)
    return View(
        "session.cancelled",
        (
            Text(who),
            _file(say, p, cancelled=True),
            Note(say("Open the file to take it out of your calendar.")),
            Actions((Button(say.line("Find another time"), ActionId("session.plan", p["pair_id"])),)),
        ),
    )


def withdrawn(say: Say, p: Mapping[str, Any]) -> View:
    """Tell the others that a proposed time is off the table."""
    when = say.when(datetime.fromisoformat(p["at"]))
    text = say("{when} is off the table again: {who} cannot make it.", when=when, who=Mention(p["by"]))
    return View(
        "session.withdrawn",
        (Text(text), Actions((Button(say.line("Find another time"), ActionId("session.plan", p["pair_id"])),))),
    )


def called_off(say: Say, pair: str, *, planned: bool) -> View:
    """Confirm that a session is called off."""
    text = (
        N_("Called off. Everybody is told and gets a file that takes it out of the calendar. I remind nobody.")
        if planned
        else N_("It is off the table, and the others are told.")
    )
    find = Button(say.line("Find another time"), ActionId("session.plan", pair))
    return View("session.called_off", (Text(say(text)), Actions((find,))))


def pair_ended(say: Say, p: Mapping[str, Any]) -> View:
    """Tell somebody that a session will not be reminded of, as the pair has ended."""
    when = say.when(datetime.fromisoformat(p["starts"]))
    text = say("Your pair has ended, so I will not remind you of {when}. You may well meet all the same.", when=when)
    return View("session.pair_ended", (Text(text),))


def reminder(say: Say, p: Mapping[str, Any]) -> View:
    """Remind of what was agreed."""
    when = say.when(datetime.fromisoformat(p["starts"]))
    return View(
        "session.reminder",
        (
            Text(say("You meet {people} on {when}.", people=people(say, p["partners"]), when=when)),
            Actions((Button(say.line("What to talk about"), ActionId("session.prep", p["pair_id"])),
                     *_change(say, p["session"]))),
        ),
    )  # fmt: skip


AGENDA: Mapping[Stage, tuple[str, ...]] = {
    "first": (
        N_("What brought you here, and what would make this worth your time?"),
        N_("What do you hope for from each other, and what not?"),
        N_("How often do you meet, and how do you reach each other in between?"),
        N_("What stays between you?"),
        N_("What is one small thing to do before you meet again?"),
    ),
    "middle": (
        N_("What has happened since you last met?"),
        N_("What went well, and what was harder than you thought?"),
        N_("What would help most right now?"),
        N_("What is the next step, and who takes it?"),
    ),
    "last": (
        N_("What has changed since you began?"),
        N_("What are you proud of?"),
        N_("What did each of you learn from the other?"),
        N_("What is still open, and who could help with it?"),
        N_("Do you want to stay in touch, and how?"),
    ),
}
"""Questions to talk about, by where a pair stands."""


def prep(
    say: Say,
    pair: str,
    others: Sequence[str],
    stage: Stage,
    goals: Sequence[tuple[str, bool]],
    last: Session | None,
    to_read: Sequence[Found] = (),
) -> View:
    """Suggest what to talk about. `goals` are (words, whether the others can read it too); `to_read` may help."""
    headings = {
        "first": N_("For your first session"),
        "middle": N_("For your next session"),
        "last": N_("For one of your last sessions"),
    }
    blocks: list[Block] = [
        Heading(say.line(headings[stage])),
        Text(say("With {people}. Take what helps and leave the rest.", people=people(say, others))),
    ]
    if last is not None and (last.topics or last.next_step):
        blocks.append(Text(say("From the last time:")))
        lines = [words(Bold(last.topics))] if last.topics else []
        lines += [say("Next step: {step}", step=last.next_step)] if last.next_step else []
        blocks.append(List(tuple(lines)))
    blocks.append(List(tuple(say(question) for question in AGENDA[stage])))
    if goals:
        private = say.line("only you see it")
        blocks.append(Text(say("Your goals:")))
        lines = [words(what, "" if shared else f" ({private})") for what, shared in goals[:8]]
        blocks.append(List(tuple(lines)))
    else:
        blocks.append(Note(say("A goal helps to know where you are going: {command}", command=Code("/goal add"))))
    blocks += resources.blocks(say, to_read)
    blocks.append(
        Actions(
            (
                Button(say.line("Find a time"), ActionId("session.plan", pair)),
                Button(say.line("Log a session"), ActionId("session.log", pair)),
            )
        )
    )
    return View("session.prep", tuple(blocks))


def answer_step(say: Say, row: Row) -> Step:
    """Offer to answer a proposed time."""
    session = row.session
    when = say.when(session.suggested_at) if session.suggested_at else ""
    text = say("{who} proposed {when}.", who=Mention(session.suggested_by or ""), when=when)
    return Step(Urgency.WAITS, text, _answers(say, session.id, session.suggestion))


def log_step(say: Say, row: Row) -> Step:
    """Offer to log what was planned and is over."""
    when = say.when(row.session.starts_at, "date") if row.session.starts_at else ""
    text = say("You meant to meet {people} on {when}. How was it?", people=people(say, row.others), when=when)
    return Step(Urgency.MINE, text, (Button(say.line("Log a session"), ActionId("session.log", row.session.pair_id)),))


def plan_step(say: Say, pair: str) -> Step:
    """Offer to find a time."""
    find = Button(say.line("Find a time"), ActionId("session.plan", pair))
    return Step(Urgency.ELSE, say("Your next session has no date yet."), (find,))


def home(say: Say, waiting: Sequence[Step], ahead: Sequence[Row], minutes: int) -> tuple[Block, ...]:
    """Sessions on a member's page: what waits for them, what is ahead, the hours so far."""
    blocks: list[Block] = []
    for step in waiting[:3]:
        blocks += [Text(step.text), Actions(step.buttons)]
    for row in ahead[:3]:
        if row.session.starts_at is not None:
            when = say.when(row.session.starts_at)
            blocks.append(Text(say("You meet {people} on {when}.", people=people(say, row.others), when=when)))
            blocks.append(Actions(_change(say, row.session.id)))
    if minutes:
        blocks.append(Text(say("Time you spent in sessions: {hours} h", hours=round(minutes / 60, 1))))
    return tuple(blocks)
