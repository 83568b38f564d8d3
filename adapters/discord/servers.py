"""What the gateway's memory says of servers: where the bot can post, where pair rooms go, which language is spoken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import discord

from bot.chat.platform import Allowed, Forbidden, Named, Unreachable
from bot.i18n import best_language

ROOM_CHANNELS = ("pair-rooms", "pairs", "mentoring")
"""Pair rooms are opened in a channel of one of these names; else in the server's system channel, or in the first."""


@dataclass(slots=True)
class Cached:
    """Implements `adapters.discord.platform.Servers` from the servers of the client that is connected now."""

    client: Callable[[], discord.Client]

    def channels(self, space: str) -> Sequence[Named]:
        """Return the text channels that the bot can post in."""
        return [
            Named(str(channel.id), channel.name)
            for channel, may in self._open(space)
            if may.view_channel and may.send_messages
        ]

    def parent(self, space: str, wanted: str | None = None) -> str:
        """Return the channel that pair rooms stand under: the wanted one, where the bot may open them there."""
        fit = [
            channel
            for channel, may in self._open(space)
            if may.view_channel and may.create_private_threads and may.send_messages_in_threads
        ]
        named = {channel.name: channel for channel in reversed(fit)}
        if wanted is not None and wanted in {str(channel.id) for channel in fit}:
            return wanted
        system = self._guild(space).system_channel
        best = [*(named[name] for name in ROOM_CHANNELS if name in named), *([system] if system in fit else []), *fit]
        if not best:
            raise Forbidden("no_channel_for_rooms")
        return str(best[0].id)

    def language(self, space: str) -> str:
        """Return the language of the server among those that Kith speaks."""
        return best_language(str(self._guild(space).preferred_locale))

    def allowed(self, space: str) -> Sequence[Allowed]:
        """Return intents of the connection, and the bot's permissions in a server that it is in."""
        intents = tuple(name for name, on in self.client().intents if on)
        try:
            held = self._guild(space).me.guild_permissions
        except Unreachable:
            return (Allowed("intents", intents),)
        return Allowed("intents", intents), Allowed("permissions", tuple(name for name, on in held if on))

    def _open(self, space: str) -> Iterator[tuple[discord.TextChannel, discord.Permissions]]:
        guild = self._guild(space)
        for channel in guild.text_channels:
            yield channel, channel.permissions_for(guild.me)

    def _guild(self, space: str) -> discord.Guild:
        guild = self.client().get_guild(int(space)) if space.isdecimal() else None
        if guild is None or guild.me is None:
            raise Unreachable("unknown_space")
        return guild
