"""Opens a database and hands out units of work: one writer, first come first served, and a few readers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import URL, Connection, event, inspect, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.inline import connect as inline_connect
from storage.lock import DatabaseBusy, ProcessLock
from storage.migrate import VERSIONS, DatabaseNewer, MigrationFailed, check, upgrade
from storage.one_trip import connect

__all__ = ["Conflict", "Database", "DatabaseBusy", "DatabaseNewer", "MigrationFailed", "insert_once"]

T = TypeVar("T")

_READERS = 4
_PRAGMAS = {
    "busy_timeout": 5_000,  # milliseconds; waits only for a tool that opened the file beside us
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

    `path` is the file (`None` where there is none), `dialect` is `"sqlite"` (or, one day, `"postgresql"`).
    Sessions keep loaded rows usable after the commit (`expire_on_commit=False`).
    """

    def __init__(self, path: Path, lock: ProcessLock, *, inline: bool = False) -> None:
        """Use `Database.open`: this only holds what that has made ready."""
        self.path: Path | None = path
        self.dialect = "sqlite"
        self._lock = lock
        how: dict[str, Any] = {"inline": inline, "max_overflow": 0}
        self._writer = _engine(path, "BEGIN IMMEDIATE", pool_size=1, **how)
        self._readers = _engine(path, "BEGIN", {"query_only": "ON"}, pool_size=_READERS, **how)
        self._turn = asyncio.Lock()
        self._seats = asyncio.Semaphore(_READERS)
        self._holder: asyncio.Task[Any] | None = None
        self._writes: set[asyncio.Task[Any]] = set()
        self._closed = False

    @classmethod
    async def open(
        cls, url: str | Path, *, migrate: bool = True, versions: Path = VERSIONS, inline: bool = False
    ) -> Self:
        """Open the SQLite file at `url`, a path or `sqlite+aiosqlite:///PATH`, making it and its folder if need be.

        Takes the process lock, then applies the missing revisions of the folder `versions`, unless `migrate` is false.
        `inline` is for a run in which nobody waits and whose file is thrown away: statements block the event loop
        instead of a thread, and nothing is made safe from a power cut.
        Raises `ValueError` for an address that is no SQLite file, `DatabaseBusy`, `DatabaseNewer`, `MigrationFailed`.
        """
        path = _file(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = ProcessLock(path)
        try:
            path.touch(mode=0o600)
            await _prepare(path, migrate, versions)
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, inline=inline)

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[AsyncSession]:
        """Wait for the turn to write, then yield a session: leaving commits, raising rolls back and raises on.

        A task that is cancelled inside leaves no lock behind, but what it did is undone: use `write` where the work
        should outlive its caller. Opening a second unit inside a unit raises `RuntimeError`, as it would wait for
        itself. No network call belongs inside.
        """
        self._refuse_if_closed()
        async with self._begin() as session:
            yield session

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[AsyncSession]:
        task = asyncio.current_task()
        if self._holder is task:
            raise RuntimeError("a unit of work is open in this task already: pass its session on, do not open another")
        async with self._turn:
            self._holder = task
            try:
                async with _session(self._writer) as session:
                    yield session
                    await _undisturbed(session.commit())
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in _RERUN:
                    raise Conflict("another unit of work changed the same rows first; run this one again") from error
                raise
            finally:
                self._holder = None

    async def write(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
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
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Yield a session that sees one consistent state and refuses to write (`sqlalchemy.exc.OperationalError`).

        There are four readers; a fifth waits for one of them. Writers and readers do not wait for each other.
        """
        self._refuse_if_closed()
        async with self._seats, _session(self._readers) as session:
            yield session

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
                await self._readers.dispose()
                await self._writer.dispose()
            finally:
                self._lock.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RuntimeError(f"the database {self.path} is closed")


async def insert_once(db: AsyncSession, row: SQLModel) -> bool:
    """Insert `row` unless a unique key of it is taken; return whether it was inserted.

    A generated primary key is set on `row`, which stays outside the session: load it to change it. Columns that are
    `None` and have a default of the database get that. Other constraints raise `IntegrityError` as ever.
    """
    dialect = (await db.connection()).dialect.name
    mapper = inspect(type(row))
    values = {}
    for attribute in mapper.column_attrs:
        column, value = attribute.columns[0], getattr(row, attribute.key)
        filled = column.primary_key or column.default is not None or column.server_default is not None
        if value is not None or not filled:
            values[column.key] = value
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(mapper.local_table).values(values).on_conflict_do_nothing().returning(*mapper.primary_key)
    inserted = (await db.exec(statement)).first()
    if inserted is None:
        return False
    for column, value in zip(mapper.primary_key, inserted, strict=True):
        setattr(row, mapper.get_property_by_column(column).key, value)
    return True


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


async def _prepare(path: Path, migrating: bool, versions: Path) -> None:
    # A batch migration rebuilds tables: with foreign keys on, dropping the old one would delete its children.
    engine = _engine(path, "BEGIN IMMEDIATE", {"foreign_keys": "OFF"}, poolclass=NullPool)
    try:
        await (upgrade(engine, path, versions) if migrating else check(engine, str(path), versions))
    finally:
        await engine.dispose()


def _engine(
    path: Path, begin: str, pragmas: dict[str, str] | None = None, *, inline: bool = False, **pool: Any
) -> AsyncEngine:
    """Make an engine for the file whose transactions begin with `begin`; `pragmas` add to or replace the usual ones."""
    # Python's sqlite3 begins no transaction before a SELECT, so a value read first could be stale when written back:
    # it is told to begin none at all, and we begin ours.
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        connect_args={"isolation_level": None, "async_creator_fn": inline_connect if inline else connect},
        hide_parameters=True,
        **pool,
    )
    settings = _PRAGMAS | (_THROWN_AWAY if inline else {}) | (pragmas or {})

    @event.listens_for(engine.sync_engine, "connect")
    def _set_up(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine.sync_engine, "invalidate")
    def _let_go(connection: Any, _record: object, _error: BaseException | None) -> None:
        # SQLite keeps a closed connection, and its lock, alive as long as a cursor of the statement that was cut
        # short is alive. The rollback is queued before the first wait, so a further cancellation cannot stop it.
        with suppress(asyncio.CancelledError):
            connection.rollback()

    return engine


@asynccontextmanager
async def _session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Yield a session that has begun; leaving gives its connection back whole, whatever happens to the task."""
    session = AsyncSession(engine, expire_on_commit=False)
    try:
        await _undisturbed(session.connection())
        yield session
    finally:
        await _undisturbed(session.close())


async def _undisturbed(step: Coroutine[Any, Any, object]) -> None:
    """Await `step` to its end, then pass on the cancellation that came meanwhile, if one did.

    A connection whose begin, commit or rollback is cut short keeps the file locked.
    """
    task = asyncio.create_task(step)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError from task.exception()
    task.result()


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("a write failed after its caller had gone", exc_info=error)
