"""SQLite without a thread: each call blocks the event loop until it is done.

Right where nobody waits: `kith simulate` asks a hundred thousand small questions in a row, and handing each to a thread
and back takes longer than answering it. Wrong in a bot that has members to answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterable
from typing import Any, Self


class Cursor:
    """The part of an `aiosqlite.Cursor` that SQLAlchemy uses."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def __getattr__(self, name: str) -> Any:
        """Return what a cursor knows of itself: `description`, `rowcount`, `lastrowid`, `arraysize`."""
        return getattr(self._cursor, name)

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Run one statement."""
        self._cursor.execute(sql, parameters)  # type: ignore[arg-type]  # a sequence or a mapping
        return self

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Run one statement for each set of parameters."""
        self._cursor.executemany(sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """End the statement."""
        self._cursor.close()


class Connection:
    """The part of an `aiosqlite.Connection` that SQLAlchemy uses. Made by `connect`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    def __await__(self) -> Generator[Any, None, Self]:
        return self._opened().__await__()

    async def _opened(self) -> Self:
        return self

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self._open.cursor())

    async def create_function(self, name: str, parameters: int, function: Any, **options: Any) -> None:
        """Let SQL call a function."""
        self._open.create_function(name, parameters, function, **options)

    async def commit(self) -> None:
        """Commit."""
        self._open.commit()

    async def rollback(self) -> None:
        """Roll back."""
        self._open.rollback()

    async def close(self) -> None:
        """Close; twice is once."""
        self.stop()

    def stop(self) -> None:
        """Close at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("Connection closed")
        return self._connection


def connect(database: str, **options: Any) -> Connection:
    """Open a connection, as `aiosqlite.connect` does; `options` are those of `sqlite3.connect`."""
    return Connection(sqlite3.connect(database, **options))
