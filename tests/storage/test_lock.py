"""One process a database file: the second one is told which process is in its way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import Database, DatabaseBusy

HOLD = """
import asyncio, sys
from storage.engine import Database

async def main():
    await Database.open(sys.argv[1])
    print("open", flush=True)
    await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""
TRY = """
import asyncio, sys
from storage.engine import Database, DatabaseBusy

async def main():
    try:
        await (await Database.open(sys.argv[1])).close()
    except DatabaseBusy as error:
        sys.exit(str(error))

asyncio.run(main())
"""


def refusal(path: Path, pid: int) -> str:
    """Return the line that a second process is refused with."""
    return f"The database {path} is in use by process {pid}: stop that one first, or choose another database file."


def attempt(path: Path) -> subprocess.CompletedProcess[str]:
    """Open and close the database in a process of its own."""
    return subprocess.run([sys.executable, "-c", TRY, str(path)], capture_output=True, text=True, check=False)


def test_a_second_process_is_refused_in_one_line(tmp_path: Path) -> None:
    """While a process holds the file, another is refused with its name and id; once it is killed, it gets in."""
    path = tmp_path / "kith.db"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert "open\n" == holder.stdout.readline()
        refused = attempt(path)
        holder.kill()
    admitted = attempt(path)

    assert (1, refusal(path, holder.pid) + "\n") == (refused.returncode, refused.stderr)
    assert (0, "") == (admitted.returncode, admitted.stderr)


async def test_one_process_cannot_open_a_file_twice(tmp_path: Path) -> None:
    """The lock holds inside a process too, also by another name of the file, and ends with `close`."""
    path, other_name = tmp_path / "kith.db", tmp_path / "other.db"
    first = await Database.open(path)
    other_name.symlink_to(path)
    for name in (path, other_name):
        with pytest.raises(DatabaseBusy) as refused:
            await Database.open(name)
        assert refusal(path, os.getpid()) == str(refused.value)
    await first.close()

    await (await Database.open(other_name)).close()


async def test_an_opening_that_fails_lets_the_next_one_in(tmp_path: Path) -> None:
    """A file that is no database is refused, and the lock is given back."""
    path = tmp_path / "kith.db"
    path.write_text("these are not the pages of a database, only words" * 100)
    with pytest.raises(Exception, match="not a database"):
        await Database.open(path)
    path.unlink()

    await (await Database.open(path)).close()
