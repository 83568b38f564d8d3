"""What the composition root tells the page: rows for the drawer, and the first steps that a newcomer is offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

MoveBy = Literal["hour", "day", "next"]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message on its way or gone: due `when` (aware UTC), `to` whom in words, its message `key`, its `state`."""

    when: datetime
    to: str
    key: str
    state: str


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that falls due: `when` (aware UTC) and `what` in words."""

    when: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the drawer shows, in the order it should be read."""

    outbox: tuple[OutboxRow, ...] = ()
    due: tuple[DueRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps: what to do and why. `line` is put in the composer of `user`; `move` moves the clock."""

    title: str
    text: str
    line: str = ""
    user: str = ""
    move: MoveBy | None = None


FIRST_STEPS = (
    Step("Join", "Type /programme join as anybody who is not in yet.", line="/programme join"),
    Step("Let time pass", "Move to the next due item and see who hears from Kith.", move="next"),
    Step("Answer a check-in", "Open the direct message with Kith and press an answer."),
    Step("Say thanks", "Give kudos where everybody can read it.", line="/kudos give "),
    Step("Speak up", "Send feedback without your name on it.", line="/feedback send"),
)
