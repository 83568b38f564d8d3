"""Tables of the storage tests' own, kept out of Kith's schema, and what several of these tests ask of a database."""

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlalchemy import func
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, select

from storage.db import Db
from storage.engine import Database
from storage.types import JsonDict, JsonList, UtcDateTime


class Own(SQLModel, registry=registry()):
    """A registry of our own keeps the tables of these tests out of the schema."""


class Tally(Own, table=True):
    """A number that units of work read, add to and write back."""

    id: int = Field(primary_key=True)
    total: int = 0


class Entry(Own, table=True):
    """A row with a unique key, an instant and JSON values."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    label: str | None = Field(default=None, sa_column_kwargs={"server_default": "plain"})
    tally_id: int | None = Field(default=None, foreign_key="tally.id")
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    facts: dict[str, object] | None = Field(default=None, sa_type=JsonDict)
    names: list[str] | None = Field(default=None, sa_type=JsonList)


async def count(database: Database) -> int:
    """Return how many entries there are."""
    async with database.read() as db:
        return (await db.exec(select(func.count()).select_from(Entry))).one()


async def total(database: Database) -> int:
    """Return the tally."""
    async with database.read() as db:
        return (await db.exec(select(Tally.total))).one()


async def add_one(db: Db) -> int:
    """Read, think, write back: what loses updates where units are not kept apart."""
    tally = (await db.exec(select(Tally))).one()
    seen = tally.total
    await asyncio.sleep(0)
    tally.total = seen + 1
    return tally.total


def free(path: Path | None, within: float = 5) -> bool:
    """Return whether the file can be locked for writing: a lock left behind stays, a rollback under way ends soon."""
    other = sqlite3.connect(str(path), timeout=within, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    return True


def sound(path: Path | None) -> bool:
    """Return whether SQLite finds the file whole."""
    other = sqlite3.connect(str(path))
    try:
        return [("ok",)] == other.execute("PRAGMA integrity_check").fetchall()
    finally:
        other.close()
