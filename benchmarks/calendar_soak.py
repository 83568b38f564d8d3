"""Ten simulated years of recurring questions over every IANA zone, against a brute-force oracle.

    PYTHONPATH=. python benchmarks/calendar_soak.py [--years 2010-2019] [--zones 600] [--seed 1] [--workers 2]

In each zone lives one member with two questions, one on their own clock, one on the clock of a community there. They
recur daily, weekly, every two weeks, monthly by weekday, on the last day of the month or on 29 February, many of them
in the small hours when clocks change. The bot is off at times, for minutes to days; its clock steps back by up to a
day; the questions are edited (rule, hour). What runs is Kith's own calendar: `bot.schedules.step`,
`bot.features.prompt.rules` and `bot.planner.decide`. What it did is held against an account that shares no code with
it: it walks along UTC and asks the tz database what the clock shows, and asks each date whether the rule means it.
Printed at the end: occurrences owed, missing, double, sent in quiet hours, sent at a wrong time.
"""

from __future__ import annotations

import argparse
import calendar
import heapq
import multiprocessing
import os
import random
import sys
import time as stopwatch
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

from bot import schedules
from bot.features.prompt import rules
from bot.planner import Drop, Habits, Postpone, Quiet, decide
from bot.recurrence import Occurrence, Recurrence, next_occurrence, to_wall
from storage.prompt import Prompt, PromptRun

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
NIGHT, NOON = (time(21, 30), time(7, 15)), (time(11, 45), time(13, 30))
"""Quiet hours: most people's night, which spans midnight; and noon, so that what clock changes do at night is seen."""

LATE_H = 24
JITTER = timedelta(minutes=10)
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


# -- the oracle: no import of Kith below, only the tz database asked what a clock shows


def shows(instant: datetime, info: ZoneInfo) -> datetime:
    """Return what the wall clock shows."""
    return instant.astimezone(info).replace(tzinfo=None, fold=0)


def moves(info: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, datetime, datetime]]:
    """Return (instant, wall just before, wall just after) of each change of the clock, found by walking along UTC."""
    found = []
    instant, shown = start, shows(start, info)
    while instant < end:
        following = instant + 6 * HOUR
        after = shows(following, info)
        if after - shown != 6 * HOUR:
            low, was = instant, shown
            for step in (HOUR, MINUTE, SECOND):
                while shows(low + step, info) - was == step:
                    low, was = low + step, was + step
            found.append((low + SECOND, was + SECOND, shows(low + SECOND, info)))
        instant, shown = following, after
    return found


@dataclass
class Place:
    """A zone, its changes, and which instant a wall time is."""

    zone: str
    info: ZoneInfo
    changes: list[tuple[datetime, datetime, datetime]]
    offset: timedelta
    silence: tuple[time, time] = NIGHT

    @classmethod
    def of(cls, zone: str, start: datetime, end: datetime) -> Place:
        """Walk along the years once."""
        info = ZoneInfo(zone)
        first = start - 30 * DAY
        return cls(zone, info, moves(info, first, end + 30 * DAY), shows(first, info) - first.replace(tzinfo=None))

    def instant(self, wall: datetime) -> datetime:
        """Return the first instant that shows the wall time; in a gap, what it would have been with the old clock."""
        offset = self.offset
        for instant, before, after in self.changes:
            if wall < before or (after < before and wall < after):
                break
            if before <= wall < after:
                return instant + (wall - before)
            offset = after - instant.replace(tzinfo=None)
        return (wall - offset).replace(tzinfo=UTC)

    def quiet(self, instant: datetime) -> bool:
        """Whether the clock on the wall shows a time in the quiet hours."""
        now, (begin, end) = shows(instant, self.info).time(), self.silence
        return begin <= now < end if begin < end else now >= begin or now < end

    def awake(self, instant: datetime) -> datetime:
        """Walk to the first moment that is not quiet: by quarters of an hour, the last of them minute by minute."""
        if not self.quiet(instant):
            return instant
        instant = instant.replace(second=0, microsecond=0)
        while self.quiet(instant + 15 * MINUTE):
            instant += 15 * MINUTE
        while self.quiet(instant):
            instant += MINUTE
        return instant


@dataclass(frozen=True)
class Rule:
    """A rule in words for Kith, and for the oracle which dates it means, counted from the anchor's date."""

    text: str
    means: Callable[[date, date], bool]


def _nth(day: date, weekday: int, nth: int) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    index = (day.day - 1) // 7 + 1 if nth > 0 else -((last - day.day) // 7 + 1)
    return day.weekday() == weekday and index == nth


def _weeks(day: date, anchor: date) -> int:
    return ((day - timedelta(days=day.weekday())) - (anchor - timedelta(days=anchor.weekday()))).days // 7


def draw_rule(rng: random.Random) -> Rule:
    """Draw a rule of each kind that coordinators can choose."""
    weekday = rng.randrange(7)
    match rng.randrange(7):
        case 0 | 1:
            return Rule("FREQ=DAILY", lambda d, a: True)  # noqa: ARG005
        case 2:
            return Rule(f"FREQ=WEEKLY;BYDAY={NAMES[weekday]}", lambda d, a: d.weekday() == weekday)  # noqa: ARG005
        case 3:
            return Rule(
                f"FREQ=WEEKLY;INTERVAL=2;BYDAY={NAMES[weekday]}",
                lambda d, a: d.weekday() == weekday and _weeks(d, a) % 2 == 0,
            )
        case 4:
            nth = rng.choice([1, 2, 3, 4, -1])
            return Rule(f"FREQ=MONTHLY;BYDAY={nth}{NAMES[weekday]}", lambda d, a: _nth(d, weekday, nth))  # noqa: ARG005
        case 5:
            return Rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", lambda d, a: (d.month, d.day) == (2, 29))  # noqa: ARG005
        case _:
            return Rule(
                "FREQ=MONTHLY;BYMONTHDAY=-1",
                lambda d, a: d.day == calendar.monthrange(d.year, d.month)[1],  # noqa: ARG005
            )


HOURS = [time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(9, 0), time(12, 0),
         time(17, 0), time(18, 30), time(21, 0), time(23, 30)]  # fmt: skip


# -- the story: when the bot runs, what its clock shows, what is edited


@dataclass(frozen=True)
class Stage:
    """From `since` on, a question has this rule and hour."""

    since: datetime
    rule: Rule
    at: time


@dataclass
class Story:
    """What happens to one bot over the years: when it is off (from, to), when its clock steps back, and how far."""

    start: datetime
    end: datetime
    off: list[tuple[datetime, datetime]] = field(default_factory=list)
    back: list[tuple[datetime, timedelta]] = field(default_factory=list)

    @classmethod
    def of(cls, rng: random.Random, start: datetime, end: datetime) -> Story:
        """Draw outages (about eight a year, minutes to four days) and backward steps (about four a year)."""
        story, moment = cls(start, end), start + rng.randrange(20) * DAY
        while moment < end:
            length = rng.choice([5 * MINUTE, HOUR, 6 * HOUR, 20 * HOUR, DAY, 2 * DAY, 4 * DAY]) * rng.uniform(0.7, 1.2)
            story.off.append((moment, moment + timedelta(seconds=int(length.total_seconds()))))
            moment += length + timedelta(seconds=rng.randrange(3 * 86_400, 90 * 86_400))
        moment = start + rng.randrange(30, 60) * DAY
        while moment < end:
            if all(not begin - 2 * DAY <= moment <= finish + 2 * DAY for begin, finish in story.off):
                story.back.append((moment, timedelta(seconds=rng.randrange(60, 86_400))))
            moment += timedelta(seconds=rng.randrange(40 * 86_400, 150 * 86_400))
        return story

    def up(self, instant: datetime) -> datetime:
        """Return the first moment from `instant` on at which the bot runs."""
        place = bisect_right(self.off, (instant, datetime.max.replace(tzinfo=UTC))) - 1
        if place >= 0 and instant < self.off[place][1]:
            return self.off[place][1]
        return instant


def stages_of(rng: random.Random, story: Story) -> list[Stage]:
    """Draw a question's rule and hour, and its edits, while the bot runs."""
    stages = [Stage(story.start, draw_rule(rng), rng.choice(HOURS))]
    moment = story.start + timedelta(seconds=rng.randrange(10 * 86_400, 200 * 86_400))
    while moment < story.end:
        # An edit is made by a person through the running bot: well after what was due before it has been dealt with
        quiet_time = all(abs(moment - edge) > 3 * DAY for span in story.off for edge in span)
        quiet_time = quiet_time and all(abs(moment - at) > 3 * DAY for at, _ in story.back)
        if quiet_time:
            last = stages[-1]
            rule = last.rule if rng.random() < 0.5 else draw_rule(rng)
            stages.append(Stage(moment, rule, rng.choice(HOURS)))
        moment += timedelta(seconds=rng.randrange(10 * 86_400, 400 * 86_400))
    return stages


ANCHOR = date(2009, 6, 1)


def owed(place: Place, stages: list[Stage], story: Story) -> dict[date, datetime]:
    """Return local date -> the instant at which the question is due, for all that is owed.

    Asks every date of the years. A date that was due under one stage is not owed again under the next; of two dates
    that a left-out day brings to one instant, the later is owed.
    """
    found: dict[date, datetime] = {}
    for index, stage in enumerate(stages):
        until = stages[index + 1].since if index + 1 < len(stages) else story.end
        day = shows(stage.since, place.info).date() - DAY
        last = shows(until, place.info).date() + DAY
        while day <= last:
            if day not in found and stage.rule.means(day, ANCHOR):
                instant = place.instant(datetime.combine(day, stage.at))
                if stage.since < instant <= until:
                    found[day] = instant
            day += DAY
    instants: dict[datetime, date] = {}
    for day, instant in sorted(found.items()):
        if instant in instants:
            del found[instants[instant]]
        instants[instant] = day
    return found


# -- Kith: its own calendar, driven through the story


@dataclass
class Log:
    """What Kith did with one question: local date -> when it was sent, and which were recorded as skipped."""

    sent: dict[date, list[datetime]] = field(default_factory=dict)
    skipped: Counter[date] = field(default_factory=Counter)


def _prompt(stage: Stage, clock: str) -> Prompt:
    return Prompt(
        id="p", community_id="c", programme_id="g", question="?", target="everyone", kind="yes_no", readers="counts",
        often="custom", weekday="MO", at=f"{stage.at:%H:%M}", rule=stage.rule.text,
        anchor=datetime.combine(ANCHOR, stage.at).isoformat(), clock=clock, late_h=LATE_H, status="active",
        started_at=stage.since, created_at=stage.since,
    )  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What the rules look at in a run; the table's own class takes longer to make than the rules to run."""

    wall: str
    zone: str
    from_at: datetime
    until_at: datetime | None = None


@dataclass
class Kith:
    """One question to one member, as the feature runs it: a schedule, runs, a row a day, the planner."""

    zone: str
    clock: str
    silence: tuple[time, time] = NIGHT
    log: Log = field(default_factory=Log)
    rows: dict[str, tuple[datetime, datetime, str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    prompt: Prompt | None = None
    recurrence: Recurrence | None = None
    cursor: datetime | None = None
    next_at: datetime | None = None

    def begin(self, stage: Stage) -> None:
        """Start, or take in an edit, as `schedule.stop` and `schedule.start` do."""
        now = stage.since
        for day, (due, _, why) in list(self.rows.items()):
            if due > now and not why:
                del self.rows[day]
        self.prompt = _prompt(stage, self.clock)
        zone = rules.home_zone(self.prompt, self.zone)
        self.recurrence = rules.recurrence(self.prompt, zone)
        self.cursor = max(self.cursor or now, now)
        upcoming = next_occurrence(self.recurrence, self.cursor)
        self.next_at = upcoming.utc if upcoming else None
        for day, _, wall in rules.begun(self.prompt, now):
            self.plan(day, wall, now)

    def plan(self, day: str, wall: datetime, now: datetime) -> None:
        """Plan one member of a run, as `sweeps.plan` does."""
        assert self.prompt is not None
        zone = "" if self.clock == "member" else self.zone
        run = cast("PromptRun", Run(wall.isoformat(), zone, self.prompt.started_at or now))
        due = rules.due(run, self.zone, "UTC")
        if day in self.rows or day in self.closed or not rules.planned(run, due):
            return
        expires = due + timedelta(hours=LATE_H)
        if expires <= now:
            self.skip(day)
        else:
            self.rows[day] = (due, expires, "")

    def skip(self, day: str) -> None:
        """Record that a day is too late."""
        self.rows.pop(day, None)
        self.closed.add(day)
        self.log.skipped[date.fromisoformat(day)] += 1

    def act(self, now: datetime) -> None:
        """What the sweeps do at a moment."""
        if self.prompt and self.recurrence and self.cursor and self.next_at is not None and self.next_at <= now:
            dealt = schedules.step(self.recurrence, self.cursor, now, rules.late(self.prompt))
            for found in dealt.skipped:
                self.missed(found)
            for found in dealt.fires:
                wall = to_wall(found.utc, rules.home_zone(self.prompt, self.zone))
                self.plan(found.local_date.isoformat(), wall, now)
            self.cursor, self.next_at = dealt.cursor, dealt.next_at
        due = sorted(day for day, (moment, _, _) in self.rows.items() if moment <= now)
        for day in due[:-1]:
            self.skip(day)
        for day in due[-1:]:
            self.ask(day, now)

    def missed(self, found: Occurrence) -> None:
        """An occurrence that the schedule itself skipped."""
        day = found.local_date.isoformat()
        if day not in self.closed and day not in self.rows:
            self.skip(day)

    def ask(self, day: str, now: datetime) -> None:
        """Let the planner decide about one row."""
        due, expires, _ = self.rows[day]
        habits = Habits(zone=self.zone, quiet=Quiet(*self.silence), weekly_budget=50)
        decided = decide(due=due, now=now, expires=expires, key=day, habits=habits, sent=())
        if isinstance(decided, Postpone):
            self.rows[day] = (decided.until, expires, decided.why.value)
        elif isinstance(decided, Drop):
            self.skip(day)
        else:
            del self.rows[day]
            self.closed.add(day)
            self.log.sent.setdefault(date.fromisoformat(day), []).append(decided.at)

    def next_due(self) -> datetime | None:
        """When there is something to do next."""
        moments = [moment for moment, _, _ in self.rows.values()] + ([self.next_at] if self.next_at else [])
        return min(moments, default=None)


def drive(kith: Kith, stages: list[Stage], story: Story) -> None:
    """Move the bot's clock from one due item to the next through outages, backward steps and edits."""
    events: list[tuple[datetime, int, Stage | timedelta]] = [(stage.since, 0, stage) for stage in stages]
    events += [(moment, 1, back) for moment, back in story.back]
    heapq.heapify(events)
    now = story.start
    while now < story.end:
        due = kith.next_due()
        at = story.up(max(due, now)) if due is not None else story.end
        if events and events[0][0] <= at:
            moment, _, what = heapq.heappop(events)
            now = max(now, moment)
            if isinstance(what, Stage):
                kith.act(now)
                kith.begin(what)
            else:
                kith.act(now - what)  # ticks while the clock is behind, and again until it has caught up
                kith.act(now - what / 2)
            continue
        if at >= story.end:
            break
        now = at
        kith.act(now)


# -- the two side by side


@dataclass
class Verdict:
    """Counts over one or many questions."""

    owed: int = 0
    sent: int = 0
    skipped: int = 0
    missing: int = 0
    double: int = 0
    quiet: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: Verdict) -> None:
        """Add another's counts."""
        for name in ("owed", "sent", "skipped", "missing", "double", "quiet", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.examples = (self.examples + other.examples)[:20]

    @property
    def faults(self) -> int:
        """How much is not as it must be."""
        return self.missing + self.double + self.quiet + self.wrong


def judge(place: Place, stages: list[Stage], story: Story, log: Log) -> Verdict:
    """Hold what was done against what is owed."""
    expected = {day: at for day, at in owed(place, stages, story).items() if at < story.end - 6 * DAY}
    verdict = Verdict(owed=len(expected))

    def fault(kind: str, day: date, why: str) -> None:
        setattr(verdict, kind, getattr(verdict, kind) + 1)
        verdict.examples.append(f"{kind}: {place.zone} {day} {why}")

    for day, moments in log.sent.items():
        verdict.sent += len(moments)
        if len(moments) > 1:
            fault("double", day, str(moments))
        for moment in moments:
            if place.quiet(moment):
                fault("quiet", day, str(moment))
    instants = sorted((at, day) for day, at in expected.items())
    for index, (due, day) in enumerate(instants):
        first = place.awake(story.up(due))
        while story.up(first) != first or place.quiet(first):
            first = place.awake(story.up(first))
        newer = index + 1 < len(instants) and story.up(instants[index + 1][0]) <= first
        lost = first >= due + timedelta(hours=LATE_H) or newer
        sent, skipped = log.sent.get(day, []), log.skipped[day]
        verdict.skipped += skipped
        if lost and (sent or skipped != 1):
            fault(
                "wrong" if sent else "missing", day, f"due {due}, must be skipped once; sent {sent}, skipped {skipped}"
            )
        elif not lost and not sent:
            fault("missing", day, f"due {due}, sendable from {first}; skipped {skipped}")
        elif not lost and (skipped or not first <= sent[0] <= first + JITTER):
            fault("wrong", day, f"due {due}, must be sent from {first}; sent {sent}, skipped {skipped}")
    surplus = [day for day, at in log.sent.items() if day not in expected and min(at) < story.end - 6 * DAY]
    for day in surplus:
        fault("wrong", day, f"not owed, sent {log.sent[day]}")
    return verdict


def live(zone: str, years: tuple[int, int], seed: int, questions: int = 2) -> Verdict:
    """Live the years in one zone, with some questions on both clocks; the same every time for a seed."""
    start, end = datetime(years[0], 1, 1, tzinfo=UTC), datetime(years[1] + 1, 1, 1, tzinfo=UTC)
    rng = random.Random(f"{seed}:{zone}")
    place, verdict = Place.of(zone, start, end), Verdict()
    for number in range(questions):
        story = Story.of(rng, start, end)
        stages = stages_of(rng, story)
        place.silence = rng.choice([NIGHT, NOON])
        kith = Kith(zone, ("member", "community")[number % 2], place.silence)
        drive(kith, stages, story)
        verdict.add(judge(place, stages, story, kith.log))
    return verdict


def zones() -> list[str]:
    """Return every IANA name but those that are no place."""
    return sorted(available_timezones() - {"Factory", "localtime", "posixrules"})


def _one(job: tuple[str, tuple[int, int], int]) -> Verdict:
    return live(*job)


def main() -> None:
    """Live in every zone and print the count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", default="2010-2019")
    parser.add_argument("--zones", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    first, last = (int(year) for year in given.years.split("-"))
    jobs = [(zone, (first, last), given.seed) for zone in zones()[: given.zones]]
    began, total = stopwatch.perf_counter(), Verdict()
    with multiprocessing.Pool(given.workers) as pool:
        for done, verdict in enumerate(pool.imap_unordered(_one, jobs, chunksize=4), 1):
            total.add(verdict)
            if done % 25 == 0:
                took = stopwatch.perf_counter() - began
                print(f"  {done} zones in {took:.0f} s: {total.owed} owed, {total.faults} faults", file=sys.stderr)
    took = stopwatch.perf_counter() - began
    print(f"{len(jobs)} zones, {first} to {last}, seed {given.seed}: {total.owed} occurrences owed in {took:.0f} s")
    print(f"sent {total.sent}, skipped as too late {total.skipped}; missing {total.missing}, double {total.double}, "
          f"in quiet hours {total.quiet}, at a wrong time {total.wrong}")  # fmt: skip
    for example in total.examples:
        print(" ", example)
    raise SystemExit(1 if total.faults else 0)


if __name__ == "__main__":
    os.nice(10)
    main()
