"""What the core asks of a platform, and how a platform says no. Implemented once by each adapter."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.chat.incoming import Standing
from bot.chat.views import View


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the platform can do, as data; the core decides with it so that adapters stay thin.

    `form_after_form`: a submitted form may be answered with the next page.
    `field_errors`: a form can show errors on its fields. `nonce_window`: how long the same key makes a resend safe.
    `probes`: recent history can be searched for a key. `calendar`: the space has a calendar of events of its own.
    """

    form_after_form: bool
    field_errors: bool
    nonce_window: timedelta | None = None
    probes: bool = False
    calendar: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes, in the platform's own ids. `channel` is the known DM channel of a user, if any."""

    space: str
    kind: Literal["user", "channel", "room"]
    id: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message that stands: the channel (or DM, or room) it is in, and its id there."""

    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """An event as a space's own calendar shows it; moments are aware UTC."""

    title: str
    about: str
    place: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What the platform knows of an account."""

    user: str
    name: str
    handle: str
    zone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A channel or role of a space, for pickers."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a platform lets the bot do, in the platform's own words: its kind of right, and their names."""

    kind: Literal["intents", "permissions", "scopes"]
    names: tuple[str, ...]


class SendFailed(Exception):
    """A platform did not do what was asked. `code` is the platform's own, for logs; it never holds message text."""

    loggable = True

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RateLimited(SendFailed):
    """Too many requests: nothing was done; try again after `retry_after` seconds. `whole` stops the platform."""

    def __init__(self, code: str, *, retry_after: float, whole: bool = False) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.whole = whole


class Transient(SendFailed):
    """It may work later. `doubtful` when the platform may have done it: a timeout, a connection cut after sending."""

    def __init__(self, code: str, *, doubtful: bool) -> None:
        super().__init__(code)
        self.doubtful = doubtful


class Unreachable(SendFailed):
    """This person or place cannot be written to: DMs closed, account gone, room deleted. Down the ladder."""


class Forbidden(SendFailed):
    """The bot may not: a missing permission or scope, or with `stop` a token that no longer counts."""

    def __init__(self, code: str, *, stop: bool = False) -> None:
        super().__init__(code)
        self.stop = stop


class Platform(Protocol):
    """One connected platform. All calls raise only `SendFailed`; every call has a timeout of its own."""

    @property
    def name(self) -> str:
        """The platform's name in `SpaceRef.platform`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def allowed(self, space: str) -> Sequence[Allowed]:
        """Return what it may do in a space, as the platform has said by now; nobody is asked."""
        ...

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a message; `key` (opaque, at most 25 characters) is its nonce or metadata."""
        ...

    async def edit(self, at: MessageRef, view: View, *, space: str) -> None:
        """Rewrite a message that this bot posted."""
        ...

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Look in recent history for a message sent with `key`. Only where `capabilities.probes`."""
        ...

    async def open_room(
        self, space: str, users: Sequence[str], title: str, *, key: str, under: str | None = None
    ) -> str:
        """Open a room for these accounts and return its id. Called again with the same `key`, returns the same room.

        `under` is the channel that it stands under, where rooms stand under one.
        """
        ...

    async def calendar(self, space: str, what: Occasion | None, *, known: str | None) -> str:
        """Enter an event in the space's calendar and return its id there. Only where `capabilities.calendar`.

        With `known`, the one that was entered before is changed, or taken off when `what` is None. Entering the same
        event twice returns the one that stands.
        """
        ...

    async def grant(self, space: str, user: str, role: str, *, give: bool) -> None:
        """Give or take a platform role; giving what is held already is fine."""
        ...

    async def standing(self, space: str, user: str) -> Standing:
        """Look up roles and administration of an account, fresh."""
        ...

    async def profile(self, space: str, user: str) -> Profile:
        """Look up an account."""
        ...

    def members(self, space: str) -> AsyncIterator[Profile]:
        """Walk over the accounts of a space."""
        ...

    async def channels(self, space: str) -> Sequence[Named]:
        """List the channels that the bot can post in."""
        ...

    async def show_home(self, space: str, user: str, view: View) -> None:
        """Publish the member's page, where the platform has one; elsewhere do nothing."""
        ...
