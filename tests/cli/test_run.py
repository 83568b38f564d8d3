"""`kith run` as a whole: it connects, is watched, makes its backup, and stops when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.logs import configure
from cli import run
from cli.config import Config, load
from cli.faults import Fault
from scheduler.backups import newest_in
from tests.fakes.discord.server import Server
from tests.fakes.discord.town import TOKEN, Fake


@pytest.fixture
async def server():
    """A Discord with one server in it."""
    made = Server(Fake())
    made.town.add_guild(owner="999")
    await made.start()
    yield made
    await made.stop()


def configured(server: Server, folder: Path, **more: str) -> Config:
    """Return the configuration of a bot on that Discord."""
    given = {"DISCORD__TOKEN": TOKEN, "DISCORD__API_BASE": server.api_base, "DISCORD__GATEWAY_URL": server.gateway_url}
    given |= {"KITH__DATA_DIR": str(folder)} | more
    return load(None, {f"KITH_{name}": value for name, value in given.items()})


async def asks(page: str) -> tuple[int, str]:
    """Ask the watched port until somebody answers there."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(page) as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def test_from_start_to_stop(server: Server, tmp_path: Path, unused_tcp_port: int):
    """Ready once the gateway let it in; a first backup beside the database; SIGTERM ends it well."""
    configure("ERROR")
    config = configured(server, tmp_path / "data", KITH__WATCH_PORT=str(unused_tcp_port))
    serving = asyncio.create_task(run._serve(config))
    async with asyncio.timeout(60):
        assert (200, "ok\n") == await asks(f"http://127.0.0.1:{unused_tcp_port}/readyz")
        _, numbers = await asks(f"http://127.0.0.1:{unused_tcp_port}/metrics")
        while newest_in(config.backups, datetime.now(UTC)) is None:  # noqa: ASYNC110 - a file appears without a word
            await asyncio.sleep(0.05)
    assert 'kith_platform_connected{platform="discord"} 1.0' in numbers
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(30):
        await serving
    assert server.refused == []


async def test_a_port_that_is_taken_is_one_line(server: Server, tmp_path: Path):
    """It does not run unwatched where it was to be watched."""
    taken = server.api_base.split(":")[2].split("/")[0]
    with pytest.raises(Fault, match=r"Cannot listen on 127\.0\.0\.1:\d+ \(.*\)\. Change kith\.watch_port"):
        await run._serve(configured(server, tmp_path / "data", KITH__WATCH_PORT=taken))


async def test_no_backup_where_none_is_wanted(server: Server, tmp_path: Path):
    """`backup.daily = false` makes none."""
    config = configured(server, tmp_path / "data", BACKUP__DAILY="false")
    async with run.assemble(
        config.kith.database_location, clock=run.SystemClock(), ids=run.SystemIds(run.SystemClock()),
        worker=run.ProcessWorker(), platforms=(),
    ) as kith:  # fmt: skip
        assert run._backups(config, kith, run.SystemClock()) is None
