"""What measures of people are made of: counts of one programme. Aggregated where the rows are; no word is read.

Moments are aware UTC; a period is [since, until). Somebody is a member of a programme from `Role.since` until
`Role.left_at`; who is only invited is not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, func, or_, union_all
from sqlalchemy import select as any_select
from sqlmodel import col, select

from storage.application import Application
from storage.checkin import CheckIn
from storage.db import Db
from storage.goal import DROPPED, Goal
from storage.kudos import Kudos
from storage.member import Member
from storage.pair import Pair, PairMember
from storage.programme import FINISHED, INVITED, PEOPLE, Programme, Role
from storage.prompt import Prompt, PromptAnswer
from storage.request import Request
from storage.session import Session, SessionNote
from storage.survey import Survey
from storage.training import TrainingProgress


def ours(community_id: str, programme_id: str) -> Any:
    """The programme's id, if it is of this community: one lookup, so that the rows need only an index of programmes."""
    return (
        select(Programme.id)
        .where(Programme.id == programme_id, Programme.community_id == community_id)
        .scalar_subquery()
    )


def _here(community_id: str, programme_id: str) -> Any:
    """Roles of people who are or were in the programme."""
    return and_(
        col(Role.programme_id) == ours(community_id, programme_id),
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
    return await number(db, _present(community_id, programme_id, at).subquery())


async def number(db: Db, rows: Subquery) -> int:
    """Return how many rows there are."""
    return int((await db.exec(select(func.count()).select_from(rows))).one())


async def took_part(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> int:
    """Return how many of those present at the end answered, met, logged, reflected or thanked in the period."""
    prompts = col(Prompt.programme_id) == programme_id
    did = union_all(
        select(CheckIn.member_id).where(
            CheckIn.programme_id == ours(community_id, programme_id), *within(CheckIn.answered_at, since, until)
        ),
        select(Session.logged_by).where(
            Session.programme_id == ours(community_id, programme_id), *within(Session.logged_at, since, until)
        ),
        select(SessionNote.member_id)
        .join(Session, col(Session.id) == SessionNote.session_id)
        .where(
            SessionNote.community_id == community_id,
            *within(SessionNote.answered_at, since, until),
            Session.programme_id == programme_id,
        ),
        select(PromptAnswer.member_id)
        .join(Prompt, col(Prompt.id) == PromptAnswer.prompt_id)
        .where(prompts, *within(PromptAnswer.answered_at, since, until)),
        select(Kudos.giver_id).where(Kudos.community_id == community_id, *within(Kudos.given_at, since, until)),
    ).subquery()
    present = _present(community_id, programme_id, until).subquery()
    return await number(db, select(present.c.member_id).where(present.c.member_id.in_(any_select(did))).subquery())


def within(column: Any, since: datetime, until: datetime) -> tuple[Any, Any]:
    """Whether a moment is in a period."""
    return col(column) >= since, col(column) < until


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
        Application.programme_id == ours(community_id, programme_id),
        *within(Application.created_at, since, until),
    )  # fmt: skip
    came = select(Role.member_id).where(_here(community_id, programme_id), *within(Role.since, since, until))
    joined = set(await db.exec(came.distinct()))
    seats = (
        select(PairMember.member_id, func.count(col(Pair.met_at)))
        .join(Pair, col(Pair.id) == PairMember.pair_id)
        .where(Pair.programme_id == ours(community_id, programme_id))
        .group_by(col(PairMember.member_id))
    )
    paired = {member: met for member, met in await db.exec(seats) if member in joined}
    return (await db.exec(applied)).one(), len(joined), len(paired), sum(met > 0 for met in paired.values())


async def goals(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> tuple[int, int, int, int, int]:
    """Return (goals that members present at the end set in the period and did not drop, whose they are, how many are
    reached, the sum of their progress in percent, the sum of its squares).
    """
    present = _present(community_id, programme_id, until)
    found: Any = any_select(
        func.count(),
        func.count(func.distinct(col(Goal.member_id))),
        func.count(col(Goal.reached_at)),
        func.sum(col(Goal.progress)),
        func.sum(col(Goal.progress) * col(Goal.progress)),
    ).where(
        col(Goal.community_id) == community_id, col(Goal.status) != DROPPED, *within(Goal.created_at, since, until),
        col(Goal.member_id).in_(present),
    )  # fmt: skip
    counted, owners, reached, total, squares = (await db.exec(found)).one()
    return counted, owners, reached, int(total or 0), int(squares or 0)


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
    return await number(db, present.subquery()), {name: counted.get(name, (0, 0)) for name in names}


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
    return await number(db, present.subquery()), await number(db, done.subquery())


async def sources(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> dict[str, int]:
    """Return how they came -> how many members joined in the period."""
    found = (
        select(Role.source, func.count(func.distinct(col(Role.member_id))))
        .where(_here(community_id, programme_id), *within(Role.since, since, until))
        .group_by(Role.source)
    )
    return dict((await db.exec(found)).all())


async def questions(
    db: Db, community_id: str, programme_id: str, since: datetime, until: datetime
) -> list[tuple[datetime, datetime | None]]:
    """Return (asked, solved) of the questions to mentors that people of the programme asked in the period."""
    ever = select(Role.member_id).where(_here(community_id, programme_id))
    found = select(Request.asked_at, Request.solved_at).where(
        Request.community_id == community_id, *within(Request.asked_at, since, until), col(Request.asker_id).in_(ever)
    )
    return [(*row,) for row in await db.exec(found.order_by(col(Request.asked_at), col(Request.id)))]


async def thanked(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> int:
    """Return how many of those present at the end were thanked in the period."""
    present = _present(community_id, programme_id, until).subquery()
    given = select(Kudos.receiver_id).where(Kudos.community_id == community_id, *within(Kudos.given_at, since, until))
    return await number(db, select(present.c.member_id).where(present.c.member_id.in_(given)).subquery())


async def surveys(db: Db, community_id: str, programme_id: str, since: datetime, until: datetime) -> list[Survey]:
    """Return the surveys of the programme that opened in the period and of which something is shown, oldest first."""
    found = select(Survey).where(
        Survey.programme_id == ours(community_id, programme_id),
        *within(Survey.opened_at, since, until),
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
        Application.programme_id == ours(community_id, programme_id)
    )
    rows = await db.exec(found.order_by(col(Application.created_at), col(Application.id)))
    return {member: {name: answers[name] for name in names if name in answers} for member, answers in rows}
