"""A column type for private words: encrypted in the file, plain in the object that a handler holds.

Use it for any free text that only its readers should see: `text: str = Field(sa_type=Sealed)`. The key lies outside
the database (`storage.keys`); `Database.open` hands it to the engine, so no query and no handler knows of it. A sealed
column cannot be searched or sorted by what it says, only compared with "".
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Column, Connection, Dialect, String, Table, inspect, literal_column, select, update
from sqlalchemy import column as plain_column
from sqlalchemy import table as plain_table
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from storage.db import Db
from storage.keys import KeyLost, Keys, key_name

_ON_DIALECT = "kith_keys"


class Sealed(TypeDecorator[str]):
    """Words that are encrypted at rest. "" is stored as "": there is nothing to hide, and erasing needs no key.

    Raises `storage.keys.KeyLost` where the key is missing; then nothing is stored and nothing is read.
    """

    impl = String
    cache_ok = True
    kind = str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal what is stored."""
        return _keys(dialect).seal(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open what was stored."""
        return _keys(dialect).unseal(value) if value else value


def attach(dialect: Dialect, keys: Keys) -> None:
    """Let an engine's sealed columns use these keys."""
    setattr(dialect, _ON_DIALECT, keys)


def _keys(dialect: Dialect) -> Keys:
    keys = getattr(dialect, _ON_DIALECT, None)
    if keys is None:
        raise KeyLost("this database was opened without its keys")
    return cast("Keys", keys)


def columns() -> list[Column[Any]]:
    """Return every sealed column of every table."""
    return [
        column
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def names_in_use(connection: Connection) -> set[str]:
    """Return the names of the keys by which the database's words are sealed, one for each sealed column."""
    found, made = set(), set(inspect(connection).get_table_names())
    for column in columns():
        if column.table.name not in made:
            continue
        stored = as_stored(column.table)
        wanted = select(stored.c[column.name]).where(stored.c[column.name] != "").limit(1)
        first = connection.execute(wanted).scalar()
        if first:
            found.add(key_name(first))
    return found


async def empty_all(db: Db) -> int:
    """Empty every sealed column, over the whole installation, because its key is lost; return how many rows."""
    emptied = 0
    connection = await db.connection()
    for column in columns():
        stored = as_stored(column.table)
        value: Any = None if column.nullable else literal_column("''")
        done = await connection.execute(update(stored).where(stored.c[column.name] != "").values({column.name: value}))
        emptied += done.rowcount
    return emptied


def as_stored(table: Any) -> Any:
    """Return a table whose columns have no types: rows are read and written as they lie in the file, still sealed."""
    assert isinstance(table, Table)
    return plain_table(table.name, *(plain_column(one.name) for one in table.columns))
