"""`kith doctor`: everything that can be checked from here, a line each, and with what is wrong its cure."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.text import Text

import storage.certificate
import storage.community
import storage.outbox
from bot import credentials
from bot.clock import SystemClock
from cli import office
from cli.config import Config, ConfigError
from cli.console import out
from cli.faults import NOT_DONE
from scheduler.backups import newest_in
from storage.engine import Database, DatabaseBusy, DatabaseNewer, MigrationFailed
from storage.keys import SEALING, SIGNING
from storage.migrate import pending
from storage.outbox import DEAD

OLD = timedelta(hours=26)
"""A backup that is older was not made when it should have been."""

OLDEST_SQLITE = (3, 35, 0)
"""The first SQLite with RETURNING (2021-03)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and, when it is not `good`, its cure."""

    what: str
    good: bool = True
    cure: str = ""


async def examine(path: Path | None) -> int:
    """Print all findings; return the exit code: 1 when one of them wants a cure."""
    wrong = 0
    async for finding in _findings(path):
        wrong += not finding.good
        mark = Text("ok   ", style="green") if finding.good else Text("look ", style="bold red")
        out.print(Text.assemble(mark, f"{finding.what} {finding.cure}".rstrip()))
    return NOT_DONE if wrong else 0


async def _findings(path: Path | None) -> AsyncIterator[Finding]:
    yield _sqlite()
    yield _zones()
    try:
        config = office.configured(path)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding(f"configuration: {problem.where}: {problem.key} {problem.what}.", False, problem.cure)
        return
    yield Finding("configuration: can be read.")
    yield _platforms(config)
    async with AsyncExitStack() as stack:
        database, looked = await _database(config, stack)
        for finding in [*looked, *_backups(config), *await _discord(config, database), *await _slack(config)]:
            yield finding


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Finding(f"SQLite {version} is too old.", False, "Use a Python that brings 3.35 or newer.")
    return Finding(f"SQLite {version}.")


def _zones() -> Finding:
    try:
        ZoneInfo("America/Argentina/Buenos_Aires")
    except ZoneInfoNotFoundError:
        return Finding("time zones: there is no data.", False, "Install the package tzdata into this environment.")
    return Finding("time zones: there.")


def _platforms(config: Config) -> Finding:
    names = [*(["Discord"] if config.discord else []), *(f"Slack ({name})" for name in config.slack)]
    if not names:
        cure = "Add [discord] or [slack.<name>]; config.example.toml shows how."
        return Finding("platforms: none is configured.", False, cure)
    return Finding(f"platforms: {', '.join(names)}.")


async def _database(config: Config, stack: AsyncExitStack) -> tuple[Database | None, list[Finding]]:
    """Open the database and look at it; return it too if it can be read by this version."""
    where = config.kith.database_location
    if isinstance(where, Path) and not where.exists():
        return None, [Finding(f"database: {where} is not there yet; the first start makes it.")]
    try:
        database = await Database.open(where, migrate=False, keys=config.kith.keys_dir)
    except DatabaseBusy as error:
        cure = "While Kith runs that is as it should be; stop it to look inside."
        return None, [Finding(f"database: {error}", False, cure)]
    except (DatabaseNewer, MigrationFailed, ValueError, OSError) as error:
        return None, [Finding(f"database: {error}", False)]
    stack.push_async_callback(database.close)
    found = [Finding(f"database: {where} opens, and no other process holds it.")]
    if missing := await pending(database):
        cure = "Run kith migrate, or start Kith."
        return None, [*found, Finding(f"schema: {len(missing)} revisions behind.", False, cure)]
    found += [Finding("schema: up to date."), _keys(database), *await _signing(database), await _letters(database)]
    return database, found


async def _discord(config: Config, database: Database | None) -> list[Finding]:
    """Ask Discord, if it is configured; without the database, nothing is said of the channels that were chosen."""
    if config.discord is None:
        return []
    from cli.discord import doctor

    return [Finding(one.what, one.good, one.cure) for one in await doctor(config.discord, database)]


async def _slack(config: Config) -> list[Finding]:
    """Ask Slack for each workspace that is configured."""
    if not config.slack:
        return []
    from cli.slack import doctor

    return [Finding(one.what, one.well, one.cure) for one in await doctor(config)]


def _backups(config: Config) -> list[Finding]:
    """Look whether there is a backup of the last day, where one is made each day."""
    where = config.kith.database_location
    if not config.backup.daily or not isinstance(where, Path) or not where.exists():
        return []
    now = SystemClock().now()
    newest = newest_in(config.backups, now)
    if newest is not None and now - newest < OLD:
        return [Finding(f"backups: the newest in {config.backups} is of {newest:%Y-%m-%d %H:%M} UTC.")]
    found = f"the newest is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "there is none"
    cure = "Start Kith, or run kith backup; is the folder full, or not to be written?"
    return [Finding(f"backups: {found} in {config.backups}.", False, cure)]


def _keys(database: Database) -> Finding:
    """Look at the keys: whether words can be sealed and read, and whether anybody else can read the keys."""
    folder = database.keys.folder
    if wrong := database.keys.wrong:
        cure = (
            "Put the file back from where you keep it. If it is lost for good, nobody can read those words again: "
            "kith keys renew --yes empties them and begins with a new key."
        )
        return Finding(f"keys: {wrong}.", False, cure)
    if not folder.is_dir():
        return Finding(f"keys: {folder} is not there yet; the first private word makes it.")
    open_ones = [file.name for file in (folder, *sorted(folder.iterdir())) if stat.S_IMODE(file.stat().st_mode) & 0o077]
    if open_ones and os.name == "posix":
        names = ", ".join(open_ones)
        return Finding(f"keys: others can read {names} in {folder}.", False, f"chmod -R go= {folder}")
    return Finding(f"keys: {folder} is there, for its owner only. Keep {SEALING} safe, and no copy of a week's key.")


async def _signing(database: Database) -> list[Finding]:
    """Look whether the key that signed the newest certificate is still known here; nothing where none was signed."""
    async with database.read() as db:
        newest = await storage.certificate.newest_issued(db)
    if newest is None:
        return []
    keys = database.keys
    known = set(keys.former())
    if keys.signs:
        known.add(credentials.public_of(keys.signing()).hex())
    try:
        signed_by = credentials.verified(json.loads(newest.credential)).hex()
    except (ValueError, credentials.NotGenuine) as error:
        return [Finding(f"certificates: the newest one was changed in the database ({error}).", False)]
    if signed_by in known:
        return [Finding(f"certificates: the key that signed the newest one is in {keys.folder}.")]
    cure = (
        f"Put {SIGNING} back from where you keep it. Without it, what it signed is not known as yours here, "
        "and new certificates are signed by a new key."
    )
    return [Finding(f"certificates: the key that signed the newest one is not in {keys.folder}.", False, cure)]


async def _letters(database: Database) -> Finding:
    async with database.read() as db:
        dead = (await storage.outbox.counts(db)).get(DEAD, 0)
        communities = len(await storage.community.every(db))
    if dead:
        cure = "See kith outbox list --state dead, then kith outbox retry or drop."
        return Finding(f"outbox: {dead} messages could not be delivered.", False, cure)
    return Finding(f"outbox: no dead letters; communities: {communities}.")
