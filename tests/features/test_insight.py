"""Coordinators see how a programme goes: figures with their doubt, charts in words, a weekly brief, files to keep."""

import csv
import io
import json
import re

import openpyxl
import pytest
from sqlmodel import select

from bot.chat.reply import Show
from bot.chat.views import Actions, Chart, File, as_text
from bot.features.insight import rules
from bot.insight.estimates import NOTHING, Estimate, count, share
from bot.insight.report import Target
from storage.audit import Audit
from storage.checkin import CheckIn
from storage.outbox import Outbox
from storage.pair import Pair
from storage.programme import Cohort, Programme
from storage.schedule import Schedule
from tests.fakes.histories import NOW
from tests.fakes.world import COFFEE, NAMES, World, key

PARTS = ("overview", "funnel", "retention", "pairs", "mentors")


async def lived(coffee: World) -> World:
    """Let four weeks pass in which pairs meet, answer and thank."""
    await coffee.until("2026-03-05 17:30")
    for who in ("ana", "bea", "chen", "dia", "eli"):
        await coffee.presses(who, "We met")
    await coffee.says("ana", "/kudos give @bea for the soup")
    await coffee.until("2026-03-27 18:00")
    return coffee


def text(reply: Show) -> str:
    """Return an answer's words."""
    assert isinstance(reply, Show), reply
    return as_text(reply.view)


async def test_the_overview_says_how_sure_it_is(coffee: World):
    """Each figure has its interval and what it is of; the chart has its numbers in words."""
    await lived(coffee)
    reply = await coffee.says("vera", "/coord metrics overview")
    said = text(reply)
    assert "Members: 12\n" in said
    asked = [row for row in await coffee.rows(CheckIn) if row.asked_at is not None]
    rate = share(sum(row.answer is not None for row in asked), len(asked))
    value, low, high = (f"{round(100 * one)}\u202f%" for one in (rate.value, rate.low, rate.high))
    assert f"Answers to check-ins: {value} ({low} to {high}, of {len(asked)})" in said
    assert "Reach of kudos: 8\u202f% (" in said
    (chart,) = [block for block in reply.view.blocks if isinstance(block, Chart)]
    assert chart.unit == "%"
    numbers = zip(chart.labels, chart.series[0][1], strict=True)
    assert [] == [label for label, value in numbers if f"{label} {value:g}%" not in chart.alt]


async def test_each_part_leads_to_the_others(coffee: World):
    """Every part has a button for each of the others, and they open it."""
    await lived(coffee)
    for part in PARTS:
        reply = await coffee.says("vera", f"/coord metrics {part}")
        assert f"insight.{part}" == key(reply)
        (buttons,) = [block for block in reply.view.blocks if isinstance(block, Actions)]
        opened = [key(await coffee.presses_id("vera", button.action)) for button in buttons.items]
        assert [f"insight.{one}" for one in PARTS if one != part] == opened


async def test_an_empty_programme_says_so(coffee: World):
    """On the first day there is nothing to say of most things, and no figure is made up."""
    said = text(await coffee.says("vera", "/coord metrics overview"))
    assert "Pairs that met, week by week" not in said
    assert re.search(r"Nothing yet to say of: .*Days to the first meeting", said), said
    assert "too early" in text(await coffee.says("vera", "/coord metrics retention"))


async def test_only_coordinators_see_figures(coffee: World):
    """Members get none of it, by command or button."""
    (programme,) = await coffee.rows(Programme)
    for part in (*PARTS, "export", "at-risk"):
        assert "core.not_allowed" == key(await coffee.says("ana", f"/coord metrics {part}"))
    for action in (f"insight.open:{programme.id}:pairs", f"risk.open:{programme.id}"):
        assert "core.not_allowed" == key(await coffee.presses_id("ana", action))


async def test_the_export_is_four_files_that_agree(coffee: World):
    """Page, workbook, table and JSON hold the same figures, no formula, no name, and the log says who took them."""
    await lived(coffee)
    async with coffee.database.unit() as db:
        row = (await db.exec(select(Programme))).one()
        row.file = row.file | {"name": "=2+3", "texts": {}}
        db.add(row)
        cohort = (await db.exec(select(Cohort))).one()
        cohort.name = "=1+1"
        db.add(cohort)
    reply = await coffee.says("vera", "/coord metrics export")
    files = {block.name: block.data for block in reply.view.blocks if isinstance(block, File)}
    assert {"report.html", "figures.xlsx", "figures.csv", "figures.json"} == files.keys()
    data = json.loads(files["figures.json"])
    lines = csv.DictReader(io.StringIO(files["figures.csv"].decode("utf-8-sig")))
    table = {(row["what"], row["about"]): row for row in lines}
    sheet = openpyxl.load_workbook(io.BytesIO(files["figures.xlsx"])).active
    book = {(row[0], row[1] or ""): row for row in sheet.iter_rows(min_row=2, values_only=True)}
    for name, one in data["figures"].items():
        cell = table[name, ""]["value"]
        assert one["value"] == (float(cell) if cell else None), name
        assert one["value"] == (None if book[name, ""][3] is None else pytest.approx(book[name, ""][3])), name
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "'=1+1, week 1" in {about for _, about in book} & {about for _, about in table}
    page = files["report.html"].decode()
    assert "How =2+3 goes" in page
    for name in ("Ana", "Bea", "vera", "soup"):
        assert not [file for file, held in files.items() if name.encode() in held], name
    assert ["insight.exported"] == [row.act for row in await coffee.rows(Audit) if row.act.startswith("insight")]


async def test_a_brief_comes_on_mondays_at_nine(coffee: World):
    """It says what changed and what would help, each with a button that works, and once only."""
    for part, changed in (("risk", {"risk.stalled_days": "3"}), ("insight", {"insight.brief": "mon"})):
        await coffee.submits("vera", await coffee.says("vera", f"/coord settings {part}"), changed)
    await coffee.until("2026-03-29 12:00")
    before = len(coffee.keys("vera", "coordinators"))
    await coffee.until("2026-03-30 06:59")
    assert before == len(coffee.keys("vera", "coordinators"))
    await coffee.until("2026-03-31 12:00")
    assert 1 == coffee.keys("vera", "coordinators")[before:].count("insight.brief")
    (said,) = [one for one in coffee.sees("vera", "coordinators")[before:] if "Your week with Coffee" in one]
    assert "6 pairs have not been heard of for a while." in said
    assert "risk.pairs" == key(await coffee.presses("vera", "See the pairs"))


async def test_a_community_of_an_earlier_version_has_a_brief_from_the_next_start_on(coffee: World):
    """What recurs is looked after at each start, and a start changes nothing that is in place."""
    async with coffee.database.unit() as db:
        (row,) = [row for row in await db.exec(select(Schedule)) if row.kind == "insight.brief"]
        await db.delete(row)
    before = {row.kind: row.next_at for row in await coffee.rows(Schedule)}
    await coffee.kith.ready()
    after = {row.kind: row.next_at for row in await coffee.rows(Schedule)}
    assert before | {"insight.brief": row.next_at} == after
    await coffee.kith.ready()
    assert len(after) == len({row.kind for row in await coffee.rows(Schedule)})


async def test_a_community_may_have_no_brief(coffee: World):
    """With "never" nothing is written; without a channel for coordinators neither."""
    for part, changed in (("insight", {"insight.brief": "never"}), ("core", {"core.coordinator_channel": ""})):
        asked = await coffee.says("vera", f"/coord settings {part}")
        await coffee.submits("vera", asked, changed)
        await coffee.passes(days=8)
        asked = await coffee.says("vera", "/coord settings insight")
        await coffee.submits("vera", asked, {"insight.brief": "mon"})
    assert not [row for row in await coffee.rows(Outbox) if row.message == "insight.brief"]


def test_a_brief_tells_only_what_is_beyond_chance():
    """A share that moved within its interval is not told; three changes at most, the largest first."""
    now = {
        "answered": share(50, 100), "meetings": share(90, 100), "stayed": share(99, 100),
        "participation": share(10, 100), "satisfied": Estimate(4.0, 9, 3.9, 4.1), "members": count(12),
    }  # fmt: skip
    before = {
        "answered": share(55, 100), "meetings": share(30, 60), "stayed": share(9, 10), "participation": share(50, 80),
        "satisfied": NOTHING, "members": count(11),
    }  # fmt: skip
    assert ["participation", "meetings", "stayed"] == [one.key for one in rules.changes(now, before)]
    assert [] == rules.changes({"answered": NOTHING}, {"answered": share(1, 2)})


def test_a_brief_suggests_three_things_at_most_the_most_pressing_first():
    """Applications before silent pairs before wishes for another partner; what is fine is not mentioned."""
    figures = {"stalled": share(3, 10), "answered": share(4, 40)}
    target = Target("t", "met", share(1, 4), 0.8, NOW)
    facts = {
        "programme": "p", "now": NOW, "figures": figures, "waiting": 2, "first_waiting": "a1", "rematches": 1,
        "load": Estimate(0.95, 20), "targets": [target],
    }  # fmt: skip
    found = rules.suggestions(rules.Facts(**facts))
    assert [("waiting", 2, "a1"), ("stalled", 3, "p"), ("rematches", 1, "p")] == [
        (one.why, one.number, one.row) for one in found
    ]
    facts |= {"waiting": 0, "first_waiting": None, "rematches": 0}
    assert ["stalled", "behind", "full"] == [one.why for one in rules.suggestions(rules.Facts(**facts))]
    calm = facts | {"figures": {"stalled": share(0, 10), "answered": share(3, 4)}, "load": NOTHING, "targets": []}
    assert [] == rules.suggestions(rules.Facts(**calm))


async def test_targets_stand_beside_their_goals(world: World):
    """A goal of the file has its figure since the cohort began, what is wanted and by when."""
    goals = [
        {"key": "all", "text": "Everybody has a partner", "measure": "matched", "target": 0.9, "due_week": 3},
        {"key": "met", "text": "Pairs meet", "measure": "met", "target": 0.8, "due": "2026-05-01"},
    ]
    await world.applies(COFFEE | {"goals": goals})
    for name in NAMES:
        await world.joins(name)
    await world.until("2026-03-05 17:30")
    await world.presses("ana", "We met")
    said = text(await world.says("vera", "/coord metrics overview"))
    assert re.search(r"Everybody has a partner: reached, 100\s% of 90\s%", said), said
    assert re.search(r"Pairs meet: 17\s% of 80\s% \(\d+\s% to \d+\s%, of 6\)\. Until Friday, May 1, 2026", said), said
    assert 1 == len([row for row in await world.rows(Pair) if row.met_at])


async def test_what_is_said_in_private_is_counted_and_shown_to_nobody(world: World):
    """An optional private choice: reviewers do not see it, its member does, and coordinators see shares of five on."""
    question = {
        "key": "first", "kind": "choice", "question": "First to study?", "options": ["Yes", "No"], "required": False,
        "private": True,
    }  # fmt: skip
    file = COFFEE | {"application": [question], "review": {"criteria": [{"key": "w", "text": "Warmth"}]}}
    await world.applies(file)
    for place, name in enumerate(NAMES):
        await world.joins(name, q_first=("Yes", "No")[place % 2])
        shown = text(await world.says("vera", f"/coord application open @{name}"))
        told = shown.split("\n[")[0]
        assert [] == [word for word in ("First to study?", "first", "Yes", "No") if word in told]
        await world.presses("vera", "Approve")
    assert '"private.first": "Yes"' in "".join(
        block.data.decode() for block in (await world.says("ana", "/me export")).view.blocks if isinstance(block, File)
    )
    await world.until("2026-03-03 09:30")
    said = text(await world.says("vera", "/coord metrics pairs"))
    assert "Alike for everybody? First to study?, half a year" in said
    assert re.search(r"Yes: 100\s% of wishes for a partner came true \(\d+\s% to 100\s%, of 6\)", said), said
