"""Recurring prompts: a question of a programme's coordinators, each time it goes out, and what members answer.

Three steps, each a row: the prompt (and its schedule), a run (one occurrence, with the words and promises of that day),
and for each member an answer, which is waiting before it is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, and_, delete, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, select

import storage.rows
from storage.db import Db
from storage.engine import insert_new
from storage.member import Member
from storage.moments import Earliest
from storage.programme import Role
from storage.types import JsonList, UtcDateTime

DRAFT, ACTIVE, PAUSED = "draft", "active", "paused"
PLANNING, PLANNED = "planning", "planned"
WAITING, ASKED, ANSWERED, DROPPED, SKIPPED = "waiting", "asked", "answered", "dropped", "skipped"


class Prompt(SQLModel, table=True):
    """A question that recurs. `status`: draft (not saved; `replaces` names what it is an edit of), active, paused.

    `target` is everyone, mentor, mentee, peer, cohort (`cohort_id`) or channel (`post_to`: [space, channel]). `clock`
    is member or community. `kind` says how it is answered (yes_no, scale, labels, text), `readers` who may read that
    (me, counts, named). `rule` and `anchor` (naive wall time, ISO 8601) are the recurrence, made from what the form
    holds: `often`, `weekday`, `at`. Since `started_at` it runs as it stands; later than `late_h` hours it is skipped.
    """

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str = Field(foreign_key="programme.id", index=True)
    cohort_id: str | None = Field(default=None, foreign_key="cohort.id")
    number: int = 0
    status: str = DRAFT
    replaces: str | None = None
    question: str
    target: str = "everyone"
    post_to: list[str] = Field(default=[], sa_type=JsonList)
    kind: str = "yes_no"
    labels: list[str] = Field(default=[], sa_type=JsonList)
    readers: str = "counts"
    often: str = "weekly"
    weekday: str = "TH"
    at: str = "17:00"
    rule: str = "FREQ=WEEKLY;BYDAY=TH"
    anchor: str = "2026-01-01T17:00:00"
    clock: str = "member"
    late_h: int = 24
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PromptRun(SQLModel, table=True):
    """One occurrence of a prompt, as the prompt stood then.

    `wall` (naive, ISO 8601) is when it is due: in `zone`, or without one on each member's own clock. Members whose
    moment is after `from_at` and, if set, not after `until_at` are asked. `cursor` is the last member planned.
    `status`: planning (from `due_at` on), planned.
    """

    __tablename__ = "prompt_run"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    prompt_id: str = Field(foreign_key="prompt.id", index=True)
    programme_id: str = Field(foreign_key="programme.id")
    day: str
    slot: int
    wall: str
    zone: str = ""
    late_h: int
    question: str
    kind: str = "yes_no"
    labels: list[str] = Field(default=[], sa_type=JsonList)
    readers: str = "counts"
    target: str = "everyone"
    cohort_id: str | None = Field(default=None, foreign_key="cohort.id")
    status: str = Field(default=PLANNING, index=True)
    cursor: str = ""
    due_at: datetime = Field(sa_type=UtcDateTime)
    from_at: datetime = Field(sa_type=UtcDateTime)
    until_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PromptAnswer(SQLModel, table=True):
    """One member and one occurrence; the local day and its slot are unique for a member, however often it is edited.

    `status`: waiting, asked, answered, dropped (not wanted any more, `why` says so), skipped (too late). `answer` is a
    code or label, `text` the member's own words.
    """

    __tablename__ = "prompt_answer"
    __table_args__ = (
        UniqueConstraint("prompt_id", "member_id", "day", "slot"),
        Index(None, "status", "due_at"),
        Index(None, "prompt_id", "answered_at", "member_id"),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    prompt_id: str = Field(foreign_key="prompt.id")
    run_id: str = Field(foreign_key="prompt_run.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    day: str
    slot: int
    due_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    status: str = WAITING
    why: str = ""
    answer: str = ""
    text: str = ""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PromptRest(SQLModel, table=True):
    """A member does not want a prompt before the local day `until` (ISO 8601)."""

    __tablename__ = "prompt_rest"

    prompt_id: str = Field(primary_key=True, foreign_key="prompt.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    until: str


async def by_id(db: Db, community_id: str, prompt_id: str) -> Prompt | None:
    """Return a prompt of the community."""
    return await storage.rows.ours(db, Prompt, community_id, prompt_id)


async def of_programme(db: Db, community_id: str, programme_id: str) -> list[Prompt]:
    """Return a programme's prompts that were saved, by number."""
    found = select(Prompt).where(
        Prompt.community_id == community_id, Prompt.programme_id == programme_id, Prompt.status != DRAFT
    )
    return list(await db.exec(found.order_by(col(Prompt.number))))


async def running(db: Db, community_id: str) -> list[Prompt]:
    """Return the community's active prompts."""
    found = select(Prompt).where(Prompt.community_id == community_id, Prompt.status == ACTIVE)
    return list(await db.exec(found.order_by(col(Prompt.number))))


async def last_number(db: Db, community_id: str) -> int:
    """Return the highest number that a prompt of the community has, 0 without any."""
    return (await db.exec(select(func.max(Prompt.number)).where(Prompt.community_id == community_id))).one() or 0


async def remove_drafts(db: Db, community_id: str, before: datetime) -> None:
    """Remove drafts from before that nobody saved."""
    gone = delete(Prompt).where(
        col(Prompt.community_id) == community_id, col(Prompt.status) == DRAFT, col(Prompt.created_at) < before
    )
    await db.exec(gone)


# -- runs


async def to_plan(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, run) for runs whose members are not all planned, over the whole installation."""
    found = select(PromptRun.community_id, PromptRun.id).where(PromptRun.status == PLANNING, PromptRun.due_at <= now)
    return list(await db.exec(found.order_by(col(PromptRun.due_at), col(PromptRun.id)).limit(limit)))


next_to_plan = Earliest(select(func.min(PromptRun.due_at)).where(PromptRun.status == PLANNING))
"""When the next run wants its members planned, over the whole installation."""


async def run_by_id(db: Db, community_id: str, run_id: str) -> PromptRun | None:
    """Return a run of the community."""
    return await storage.rows.ours(db, PromptRun, community_id, run_id)


async def posted(db: Db, community_id: str, prompt_id: str, day: str, slot: int) -> bool:
    """Return whether a prompt has a run to a channel for this day and slot."""
    found = select(PromptRun.id).where(
        PromptRun.community_id == community_id,
        PromptRun.prompt_id == prompt_id,
        PromptRun.day == day,
        PromptRun.slot == slot,
        PromptRun.target == "channel",
    )
    return (await db.exec(found.limit(1))).first() is not None


async def runs(db: Db, community_id: str, prompt_id: str, limit: int) -> list[PromptRun]:
    """Return a prompt's newest runs of which somebody was asked or answered, newest first."""
    found = select(PromptRun).where(
        PromptRun.community_id == community_id,
        PromptRun.prompt_id == prompt_id,
        exists().where(
            col(PromptAnswer.run_id) == PromptRun.id, col(PromptAnswer.status).in_((ASKED, ANSWERED, SKIPPED))
        ),
    )
    return list(await db.exec(found.order_by(col(PromptRun.wall).desc(), col(PromptRun.id).desc()).limit(limit)))


async def people(
    db: Db,
    community_id: str,
    programme_id: str,
    kinds: Collection[str],
    cohort_id: str | None = None,
    *,
    after: str = "",
    limit: int = 100,
) -> list[Member]:
    """Return members who opted in and are one of `kinds` in a programme (a cohort of it), by id, after `after`."""
    is_in = exists().where(
        col(Role.member_id) == Member.id,
        col(Role.community_id) == community_id,
        col(Role.programme_id) == programme_id,
        col(Role.kind).in_(list(kinds)),
        col(Role.status) == "active",
        *([col(Role.cohort_id) == cohort_id] if cohort_id else []),
    )
    found = select(Member).where(
        Member.community_id == community_id, Member.id > after, col(Member.opted_in_at).is_not(None),
        col(Member.left_at).is_(None), is_in,
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(Member.id)).limit(limit)))


async def stop_runs(db: Db, community_id: str, prompt_id: str, now: datetime) -> None:
    """From now on only what has fallen due goes out as it was: who is not due yet is planned no more, nor waits."""
    planning = update(PromptRun).where(
        col(PromptRun.community_id) == community_id,
        col(PromptRun.prompt_id) == prompt_id,
        col(PromptRun.status) == PLANNING,
        or_(col(PromptRun.until_at).is_(None), col(PromptRun.until_at) > now),
    )
    await db.exec(planning.values(until_at=now))
    ahead = delete(PromptAnswer).where(
        col(PromptAnswer.community_id) == community_id,
        col(PromptAnswer.prompt_id) == prompt_id,
        col(PromptAnswer.status) == WAITING,
        col(PromptAnswer.why) == "",
        col(PromptAnswer.due_at) > now,
    )
    await db.exec(ahead)


# -- answers


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, answer) for who is to be asked, oldest first, over the whole installation."""
    found = select(PromptAnswer.community_id, PromptAnswer.id).where(
        PromptAnswer.status == WAITING, PromptAnswer.due_at <= now
    )
    return list(await db.exec(found.order_by(col(PromptAnswer.due_at), col(PromptAnswer.id)).limit(limit)))


next_due = Earliest(select(func.min(PromptAnswer.due_at)).where(PromptAnswer.status == WAITING))
"""When the next member is to be asked, over the whole installation."""


async def answer_by_id(db: Db, community_id: str, answer_id: str) -> PromptAnswer | None:
    """Return an answer of the community."""
    return await storage.rows.ours(db, PromptAnswer, community_id, answer_id)


async def load(db: Db, ids: Collection[str]) -> list[Any]:
    """Load so many answers with their runs, prompts and members at once, over the whole installation."""
    rows = list(await db.exec(select(PromptAnswer).where(col(PromptAnswer.id).in_(list(ids)))))
    runs = await db.exec(select(PromptRun).where(col(PromptRun.id).in_({row.run_id for row in rows})))
    prompts = await db.exec(select(Prompt).where(col(Prompt.id).in_({row.prompt_id for row in rows})))
    members = await db.exec(select(Member).where(col(Member.id).in_({row.member_id for row in rows})))
    return [*rows, *runs, *prompts, *members]


async def answer_to(
    db: Db, community_id: str, prompt_id: str, day: str, slot: int, member_id: str
) -> PromptAnswer | None:
    """Return what a member answered to a prompt on this day and slot."""
    found = select(PromptAnswer).where(
        PromptAnswer.community_id == community_id,
        PromptAnswer.prompt_id == prompt_id,
        PromptAnswer.member_id == member_id,
        PromptAnswer.day == day,
        PromptAnswer.slot == slot,
    )
    return (await db.exec(found)).first()


async def add_new(db: Db, rows: Sequence[PromptAnswer]) -> int:
    """Store rows whose member, day and slot are not taken; return how many were."""
    return await insert_new(db, rows)


async def remove_unanswered(db: Db, community_id: str, prompt_id: str, before: datetime, limit: int) -> None:
    """Remove up to `limit` rows of a prompt that expired before and have no answer."""
    old = select(PromptAnswer.id).where(
        PromptAnswer.community_id == community_id,
        PromptAnswer.prompt_id == prompt_id,
        PromptAnswer.expires_at < before,
        col(PromptAnswer.answered_at).is_(None),
        PromptAnswer.status != WAITING,
    )
    await db.exec(delete(PromptAnswer).where(col(PromptAnswer.id).in_(old.limit(limit))))


async def overtaken(db: Db, community_id: str, answer_ids: Collection[str], now: datetime) -> set[str]:
    """Return those of the answers of which a later occurrence is due for, or was asked of, the same member."""
    later, this = aliased(PromptAnswer), PromptAnswer
    found = (
        select(this.id)
        .join(later, and_(col(this.prompt_id) == later.prompt_id, col(this.member_id) == later.member_id))
        .where(
            this.community_id == community_id,
            col(this.id).in_(list(answer_ids)),
            later.community_id == community_id,
            col(later.status).in_((WAITING, ASKED, ANSWERED)),
            later.due_at <= now,
            or_(col(later.day) > this.day, and_(col(later.day) == this.day, col(later.slot) > this.slot)),
        )
    )
    return set(await db.exec(found))


async def open_of(db: Db, community_id: str, member_id: str, limit: int = 20) -> list[PromptAnswer]:
    """Return what a member was asked and has not answered, newest first."""
    found = select(PromptAnswer).where(
        PromptAnswer.community_id == community_id, PromptAnswer.member_id == member_id, PromptAnswer.status == ASKED
    )
    return list(await db.exec(found.order_by(col(PromptAnswer.due_at).desc(), col(PromptAnswer.id)).limit(limit)))


async def unsettled(db: Db, community_id: str, member_id: str, programme_id: str) -> list[PromptAnswer]:
    """Return what waits to be asked of a member, or was asked and not answered, for a programme."""
    found = (
        select(PromptAnswer)
        .join(Prompt, col(Prompt.id) == PromptAnswer.prompt_id)
        .where(
            PromptAnswer.community_id == community_id,
            PromptAnswer.member_id == member_id,
            Prompt.programme_id == programme_id,
            col(PromptAnswer.status).in_((WAITING, ASKED)),
        )
    )
    return list(await db.exec(found.order_by(col(PromptAnswer.id))))


async def reflections(db: Db, community_id: str, member_id: str) -> list[tuple[PromptAnswer, str]]:
    """Return (answer, question) for what a member wrote for themselves alone, newest first."""
    found = (
        select(PromptAnswer, PromptRun.question)
        .join(PromptRun, col(PromptRun.id) == PromptAnswer.run_id)
        .where(
            PromptAnswer.community_id == community_id,
            PromptAnswer.member_id == member_id,
            PromptAnswer.text != "",
            PromptRun.readers == "me",
        )
    )
    return list((await db.exec(found.order_by(col(PromptAnswer.answered_at).desc(), col(PromptAnswer.id)))).all())


async def tally(db: Db, community_id: str, run_ids: Collection[str]) -> dict[str, dict[tuple[str, str], int]]:
    """Return run -> (status, answer) -> how many members."""
    found = (
        select(PromptAnswer.run_id, PromptAnswer.status, PromptAnswer.answer, func.count())
        .where(PromptAnswer.community_id == community_id, col(PromptAnswer.run_id).in_(list(run_ids)))
        .group_by(PromptAnswer.run_id, PromptAnswer.status, PromptAnswer.answer)
    )
    counted: dict[str, dict[tuple[str, str], int]] = {run_id: {} for run_id in run_ids}
    for run_id, status, answer, number in await db.exec(found):
        counted[run_id][status, answer] = number
    return counted


async def named(db: Db, community_id: str, prompt_id: str, limit: int = 500) -> list[tuple[PromptAnswer, str]]:
    """Return (answer, kind) where members were told that coordinators read it with their name, newest first."""
    found: Any = (
        select(PromptAnswer, PromptRun.kind)
        .join(PromptRun, col(PromptRun.id) == PromptAnswer.run_id)
        .where(
            PromptAnswer.community_id == community_id,
            PromptAnswer.prompt_id == prompt_id,
            PromptAnswer.status == ANSWERED,
            PromptRun.readers == "named",
        )
        .order_by(col(PromptAnswer.day).desc(), col(PromptAnswer.answered_at).desc(), col(PromptAnswer.id))
    )
    return list((await db.exec(found.limit(limit))).all())


async def rest_of(db: Db, community_id: str, prompt_id: str, member_id: str) -> PromptRest | None:
    """Return until when a member does not want a prompt, if they said so."""
    found = select(PromptRest).where(
        PromptRest.community_id == community_id, PromptRest.prompt_id == prompt_id, PromptRest.member_id == member_id
    )
    return (await db.exec(found)).first()


async def rests(db: Db, community_id: str, members: Collection[str]) -> dict[tuple[str, str], str]:
    """Return (prompt, member) -> until when they do not want it (ISO day), of those of these members who said so."""
    found = select(PromptRest.prompt_id, PromptRest.member_id, PromptRest.until).where(
        PromptRest.community_id == community_id, col(PromptRest.member_id).in_(list(members))
    )
    return {(prompt, member): until for prompt, member, until in await db.exec(found)}
