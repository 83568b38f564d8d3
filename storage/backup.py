"""Copies of the database that are whole or not there at all, and putting one of them back.

A copy is made beside whoever has the database open; it holds no keys, and its rows lie in the order of the tables, not
in that in which they came (`VACUUM INTO`).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.dialects import sqlite

from storage.types import UtcDateTime

PARTIAL = ".partial"
STEPS = 10_000
"""So many of SQLite's own instructions, well under a millisecond, pass between two looks whether to break off."""
SIDES = ("-wal", "-shm", "-journal")

_IN_DOUBT = """
UPDATE outbox SET state = 'ambiguous', flagged = 1, owner = '', lease_until = NULL,
sending_at = COALESCE(sending_at, due_at) WHERE state IN ('pending', 'retry', 'sending') AND due_at <= ?
"""


class NotUsable(Exception):
    """A file is no backup that can be put back, or there is no room for it; `str()` is one line with the cure."""


def copy(source: Path, target: Path, enough: Callable[[], bool] | None = None) -> bool:
    """Copy a database file, which may be in use, to `target`; return whether it held anything to copy.

    What stood at `target` is replaced, whole by whole: it appears under its name once it is checked and on the disk.
    `enough` is asked now and then, and when it says so the copy is broken off. Raises `sqlite3.Error` (also for a copy
    that was broken off) and `OSError`.
    """
    partial = target.with_name(target.name + PARTIAL)
    with closing(sqlite3.connect(f"file:{_uri(source)}?mode=ro", uri=True, timeout=5.0)) as connection:
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            return False
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        connection.set_progress_handler(enough, STEPS)
        connection.execute("VACUUM INTO ?", (str(partial),))
    with closing(sqlite3.connect(partial)) as made:
        made.set_progress_handler(enough, STEPS)
        verdict = made.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged ({verdict})")
    _settle(partial)
    partial.replace(target)
    _settle(target.parent)
    return True


def look(backup: Path, known: Collection[str]) -> str:
    """Check all of a backup and return its revision; `known` are those of this version.

    Raises `NotUsable` for what is torn, of a newer version, or none of ours.
    """
    cure = "Take another backup; nothing was changed."
    if not backup.is_file():
        raise NotUsable(f"{backup}: there is no such file.")
    try:
        with closing(sqlite3.connect(f"file:{_uri(backup)}?mode=ro&immutable=1", uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise NotUsable(f"{backup}: this is no whole database of Kith ({error}). {cure}") from error
    if verdict != "ok" or broken:
        why = verdict if verdict != "ok" else "rows miss their parents"
        raise NotUsable(f"{backup}: it is damaged ({why}). {cure}")
    if revision is None or revision[0] not in known:
        raise NotUsable(f"{backup}: it is of a newer version of Kith. Install that one first; nothing was changed.")
    return str(revision[0])


def restore(backup: Path, target: Path, known: Collection[str], now: datetime) -> str:
    """Put a backup in the place of a database, which must be free, and return its revision. Raises `NotUsable`.

    What was to be sent by `now` (aware) may have been sent after the backup was made: it is marked as doubtful, so that
    it is looked for before it is sent, or left out where that is the safer mistake.
    """
    revision = look(backup, known)
    there = [path for path in (target, *(target.with_name(target.name + side) for side in SIDES)) if path.exists()]
    if there:
        raise NotUsable(
            f"{there[0]}: a database is there already. Stop Kith and move it away, with the files beside it that begin "
            "with its name; nothing was changed."
        )
    partial = target.with_name(target.name + PARTIAL)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(f"file:{_uri(backup)}?mode=ro&immutable=1", uri=True)) as connection:
            partial.touch(mode=0o600)
            connection.execute("VACUUM INTO ?", (str(partial),))
        with closing(sqlite3.connect(partial)) as copied, copied:
            copied.execute(_IN_DOUBT, (UtcDateTime().process_bind_param(now, sqlite.dialect()),))
        look(partial, known)
        _settle(partial)
        partial.replace(target)
    except (sqlite3.Error, OSError) as error:
        raise NotUsable(f"{target}: it cannot be written ({error}). Make room, or choose another place.") from error
    finally:
        partial.unlink(missing_ok=True)
    _settle(target.parent)
    return revision


def _uri(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _settle(path: Path) -> None:
    """Have what is written on the disk; a folder only where the system can."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
