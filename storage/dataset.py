"""Rows of a programme for an anonymised copy: whole, without any word that somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as any_select
from sqlmodel import col

from storage.checkin import CheckIn
from storage.db import Db
from storage.goal import Goal
from storage.kudos import Kudos
from storage.member import Member
from storage.pair import Pair, PairMember
from storage.programme import INVITED, PEOPLE, Role
from storage.session import CONFIRMED, LOGGED, Session


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is or was in the programme, with the first of their roles."""

    member: str
    role: str
    group: str
    level: str
    source: str
    since: datetime
    left: datetime | None


async def _rows(db: Db, statement: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.exec(statement)]


async def people(db: Db, community_id: str, programme_id: str) -> list[Person]:
    """Return everybody who is or was in the programme, each once."""
    found = (
        any_select(
            col(Role.member_id), col(Role.kind), col(Member.grouping), col(Member.level), col(Role.source),
            col(Role.since), col(Role.left_at),
        )
        .join(Member, col(Member.id) == col(Role.member_id))
        .where(
            col(Role.community_id) == community_id, col(Role.programme_id) == programme_id,
            col(Role.kind).in_(PEOPLE), col(Role.status) != INVITED,
        )
        .order_by(col(Role.member_id), col(Role.since), col(Role.id))
    )  # fmt: skip
    first: dict[str, Person] = {}
    for member, kind, group, level, source, since, left in await _rows(db, found):
        one = Person(member, kind, group, "" if level is None else str(level), source, since, left)
        first.setdefault(member, one)
    return list(first.values())


async def seats(
    db: Db, community_id: str, programme_id: str
) -> list[tuple[str, str, datetime, datetime | None, str, float, bool]]:
    """Return (pair, member, began, ended, why it ended, score, whether they met) of every seat."""
    found = (
        any_select(
            col(Pair.id), col(PairMember.member_id), col(Pair.created_at), col(Pair.ended_at), col(Pair.ended_why),
            col(Pair.score), col(Pair.met_at).is_not(None),
        )
        .join(PairMember, col(PairMember.pair_id) == col(Pair.id))
        .where(col(Pair.community_id) == community_id, col(Pair.programme_id) == programme_id)
    )  # fmt: skip
    return [(*row,) for row in await _rows(db, found)]


async def checkins(db: Db, community_id: str, programme_id: str) -> list[tuple[str, str, datetime, str | None]]:
    """Return (pair, member, asked, kind of answer) of the check-ins that were asked."""
    found = any_select(col(CheckIn.pair_id), col(CheckIn.member_id), col(CheckIn.asked_at), col(CheckIn.answer)).where(
        col(CheckIn.community_id) == community_id, col(CheckIn.programme_id) == programme_id,
        col(CheckIn.asked_at).is_not(None),
    )  # fmt: skip
    return [(*row,) for row in await _rows(db, found)]


async def sessions(db: Db, community_id: str, programme_id: str) -> list[tuple[str, date | None, int, str]]:
    """Return (pair, day, minutes, status) of the sessions that were logged."""
    found = any_select(col(Session.pair_id), col(Session.met_on), col(Session.minutes), col(Session.status)).where(
        col(Session.community_id) == community_id, col(Session.programme_id) == programme_id,
        col(Session.status).in_((LOGGED, CONFIRMED)),
    )  # fmt: skip
    return [(*row,) for row in await _rows(db, found)]


def _there(community_id: str, programme_id: str) -> Any:
    return any_select(col(Role.member_id)).where(
        col(Role.community_id) == community_id, col(Role.programme_id) == programme_id, col(Role.kind).in_(PEOPLE)
    )


async def goals(db: Db, community_id: str, programme_id: str) -> list[tuple[str, datetime, int, str]]:
    """Return (member, set, progress, status) of the goals of people of the programme."""
    found = any_select(col(Goal.member_id), col(Goal.created_at), col(Goal.progress), col(Goal.status)).where(
        col(Goal.community_id) == community_id, col(Goal.member_id).in_(_there(community_id, programme_id))
    )
    return [(*row,) for row in await _rows(db, found)]


async def kudos(db: Db, community_id: str, programme_id: str) -> list[tuple[str, str, datetime]]:
    """Return (giver, receiver, given) of the thanks between people of the programme."""
    there = _there(community_id, programme_id)
    found = any_select(col(Kudos.giver_id), col(Kudos.receiver_id), col(Kudos.given_at)).where(
        col(Kudos.community_id) == community_id, col(Kudos.giver_id).in_(there), col(Kudos.receiver_id).in_(there)
    )
    return [(*row,) for row in await _rows(db, found)]
