"""aiosqlite with one trip to its thread for each statement.

As it comes, a statement takes four: make a cursor, execute, fetch, close. The trips cost more than SQLite itself, so
here all four are one function that the connection's thread runs. SQLAlchemy reads every row at once anyway.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import partial
from typing import Any, Self

import aiosqlite


class Cursor:
    """The part of an `aiosqlite.Cursor` that SQLAlchemy uses: what one statement answered, with nothing left open."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> Self:
        """Run one statement and take its rows."""
        return await self._take("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> Self:
        """Run one statement for each set of parameters."""
        return await self._take("executemany", sql, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open."""

    async def _take(self, how: str, sql: str, parameters: Iterable[Any]) -> Self:
        answer = await self._connection.trip(how, sql, parameters)
        self._rows, self.description, self.rowcount, self.lastrowid = answer
        return self


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors answer in one trip."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy asks for no more
        """Return a new cursor; the thread hears of it with its first statement."""
        return Cursor(self)

    async def trip(self, how: str, sql: str, parameters: Iterable[Any]) -> tuple[list[Any], Any, int, int | None]:
        """Return (rows, description, row count, last row id) of a statement."""
        answer: tuple[list[Any], Any, int, int | None] = await self._execute(  # type: ignore[no-untyped-call]
            _statement, self._conn, how, sql, parameters
        )
        return answer


def _statement(
    connection: sqlite3.Connection, how: str, sql: str, parameters: Iterable[Any]
) -> tuple[list[Any], Any, int, int | None]:
    cursor = connection.cursor()
    try:
        getattr(cursor, how)(sql, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()


def connect(database: str, **options: Any) -> Connection:
    """Open a connection, as `aiosqlite.connect` does; `options` are those of `sqlite3.connect`."""
    connection = Connection(partial(sqlite3.connect, database, **options), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does for connections that it makes itself
    return connection
