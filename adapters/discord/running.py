"""A running Discord bot: log in, register commands, stay connected, stop cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.discord.answers import Answers
from adapters.discord.commands import commands, fingerprint
from adapters.discord.gateway import Client, Intake
from adapters.discord.platform import Discord
from adapters.discord.rest import Rest
from adapters.discord.servers import Cached
from bot.app import App
from bot.chat.platform import SendFailed

log = structlog.get_logger()
CLOSE, DRAIN = 1.5, 2.5
"""Seconds that a stop gives the gateway to say goodbye, and what is being answered to be answered."""

GIVEN_UP = {
    4004: "Discord refuses the token. Make a new one under Bot in the developer portal.",
    4011: "The bot is in more servers than one connection may serve.",
    4013: "Discord does not know an intent that was asked for.",
    4014: "The members intent is on in the configuration and off in the developer portal (Bot, Server Members Intent).",
}
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class Section(Protocol):
    """What the `[discord]` section of the configuration holds."""

    @property
    def token(self) -> SecretStr: ...
    @property
    def members_intent(self) -> bool: ...
    @property
    def api_base(self) -> str: ...
    @property
    def gateway_url(self) -> str | None: ...


class CannotConnect(Exception):
    """Discord does not let this bot in; str() says why and what cures it."""


@dataclass(slots=True)
class Running:
    """A connected bot. `platform` is what the app and the pump use; `ended` is done when the connection is given up."""

    platform: Discord
    session: aiohttp.ClientSession
    intake: Intake
    members: bool
    shards: int
    quiet: float
    token: str = field(repr=False)
    client: Client = field(init=False)
    application: str = ""
    ended: asyncio.Task[None] = field(init=False)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    async def log_in(self) -> None:
        """Make a client and log it in. Raises `CannotConnect`."""
        self.client = Client(self.intake, members=self.members, shards=self.shards, quiet=self.quiet)
        self.client.event(self._on_connect())
        try:
            await self.client.login(self.token)
        except discord.LoginFailure:
            raise CannotConnect(GIVEN_UP[4004]) from None
        self.application = str(self.client.application_id)

    @property
    def up(self) -> bool:
        """Whether every shard is connected."""
        shards = self.client.shards.values()
        return bool(shards) and not any(shard.is_closed() for shard in shards)

    def _on_connect(self) -> Any:
        async def on_shard_connect(shard_id: int) -> None:  # noqa: ARG001
            self.connected.set()

        return on_shard_connect

    async def stay(self) -> None:
        """Stay connected until the end. Raises `CannotConnect` when Discord refuses the bot for good."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self.client.connect()
            except discord.PrivilegedIntentsRequired:
                raise CannotConnect(GIVEN_UP[4014]) from None
            except discord.ConnectionClosed as closed:
                if closed.code in GIVEN_UP:
                    raise CannotConnect(GIVEN_UP[closed.code]) from None
                log.warning("discord.closed", code=closed.code)
            except Exception as error:
                log.error("discord.disconnected", error=type(error).__name__, exc_info=error)
            if self._stopping:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            with contextlib.suppress(Exception):
                await self.client.close()
            with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                await self.log_in()

    async def stop(self) -> None:
        """Leave the gateway, answer what was asked, and let go of everything; takes less than 5 seconds."""
        self._stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE):
                await self.client.close()
        await self.intake.drain(DRAIN)
        self.ended.cancel()
        with contextlib.suppress(asyncio.CancelledError, CannotConnect):
            await self.ended
        await self.session.close()


async def connect(section: Section, app: App, *, data_dir: Path | None = None, quiet: float = 2.0) -> Running:
    """Connect a bot to Discord and return it once the gateway has let it in.

    The platform is put into `app.platforms`. `data_dir` is where it is remembered which commands are registered;
    without it they are registered at every start. `quiet` is how many seconds of silence end the list of servers.
    Raises `CannotConnect` for what only a person can cure, `SendFailed` when Discord cannot be reached.
    """
    token = section.token.get_secret_value()
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    try:
        rest = Rest(session, section.api_base, token)
        told = await _gateway(rest)
        # Class attributes of the library: the address is the same for every bot of the process.
        Route.BASE = section.api_base.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(section.gateway_url or told["url"])
        running = _assembled(section, app, rest, int(told.get("shards", 1)), quiet)
        await running.log_in()
        await sync(rest, running.application, app, data_dir)
        app.platforms[running.platform.name] = running.platform
        running.ended = asyncio.ensure_future(running.stay())
        await _let_in(running)
    except BaseException:
        await session.close()
        raise
    log.info("discord.connected", application=running.application, shards=running.shards)
    return running


def _assembled(section: Section, app: App, rest: Rest, shards: int, quiet: float) -> Running:
    platform = Discord(rest, Cached(lambda: running.client), lambda: running.application)
    intake = Intake(app, Answers(app, rest), platform)
    running = Running(
        platform, rest.session, intake, section.members_intent, shards, quiet, section.token.get_secret_value()
    )
    platform.me = lambda: str(running.client.user.id) if running.client.user else running.application
    return running


async def _gateway(rest: Rest) -> Any:
    try:
        return await rest.call("GET", "/gateway/bot")
    except SendFailed as failed:
        if getattr(failed, "stop", False):
            raise CannotConnect(GIVEN_UP[4004]) from None
        raise


async def _let_in(running: Running) -> None:
    waiting = asyncio.ensure_future(running.connected.wait())
    done, _ = await asyncio.wait({waiting, running.ended}, return_when=asyncio.FIRST_COMPLETED, timeout=60)
    waiting.cancel()
    if running.ended in done:
        running.ended.result()
    if not running.connected.is_set():
        await running.stop()
        raise CannotConnect("The gateway did not let the bot in within a minute. Is the address right?")


async def sync(rest: Rest, application: str, app: App, data_dir: Path | None) -> bool:
    """Register the commands if they have changed since the last time; return whether they were."""
    made = commands(app.catalogue)
    now = fingerprint(made)
    known = _remembered(data_dir)
    if known.get(application) == now:
        return False
    try:
        await rest.call("PUT", "/applications/{application}/commands", {"application": application}, json_body=made)
    except SendFailed as failed:
        # What was registered before still works; the next start tries again.
        log.error("discord.commands_not_registered", code=failed.code)
        return False
    if data_dir is not None:
        await asyncio.to_thread(_memory(data_dir).write_text, json.dumps(known | {application: now}), "utf-8")
    return True


def _memory(data_dir: Path) -> Path:
    return data_dir / "discord-commands.json"


def _remembered(data_dir: Path | None) -> dict[str, str]:
    try:
        known = json.loads(_memory(data_dir).read_text("utf-8")) if data_dir else {}
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
