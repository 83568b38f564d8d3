"""`kith run`: the bot on the platforms that are configured, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from bot import logs
from bot.app import App
from bot.chat.platform import SendFailed
from bot.clock import Clock, SystemClock, SystemIds
from bot.worker import ProcessWorker
from cli import office
from cli.compose import Kith, assemble
from cli.config import Config
from cli.faults import Fault
from scheduler.backups import Backups
from scheduler.loop import Loop

log = structlog.get_logger()
NO_PLATFORM = (
    "No platform is configured: add [discord] or [slack.<name>] to the configuration; config.example.toml shows how."
)


def run(config_file: Path | None) -> None:
    """Run until SIGINT or SIGTERM. Raises `ConfigError`, `Fault`, and what opening the database raises."""
    config = office.configured(config_file)
    if config.discord is None and not config.slack:
        raise Fault(NO_PLATFORM)
    logs.configure(config.kith.log_level.upper(), form=config.kith.log_format)
    asyncio.run(_serve(config))


async def _serve(config: Config) -> None:
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        kith = await stack.enter_async_context(
            assemble(
                config.kith.database_location,
                clock=clock,
                ids=SystemIds(clock),
                worker=ProcessWorker(),
                platforms=(),
                keys=config.kith.keys_dir,
            )
        )
        await kith.ready()
        loop = Loop(kith.app, kith.pump, backups=_backups(config, kith, clock))
        kith.app.on_commit = loop.wake
        connected = []
        for connect in _connections(config):
            connected.append(await connect(kith.app))
            stack.push_async_callback(connected[-1].stop)
        await _watched(config, kith, loop, connected, stack)
        loop.start()
        stack.push_async_callback(loop.stop)
        await _until_stopped(loop, connected)
        log.info("kith.stopping")


def _backups(config: Config, kith: Kith, clock: Clock) -> Backups | None:
    path = kith.database.path
    if not config.backup.daily or path is None:
        return None
    return Backups(path, config.backups, config.backup.at, config.backup.keep, clock)


async def _watched(
    config: Config, kith: Kith, loop: Loop, connected: Sequence[Connected], stack: AsyncExitStack
) -> None:
    """Open the port for monitoring, if there is to be one."""
    host, port = config.kith.watch_host, config.kith.watch_port
    if port is None:
        return
    from cli.watching import Watching

    folder = config.backups if config.backup.daily else None
    watching = Watching(kith, loop, {one.name: one.up for one in connected}, folder)
    try:
        await watching.start(host, port)
    except OSError as error:
        raise Fault(
            f"Cannot listen on {host}:{port} ({error.strerror}). Change kith.watch_port, or free it."
        ) from error
    stack.push_async_callback(watching.stop)


@dataclass(frozen=True, slots=True)
class Connected:
    """A platform that was connected: is it so now, how to leave it, and what ends when it gives up, if it can."""

    name: str
    up: Callable[[], bool]
    stop: Callable[[], Awaitable[None]]
    ended: asyncio.Future[None] | None = None


Connect = Callable[[App], Awaitable[Connected]]


def _connections(config: Config) -> list[Connect]:
    """Return what connects each configured platform; a platform's library is imported only when it is."""

    async def discord(app: App) -> Connected:
        from adapters.discord.running import CannotConnect, connect

        assert config.discord is not None
        try:
            running = await connect(config.discord, app, data_dir=config.kith.data_dir)
        except CannotConnect as refused:
            raise Fault(str(refused)) from refused
        except SendFailed as failed:
            raise Fault(f"Discord cannot be reached at {config.discord.api_base} ({failed.code}).") from failed
        return Connected("discord", lambda: running.up, running.stop, running.ended)

    async def slack(app: App) -> Connected:
        from adapters.slack.connect import SlackRefused, connect
        from cli.slack import settings

        sections = {name: settings(section) for name, section in config.slack.items()}
        try:
            running = await connect(sections, app)
        except SlackRefused as refused:
            raise Fault(str(refused)) from refused
        return Connected("slack", lambda: running.up, running.stop)

    return [*([discord] if config.discord else []), *([slack] if config.slack else [])]


async def _until_stopped(loop: Loop, connected: list[Connected]) -> None:
    """Return on a signal; raise what ends the loop or a platform by itself."""
    told = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, told.set)
    ours: list[asyncio.Future[Any]] = [asyncio.create_task(told.wait()), asyncio.create_task(loop.wait())]
    ends = [one.ended for one in connected if one.ended is not None]
    done, _ = await asyncio.wait([*ours, *ends], return_when=asyncio.FIRST_COMPLETED)
    for task in ours:
        task.cancel()
    for ended in done:
        ended.result()
