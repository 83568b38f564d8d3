"""What measures of pairs are made of: rounds, meetings, check-ins. Aggregated where the rows are; no word is read.

Moments are aware UTC; a period is [since, until).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, literal, or_, union_all
from sqlmodel import col, select

from storage.checkin import CheckIn
from storage.db import Db
from storage.insight import number, ours, within
from storage.pair import ENDED, OVER, Pair, PairMember
from storage.programme import Role
from storage.round import Round
from storage.session import CONFIRMED, LOGGED, Session

MET = "met"
"""What a check-in is answered with when the pair met."""

AT_ONCE = 13
"""So many periods are told apart in one statement: each row is compared with all of them."""


async def answered(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (check-ins that were asked in the period, how many of them were answered)."""
    found = select(func.count(), func.count(col(CheckIn.answer))).where(
        CheckIn.programme_id == ours(community_id, programme_id),
        *within(CheckIn.asked_at, since, until),
    )  # fmt: skip
    asked, answers = (await db.exec(found)).one()
    return asked, answers


async def weeks(
    db: Db, community_id: str, programme_id: str, periods: Sequence[tuple[datetime, datetime]]
) -> list[tuple[int, int]]:
    """Return (pairs that met, pairs there were) in each of adjoining periods, oldest first.

    A pair met when it logged a session of a day in the period, or said so to a check-in that was asked in it. Never
    more met than there were, whatever is logged of days after the end of a pair.
    """
    found: list[tuple[int, int]] = []
    for start in range(0, len(periods), AT_ONCE):
        found += await _weeks(db, community_id, programme_id, periods[start : start + AT_ONCE])
    return found


async def _weeks(
    db: Db, community_id: str, programme_id: str, periods: Sequence[tuple[datetime, datetime]]
) -> list[tuple[int, int]]:
    programme = ours(community_id, programme_id)
    begins, ends = [since for since, _ in periods], [until for _, until in periods]
    first, last = _passed(Pair.created_at, ends), _passed(Pair.ended_at, begins, beyond=True)
    lived = (
        select(first.label("first"), case((col(Pair.ended_at).is_(None), len(periods)), else_=last).label("last"))
        .where(
            Pair.programme_id == programme, Pair.created_at < ends[-1],
            or_(col(Pair.ended_at).is_(None), col(Pair.ended_at) > begins[0]),
        )
        .subquery()
    )  # fmt: skip
    spans = select(lived.c.first, lived.c.last, func.count()).group_by(lived.c.first, lived.c.last)
    there = [0] * len(periods)
    for begun_in, ended_in, pairs in await db.exec(spans):
        for place in range(begun_in, ended_in):
            there[place] += pairs
    said = union_all(
        select(_passed(CheckIn.asked_at, begins[1:]).label("place"), col(CheckIn.pair_id).label("pair")).where(
            CheckIn.programme_id == programme, CheckIn.answer == MET, *within(CheckIn.asked_at, begins[0], ends[-1])
        ),
        select(
            _passed(Session.met_on, [since.date() for since in begins[1:]]).label("place"),
            col(Session.pair_id).label("pair"),
        ).where(
            Session.programme_id == programme, col(Session.status).in_((LOGGED, CONFIRMED)),
            col(Session.met_on) >= begins[0].date(), col(Session.met_on) < ends[-1].date(),
        ),
    ).subquery()  # fmt: skip
    counted = select(said.c.place, func.count(func.distinct(said.c.pair))).group_by(said.c.place)
    met = dict((await db.exec(counted)).all())
    return [(min(met.get(place, 0), pairs), pairs) for place, pairs in enumerate(there)]


def _passed(column: Any, moments: Sequence[Any], *, beyond: bool = False) -> Any:
    """How many of these moments, which are in order, a moment has reached, or gone `beyond`."""
    placed = reversed(list(enumerate(moments, 1)))
    reached = [(col(column) > moment if beyond else col(column) >= moment, place) for place, moment in placed]
    return case(*reached, else_=0) if reached else literal(0)


async def begun(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None, datetime | None, float]]:
    """Return (created, first met, ended, score) of the pairs that began in the period, in no order."""
    found = select(Pair.created_at, Pair.met_at, Pair.ended_at, Pair.score).where(
        Pair.programme_id == ours(community_id, programme_id), *within(Pair.created_at, since, until)
    )
    return [(*row,) for row in await db.exec(found)]


async def stalled(db: Db, community_id: str, programme_id: str, since: datetime) -> tuple[int, int]:
    """Return (pairs that are active now, how many of them gave no sign since: not begun, met, answered or planned)."""
    active = (
        Pair.programme_id == ours(community_id, programme_id), col(Pair.status) != ENDED,
    )  # fmt: skip
    answers = select(CheckIn.pair_id).where(
        CheckIn.programme_id == ours(community_id, programme_id), col(CheckIn.answered_at) >= since
    )
    session = exists().where(
        col(Session.pair_id) == Pair.id, or_(col(Session.created_at) >= since, col(Session.logged_at) >= since)
    )
    silent = select(func.count()).where(
        *active, Pair.created_at < since, or_(col(Pair.met_at).is_(None), col(Pair.met_at) < since),
        col(Pair.id).not_in(answers), ~session,
    )  # fmt: skip
    every = (await db.exec(select(func.count()).where(*active))).one()
    return every, (await db.exec(silent)).one()


async def matched(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (wishes for a partner in the rounds published in the period, how many of them came true)."""
    rounds = await _rounds(db, community_id, programme_id, since, until)
    placed = await number(db, _seats(community_id, rounds).subquery()) if rounds else 0
    return placed + len(_left_out(rounds)), placed


async def _rounds(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> list[Round]:
    found = select(Round).where(
        Round.programme_id == ours(community_id, programme_id),
        *within(Round.published_at, since, until),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Round.number))))


async def minutes(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (sessions that both sides confirmed and that were in the period, their minutes)."""
    found = select(func.count(), func.sum(Session.minutes)).where(
        Session.programme_id == ours(community_id, programme_id), Session.status == CONFIRMED,
        col(Session.met_on) >= since.date(), col(Session.met_on) < until.date(),
    )  # fmt: skip
    sessions, together = (await db.exec(found)).one()
    return sessions, int(together or 0)


async def load(db: Db, community_id: str, programme_id: str) -> list[tuple[str, int, int]]:
    """Return (mentor, the most pairs they take, the pairs they are in now) of everybody who is a mentor now."""
    pairs = (
        select(PairMember.member_id, func.count().label("pairs"))
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(
            Pair.programme_id == ours(community_id, programme_id), Pair.status != ENDED,
            PairMember.role == "mentor", col(PairMember.left_at).is_(None),
        )
        .group_by(col(PairMember.member_id))
        .subquery()
    )  # fmt: skip
    found = (
        select(Role.member_id, Role.capacity, func.coalesce(pairs.c.pairs, 0))
        .outerjoin(pairs, pairs.c.member_id == col(Role.member_id))
        .where(
            Role.community_id == community_id, Role.programme_id == programme_id, Role.kind == "mentor",
            Role.status == "active",
        )
        .order_by(col(Role.member_id))
    )  # fmt: skip
    return [tuple(row) for row in await db.exec(found)]


async def wishes(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[str, bool]]:
    """Return (member, whether they got a partner) for each wish in the rounds published in the period."""
    rounds = await _rounds(db, community_id, programme_id, since, until)
    placed = [(member, True) for member, _ in await db.exec(_seats(community_id, rounds))] if rounds else []
    return placed + [(member, False) for member in _left_out(rounds)]


def _seats(community_id: str, rounds: Sequence[Round]) -> Any:
    """(Member, round) of everybody who had a partner in one of these rounds, once a round."""
    return (
        select(PairMember.member_id, Pair.round_id)
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(Pair.community_id == community_id, col(Pair.round_id).in_([row.id for row in rounds]))
        .distinct()
    )


def _left_out(rounds: Sequence[Round]) -> list[str]:
    return [one[0] for row in rounds for one in row.result.get("unmatched", [])]


async def scales(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[str, int, int]]:
    """Return (member, answer from 1 to 5, how often they gave it) to the check-ins asked in the period."""
    found = (
        select(CheckIn.member_id, CheckIn.text, func.count())
        .where(
            CheckIn.programme_id == ours(community_id, programme_id), CheckIn.answer == "scale",
            *within(CheckIn.asked_at, since, until),
        )
        .group_by(col(CheckIn.member_id), col(CheckIn.text))
    )  # fmt: skip
    return [(member, int(answer), times) for member, answer, times in await db.exec(found)]


async def made(db: Db, community_id: str, programme_id: str) -> list[tuple[dict[str, float], bool]]:
    """Return (parts of the score, whether they met and stayed together to the end) of the pairs that are over.

    Only pairs of which the parts were kept.
    """
    well = and_(col(Pair.met_at).is_not(None), col(Pair.ended_why) == OVER)
    found = (
        select(Pair.parts, case((well, 1), else_=0))
        .where(Pair.programme_id == ours(community_id, programme_id), Pair.status == ENDED)
        .order_by(col(Pair.created_at), col(Pair.id))
    )
    return [(dict(parts), bool(good)) for parts, good in await db.exec(found) if parts]
