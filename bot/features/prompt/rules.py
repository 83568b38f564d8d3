"""What a prompt is, when it is due for whom, and whether it is asked. Pure.

A prompt on members' own clocks is planned when its wall time first comes anywhere on earth (UTC+14): from then on each
member has a row with their own moment. What is right when time is not simple:

- gap: the wall time moves forward by it; fold: the first counts; 29 February: in leap years only (a rule may say -1).
- a day that a zone leaves out (Samoa, 30 December 2011) would meet the next one: only the later is asked.
- an edit: what has fallen due goes out as it was; who is not due yet gets the new words at the new time; nobody is
  asked twice for one local day. A new time that has passed already counts from the next day on.
- a clock that goes back: a day that was asked is asked no more. Downtime: what is at most the prompt's own hours late
  is asked, older is recorded as skipped, and of several that wait only the newest is asked.
- a zone that is not in the tz database (any more): the community's counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.questions import LABEL_LENGTH, MOST_LABELS
from bot.recurrence import Problem, Recurrence, next_occurrence, occurrences, to_utc, to_wall, validate
from bot.zones import usable
from storage.prompt import Prompt, PromptAnswer, PromptRun

EARLIEST = "Etc/GMT-14"
"""Where a wall time comes first; it has no clock changes."""

SPREAD = timedelta(hours=28)
"""From a wall time in the earliest zone to the same one in the latest (26 hours), with room to spare."""

BATCH = 400
"""Members planned in one unit of work."""

LEAST = 5
"""So many answers before coordinators see how they divide, where they see no names: fewer would point at people."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OFTEN = ("daily", "workdays", "weekly", "two_weeks", "first", "second", "third", "fourth", "last", "custom")
TARGETS = ("everyone", "mentor", "mentee", "peer", "cohort", "channel")
KINDS = ("yes_no", "scale", "labels", "text")
YES_NO = ("yes", "not_yet")
LATE = (12, 24, 72)
"""Hours that a prompt may be late."""

_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h]([0-5]\d))?")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one field: a key of this feature's sentences, or a problem of the recurrence."""

    key: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A form that was understood. `anchor` is naive wall time; the rest as in `storage.prompt.Prompt`."""

    question: str
    target: str
    cohort: str | None
    channel: str | None
    kind: str
    labels: tuple[str, ...]
    readers: str
    often: str
    weekday: str
    at: str
    rule: str
    anchor: datetime
    clock: str
    late_h: int


def rule_of(often: str, weekday: str, custom: str) -> str:
    """Return the RFC 5545 rule of a choice; `custom` is the coordinator's own."""
    match often:
        case "daily":
            return "FREQ=DAILY"
        case "workdays":
            return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
        case "weekly":
            return f"FREQ=WEEKLY;BYDAY={weekday}"
        case "two_weeks":
            return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}"
        case "custom":
            return custom.strip().upper().removeprefix("RRULE:")
        case _:
            return f"FREQ=MONTHLY;BYDAY={_NTH[often]}{weekday}"


def parse_time(text: str) -> time | None:
    """Read 9, 9:30, 17.00 or 17h05; None for anything else."""
    found = _TIME.fullmatch(text.strip().lower())
    return time(int(found[1]), int(found[2] or 0)) if found else None


def first_day(often: str, weekday: str, day: date) -> date:
    """Return the first day from `day` on that the choice can mean: "every two weeks" begins with the next one."""
    if often not in ("weekly", "two_weeks"):
        return day
    return day + timedelta(days=(WEEKDAYS.index(weekday) - day.weekday()) % 7)


def read(answers: Mapping[str, Any], *, zone: str, now: datetime, first: date) -> Terms | dict[str, Mistake]:
    """Understand the form, or return field -> what is wrong with it.

    `zone` is where it is tried out, `first` the day it counts from when the form names none.
    """
    wrong: dict[str, Mistake] = {}
    at = parse_time(answers["at"])
    if at is None:
        wrong["at"] = Mistake("bad_time")
    target, _, cohort = str(answers["target"]).partition(":")
    if target == "channel" and not answers.get("channel"):
        wrong["channel"] = Mistake("no_channel")
    labels = tuple(filter(None, (label.strip() for label in re.split(r"[;\n]", answers.get("labels") or ""))))
    if answers["kind"] == "labels":
        if not 2 <= len(labels) <= MOST_LABELS or len(set(labels)) < len(labels):
            wrong["labels"] = Mistake("bad_labels")
        elif any(len(label) > LABEL_LENGTH for label in labels):
            wrong["labels"] = Mistake("long_label")
    if target == "channel" and answers["readers"] == "me" and answers["kind"] != "text":
        wrong["readers"] = Mistake("nobody_reads")
    often, weekday = answers["often"], answers["weekday"]
    rule = rule_of(often, weekday, answers.get("rule") or "")
    anchor = datetime.combine(first_day(often, weekday, answers.get("first") or first), at or time())
    if at is not None:
        wrong |= _recurrence(rule, anchor, zone, now, often)
    if wrong:
        return wrong
    return Terms(
        question=answers["question"], target=target, cohort=cohort or None, channel=answers.get("channel"),
        kind=answers["kind"], labels=labels if answers["kind"] == "labels" else (), readers=answers["readers"],
        often=often, weekday=weekday, at=f"{at:%H:%M}", rule=rule, anchor=anchor,
        clock="community" if target == "channel" else answers["clock"], late_h=int(answers["late"]),
    )  # fmt: skip


def _recurrence(rule: str, anchor: datetime, zone: str, now: datetime, often: str) -> dict[str, Mistake]:
    for problem in validate(rule, zone, anchor):
        at_fault = "first" if problem.where == "anchor" or often != "custom" else "rule"
        return {at_fault: Mistake(problem=problem)}
    if next_occurrence(Recurrence(rule, anchor, zone), now) is None:
        return {"rule": Mistake("is_over")}
    return {}


def recurrence(prompt: Prompt, zone: str) -> Recurrence:
    """Return when a prompt is due in a zone."""
    return Recurrence(prompt.rule, datetime.fromisoformat(prompt.anchor), zone)


def home_zone(prompt: Prompt, community: str) -> str:
    """Return the zone of a prompt's schedule: the community's, or the earliest for members' own clocks."""
    return EARLIEST if prompt.clock == "member" else usable(community)


def late(prompt: Prompt) -> timedelta:
    """Return how late an occurrence of the schedule may be dealt with."""
    return timedelta(hours=prompt.late_h) + (SPREAD if prompt.clock == "member" else timedelta())


def next_five(prompt: Prompt, zone: str, now: datetime) -> list[datetime]:
    """Return the wall times of the next occurrences in a zone, at most five; gaps have moved forward already."""
    found: list[datetime] = []
    current: datetime | None = now
    while current is not None and len(found) < 5:
        upcoming = next_occurrence(recurrence(prompt, zone), current)
        current = upcoming.utc if upcoming else None
        if upcoming:
            found.append(to_wall(upcoming.utc, zone))
    return found


def begun(prompt: Prompt, now: datetime) -> list[tuple[str, int, datetime]]:
    """Return (day, slot, wall) of what has begun somewhere on earth and may be still to come elsewhere."""
    if prompt.clock != "member":
        return []
    found = occurrences(recurrence(prompt, EARLIEST), now - SPREAD, now)
    return [(one.local_date.isoformat(), one.slot, one.wall) for one in found]


def due(run: PromptRun, member_zone: str | None, community_zone: str) -> datetime:
    """Return when a member is asked, in UTC."""
    zone = run.zone or usable(member_zone, community_zone)
    return to_utc(datetime.fromisoformat(run.wall), zone)


def planned(run: PromptRun, moment: datetime) -> bool:
    """Whether a run still asks who is due at `moment`: after it began to hold, not after it ended."""
    return run.from_at < moment and (run.until_at is None or moment <= run.until_at)


def labels_of(kind: str, labels: Sequence[str]) -> tuple[str, ...]:
    """Return what can be pressed, as it is stored: codes for kinds of our own, the coordinator's labels as they are."""
    match kind:
        case "yes_no":
            return YES_NO
        case "scale":
            return ("1", "2", "3", "4", "5")
        case _:
            return tuple(labels)


OVERTAKEN = "overtaken"
"""Why a question is skipped of which a later one is due as well: its time has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known when a question is due: is the member still among those asked, until when do they rest, is a later
    one due as well."""

    takes_part: bool
    rest_until: str
    overtaken: bool


def not_asked(row: PromptAnswer, prompt: Prompt, situation: Situation) -> str | None:
    """Return a code for why a question is not asked of a member, or None."""
    if not situation.takes_part:
        return "not_in"
    if prompt.status != "active":
        return "paused"
    if row.day < situation.rest_until:
        return "resting"
    return OVERTAKEN if situation.overtaken else None


def outbox_key(row: PromptAnswer) -> str:
    """Return the unique key of the message that asks this at this time: prompt, local day, slot, member."""
    return f"prompt:{row.prompt_id}:{row.day}:{row.slot}:{row.member_id}:{row.due_at.isoformat()}"
