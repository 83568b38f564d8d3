"""What coordinators see of their community."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.actions import ActionId, Button
from bot.chat.text import Code, Words, words
from bot.chat.views import Block, Divider, Fields, Heading, Note, Text, View
from bot.feature import Step, Urgency
from bot.i18n import N_, Say

ANSWERS = {
    "met": N_("met"),
    "scheduled": N_("scheduled"),
    "not_yet": N_("not yet"),
    "help": N_("asked for help"),
    "none": N_("no answer yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeStatus:
    """How one programme stands. `pairs` is (pairs, pairs that met) of the latest round, `answers` of the last week."""

    name: str
    people: Mapping[str, int]
    round_number: int | None
    pairs: tuple[int, int]
    unmatched: int
    answers: Mapping[str, int]
    next_round: datetime | None


def bad_zone(say: Say, given: str, nearest: str | None) -> str:
    """Say that a time zone does not exist."""
    if nearest:
        return say.line(
            "I don't know the time zone {given}. Did you mean {nearest}?", given=given[:40], nearest=nearest
        )
    return say.line("I don't know the time zone {given}. Please write it like Europe/Madrid.", given=given[:40])


def set_up(say: Say) -> View:
    """Confirm set-up and say what comes next."""
    return View(
        "community.set_up",
        (
            Text(say("Saved. Your community is set up.")),
            Note(say("Next: add a programme with {command}, then invite people to {join}.",
                     command=Code("kith programme apply FILE"), join=Code("/programme join"))),
        ),
    )  # fmt: skip


def saved(say: Say) -> View:
    """Confirm settings."""
    return View("community.saved", (Text(say("Saved.")),))


def step(say: Say) -> Step:
    """Offer the member's page."""
    page = Button(say.line("My page"), ActionId("community.home"))
    return Step(Urgency.ELSE, say("Your page: your programmes, your partner, your kudos."), (page,))


def status(
    say: Say,
    *,
    name: str,
    members: int,
    programmes: Sequence[ProgrammeStatus],
    notes: Mapping[str, int],
    outbox: Mapping[str, int],
) -> View:
    """Show how things stand."""
    blocks: list[Block] = [Heading(name or say.line("Your community"))]
    blocks.append(Text(say.plural("{n} person takes part.", "{n} people take part.", members)))
    for programme in programmes:
        blocks += [Divider(), *_programme(say, programme)]
    if not programmes:
        blocks.append(
            Text(say("There is no programme yet. Add one with {command}.", command=Code("kith programme apply FILE")))
        )
    blocks.append(Divider())
    # How many wait is nobody's business: who looked twice would know when one came.
    readable, working, done = (notes.get(status, 0) for status in ("published", "working", "done"))
    blocks.append(
        Fields(
            (
                (
                    say.line("Anonymous notes"),
                    say(
                        "{readable} open, {working} being worked on, {done} done",
                        readable=readable,
                        working=working,
                        done=done,
                    ),
                ),
                (say.line("Messages"), _messages(say, outbox)),
            )
        )
    )
    return View("community.status", tuple(blocks))


def desk(say: Say, shown: View) -> tuple[Block, ...]:
    """What is for coordinators on their own page: how things stand, and the words that lead on."""
    commands = say.join(
        [
            words(Code(line))
            for line in (
                "/coord metrics overview",
                "/coord metrics at-risk",
                "/coord matching preview",
                "/coord feedback list",
            )
        ]
    )
    return (
        Heading(say.line("For coordinators")), *shown.blocks[1:],
        Note(say("Where to look next: {commands}", commands=commands)),
    )  # fmt: skip


def _programme(say: Say, programme: ProgrammeStatus) -> list[Block]:
    people: list[str | Words] = [
        _people(say, kind, programme.people[kind])
        for kind in ("mentor", "mentee", "peer")
        if programme.people.get(kind)
    ]
    pairs = [(programme.name, say.join(people) if people else say("nobody yet"))]
    if programme.round_number is not None:
        made, met = programme.pairs
        pairs.append(
            (
                say.line("Round {number}", number=programme.round_number),
                say(
                    "pairs: {made}, of them met: {met}, people without a partner: {left}",
                    made=made,
                    met=met,
                    left=programme.unmatched,
                ),
            )
        )
    if asked := programme.answers.get("asked", 0):
        told: list[str | Words] = [
            words(str(programme.answers[key]), " ", say(label))
            for key, label in ANSWERS.items()
            if programme.answers.get(key)
        ]
        pairs.append((say.line("Check-ins, last 7 days"), words(say("{asked} asked: ", asked=asked), say.join(told))))
    if programme.next_round:
        pairs.append((say.line("Next round"), words(say.when(programme.next_round))))
    return [Fields(tuple(pairs))]


def _people(say: Say, kind: str, n: int) -> Words:
    match kind:
        case "mentor":
            return say.plural("{n} mentor", "{n} mentors", n)
        case "mentee":
            return say.plural("{n} mentee", "{n} mentees", n)
        case _:
            return say.plural("{n} peer", "{n} peers", n)


def _messages(say: Say, outbox: Mapping[str, int]) -> Words:
    dead, held = outbox.get("dead", 0), outbox.get("held", 0)
    if not dead and not held:
        return say("all delivered or on their way")
    return say("not delivered: {dead}, waiting for their reader's next command: {held}", dead=dead, held=held)
