"""Connects every configured workspace to an app, and takes all of them down again."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from aiohttp import web

from adapters.slack import checks, events
from adapters.slack.client import Client
from adapters.slack.homes import Homes
from adapters.slack.inbound import PATIENCE, Inbound
from adapters.slack.people import People
from adapters.slack.platform import SlackPlatform, Workspace
from adapters.slack.sockets import Socket
from adapters.slack.texts import Look
from adapters.slack.web import application
from bot.app import App
from bot.chat.platform import Forbidden, SendFailed
from bot.chat.spec import Catalogue

log = structlog.get_logger()

AGAIN = 15.0
"""Seconds until a workspace that could not be reached is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One `[slack.<name>]` section. `mode` "http" needs `signing_secret`, and listens on `host` and `port`."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    api_base: str = "https://slack.com/api/"
    command: str = "/kith"
    mode: Literal["socket", "http"] = "socket"
    signing_secret: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 3000
    sockets: int = 1
    probe_history: bool = False


class SlackRefused(Exception):
    """No workspace could be connected; str() has a line for each, with its cure."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def look(command: str, catalogue: Catalogue) -> Look:
    """Return how commands are written in a workspace whose root command is `command` ("/kith")."""
    return Look(command, frozenset(path[0] for path in catalogue.commands) | {"help"})


class Slack:
    """The running adapter. `platform` is what the core sends through; `stop` waits for answers under way."""

    def __init__(self, app: App, sections: Mapping[str, Settings], patience: float) -> None:
        self._app = app
        self._sections = sections
        self._patience = patience
        self._sockets: list[Socket] = []
        self._clients: list[Client] = []
        self._inbounds: dict[str, Inbound] = {}
        self._served: dict[str, tuple[str, Inbound]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runners: list[web.AppRunner] = []
        self.addresses: list[tuple[str, int]] = []
        self.platform = SlackPlatform(probes=any(one.probe_history for one in sections.values()))
        self.homes = Homes(app.clock, self._publish)
        self.platform.gone = self._gone
        self.platform.wrote = self.homes.changed

    async def start(self) -> None:
        """Connect everything that can be connected; the unreachable is tried again until `stop`."""
        self._app.platforms[self.platform.name] = self.platform
        problems = [await self._begin(name) for name in self._sections]
        if self._sections and all(problems):
            await self.stop()
            raise SlackRefused([problem for problem in problems if problem])
        await self._listen()
        self._later(self.homes.run())

    @property
    def up(self) -> bool:
        """Whether every workspace is connected."""
        return len(self._inbounds) == len(self._sections) and all(socket.up for socket in self._sockets)

    async def settle(self) -> None:
        """Wait until everything that was acknowledged has been answered."""
        for inbound in self._inbounds.values():
            await inbound.settle()

    async def stop(self) -> None:
        """Take nothing more, finish what was taken, close every connection."""
        for task in self._tasks:
            task.cancel()
        for socket in self._sockets:
            await socket.stop()
        for runner in self._runners:
            await runner.cleanup()
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self.settle()
        for client in self._clients:
            await client.close()
        # Sockets of the HTTP client close in the next turns of the loop.
        await asyncio.sleep(0)

    async def _begin(self, name: str) -> str:
        """Connect one workspace; return "" or what is wrong and how to cure it."""
        try:
            await self._connect(name)
        except Forbidden as refused:
            problem = f"[slack.{name}]: {refused.code}. {checks.cure(refused.code)}"
            log.error("slack.refused", workspace=name, code=refused.code, cure=checks.cure(refused.code))
            return problem
        except SendFailed as failed:
            log.warning("slack.unreachable", workspace=name, code=failed.code)
            self._later(self._try_again(name))
        return ""

    async def _try_again(self, name: str) -> None:
        await asyncio.sleep(AGAIN)
        await self._begin(name)

    async def _connect(self, name: str) -> None:
        settings = self._sections[name]
        client = Client(settings.bot_token, settings.api_base)
        self._clients.append(client)
        known = await client.ask("auth.test")
        at = Workspace(
            name=name, team=str(known["team_id"]), bot=str(known["user_id"]), client=client,
            people=People(client, str(known["team_id"])), look=look(settings.command, self._app.catalogue),
            probing=settings.probe_history,
        )  # fmt: skip
        held = self.platform.workspaces.get(at.team)
        if held is not None and held.name != name:
            raise Forbidden("workspace_twice")
        inbound = Inbound(self._app, self.platform, at, self.homes, patience=self._patience)
        self.platform.workspaces[at.team] = at
        self._inbounds[at.team] = inbound
        if settings.mode == "http":
            self._served[name] = (settings.signing_secret, inbound)
            return
        for _ in range(settings.sockets):
            socket = Socket(name, settings.app_token, client, inbound)
            await socket.start()
            self._sockets.append(socket)

    async def _listen(self) -> None:
        """Open one port for each address that sections in HTTP mode name."""
        places = {(one.host, one.port) for one in self._sections.values() if one.mode == "http"}
        for host, port in sorted(places):
            runner = web.AppRunner(application(self._served), access_log=None)
            self._runners.append(runner)
            await runner.setup()
            try:
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                await self.stop()
                cure = "Stop what listens there, or change host and port of the [slack] section."
                raise SlackRefused([f"cannot listen on {host}:{port}: {error.strerror}. {cure}"]) from None
            self.addresses += [(str(address[0]), int(address[1])) for address in runner.addresses]

    async def _publish(self, team: str, user: str) -> None:
        inbound = self._inbounds.get(team)
        if inbound is not None:
            await inbound.publish(user)

    def _gone(self, team: str) -> None:
        at = self.platform.workspaces.get(team)
        if at is not None:
            self._later(self._app.handle(events.gone(team, at.bot, secrets.token_hex(6))))

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack.failed", workspace="", exc_info=error)


async def connect(sections: Mapping[str, Settings], app: App, *, patience: float = PATIENCE) -> Slack:
    """Connect every section and serve `app` through them: puts the platform into `app.platforms`, then takes events.

    Raises `SlackRefused` when Slack refuses every workspace. `patience`: see `Inbound`.
    """
    slack = Slack(app, sections, patience)
    await slack.start()
    return slack
