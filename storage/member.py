"""Members and the accounts by which spaces know them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, and_, bindparam, exists, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.community import Community, Space
from storage.db import Db
from storage.types import JsonList, UtcDateTime


class Member(SQLModel, table=True):
    """A person in one community. Nothing is sent to a member whose `opted_in_at` is empty, or who left.

    Whom moderators froze (`frozen_at`) is asked nothing, paired with nobody, and may use only what is always there.
    `last_seen_at`: when they last used Kith, to the minute, but for what is sensitive. `inactive_at`: since when
    nothing is asked of them, because they let many questions pass; any word of theirs ends it. `needs`: what makes
    taking part easier for them; only coordinators of their programmes see it.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    handle: str = Field(index=True)
    name: str
    email: str | None = None
    zone: str | None = None
    language: str | None = None
    languages: list[str] = Field(default=[], sa_type=JsonList)
    offers: list[str] = Field(default=[], sa_type=JsonList)
    wants: list[str] = Field(default=[], sa_type=JsonList)
    interests: list[str] = Field(default=[], sa_type=JsonList)
    goals: list[str] = Field(default=[], sa_type=JsonList)
    availability: str = ""
    level: int | None = None
    grouping: str = ""
    pronouns: str = ""
    needs: str = ""
    avoid: list[str] = Field(default=[], sa_type=JsonList)
    quiet_start: str = "20:00"
    quiet_end: str = "08:00"
    weekly_nudges: int = 5
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dm_closed: bool = False
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    inactive_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opted_in_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)

    def takes_part(self, now: datetime) -> bool:
        """Whether they can be paired or asked to help: opted in, here, not paused, not inactive and not frozen."""
        if self.opted_in_at is None or (self.paused_until is not None and self.paused_until > now):
            return False
        return self.left_at is None and self.inactive_at is None and self.frozen_at is None

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


# What nearly every command asks is put together once: making a statement costs more than SQLite needs to answer it.
_BY_ACCOUNT = (
    select(Member)
    .join(Identity, col(Identity.member_id) == col(Member.id))
    .where(
        col(Identity.community_id) == bindparam("community_id"),
        col(Identity.space_id) == bindparam("space_id"),
        col(Identity.external_id) == bindparam("external_id"),
    )
)
_CALLER = (
    select(Space, Community, Member)
    .join(Community, col(Community.id) == col(Space.community_id))
    .outerjoin(
        Identity, and_(col(Identity.space_id) == col(Space.id), col(Identity.external_id) == bindparam("external_id"))
    )
    .outerjoin(Member, col(Member.id) == col(Identity.member_id))
    .where(col(Space.platform) == bindparam("platform"), col(Space.external_id) == bindparam("space"))
)
_NAMED = (
    select(Member, Identity.external_id)
    .outerjoin(
        Identity, and_(col(Identity.member_id) == col(Member.id), col(Identity.space_id) == bindparam("space_id"))
    )
    .where(col(Member.community_id) == bindparam("community_id"), col(Member.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Member.id))
)
_IDENTITIES = (
    select(Identity)
    .join(Space, col(Space.id) == col(Identity.space_id))
    .where(
        col(Identity.community_id) == bindparam("community_id"),
        col(Identity.member_id) == bindparam("member_id"),
        col(Space.gone_at).is_(None),
    )
    .order_by(col(Identity.space_id), col(Identity.id))
)


_FEW = 3
"""So many members, those of a pair, are loaded already where they are asked for by id."""


async def by_id(db: Db, community_id: str, member_id: str) -> Member | None:
    """Return a member of the community."""
    return await storage.rows.ours(db, Member, community_id, member_id)


async def by_ids(db: Db, community_id: str, ids: Collection[str]) -> dict[str, Member]:
    """Return members of the community by id; unknown ids are absent. A few are looked for among those loaded first."""
    if len(ids) <= _FEW:
        few = [await by_id(db, community_id, one) for one in sorted(ids)]
        return {member.id: member for member in few if member is not None}
    found = select(Member).where(Member.community_id == community_id, col(Member.id).in_(list(ids)))
    return {member.id: member for member in await db.exec(found)}


async def by_account(db: Db, community_id: str, space_id: str, external_id: str) -> Member | None:
    """Return the member behind an account of a space."""
    named = {"community_id": community_id, "space_id": space_id, "external_id": external_id}
    return (await db.exec(_BY_ACCOUNT, params=named)).first()


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
    named = {"platform": platform, "space": space, "external_id": external_id}
    row = (await db.exec(_CALLER, params=named)).first()
    return (row[0], row[1], row[2]) if row is not None else None


async def named(db: Db, community_id: str, space_id: str, ids: Collection[str]) -> dict[str, tuple[Member, str | None]]:
    """Return member id -> (member, their account on this space or None); unknown ids are absent."""
    found = await db.exec(_NAMED, params={"community_id": community_id, "space_id": space_id, "ids": list(ids)})
    return {member.id: (member, account) for member, account in found}


async def unclaimed(db: Db, community_id: str, handle: str, email: str = "") -> list[Member]:
    """Return members with this address, or else this handle, whatever the case, who are here and have no account yet.

    They come from a roster. At most two: one is the one, two are too many to know.
    """
    for column, wanted in ((Member.email, email), (Member.handle, handle)):
        found = select(Member).where(
            Member.community_id == community_id,
            func.lower(column) == wanted.lower(),
            col(Member.left_at).is_(None),
            ~exists().where(col(Identity.member_id) == Member.id),
        )
        if wanted and (rows := list(await db.exec(found.order_by(col(Member.id)).limit(2)))):
            return rows
    return []


async def everyone(db: Db, community_id: str) -> list[Member]:
    """Return the members who have not left, by handle."""
    found = select(Member).where(Member.community_id == community_id, col(Member.left_at).is_(None))
    return list(await db.exec(found.order_by(col(Member.handle), col(Member.id))))


async def frozen(db: Db, community_id: str) -> list[Member]:
    """Return the members whom moderators froze, the first one first."""
    found = select(Member).where(Member.community_id == community_id, col(Member.frozen_at).is_not(None))
    return list(await db.exec(found.order_by(col(Member.frozen_at), col(Member.id))))


async def active(db: Db, community_id: str) -> int:
    """Return how many members opted in and have not left."""
    found = select(func.count()).where(
        Member.community_id == community_id, col(Member.opted_in_at).is_not(None), col(Member.left_at).is_(None)
    )
    return (await db.exec(found)).one()


async def identities(db: Db, community_id: str, member_id: str) -> list[Identity]:
    """Return the accounts of a member on spaces that are not dormant, oldest space first."""
    return list(await db.exec(_IDENTITIES, params={"community_id": community_id, "member_id": member_id}))


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
