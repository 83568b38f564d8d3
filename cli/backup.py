"""`kith backup` and `kith restore`: copies of the database, made and put back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import storage.tables
from bot.clock import SystemClock
from cli import office
from cli.console import say
from cli.faults import NOT_DONE, Fault
from scheduler.backups import save
from storage import backup, migrate
from storage.engine import Database
from storage.lock import ProcessLock

TABLES = storage.tables.metadata


def back_up(config_file: Path | None, file: Path | None) -> None:
    """Copy the database to `file`, or to a dated file among the daily ones. Raises `Fault`."""
    config = office.configured(config_file)
    database = office.database_file(config)
    if not isinstance(database, Path):
        raise Fault(f"{database}: kith backup copies a database that is a file.")
    if file is not None and file.exists():
        raise Fault(f"{file}: there is a file already. Choose another name, or move it away; nothing was changed.")
    try:
        if file is None:
            file = save(database, config.backups, SystemClock().now(), config.backup.keep)
        elif not backup.copy(database, file):
            raise Fault(f"{database}: there is nothing in it yet.")
    except sqlite3.Error as error:
        raise Fault(f"{database}: it could not be copied ({error}). No backup was made.") from error
    say(f"{file}: {file.stat().st_size / 1e6:.1f} MB, whole.")
    say("The keys are not in it: keep a copy of sealing.key and signing.key somewhere else.")


async def restore(config_file: Path | None, file: Path, to: Path | None) -> int:
    """Put a backup where the database was, or to `to`. Return the exit code: 1 when a key is missing.

    Raises `Fault`, `DatabaseBusy`.
    """
    config = office.configured(config_file)
    target = to or config.kith.database_location
    if not isinstance(target, Path):
        raise Fault(f"{target}: kith restore puts back a database that is a file. Use --to FILE.")
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = ProcessLock(target)
    try:
        revision = backup.restore(file, target, migrate.shipped(), SystemClock().now())
    except backup.NotUsable as error:
        raise Fault(str(error)) from error
    finally:
        lock.release()
    say(f"{target}: restored from {file}.")
    say("What was to be sent since then is in doubt now: Kith looks for it first, and flags what it cannot find out.")
    say("What was decided since then is gone: who was forgotten or kept apart since has to be so again.")
    if revision != migrate.shipped()[-1]:
        say(f"It is at revision {revision}; the next start brings it up to date.")
        return 0
    database = await Database.open(target, migrate=False, keys=config.kith.keys_dir)
    await database.close()
    if wrong := database.keys.wrong:
        say(f"{wrong}. Put the file back from where you keep it: until then, private words cannot be read.")
        return NOT_DONE
    return 0
