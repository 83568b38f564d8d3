"""How simulated members behave. Pure: a seed, a handle and an occasion decide, whatever happened in between.

The numbers are made up so that every path is walked in a cohort of some dozens; they are no finding about people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from bot.recurrence import to_utc, to_wall
from bot.roster import RosterRow

WAKES, SLEEPS = time(8, 30), time(22, 0)
NEVER_JOINS, CLOSED_DMS, LEAVES, LEAVES_THE_SPACE = 0.04, 0.06, 0.15, 0.4
SNOOZES, ASKS_FOR_HELP, LATE = 0.08, 0.03, 0.15
MEETS, HAS_A_DATE = 0.65, 0.5
THANKS, WRITES_A_NOTE = 0.25, 0.04
MISSES_A_VISIT = 0.3
GOES_ON, TAKES_IN = 0.9, 0.75

Answer = Literal["checkin.met", "checkin.scheduled", "checkin.not_yet", "checkin.help", "checkin.later"]

REASONS = {
    "en": (
        "for the patient walk through my first draft",
        "for half an hour that saved me a week",
        "for asking the right question",
        "for the honest words about my plan",
        "for the reading list and the tea",
    ),
    "es": (
        "por leer mi borrador con tanta paciencia",
        "por media hora que me ahorró una semana",
        "por hacerme la pregunta justa",
        "por decirme con cariño lo que no veía",
    ),
}
NOTES = {
    "en": (
        "It is hard to find a time that suits us both. More help with that would be good.",
        "I would like to know earlier who my partner is.",
        "This is going well, please keep it as it is.",
        "My partner cancels often and I do not want to complain by name.",
    ),
    "es": (
        "Cuesta encontrar una hora que nos venga bien a ambas partes.",
        "Esto funciona, por favor seguid así.",
        "Me gustaría saber antes con quién me toca.",
    ),
}
TOPICS = ("pair", "programme", "community")


def share(seed: int, *occasion: object) -> float:
    """Return a number from 0 up to 1 that depends on the seed and the occasion alone."""
    text = "/".join(map(str, (seed, *occasion)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the roster. `keen` is how likely they answer at once; times are hours after the simulation began.

    `joins_after` None: never joins. `leaves_after` None: stays; `leaves_the_space`: goes for good, not only from the
    programme. `closed`: takes no direct messages.
    """

    seed: int
    handle: str
    name: str
    zone: str
    locale: str
    keen: float
    closed: bool
    joins_after: float | None
    leaves_after: float | None
    leaves_the_space: bool

    def share(self, *occasion: object) -> float:
        """Return this person's own chance for an occasion."""
        return share(self.seed, self.handle, *occasion)

    def pick(self, among: Sequence[str], *occasion: object) -> str:
        """Choose one of several."""
        return among[int(self.share("pick", *occasion) * len(among))]


def persona(row: RosterRow, seed: int, *, joining_hours: float, weeks: int) -> Persona:
    """Return how this person of a roster behaves in a run of `weeks` after `joining_hours` of joining."""

    def own(occasion: str) -> float:
        return share(seed, row.handle, occasion)

    leaves = own("leaves") < LEAVES
    joins = own("joins") >= NEVER_JOINS
    return Persona(
        seed=seed,
        handle=row.handle,
        name=row.name,
        zone=row.timezone,
        locale="es" if row.languages[:1] == ("es",) else "en",
        keen=0.35 + 0.5 * own("keen"),
        closed=own("closed") < CLOSED_DMS,
        joins_after=2 + own("joins when") * (joining_hours - 30) if joins else None,
        leaves_after=joining_hours + (0.1 + 0.9 * own("leaves when")) * weeks * 168 if joins and leaves else None,
        leaves_the_space=own("leaves the space") < LEAVES_THE_SPACE,
    )


def awake(moment: datetime, zone: str) -> datetime:
    """Return `moment`, or the next morning in `zone` (half past eight, some minutes spread) if that is in the night."""
    wall = to_wall(moment, zone)
    if WAKES <= wall.time() < SLEEPS:
        return moment
    day = wall.date() + timedelta(days=1 if wall.time() >= SLEEPS else 0)
    return to_utc(datetime.combine(day, WAKES), zone) + timedelta(minutes=wall.minute)


def met(seed: int, people: Sequence[str], week: object) -> bool:
    """Return whether these people meet in a week: the same for whoever of them is asked."""
    return share(seed, "meets", week, *sorted(people)) < MEETS


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody presses, and how long after they were asked."""

    answer: Answer
    after: timedelta


def reaction(who: Persona, partners: Sequence[str], asked: datetime, *, again: bool) -> Reaction | None:
    """Return how somebody reacts to "did you two meet?"; None: not at all. `again`: it was put off once already."""
    week = asked.isocalendar()[:2]
    occasion = (week, *partners, again)
    mood = who.share("reacts", *occasion)
    if mood < SNOOZES and not again:
        return Reaction("checkin.later", _soon(who, occasion))
    if mood < SNOOZES + ASKS_FOR_HELP:
        return Reaction("checkin.help", _soon(who, occasion))
    if mood >= who.keen + LATE:
        return None
    answer: Answer = "checkin.met"
    if not met(who.seed, (who.handle, *partners), week):
        answer = "checkin.scheduled" if who.share("date", *occasion) < HAS_A_DATE else "checkin.not_yet"
    late = timedelta(days=1 + 2 * who.share("late", *occasion)) if mood >= who.keen else _soon(who, occasion)
    return Reaction(answer, late)


def says_yes(who: Persona, chance: float, *occasion: object) -> tuple[bool, timedelta] | None:
    """Return whether somebody says yes to a question of two buttons, and how long after it; None: no answer at all."""
    if who.share("answers", *occasion) >= who.keen + LATE:
        return None
    return who.share("says yes", *occasion[:1]) < chance, _soon(who, occasion)


def _soon(who: Persona, occasion: tuple[object, ...]) -> timedelta:
    return timedelta(minutes=2 + 240 * who.share("soon", *occasion) ** 2)
