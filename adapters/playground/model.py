"""What a town is made of: accounts, places to read and write, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.chat.actions import Action
from bot.chat.platform import Named
from bot.chat.views import Actions, View


@dataclass(frozen=True, slots=True)
class User:
    """An account. `closed`: takes no direct messages; `zone` is an IANA name or None where the platform knows none."""

    id: str
    name: str
    handle: str
    zone: str | None = "UTC"
    locale: str = "en"
    roles: frozenset[str] = frozenset()
    admin: bool = False
    is_bot: bool = False
    closed: bool = False
    email: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Somewhere to read and write: a channel of all, a room of `users`, or the DM of the bot with one of them."""

    kind: Literal["channel", "dm", "room"]
    id: str
    name: str
    users: frozenset[str] | None = None

    def open_to(self, user: str) -> bool:
        """Return whether this account can read here."""
        return self.users is None or user in self.users


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that stands. `author` is an account or None for the bot; `only_for` the one account that sees it.

    `key` is what the sender passed ("" for answers); `asked` the command line that it answers ("" for everything else),
    `caller` the account that an answer is for ("" for what nobody asked for).
    """

    id: str
    space: str
    channel: str
    author: str | None
    view: View
    at: datetime
    key: str = ""
    only_for: str | None = None
    asked: str = ""
    caller: str = ""
    edited_at: datetime | None = None

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be pressed, in reading order."""
        return tuple(item for block in self.view.blocks if isinstance(block, Actions) for item in block.items)


@dataclass(slots=True)
class Space:
    """One server or workspace. `homes` holds each account's page as last published."""

    id: str
    name: str
    users: dict[str, User] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    roles: dict[str, Named] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)


def dm_of(user: str) -> str:
    """Return the id of an account's DM with the bot."""
    return f"dm-{user}"
