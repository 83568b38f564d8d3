"""What the fake Discord keeps: servers, people, channels, messages, interactions. Ids are real snowflakes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1_420_070_400_000
BOT, APPLICATION, TOKEN = "4200000000000000001", "4200000000000000002", "token-of-a-fake-bot"
TEXT_CHANNEL, DM, PRIVATE_THREAD = 0, 1, 12
ADMIN, EVERYDAY = 1 << 3, str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 36 | 1 << 38)
_MENTION = re.compile(r"<@!?(\d+)>")


@dataclass(slots=True)
class Interaction:
    """An interaction that was sent to the bot, and how it was answered. `first` is the callback's type and data."""

    id: str
    token: str
    kind: int
    at: float
    user: str
    channel: str
    message: str | None = None
    first: dict[str, Any] | None = None
    said: list[dict[str, Any]] = field(default_factory=list)
    original: dict[str, Any] | None = None
    deleted: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    answered_at: float = 0.0

    @property
    def settled(self) -> bool:
        """Whether there is more than a promise to answer."""
        return self.first is not None and (self.first["type"] not in (5, 6) or bool(self.said) or self.deleted)


@dataclass(slots=True)
class Fake:
    """The town. `now` gives seconds since 1970."""

    now: Callable[[], float] = time.time
    guilds: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    dms: dict[str, str] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    events: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    commands: list[dict[str, Any]] = field(default_factory=list)
    members_intent: bool = True
    pinged: list[tuple[str, str]] = field(default_factory=list)
    _nonces: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)
    _count: int = 0

    def id(self) -> str:
        """Return a new snowflake."""
        self._count += 1
        return str((int(self.now() * 1000) - EPOCH_MS) << 22 | self._count & 0x3FFFFF)

    def add_guild(self, name: str = "North Bank Makers", owner: str = "1") -> str:
        """Found a server with the role of everybody and the bot in it."""
        guild = self.id()
        self.users.setdefault(BOT, user(BOT, "kith", bot=True))
        self.guilds[guild] = {
            "id": guild, "name": name, "owner_id": owner, "roles": {}, "members": {}, "language": "en-US",
            "gone": False,
        }  # fmt: skip
        self.add_role(guild, "@everyone", EVERYDAY, role=guild)
        self.add_member(guild, BOT, "kith")
        return guild

    def add_role(self, guild: str, name: str, permissions: str = "0", role: str = "") -> str:
        """Make a role."""
        role = role or self.id()
        self.guilds[guild]["roles"][role] = {
            "id": role, "name": name, "permissions": permissions, "position": len(self.guilds[guild]["roles"]),
            "color": 0, "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}, "hoist": False,
            "managed": False, "mentionable": False, "flags": 0, "icon": None, "unicode_emoji": None,
        }  # fmt: skip
        return role

    def add_channel(self, guild: str, name: str) -> str:
        """Make a text channel."""
        channel = self.id()
        self.channels[channel] = {
            "id": channel, "type": TEXT_CHANNEL, "guild_id": guild, "name": name, "position": len(self.channels),
            "permission_overwrites": [], "parent_id": None, "topic": None, "nsfw": False, "last_message_id": None,
            "rate_limit_per_user": 0, "flags": 0,
        }  # fmt: skip
        self.messages[channel] = {}
        return channel

    def add_member(self, guild: str, account: str, name: str, roles: tuple[str, ...] = (), *, bot: bool = False) -> str:
        """Let somebody in."""
        self.users.setdefault(account, user(account, name, bot=bot))
        self.guilds[guild]["members"][account] = {"roles": list(roles)}
        return account

    def member(self, guild: str, account: str) -> dict[str, Any]:
        """Return a member as Discord tells it."""
        held = self.guilds[guild]["members"][account]
        return {
            "user": self.users[account], "nick": None, "avatar": None, "banner": None, "roles": list(held["roles"]),
            "joined_at": "2026-01-01T00:00:00+00:00", "premium_since": None, "deaf": False, "mute": False, "flags": 0,
            "pending": False, "communication_disabled_until": None, "collectibles": None,
        }  # fmt: skip

    def permissions(self, guild: str, account: str) -> int:
        """Return what somebody may do."""
        found = self.guilds[guild]
        held = [found["roles"][role] for role in (guild, *found["members"][account]["roles"])]
        whole = 0
        for role in held:
            whole |= int(role["permissions"])
        return (1 << 53) - 1 if whole & ADMIN or found["owner_id"] == account else whole

    def dm_of(self, account: str) -> str:
        """Return the DM channel of somebody, opening it."""
        if account not in self.dms:
            channel = self.id()
            self.channels[channel] = {
                "id": channel, "type": DM, "recipients": [self.users[account]], "last_message_id": None, "flags": 0,
            }  # fmt: skip
            self.messages[channel] = {}
            self.dms[account] = channel
        return self.dms[account]

    def post(self, channel: str, body: dict[str, Any], *, webhook: bool = False) -> dict[str, Any]:
        """Store a message of the bot; the same nonce gives the message that stands."""
        nonce = body.get("nonce")
        known = self._nonces.get((channel, nonce)) if nonce and body.get("enforce_nonce") else None
        if known is not None and self.now() - known[1] < 180:
            return self.messages[channel][known[0]]
        made = self.message(channel, body, webhook=webhook)
        if not body.get("flags", 0) & 1 << 6:
            self.messages.setdefault(channel, {})[made["id"]] = made
        if nonce:
            self._nonces[channel, nonce] = (made["id"], self.now())
        self.pings(channel, body)
        return made

    def message(self, channel: str, body: dict[str, Any], *, webhook: bool = False) -> dict[str, Any]:
        """Return a message as Discord tells it, with an id for every component."""
        number = [1]
        made = {
            "id": self.id(), "type": 0, "content": "", "channel_id": channel, "author": self.users[BOT],
            "attachments": [_attachment(one, self.id()) for one in body.get("attachments", [])], "embeds": [],
            "mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False,
            "timestamp": "2026-03-02T08:00:00+00:00", "edited_timestamp": None, "flags": body.get("flags", 0),
            "components": [told(part, number) for part in body["components"]],
        }  # fmt: skip
        return (
            made
            | ({"nonce": body["nonce"]} if "nonce" in body else {})
            | ({"webhook_id": APPLICATION} if webhook else {})
        )

    def pings(self, channel: str, body: dict[str, Any]) -> None:
        """Note whom a message notifies, by Discord's rules for allowed mentions."""
        allowed = body.get("allowed_mentions", {"parse": ["users", "roles", "everyone"]})
        text = "\n".join(texts(body["components"]))
        if "everyone" in allowed.get("parse", []) and re.search("@(everyone|here)", text):
            self.pinged.append((channel, "everyone"))
        for found in _MENTION.findall(text):
            if "users" in allowed.get("parse", []) or found in allowed.get("users", []):
                self.pinged.append((channel, found))

    def text(self, channel: str) -> list[str]:
        """Return what the bot said in a channel, oldest first."""
        return ["\n".join(texts(one["components"])) for one in self.messages[channel].values()]


def user(account: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    """Return an account as Discord tells it."""
    return {
        "id": account, "username": name, "discriminator": "0", "global_name": None if bot else name.capitalize(),
        "avatar": None, "public_flags": 0, "flags": 0, "bot": bot, "banner": None, "accent_color": None,
        "collectibles": None, "primary_guild": None, "clan": None, "avatar_decoration_data": None,
        "display_name_styles": None,
    }  # fmt: skip


def texts(components: list[dict[str, Any]]) -> list[str]:
    """Return all texts of components in reading order."""
    found = []
    for part in components:
        if part["type"] == 10:
            found.append(part["content"])
        found += texts(part.get("components", []))
    return found


def told(part: dict[str, Any], number: list[int]) -> dict[str, Any]:
    """Return a component as Discord tells it: with an id, and pictures with addresses."""
    made = dict(part)
    made.setdefault("id", number[0])
    number[0] += 1
    if "components" in part:
        made["components"] = [told(one, number) for one in part["components"]]
    if "accessory" in part:
        made["accessory"] = told(part["accessory"], number)
    if part["type"] == 12:
        made["items"] = [item | {"media": _media(item["media"]["url"]), "spoiler": False} for item in part["items"]]
    if part["type"] == 13:
        made |= {"file": _media(part["file"]["url"]), "spoiler": False, "name": "file", "size": 10}
    if part["type"] in (3, 5, 6, 8):
        made = {"min_values": 1, "max_values": 1} | made
    if part["type"] == 17:
        made |= {"accent_color": None, "spoiler": False}
    return made


def _media(url: str) -> dict[str, Any]:
    address = url.replace("attachment://", "https://cdn.discordapp.com/attachments/1/2/")
    return {"id": "77", "url": address, "proxy_url": address, "width": 10, "height": 10, "content_type": "image/png"}


def _attachment(one: dict[str, Any], attachment: str) -> dict[str, Any]:
    address = f"https://cdn.discordapp.com/attachments/1/2/{one['filename']}"
    return {
        "id": attachment, "filename": one["filename"], "description": one.get("description", ""), "size": 10,
        "url": address, "proxy_url": address, "width": 10, "height": 10, "content_type": "image/png",
    }  # fmt: skip
