"""A programme's made-up past: people who came and went, rounds, pairs, answers, sessions, goals, thanks. By seed.

Nothing in it is likely; everything that can stand in the tables does, often at the edges of a week.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlmodel import SQLModel

from storage.application import Application
from storage.checkin import CheckIn
from storage.community import Community
from storage.goal import Goal
from storage.kudos import Kudos
from storage.member import Member
from storage.pair import Pair, PairMember
from storage.programme import Cohort, Programme, Role
from storage.prompt import Prompt, PromptAnswer, PromptRun
from storage.request import Request
from storage.round import Round
from storage.session import Session, SessionNote
from storage.survey import Survey
from storage.training import TrainingProgress

NOW = datetime(2026, 3, 30, tzinfo=UTC)
COMMUNITY = Community(id="c", name="North Bank", zone="UTC", language="en", created_at=NOW - timedelta(days=800))
FILE = {
    "kith": 1, "name": "Made up", "slug": "made-up", "kind": "mentoring", "summary": "A past that never was.",
    "rounds": {"every_weeks": 2, "weekday": "mon", "at": "10:00"},
    "training": {"mentor": ["listening", "conflict"]},
}  # fmt: skip
MODULES = ("listening", "conflict")
GROUPS = ("", "arts", "law", "physics")
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(slots=True)
class History:
    """A programme and every row that hangs on it, by table; `c` is the community of all."""

    programme: Programme
    rows: dict[type[SQLModel], list[Any]] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        """Keep a row."""
        self.rows.setdefault(type(row), []).append(row)
        return row

    def of(self, table: type[Any]) -> list[Any]:
        """Return the rows of a table."""
        return self.rows.get(table, [])


def history(name: str, *, people: int, weeks: int, every: int = 2, steady: bool = False) -> History:
    """Make a past of so many weeks up to `NOW`, with a round each `every` weeks; `name` is seed and mark of all ids.

    `steady`: everybody is there from the beginning and stays, as is dearest to count.
    """
    luck = Random(name)
    began = NOW - weeks * WEEK
    programme = Programme(
        id=f"{name}-p", community_id="c", slug=name, name=f"Past {name}", kind="mentoring",
        file=FILE | {"slug": name, "name": f"Past {name}"}, created_at=began,
    )  # fmt: skip
    past = History(programme)
    past.add(programme)
    shared: dict[str, Any] = {"community_id": "c", "programme_id": programme.id}
    cohorts = [
        past.add(Cohort(id=f"{name}-k{number}", name=f"Cohort {number}", opened_at=began + number * 4 * WEEK, **shared))
        for number in range(1 + luck.randrange(3))
    ]
    _people(past, luck, name, people, weeks, cohorts, shared, steady=steady)
    for number in range(0, weeks, every):
        _round(past, luck, name, number, began + number * WEEK, every, shared)
    _words(past, luck, name, weeks, shared)
    return past


def moment(luck: Random, since: datetime, days: float) -> datetime:
    """Return a moment within so many days, now and then exactly at a midnight."""
    at = since + timedelta(seconds=int(luck.random() * max(days, 0.01) * 86_400))
    return at.replace(hour=0, minute=0, second=0) if luck.random() < 0.1 else at


def _people(
    past: History,
    luck: Random,
    name: str,
    people: int,
    weeks: int,
    cohorts: list[Any],
    shared: dict[str, Any],
    *,
    steady: bool,
) -> None:
    for number in range(people):
        member = past.add(
            Member(
                id=f"{name}-m{number}", community_id="c", handle=f"{name}-{number}", name=f"Member {number}",
                grouping=luck.choice(GROUPS), level=luck.choice((None, 0, 3, 5)), opted_in_at=NOW, created_at=NOW,
            )
        )  # fmt: skip
        for kind in ("mentor",) if number % 3 == 0 else ("mentee",) if luck.random() < 0.9 else ("mentee", "peer"):
            since = moment(luck, NOW - weeks * WEEK - 10 * DAY, 7 * weeks + 10)
            status = luck.choice(("active", "active", "active", "left", "finished", "invited"))
            if steady:
                since, status = NOW - weeks * WEEK - 9 * DAY, "active"
            left = moment(luck, since, (NOW - since) / DAY) if status in ("left", "finished") else None
            past.add(
                Role(
                    id=f"{member.id}-{kind}", member_id=member.id, kind=kind, cohort_id=luck.choice(cohorts).id,
                    status=status, since=since, left_at=left, capacity=luck.randrange(4),
                    source=luck.choice(("self", "roster", "nominated")), **shared,
                )
            )  # fmt: skip
        for module in MODULES:
            if luck.random() < 0.6:
                begun = moment(luck, NOW - weeks * WEEK, 7 * weeks)
                passed = moment(luck, begun, 3) if luck.random() < 0.7 else None
                past.add(
                    TrainingProgress(
                        id=f"{member.id}-{module}", community_id="c", member_id=member.id, module=module,
                        begun_at=begun, passed_at=passed,
                    )
                )  # fmt: skip


def _round(
    past: History, luck: Random, name: str, number: int, at: datetime, every: int, shared: dict[str, Any]
) -> None:
    present = [
        role.member_id
        for role in past.of(Role)
        if role.status != "invited" and role.since < at and (role.left_at is None or role.left_at >= at)
    ]
    here = sorted(set(present))
    luck.shuffle(here)
    published = luck.random() < 0.9
    left = here[: len(here) % 2 + (2 if len(here) > 3 and luck.random() < 0.3 else 0)]
    placed = here[len(left) :] if published else []
    round_ = past.add(
        Round(
            id=f"{name}-r{number}", number=number, seed=1, status="published" if published else "wanted",
            result={"unmatched": [[one, ["no_overlap"]] for one in left]} if published else {}, created_at=at,
            published_at=at if published else None, **shared,
        )
    )  # fmt: skip
    for index in range(0, len(placed) - 1, 2):
        _pair(past, luck, f"{round_.id}-{index}", placed[index : index + 2], at, every, round_.id, shared)


def _pair(
    past: History,
    luck: Random,
    name: str,
    members: list[str],
    at: datetime,
    every: int,
    round_id: str,
    shared: dict[str, Any],
) -> None:
    over = at + every * WEEK
    ended = over if over < NOW else None
    if luck.random() < 0.1:
        ended = moment(luck, at, min(7.0 * every, (NOW - at) / DAY))
    met = moment(luck, at, 7 * every) if luck.random() < 0.6 else None
    pair = past.add(
        Pair(
            id=name, round_id=round_id, status="ended" if ended else luck.choice(("active", "active", "frozen")),
            score=round(luck.random(), 1), parts={"interests": round(luck.random(), 2)}, created_at=at, ended_at=ended,
            ended_why="over" if ended == over else "left" if ended else "",
            met_at=met if met is not None and met < NOW else None, **shared,
        )
    )  # fmt: skip
    for place, member in enumerate(members):
        past.add(
            PairMember(
                pair_id=name, member_id=member, community_id="c", role="mentor" if place == 0 else "mentee",
                left_at=ended if luck.random() < 0.1 else None,
            )
        )  # fmt: skip
        for week in range(every):
            _checkin(past, luck, f"{name}-{place}-{week}", pair.id, member, at + week * WEEK + 3.4 * DAY, shared)
    for number, days in enumerate(sorted(luck.sample(range(7 * every), luck.choice((0, 0, 1, 2))))):
        day = moment(luck, at + days * DAY, 0.2)
        status = luck.choice(("proposed", "planned", "logged", "confirmed", "confirmed", "cancelled"))
        told = status in ("logged", "confirmed")
        session = past.add(
            Session(
                id=f"{name}-s{number}", pair_id=name, status=status, minutes=luck.choice((20, 45, 60)),
                met_on=day.date() if told else None, logged_by=luck.choice(members) if told else None,
                created_at=day, logged_at=day + DAY if told else None, **shared,
            )
        )  # fmt: skip
        if luck.random() < 0.5:
            past.add(
                SessionNote(
                    session_id=session.id, member_id=luck.choice(members), community_id="c", answer="yes",
                    answered_at=moment(luck, day, 3) if told else None,
                )
            )  # fmt: skip


def _checkin(
    past: History, luck: Random, name: str, pair: str, member: str, at: datetime, shared: dict[str, Any]
) -> None:
    asked = at if at < NOW and luck.random() < 0.9 else None
    answer = luck.choice(("met", "met", "scheduled", "not_yet", "help", "scale", None)) if asked else None
    past.add(
        CheckIn(
            id=name, pair_id=pair, member_id=member, question="met", week=int(name.rpartition("-")[2]), due_at=at,
            expires_at=at + WEEK, status="answered" if answer else "asked" if asked else "waiting", answer=answer,
            text=str(luck.randint(1, 5)) if answer == "scale" else "", asked_at=asked,
            answered_at=moment(luck, asked, 6) if asked and answer else None, **shared,
        )
    )  # fmt: skip


def _words(past: History, luck: Random, name: str, weeks: int, shared: dict[str, Any]) -> None:
    """Goals, thanks, questions, prompts, applications and surveys."""
    members = [row.id for row in past.of(Member)]
    began = NOW - weeks * WEEK

    def some() -> datetime:
        return moment(luck, began, 7 * weeks)

    for number in range(len(members)):
        status, progress = luck.choice((("open", luck.randrange(100)), ("reached", 100), ("dropped", 20)))
        made = some()
        past.add(
            Goal(
                id=f"{name}-g{number}", community_id="c", member_id=luck.choice(members), what="w", status=status,
                progress=progress, created_at=made, reached_at=made + DAY if status == "reached" else None,
            )
        )  # fmt: skip
        giver, receiver = luck.sample(members, 2)
        past.add(
            Kudos(
                id=f"{name}-t{number}", community_id="c", gift_id=f"{name}-t{number}", giver_id=giver,
                receiver_id=receiver, reason="r", given_at=some(),
            )
        )  # fmt: skip
        asked = some()
        solved = moment(luck, asked, 9) if luck.random() < 0.6 else None
        past.add(
            Request(
                id=f"{name}-q{number}", community_id="c", asker_id=luck.choice(members), tag="t", question="q",
                asked_at=asked, solved_at=solved,
            )
        )  # fmt: skip
    cohort = past.of(Cohort)[0]
    for member in luck.sample(members, len(members) // 2):
        past.add(Application(id=f"{member}-a", cohort_id=cohort.id, member_id=member, created_at=some(), **shared))
    prompt = past.add(Prompt(id=f"{name}-o", question="How?", created_at=began, **shared))
    run = past.add(
        PromptRun(
            id=f"{name}-o1", prompt_id=prompt.id, day="d", slot=0, wall="w", late_h=1, question="How?", due_at=began,
            from_at=began, **shared,
        )
    )  # fmt: skip
    for member in luck.sample(members, len(members) // 2):
        past.add(
            PromptAnswer(
                id=f"{member}-o", community_id="c", prompt_id=prompt.id, run_id=run.id, member_id=member, day="d",
                slot=0, due_at=began, expires_at=NOW, answered_at=luck.choice((None, some())),
            )
        )  # fmt: skip
    for number, template in enumerate(("start", "middle", "end", "end")):
        _survey(past, luck, f"{name}-v{number}", template, luck.choice((None, some(), some(), some())), shared)


def _survey(
    past: History, luck: Random, name: str, template: str, opened: datetime | None, shared: dict[str, Any]
) -> None:
    asked = {"start": ("confident", "skilled"), "middle": ("satisfied",), "end": ("confident", "skilled", "recommend")}
    least, most, answers = luck.choice((0, 5, 5)), luck.choice((0, 4, 9, 30)), 0
    counts: dict[str, dict[str, int]] = {}
    for key in asked[template]:
        values = range(11) if key == "recommend" else range(1, 6)
        some = luck.sample(values, 2) if luck.random() < 0.5 else list(values)
        counts[key] = {str(value): luck.randint(min(least, most), most) for value in some}
        answers = max(answers, sum(counts[key].values()))
    past.add(
        Survey(
            id=name, template=template, title="t", mode="confidential", audience="everybody", questions=[],
            status="closed", shown={"answers": answers, "counts": counts, "words": []} if answers else {},
            created_at=NOW, opened_at=opened, **shared,
        )
    )  # fmt: skip
