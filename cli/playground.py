"""`kith playground`: the whole bot over a town in memory, served as a page on this machine."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from adapters.playground.inspection import Inspection
from adapters.playground.model import Spot
from adapters.playground.server import Playground
from adapters.playground.town import Town
from bot import logs
from bot.clock import Ids, MovedClock, SeededIds, SystemIds
from bot.worker import ProcessWorker
from cli import inspecting, whys
from cli.acting import Stage
from cli.compose import Kith, assemble
from cli.console import say, tell
from cli.demo import community as demo
from storage.keys import folder_of
from storage.lock import ProcessLock

DATABASE, MARKER = "playground.db", "playground.clock"
log = structlog.get_logger()


class Backstage:
    """What the page cannot do by itself: move the clock, deliver what was just written, look into the outbox.

    `marker` is the file that keeps the clock's moment (ISO 8601), once the demo community stands.
    """

    def __init__(self, kith: Kith, town: Town, clock: MovedClock, marker: Path) -> None:
        self.kith, self.town, self.clock, self._marker = kith, town, clock, marker
        self._turn = asyncio.Lock()
        self._written = asyncio.Event()
        kith.app.on_commit = self._written.set

    async def advance(self, by: timedelta | None) -> str:
        """Move the clock by a step, or (None) to what falls due next, and say what came of it."""
        async with self._turn:
            until = self.clock.now() + by if by is not None else await self.kith.next_due()
            if until is None:
                return "Nothing is due, however long you wait."
            before = len(self.town.messages)
            await self.kith.advance(until)
            self.keep_time()
            return _told(self.clock.now(), len(self.town.messages) - before)

    async def inspect(self) -> Inspection:
        """Return what the drawer shows."""
        return await inspecting.inspect(self.kith.database, self.clock.now())

    async def why(self, message: str) -> list[str]:
        """Return why a message came."""
        return await whys.why(self.kith.database, self.kith.app.features, message)

    async def deliver(self) -> None:
        """Deliver what members' acts have written, as soon as it is written, until cancelled."""
        while True:
            await self._written.wait()
            self._written.clear()
            try:
                async with self._turn:
                    await self.kith.run_due()
            except Exception as error:
                log.error("playground.not_delivered", error=type(error).__name__, exc_info=error)

    def keep_time(self) -> None:
        """Write the clock's moment down, for the next start."""
        self._marker.write_text(self.clock.now().isoformat(), encoding="utf-8")


def _told(now: datetime, messages: int) -> str:
    came = {0: "Nobody heard from Kith", 1: "One message arrived"}.get(messages, f"{messages} messages arrived")
    return f"It is {now:%A} {now.day} {now:%B}, {now:%H:%M} UTC. {came}."


@asynccontextmanager
async def opened(folder: Path, *, kept: bool = True) -> AsyncIterator[tuple[Playground, Backstage]]:
    """Put the playground together on the database in `folder`, which exists, going on where it was left.

    What is not `kept` is the same at every start, down to the ids.

    Raises `DatabaseBusy`, `DatabaseNewer`, `MigrationFailed`, `OSError`.
    """
    marker = folder / MARKER
    clock = MovedClock(_last_moment(marker))
    ids: Ids = SystemIds(clock) if kept else SeededIds(1)
    town = Town(clock, ids=None if kept else SeededIds(2))
    people = demo.neighbours()
    demo.settle(town, people)
    async with assemble(
        folder / DATABASE, clock=clock, ids=ids, worker=ProcessWorker(), platforms=(town,), patience=None
    ) as kith:
        backstage = Backstage(kith, town, clock, marker)
        if marker.exists():
            await _rebuild_rooms(kith, town)
        else:
            await demo.found(Stage(kith.app, town), people)
            await kith.run_due()
            backstage.keep_time()
        delivering = asyncio.create_task(backstage.deliver())
        playground = Playground(
            kith.app, town, advance=backstage.advance, inspect=backstage.inspect, why=backstage.why,
            people=[person.row.handle for person in people], steps=demo.first_steps(people),
        )  # fmt: skip
        try:
            yield playground, backstage
        finally:
            await playground.stop()
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            backstage.keep_time()


def _last_moment(marker: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return demo.START
    return moment if moment.tzinfo is not None else demo.START


async def _rebuild_rooms(kith: Kith, town: Town) -> None:
    """Make the rooms of pairs again, under their ids; what was said in them is gone."""
    for room, accounts, title in await inspecting.rooms(kith.database):
        town.spaces[demo.SPACE].spots[room] = Spot("room", room, title, frozenset(accounts))


def reset(folder: Path) -> None:
    """Remove what an earlier playground left in `folder`, and nothing else. Raises `DatabaseBusy` while one runs."""
    database = folder / DATABASE
    if not folder.is_dir():
        return
    lock = ProcessLock(database)
    try:
        for file in (folder / MARKER, *(database.with_name(DATABASE + end) for end in ("", "-wal", "-shm"))):
            file.unlink(missing_ok=True)
        shutil.rmtree(folder_of(database), ignore_errors=True)
    finally:
        lock.release()


async def serve(folder: Path, port: int, *, show: bool, kept: bool) -> None:
    """Serve until SIGINT or SIGTERM. `show` opens a browser; `kept` says that the folder stays."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        _on(loop, signum, stopped)
    again = (folder / MARKER).exists()
    async with opened(folder, kept=kept) as (playground, _):
        address = await playground.start(port)
        if port and f":{port}/" not in address:
            tell(f"Port {port} is in use, so another one was taken.")
        if again:
            tell("Going on from last time: who joined, pairs and answers are kept; earlier messages are not.")
        if not kept:
            tell("Everything is forgotten at the end. Keep it with --data DIR.")
        say(f"Kith's playground: {address}  (Ctrl-C ends it)")
        if show:
            await asyncio.to_thread(webbrowser.open, address)
        await stopped.wait()


def _on(loop: Any, signum: int, stopped: asyncio.Event) -> None:
    try:
        loop.add_signal_handler(signum, stopped.set)
    except NotImplementedError:  # Windows
        signal.signal(signum, lambda *_: loop.call_soon_threadsafe(stopped.set))


def play(port: int, data: Path | None, *, fresh: bool, show: bool) -> None:
    """Run the playground in `data`, or in a folder of its own that is removed at the end."""
    logs.configure("WARNING")
    if data is not None and fresh:
        reset(data)
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    with nullcontext(data) if data else tempfile.TemporaryDirectory(prefix="kith-") as folder:
        asyncio.run(serve(Path(folder), port, show=show, kept=data is not None))
