"""What an adapter tells the core: one frozen value an event, without raw payloads, clients or other people's words.

`request_id` is the platform's own id of the event, which a redelivered event repeats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A Discord server or a Slack workspace, by the platform's own id."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What the platform says of an account: its role or group ids, and whether it administers the space."""

    roles: frozenset[str] = frozenset()
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The account behind an event. `standing` is None where the event does not tell it (a press in a DM).

    `email` is empty but where the platform tells it and the operator allowed that.
    """

    user: str
    name: str
    handle: str = ""
    standing: Standing | None = None
    is_bot: bool = False
    zone: str | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened. `id` is the platform's own; `message` is the pressed message, where there is one."""

    kind: Literal["channel", "dm", "room", "home"]
    id: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The message that a menu was used on: a link to it and the account that wrote it. Never its words."""

    link: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """`space` is None where the platform does not tell it: a press in a Discord DM."""

    request_id: str
    platform: str
    space: SpaceRef | None
    actor: Actor
    place: Place
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCall(_Event):
    """A slash command: either a typed `line` (mentions as `<@account>` or `@name`), or a `path` with named `options`.

    A menu on a member names them in `options`, for the command's first member; one on a message does so with its
    author, and gives the message in `about`.
    """

    line: str = ""
    path: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    about: About | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPress(_Event):
    """A press or a choice: `action` is the encoded id, still untrusted; `choice` what a select or picker returned."""

    action: str
    choice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmit(_Event):
    """A submitted page of a form; `form` is the encoded id (name, key, page), `values` are as the platform gave them.

    A multi-choice comes as a tuple of values, everything else as a str ("" or absent when left out).
    """

    form: str
    values: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened(_Event):
    """A member opened their page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(_Event):
    """An account joined the space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(_Event):
    """An account left the space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceGone(_Event):
    """The bot was removed from the space; `actor` is the bot itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceJoined(_Event):
    """The bot was let into the space, for the first time or again; `actor` is the bot itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceGone(_Event):
    """A channel, room or role of the space was removed; `gone` is its id. `actor` is the bot itself."""

    gone: str


Incoming = (
    CommandCall
    | ButtonPress
    | FormSubmit
    | HomeOpened
    | MemberJoined
    | MemberLeft
    | SpaceJoined
    | SpaceGone
    | PlaceGone
)
Asking = CommandCall | ButtonPress | FormSubmit | HomeOpened
