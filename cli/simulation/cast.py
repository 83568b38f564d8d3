"""The stage of a simulation: a town with an account for everybody in the roster, and a record of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from adapters.playground.town import Message, Town, User
from bot.availability import DAYS
from bot.chat.platform import Address, MessageRef
from bot.chat.spec import Audience
from bot.chat.views import View
from bot.clock import MovedClock, SeededIds
from bot.programme.file import ProgrammeFile
from bot.programme.joining import Question
from bot.recurrence import to_utc
from bot.roster import Roster, RosterRow
from cli.acting import close_in, lay_out
from cli.simulation.behaviour import Persona, persona

SPACE, NAME = "simulation", "Simulated community"
COORDINATOR, MODERATOR = "kith-coordinator", "kith-moderator"
JANUARY = date(2026, 1, 5)
"""A Monday: simulated time begins around here unless the programme names a day, never on today's date."""

JOINING = timedelta(days=6)
"""People join in the six days before the first round."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message of the outbox as it arrived: when, in which channel, what."""

    at: datetime
    message: Message


class RecordingTown(Town):
    """A town that keeps every message as it arrived, and counts each call to send, also one that repeats a key."""

    def __init__(self, clock: MovedClock, seed: int) -> None:
        super().__init__(clock, ids=SeededIds(seed + 1))
        self.delivered: list[Delivered] = []
        self.sends: list[str] = []
        self.subscribe(self._record)

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a message, and note that it was asked for."""
        ref = await super().send(to, view, key=key)
        self.sends.append(key)
        return ref

    def _record(self, message: Message) -> None:
        if message.key and message.edited_at is None:
            self.delivered.append(Delivered(message.at, message))


def first_round(file: ProgrammeFile) -> datetime:
    """Return when the first round is made: on the file's anchor, else on its weekday in January 2026."""
    day = file.rounds.anchor or JANUARY + timedelta(days=7 + DAYS.index(file.rounds.weekday))
    return to_utc(datetime.combine(day, file.rounds.at), file.timezone)


def personas(roster: Roster, seed: int, weeks: int) -> dict[str, Persona]:
    """Return handle -> how that person behaves."""
    hours = JOINING / timedelta(hours=1)
    return {row.handle: persona(row, seed, joining_hours=hours, weeks=weeks) for row in roster.rows}


def build(town: Town, cast: dict[str, Persona]) -> None:
    """Let everybody in, with a coordinator and a moderator who are in no roster."""
    lay_out(town, SPACE, NAME)
    for handle, audience in ((COORDINATOR, Audience.COORDINATOR), (MODERATOR, Audience.MODERATOR)):
        roles, admin = frozenset({audience.value}), audience is Audience.COORDINATOR
        town.add_user(SPACE, User(handle, audience.value.capitalize(), handle, roles=roles, admin=admin))
    for one in cast.values():
        town.add_user(SPACE, User(one.handle, one.name, one.handle, one.zone, one.locale, closed=one.closed))
    close_in(town, SPACE)


def joining_answers(row: RosterRow, file: ProgrammeFile) -> dict[str, str | tuple[str, ...]]:
    """Return what somebody writes over what the roster left empty and the form needs; the rest stands there.

    A question of the programme gets an answer that meets its conditions.
    """
    missing = {
        "languages": "" if row.languages else "English",
        "availability": "" if row.availability else "mon-fri 17:00-20:00",
    }
    role = {"role": "mentee" if row.role == "peer" else row.role}
    return {**role, **{name: value for name, value in missing.items() if value},
            **{f"q_{one.key}": _answer(one, file) for one in file.application if one.required}}  # fmt: skip


def _answer(question: Question, file: ProgrammeFile) -> str | tuple[str, ...]:
    needs = [need for need in file.eligibility if need.question == question.key]
    fitting = next((need.is_[0] for need in needs if need.is_), None)
    match question.kind:
        case "number":
            return str(max([question.at_least, *(need.at_least or 0 for need in needs)]))
        case "choice":
            against = {
                one for rule in (file.review.rules if file.review else ()) if rule.then != "approve" for one in rule.is_
            }
            return fitting or next((one for one in question.options if one not in against), question.options[0])
        case "multi":
            return (fitting or question.options[0],)
        case "consent":
            return ("yes",)
        case "text" | "member":
            return "I would like to be part of it."
