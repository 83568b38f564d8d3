"""A transaction whose statements run where they are asked, on the event loop's own thread.

SQLite answers one of Kith's questions in some ten microseconds; handing it to a thread and back took longer than
answering it. So nothing is handed over: only a commit, which waits for the disk, is made in a thread (see
`storage.engine`). What would hold the loop for long lets it breathe instead, between two statements.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Dialect, Executable
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session as SyncSession

from storage.db import Params

T = TypeVar("T")

BREATH = 0.01
"""Seconds of statements after which the event loop has its turn."""


class InlineDb:
    """A `Db` over an ordinary session."""

    def __init__(self, session: SyncSession) -> None:
        self.sync_session = session
        self._breathed = time.monotonic()

    async def exec(self, statement: Any, *, params: Params | None = None) -> Any:
        """Run a statement; what was added is written first."""
        await self._breathe()
        return self.sync_session.exec(statement, params=params)

    async def get(self, entity: type[T], ident: Any) -> T | None:
        """Return the row with this primary key, from memory when it was loaded before."""
        await self._breathe()
        if self.sync_session.new:
            self.sync_session.flush()
        return self.sync_session.get(entity, ident)

    def add(self, instance: object) -> None:
        """Have a row written with the next statement, or at the end."""
        self.sync_session.add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        """Have rows written with the next statement, or at the end."""
        self.sync_session.add_all(instances)

    async def flush(self) -> None:
        """Write what was added or changed."""
        await self._breathe()
        self.sync_session.flush()

    async def delete(self, instance: object) -> None:
        """Have a row removed with the next statement, or at the end."""
        self.sync_session.delete(instance)

    async def merge(self, instance: T) -> T:
        """Return the row of this transaction that has the primary key and now the values of `instance`."""
        return self.sync_session.merge(instance)

    async def refresh(self, instance: object) -> None:
        """Read a row again."""
        self.sync_session.refresh(instance)

    def expire_all(self) -> None:
        """Forget what was loaded."""
        self.sync_session.expire_all()

    async def begin_nested(self) -> Savepoint:
        """Begin a part that can be undone by itself."""
        return Savepoint(self.sync_session.begin_nested())

    async def connection(self) -> Connection:
        """Return what statements run on."""
        await self._breathe()
        return Connection(self.sync_session.connection())

    async def _breathe(self) -> None:
        now = time.monotonic()
        if now - self._breathed > BREATH:
            await asyncio.sleep(0)
            self._breathed = time.monotonic()


class Savepoint:
    """A part of a transaction that can be undone by itself."""

    def __init__(self, part: SessionTransaction) -> None:
        self._part = part

    async def commit(self) -> None:
        """Keep it, as far as the whole is kept."""
        self._part.commit()

    async def rollback(self) -> None:
        """Undo it."""
        self._part.rollback()


class Connection:
    """What statements run on."""

    def __init__(self, connection: SyncConnection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._connection.dialect

    async def execute(self, statement: Executable, parameters: Params | None = None) -> CursorResult[Any]:
        """Run a statement; its rows stay tuples."""
        return self._connection.execute(statement, cast("Any", parameters))

    async def exec_driver_sql(self, statement: str) -> CursorResult[Any]:
        """Run SQL as it stands."""
        return self._connection.exec_driver_sql(statement)

    async def run_sync(self, work: Callable[[SyncConnection], T]) -> T:
        """Call `work` with SQLAlchemy's own connection."""
        return work(self._connection)
