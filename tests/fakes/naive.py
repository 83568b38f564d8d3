"""Every measure once more, from all rows, one by one, as its formula reads: what the queries are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.application import Application
from storage.checkin import CheckIn
from storage.goal import Goal
from storage.kudos import Kudos
from storage.pair import Pair, PairMember
from storage.programme import Role
from storage.prompt import PromptAnswer
from storage.request import Request
from storage.round import Round
from storage.session import Session, SessionNote
from storage.survey import Survey
from storage.training import TrainingProgress
from tests.fakes.histories import MODULES, WEEK, History

Found = tuple[float | None, int]
"""Value and sample size."""

DAY = timedelta(days=1)


class Naive:
    """One history over the period [since, until)."""

    def __init__(self, past: History, since: datetime, until: datetime, stalled_days: int) -> None:
        self.past, self.since, self.until, self.stalled_days = past, since, until, stalled_days
        self.checkins: dict[str, list[CheckIn]] = {}
        for row in past.of(CheckIn):
            self.checkins.setdefault(row.pair_id, []).append(row)
        self.sessions: dict[str, list[Session]] = {}
        for row in past.of(Session):
            self.sessions.setdefault(row.pair_id, []).append(row)

    def inside(self, at: datetime | None) -> bool:
        """Whether a moment is in the period."""
        return at is not None and self.since <= at < self.until

    def present(self, kind: str | None = None, at: datetime | None = None) -> set[str]:
        """Members who are there just before a moment."""
        at = at or self.until
        return {
            role.member_id
            for role in self.past.of(Role)
            if role.status != "invited" and kind in (None, role.kind) and role.since < at
            and not (role.left_at is not None and role.left_at < at)
        }  # fmt: skip

    def members(self) -> Found:
        return float(len(self.present())), len(self.present())

    def participation(self) -> Found:
        did = {row.member_id for row in self.past.of(CheckIn) if self.inside(row.answered_at)}
        did |= {row.logged_by for row in self.past.of(Session) if self.inside(row.logged_at)}
        did |= {row.member_id for row in self.past.of(SessionNote) if self.inside(row.answered_at)}
        did |= {row.member_id for row in self.past.of(PromptAnswer) if self.inside(row.answered_at)}
        did |= {row.giver_id for row in self.past.of(Kudos) if self.inside(row.given_at)}
        return of(len(did & self.present()), len(self.present()))

    def answered(self) -> Found:
        asked = [row for row in self.past.of(CheckIn) if self.inside(row.asked_at)]
        return of(sum(row.answer is not None for row in asked), len(asked))

    def meetings(self) -> Found:
        met = pairs = 0
        end = self.until
        while end > self.since:
            start = max(end - WEEK, self.since)
            there = sum(
                pair.created_at < end and (pair.ended_at is None or pair.ended_at > start)
                for pair in self.past.of(Pair)
            )
            pairs += there
            met += min(there, sum(self.meets(pair, start, end) for pair in self.past.of(Pair)))
            end = start
        return of(met, pairs)

    def meets(self, pair: Pair, start: datetime, end: datetime) -> bool:
        for row in self.checkins.get(pair.id, ()):
            if row.answer == "met" and row.asked_at and start <= row.asked_at < end:
                return True
        return any(
            row.status in ("logged", "confirmed") and start.date() <= row.met_on < end.date()
            for row in self.sessions.get(pair.id, ())
        )

    def begun(self) -> list[Pair]:
        return [pair for pair in self.past.of(Pair) if self.inside(pair.created_at)]

    def met_in_time(self, pair: Pair) -> bool:
        return pair.met_at is not None and pair.met_at < self.until

    def met(self) -> Found:
        return of(sum(map(self.met_in_time, self.begun())), len(self.begun()))

    def first_meeting(self) -> Found:
        waits = []
        for pair in self.begun():
            if self.met_in_time(pair):
                waits.append((max(0.0, (pair.met_at - pair.created_at) / DAY), True))
            else:
                end = min(pair.ended_at or self.until, self.until)
                waits.append((max(0.0, (end - pair.created_at) / DAY), False))
        return half(waits), len(waits)

    def help_time(self) -> Found:
        ever = {role.member_id for role in self.past.of(Role) if role.status != "invited"}
        waits = []
        for row in self.past.of(Request):
            if self.inside(row.asked_at) and row.asker_id in ever:
                solved = row.solved_at is not None and row.solved_at < self.until
                end = row.solved_at if solved else self.until
                waits.append((max(0.0, (end - row.asked_at) / DAY) * 24, solved))
        return half(waits), len(waits)

    def stalled(self) -> Found:
        since = self.until - self.stalled_days * DAY
        active = [pair for pair in self.past.of(Pair) if pair.status != "ended"]

        def signs(pair: Pair) -> list[datetime | None]:
            answers = [row.answered_at for row in self.checkins.get(pair.id, ())]
            sessions = self.sessions.get(pair.id, ())
            own = [pair.created_at, pair.met_at]
            return [*own, *answers, *(row.created_at for row in sessions), *(row.logged_at for row in sessions)]

        silent = [pair for pair in active if not any(at is not None and at >= since for at in signs(pair))]
        return of(len(silent), len(active))

    def matched(self) -> Found:
        wishes = came = 0
        for round_ in self.past.of(Round):
            if self.inside(round_.published_at):
                pairs = {pair.id for pair in self.past.of(Pair) if pair.round_id == round_.id}
                seats = {seat.member_id for seat in self.past.of(PairMember) if seat.pair_id in pairs}
                came += len(seats)
                wishes += len(seats) + len(round_.result["unmatched"])
        return of(came, wishes)

    def stayed(self) -> Found:
        every, kept = set(), set()
        for role in self.past.of(Role):
            if role.status == "invited" or role.since >= self.until:
                continue
            if role.left_at is not None and role.left_at < self.since:
                continue
            every.add(role.member_id)
            if role.left_at is None or role.left_at >= self.until or role.status == "finished":
                kept.add(role.member_id)
        return of(len(kept), len(every))

    def hours(self) -> Found:
        rows = [
            row
            for row in self.past.of(Session)
            if row.status == "confirmed"
            and row.met_on is not None
            and self.since.date() <= row.met_on < self.until.date()
        ]
        return sum(row.minutes for row in rows) / 60, len(rows)  # fmt: skip

    def goals(self) -> list[Goal]:
        return [
            row
            for row in self.past.of(Goal)
            if row.status != "dropped" and self.inside(row.created_at) and row.member_id in self.present()
        ]

    def goal_progress(self) -> Found:
        return self.of_five(sum(row.progress for row in self.goals()) / 100)

    def goals_reached(self) -> Found:
        return self.of_five(sum(row.status == "reached" for row in self.goals()))

    def of_five(self, part: float) -> Found:
        owners = {row.member_id for row in self.goals()}
        return of(part, len(self.goals())) if len(owners) >= 5 else (None, len(self.goals()))

    def trained(self) -> Found:
        passed = {(row.member_id, row.module) for row in self.past.of(TrainingProgress) if row.passed_at is not None}
        there = self.present("mentor")
        return of(sum(all((one, module) in passed for module in MODULES) for one in there), len(there))

    def shown(self, key: str, template: str | None = None) -> Counter[int]:
        found: Counter[int] = Counter()
        for row in self.past.of(Survey):
            if self.inside(row.opened_at) and row.shown and template in (None, row.template):
                counts = row.shown["counts"].get(key, {})
                if sum(counts.values()) >= 5:
                    found.update({int(value): number for value, number in counts.items()})
        return +found

    def numbers(self, key: str, template: str | None = None) -> list[int]:
        counts = self.shown(key, template)
        return sorted(counts.elements()) if all(number >= 5 for number in counts.values()) else []

    def satisfied(self) -> Found:
        given = self.numbers("satisfied")
        return of(sum(given), len(given))

    def nps(self) -> Found:
        given = list(self.shown("recommend").elements())
        groups = [
            sum(value >= 9 for value in given),
            sum(7 <= value <= 8 for value in given),
            sum(value <= 6 for value in given),
        ]
        if not given or any(0 < number < 5 for number in groups):
            return None, 0
        return 100 * (groups[0] - groups[2]) / len(given), len(given)  # fmt: skip

    def growth(self, key: str) -> Found:
        before, after = self.numbers(key, "start"), self.numbers(key, "end")
        if not before or not after:
            return None, 0
        return sum(after) / len(after) - sum(before) / len(before), min(len(before), len(after))

    def confidence(self) -> Found:
        return self.growth("confident")

    def skill(self) -> Found:
        return self.growth("skilled")

    def mentor_load(self) -> Found:
        mentors = [row for row in self.past.of(Role) if row.kind == "mentor" and row.status == "active"]
        ids = {row.member_id for row in mentors}
        alive = {pair.id for pair in self.past.of(Pair) if pair.status != "ended"}
        taken = sum(
            seat.role == "mentor" and seat.pair_id in alive and seat.left_at is None and seat.member_id in ids
            for seat in self.past.of(PairMember)
        )
        most = sum(row.capacity for row in mentors)
        return (taken / most, len(mentors)) if most else (None, 0)  # fmt: skip

    def thanked(self) -> Found:
        got = {row.receiver_id for row in self.past.of(Kudos) if self.inside(row.given_at)}
        return of(len(got & self.present()), len(self.present()))

    def quality(self) -> Found:
        met = [pair.score for pair in self.begun() if self.met_in_time(pair)]
        other = [pair.score for pair in self.begun() if not self.met_in_time(pair)]
        if not met or not other:
            return None, len(met) + len(other)
        wins = sum(1.0 if one > two else 0.5 if one == two else 0.0 for one in met for two in other)
        return wins / (len(met) * len(other)), len(met) + len(other)

    def arrivals(self) -> tuple[int, int, int, int]:
        """(applied, joined, had a partner, met one)."""
        joined = {row.member_id for row in self.past.of(Role) if row.status != "invited" and self.inside(row.since)}
        met = {pair.id for pair in self.past.of(Pair) if pair.met_at is not None}
        paired = {seat.member_id for seat in self.past.of(PairMember)} & joined
        happy = {seat.member_id for seat in self.past.of(PairMember) if seat.pair_id in met} & joined
        return (
            sum(self.inside(row.created_at) for row in self.past.of(Application)),
            len(joined),
            len(paired),
            len(happy),
        )


def of(part: float, whole: int) -> Found:
    """Return part of whole; nothing of nothing."""
    return (part / whole, whole) if whole else (None, 0)


def half(waits: list[tuple[float, bool]]) -> float | None:
    """Return by when half is over, by the product of the chances to last, moment by moment."""
    lasts = 1.0
    for at in sorted({wait for wait, over in waits if over}):
        seen = sum(wait >= at for wait, _ in waits)
        ended = sum(wait == at and over for wait, over in waits)
        lasts *= 1 - ended / seen
        if lasts <= 0.5 + 1e-9:
            return at
    return None


MEASURES: dict[str, Callable[[Naive], Found]] = {
    name: getattr(Naive, name)
    for name in (
        "members", "participation", "answered", "meetings", "first_meeting", "met", "stalled", "matched", "stayed",
        "hours", "goal_progress", "goals_reached", "trained", "satisfied", "nps", "confidence", "skill",
        "mentor_load", "help_time", "thanked", "quality",
    )
}  # fmt: skip
