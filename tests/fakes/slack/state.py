"""What a workspace holds: people, conversations, messages, modals, and what its members were shown."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


class SlackError(Exception):
    """A call that Slack answers with `ok: false`; str() is its error code."""


@dataclass(slots=True)
class Person:
    """An account. `known` is what `users.info` says beside its id and name."""

    id: str
    name: str
    known: Json = field(default_factory=dict)

    def shown(self, team: str) -> Json:
        """Return the `user` object."""
        profile = {"display_name": self.name.title(), "real_name": self.name.title()}
        base = {
            "id": self.id, "team_id": team, "name": self.name, "deleted": False,
            "tz": "Europe/Madrid", "locale": "en-US",
            "is_bot": False, "is_admin": False, "is_owner": False, "profile": profile,
        }  # fmt: skip
        return base | self.known


@dataclass(slots=True)
class Conversation:
    """A channel, DM or group DM with its messages, oldest first. `people` None means everybody."""

    id: str
    name: str
    people: frozenset[str] | None = None
    archived: bool = False
    has_bot: bool = True
    messages: list[Json] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a member was shown: `content` is the message or the view."""

    kind: Literal["message", "ephemeral", "update", "modal", "modal_update", "home", "replaced"]
    to: str
    content: Json

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        return list(self.content.get("blocks", []))

    @property
    def text(self) -> str:
        """Every word in its blocks, in reading order."""
        return " ".join(_words(self.blocks))

    def action(self, label: str) -> Json:
        """Return the element with this label. Raises `AssertionError` when there is none."""
        for block in self.blocks:
            for element in block.get("elements", []) if block["type"] == "actions" else []:
                if label in (element.get("text", {}).get("text"), element.get("placeholder", {}).get("text")):
                    return dict(element)
        raise AssertionError(f"no {label!r} in {self.text!r}")

    def labels(self) -> list[str]:
        """Return the labels of all buttons."""
        rows = (block["elements"] for block in self.blocks if block["type"] == "actions")
        return [one["text"]["text"] for row in rows for one in row if one["type"] == "button"]


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    if not isinstance(value, dict):
        return []
    if value.get("type") == "user":
        return [f"<@{value['user_id']}>"]
    if value.get("type") == "date":
        return [value["fallback"]]
    found = []
    for key, one in value.items():
        if isinstance(one, str):
            found += [one] if key in ("text", "alt_text") else []
        else:
            found += _words(one)
    return found


@dataclass(slots=True)
class Team:
    """A workspace. `groups` is None on a plan without user groups."""

    id: str = "T1"
    name: str = "North Bank Makers"
    bot: str = "UKITH"
    people: dict[str, Person] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    groups: dict[str, list[str]] | None = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    shared: list[tuple[str, str, bytes]] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    now: Callable[[], float] = lambda: 1772438400.0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        """Return a number that was not used before."""
        return next(self._numbers)

    def stamp(self) -> str:
        """Return the `ts` of something that happens now, unlike any other."""
        return f"{int(self.now())}.{self.number() % 1_000_000:06d}"

    def add(self, name: str, **known: Any) -> Person:
        """Let an account in."""
        person = Person("U" + name.upper(), name, known)
        self.people[person.id] = person
        return person

    def add_channel(self, name: str, people: frozenset[str] | None = None) -> Conversation:
        """Make a channel that the bot is in."""
        channel = Conversation("C" + name.upper(), name, people)
        self.conversations[channel.id] = channel
        return channel

    def direct(self, user: str) -> Conversation:
        """Return the conversation of an account with the bot."""
        person = self.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.known.get("deleted"):
            raise SlackError("user_disabled")
        name = "D" + user
        if name not in self.conversations:
            self.conversations[name] = Conversation(name, "directmessage", frozenset({user}))
        return self.conversations[name]

    def together(self, users: list[str]) -> Conversation:
        """Return the group DM of these accounts: always the same one for the same people."""
        if len(users) == 1:
            return self.direct(users[0])
        if len(users) > 8:
            raise SlackError("too_many_users")
        for user in users:
            self.direct(user)
        for known in self.conversations.values():
            if known.name.startswith("mpdm-") and known.people == frozenset(users):
                return known
        room = Conversation(f"G{self.number()}", "mpdm-" + "-".join(users).lower(), frozenset(users))
        self.conversations[room.id] = room
        return room

    def conversation(self, channel: str) -> Conversation:
        """Return where a message for `channel` goes. Raises `SlackError`."""
        found = self.direct(channel) if channel.startswith("U") else self.conversations.get(channel)
        if found is None:
            raise SlackError("channel_not_found")
        if found.archived:
            raise SlackError("is_archived")
        if not found.has_bot:
            raise SlackError("not_in_channel")
        return found

    def post(self, channel: str, content: Json) -> Json:
        """Post a message and return it with its `ts` and `channel`."""
        where = self.conversation(channel)
        message = content | {"ts": self.stamp(), "channel": where.id}
        where.messages.append(message)
        for user in sorted(where.people) if where.people is not None else ["everybody"]:
            self.shown.append(Shown("message", user, message))
        return message

    def message(self, channel: str, stamp: str) -> Json:
        """Return a message that stands. Raises `SlackError`."""
        for message in self.conversation(channel).messages:
            if message["ts"] == stamp:
                return message
        raise SlackError("message_not_found")
