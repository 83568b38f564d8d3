"""Members and the accounts by which spaces know them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, and_, exists, func
from sqlmodel import Field, SQLModel, col, select

from storage.community import Community, Space
from storage.db import Db
from storage.types import JsonList, UtcDateTime


class Member(SQLModel, table=True):
    """A person in one community. Nothing is sent to a member whose `opted_in_at` is empty, or who left."""

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    handle: str = Field(index=True)
    name: str
    email: str | None = None
    zone: str | None = None
    language: str | None = None
    languages: list[str] = Field(default_factory=list, sa_type=JsonList)
    offers: list[str] = Field(default_factory=list, sa_type=JsonList)
    wants: list[str] = Field(default_factory=list, sa_type=JsonList)
    interests: list[str] = Field(default_factory=list, sa_type=JsonList)
    goals: list[str] = Field(default_factory=list, sa_type=JsonList)
    availability: str = ""
    level: int | None = None
    grouping: str = ""
    avoid: list[str] = Field(default_factory=list, sa_type=JsonList)
    quiet_start: str = "20:00"
    quiet_end: str = "08:00"
    weekly_nudges: int = 5
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dm_closed: bool = False
    opted_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def shown(self) -> str:
        """The name as others read it; an ellipsis for somebody who asked to be forgotten."""
        return self.name or "…"


class Identity(SQLModel, table=True):
    """An account of a member on one space. `dm_channel` is kept so that a DM is opened once."""

    __table_args__ = (UniqueConstraint("space_id", "external_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    space_id: str = Field(foreign_key="space.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    external_id: str = Field(index=True)
    dm_channel: str | None = None


async def by_id(db: Db, community_id: str, member_id: str) -> Member | None:
    """Return a member of the community."""
    return (await db.exec(select(Member).where(Member.community_id == community_id, Member.id == member_id))).first()


async def by_ids(db: Db, community_id: str, ids: Collection[str]) -> dict[str, Member]:
    """Return members of the community by id; unknown ids are absent."""
    found = select(Member).where(Member.community_id == community_id, col(Member.id).in_(list(ids)))
    return {member.id: member for member in await db.exec(found)}


async def by_account(db: Db, community_id: str, space_id: str, external_id: str) -> Member | None:
    """Return the member behind an account of a space."""
    found = (
        select(Member)
        .join(Identity, col(Identity.member_id) == Member.id)
        .where(
            Identity.community_id == community_id, Identity.space_id == space_id, Identity.external_id == external_id
        )
    )
    return (await db.exec(found)).first()


async def by_handle(db: Db, community_id: str, handle: str) -> list[Member]:
    """Return members whose handle, or else whose name, is this, whatever the case; at most ten."""
    for column in (Member.handle, Member.name):
        found = (
            select(Member)
            .where(Member.community_id == community_id, func.lower(column) == handle.lower())
            .order_by(col(Member.id))
            .limit(10)
        )
        if rows := list(await db.exec(found)):
            return rows
    return []


async def caller(db: Db, platform: str, space: str, external_id: str) -> tuple[Space, Community, Member | None] | None:
    """Return a space by the platform's id, its community, and the member behind an account on it, if there is one.

    Looks over the whole installation: it is how an event finds its community. None for an unknown space.
    """
    found = (
        select(Space, Community, Member)
        .join(Community, col(Community.id) == Space.community_id)
        .outerjoin(Identity, and_(col(Identity.space_id) == Space.id, col(Identity.external_id) == external_id))
        .outerjoin(Member, col(Member.id) == Identity.member_id)
        .where(Space.platform == platform, Space.external_id == space)
    )
    row = (await db.exec(found)).first()
    return (row[0], row[1], row[2]) if row is not None else None


async def named(db: Db, community_id: str, space_id: str, ids: Collection[str]) -> dict[str, tuple[Member, str | None]]:
    """Return member id -> (member, their account on this space or None); unknown ids are absent."""
    found = (
        select(Member, Identity.external_id)
        .outerjoin(Identity, and_(col(Identity.member_id) == Member.id, col(Identity.space_id) == space_id))
        .where(Member.community_id == community_id, col(Member.id).in_(list(ids)))
    )
    return {member.id: (member, account) for member, account in await db.exec(found.order_by(col(Member.id)))}


async def unclaimed(db: Db, community_id: str, handle: str) -> list[Member]:
    """Return members with this handle, whatever its case, who are here and have no account on any space: imported."""
    found = select(Member).where(
        Member.community_id == community_id,
        func.lower(Member.handle) == handle.lower(),
        col(Member.left_at).is_(None),
        ~exists().where(col(Identity.member_id) == Member.id),
    )
    return list(await db.exec(found.order_by(col(Member.id)).limit(2)))


async def everyone(db: Db, community_id: str) -> list[Member]:
    """Return the members who have not left, by handle."""
    found = select(Member).where(Member.community_id == community_id, col(Member.left_at).is_(None))
    return list(await db.exec(found.order_by(col(Member.handle), col(Member.id))))


async def active(db: Db, community_id: str) -> int:
    """Return how many members opted in and have not left."""
    found = select(func.count()).where(
        Member.community_id == community_id, col(Member.opted_in_at).is_not(None), col(Member.left_at).is_(None)
    )
    return (await db.exec(found)).one()


async def identities(db: Db, community_id: str, member_id: str) -> list[Identity]:
    """Return the accounts of a member on spaces that are not dormant, oldest space first."""
    found = (
        select(Identity)
        .join(Space, col(Space.id) == Identity.space_id)
        .where(Identity.community_id == community_id, Identity.member_id == member_id, col(Space.gone_at).is_(None))
    )
    return list(await db.exec(found.order_by(col(Identity.space_id), col(Identity.id))))


async def accounts(db: Db, community_id: str, space_id: str, ids: Collection[str]) -> dict[str, str]:
    """Return member id -> account on this space, for those who have one."""
    found = select(Identity).where(
        Identity.community_id == community_id, Identity.space_id == space_id, col(Identity.member_id).in_(list(ids))
    )
    return {row.member_id: row.external_id for row in await db.exec(found)}


async def spaces_of(db: Db, community_id: str, ids: Collection[str]) -> dict[str, list[str]]:
    """Return member id -> the spaces, not dormant, on which they have an account."""
    found = (
        select(Identity.member_id, Identity.space_id)
        .join(Space, col(Space.id) == Identity.space_id)
        .where(
            Identity.community_id == community_id, col(Identity.member_id).in_(list(ids)), col(Space.gone_at).is_(None)
        )
    )
    spaces: dict[str, list[str]] = {}
    for member, space in await db.exec(found.order_by(col(Identity.member_id), col(Identity.space_id))):
        spaces.setdefault(member, []).append(space)
    return spaces


async def communities_of_account(db: Db, platform: str, external_id: str) -> list[Identity]:
    """Return an account's identities on all spaces of a platform: how a press in a DM finds its community."""
    found = (
        select(Identity)
        .join(Space, col(Space.id) == Identity.space_id)
        .where(Space.platform == platform, Identity.external_id == external_id, col(Space.gone_at).is_(None))
    )
    return list(await db.exec(found.order_by(col(Identity.id))))


async def remember_dm(db: Db, community_id: str, space_id: str, external_id: str, channel: str) -> None:
    """Keep the DM channel of an account."""
    found = select(Identity).where(
        Identity.community_id == community_id, Identity.space_id == space_id, Identity.external_id == external_id
    )
    identity = (await db.exec(found)).first()
    if identity is not None and identity.dm_channel != channel:
        identity.dm_channel = channel
        db.add(identity)


async def accounts_here(db: Db, community_id: str, space_id: str) -> list[str]:
    """Return the platform's ids of the members on a space who have not left."""
    found = (
        select(Identity.external_id)
        .join(Member, col(Member.id) == col(Identity.member_id))
        .where(Identity.community_id == community_id, Identity.space_id == space_id, col(Member.left_at).is_(None))
        .order_by(col(Identity.external_id))
    )
    return list((await db.exec(found)).all())
