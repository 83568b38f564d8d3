"""Discord as the core sees it: send, edit, find, open a room, grant a role, look somebody up."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from adapters.discord import calendar, rooms
from adapters.discord.failures import ARCHIVED, REUSED_NONCE, code_of
from adapters.discord.incoming import NAME
from adapters.discord.render import Message, marked, render
from adapters.discord.rest import Rest
from bot.chat.incoming import Standing
from bot.chat.platform import (
    Address,
    Allowed,
    Capabilities,
    Forbidden,
    MessageRef,
    Named,
    Occasion,
    Profile,
    SendFailed,
    Unreachable,
)
from bot.chat.views import View

CAPABILITIES = Capabilities(
    form_after_form=False, field_errors=False, nonce_window=timedelta(minutes=2), probes=True, calendar=True
)
EPOCH_MS = 1_420_070_400_000
"""Snowflakes count milliseconds from the first second of 2015."""

ADMINISTRATOR = 1 << 3
PAGE, HISTORY = 1000, 100
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Servers(Protocol):
    """What the gateway keeps of the servers that the bot is in."""

    def channels(self, space: str) -> Sequence[Named]:
        """Return the text channels that the bot can post in. Raises `Unreachable` for a server it is not in."""
        ...

    def parent(self, space: str, wanted: str | None) -> str:
        """Return the channel that pair rooms stand under: the wanted one if it can be that.

        Raises `Forbidden` when the bot may open none anywhere.
        """
        ...

    def language(self, space: str) -> str:
        """Return the server's language, as a locale."""
        ...

    def allowed(self, space: str) -> Sequence[Allowed]:
        """Return intents of the connection, and the bot's permissions in a server that it is in."""
        ...


@dataclass(slots=True)
class Discord:
    """Implements `bot.chat.platform.Platform`. `me` is the bot's account."""

    rest: Rest
    servers: Servers
    me: Callable[[], str]
    _dms: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The platform's name in `SpaceRef.platform`."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return CAPABILITIES

    def allowed(self, space: str) -> Sequence[Allowed]:
        """Return intents and permissions, as the gateway told of them."""
        return self.servers.allowed(space)

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a view; a long one as several messages, of which the last one (with the buttons) has the key."""
        channel = await self._channel(to)
        *before, last = render(view)
        for index, message in enumerate(before):
            await self._post(channel, message, f"{key}{DIGITS[index]}"[-25:])
        return MessageRef(channel, await self._post(channel, last, key))

    async def _post(self, channel: str, message: Message, key: str) -> str:
        body = message.body(mark=key) | {"nonce": key, "enforce_nonce": True}
        try:
            made = await self._write("POST", "/channels/{channel}/messages", {"channel": channel}, body, message)
        except Unreachable as gone:
            # The same nonce was used and its message deleted: it did arrive.
            if code_of(gone) == REUSED_NONCE:
                return "0"
            raise
        return str(made["id"])

    async def _write(
        self, method: str, path: str, ids: Mapping[str, str], body: dict[str, Any], message: Message
    ) -> Any:
        """Post or edit; a thread that was folded away is opened first."""
        try:
            return await self.rest.call(method, path, ids, json_body=body, files=message.files)
        except SendFailed as failed:
            if code_of(failed) != ARCHIVED:
                raise
        await self.rest.call("PATCH", "/channels/{channel}", {"channel": ids["channel"]}, json_body={"archived": False})
        return await self.rest.call(method, path, ids, json_body=body, files=message.files)

    async def edit(self, at: MessageRef, view: View, *, space: str) -> None:  # noqa: ARG002
        """Rewrite a message; what no longer fits into one is cut."""
        (message,) = render(view, most=1)
        ids = {"channel": at.channel, "message": at.message}
        await self._write("PATCH", "/channels/{channel}/messages/{message}", ids, message.body(), message)

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Look through the history since a moment for a message that was sent with `key`."""
        channel = await self._channel(to)
        after = max(0, int(since.timestamp() * 1000) - EPOCH_MS) << 22
        for _ in range(5):
            query = {"after": str(after), "limit": str(HISTORY)}
            said = await self.rest.call("GET", "/channels/{channel}/messages", {"channel": channel}, query=query)
            for message in said:
                if message["author"]["id"] == self.me() and marked(message, key):
                    return MessageRef(channel, str(message["id"]))
            if len(said) < HISTORY:
                return None
            after = max(int(message["id"]) for message in said)
        return None

    async def open_room(
        self, space: str, users: Sequence[str], title: str, *, key: str, under: str | None = None
    ) -> str:
        """Open a private thread for these accounts, or return the one that was opened with `key`."""
        room = await rooms.find(self.rest, space, self.me(), title, key)
        if room is None:
            room = await rooms.make(self.rest, self.servers.parent(space, under), title)
        await rooms.let_in(self.rest, room, users)
        (line,) = render(rooms.first_line(users, self.servers.language(space)), most=1)
        await self._post(room, line, key)
        return room

    async def calendar(self, space: str, what: Occasion | None, *, known: str | None) -> str:
        """Enter an event of the server, change it or take it off."""
        return await calendar.enter(self.rest, space, self.me(), what, known)

    async def grant(self, space: str, user: str, role: str, *, give: bool) -> None:
        """Give or take a role."""
        path = "/guilds/{guild}/members/{user}/roles/{role}"
        await self.rest.call("PUT" if give else "DELETE", path, {"guild": space, "user": user, "role": role})

    async def standing(self, space: str, user: str) -> Standing:
        """Look up roles and administration, fresh."""
        member = await self._member(space, user)
        guild = await self.rest.call("GET", "/guilds/{guild}", {"guild": space})
        roles = frozenset(str(role) for role in member["roles"])
        held = [role for role in guild["roles"] if role["id"] in roles or role["id"] == space]
        rules = any(int(role["permissions"]) & ADMINISTRATOR for role in held)
        return Standing(roles, rules or guild["owner_id"] == user)

    async def profile(self, space: str, user: str) -> Profile:
        """Look up an account. Discord tells no time zone."""
        return _profile(await self._member(space, user))

    async def members(self, space: str) -> AsyncIterator[Profile]:
        """Walk over the accounts of a server. Raises `Forbidden` without the members intent."""
        after = "0"
        while True:
            query = {"limit": str(PAGE), "after": after}
            page = await self.rest.call("GET", "/guilds/{guild}/members", {"guild": space}, query=query)
            for member in page:
                yield _profile(member)
            if len(page) < PAGE:
                return
            after = str(page[-1]["user"]["id"])

    async def channels(self, space: str) -> Sequence[Named]:
        """List the text channels that the bot can post in."""
        return self.servers.channels(space)

    async def show_home(self, space: str, user: str, view: View) -> None:
        """Do nothing: Discord has no page for a member."""

    async def stands(self, channel: str) -> bool:
        """Return whether a channel or thread is still there."""
        try:
            await self.rest.call("GET", "/channels/{channel}", {"channel": channel})
        except Unreachable:
            return False
        return True

    async def _member(self, space: str, user: str) -> Any:
        if not user.isdecimal():
            raise Unreachable("unknown_user")
        return await self.rest.call("GET", "/guilds/{guild}/members/{user}", {"guild": space, "user": user})

    async def _channel(self, to: Address) -> str:
        """Return where to post, opening a DM with who has none yet."""
        if to.kind != "user":
            return to.id
        known = to.channel or self._dms.get(to.id)
        if known is None:
            known = await self._opened(to.id)
            self._dms[to.id] = known
        return known

    async def _opened(self, user: str) -> str:
        try:
            made = await self.rest.call("POST", "/users/@me/channels", json_body={"recipient_id": user})
        except SendFailed as failed:
            # A plain refusal here is about this person, whatever its code.
            if type(failed) is SendFailed or (isinstance(failed, Forbidden) and not failed.stop):
                raise Unreachable(failed.code) from None
            raise
        return str(made["id"])


def _profile(member: dict[str, Any]) -> Profile:
    user = member["user"]
    name = member.get("nick") or user.get("global_name") or user["username"]
    return Profile(str(user["id"]), name, user["username"], is_bot=bool(user.get("bot")))
