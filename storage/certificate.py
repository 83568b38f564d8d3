"""Certificates: who was offered one, what was signed, and what was revoked."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.types import UtcDateTime

OFFERED, ISSUED, REVOKED = "offered", "issued", "revoked"


class Certificate(SQLModel, table=True):
    """What one member gets for their hours in a programme.

    `status`: offered (waits for the name that its member wants on it), issued, revoked. `number` is its UUID, which is
    all that stays when its member asks to be forgotten. `minutes` and `sessions` are what it was offered for.
    `credential` is the signed document (JSON), `code` the signed word on its page.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    number: str = Field(unique=True)
    status: str = OFFERED
    name: str = ""
    minutes: int
    sessions: int
    credential: str = ""
    code: str = ""
    offered_at: datetime = Field(sa_type=UtcDateTime)
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


async def of_member(db: Db, community_id: str, member_id: str) -> list[Certificate]:
    """Return a member's certificates, newest first."""
    found = select(Certificate).where(Certificate.community_id == community_id, Certificate.member_id == member_id)
    return list(await db.exec(found.order_by(col(Certificate.offered_at).desc(), col(Certificate.id).desc())))


async def holders(db: Db, community_id: str, programme_id: str, member_ids: Collection[str]) -> set[str]:
    """Return who of these members has a certificate of the programme that is not revoked, or was offered one."""
    found = select(Certificate.member_id).where(
        Certificate.community_id == community_id, Certificate.programme_id == programme_id,
        Certificate.status != REVOKED, col(Certificate.member_id).in_(list(member_ids)),
    )  # fmt: skip
    return set(await db.exec(found))


async def revoked(db: Db, community_id: str) -> dict[str, datetime]:
    """Return number -> when it was revoked."""
    found = select(Certificate.number, Certificate.revoked_at).where(
        Certificate.community_id == community_id, Certificate.status == REVOKED
    )
    return {number: at for number, at in await db.exec(found) if at is not None}


async def newest_issued(db: Db) -> Certificate | None:
    """Return the certificate that was signed last and is still held by its member, over the whole installation."""
    found = select(Certificate).where(Certificate.credential != "", col(Certificate.issued_at).is_not(None))
    return (await db.exec(found.order_by(col(Certificate.issued_at).desc(), col(Certificate.id).desc()))).first()


def revoked_beside(path: Path) -> dict[str, str]:
    """Return number -> day of what was revoked, over the whole installation, read from an SQLite file.

    It is only read, so Kith may be running beside. Raises `sqlite3.Error` for a file that cannot be read as ours.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
        rows = file.execute("SELECT number, revoked_at FROM certificate WHERE status = ?", (REVOKED,))
        return {number: str(at)[:10] for number, at in rows}
