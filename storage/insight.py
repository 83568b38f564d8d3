"""What measures are made of: counts and durations of one programme. Aggregated where the rows are; no word is read.

Moments are aware UTC; a period is [since, until). Somebody is a member of a programme from `Role.since` until
`Role.left_at`; who is only invited is not.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, exists, func, or_, union, union_all
from sqlalchemy import select as any_select
from sqlmodel import col, select

from storage.application import Application
from storage.checkin import CheckIn
from storage.db import Db
from storage.goal import DROPPED, Goal
from storage.kudos import Kudos
from storage.member import Member
from storage.pair import ENDED, Pair, PairMember
from storage.programme import FINISHED, INVITED, PEOPLE, Programme, Role
from storage.prompt import Prompt, PromptAnswer
from storage.request import Request
from storage.round import Round
from storage.session import CONFIRMED, LOGGED, Session, SessionNote
from storage.survey import Survey
from storage.training import TrainingProgress

MET = "met"
"""What a check-in is answered with when the pair met."""

OVER = "over"
"""Why a pair ended whose round did."""


def _ours(community_id: str, programme_id: str) -> Any:
    """The programme's id, if it is of this community: one lookup, so that the rows need only an index of programmes."""
    return (
        select(Programme.id)
        .where(Programme.id == programme_id, Programme.community_id == community_id)
        .scalar_subquery()
    )


def _here(community_id: str, programme_id: str) -> Any:
    """Roles of people who are or were in the programme."""
    return and_(
        col(Role.programme_id) == _ours(community_id, programme_id),
        col(Role.kind).in_(PEOPLE),
        col(Role.status) != INVITED,
    )


def _present(community_id: str, programme_id: str, at: datetime) -> Select[Any]:
    """Members who are in the programme just before `at`."""
    return (
        select(Role.member_id)
        .where(
            _here(community_id, programme_id),
            col(Role.since) < at,
            or_(col(Role.left_at).is_(None), col(Role.left_at) >= at),
        )
        .distinct()
    )


async def members(db: Db, community_id: str, programme_id: str, at: datetime) -> int:
    """Return how many are in the programme at a moment."""
    return await _number(db, _present(community_id, programme_id, at).subquery())


async def _number(db: Db, rows: Subquery) -> int:
    return int((await db.exec(select(func.count()).select_from(rows))).one())


async def took_part(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> int:
    """Return how many of those present at the end answered, met, logged, reflected or thanked in the period."""
    ours = col(Prompt.programme_id) == programme_id
    did = union_all(
        select(CheckIn.member_id).where(
            CheckIn.programme_id == _ours(community_id, programme_id), *_within(CheckIn.answered_at, since, until)
        ),
        select(Session.logged_by).where(
            Session.programme_id == _ours(community_id, programme_id), *_within(Session.logged_at, since, until)
        ),
        select(SessionNote.member_id)
        .join(Session, col(Session.id) == SessionNote.session_id)
        .where(
            SessionNote.community_id == community_id,
            *_within(SessionNote.answered_at, since, until),
            Session.programme_id == programme_id,
        ),
        select(PromptAnswer.member_id)
        .join(Prompt, col(Prompt.id) == PromptAnswer.prompt_id)
        .where(ours, *_within(PromptAnswer.answered_at, since, until)),
        select(Kudos.giver_id).where(Kudos.community_id == community_id, *_within(Kudos.given_at, since, until)),
    ).subquery()
    present = _present(community_id, programme_id, until).subquery()
    return await _number(db, select(present.c.member_id).where(present.c.member_id.in_(any_select(did))).subquery())


def _within(column: Any, since: datetime, until: datetime) -> tuple[Any, Any]:
    return col(column) >= since, col(column) < until


async def answered(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (check-ins that were asked in the period, how many of them were answered)."""
    found = select(func.count(), func.count(col(CheckIn.answer))).where(
        CheckIn.programme_id == _ours(community_id, programme_id),
        *_within(CheckIn.asked_at, since, until),
    )  # fmt: skip
    asked, answers = (await db.exec(found)).one()
    return asked, answers


async def weeks(
    db: Db, community_id: str, programme_id: str, periods: Sequence[tuple[datetime, datetime]]
) -> list[tuple[int, int]]:
    """Return (pairs that met, pairs there were) in each of adjoining periods, oldest first.

    A pair met when it logged a session of a day in the period, or said so to a check-in that was asked in it.
    """
    if not periods:
        return []
    found = select(Pair.id, Pair.created_at, Pair.ended_at).where(
        Pair.programme_id == _ours(community_id, programme_id), Pair.created_at < periods[-1][1],
        or_(col(Pair.ended_at).is_(None), col(Pair.ended_at) > periods[0][0]),
    )  # fmt: skip
    begins, ends = [since for since, _ in periods], [until for _, until in periods]
    there: list[set[str]] = [set() for _ in periods]
    for pair, began, ended in await db.exec(found):
        last = len(periods) if ended is None else bisect_left(begins, ended)
        for place in range(bisect_right(ends, began), last):
            there[place].add(pair)
    counted = []
    for place, period in enumerate(periods):
        said = await db.exec(select(_meetings(community_id, programme_id, *period).subquery().c.pair_id))
        counted.append((len(there[place].intersection(said)), len(there[place])))
    return counted


def _meetings(community_id: str, programme_id: str, since: datetime, until: datetime) -> Any:
    """The pairs that say they met in a period."""
    return union(
        select(CheckIn.pair_id).where(
            CheckIn.programme_id == _ours(community_id, programme_id), CheckIn.answer == MET,
            *_within(CheckIn.asked_at, since, until),
        ),
        select(Session.pair_id).where(
            Session.programme_id == _ours(community_id, programme_id),
            col(Session.status).in_((LOGGED, CONFIRMED)), col(Session.met_on) >= since.date(),
            col(Session.met_on) < until.date(),
        ),
    )  # fmt: skip


async def begun(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None, datetime | None, float]]:
    """Return (created, first met, ended, score) of the pairs that began in the period."""
    found = select(Pair.created_at, Pair.met_at, Pair.ended_at, Pair.score).where(
        Pair.programme_id == _ours(community_id, programme_id), *_within(Pair.created_at, since, until)
    )
    return [(*row,) for row in await db.exec(found.order_by(col(Pair.created_at), col(Pair.id)))]


async def stalled(db: Db, community_id: str, programme_id: str, since: datetime) -> tuple[int, int]:
    """Return (pairs that are active now, how many of them gave no sign since: not begun, met, answered or planned)."""
    active = (
        Pair.programme_id == _ours(community_id, programme_id), col(Pair.status) != ENDED,
    )  # fmt: skip
    answer = exists().where(col(CheckIn.pair_id) == Pair.id, col(CheckIn.answered_at) >= since)
    session = exists().where(
        col(Session.pair_id) == Pair.id, or_(col(Session.created_at) >= since, col(Session.logged_at) >= since)
    )
    silent = select(func.count()).where(
        *active, Pair.created_at < since, or_(col(Pair.met_at).is_(None), col(Pair.met_at) < since), ~answer, ~session
    )
    every = (await db.exec(select(func.count()).where(*active))).one()
    return every, (await db.exec(silent)).one()


async def matched(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (wishes for a partner in the rounds published in the period, how many of them came true)."""
    rounds = await _rounds(db, community_id, programme_id, since, until)
    seats = (
        select(Pair.round_id, PairMember.member_id)
        .join(PairMember, col(PairMember.pair_id) == Pair.id)
        .where(Pair.community_id == community_id, col(Pair.round_id).in_([row.id for row in rounds]))
        .distinct()
    )
    placed = await _number(db, seats.subquery()) if rounds else 0
    return placed + sum(len(row.result.get("unmatched", [])) for row in rounds), placed


async def _rounds(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> list[Round]:
    found = select(Round).where(
        Round.programme_id == _ours(community_id, programme_id),
        *_within(Round.published_at, since, until),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Round.number))))


async def stayed(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (everybody who was in the programme at some moment of the period, those who did not leave it before its
    end). Who finished with their cohort did not leave.
    """
    kept = or_(col(Role.left_at).is_(None), col(Role.left_at) >= until, col(Role.status) == FINISHED)
    found = (
        select(Role.member_id, func.max(case((kept, 1), else_=0)))
        .where(
            _here(community_id, programme_id),
            col(Role.since) < until,
            or_(col(Role.left_at).is_(None), col(Role.left_at) >= since),
        )
        .group_by(col(Role.member_id))
        .subquery()
    )
    every, those = (await db.exec(select(func.count(), func.sum(found.c[1])).select_from(found))).one()
    return every, int(those or 0)


async def spells(
    db: Db, community_id: str, programme_id: str
) -> list[tuple[str | None, str, datetime, datetime | None, str]]:
    """Return (cohort, member, since, left, status) of every role of people in the programme."""
    found: Any = any_select(
        col(Role.cohort_id), col(Role.member_id), col(Role.since), col(Role.left_at), col(Role.status)
    ).where(_here(community_id, programme_id))
    return [tuple(row) for row in await db.exec(found.order_by(col(Role.cohort_id), col(Role.since), col(Role.id)))]


async def arrivals(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> tuple[int, int, int, int]:
    """Return how many applied in the period, how many joined in it, and of these who ever had a partner and met one."""
    applied = select(func.count()).where(
        Application.programme_id == _ours(community_id, programme_id),
        *_within(Application.created_at, since, until),
    )  # fmt: skip
    came = select(Role.member_id).where(_here(community_id, programme_id), *_within(Role.since, since, until))
    joined = set(await db.exec(came.distinct()))
    seats = (
        select(PairMember.member_id, func.count(col(Pair.met_at)))
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(Pair.programme_id == _ours(community_id, programme_id))
        .group_by(col(PairMember.member_id))
    )
    paired = {member: met for member, met in await db.exec(seats) if member in joined}
    return (await db.exec(applied)).one(), len(joined), len(paired), sum(met > 0 for met in paired.values())


async def minutes(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    """Return (sessions that both sides confirmed and that were in the period, their minutes)."""
    found = select(func.count(), func.sum(Session.minutes)).where(
        Session.programme_id == _ours(community_id, programme_id), Session.status == CONFIRMED,
        col(Session.met_on) >= since.date(), col(Session.met_on) < until.date(),
    )  # fmt: skip
    number, together = (await db.exec(found)).one()
    return number, int(together or 0)


async def goals(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> tuple[int, int, int, int]:
    """Return (goals that members present at the end set in the period and did not drop, how many are reached, the sum
    of their progress in percent, the sum of its squares).
    """
    present = _present(community_id, programme_id, until)
    found = select(
        func.count(), func.count(col(Goal.reached_at)), func.sum(Goal.progress), func.sum(Goal.progress * Goal.progress)
    ).where(
        Goal.community_id == community_id, Goal.status != DROPPED, *_within(Goal.created_at, since, until),
        col(Goal.member_id).in_(present),
    )  # fmt: skip
    number, reached, total, squares = (await db.exec(found)).one()
    return number, reached, int(total or 0), int(squares or 0)


async def modules(
    db: Db, community_id: str, programme_id: str, kind: str, at: datetime, names: Collection[str]
) -> tuple[int, dict[str, tuple[int, int]]]:
    """Return (how many are `kind` at a moment, module -> how many of them have begun and passed it)."""
    present = _present(community_id, programme_id, at).where(col(Role.kind) == kind)
    found = (
        select(TrainingProgress.module, func.count(), func.count(col(TrainingProgress.passed_at)))
        .where(
            TrainingProgress.community_id == community_id, col(TrainingProgress.module).in_(list(names)),
            col(TrainingProgress.member_id).in_(present),
        )
        .group_by(TrainingProgress.module)
    )  # fmt: skip
    counted = {module: (started, passed) for module, started, passed in await db.exec(found)}
    return await _number(db, present.subquery()), {name: counted.get(name, (0, 0)) for name in names}


async def trained(
    db: Db, community_id: str, programme_id: str, kind: str, at: datetime, names: Collection[str]
) -> tuple[int, int]:
    """Return (how many are `kind` at a moment, how many of them passed all of these modules)."""
    present = _present(community_id, programme_id, at).where(col(Role.kind) == kind)
    done = (
        select(TrainingProgress.member_id)
        .where(
            TrainingProgress.community_id == community_id, col(TrainingProgress.module).in_(list(names)),
            col(TrainingProgress.passed_at).is_not(None), col(TrainingProgress.member_id).in_(present),
        )
        .group_by(col(TrainingProgress.member_id))
        .having(func.count() == len(names))
    )  # fmt: skip
    return await _number(db, present.subquery()), await _number(db, done.subquery())


async def sources(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> dict[str, int]:
    """Return how they came -> how many members joined in the period."""
    found = (
        select(Role.source, func.count(func.distinct(col(Role.member_id))))
        .where(_here(community_id, programme_id), *_within(Role.since, since, until))
        .group_by(Role.source)
    )
    return dict((await db.exec(found)).all())


async def load(db: Db, community_id: str, programme_id: str) -> list[tuple[str, int, int]]:
    """Return (mentor, the most pairs they take, the pairs they are in now) of everybody who is a mentor now."""
    pairs = (
        select(PairMember.member_id, func.count().label("pairs"))
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(
            Pair.programme_id == _ours(community_id, programme_id), Pair.status != ENDED,
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


async def questions(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None]]:
    """Return (asked, solved) of the questions to mentors that people of the programme asked in the period."""
    ever = select(Role.member_id).where(_here(community_id, programme_id))
    found = select(Request.asked_at, Request.solved_at).where(
        Request.community_id == community_id, *_within(Request.asked_at, since, until), col(Request.asker_id).in_(ever)
    )
    return [(*row,) for row in await db.exec(found.order_by(col(Request.asked_at), col(Request.id)))]


async def thanked(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> int:
    """Return how many of those present at the end were thanked in the period."""
    present = _present(community_id, programme_id, until).subquery()
    given = select(Kudos.receiver_id).where(Kudos.community_id == community_id, *_within(Kudos.given_at, since, until))
    return await _number(db, select(present.c.member_id).where(present.c.member_id.in_(given)).subquery())


async def surveys(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> list[Survey]:
    """Return the surveys of the programme that opened in the period and of which something is shown, oldest first."""
    found = select(Survey).where(
        Survey.programme_id == _ours(community_id, programme_id),
        *_within(Survey.opened_at, since, until),
    )  # fmt: skip
    rows = await db.exec(found.order_by(col(Survey.opened_at), col(Survey.id)))
    return [row for row in rows if row.shown.get("answers")]


async def traits(db: Db, community_id: str, programme_id: str) -> dict[str, tuple[str, str]]:
    """Return member -> (group, level as text) of everybody who is or was in the programme."""
    found: Any = (
        any_select(col(Member.id), col(Member.grouping), col(Member.level))
        .join(Role, col(Role.member_id) == col(Member.id))
        .where(_here(community_id, programme_id))
        .distinct()
    )
    return {member: (group, "" if level is None else str(level)) for member, group, level in await db.exec(found)}


async def private_answers(db: Db, community_id: str, programme_id: str, names: Collection[str]) -> dict[str, Any]:
    """Return member -> the answers (name -> value) of their newest application, of these names alone."""
    found = select(Application.member_id, Application.answers).where(
        Application.programme_id == _ours(community_id, programme_id)
    )
    rows = await db.exec(found.order_by(col(Application.created_at), col(Application.id)))
    return {member: {name: answers[name] for name in names if name in answers} for member, answers in rows}


async def wishes(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[str, bool]]:
    """Return (member, whether they got a partner) for each wish in the rounds published in the period."""
    rounds = await _rounds(db, community_id, programme_id, since, until)
    if not rounds:
        return []
    seats = (
        select(PairMember.member_id, Pair.round_id)
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(Pair.community_id == community_id, col(Pair.round_id).in_([row.id for row in rounds]))
        .distinct()
    )
    placed = [(member, True) for member, _ in await db.exec(seats)]
    return placed + [(one[0], False) for row in rounds for one in row.result.get("unmatched", [])]


async def scales(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[str, int, int]]:
    """Return (member, answer from 1 to 5, how often they gave it) to the check-ins asked in the period."""
    found = (
        select(CheckIn.member_id, CheckIn.text, func.count())
        .where(
            CheckIn.programme_id == _ours(community_id, programme_id), CheckIn.answer == "scale",
            *_within(CheckIn.asked_at, since, until),
        )
        .group_by(col(CheckIn.member_id), col(CheckIn.text))
    )  # fmt: skip
    return [(member, int(answer), number) for member, answer, number in await db.exec(found)]


async def made(db: Db, community_id: str, programme_id: str) -> list[tuple[dict[str, float], bool]]:
    """Return (parts of the score, whether they met and stayed together to the end) of the pairs that are over.

    Only pairs of which the parts were kept.
    """
    well = and_(col(Pair.met_at).is_not(None), col(Pair.ended_why) == OVER)
    found = (
        select(Pair.parts, case((well, 1), else_=0))
        .where(Pair.programme_id == _ours(community_id, programme_id), Pair.status == ENDED)
        .order_by(col(Pair.created_at), col(Pair.id))
    )
    return [(dict(parts), bool(good)) for parts, good in await db.exec(found) if parts]
