"""Every figure of a programme is what its formula says, whatever the past was, and says how sure it is."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from scipy import stats
from sqlalchemy import insert

import storage.insight
from bot.insight import curves, estimates
from bot.insight.equity import groups
from bot.insight.measures import MEASURES, Scope, measure
from storage.application import Application
from storage.db import Db
from storage.engine import Database
from storage.programme import Cohort, Role
from storage.survey import Survey
from tests.fakes import naive
from tests.fakes.histories import COMMUNITY, MODULES, NOW, History, history
from tests.fakes.rows import classes

HISTORIES = 200


async def store(db: Db, pasts: Iterable[History]) -> None:
    """Write histories, table by table."""
    connection = await db.connection()
    await connection.execute(insert(type(COMMUNITY)), COMMUNITY.model_dump())
    pasts = list(pasts)
    for cls in classes().values():
        if rows := [row.model_dump() for past in pasts for row in past.of(cls)]:
            await connection.execute(insert(cls), rows)


def scope(past: History, since: int, until: int, stalled_days: int = 14) -> Scope:
    """Return a period of a history, in weeks before now."""
    return Scope(
        community="c", programme=past.programme.id, since=NOW - timedelta(weeks=since),
        until=NOW - timedelta(weeks=until), stalled_days=stalled_days, required={"mentor": MODULES, "peer": ()},
    )  # fmt: skip


@pytest.fixture(scope="module")
def pasts() -> list[History]:
    """Two hundred programmes in one community, from two members to seventeen."""
    return [
        history(f"h{seed}", people=2 + seed % 16, weeks=3 + seed % 8, every=1 + seed % 4) for seed in range(HISTORIES)
    ]


async def test_every_measure_is_what_its_formula_says(pasts: list[History], tmp_path: Path):
    """On two hundred random pasts and periods, each figure and its sample are those of a count from all rows, by hand.

    All lie in one database, so that a figure that looked at a programme beside its own would show.
    """
    database = await Database.open(tmp_path / "kith.db", thrown_away=True)
    async with database.unit() as db:
        await store(db, pasts)
    said: dict[str, int] = dict.fromkeys(MEASURES, 0)
    async with database.read() as db:
        for past in pasts:
            luck = Random(past.programme.id)
            until = luck.choice((0, 0, 0, 1, 2))
            at = scope(past, until + luck.randint(1, 15), until, luck.choice((3, 14)))
            by_hand = naive.Naive(past, at.since, at.until, at.stalled_days)
            found = await measure(db, list(MEASURES), at)
            for key, one in found.items():
                value, n = naive.MEASURES[key](by_hand)
                assert (key, n) == (key, one.n), past.programme.id
                assert one.value == (pytest.approx(value) if value is not None else None), (key, past.programme.id)
                said[key] += value is not None
                if one.low is not None and one.value is not None and key not in ("first_meeting", "help_time"):
                    assert one.low <= one.value + 1e-9, key
                    assert one.high >= one.value - 1e-9, key
            arrived = (await curves.funnel(db, at)).people
            assert by_hand.arrivals() == arrived, past.programme.id
    await database.close()
    assert naive.MEASURES.keys() == MEASURES.keys()
    assert {} == {key: times for key, times in said.items() if times < 10}


async def test_retention_is_that_of_a_library(pasts: list[History], tmp_path: Path):
    """Each cohort's curve is the one that scipy draws through the same stays, with the same interval."""
    some = pasts[100:130]
    database = await Database.open(tmp_path / "kith.db", thrown_away=True)
    async with database.unit() as db:
        await store(db, some)
    compared = 0
    async with database.read() as db:
        for past in some:
            at = scope(past, 4, 0)
            spells = await storage.insight.spells(db, "c", past.programme.id)
            for cohort in await curves.retention(db, at):
                key = next(row.id for row in past.of(storage.programme.Cohort) if row.name == cohort.cohort)
                stays: dict[str, list] = {}
                for found, member, since, left, status in spells:
                    if found == key:
                        stays.setdefault(member, []).append((since, left, status))
                durations, gone = [], []
                for held in stays.values():
                    since = min(one[0] for one in held)
                    left = None if any(one[1] is None for one in held) else max(one[1] for one in held)
                    durations.append((min(left or NOW, NOW) - since) / timedelta(weeks=1))
                    gone.append(left is not None and all(one[2] == "left" for one in held))
                assert len(stays) == cohort.people
                if not any(gone):
                    continue
                drawn = stats.ecdf(stats.CensoredData.right_censored(durations, [not one for one in gone])).sf
                for week, one in cohort.weeks.items():
                    assert one.value == pytest.approx(float(drawn.evaluate(week)))
                    compared += 1
    await database.close()
    assert compared > 20


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (1, 1), (3, 10), (99, 100), (0, 40), (500, 1000)])
def test_a_share_has_wilsons_interval(part: int, whole: int):
    """The interval is the one that scipy computes."""
    found = estimates.share(part, whole)
    wanted = stats.binomtest(part, whole).proportion_ci(method="wilson")
    assert (found.low, found.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


def test_means_and_differences_are_those_of_a_library():
    """Student's and Welch's intervals are the ones that scipy computes."""
    before, after = {1: 3, 3: 9, 4: 2}, {2: 4, 4: 6, 5: 11}
    one, two = ([value for value, number in counts.items() for _ in range(number)] for counts in (before, after))
    found, wanted = estimates.mean_of(before), stats.ttest_1samp(one, 0).confidence_interval()
    assert (found.low, found.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))
    moved, wanted = (
        estimates.difference(before, after),
        stats.ttest_ind(two, one, equal_var=False).confidence_interval(),
    )
    assert (moved.low, moved.high) == (pytest.approx(wanted.low), pytest.approx(wanted.high))


@pytest.mark.parametrize("freedom", [1, 2, 3, 3.7, 4, 4.99, 5, 7.2, 10, 29, 120, 4000])
def test_students_quantile_is_that_of_a_library(freedom: float):
    """To four digits for very small samples, to six for others."""
    assert estimates.student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-4 if freedom < 5 else 1e-6)


def test_the_half_way_point_counts_those_who_still_wait():
    """Of four who began, two met on days 2 and 4; one waits for 10 days: half had met by day 4, not by day 2."""
    found = estimates.median_time([(2, True), (4, True), (10, False), (3, False)])
    assert (4, 4) == (found.value, found.n)
    assert estimates.median_time([(2, True), (9, False), (9, False)]).value is None
    assert estimates.median_time([]).value is None


def test_a_score_that_says_nothing_ranks_by_chance():
    """Equal scores rank as half; a score that sets all apart ranks every pair."""
    assert estimates.ranking([0.5] * 4, [0.5] * 3).value == 0.5
    assert estimates.ranking([0.9, 0.8], [0.1, 0.2]).value == 1
    wanted = stats.mannwhitneyu([3, 5, 5, 9], [1, 5, 4]).statistic / 12
    assert estimates.ranking([3, 5, 5, 9], [1, 5, 4]).value == pytest.approx(wanted)


def wished(number: int, met: int, people: int | None = None, mark: str = "") -> list[tuple[str, bool]]:
    """Make wishes, of which so many came true: each of somebody else, or all of so many people in turn."""
    return [(f"{mark}{place % (people or number)}", place < met) for place in range(number)]


def test_small_groups_are_not_shown_and_cannot_be_told():
    """A group of four is hidden, and the next smallest with it, so that the total gives neither away."""
    wishes = {"arts": wished(4, 1), "law": wished(9, 9), "physics": wished(30, 24)}
    answers = {"law": [(f"m{place}", 4 if place < 4 else 5, 1) for place in range(13)]}
    found = groups("grouping", "", wishes, answers)
    assert {"physics"} == found.matched.keys()
    assert 0.8 == found.matched["physics"].value
    assert {} == found.satisfied
    assert 2 == found.hidden
    assert {} == groups("level", "", {"3": wished(2, 1), "5": wished(2, 2)}, {}).matched


def test_many_wishes_and_answers_of_few_people_are_still_those_of_few():
    """Four people who wished ten times, or answered forty times, are four: nothing is said of them."""
    answers = {"law": [(f"m{place}", 4, 10) for place in range(4)], "arts": [(f"m{place}", 3, 5) for place in range(9)]}
    found = groups("grouping", "", {"arts": wished(40, 31, 4), "law": wished(30, 20, 20)}, answers)
    assert (set(), set()) == (found.matched.keys() - {"law"}, found.satisfied.keys() - {"arts"})


def test_what_was_said_in_private_is_shown_only_with_enough_on_each_side():
    """Where three of a group have no partner, and it is known who has none, the group is not shown."""
    wishes = {"yes": wished(30, 27), "no": wished(40, 30), "other": wished(20, 20), "few": wished(40, 30, 6)}
    assert {"no", "other", "few"} == groups("first", "First?", wishes, {}, private=True).matched.keys()
    assert {"yes", "no", "other", "few"} == groups("first", "First?", wishes, {}).matched.keys()


async def test_growth_is_told_cohort_by_cohort(tmp_path: Path):
    """What a cohort said at its end, less at its start; a survey of another cohort, or of too few, does not count."""
    past = history("g1", people=4, weeks=20)
    del past.rows[Survey]
    first = past.rows[Cohort][0]
    past.rows[Cohort] = [first]
    other = past.add(Cohort(id="g1-other", name="Other", opened_at=first.opened_at, **shared(past)))

    def said(name: str, template: str, weeks: int, cohort: Cohort | None, **counts: dict[str, int]) -> None:
        answers = max(sum(one.values()) for one in counts.values())
        past.add(
            Survey(
                id=name, template=template, title="t", mode="confidential", audience="everybody", questions=[],
                planned=f"{cohort.id}:{name}" if cohort else None, created_at=NOW,
                shown={"answers": answers, "counts": counts, "words": []},
                opened_at=first.opened_at + timedelta(weeks=weeks), **shared(past),
            )
        )  # fmt: skip

    said("a", "start", 1, first, confident={"2": 6, "3": 6}, skilled={"1": 2, "2": 9})
    said("b", "end", 12, first, confident={"3": 5, "4": 7}, skilled={"3": 8})
    said("c", "end", 12, other, confident={"1": 30})
    for role in past.rows[Role]:
        role.cohort_id = first.id
    for row in past.rows[Application]:
        row.cohort_id = first.id
    database = await Database.open(tmp_path / "kith.db", thrown_away=True)
    async with database.unit() as db:
        await store(db, [past])
    async with database.read() as db:
        (found,) = await curves.growth(db, scope(past, 4, 0))
    await database.close()
    assert first.name == found.cohort
    assert found.confidence.value == pytest.approx((3 * 5 + 4 * 7) / 12 - 2.5)
    assert found.confidence.low > 0
    assert None is found.skill.value, "two answers are too few to be shown"


def shared(past: History) -> dict[str, str]:
    """Return what a row of a programme holds."""
    return {"community_id": "c", "programme_id": past.programme.id}
