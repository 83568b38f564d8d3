"""Lives of a process that writes, sends and is killed: forked from one that has imported everything already.

Run as `python -m tests.scheduler.crashing PORT PATH...`: each database at PATH goes through `LIVES` lives, all but the
last ended by SIGKILL. The platform is a server on the loopback PORT that speaks one JSON value a line.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.chat.platform import Address, Capabilities, MessageRef, Transient
from bot.chat.views import View
from bot.clock import SystemIds
from bot.outbox import Writer
from bot.worker import InlineWorker
from scheduler.pump import Pump
from storage.engine import Database
from storage.keys import Keys, folder_of
from storage.lock import ProcessLock
from storage.member import Member
from storage.outbox import counts
from tests.fakes.platform import FakePlatform
from tests.fakes.post import MONDAY, demo

LIVES = 21
ROWS = 5
POINTS = (
    "writing", "written", "claiming", "claimed", "sending", "accepted", "answered", "marking", "marked", "any moment",
)  # fmt: skip
BY_HISTORY = Capabilities(form_after_form=True, field_errors=True, probes=True)
BY_NONCE = Capabilities(form_after_form=True, field_errors=True, nonce_window=timedelta(days=9))


class Doom:
    """Kills this process, as `kill -9` does, when it has come past `point` so many times."""

    def __init__(self, point: str, times: int) -> None:
        self._point, self._times = point, times
        self._seen: Counter[str] = Counter()

    def at(self, point: str) -> None:
        """Come past a point."""
        self._seen[point] += 1
        if point == self._point and self._seen[point] == self._times:
            os.kill(os.getpid(), signal.SIGKILL)


class LifeClock:
    """Each life begins minutes after the one before, so that what waited is due; time runs on by itself."""

    def __init__(self, life: int) -> None:
        self._start, self._began = MONDAY + life * timedelta(minutes=20), time.monotonic()
        self.skipped = timedelta()

    def now(self) -> datetime:
        """Return the moment."""
        return self._start + self.skipped + timedelta(seconds=time.monotonic() - self._began)


class Remote(FakePlatform):
    """The platform behind the socket; a connection for each call, as an answer can only be lost with one."""

    def __init__(self, port: int, database: str, doom: Doom, clock: LifeClock, can: Capabilities) -> None:
        super().__init__(clock, capabilities=can)
        self.port, self.database, self.doom = port, database, doom

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post over the wire."""
        text = view.blocks[0].words[0].text  # type: ignore[union-attr]
        self.doom.at("sending")
        answer = await self.ask({"op": "send", "to": to.id, "key": key, "text": text})
        self.doom.at("answered")
        return MessageRef(f"dm-{to.id}" if to.kind == "user" else to.id, answer)

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Search over the wire."""
        answer = await self.ask({"op": "find", "key": key})
        return MessageRef(to.id, answer) if answer else None

    async def ask(self, request: dict[str, Any]) -> Any:
        """Ask once; a connection that ends without an answer is doubt."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(json.dumps(request | {"database": self.database}).encode() + b"\n")
            await writer.drain()
            if request["op"] == "send":
                self.doom.at("accepted")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise Transient("cut", doubtful=True)
        return json.loads(line)


class DoomedPump(Pump):
    """A pump with points at which it dies."""

    doom: Doom

    async def _claim(self, db: Any) -> Any:
        rows = await super()._claim(db)
        if rows:
            self.doom.at("claiming")
        return rows

    async def _deliver(self, rows: Any) -> None:
        self.doom.at("claimed")
        await super()._deliver(rows)
        self.doom.at("marked")

    async def _marked(self, db: Any, done: Any) -> None:
        await super()._marked(db, done)
        await db.flush()
        self.doom.at("marking")


async def live(path: Path, port: int, life: int, doom: Doom, *, last: bool) -> None:
    """Write and send at once; in the last life, only send, until nothing is open."""
    clock = LifeClock(life)
    can = BY_HISTORY if path.stem.endswith("history") else BY_NONCE
    remote = Remote(port, path.stem, doom, clock, can)
    # As `Database.open` would, but for the look at the schema's revision, which takes most of a short life.
    database = Database(path, ProcessLock(path), Keys(folder_of(path)))
    app = App.of(
        (demo(),), database=database, clock=clock, ids=SystemIds(clock), worker=InlineWorker(),
        platforms={"fake": remote},
    )  # fmt: skip
    pump = DoomedPump(app, owner=f"life-{life}", batch=4, call_timeout=timedelta(seconds=5))
    pump.doom = doom
    if last:
        await finish(database, pump, clock)
        await database.close()
        return
    await asyncio.gather(write(database, remote, app, life), deliver(pump))
    os.kill(os.getpid(), signal.SIGKILL)


async def write(database: Database, remote: Remote, app: App, life: int) -> None:
    """Write rows to channels and members; tell the server of each that was committed."""
    for number in range(ROWS):
        key = f"{remote.database}:{life}:{number}"
        async with database.unit() as db:
            writer = Writer(db, "c", app.ids, app.clock.now())
            if number % 2:
                await writer.post(["home", f"channel-{number}"], "demo.hello", key=key, text=key)
            else:
                ana = await db.get(Member, "ana")
                assert ana is not None
                await writer.note(ana, "demo.hello", key=key, text=key)
            remote.doom.at("writing")
        remote.doom.at("written")
        await remote.ask({"op": "wrote", "text": key})


async def deliver(pump: Pump) -> None:
    """Pump a few times."""
    for _ in range(6):
        await pump.once()
        await asyncio.sleep(0.002)


async def finish(database: Database, pump: Pump, clock: LifeClock) -> None:
    """Pump until nothing is open, letting time pass where rows wait."""
    for _ in range(500):
        if await pump.once():
            continue
        async with database.read() as db:
            if set(await counts(db)) <= {"sent"}:
                return
        clock.skipped += timedelta(minutes=1)
    raise AssertionError("rows stay open")


def quiet(port: int, database: str) -> None:
    """Wait until the server has seen the end of everything that this database's lives said."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(json.dumps({"op": "quiet", "database": database}).encode() + b"\n")
        connection.recv(100)


def raise_and_bury(path: Path, port: int) -> None:
    """Take one database through its lives; exit with an error when one did not end as it should."""
    chance = random.Random(path.stem)
    points = [*POINTS] * LIVES
    for life in range(LIVES):
        last = life == LIVES - 1
        point, times, pause = points[life], chance.randint(1, 4), chance.uniform(0.01, 0.15)
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(live(path, port, life, Doom("" if last else point, times), last=last))
            except BaseException as error:
                print(f"{path.stem}, life {life}: {error!r}", file=sys.stderr)  # noqa: T201
                os._exit(3)
            os._exit(0)
        if point == "any moment" and not last:
            time.sleep(pause)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        ended_well = status == 0 if last else os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not ended_well:
            os._exit(4)
        quiet(port, path.stem)


def main(port: int, paths: list[Path], at_once: int = 3) -> int:
    """Take all databases through their lives, a few at once; return 0 when every life ended as it should."""
    gc.freeze()
    mothers = []
    for first in range(at_once):
        mother = os.fork()
        if mother == 0:
            for path in paths[first::at_once]:
                raise_and_bury(path, port)
            os._exit(0)
        mothers.append(mother)
    return max(os.waitstatus_to_exitcode(os.waitpid(mother, 0)[1]) for mother in mothers)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
