"""Communities, their spaces and their settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, exists
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.types import Json, UtcDateTime


class Community(SQLModel, table=True):
    """People who belong together, over one or more spaces."""

    id: str = Field(primary_key=True)
    name: str
    zone: str = "UTC"
    language: str = "en"
    created_at: datetime = Field(sa_type=UtcDateTime)


class Space(SQLModel, table=True):
    """A Discord server or Slack workspace. It belongs to exactly one community; `gone_at` makes it dormant."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    platform: str
    external_id: str
    gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Setting(SQLModel, table=True):
    """What a community decided, by the key that a feature declares; absent means the declared default."""

    community_id: str = Field(primary_key=True, foreign_key="community.id")
    key: str = Field(primary_key=True)
    value: Any = Field(sa_type=Json)


_SETTINGS = select(Setting.key, Setting.value).where(col(Setting.community_id) == bindparam("community_id"))


async def by_id(db: Db, community_id: str) -> Community | None:
    """Return the community."""
    return await db.get(Community, community_id)


async def every(db: Db) -> list[Community]:
    """Return all communities of the installation, oldest first; not one whose spaces joined another community."""
    found = select(Community).where(exists().where(col(Space.community_id) == col(Community.id)))
    return list(await db.exec(found.order_by(col(Community.created_at), col(Community.id))))


async def space(db: Db, platform: str, external_id: str) -> Space | None:
    """Return a space by the platform's own id."""
    found = select(Space).where(Space.platform == platform, Space.external_id == external_id)
    return (await db.exec(found)).first()


async def space_by_id(db: Db, community_id: str, space_id: str) -> Space | None:
    """Return a space of the community."""
    return await storage.rows.ours(db, Space, community_id, space_id)


async def spaces(db: Db, community_id: str) -> list[Space]:
    """Return the community's spaces, dormant ones too, in a fixed order."""
    return list((await db.exec(select(Space).where(Space.community_id == community_id).order_by(col(Space.id)))).all())


async def awake(db: Db, platform: str) -> list[str]:
    """Return the platform's own ids of all spaces of the installation that are not dormant."""
    found = select(Space.external_id).where(Space.platform == platform, col(Space.gone_at).is_(None))
    return list((await db.exec(found.order_by(col(Space.external_id)))).all())


async def settings(db: Db, community_id: str) -> dict[str, Any]:
    """Return what the community set: key -> value."""
    return dict((await db.exec(_SETTINGS, params={"community_id": community_id})).all())


async def set_value(db: Db, community_id: str, key: str, value: Any) -> None:
    """Store one setting, replacing what was there."""
    row = await db.get(Setting, (community_id, key))
    if row is None:
        db.add(Setting(community_id=community_id, key=key, value=value))
    else:
        row.value = value
        db.add(row)
