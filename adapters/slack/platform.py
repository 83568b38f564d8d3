"""What the core asks of Slack, over all workspaces: each space is served by the app that is installed in it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from adapters.slack.client import Client
from adapters.slack.failures import STOPPED
from adapters.slack.incoming import NAME
from adapters.slack.people import People, account_of
from adapters.slack.render import Rendered, Upload, home, render, with_pictures
from adapters.slack.texts import CHANNEL, USER, Json, Look
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
    Transient,
    Unreachable,
)
from bot.chat.views import View

T = TypeVar("T")

EVENT = "kith_delivery"
"""Type of the `metadata` that carries an outbox key. Everybody in a conversation can read it: it means nothing."""

ROOM = 8
"""Accounts that a group DM can be opened for."""

FILES = 100
"""Uploaded pictures and files that are remembered, for the next try of their message."""

LOOKED_AT = 3
"""Pages of 100 messages that are searched for a key."""


@dataclass(slots=True)
class Workspace:
    """One workspace with the app that serves it. `probing`: the app may read history to look for its own messages."""

    name: str
    team: str
    bot: str
    client: Client
    people: People
    look: Look
    probing: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SlackPlatform:
    """Implements `bot.chat.platform.Platform` for every connected workspace. A space's id is its team id.

    `gone(team)` is called when a workspace turns out to have removed the app; `wrote(team, user)` after a message to
    somebody, whose page may have changed with it.
    """

    def __init__(self, *, probes: bool = False) -> None:
        self._capabilities = Capabilities(form_after_form=True, field_errors=True, nonce_window=None, probes=probes)
        self._files: dict[tuple[str, str | None, str], str] = {}
        self.workspaces: dict[str, Workspace] = {}
        self.gone: Callable[[str], None] = lambda _team: None
        self.wrote: Callable[[str, str], None] = lambda _team, _user: None

    @property
    def name(self) -> str:
        """The platform's name in `SpaceRef.platform`."""
        return NAME

    @property
    def capabilities(self) -> Capabilities:
        """What it can do: search history only where some workspace lets it."""
        return self._capabilities

    def allowed(self, space: str) -> Sequence[Allowed]:
        """Return the scopes that the workspace granted."""
        at = self.workspaces.get(space)
        return (Allowed("scopes", at.client.scopes),) if at is not None else ()

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a message with `key` in its metadata."""
        at = self._at(to.space)
        channel = to.channel if to.kind == "user" and to.channel else to.id
        if not CHANNEL.fullmatch(channel) and not USER.fullmatch(channel):
            raise Unreachable("channel_not_found")
        shown = render(view, at.look)
        try:
            answer = await self._do(
                at, "chat.postMessage", channel=channel, **await self.body(at, shown, channel),
                metadata={"event_type": EVENT, "event_payload": {"key": key}} if key else None,
                unfurl_links=False, unfurl_media=False, parse="none", link_names=False,
            )  # fmt: skip
        except Forbidden as refused:
            if shown.uploads and refused.code == "invalid_blocks":
                # Slack takes a moment to look at a new file, and until then does not know it in a block.
                raise Transient("file_not_ready", doubtful=False) from None
            raise
        if to.kind == "user":
            self.wrote(at.team, to.id)
        return MessageRef(str(answer["channel"]), str(answer["ts"]))

    async def edit(self, at: MessageRef, view: View, *, space: str) -> None:
        """Rewrite a message that this bot posted."""
        where = self._at(space)
        shown = await self.body(where, render(view, where.look), at.channel)
        await self._do(where, "chat.update", channel=at.channel, ts=at.message, parse="none", link_names=False, **shown)

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Look for a message of this app with `key` in its metadata. `Forbidden` where it may not read."""
        at = self._at(to.space)
        if not at.probing:
            raise Forbidden("probing_off")
        channel = to.channel or to.id
        if USER.fullmatch(channel):
            channel = await self._direct(at, channel)
        cursor = None
        for _ in range(LOOKED_AT):
            page = await self._ask(
                at, "conversations.history", channel=channel, oldest=f"{since.timestamp():.6f}", limit=100,
                include_all_metadata=True, cursor=cursor,
            )  # fmt: skip
            for message in page.get("messages") or ():
                about = message.get("metadata") or {}
                if about.get("event_type") == EVENT and (about.get("event_payload") or {}).get("key") == key:
                    return MessageRef(channel, str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return None

    async def open_room(
        self,
        space: str,
        users: Sequence[str],
        title: str,  # noqa: ARG002 - Slack names a group DM after its members
        *,
        key: str,  # noqa: ARG002
        under: str | None = None,  # noqa: ARG002
    ) -> str:
        """Open the group DM of these accounts: Slack has one for each set of people, so asking twice is harmless."""
        if not 1 <= len(users) <= ROOM:
            raise Unreachable("too_many_users")
        answer = await self._do(self._at(space), "conversations.open", users=",".join(users))
        return str(answer["channel"]["id"])

    async def calendar(self, space: str, what: Occasion | None, *, known: str | None) -> str:  # noqa: ARG002
        """Slack has no calendar of its own; the core does not ask."""
        raise Forbidden("no_calendar")

    async def grant(self, space: str, user: str, role: str, *, give: bool) -> None:
        """Put an account into a user group, or take it out. Needs a plan with groups and `usergroups:write`."""
        at = self._at(space)
        async with at.turn:
            answer = await self._ask(at, "usergroups.users.list", usergroup=role)
            before = list(answer.get("users") or ())
            after = [*before, user] if give and user not in before else [one for one in before if give or one != user]
            if after != before:
                await self._do(at, "usergroups.users.update", usergroup=role, users=",".join(after))
                at.people.forget_groups()

    async def standing(self, space: str, user: str) -> Standing:
        """Look up groups and administration of an account, fresh. Its own id counts as a role."""
        return await self._guarded(self._at(space), self._at(space).people.standing(user))

    async def profile(self, space: str, user: str) -> Profile:
        """Look up an account."""
        return await self._guarded(self._at(space), self._at(space).people.profile(user))

    async def members(self, space: str) -> AsyncIterator[Profile]:
        """Walk over the people of a workspace, without bots and who has left."""
        at = self._at(space)
        async for user in at.client.walk("users.list", "members", include_locale=True):
            account = account_of(user, at.team)
            if not (user.get("deleted") or account.profile.is_bot or account.foreign):
                yield account.profile

    async def channels(self, space: str) -> Sequence[Named]:
        """List the public channels that the bot is in."""
        at = self._at(space)
        rows = at.client.walk("users.conversations", "channels", types="public_channel", exclude_archived=True)
        return [Named(str(row["id"]), str(row.get("name") or row["id"])) async for row in rows]

    async def show_home(self, space: str, user: str, view: View) -> None:
        """Publish the member's page."""
        at = self._at(space)
        await self._do(at, "views.publish", user_id=user, view=home(view, at.look))

    async def body(self, at: Workspace, shown: Rendered, channel: str) -> Json:
        """Return what a message consists of, its pictures uploaded, and its files shared in `channel`.

        `channel` may be an account: their files come in the direct messages with it.
        """
        for file in shown.files:
            where = await self._direct(at, channel) if USER.fullmatch(channel) else channel
            await self._uploaded(at, Upload(file.name, file.data, None), where)
        files = [await self._uploaded(at, one) for one in shown.uploads]
        return {"text": shown.text, "blocks": with_pictures(shown, files)}

    async def _uploaded(self, at: Workspace, file: Upload, channel: str | None = None) -> str:
        """Return the id of a file: the one of an earlier try, if there was one."""
        known = (at.team, channel, hashlib.sha256(file.data).hexdigest())
        if known not in self._files:
            uploaded = await self._guarded(at, at.client.upload(file.name, file.data, file.alt, channel=channel))
            while len(self._files) >= FILES:
                self._files.pop(next(iter(self._files)))
            self._files[known] = uploaded
        return self._files[known]

    def _at(self, space: str) -> Workspace:
        at = self.workspaces.get(space)
        if at is None:
            raise Transient("workspace_not_connected", doubtful=False)
        return at

    async def _direct(self, at: Workspace, user: str) -> str:
        answer = await self._do(at, "conversations.open", users=user)
        return str(answer["channel"]["id"])

    async def _do(self, at: Workspace, method: str, **arguments: Any) -> Json:
        return await self._guarded(at, at.client.write(method, **arguments))

    async def _ask(self, at: Workspace, method: str, **arguments: Any) -> Json:
        return await self._guarded(at, at.client.ask(method, **arguments))

    async def _guarded(self, at: Workspace, call: Awaitable[T]) -> T:
        try:
            return await call
        except SendFailed as failed:
            if failed.code in STOPPED:
                self.gone(at.team)
            raise
