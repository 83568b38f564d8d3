"""Pair agreements: how the members of a pair work together, and what each hopes for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, SQLModel, col, select

from storage.checkin import WAITING
from storage.db import Db
from storage.moments import Earliest
from storage.types import UtcDateTime


class Agreement(SQLModel, table=True):
    """What a pair agreed, as codes of the form's choices; empty until somebody suggests something.

    `revision` counts suggestions. `agreed_at` is when everybody had said yes to the newest one; a change empties it.
    """

    __tablename__ = "pair_agreement"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", unique=True)
    rhythm: str = ""
    channel: str = ""
    confidentiality: str = ""
    revision: int = 0
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class AgreementSeat(SQLModel, table=True):
    """One member's part: what they hope for, the revision that they said yes to (0 is none), and the question at half
    time: due at `due_at`; `status` waiting, asked, answered, dropped (`why` says so) or skipped (too late).
    """

    __tablename__ = "agreement_seat"
    __table_args__ = (UniqueConstraint("agreement_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    agreement_id: str = Field(foreign_key="pair_agreement.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    hope: str = ""
    revision: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=WAITING, index=True)
    why: str = ""


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, seat) for half-time questions that are due, oldest first, over the whole installation."""
    found = select(AgreementSeat.community_id, AgreementSeat.id).where(
        AgreementSeat.status == WAITING, AgreementSeat.due_at <= now
    )
    return list(await db.exec(found.order_by(col(AgreementSeat.due_at), col(AgreementSeat.id)).limit(limit)))


next_due = Earliest(select(func.min(AgreementSeat.due_at)).where(AgreementSeat.status == WAITING))
"""When the next half-time question falls due, over the whole installation."""


async def by_id(db: Db, community_id: str, agreement_id: str) -> Agreement | None:
    """Return an agreement of the community."""
    found = select(Agreement).where(Agreement.community_id == community_id, Agreement.id == agreement_id)
    return (await db.exec(found)).first()


async def of_pair(db: Db, community_id: str, pair_id: str) -> Agreement | None:
    """Return the agreement of a pair."""
    found = select(Agreement).where(Agreement.community_id == community_id, Agreement.pair_id == pair_id)
    return (await db.exec(found)).first()


async def seat_by_id(db: Db, community_id: str, seat_id: str) -> AgreementSeat | None:
    """Return one member's part by its id."""
    found = select(AgreementSeat).where(AgreementSeat.community_id == community_id, AgreementSeat.id == seat_id)
    return (await db.exec(found)).first()


async def seats(db: Db, community_id: str, agreement_id: str, member_ids: Collection[str]) -> dict[str, AgreementSeat]:
    """Return member id -> their part of an agreement, for those who have one."""
    found = select(AgreementSeat).where(
        AgreementSeat.community_id == community_id,
        AgreementSeat.agreement_id == agreement_id,
        col(AgreementSeat.member_id).in_(list(member_ids)),
    )
    return {seat.member_id: seat for seat in await db.exec(found.order_by(col(AgreementSeat.id)))}


async def waiting_of_pair(db: Db, community_id: str, pair_id: str) -> list[AgreementSeat]:
    """Return the parts of a pair's members whose half-time question was not asked yet."""
    found = (
        select(AgreementSeat)
        .join(Agreement, col(Agreement.id) == AgreementSeat.agreement_id)
        .where(
            AgreementSeat.community_id == community_id, Agreement.pair_id == pair_id, AgreementSeat.status == WAITING
        )
    )
    return list(await db.exec(found.order_by(col(AgreementSeat.id))))
