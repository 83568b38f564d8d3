"""What a member may ask for: everything that names them, and to be forgotten. Works on any declared table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, cast, delete, func, insert, literal, or_, select, update
from sqlmodel import AutoString, Field, SQLModel, col
from sqlmodel import select as rows

from storage.db import Db
from storage.outbox import HELD, OPEN, SKIPPED, Outbox
from storage.sealed import Sealed
from storage.types import Json, JsonDict, JsonList

FORGOTTEN = "forgotten"


class Tombstone(SQLModel, table=True):
    """Somebody who asked to be forgotten: `digest` is a slow hash of a handle or an email, and nothing else is kept."""

    community_id: str = Field(primary_key=True, foreign_key="community.id")
    digest: str = Field(primary_key=True)


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _theirs(table: Table, community_id: str, members: Collection[str], member_id: str) -> ColumnElement[bool]:
    named = or_(*(table.c[column] == member_id for column in members))
    return (table.c.community_id == community_id) & named


async def rows_naming(
    db: Db, community_id: str, table: str, members: Collection[str], member_id: str
) -> list[dict[str, Any]]:
    """Return the rows of `table` whose columns `members` name the member, as JSON values, by primary key."""
    found = _table(table)
    wanted = select(found).where(_theirs(found, community_id, members, member_id)).order_by(*found.primary_key)
    await db.flush()
    got = await (await db.connection()).execute(wanted)
    return [{name: _json(value) for name, value in row.items()} for row in got.mappings()]


async def delete_naming(db: Db, community_id: str, table: str, members: Collection[str], member_id: str) -> int:
    """Remove the rows of `table` that name the member; return how many."""
    found = _table(table)
    await db.flush()
    gone = await (await db.connection()).execute(delete(found).where(_theirs(found, community_id, members, member_id)))
    return gone.rowcount


async def redact_naming(
    db: Db, community_id: str, table: str, members: Collection[str], texts: Collection[str], member_id: str
) -> int:
    """Empty the columns `texts` in the rows of `table` that name the member; return how many."""
    found = _table(table)
    emptied = {name: empty(found.c[name]) for name in texts}
    await db.flush()
    changed = update(found).where(_theirs(found, community_id, members, member_id)).values(emptied)
    return (await (await db.connection()).execute(changed)).rowcount


def empty(column: Column[Any]) -> Any:
    """Return what a column holds when its words are gone. Raises `TypeError` for one that cannot be empty."""
    if column.nullable:
        return None
    for kind, value in ((JsonList, []), (JsonDict, {}), (AutoString, ""), (Sealed, "")):
        if isinstance(column.type, kind):
            return value
    raise TypeError(f"{column} cannot be emptied: make it nullable, or delete its rows instead")


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


async def drop_messages_about(db: Db, community_id: str, member_id: str) -> int:
    """Skip what is not sent yet and carries the member in its parameters, and erase those; return how many."""
    about = cast(Outbox.params, String).contains(member_id, autoescape=True)
    unsent = select(col(Outbox.id)).where(
        col(Outbox.community_id) == community_id, col(Outbox.state).in_((*OPEN, HELD)), about
    )  # fmt: skip
    await db.flush()
    changed = update(_table("outbox")).where(_table("outbox").c.id.in_(unsent))
    done = await (await db.connection()).execute(changed.values(state=SKIPPED, params={}, error=FORGOTTEN))
    return done.rowcount


async def remove_older(db: Db, community_id: str, table: str, dated: str, before: datetime) -> int:
    """Remove the rows of `table` whose moment `dated` is earlier than `before`; return how many."""
    found = _table(table)
    await db.flush()
    old = (found.c.community_id == community_id) & (found.c[dated] < before)
    return (await (await db.connection()).execute(delete(found).where(old))).rowcount


async def remember_forgotten(db: Db, community_id: str, digests: Collection[str]) -> None:
    """Keep the digests of somebody who is forgotten."""
    known = await forgotten(db, community_id)
    for digest in sorted(set(digests) - known):
        db.add(Tombstone(community_id=community_id, digest=digest))


async def forgotten(db: Db, community_id: str) -> set[str]:
    """Return the digests of everybody who asked this community to forget them."""
    return set(await db.exec(rows(Tombstone.digest).where(Tombstone.community_id == community_id)))


async def part_from_id(db: Db, community_id: str, member_id: str, fresh_id: str) -> None:
    """Give the row of somebody forgotten, and everything that still points to it, another id.

    Old lists, keys and notes name members by their id, so as long as the id stands, whoever knows it finds them. Rows
    loaded before are not to be written again.
    """
    members = _table("member")
    await db.flush()
    connection = await db.connection()
    copied = [literal(fresh_id) if column.name == "id" else column for column in members.columns]
    theirs = (members.c.community_id == community_id) & (members.c.id == member_id)
    await connection.execute(insert(members).from_select(list(members.columns.keys()), select(*copied).where(theirs)))
    for table in SQLModel.metadata.tables.values():
        if "community_id" not in table.c:
            continue
        for column in table.columns:
            if any(key.column is members.c.id for key in column.foreign_keys):
                named = update(table).where(table.c.community_id == community_id, column == member_id)
                await connection.execute(named.values({column.name: fresh_id}))
        if held := [column for column in table.columns if _may_hold_ids(column)]:
            texts = {column.name: cast(column, String) for column in held}
            anywhere = or_(*(text.contains(member_id, autoescape=True) for text in texts.values()))
            changed = {
                column.name: cast(func.replace(texts[column.name], member_id, fresh_id), column.type)
                if connection.dialect.name == "postgresql"
                else func.replace(texts[column.name], member_id, fresh_id)
                for column in held
            }
            ours = update(table).where(table.c.community_id == community_id, anywhere)
            await connection.execute(ours.values(changed))
    await connection.execute(delete(members).where(theirs))
    db.expire_all()


def _may_hold_ids(column: Column[Any]) -> bool:
    if column.foreign_keys or column.name in ("id", "community_id"):
        return False
    return type(column.type) is AutoString or isinstance(column.type, JsonDict | JsonList | Json)
