"""Backups: whole or not there, put back into a free place alone, and what is doubtful after that is said to be."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

import storage.outbox
from bot.worker import InlineWorker
from cli.compose import assemble
from storage.backup import PARTIAL, NotUsable, copy, look, restore
from storage.kudos import Kudos
from storage.migrate import shipped
from storage.outbox import Outbox
from tests.fakes.world import START, World, key, living

LATER = START + timedelta(days=30)


async def backup_of(world: World, folder: Path) -> Path:
    """Return a backup of a world that is in use."""
    assert world.database.path is not None
    target = folder / "backup.db"
    assert await asyncio.to_thread(copy, world.database.path, target)
    return target


def put_back(backup: Path, target: Path) -> str:
    """Restore a backup a month later."""
    return restore(backup, target, shipped(), LATER)


async def test_a_drill(coffee: World, tmp_path: Path):
    """Backed up while members go on, lost, put back: everything up to the backup is there, and life goes on from it."""
    await coffee.says("ana", "/kudos give @bea for reading a book")
    backup = await backup_of(coffee, tmp_path)
    await coffee.says("ana", "/kudos give @bea for writing a book")
    await coffee.database.close()

    place = tmp_path / "new" / "kith.db"
    assert put_back(backup, place) == shipped()[-1]
    keys = coffee.database.keys.folder
    async with assemble(
        place, clock=coffee.clock, ids=coffee.app.ids, worker=InlineWorker(), platforms=(coffee.town,), patience=None,
        strict=True, keys=keys,
    ) as kith:  # fmt: skip
        again = World(kith, coffee.town, coffee.clock)
        assert ["for reading a book"] == [row.reason for row in await again.rows(Kudos)]
        assert "kudos.given" == key(await again.says("ana", "/kudos give @bea for writing a book"))
        assert await again.passes(days=2)


async def test_writing_goes_on_while_it_is_copied(coffee: World, tmp_path: Path):
    """A backup holds nobody up: commands are answered meanwhile, and it is one state of the database."""
    copying = asyncio.create_task(backup_of(coffee, tmp_path))
    answers = [await coffee.says("ana", f"/kudos give @bea for review number {n}") for n in range(5)]
    backup = await copying
    assert all(answers)
    assert look(backup, shipped()) == shipped()[-1]
    assert (backup.stat().st_mode & 0o777) == 0o600


async def test_what_was_to_be_sent_is_doubtful_after_it_was_put_back(coffee: World, tmp_path: Path):
    """What was on its way may have gone out since: it is flagged, and what is due later is as it was."""
    await coffee.until("2026-03-03 09:59")
    async with coffee.database.unit() as db:
        for name, due in (("was due", START), ("comes later", LATER + timedelta(days=1))):
            db.add(
                Outbox(
                    id=name, key=name, community_id=await coffee.community_id(), to_kind="channel", to_id="general",
                    message="demo", due_at=due, created_at=START,
                )
            )  # fmt: skip
    backup = await backup_of(coffee, tmp_path)
    place = tmp_path / "again.db"
    put_back(backup, place)
    with closing(sqlite3.connect(place)) as restored:
        found = dict(restored.execute("SELECT id, state || flagged FROM outbox WHERE message = 'demo'"))
    assert found == {"was due": "ambiguous1", "comes later": "pending0"}


@pytest.mark.parametrize("harm", ["cut", "zeroed", "none of ours", "empty", "missing"])
async def test_what_is_torn_is_refused(coffee: World, tmp_path: Path, harm: str):
    """Half a file, a page of nothing, another program's database, no file: refused, with nothing in its place."""
    backup, place = await backup_of(coffee, tmp_path), tmp_path / "new.db"
    size = backup.stat().st_size
    match harm:
        case "cut":
            os.truncate(backup, size // 2)
        case "zeroed":
            with backup.open("r+b") as file:
                file.seek(size // 2 // 4096 * 4096)
                file.write(bytes(4096))
        case "empty":
            os.truncate(backup, 0)
        case "missing":
            backup.unlink()
        case _:
            backup.unlink()
            with closing(sqlite3.connect(backup)) as other, other:
                other.execute("CREATE TABLE shopping (what TEXT)")
    with pytest.raises(NotUsable, match=r"backup\.db: "):
        put_back(backup, place)
    assert not [name for name in os.listdir(tmp_path) if name.startswith("new.db")]


async def test_one_of_a_newer_version_is_refused(coffee: World, tmp_path: Path):
    """This version does not know what is in it."""
    backup = await backup_of(coffee, tmp_path)
    with pytest.raises(NotUsable, match="newer version"):
        restore(backup, tmp_path / "new.db", shipped()[:-1], LATER)


@pytest.mark.parametrize("name", ["kith.db", "kith.db-wal"])
async def test_nothing_that_stands_is_overwritten(coffee: World, tmp_path: Path, name: str):
    """Not even a log that lies about: it would be read into what was put back."""
    backup = await backup_of(coffee, tmp_path)
    there = tmp_path / "full" / name
    there.parent.mkdir()
    there.write_bytes(b"mine")
    with pytest.raises(NotUsable, match="is there already"):
        put_back(backup, tmp_path / "full" / "kith.db")
    assert there.read_bytes() == b"mine"


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from storage import backup

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(backup, sys.argv[3], die) if sys.argv[3] != "replace" else setattr(Path, "replace", die)
backup.copy(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("point", ["_settle", "replace"])
async def test_killed_on_the_way_there_is_none(coffee: World, tmp_path: Path, point: str):
    """A backup that was not finished does not have its name; the next one is made in its place."""
    target = tmp_path / "backup.db"
    command = [sys.executable, "-c", KILLED, str(coffee.database.path), str(target), point]
    ended = await asyncio.to_thread(subprocess.run, command, check=False)
    assert -signal.SIGKILL == ended.returncode
    assert [f"backup.db{PARTIAL}"] == [name for name in os.listdir(tmp_path) if name.startswith("backup.db")]
    assert look(await backup_of(coffee, tmp_path), shipped())


async def test_what_was_erased_is_in_no_backup(coffee: World, tmp_path: Path):
    """A copy holds rows, not what the file's free pages held before."""
    await coffee.says("ana", "/kudos give @bea for unmistakable words")
    assert b"unmistakable" in (await backup_of(coffee, tmp_path)).read_bytes()
    async with coffee.database.unit() as db:
        for table in ("kudos", "outbox"):
            await (await db.connection()).exec_driver_sql(f"DELETE FROM {table}")
    assert b"unmistakable" not in (await backup_of(coffee, tmp_path)).read_bytes()


async def test_the_outbox_of_a_backup_is_settled_in_the_end(coffee: World, tmp_path: Path):
    """After a restore the pump looks for what is doubtful and comes to an end with all of it."""
    await coffee.until("2026-03-03 08:59")
    backup = await backup_of(coffee, tmp_path)
    await coffee.database.close()
    place = tmp_path / "kith-again.db"
    restore(backup, place, shipped(), coffee.clock.now() + timedelta(hours=1))
    async with living(place, town=coffee.town, clock=coffee.clock, ids=coffee.app.ids) as again:
        await again.passes(hours=3)
        async with again.database.read() as db:
            counts = await storage.outbox.counts(db)
    assert not counts.keys() & {"ambiguous", "sending"}


CRASHED = """
import asyncio, os, signal, sys
from storage.engine import Database
from storage.inbox import record
from datetime import UTC, datetime

async def main():
    database = await Database.open(sys.argv[1])
    async with database.unit() as db:
        await record(db, "the last word", "core", datetime.now(UTC))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


def test_after_a_crash_the_log_is_in_it(tmp_path: Path):
    """A process that was killed leaves what it committed in the log beside the file; a backup has it, too."""
    path, target = tmp_path / "kith.db", tmp_path / "backup.db"
    ended = subprocess.run([sys.executable, "-c", CRASHED, str(path)], check=False)
    assert -signal.SIGKILL == ended.returncode
    assert os.path.getsize(f"{path}-wal") > 0
    assert copy(path, target)
    with closing(sqlite3.connect(target)) as made:
        assert [("the last word",)] == made.execute("SELECT request_id FROM inbox").fetchall()
