"""What a feature declares, and all features of the installation together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Literal

from bot.chat.actions import Button
from bot.chat.spec import ButtonSpec, Catalogue, Command, FormSpec, Slow
from bot.chat.text import Words
from bot.chat.views import Block, View
from bot.errors import REFUSALS
from bot.i18n import Say
from storage.db import Db
from storage.moments import NextDue

if TYPE_CHECKING:
    from bot.context import Context, Work

Message = Callable[[Say, Mapping[str, Any]], View]


@dataclass(frozen=True, slots=True)
class Many:
    """A sweep's `run` that takes several rows of one community: for what falls due for thousands at one moment."""

    run: Callable[[Work, Sequence[str]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """What falls due in a feature. A tick runs `due`, then `run(work, row_id)` for each row in its community.

    `due(db, now, limit)` returns (community, row id), oldest first; `next_due(db)` when the next row falls due: the
    only queries that look over all communities. `run` re-reads the row and must leave it not due; a slow one reads
    with `(work, row_id)`, computes in another process, and writes with `(work, result, row_id)`; one for `Many` gets
    `(work, row ids)`. Rows are dealt with many in one unit of work, and again each in its own when one of them fails.
    `load(db, row ids)` may load what `run` will look up by id, all at once.
    """

    name: str
    due: Callable[[Db, datetime, int], Awaitable[list[tuple[str, str]]]]
    next_due: NextDue
    run: Callable[[Work, str], Awaitable[None]] | Slow | Many
    load: Callable[[Db, Collection[str]], Awaitable[list[Any]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Something a community decides with `/coord settings`. `key` is "feature.name"; `kind` chooses the form field.

    A channel is stored as [space id, channel id], roles as a list of the platform's ids; roles that are given to people
    ("granted") as a list of [space id, role id], because each space has its own.
    """

    key: str
    kind: Literal["text", "number", "choice", "channel", "roles", "granted", "yesno"]
    label: str
    hint: str = ""
    default: Any = None
    options: tuple[tuple[str, str], ...] = ()
    least: int = 0
    most: int = 1_000_000
    setup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """Personal data in one table: which columns name a member, and what erasure and retention do.

    `forget`: "delete" removes the rows, "redact" empties the columns in `texts`, "keep" leaves the row.
    `exported`: whether the member's copy holds the rows; not where they are somebody else's words about them.
    `retain`: how long after `dated` (a column) rows go by themselves; None keeps them while the member stays.
    """

    table: str
    members: tuple[str, ...]
    forget: Literal["delete", "redact", "keep"]
    texts: tuple[str, ...] = ()
    retain: timedelta | None = None
    dated: str = ""
    exported: bool = True
    why: str = ""


class Urgency(IntEnum):
    """How near a next step is to the member, nearest first."""

    WAITS = 1
    BEGINS = 2
    MINE = 3
    ANY_TIME = 4
    ELSE = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a member could do next: a sentence, and what to press for it."""

    urgency: Urgency
    text: Words
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that a feature will ask of a member: `at` (aware UTC) at the earliest, of which kind (`message`)."""

    at: datetime
    message: str
    expires: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One folder under `bot/features/`. Everything that adapters, scheduler and rights need to know is declared here.

    `always`: what members find here works also for somebody whom moderators froze: their rights, and saying what is
    wrong. `messages`: key -> builder of what is sent later (`(say, params) -> View`). `refusals`: key of a `UserError`
    -> its sentence. `reacts`: fact -> what this feature does when it happens, in the same unit of work. `schedules`:
    kind -> what an occurrence does (`(work, schedule row, occurrence row)`). `home`: blocks for the member's page.
    `steps`: what the member could do next, of which the nearest are offered. `nudges`: key of a message that asks
    something of a member -> what kind of thing that is, in a few words; `coming(work, member)` what will be asked next.
    """

    name: str
    always: bool = False
    commands: tuple[Command, ...] = ()
    buttons: tuple[ButtonSpec, ...] = ()
    forms: tuple[FormSpec, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    schedules: Mapping[str, Callable[[Work, Any, Any], Awaitable[None]]] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    messages: Mapping[str, Message] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    reacts: Mapping[str, Callable[[Work, Any], Awaitable[None]]] = field(default_factory=dict)
    home: Callable[[Context], Awaitable[tuple[Block, ...]]] | None = None
    desk: Callable[[Context], Awaitable[tuple[Block, ...]]] | None = None
    steps: Callable[[Context], Awaitable[tuple[Step, ...]]] | None = None
    nudges: Mapping[str, str] = field(default_factory=dict)
    coming: Callable[[Work, Any], Awaitable[tuple[Coming, ...]]] | None = None
    personal: tuple[Personal, ...] = ()


class Features:
    """All features of the installation; refuses a name, message, refusal or setting that stands twice."""

    def __init__(self, features: tuple[Feature, ...]) -> None:
        self.all = features
        self.catalogue = Catalogue.of(
            commands=tuple(spec for feature in features for spec in feature.commands),
            buttons=tuple(spec for feature in features for spec in feature.buttons),
            forms=tuple(spec for feature in features for spec in feature.forms),
        )
        self.sweeps = {sweep.name: sweep for feature in features for sweep in feature.sweeps}
        self.settings = {setting.key: setting for feature in features for setting in feature.settings}
        self.messages = _merged("message", [feature.messages for feature in features])
        self.refusals = _merged("refusal", [REFUSALS, *(feature.refusals for feature in features)])
        self.nudges = _merged("nudge", [feature.nudges for feature in features])
        self.schedules = _merged("schedule", [feature.schedules for feature in features])
        self.always = frozenset(
            name
            for feature in features
            if feature.always
            for specs in (feature.commands, feature.buttons, feature.forms)
            for name in (spec.name for spec in specs)
        )
        self.personal = tuple(entry for feature in features for entry in feature.personal)

    def reactions(self, fact: str) -> list[Callable[[Work, Any], Awaitable[None]]]:
        """Return what features do when `fact` happens, in the order of the features."""
        return [feature.reacts[fact] for feature in self.all if fact in feature.reacts]


def _merged(what: str, parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for part in parts:
        if double := whole.keys() & part.keys():
            raise ValueError(f"{what} {sorted(double)} stands twice")
        whole |= part
    return whole
