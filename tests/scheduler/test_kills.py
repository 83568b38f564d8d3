"""Two hundred `kill -9`: nothing is lost, nothing comes twice, nothing stays stuck."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from tests.fakes.post import Post
from tests.scheduler.crashing import LIVES

DATABASES = 10
ROOT = Path(__file__).parents[2]


class Server:
    """A platform on the loopback that outlives its callers: keeps what it accepted, and loses one answer in twenty."""

    def __init__(self) -> None:
        self.posted: list[str] = []
        self.committed: set[str] = set()
        self._ids: dict[str, str] = {}
        self._talking: Counter[str] = Counter()
        self._silence = asyncio.Condition()
        self._chance = random.Random(7)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request, answer it, and see the caller off."""
        line = await reader.readline()
        if line:
            request = json.loads(line)
            if request["op"] == "quiet":
                async with self._silence:
                    await self._silence.wait_for(lambda: not self._talking[request["database"]])
                writer.write(b"1\n")
            else:
                await self._answer(request, reader, writer)
        writer.close()

    async def _answer(self, request: dict, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = request["database"]
        self._talking[name] += 1
        answer = self._take(request, by_nonce=not name.endswith("history"))
        if request["op"] != "send" or self._chance.random() > 0.05:
            writer.write(json.dumps(answer).encode() + b"\n")
        else:
            writer.write_eof()
        with suppress(ConnectionError):
            await reader.read()
        async with self._silence:
            self._talking[name] -= 1
            self._silence.notify_all()

    def _take(self, request: dict, *, by_nonce: bool) -> str | None:
        match request["op"]:
            case "wrote":
                self.committed.add(request["text"])
                return None
            case "find":
                return self._ids.get(request["key"])
            case _:
                if not by_nonce or request["key"] not in self._ids:
                    self.posted.append(request["text"])
                    self._ids[request["key"]] = f"m{len(self.posted)}"
                return self._ids[request["key"]]


async def test_two_hundred_kills_lose_nothing_and_double_nothing(empty_database: Path, tmp_path: Path) -> None:
    """Killed while writing, claiming, sending, marking and at any moment, on platforms with nonces and with history."""
    start = Path(shutil.copy(empty_database, tmp_path / "start.db"))
    await (await Post.open(start)).database.close()
    kinds = ["nonce" if number % 2 else "history" for number in range(DATABASES)]
    paths = [Path(shutil.copy(start, tmp_path / f"k{number}-{kind}.db")) for number, kind in enumerate(kinds)]
    server = Server()
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    async with listener:
        port = listener.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.scheduler.crashing", str(port), *map(str, paths), cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")
    rows = [row for path in paths for row in read(path)]
    assert {"sent"} == {state for _, state in rows}
    written = {key for key, _ in rows}
    assert server.committed <= written
    assert Counter(f"Hello {key} en" for key in written) == Counter(server.posted)
    assert DATABASES * (LIVES - 1) >= 200
    assert len(written) > 300


def read(path: Path) -> list[tuple[str, str]]:
    """Return (key, state) of the outbox, of a file that is whole."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT key, state FROM outbox").fetchall()
