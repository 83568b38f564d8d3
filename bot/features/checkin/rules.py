"""When a check-in is due, and whether it is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.availability import DAYS
from bot.habits import habits
from bot.i18n import LANGUAGES
from bot.planner import Decision, Drop, Why, decide
from bot.programme_file import CheckIn as Question
from bot.programme_file import ProgrammeFile
from bot.recurrence import to_utc, to_wall
from storage.checkin import CheckIn
from storage.member import Member
from storage.pair import Pair

ANSWER_WITHIN = timedelta(days=1)
"""A question is worthless a day after it was due."""

SNOOZE = timedelta(days=1)
NOT_NEEDED = "already_met"


@dataclass(frozen=True, slots=True)
class Planned:
    """One question in one week of a round, at `due` (aware UTC)."""

    question: str
    week: int
    due: datetime
    expires: datetime


def plan(questions: Sequence[Question], *, start: datetime, ends: datetime, zone: str) -> Iterator[Planned]:
    """Yield when a member in `zone` is asked what, for a pair made at `start` that lasts until `ends` (both aware).

    Week 1 is the seven local days from the day of the start on. What would fall before the start, or not before the
    end, is left out.
    """
    first = to_wall(start, zone).date()
    weeks = max(1, round((ends - start) / timedelta(weeks=1)))
    for question in questions:
        weekday = DAYS.index(question.weekday)
        for week in range(1, weeks + 1):
            if question.weeks and week not in question.weeks:
                continue
            day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
            due = to_utc(datetime.combine(day, question.at), zone)
            if start < due < ends:
                yield Planned(question.key, week, due, due + ANSWER_WITHIN)


def questions(file: ProgrammeFile, key: str) -> dict[str, str]:
    """Return language -> the question that the programme's file has under `key`, in each language that Kith speaks."""
    return {language: file.texts(language).get(f"checkins.{key}", "") for language in LANGUAGES}


def decision(
    checkin: CheckIn,
    pair: Pair,
    others: Sequence[CheckIn],
    member: Member,
    *,
    zone: str,
    now: datetime,
    sent: Sequence[datetime],
) -> Decision | str:
    """Return what the planner says, or a code for why the question is not needed any more.

    `others` are the pair's check-ins, `sent` when this member was nudged lately.
    """
    if pair.status != "active":
        return "pair_ended"
    if any(one.week == checkin.week and one.question == checkin.question and one.answer == "met" for one in others):
        return NOT_NEEDED
    return decide(
        due=checkin.due_at, now=now, expires=checkin.expires_at, key=checkin.id, habits=habits(member, zone), sent=sent
    )


def is_late(decided: Decision) -> bool:
    """Whether a question was dropped because its day had passed."""
    return isinstance(decided, Drop) and decided.why is Why.EXPIRED
