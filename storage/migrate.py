"""Brings a database to the schema of this code: one revision, one transaction, with a backup of the file first."""

import asyncio
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.backup import copy

if TYPE_CHECKING:
    from storage.engine import Database

VERSIONS = Path(__file__).parent / "migrations" / "versions"


class DatabaseNewer(Exception):
    """The database is at a revision that this code does not know; `str()` is one line with the cure."""


class MigrationFailed(Exception):
    """A revision failed and was rolled back; `str()` says which, why, where the database stands and the backup."""


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """Return the revisions of this code, oldest first; read once, as Alembic compiles each script whenever it looks."""
    return _known(VERSIONS)


def head(versions: Path = VERSIONS) -> str | None:
    """Return the newest revision in the folder `versions`, `None` when it has none."""
    return ScriptDirectory.from_config(_config(versions)).get_current_head()


async def current(db: "Database") -> str | None:
    """Return the revision that the open database is at, `None` when it has never been migrated."""
    async with db.read() as session:
        return await (await session.connection()).run_sync(_revision)


async def pending(db: "Database", versions: Path = VERSIONS) -> tuple[str, ...]:
    """Return the revisions that the open database still lacks, oldest first; raise `DatabaseNewer`."""
    return _missing(await current(db), versions, str(db.path or db.dialect))


async def check(engine: AsyncEngine, name: str, versions: Path = VERSIONS) -> tuple[str, ...]:
    """Return the revisions that the database behind `engine` lacks, oldest first; raise `DatabaseNewer`.

    `name` is what a person calls the database (its path), for the error.
    """
    async with engine.connect() as connection:
        revision = await connection.run_sync(_revision)
    return _missing(revision, versions, name)


async def upgrade(engine: AsyncEngine, path: Path | None, versions: Path = VERSIONS) -> tuple[str, ...]:
    """Apply what is missing and return it, oldest first.

    The connections of `engine` must begin their transactions in earnest and have foreign keys off. A database file
    at `path` that holds anything is first copied to `<file>.before-<first revision>.bak`. Raises `DatabaseNewer`
    before anything is touched, `MigrationFailed` when a revision fails: that one leaves no trace, those before it stay.
    """
    name = str(path or engine.url)
    missing = await check(engine, name, versions)
    if not missing:
        return ()
    backup = await _back_up(path, missing[0]) if path else None
    async with engine.connect() as connection:
        try:
            await connection.run_sync(_apply, _config(versions))
        except Exception as error:
            await connection.rollback()
            revision = await connection.run_sync(_revision)
            raise MigrationFailed(_account(name, revision, backup, error)) from error
    return missing


async def draft(db: "Database", message: str, versions: Path = VERSIONS) -> Path:
    """Write the revision that takes the open database to the tables of this code; return its file.

    For developers: the database has to be at the newest revision, and the result is a draft to be read. Revisions are
    numbered in order (`0001`, `0002`).
    """
    config = _config(versions)
    number = f"{int(head(versions) or 0) + 1:04d}"

    def write(connection: Connection) -> Path:
        config.attributes["connection"] = connection
        script = command.revision(config, message, autogenerate=True, rev_id=number)
        if not isinstance(script, Script):
            raise RuntimeError(f"Alembic wrote no single revision for {message!r}")
        return Path(script.path)

    # Alembic makes its own table where there is none, which a reader would refuse.
    async with db.unit() as session:
        return await (await session.connection()).run_sync(write)


async def drift(db: "Database", metadata: MetaData) -> list[str]:
    """Return how the schema of the open database differs from `metadata`, one line a difference, empty when equal."""

    def compare(connection: Connection) -> list[str]:
        return [repr(each) for each in compare_metadata(MigrationContext.configure(connection), metadata)]

    async with db.read() as session:
        return await (await session.connection()).run_sync(compare)


def _config(versions: Path) -> Config:
    config = Config()
    # Config reads % as the start of an interpolation, and a path may well have one.
    config.set_main_option("script_location", str(VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _missing(revision: str | None, versions: Path, name: str) -> tuple[str, ...]:
    known = shipped() if versions == VERSIONS else _known(versions)
    if revision is None:
        return known
    if revision not in known:
        raise DatabaseNewer(
            f"The database {name} is at revision {revision}, which this version of Kith does not know: "
            "install the newer Kith that wrote it, or restore a backup from before."
        )
    return known[known.index(revision) + 1 :]


def _known(versions: Path) -> tuple[str, ...]:
    scripts = ScriptDirectory.from_config(_config(versions))
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]


def _apply(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def _back_up(path: Path, revision: str) -> Path | None:
    backup = path.with_name(f"{path.name}.before-{revision}.bak")
    try:
        return backup if await asyncio.to_thread(copy, path, backup) else None
    except (sqlite3.Error, OSError) as error:
        raise MigrationFailed(
            f"The database {path} was not migrated, because no backup could be written to {backup}: {error}. "
            "Nothing was changed: make room or mend the file, then start again."
        ) from error


def _account(path: str, revision: str | None, backup: Path | None, error: Exception) -> str:
    where = f"at revision {revision}" if revision else "empty"
    kept = f" A backup from before is {backup}." if backup else ""
    return f"Migrating the database {path} failed and was rolled back; it is {where}. The reason: {error}.{kept}"
