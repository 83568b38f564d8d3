"""Opens a database and hands out units of work: one writer, first come first served, and a few readers."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, Insert, create_engine, event, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Mapper
from sqlalchemy.pool import NullPool
from sqlmodel import Session, SQLModel

from storage.advice import advise
from storage.db import Db
from storage.inline import InlineDb
from storage.keys import Keys, folder_of
from storage.lock import DatabaseBusy, ProcessLock
from storage.migrate import VERSIONS, DatabaseNewer, MigrationFailed, check, upgrade
from storage.sealed import attach, names_in_use

__all__ = ["Conflict", "Database", "DatabaseBusy", "DatabaseNewer", "MigrationFailed", "insert_new", "insert_once"]

T = TypeVar("T")

_READERS = 4
_BUSY = 5.0
"""Seconds to wait for a tool that opened the file beside us."""

_STATEMENTS = 1000
"""Compiled statements that an engine keeps: Kith has some seven hundred, and SQLAlchemy keeps 500 unless told."""

_PAUSE = 0.01
_PRAGMAS = {
    "busy_timeout": int(_BUSY * 1000),  # milliseconds
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    # What was erased is to be gone from the file, not only from the tables.
    "secure_delete": "ON",
    "journal_size_limit": 64 * 1024 * 1024,  # bytes
}
_THROWN_AWAY = {"synchronous": "OFF", "secure_delete": "OFF"}
# PostgreSQL's serialization_failure and deadlock_detected.
_RERUN = frozenset({"40001", "40P01"})

_log = logging.getLogger(__name__)


class Conflict(Exception):
    """The unit of work met another one and was rolled back whole: running it again may well succeed."""


class Database:
    """An open database.

    `path` is the file (`None` where there is none), `dialect` is `"sqlite"` (or, one day, `"postgresql"`), `keys` are
    those by which private words are sealed. Sessions keep loaded rows usable after the commit
    (`expire_on_commit=False`).
    """

    def __init__(self, path: Path, lock: ProcessLock, keys: Keys, *, thrown_away: bool = False) -> None:
        """Use `Database.open`: this only holds what that has made ready."""
        self.path: Path | None = path
        self.dialect = "sqlite"
        self.keys = keys
        self._lock = lock
        # The writer's turn is waited for in the event loop, not in SQLite, which would hold the loop up.
        self._writer = _engine(path, "BEGIN IMMEDIATE", {"busy_timeout": "0"}, 1, thrown_away=thrown_away)
        self._readers = _engine(path, "BEGIN", {"query_only": "ON"}, _READERS, thrown_away=thrown_away)
        for engine in (self._writer, self._readers):
            attach(engine.dialect, keys)
        self._disk = None if thrown_away else ThreadPoolExecutor(1, "kith-commit")
        self._turn = asyncio.Lock()
        self._seats = asyncio.Semaphore(_READERS)
        self._holder: asyncio.Task[Any] | None = None
        self._writes: set[asyncio.Task[Any]] = set()
        self._closed = False

    @classmethod
    async def open(
        cls,
        url: str | Path,
        *,
        migrate: bool = True,
        versions: Path = VERSIONS,
        thrown_away: bool = False,
        keys: Path | None = None,
    ) -> Self:
        """Open the SQLite file at `url`, a path or `sqlite+aiosqlite:///PATH`, making it and its folder if need be.

        Takes the process lock, then applies the missing revisions of the folder `versions`, unless `migrate` is false.
        `thrown_away` is for a file that goes with the run: nothing in it is made safe from a power cut. `keys` is the
        folder of the keys, beside the file unless it is given; a key that is missing stops nothing but what needs it.
        Raises `ValueError` for an address that is no SQLite file, `DatabaseBusy`, `DatabaseNewer`, `MigrationFailed`.
        """
        path = _file(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = ProcessLock(path)
        held = Keys(keys or folder_of(path))
        try:
            path.touch(mode=0o600)
            await _prepare(path, migrate, versions, held)
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, held, thrown_away=thrown_away)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Db]:
        """Wait for the turn to write, then yield a session: leaving commits, raising rolls back and raises on.

        A task that is cancelled inside leaves no lock behind, but what it did is undone: use `write` where the work
        should outlive its caller. Opening a second unit inside a unit raises `RuntimeError`, as it would wait for
        itself. No network call belongs inside.
        """
        self._refuse_if_closed()
        async with self._begin() as session:
            yield session

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Db]:
        task = asyncio.current_task()
        if self._holder is task:
            raise RuntimeError("a unit of work is open in this task already: pass its session on, do not open another")
        async with self._turn:
            self._holder = task
            try:
                session = await self._writing()
                try:
                    yield InlineDb(session)
                    await self._commit(session)
                finally:
                    session.close()
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _RERUN:
                    raise Conflict("another unit of work changed the same rows first; run this one again") from error
                raise
            finally:
                self._holder = None

    async def write(self, work: Callable[[Db], Awaitable[T]]) -> T:
        """Run `work` inside a unit and return its result.

        It runs in a task of its own: cancelling the caller does not stop it, and `close` waits for it. If it fails
        after its caller has gone, the failure is logged.
        """
        self._refuse_if_closed()

        async def run() -> T:
            async with self._begin() as session:
                return await work(session)

        task = asyncio.create_task(run())
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_log_failure)
            raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Db]:
        """Yield a session that sees one consistent state and refuses to write (`sqlalchemy.exc.OperationalError`).

        There are four readers; a fifth waits for one of them. Writers and readers do not wait for each other.
        """
        self._refuse_if_closed()
        async with self._seats:
            session = Session(self._readers, expire_on_commit=False)
            try:
                session.connection()
                yield InlineDb(session)
            finally:
                session.close()
                # Statements wait for nothing, so a crowd of readers would keep the loop to itself: one round of it has
                # room for as many as there are seats.
                await asyncio.sleep(0)

    async def settle(self) -> bool:
        """Move what was committed from the log beside the file into the file, and empty that log.

        In the log the newest commits stand in the order in which they came, and what was erased can still be read in
        it. Return whether it is empty now: while somebody reads, it waits for the next time.
        """
        if self._disk is None or self._closed:
            return True
        async with self._turn:
            return await _undisturbed(self._disk, partial(_checkpoint, self._writer))

    async def close(self) -> None:
        """Wait for the units and readers under way, close every connection, let the next process in. Twice is once."""
        if self._closed:
            return
        self._closed = True
        if self._writes:
            await asyncio.wait(self._writes)
        async with self._turn:
            for _ in range(_READERS):
                await self._seats.acquire()
            try:
                self._readers.dispose()
                self._writer.dispose()
                if self._disk is not None:
                    self._disk.shutdown()
            finally:
                self._lock.release()

    async def _writing(self) -> Session:
        """Return a session that has the file to itself. Raises `OperationalError` when a tool beside us keeps it."""
        given_up = time.monotonic() + _BUSY
        while True:
            session = Session(self._writer, expire_on_commit=False)
            try:
                session.connection()
            except OperationalError as error:
                session.close()
                if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or time.monotonic() > given_up:
                    raise
            except BaseException:
                session.close()
                raise
            else:
                return session
            await asyncio.sleep(_PAUSE)

    async def _commit(self, session: Session) -> None:
        """Commit: the statements here, the wait for the disk in a thread. A cancellation that comes meanwhile waits."""
        session.flush()
        if self._disk is None:
            session.commit()
        else:
            await _undisturbed(self._disk, session.commit)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RuntimeError(f"the database {self.path} is closed")


async def insert_once(db: Db, row: SQLModel) -> bool:
    """Insert `row` unless a unique key of it is taken; return whether it was inserted.

    A generated primary key is set on `row`, which stays outside the session: load it to change it. Columns that are
    `None` and have a default of the database get that. Other constraints raise `IntegrityError` as ever.
    """
    await db.flush()
    connection = await db.connection()
    mapper = inspect(type(row))
    values = {}
    for attribute in mapper.column_attrs:
        column, value = attribute.columns[0], getattr(row, attribute.key)
        filled = column.primary_key or column.default is not None or column.server_default is not None
        if value is not None or not filled:
            values[column.key] = value
    inserted = (await connection.execute(_insert_or_nothing(mapper, connection.dialect.name), values)).first()
    if inserted is None:
        return False
    for column, value in zip(mapper.primary_key, inserted, strict=True):
        setattr(row, mapper.get_property_by_column(column).key, value)
    return True


async def insert_new(db: Db, rows: Sequence[SQLModel]) -> int:
    """Insert rows of one table, in one go, but for those of which a unique key is taken; return how many were.

    The rows stay outside the session.
    """
    if not rows:
        return 0
    await db.flush()
    connection = await db.connection()
    mapper = inspect(type(rows[0]))
    values = [{one.columns[0].key: getattr(row, one.key) for one in mapper.column_attrs} for row in rows]
    return (await connection.execute(_insert_new(mapper, connection.dialect.name), values)).rowcount


@lru_cache(maxsize=256)
def _insert_or_nothing(mapper: Mapper[Any], dialect: str) -> Insert:
    return _insert_new(mapper, dialect).returning(*mapper.primary_key)


@lru_cache(maxsize=256)
def _insert_new(mapper: Mapper[Any], dialect: str) -> Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(mapper.class_).on_conflict_do_nothing()


def _file(url: str | Path) -> Path:
    """Return the absolute path that `url` means; raise `ValueError` when it is no SQLite file."""
    if isinstance(url, str) and "://" in url:
        parsed = make_url(url)
        if parsed.drivername not in {"sqlite", "sqlite+aiosqlite"}:
            raise ValueError(f"cannot open a {parsed.drivername} database: give a path or sqlite+aiosqlite:///PATH")
        url = parsed.database or ""
    if str(url) in {"", ".", ":memory:"}:
        raise ValueError("a database in memory would be lost at exit: give a path or sqlite+aiosqlite:///PATH")
    # Resolved, so that two ways to write one path meet at one lock.
    return Path(url).expanduser().resolve()


async def _prepare(path: Path, migrating: bool, versions: Path, keys: Keys) -> None:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)), connect_args={"isolation_level": None}, poolclass=NullPool
    )
    # A batch migration rebuilds tables: with foreign keys on, dropping the old one would delete its children.
    _set_up(engine.sync_engine, "BEGIN IMMEDIATE", _PRAGMAS | {"foreign_keys": "OFF"})
    try:
        missing = await (upgrade(engine, path, versions) if migrating else check(engine, str(path), versions))
        if versions == VERSIONS and migrating:
            async with engine.begin() as connection:
                await connection.run_sync(advise)
        if versions == VERSIONS and (migrating or not missing):
            async with engine.connect() as connection:
                keys.expect(await connection.run_sync(names_in_use))
    finally:
        await engine.dispose()


def _engine(path: Path, begin: str, pragmas: dict[str, str], connections: int, *, thrown_away: bool) -> Engine:
    """Make an engine for the file whose transactions begin with `begin`; `pragmas` add to or replace the usual ones."""
    # A commit is made in another thread, one at a time, while nobody else uses the connection.
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True, pool_size=connections, max_overflow=0, query_cache_size=_STATEMENTS,
    )  # fmt: skip
    _set_up(engine, begin, _PRAGMAS | (_THROWN_AWAY if thrown_away else {}) | pragmas)
    return engine


def _set_up(engine: Engine, begin: str, pragmas: dict[str, Any]) -> None:
    # Python's sqlite3 begins no transaction before a SELECT, so a value read first could be stale when written back:
    # it is told to begin none at all, and we begin ours.
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _checkpoint(engine: Engine) -> bool:
    # Beside the engine's own transactions, in which SQLite refuses it; at once or not at all, as writers wait.
    borrowed = engine.raw_connection()
    try:
        busy = borrowed.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        borrowed.close()
    return not busy


async def _undisturbed(disk: Executor, step: Callable[[], T]) -> T:
    """Let `step` wait for the disk in its thread, to its end, then pass on the cancellation that came meanwhile.

    A connection whose commit is cut short keeps the file locked.
    """
    done = asyncio.get_running_loop().run_in_executor(disk, step)
    cancelled = False
    while not done.done():
        try:
            await asyncio.wait({done})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError from done.exception()
    return done.result()


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a write failed after its caller had gone", exc_info=error)
