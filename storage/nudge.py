"""What was asked of members: the planner's newest decision about each prompt, and the nudges in the outbox.

Decisions are kept so that anybody can be told why; the outbox knows what was sent, and what will be.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, UniqueConstraint, and_, bindparam, func, or_
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.member import Member
from storage.outbox import OPEN, PENDING, RETRY, SENDING, SENT, Outbox
from storage.types import UtcDateTime

PLANNED, WAITS, DROPPED = "planned", "waits", "dropped"


class Nudge(SQLModel, table=True):
    """One prompt to one member, by its `key`, and the newest decision about it.

    `message` names what kind of message it is; what it says stands nowhere here. `decision`: planned (goes out at
    `until`), waits (is asked about again at `until`), dropped. `why` and `behind` are the planner's reasons; `due_at`
    is when it fell due first.
    """

    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    key: str
    message: str
    decision: str
    why: str = ""
    behind: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: datetime = Field(sa_type=UtcDateTime, index=True)


_BY_KEYS = select(Nudge).where(
    col(Nudge.community_id) == bindparam("community_id"), col(Nudge.key).in_(bindparam("keys", expanding=True))
)


async def by_keys(db: Db, community_id: str, keys: Collection[str]) -> dict[str, Nudge]:
    """Return key -> the newest decision about that prompt, of those that were decided about."""
    named = {"community_id": community_id, "keys": list(keys)}
    return {row.key: row for row in await db.exec(_BY_KEYS, params=named)}


async def of_member(db: Db, community_id: str, member_id: str, limit: int) -> list[Nudge]:
    """Return the newest decisions about a member, newest first."""
    found = select(Nudge).where(Nudge.community_id == community_id, Nudge.member_id == member_id)
    return list(await db.exec(found.order_by(col(Nudge.decided_at).desc(), col(Nudge.id).desc()).limit(limit)))


# Nudges in the outbox, each message once: what is a part of another one is left out.
_NUDGES: list[ColumnElement[bool]] = [
    col(Outbox.community_id) == bindparam("community_id"),
    col(Outbox.to_kind) == "member",
    col(Outbox.to_id).in_(bindparam("members", expanding=True)),
    col(Outbox.kind) == "nudge",
    col(Outbox.merged_into).is_(None),
]
_AT = func.coalesce(Outbox.sent_at, Outbox.due_at)
_SINCE = select(Outbox.to_id, _AT, and_(col(Outbox.state) == PENDING, col(Outbox.flagged).is_(False))).where(
    *_NUDGES, col(Outbox.state).in_((SENT, *OPEN, SENDING)), bindparam("since", type_=UtcDateTime()) <= _AT
)
_SENT = (
    select(Outbox.due_at, Outbox.sent_at)
    .where(*_NUDGES, col(Outbox.state) == SENT, col(Outbox.sent_at) >= bindparam("since"))
    .order_by(col(Outbox.sent_at))
)
_UNANSWERED = (
    select(Outbox.to_id, func.count())
    .join(Member, col(Member.id) == col(Outbox.to_id))
    .where(
        *_NUDGES,
        col(Outbox.state) == SENT,
        or_(col(Member.last_seen_at).is_(None), col(Outbox.sent_at) > col(Member.last_seen_at)),
        or_(col(Member.opted_in_at).is_(None), col(Outbox.sent_at) > col(Member.opted_in_at)),
    )
    .group_by(col(Outbox.to_id))
)
_WAITING = (
    select(Outbox).where(*_NUDGES, col(Outbox.state).in_((PENDING, RETRY))).order_by(col(Outbox.due_at), col(Outbox.id))
)


async def moments(
    db: Db, community_id: str, members: Collection[str], since: datetime
) -> dict[str, tuple[list[datetime], list[datetime]]]:
    """Return member -> (when nudges were or will be sent since, when those go out that can still take another one in).

    Oldest first, each moment once; members without any are absent.
    """
    named = {"community_id": community_id, "members": list(members), "since": since}
    found: dict[str, tuple[set[datetime], set[datetime]]] = {}
    for member, at, can_take_more in await db.exec(_SINCE, params=named):
        every, open_ones = found.setdefault(member, (set(), set()))
        every.add(at)
        if can_take_more:
            open_ones.add(at)
    return {member: (sorted(every), sorted(open_ones)) for member, (every, open_ones) in found.items()}


async def unanswered(db: Db, community_id: str, members: Collection[str]) -> dict[str, int]:
    """Return member -> how many nudges were sent to them since they were last seen, or joined; none: absent."""
    named = {"community_id": community_id, "members": list(members)}
    return dict([*await db.exec(_UNANSWERED, params=named)])


async def sent_since(db: Db, community_id: str, member_id: str, since: datetime) -> list[tuple[datetime, datetime]]:
    """Return (when it was due, when it was sent) of the nudges sent to the member since; oldest first."""
    named = {"community_id": community_id, "members": [member_id], "since": since}
    return [(due, sent) for due, sent in await db.exec(_SENT, params=named) if sent is not None]


async def newest_to(db: Db, community_id: str, member_id: str, limit: int) -> list[Outbox]:
    """Return the newest nudges to the member in whatever state, also parts of others; newest first."""
    found = select(Outbox).where(
        Outbox.community_id == community_id,
        Outbox.to_kind == "member",
        Outbox.to_id == member_id,
        Outbox.kind == "nudge",
    )
    return list(await db.exec(found.order_by(col(Outbox.due_at).desc(), col(Outbox.id).desc()).limit(limit)))


async def waiting_for(db: Db, community_id: str, member_id: str) -> list[Outbox]:
    """Return the nudges to the member that wait for their moment, soonest first."""
    named: dict[str, Any] = {"community_id": community_id, "members": [member_id]}
    return list(await db.exec(_WAITING, params=named))


async def due_with(db: Db, members: Collection[str], now: datetime) -> list[Outbox]:
    """Return nudges to these members that are pending and due by `now`, oldest first, over the whole installation."""
    found = select(Outbox).where(
        Outbox.kind == "nudge",
        Outbox.op == "send",
        Outbox.to_kind == "member",
        col(Outbox.to_id).in_(list(members)),
        Outbox.state == PENDING,
        Outbox.parts == 0,
        col(Outbox.flagged).is_(False),
        Outbox.due_at <= now,
    )
    return list(await db.exec(found.order_by(col(Outbox.due_at), col(Outbox.id)).with_for_update(skip_locked=True)))
