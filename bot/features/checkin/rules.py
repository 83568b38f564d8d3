"""When a check-in is due, how it is answered, and whether it is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.availability import DAYS
from bot.i18n import LANGUAGES
from bot.programme.file import ProgrammeFile
from bot.programme.sections import CheckIn as Question
from bot.recurrence import to_utc, to_wall
from bot.zones import usable
from storage.checkin import CheckIn
from storage.member import Member
from storage.pair import Pair

ANSWER_WITHIN = timedelta(days=1)
"""A question is worthless a day after it was due."""

NOT_NEEDED = "already_met"

ACTION_PLAN = "kith.action_plan"
"""The question after a pair's first session. The dot keeps it apart from the keys of programme files."""

PLAN_WITHIN = timedelta(days=3)
COUNTED = timedelta(days=28)
LEAST = 5
"""So many answers before coordinators see how they divide: fewer would point at people."""


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
    last = max(1, round((ends - start) / timedelta(weeks=1)))
    for question in questions:
        weekday = DAYS.index(question.weekday)
        for week in weeks_of(question, last):
            day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))
            due = to_utc(datetime.combine(day, question.at), zone)
            if start < due < ends:
                yield Planned(question.key, week, due, due + ANSWER_WITHIN)


def weeks_of(question: Question, last: int) -> Sequence[int]:
    """Return the weeks in which a question is asked, in a round of `last` weeks; one of a week has no middle."""
    if question.when == "middle":
        return [(last + 1) // 2] if last > 1 else []
    if question.when == "end":
        return [last]
    return [week for week in range(1, last + 1) if not question.weeks or week in question.weeks]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a question is answered: met, scale, labels or text, with its labels; `once` a round or not."""

    name: str = "met"
    labels: tuple[str, ...] = ()
    once: bool = False


def kind_of(file: ProgrammeFile, key: str) -> Kind:
    """Return how the question under `key` is answered; one that the file has no more is the usual one."""
    if key == ACTION_PLAN:
        return Kind("text")
    found = next((one for one in file.checkins if one.key == key), None)
    if found is None:
        return Kind()
    return Kind("labels" if found.labels else str(found.answers), found.labels, found.when is not None)


def spares(file: ProgrammeFile, answered: CheckIn, other: CheckIn) -> bool:
    """Whether "we met" to one question makes another needless: the same one, or another once-a-round one."""
    if (other.week, other.question) == (answered.week, answered.question):
        return True
    kinds = kind_of(file, answered.question), kind_of(file, other.question)
    return all(kind.once and kind.name == "met" for kind in kinds)


def outbox_key(checkin: CheckIn) -> str:
    """Return the unique key of the message that asks this question at this time."""
    return f"checkin.ask:{checkin.id}:{checkin.due_at.isoformat()}"


def questions(file: ProgrammeFile, key: str) -> dict[str, str]:
    """Return language -> the question that the programme's file has under `key`, in each language that Kith speaks."""
    return {language: file.texts(language).get(f"checkins.{key}", "") for language in LANGUAGES}


def labels(file: ProgrammeFile, key: str, asked_with: Sequence[str]) -> dict[str, list[str]]:
    """Return language -> the labels of a question: as it was asked, translated where the file still has the same."""
    now = kind_of(file, key).labels
    if list(asked_with or now) != list(now):
        return {language: list(asked_with) for language in LANGUAGES}
    return {
        language: [file.texts(language)[f"answers.{key}.{place}"] for place in range(1, len(now) + 1)]
        for language in LANGUAGES
    }


def zone_of(member: Member, zone: str) -> str:
    """Return the zone that a member lives in; `zone` is the community's."""
    return usable(member.zone, zone)


def not_needed(checkin: CheckIn, file: ProgrammeFile, pair: Pair, others: Sequence[CheckIn]) -> str | None:
    """Return a code for why a question is not needed any more, or None.

    `file` is the programme's, `others` are the pair's check-ins.
    """
    if pair.status != "active":
        return "pair_ended"
    if any(one.answer == "met" and spares(file, one, checkin) for one in others):
        return NOT_NEEDED
    return None
