"""The outbox: everything that is sent or done on a platform, written with the facts and delivered by the pump.

States: pending (waits for `due_at`), sending (leased), retry (put off by the platform or the pace, waits again),
ambiguous (may have been sent), sent, held (shown at the member's next command), skipped (not wanted any more; `error`
says why), dead (given up, told to coordinators), merged (goes out as a part of another row, `merged_into`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Index, and_, bindparam, case, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from storage.community import Community, Space
from storage.db import Db
from storage.engine import insert_new, insert_once
from storage.member import Member
from storage.types import JsonDict, UtcDateTime

PENDING, SENDING, RETRY, AMBIGUOUS = "pending", "sending", "retry", "ambiguous"
SENT, HELD, SKIPPED, DEAD = "sent", "held", "skipped", "dead"
MERGED = "merged"
OPEN = (PENDING, RETRY, AMBIGUOUS)

DEAD_LETTERS = "core.dead_letters"
"""Message key of the notice about dead letters. One that dies itself is not told again."""


class Outbox(SQLModel, table=True):
    """One thing to do. `op`: send, edit, open_room, grant, revoke, calendar. `to_kind`: member, channel, room or
    (for the last) calendar.

    `message` is a key with `params`, rendered at delivery in the reader's language; `params` are emptied once it is
    sent or skipped. While a row is open, `flagged` means that it may have been sent; after that, that it may have been
    sent twice or never. `sending_at` is when the doubt began, or the newest try. `attempts` counts tries that failed.
    `kind`: nudge (passes the planner, counts against the budget), note (the answer to something; may be held), must.
    `on_doubt`: skip or repeat, for when a platform cannot tell whether it was sent. `pair_id` names the pair whose room
    may carry the message when the member's DMs are closed; without one it waits for the member's next command.

    Nudges of one day are sent as one message: `parts` counts the rows that this one carries, `merged_into` names the
    row that carries this one, also once it is sent; `shown` is then this row's part of the message as it stands, so
    that the other parts can be shown again when one is answered.
    """

    __table_args__ = (Index(None, "state", "due_at"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    space_id: str | None = Field(default=None, foreign_key="space.id", index=True)
    key: str = Field(unique=True)
    op: str = "send"
    kind: str = "note"
    to_kind: str
    to_id: str = Field(index=True)
    message: str
    params: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    on_doubt: str = "skip"
    pair_id: str | None = Field(default=None, foreign_key="pair.id")
    state: str = PENDING
    due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    owner: str = ""
    attempts: int = 0
    sending_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    remote_channel: str | None = None
    remote_message: str | None = Field(default=None, index=True)
    error: str = ""
    flagged: bool = False
    told: bool = False
    merged_into: str | None = Field(default=None, foreign_key="outbox.id", index=True)
    parts: int = 0
    shown: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    created_at: datetime = Field(sa_type=UtcDateTime)


async def add(db: Db, row: Outbox) -> bool:
    """Store a row; False when one with this key exists."""
    return await insert_once(db, row)


async def add_all(db: Db, rows: Sequence[Outbox]) -> int:
    """Store the rows whose key does not exist yet; return how many were stored."""
    return await insert_new(db, rows)


async def claim(
    db: Db,
    now: datetime,
    *,
    owner: str,
    lease_until: datetime,
    limit: int,
    platforms: Collection[str] | None = None,
    without: Collection[str] = (),
) -> list[Outbox]:
    """Lease what is due, oldest first, and return it: at most one row a destination, so that order is kept.

    A lease that ran out comes back as ambiguous. `platforms` limits it to spaces on these platforms (rows without a
    space always count), `without` leaves out these space ids. On PostgreSQL, rows that another process is claiming
    are passed over.
    """
    await db.exec(_STALE, params={"at": now})
    named = {"now": now, "platforms": list(platforms or ()), "without": list(without), "most": limit}
    rows = list(await db.exec(_due(platforms is None), params=named))
    for row in rows:
        if row.state == AMBIGUOUS:
            row.flagged = True
        if not row.flagged:
            row.sending_at = now
        row.state, row.owner, row.lease_until = SENDING, owner, lease_until
        row.attempts += 1
        db.add(row)
    return rows


_STALE = (
    update(Outbox)
    .where(col(Outbox.state) == SENDING, col(Outbox.lease_until) <= bindparam("at"))
    .values(state=AMBIGUOUS, owner="", lease_until=None)
)
_NOW: Any = bindparam("now", type_=UtcDateTime())


def _served(everywhere: bool) -> list[ColumnElement[bool]]:
    """Return what limits rows to spaces on the given platforms, unless they are to be found everywhere."""
    if everywhere:
        return []
    served = select(Space.id).where(col(Space.platform).in_(bindparam("platforms", expanding=True)))
    return [or_(col(Outbox.space_id).is_(None), col(Outbox.space_id).in_(served))]


@lru_cache(maxsize=2)
def _due(everywhere: bool) -> SelectOfScalar[Outbox]:
    wanted = or_(col(Outbox.space_id).is_(None), col(Outbox.space_id).not_in(bindparam("without", expanding=True)))
    found = select(Outbox).where(col(Outbox.state).in_(OPEN), col(Outbox.due_at) <= _NOW, ~_must_wait(), wanted)
    found = found.where(*_served(everywhere)).order_by(col(Outbox.due_at), col(Outbox.id))
    return found.limit(bindparam("most")).with_for_update(skip_locked=True)


def _must_wait() -> ColumnElement[bool]:
    """Return whether another row to the same destination goes first.

    A row being sent goes first; so does one that was put off (by age, and then before anything newer), or a pending one
    that is due earlier. A put-off row never waits for a pending one, so no two rows wait for each other.
    """
    other = aliased(Outbox)
    put_off = col(other.state).in_((RETRY, AMBIGUOUS))
    older = col(other.id) < col(Outbox.id)
    pending = and_(col(Outbox.state) == PENDING, col(other.due_at) <= _NOW)
    sooner = or_(
        put_off,
        and_(
            col(other.state) == PENDING,
            or_(col(other.due_at) < col(Outbox.due_at), and_(col(other.due_at) == col(Outbox.due_at), older)),
        ),
    )
    return exists().where(
        col(other.to_id) == col(Outbox.to_id),
        col(other.to_kind) == col(Outbox.to_kind),
        col(other.space_id).is_not_distinct_from(col(Outbox.space_id)),
        col(other.id) != col(Outbox.id),
        or_(col(other.state) == SENDING, and_(put_off, older), and_(pending, sooner)),
    )


async def held_by(db: Db, ids: Collection[str], owner: str) -> dict[str, Outbox]:
    """Return id -> row of those whose lease this owner holds, over the whole installation."""
    found = select(Outbox).where(col(Outbox.id).in_(list(ids)), Outbox.owner == owner, Outbox.state == SENDING)
    return {row.id: row for row in await db.exec(found)}


async def load(db: Db, rows: Collection[Outbox]) -> list[Any]:
    """Load members, spaces and communities of so many rows at once, over the whole installation."""
    to = {row.to_id for row in rows if row.to_kind == "member"}
    members = await db.exec(select(Member).where(col(Member.id).in_(to)))
    spaces = await db.exec(select(Space).where(col(Space.id).in_({row.space_id for row in rows if row.space_id})))
    communities = await db.exec(select(Community).where(col(Community.id).in_({row.community_id for row in rows})))
    return [*members, *spaces, *communities]


async def by_key(db: Db, community_id: str, key: str) -> Outbox | None:
    """Return a row by its unique key."""
    return (await db.exec(select(Outbox).where(Outbox.community_id == community_id, Outbox.key == key))).first()


async def withdraw(db: Db, community_id: str, keys: Collection[str], why: str) -> bool:
    """Skip what has one of these keys and was not sent yet, and erase what it says; return whether there was any.

    A leased row is on its way.
    """
    unsent = update(Outbox).where(
        col(Outbox.community_id) == community_id, col(Outbox.key).in_(list(keys)), col(Outbox.state).in_((*OPEN, HELD))
    )
    return (await db.exec(unsent.values(state=SKIPPED, params={}, error=why))).rowcount > 0


async def opening_of(db: Db, community_id: str, pair_id: str) -> Outbox | None:
    """Return the newest row that opens the room of a pair."""
    found = select(Outbox).where(
        Outbox.community_id == community_id,
        Outbox.op == "open_room",
        Outbox.to_kind == "room",
        Outbox.to_id == pair_id,
    )
    return (await db.exec(found.order_by(col(Outbox.created_at).desc(), col(Outbox.id).desc()).limit(1))).first()


async def next_due(
    db: Db, now: datetime, *, platforms: Collection[str] | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return when the pump has something to do next, over the whole installation: at all, and later than `now`.

    `platforms` limits it to spaces on these platforms.
    """
    named = {"now": now, "platforms": list(platforms or ())}
    soonest, later = (await db.exec(_next_due(platforms is None), params=named)).one()
    return soonest, later


@lru_cache(maxsize=2)
def _next_due(everywhere: bool) -> Select[datetime | None, datetime | None]:
    moment = case((col(Outbox.state) == SENDING, col(Outbox.lease_until)), else_=col(Outbox.due_at))
    found = select(func.min(moment), func.min(case((moment > _NOW, moment))))
    return found.where(col(Outbox.state).in_((*OPEN, SENDING)), *_served(everywhere))


async def held_for(db: Db, community_id: str, member_id: str, limit: int, now: datetime | None = None) -> list[Outbox]:
    """Return what waits for the member's next command, oldest first; with `now`, without what has expired by then."""
    found = select(Outbox).where(
        Outbox.community_id == community_id, Outbox.to_kind == "member", Outbox.to_id == member_id, Outbox.state == HELD
    )
    if now is not None:
        found = found.where(or_(col(Outbox.expires_at).is_(None), col(Outbox.expires_at) > now))
    return list(await db.exec(found.order_by(col(Outbox.due_at), col(Outbox.id)).limit(limit)))


_HOLDS = (
    select(Outbox.id)
    .where(
        col(Outbox.community_id) == bindparam("community_id"),
        col(Outbox.to_kind) == "member",
        col(Outbox.to_id) == bindparam("member_id"),
        col(Outbox.state) == HELD,
        or_(col(Outbox.expires_at).is_(None), col(Outbox.expires_at) > bindparam("now")),
    )
    .limit(1)
)


async def holds(db: Db, community_id: str, member_id: str, now: datetime) -> bool:
    """Return whether something that has not expired waits for the member's next command."""
    named = {"community_id": community_id, "member_id": member_id, "now": now}
    return (await db.exec(_HOLDS, params=named)).first() is not None


async def head_of(db: Db, community_id: str, outbox_id: str) -> Outbox | None:
    """Return a row by its id."""
    return (await db.exec(select(Outbox).where(Outbox.community_id == community_id, Outbox.id == outbox_id))).first()


async def forget_shown(db: Db, community_id: str, before: datetime) -> None:
    """Erase what messages of several parts showed, of those sent before."""
    old = update(Outbox).where(
        col(Outbox.community_id) == community_id,
        col(Outbox.sent_at) < before,
        or_(col(Outbox.parts) > 0, col(Outbox.merged_into).is_not(None)),
    )
    await db.exec(old.values(shown={}))


async def parts_of(db: Db, community_id: str, outbox_id: str) -> list[Outbox]:
    """Return the rows that a row carries, oldest first."""
    found = select(Outbox).where(Outbox.community_id == community_id, Outbox.merged_into == outbox_id)
    return list(await db.exec(found.order_by(col(Outbox.due_at), col(Outbox.id))))


async def at_message(db: Db, community_id: str, channel: str, message: str) -> Outbox | None:
    """Return the row that carries others and was sent as this message of a platform."""
    found = select(Outbox).where(
        Outbox.community_id == community_id,
        Outbox.remote_message == message,
        Outbox.remote_channel == channel,
        Outbox.parts > 0,
        Outbox.op == "send",
    )
    return (await db.exec(found.limit(1))).first()


async def sent_as(db: Db, message: str) -> list[Outbox]:
    """Return what was sent as this message of a platform, the oldest first, over the whole installation."""
    found = select(Outbox).where(Outbox.remote_message == message, Outbox.op == "send")
    return list(await db.exec(found.order_by(col(Outbox.created_at), col(Outbox.id))))


async def by_messages(db: Db, messages: Collection[str]) -> list[Outbox]:
    """Return the nudges that were sent as these messages of a platform, over the whole installation."""
    found = select(Outbox).where(col(Outbox.remote_message).in_(list(messages)), Outbox.kind == "nudge")
    return list(await db.exec(found.order_by(col(Outbox.due_at), col(Outbox.id))))


async def newest(
    db: Db, community_id: str | None = None, *, states: Collection[str] = (), limit: int = 100
) -> list[Outbox]:
    """Return rows, newest first: for `doctor`, `kith outbox list` and the playground's drawer (no community: all)."""
    found = select(Outbox)
    if community_id is not None:
        found = found.where(Outbox.community_id == community_id)
    if states:
        found = found.where(col(Outbox.state).in_(list(states)))
    return list(await db.exec(found.order_by(col(Outbox.created_at).desc(), col(Outbox.id).desc()).limit(limit)))


async def counts(db: Db, community_id: str | None = None) -> dict[str, int]:
    """Return state -> number of rows."""
    found = select(Outbox.state, func.count()).group_by(Outbox.state)
    if community_id is not None:
        found = found.where(Outbox.community_id == community_id)
    return dict([*await db.exec(found)])


async def untold_dead(db: Db, community_id: str) -> list[Outbox]:
    """Return dead letters that coordinators have not heard of, but for notices about dead letters."""
    found = select(Outbox).where(
        Outbox.community_id == community_id,
        Outbox.state == DEAD,
        Outbox.message != DEAD_LETTERS,
        col(Outbox.told).is_(False),
    )
    return list(await db.exec(found.order_by(col(Outbox.id))))


async def communities_with_dead(db: Db, limit: int) -> list[str]:
    """Return ids of the communities whose coordinators have not heard of a dead letter, over the whole installation."""
    found = select(Outbox.community_id).where(
        Outbox.state == DEAD, Outbox.message != DEAD_LETTERS, col(Outbox.told).is_(False)
    )
    return list(await db.exec(found.distinct().order_by(col(Outbox.community_id)).limit(limit)))
