"""Surveys: what is asked, whom, and what came back. Unless a survey is named, no row ties an answer to a person.

Answers to closed questions are only counted. Words are rows of their own, under random ids and in no order, and no two
answers of one person can be put together again.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, delete, func, insert, update
from sqlalchemy import select as select_stored
from sqlmodel import Field, SQLModel, col, select

from storage.db import Db
from storage.engine import insert_once
from storage.moments import Earliest
from storage.sealed import Sealed, as_stored
from storage.types import JsonDict, JsonList, UtcDateTime

DRAFT, OPENING, OPEN, CLOSED = "draft", "opening", "open", "closed"
NAMED, CONFIDENTIAL, ANONYMOUS = "named", "confidential", "anonymous"


class Survey(SQLModel, table=True):
    """A survey. `questions` are dicts as the feature's rules make them, `audience` whom it goes to.

    `status`: draft, opening (being sent out), open, closed. `asked` and `answers` are counted; `shown` is what the last
    published results hold: how many answers, counts, and ids of words. `cursor` is the last member who was asked, in
    the order of ids. `next_at` is when something is due. `planned` is cohort and key of one that the programme's file
    sends out by itself, a draft until `opened_at`.
    """

    __table_args__ = (UniqueConstraint("planned"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    programme_id: str | None = Field(default=None, foreign_key="programme.id", index=True)
    template: str
    title: str
    mode: str
    audience: str
    questions: list[Any] = Field(sa_type=JsonList)
    status: str = Field(default=DRAFT, index=True)
    days: int = 14
    asked: int = 0
    answers: int = 0
    shown: dict[str, Any] = Field(default={}, sa_type=JsonDict)
    reminded: bool = False
    cursor: str = ""
    planned: str | None = None
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closes_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SurveyBallot(SQLModel, table=True):
    """The right to answer once. In an anonymous survey nobody's: `member_id` is empty and the row goes when it is used.

    Elsewhere it says that somebody has answered, so that they are not reminded; never when, and never what.
    """

    __tablename__ = "survey_ballot"
    __table_args__ = (UniqueConstraint("survey_id", "member_id"), {"sqlite_with_rowid": False})

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    survey_id: str = Field(foreign_key="survey.id", index=True)
    member_id: str | None = Field(default=None, foreign_key="member.id", index=True)
    used: bool = False


class SurveyCount(SQLModel, table=True):
    """How often a value was given to a question."""

    __tablename__ = "survey_count"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: str = Field(primary_key=True, foreign_key="survey.id")
    question: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    number: int = 0


class SurveyWord(SQLModel, table=True):
    """Somebody's words to a question, under a random id, sealed; written anew in a random order at each addition."""

    __tablename__ = "survey_word"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    survey_id: str = Field(foreign_key="survey.id", index=True)
    question: str
    text: str = Field(sa_type=Sealed)


class SurveyReply(SQLModel, table=True):
    """What somebody said in a named survey: question -> answer, as sealed JSON."""

    __tablename__ = "survey_reply"
    __table_args__ = (UniqueConstraint("survey_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    survey_id: str = Field(foreign_key="survey.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    answers: str = Field(sa_type=Sealed)


class SurveyVolunteer(SQLModel, table=True):
    """Somebody who would talk about it in a small group; not tied to what they answered."""

    __tablename__ = "survey_volunteer"

    survey_id: str = Field(primary_key=True, foreign_key="survey.id")
    member_id: str = Field(primary_key=True, foreign_key="member.id", index=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    drawn: bool = False


class SessionRating(SQLModel, table=True):
    """How a session was for one of the pair, 1 to 5. Sealed to the others until all have rated or `until` has come.

    `value` is empty until they say it. `next_at` is when the window closes; None once it is open to all.
    """

    __tablename__ = "session_rating"
    __table_args__ = (UniqueConstraint("session_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    session_id: str = Field(foreign_key="session.id", index=True)
    pair_id: str = Field(foreign_key="pair.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    value: int | None = None
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class Scorecard(SQLModel, table=True):
    """What mentees said of a mentor's sessions, in numbers. The mentor reads it first; coordinators from `seen_from`.

    `numbers` is value -> how often; `word` the mentor's own, which stands beside it.
    """

    __table_args__ = (UniqueConstraint("survey_id", "member_id"),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="community.id", index=True)
    survey_id: str = Field(foreign_key="survey.id", index=True)
    member_id: str = Field(foreign_key="member.id", index=True)
    numbers: dict[str, Any] = Field(sa_type=JsonDict)
    word: str = Field(default="", sa_type=Sealed)
    seen_from: datetime = Field(sa_type=UtcDateTime)


async def plan(db: Db, row: Survey) -> bool:
    """Store a survey that the programme's file planned; False when it is there already."""
    return await insert_once(db, row)


async def planned_for(db: Db, community_id: str, cohort_id: str) -> list[Survey]:
    """Return the drafts that the programme's file planned for a cohort."""
    found = select(Survey).where(
        Survey.community_id == community_id, Survey.status == DRAFT, col(Survey.planned).startswith(f"{cohort_id}:")
    )
    return list(await db.exec(found.order_by(col(Survey.id))))


async def by_id(db: Db, community_id: str, survey_id: str) -> Survey | None:
    """Return a survey of the community."""
    return (await db.exec(select(Survey).where(Survey.community_id == community_id, Survey.id == survey_id))).first()


async def newest(db: Db, community_id: str, limit: int = 20) -> list[Survey]:
    """Return the community's surveys, newest first."""
    found = select(Survey).where(Survey.community_id == community_id)
    return list(await db.exec(found.order_by(col(Survey.created_at).desc(), col(Survey.id)).limit(limit)))


async def due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, survey) for surveys with something due, over the whole installation."""
    found = select(Survey.community_id, Survey.id).where(col(Survey.next_at) <= now)
    return list(await db.exec(found.order_by(col(Survey.next_at), col(Survey.id)).limit(limit)))


next_due = Earliest(select(func.min(Survey.next_at)))
"""When the next survey has something due, over the whole installation."""


async def invite(db: Db, ballot: SurveyBallot) -> bool:
    """Store a ballot; False when the member has one. The row names its community: over the whole installation."""
    return await insert_once(db, ballot)


async def ballots_of(db: Db, community_id: str, member_id: str) -> list[SurveyBallot]:
    """Return what a member can still answer in their own name or in confidence."""
    found = select(SurveyBallot).where(
        SurveyBallot.community_id == community_id,
        SurveyBallot.member_id == member_id,
        col(SurveyBallot.used).is_(False),
    )
    return list(await db.exec(found.order_by(col(SurveyBallot.id))))


async def invited(db: Db, community_id: str, survey_id: str) -> dict[str, bool]:
    """Return member -> whether they have answered, of a survey that is not anonymous."""
    found = select(SurveyBallot.member_id, SurveyBallot.used).where(
        SurveyBallot.community_id == community_id, SurveyBallot.survey_id == survey_id,
        col(SurveyBallot.member_id).is_not(None),
    )  # fmt: skip
    return {member or "": used for member, used in await db.exec(found)}


async def drop_ballots(db: Db, community_id: str, survey_id: str) -> None:
    """Remove what was not used, and what says who answered: the survey is over."""
    gone = delete(SurveyBallot).where(
        col(SurveyBallot.community_id) == community_id, col(SurveyBallot.survey_id) == survey_id
    )
    await db.exec(gone)


async def count(db: Db, community_id: str, survey_id: str, given: Mapping[str, Collection[str]]) -> None:
    """Count the values that were given to closed questions."""
    for question, values in sorted(given.items()):
        for value in sorted(values):
            key = (survey_id, question, value)
            row = await db.get(SurveyCount, key) or SurveyCount(
                survey_id=survey_id, question=question, value=value, community_id=community_id
            )
            row.number += 1
            db.add(row)
    await db.flush()


async def counts(db: Db, community_id: str, survey_id: str) -> dict[str, dict[str, int]]:
    """Return question -> value -> how often."""
    found = select(SurveyCount).where(SurveyCount.community_id == community_id, SurveyCount.survey_id == survey_id)
    counted: dict[str, dict[str, int]] = {}
    for row in await db.exec(found.order_by(col(SurveyCount.question), col(SurveyCount.value))):
        counted.setdefault(row.question, {})[row.value] = row.number
    return counted


async def add_words(db: Db, community_id: str, survey_id: str, given: Mapping[str, str]) -> None:
    """Keep words, and write all of the survey's anew in a random order, still sealed."""
    for question, text in given.items():
        db.add(
            SurveyWord(
                id=secrets.token_hex(16), community_id=community_id, survey_id=survey_id, question=question, text=text
            )
        )
    await db.flush()
    table = as_stored(SurveyWord.__table__)  # type: ignore[attr-defined]
    theirs = (table.c.community_id == community_id) & (table.c.survey_id == survey_id)
    connection = await db.connection()
    rows = [dict(row) for row in (await connection.execute(select_stored(table).where(theirs))).mappings()]
    if not rows:
        return
    secrets.SystemRandom().shuffle(rows)
    await connection.execute(delete(table).where(theirs))
    await connection.execute(insert(table), rows)


async def remove_words(db: Db, community_id: str, survey_id: str) -> None:
    """Remove what people wrote, said with their name, and offered; the counts stay."""
    await db.flush()
    for table in (SurveyBallot, SurveyWord, SurveyReply, SurveyVolunteer):
        await db.exec(delete(table).where(col(table.community_id) == community_id, col(table.survey_id) == survey_id))


async def words(db: Db, community_id: str, survey_id: str) -> list[SurveyWord]:
    """Return what was written, by its random id: in no order that tells anything."""
    found = select(SurveyWord).where(SurveyWord.community_id == community_id, SurveyWord.survey_id == survey_id)
    return list(await db.exec(found.order_by(col(SurveyWord.id))))


async def reply_of(db: Db, community_id: str, survey_id: str, member_id: str) -> SurveyReply | None:
    """Return what a member said in a named survey."""
    found = select(SurveyReply).where(
        SurveyReply.community_id == community_id, SurveyReply.survey_id == survey_id, SurveyReply.member_id == member_id
    )
    return (await db.exec(found)).first()


async def replies(db: Db, community_id: str, survey_id: str) -> list[SurveyReply]:
    """Return what was said in a named survey."""
    found = select(SurveyReply).where(SurveyReply.community_id == community_id, SurveyReply.survey_id == survey_id)
    return list(await db.exec(found.order_by(col(SurveyReply.member_id))))


async def volunteers(db: Db, community_id: str, survey_id: str) -> list[SurveyVolunteer]:
    """Return who would talk in a small group, by member id."""
    found = select(SurveyVolunteer).where(
        SurveyVolunteer.community_id == community_id, SurveyVolunteer.survey_id == survey_id
    )
    return list(await db.exec(found.order_by(col(SurveyVolunteer.member_id))))


# -- sessions


async def rating_by_id(db: Db, community_id: str, rating_id: str) -> SessionRating | None:
    """Return a rating of the community."""
    found = select(SessionRating).where(SessionRating.community_id == community_id, SessionRating.id == rating_id)
    return (await db.exec(found)).first()


async def ratings_of_session(db: Db, community_id: str, session_id: str) -> list[SessionRating]:
    """Return everybody's rating of a session, also those not given yet."""
    found = select(SessionRating).where(
        SessionRating.community_id == community_id, SessionRating.session_id == session_id
    )
    return list(await db.exec(found.order_by(col(SessionRating.member_id))))


async def ratings_due(db: Db, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Return (community, rating) for ratings whose window is over, over the whole installation."""
    found = select(SessionRating.community_id, SessionRating.id).where(col(SessionRating.next_at) <= now)
    return list(await db.exec(found.order_by(col(SessionRating.next_at), col(SessionRating.id)).limit(limit)))


next_rating_due = Earliest(select(func.min(SessionRating.next_at)))
"""When the next window of ratings closes, over the whole installation."""


async def ratings_in_pairs(db: Db, community_id: str, pair_ids: Collection[str]) -> list[SessionRating]:
    """Return the ratings given in these pairs."""
    found = select(SessionRating).where(
        SessionRating.community_id == community_id, col(SessionRating.pair_id).in_(list(pair_ids)),
        col(SessionRating.value).is_not(None),
    )  # fmt: skip
    return list(await db.exec(found.order_by(col(SessionRating.id))))


async def scorecards(db: Db, community_id: str, seen_from: datetime) -> list[Scorecard]:
    """Return the scorecards that coordinators may read by then."""
    found = select(Scorecard).where(Scorecard.community_id == community_id, col(Scorecard.seen_from) <= seen_from)
    return list(await db.exec(found.order_by(col(Scorecard.seen_from).desc(), col(Scorecard.member_id))))


async def forget_unused(db: Db, community_id: str, member_id: str) -> None:
    """Close what was asked of a member who left."""
    gone = update(SurveyBallot).where(
        col(SurveyBallot.community_id) == community_id, col(SurveyBallot.member_id) == member_id
    )
    await db.exec(gone.values(used=True))
    over = update(SessionRating).where(
        col(SessionRating.community_id) == community_id, col(SessionRating.member_id) == member_id,
        col(SessionRating.value).is_(None),
    )  # fmt: skip
    await db.exec(over.values(next_at=None))
