"""Programmes, cohorts, and who is what in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, bindparam, func
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.types import JsonDict, UtcDateTime

PEOPLE = ("mentor", "mentee", "peer")
INVITED = "invited"
"""The status of a role that a roster gave and its member has not taken up: nothing is sent to them."""

FINISHED = "finished"
"""The status of a role whose cohort has come to its end."""


class Programme(SQLModel, table=True):
    """A programme as its file describes it; `file` is the validated file, `revision` counts its changes."""

    __table_args__ = (UniqueConstraint("community_id", "slug"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    slug: str
    name: str
    kind: str
    file: dict[str, Any] = Field(sa_type=JsonDict)
    revision: int = 1
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Cohort(SQLModel, table=True):
    """The people who go through a programme together."""

    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    name: str
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CohortMember(SQLModel, table=True):
    """Somebody who went through a cohort to its end; written when it closes, as a role later belongs to another one."""

    __tablename__ = "cohort_member"

    cohort_id: str = Field(primary_key=True, foreign_key="cohort.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)


class Role(SQLModel, table=True):
    """What a member is in a programme: mentor, mentee, peer, coordinator or moderator.

    A coordinator or moderator without a programme is one for the whole community. `waited` counts the rounds in a row
    that left this person out. `unavailable_at`: since when they are given nobody new, until they say they are back.
    `paused_until`: a pause of this programme alone. `left_at` is when it was left or finished, `since` when it began,
    for the last time. `source` is how they came: self, nominated, roster.
    """

    __table_args__ = (UniqueConstraint("member_id", "programme_id", "kind"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programme.id", index=True)
    cohort_id: str | None = Field(default=None, foreign_key="cohort.id", index=True)
    kind: str
    status: str = "active"
    capacity: int = 1
    waited: int = 0
    unavailable_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: str = "self"


async def by_slug(db: Db, community_id: str, slug: str) -> Programme | None:
    """Return a programme by its short name."""
    return (
        await db.exec(select(Programme).where(Programme.community_id == community_id, Programme.slug == slug))
    ).first()


async def by_id(db: Db, community_id: str, programme_id: str) -> Programme | None:
    """Return a programme of the community."""
    return await storage.rows.ours(db, Programme, community_id, programme_id)


async def behind(db: Db, community_id: str, row: Any) -> Programme | None:
    """Return the programme that a row is or belongs to; None for a row of no programme."""
    if isinstance(row, Programme):
        return row
    programme_id = getattr(row, "programme_id", None)
    return await by_id(db, community_id, programme_id) if programme_id else None


async def open_ones(db: Db, community_id: str) -> list[Programme]:
    """Return the programmes that are not closed, by short name."""
    found = select(Programme).where(Programme.community_id == community_id, col(Programme.closed_at).is_(None))
    return list(await db.exec(found.order_by(col(Programme.slug))))


_JOINED_BY = (
    select(Programme)
    .join(Role, col(Role.programme_id) == col(Programme.id))
    .where(
        col(Role.community_id) == bindparam("community_id"), col(Role.member_id) == bindparam("member_id"),
        col(Role.status) == "active", col(Role.kind).in_(PEOPLE), col(Programme.closed_at).is_(None),
    )
    .order_by(col(Role.since), col(Role.id))
)  # fmt: skip


async def joined_by(db: Db, community_id: str, member_id: str) -> list[Programme]:
    """Return the open programmes that a member takes part in, the one they joined first before the others."""
    found = await db.exec(_JOINED_BY, params={"community_id": community_id, "member_id": member_id})
    return list({row.id: row for row in found}.values())


async def open_cohort(db: Db, community_id: str, programme_id: str) -> Cohort | None:
    """Return the newest cohort that is open."""
    found = select(Cohort).where(
        Cohort.community_id == community_id,
        Cohort.programme_id == programme_id,
        col(Cohort.opened_at).is_not(None),
        col(Cohort.closed_at).is_(None),
    )
    return (await db.exec(found.order_by(col(Cohort.opened_at).desc(), col(Cohort.id).desc()))).first()


async def cohort_by_id(db: Db, community_id: str, cohort_id: str) -> Cohort | None:
    """Return a cohort of the community."""
    return await storage.rows.ours(db, Cohort, community_id, cohort_id)


async def places_taken(db: Db, community_id: str, cohort_id: str, member_id: str) -> dict[str, int]:
    """Return kind of role -> how many people other than this member are active in the cohort."""
    found = (
        select(Role.kind, func.count())
        .where(
            Role.community_id == community_id, Role.cohort_id == cohort_id, Role.status == "active",
            Role.member_id != member_id,
        )
        .group_by(Role.kind)
    )  # fmt: skip
    return dict((await db.exec(found)).all())


async def cohorts_of(db: Db, community_id: str, programme_id: str) -> list[Cohort]:
    """Return the cohorts of a programme, newest first."""
    found = select(Cohort).where(Cohort.community_id == community_id, Cohort.programme_id == programme_id)
    return list(await db.exec(found.order_by(col(Cohort.opened_at).desc(), col(Cohort.id).desc())))


async def in_cohort(db: Db, community_id: str, cohort_id: str) -> list[Role]:
    """Return the active roles in a cohort."""
    found = select(Role).where(
        Role.community_id == community_id, Role.cohort_id == cohort_id, Role.status == "active",
        col(Role.kind).in_(PEOPLE),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Role.id))))


async def finished_in(db: Db, community_id: str, cohort_id: str) -> list[str]:
    """Return who went through a cohort to its end."""
    found = select(CohortMember.member_id).where(
        CohortMember.community_id == community_id, CohortMember.cohort_id == cohort_id
    )
    return list(await db.exec(found.order_by(col(CohortMember.member_id))))


async def cohorts_finished(db: Db, community_id: str, member_id: str) -> int:
    """Return how many cohorts a member went through to their end."""
    found = select(func.count()).where(CohortMember.community_id == community_id, CohortMember.member_id == member_id)
    return (await db.exec(found)).one()


async def roles_of(db: Db, community_id: str, member_id: str) -> list[Role]:
    """Return everything a member is, left roles too."""
    found = select(Role).where(Role.community_id == community_id, Role.member_id == member_id)
    return list(await db.exec(found.order_by(col(Role.id))))


async def active_roles(db: Db, community_id: str, members: Collection[str]) -> dict[str, list[Role]]:
    """Return member -> their active roles; members without any are absent."""
    found = select(Role).where(
        Role.community_id == community_id, col(Role.member_id).in_(list(members)), Role.status == "active"
    )
    roles: dict[str, list[Role]] = {}
    for role in await db.exec(found.order_by(col(Role.id))):
        roles.setdefault(role.member_id, []).append(role)
    return roles


async def roles_in(
    db: Db, community_id: str, programme_id: str, kinds: Collection[str] = PEOPLE, status: str = "active"
) -> list[Role]:
    """Return the roles of these kinds and this status in a programme."""
    found = select(Role).where(
        Role.community_id == community_id,
        Role.programme_id == programme_id,
        col(Role.kind).in_(list(kinds)),
        Role.status == status,
    )
    return list(await db.exec(found.order_by(col(Role.id))))


async def head_count(db: Db, community_id: str, programme_id: str) -> dict[str, int]:
    """Return kind of role -> how many are active in the programme."""
    found = (
        select(Role.kind, func.count())
        .where(Role.community_id == community_id, Role.programme_id == programme_id, Role.status == "active")
        .group_by(Role.kind)
    )
    return dict((await db.exec(found)).all())
