"""One row of every table, made from the metadata, so that a promise about all tables needs no list of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import SQLModel, select

import storage.recognition
import storage.tables
from storage.db import Db
from storage.member import Member
from storage.pair import Pair
from storage.session import CONFIRMED, Session
from storage.types import UtcDateTime

MOMENT = datetime(2026, 3, 2, 8, tzinfo=UTC)
MEMBER_COLUMNS = {("outbox", "to_id"), ("audit", "actor_id")}
"""Columns that hold a member's id without saying so by a foreign key."""


def classes() -> dict[str, type[SQLModel]]:
    """Return table name -> its class, in an order in which rows can be inserted."""
    by_table = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    names = [table.name for table in storage.tables.metadata.sorted_tables if table.name in by_table]
    last = {table for table, _ in MEMBER_COLUMNS}
    return {name: by_table[name] for name in sorted(names, key=lambda name: name in last)}


def row_of(cls: type[SQLModel], made: dict[str, Any], mark: str) -> Any:
    """Make a row of a table that hangs on the rows made before; `mark` stands in all of its words and ids."""
    table = cls.__table__
    values = {}
    for column in table.columns:
        field = cls.model_fields[column.name]
        if column.foreign_keys or (table.name, column.name) in MEMBER_COLUMNS:
            values[column.name] = _target(column, made)
        elif column.name == "to_kind":
            values[column.name] = "member"
        elif field.is_required():
            values[column.name] = _value(column, f"{table.name}-{column.name}-{mark}")
    return cls(**values)


async def add_with_parents(db: Db, cls: type[SQLModel], made: dict[str, Any], mark: str) -> Any:
    """Insert a row of a table, and a row into each table it hangs on that has none in `made` (table -> row or None)."""
    tables = classes()
    for column in cls.__table__.columns:
        for key in column.foreign_keys:
            parent = key.column.table.name
            if not column.nullable and made.get(parent) is None:
                made[parent] = await add_with_parents(db, tables[parent], made, mark)
    row = row_of(cls, made, mark)
    db.add(row)
    await db.flush()
    return row


def _target(column: Column[Any], made: dict[str, Any]) -> Any:
    for key in column.foreign_keys:
        row = made.get(key.column.table.name)
        return getattr(row, key.column.name) if row is not None else None
    return made["member"].id


def _value(column: Column[Any], text: str) -> Any:
    if isinstance(column.type, UtcDateTime):
        return MOMENT
    kind = getattr(column.type, "kind", None) or column.type.python_type
    return {str: text, int: 1, float: 1.0, bool: True, dict: {"text": text}, list: [text], object: text}[kind]


async def fill(db: Db, mark: str, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Insert one row into every table; return them by table name."""
    made: dict[str, Any] = {}
    for name, cls in classes().items():
        if name in without:
            continue
        made[name] = row_of(cls, made, mark)
        db.add(made[name])
        await db.flush()
    return made


async def all_in_public(db: Db) -> None:
    """Let every member have decided that thanks to them may be shown."""
    for member in list(await db.exec(select(Member))):
        await storage.recognition.decide(db, member.community_id, member.id, MOMENT, in_public=True)


async def all_met(db: Db) -> None:
    """Let every pair have met for an hour, which both confirmed."""
    for pair in list(await db.exec(select(Pair))):
        db.add(
            Session(
                id=f"met-{pair.id}", community_id=pair.community_id, programme_id=pair.programme_id, pair_id=pair.id,
                status=CONFIRMED, minutes=60, created_at=MOMENT, confirmed_at=MOMENT,
            )
        )  # fmt: skip
