"""Codes that join two accounts of a person, or two spaces of a community, and the moving of rows that follows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, update
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime

MEMBER, SPACE = "member", "space"

MOVED = ("space", "identity", "member", "kudos", "recognition", "request_helper", "outbox")
"""Tables whose rows go with a space to its new community."""
DROPPED = ("occurrence", "schedule", "draft", "setting", "role", "link_code")
"""Tables whose rows end with the old community: the new one has its own, and grants its own rights."""
LEFT = ("audit", "tombstone")
"""Tables whose rows stay with the old community: a log that nobody may change, and hashes that hold only there."""


class LinkCode(SQLModel, table=True):
    """A code that was made and not used yet; only its hash is kept. `kind` says what it joins: member or space."""

    __tablename__ = "link_code"

    hash: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    kind: str
    expires_at: datetime = Field(sa_type=UtcDateTime)


async def make(db: Db, row: LinkCode) -> None:
    """Store a code in the place of the one that this member made before, over the whole installation by its hash."""
    await drop(db, row.community_id, row.member_id, row.kind)
    db.add(row)


async def drop(db: Db, community_id: str, member_id: str, kind: str) -> None:
    """Remove a member's code: it was used, or there is a newer one."""
    mine = delete(LinkCode).where(
        col(LinkCode.community_id) == community_id, col(LinkCode.member_id) == member_id, col(LinkCode.kind) == kind
    )
    await db.exec(mine)


async def find(db: Db, hash: str, kind: str, now: datetime) -> LinkCode | None:  # noqa: A002 - the column's name
    """Return the code with this hash that is still valid, over the whole installation: its owner may be elsewhere."""
    found = select(LinkCode).where(LinkCode.hash == hash, LinkCode.kind == kind, col(LinkCode.expires_at) > now)
    return (await db.exec(found)).first()


async def rename(db: Db, community_id: str, table: str, members: Collection[str], member_id: str, to_id: str) -> None:
    """Let the rows of `table` that name a member in one of these columns name another one."""
    found = SQLModel.metadata.tables[table]
    await db.flush()
    for column in members:
        theirs = (found.c.community_id == community_id) & (found.c[column] == member_id)
        await (await db.connection()).execute(update(found).where(theirs).values({column: to_id}))


async def own_tables(db: Db, community_id: str) -> list[str]:
    """Return the tables in which a community has rows that could not follow its space elsewhere, by name."""
    await db.flush()
    others = [
        table for table in SQLModel.metadata.sorted_tables
        if "community_id" in table.c and table.name not in (*MOVED, *DROPPED, *LEFT)
    ]  # fmt: skip
    connection = await db.connection()
    held = [(await connection.execute(select(exists().where(one.c.community_id == community_id)))) for one in others]
    return sorted(table.name for table, found in zip(others, held, strict=True) if found.scalar())


async def join(db: Db, community_id: str, into: str) -> None:
    """Move a community's spaces and members into another community, and end what was its own.

    The emptied one stays, without a space, for its audit log.
    """
    await db.flush()
    connection = await db.connection()
    for name in DROPPED:
        table = SQLModel.metadata.tables[name]
        await connection.execute(delete(table).where(table.c.community_id == community_id))
    for name in MOVED:
        table = SQLModel.metadata.tables[name]
        await connection.execute(update(table).where(table.c.community_id == community_id).values(community_id=into))
