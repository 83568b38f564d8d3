"""Which pairs may need somebody. Pure.

Signs are what people did with buttons: answers to check-ins, meetings they told of, introductions they answered. The
four risks are those that mentoring programmes look for: flagged, overdue, one-sided, stalled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import takewhile

from storage.risk import FINE


class Risk(IntEnum):
    """Why a pair is on the list, the most pressing first."""

    FLAGGED = 1
    OVERDUE = 2
    ONE_SIDED = 3
    STALLED = 4


FLAGGED_FOR = timedelta(weeks=3)
"""So long a wish for help keeps a pair on the list, if nothing is heard after it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a member was asked, or said of themselves: their word, None where it is open, and when (aware UTC)."""

    word: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of an active pair. `answers`: member -> what they said to check-ins and questions, oldest first.

    `waited_for`: members whose answer to the introduction is overdue so far that they were warned. `last_sign`: when
    anybody last answered, met, or planned or logged a session.
    """

    pair: str
    members: tuple[str, ...]
    since: datetime
    met_at: datetime | None = None
    last_sign: datetime | None = None
    answers: Mapping[str, Sequence[Said]] = field(default_factory=dict)
    waited_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair at risk: why, of whom it speaks (members), for how many days."""

    pair: str
    members: tuple[str, ...]
    risk: Risk
    about: tuple[str, ...]
    days: int


def finding(signs: Signs, *, now: datetime, stalled_days: int, one_sided_after: int) -> Finding | None:
    """Return the most pressing risk of a pair, or None."""
    last = max(at for at in (signs.since, signs.met_at, signs.last_sign) if at is not None)
    days = max(0, (now - last) // timedelta(days=1))

    def found(risk: Risk, about: Sequence[str]) -> Finding:
        return Finding(signs.pair, signs.members, risk, tuple(about), days)

    newest = {member: _newest(signs.answers.get(member, ())) for member in signs.members}
    flagged = [
        member for member, said in newest.items() if said and said.word == "help" and now - said.at < FLAGGED_FOR
    ]
    if flagged:
        return found(Risk.FLAGGED, flagged)
    if signs.waited_for:
        return found(Risk.OVERDUE, [member for member in signs.members if member in signs.waited_for])
    well = max((one.at for said in signs.answers.values() for one in said if one.word == FINE), default=signs.since)
    silent = [member for member in signs.members if _open(signs.answers.get(member, ()), well) >= one_sided_after]
    heard = [member for member, said in newest.items() if said and member not in silent]
    if silent and heard:
        return found(Risk.ONE_SIDED, silent)
    if days >= stalled_days:
        return found(Risk.STALLED, signs.members)
    return None


def _newest(answers: Sequence[Said]) -> Said | None:
    return next((said for said in reversed(answers) if said.word), None)


def _open(answers: Sequence[Said], since: datetime) -> int:
    """Return how many of the newest check-ins in a row stayed open, of those after `since`."""
    return len([*takewhile(lambda said: not said.word and said.at > since, reversed(answers))])


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings, the most pressing first, and of one kind the longest first."""
    return sorted(findings, key=lambda one: (one.risk, -one.days, one.pair))
