"""The gateway: discord.py keeps the connection; what it tells becomes events of the core."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import discord
import structlog

from adapters.discord.answers import Answers, Handle
from adapters.discord.commands import Menus, menus
from adapters.discord.incoming import NAME, Typing, read
from adapters.discord.platform import Discord
from bot import happenings
from bot.app import App
from bot.chat.incoming import (
    Actor,
    MemberJoined,
    MemberLeft,
    Place,
    PlaceGone,
    SpaceGone,
    SpaceJoined,
    SpaceRef,
)
from bot.chat.platform import Forbidden, RateLimited, SendFailed, Unreachable

log = structlog.get_logger()
BETWEEN_LOOKUPS = 0.1
"""Seconds between two look-ups after a lost session, so that they take a quarter of the allowance at most."""


@dataclass(slots=True)
class Intake:
    """Turns what the gateway tells into events, and sees that every interaction is answered."""

    app: App
    answers: Answers
    platform: Discord
    pause: float = BETWEEN_LOOKUPS
    _menus: Menus = field(init=False)
    _running: set[asyncio.Task[Any]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._menus = menus(self.app.catalogue)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that a stop waits for."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("discord.failed", exc_info=error)

    async def drain(self, seconds: float) -> None:
        """Wait for what was begun; give up what is not done after so many seconds."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1)

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Answer an interaction."""
        event = read(interaction, self.app.catalogue, self._menus)
        to = Handle(
            str(interaction.id), interaction.token, str(interaction.application_id), interaction.message is not None
        )
        if isinstance(event, Typing):
            await self.answers.complete(event, to)
        elif event is not None:
            await self.answers.answer(event, to)

    async def joined(self, guild: int, member: discord.Member) -> None:
        """An account joined a server."""
        actor = Actor(str(member.id), member.display_name, member.name, is_bot=member.bot)
        await self.app.handle(MemberJoined(**self._common(guild, actor)))

    async def left(self, guild: int, user: str) -> None:
        """An account left a server."""
        await self.app.handle(MemberLeft(**self._common(guild, Actor(user, ""))))

    async def gone(self, guild: int, place: int | str) -> None:
        """A channel, thread or role was removed."""
        await self.app.handle(PlaceGone(**self._common(guild), gone=str(place)))

    async def removed(self, guild: int) -> None:
        """The bot was removed from a server."""
        await self.app.handle(SpaceGone(**self._common(guild)))

    async def present(self, guild: int) -> None:
        """The bot is in a server, newly or again: wake it, and find out what happened meanwhile."""
        if str(guild) not in await happenings.awake(self.app.database, NAME):
            await self.app.handle(SpaceJoined(**self._common(guild)))
        await self.reconcile(guild)

    async def absent(self, guilds: set[int]) -> None:
        """Put to sleep the servers that the bot was removed from while nobody told it; `guilds` are those it is in."""
        for space in await happenings.awake(self.app.database, NAME):
            if space.isdecimal() and int(space) not in guilds:
                await self.removed(int(space))

    async def reconcile(self, guild: int) -> None:
        """Find the members who left and the rooms that vanished while nobody told. Needs no intent."""
        believed = await happenings.believed(self.app.database, SpaceRef(NAME, str(guild)))
        try:
            here = await self._everybody(str(guild)) if len(believed.accounts) > 1 else None
            for account in believed.accounts:
                if not (account in here if here is not None else await self._is_here(str(guild), account)):
                    await self.left(guild, account)
            for room in believed.rooms:
                if not await self._patiently(self.platform.stands(room)):
                    await self.gone(guild, room)
        except SendFailed as failed:
            log.warning("discord.not_reconciled", guild=guild, code=failed.code)

    async def _everybody(self, guild: str) -> set[str] | None:
        """Return all accounts of a server; None where only single ones can be looked up."""
        try:
            return {profile.user async for profile in self.platform.members(guild)}
        except (Forbidden, Unreachable):
            return None

    async def _is_here(self, guild: str, account: str) -> bool:
        try:
            await self._patiently(self.platform.profile(guild, account))
        except Unreachable:
            return False
        return True

    async def _patiently(self, call: Coroutine[Any, Any, Any]) -> Any:
        """Make one of many calls that nobody waits for."""
        await asyncio.sleep(self.pause)
        try:
            return await call
        except RateLimited as limited:
            # One look-up is skipped rather than taken for an absence.
            await asyncio.sleep(min(limited.retry_after, 60))
            return True

    def _common(self, guild: int, actor: Actor | None = None) -> dict[str, Any]:
        me = self.platform.me()
        return {
            "request_id": self.app.ids.new(),
            "platform": NAME,
            "space": SpaceRef(NAME, str(guild)),
            "actor": actor or Actor(me, "Kith", is_bot=True),
            "place": Place("channel", ""),
        }


class Client(discord.AutoShardedClient):
    """discord.py's client with nothing in memory but servers, and with events handed to the intake."""

    def __init__(self, intake: Intake, *, members: bool, shards: int, quiet: float) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, members=members),
            shard_count=shards,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=quiet,
        )
        self._intake = intake

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, a button, a picker or a form."""
        self._intake.begin(self._intake.interaction(interaction))

    async def on_member_join(self, member: discord.Member) -> None:
        """Told with the members intent only."""
        self._intake.begin(self._intake.joined(member.guild.id, member))

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Told with the members intent only."""
        self._intake.begin(self._intake.left(payload.guild_id, str(payload.user.id)))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added."""
        self._intake.begin(self._intake.present(guild.id))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server is told at the start of a session, or came back from an outage."""
        self._intake.begin(self._intake.present(guild.id))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed; an outage is told otherwise."""
        self._intake.begin(self._intake.removed(guild.id))

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was removed."""
        self._intake.begin(self._intake.gone(channel.guild.id, channel.id))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was removed."""
        self._intake.begin(self._intake.gone(payload.guild_id, payload.thread_id))

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role was removed."""
        self._intake.begin(self._intake.gone(role.guild.id, role.id))

    async def on_ready(self) -> None:
        """All shards know their servers."""
        self._intake.begin(self._intake.absent({guild.id for guild in self.guilds}))

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        """Log without arguments: they hold what members wrote."""
        log.exception("discord.event_failed", on=event_method)
