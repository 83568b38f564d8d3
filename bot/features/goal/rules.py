"""What a goal may look like, who may see and change it, and when it is brought to mind. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.recurrence import to_utc
from storage.goal import OPEN, OURS, PRIVATE, SHARED, Goal

MOST_OPEN = 20
"""Open goals a person: more than that are none."""

FARTHEST = 5 * 366
"""Days ahead that a goal may lie."""

MOST_STEPS = 20
STEP = 200

AT = time(10)
"""When a goal is brought to mind, on the member's own clock."""

LONG_ENOUGH = 8
"""Days that a goal must have ahead of it to be brought to mind at half-time and three days before."""

HALF, NEAR = "half", "near"


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder: its kind, when it is due and when it has lost its sense (aware UTC)."""

    kind: str
    due: datetime
    expires: datetime


def wrong_day(day: date | None, today: date) -> str | None:
    """Return what is wrong with the day a goal is meant for: "past", "far" or None."""
    if day is None:
        return None
    if day < today:
        return "past"
    return "far" if (day - today).days > FARTHEST else None


def reminders(today: date, day: date | None, zone: str) -> tuple[Planned, ...]:
    """Return when somebody in `zone` is reminded of a goal for `day`, counted from `today` on.

    At half-time and three days before; only on the eve when the time is short; never on a day that is over. The
    half-time reminder waits three days at most, the other one until the day itself is over.
    """
    if day is None or (left := (day - today).days) < 2:
        return ()
    end = to_utc(datetime.combine(day + timedelta(days=1), time()), zone)
    eve = to_utc(datetime.combine(day - timedelta(days=3 if left >= LONG_ENOUGH else 1), AT), zone)
    near = Planned(NEAR, eve, end)
    if left < LONG_ENOUGH:
        return (near,)
    half = to_utc(datetime.combine(today + timedelta(days=left // 2), AT), zone)
    return Planned(HALF, half, half + timedelta(days=3)), near


def is_needed(goal: Goal) -> bool:
    """Return whether somebody still has to be reminded of a goal."""
    return goal.status == OPEN and goal.progress < 100


def steps(text: str) -> list[list[Any]]:
    """Read steps, one a line; a line that begins with `x` (or `[x]`) is done. Returns [words, done] for each."""
    found: list[list[Any]] = []
    for line in text.splitlines():
        words = line.strip().removeprefix("-").strip()
        done = False
        for mark in ("[x]", "[X]", "x ", "X ", "[ ]"):
            if words.startswith(mark):
                words, done = words.removeprefix(mark).strip(), "x" in mark.lower()
                break
        if words:
            found.append([words[:STEP], done])
    return found[:MOST_STEPS]


def steps_text(found: Sequence[Sequence[Any]]) -> str:
    """Write steps as `steps` reads them."""
    return "\n".join(f"{'x ' if done else ''}{words}" for words, done in found)


def progress(given: int | None, found: Sequence[Sequence[Any]], before: int) -> int:
    """Return how far a goal is, in percent: the share of its steps that are done, or else what was said."""
    if found:
        return round(100 * sum(bool(done) for _, done in found) / len(found))
    return before if given is None else given


def sight(chosen: str | None, pairs: Collection[str]) -> tuple[str, str | None]:
    """Return (sight, pair) of what was chosen for who can see a goal; anything but an own pair is private."""
    kind, _, pair = (chosen or "").partition(":")
    return (kind, pair) if kind in (SHARED, OURS) and pair in pairs else (PRIVATE, None)


def may_change(goal: Goal, member: str, seated: Collection[str]) -> bool:
    """Return whether a member may change a goal: their own, or one of a pair in which they are `seated`."""
    return goal.pair_id in seated if goal.sight == OURS else goal.member_id == member


def may_read(goal: Goal, member: str, seated: Collection[str], active: Collection[str]) -> bool:
    """Return whether a member may read a goal; `active` are their pairs that have not ended."""
    shown = goal.sight == SHARED and goal.pair_id in active
    return shown or may_change(goal, member, seated)
