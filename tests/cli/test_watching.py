"""What monitoring sees: alive, ready, and numbers that name nobody."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from cli.watching import Watching
from scheduler.loop import Loop
from storage.outbox import DEAD, Outbox
from tests.fakes.world import NAMES, START, World

DASHBOARD = Path(__file__).parents[2] / "deploy" / "grafana.json"


class Watched:
    """An installation that is watched; its clock for stalls and its platform's connection are moved by hand."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.up, self.seconds = world, True, 0.0
        self.loop = Loop(world.app, world.kith.pump, monotonic=lambda: self.seconds)
        self.page = Watching(world.kith, self.loop, {"playground": lambda: self.up}, folder)
        self.address = ""

    async def asks(self, path: str) -> tuple[int, str]:
        """Ask for a page; return status and text."""
        async with aiohttp.ClientSession() as session, session.get(self.address + path) as answer:
            return answer.status, await answer.text()

    async def reads(self, name: str, **labels: str) -> float:
        """Return one number of /metrics; 0 for one that was never counted."""
        _, text = await self.asks("/metrics")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == name and sample.labels.items() >= labels.items():
                    return float(sample.value)
        return 0.0


@pytest.fixture
async def watched(coffee: World, tmp_path: Path) -> AsyncIterator[Watched]:
    """A coffee programme that is watched."""
    made = Watched(coffee, tmp_path / "backups")
    host, port = await made.page.start("127.0.0.1", 0)
    made.address = f"http://{host}:{port}"
    yield made
    await made.page.stop()
    await made.page.stop()


async def test_alive_and_ready(watched: Watched):
    """All is well: both say so."""
    assert (200, "ok\n") == await watched.asks("/healthz")
    assert (200, "ok\n") == await watched.asks("/readyz")


async def test_a_loop_that_stalls_is_not_alive(watched: Watched):
    """A tick that does not end within a minute and a half: the process is to be started anew."""
    watched.loop._beats = {"sweeps": 0.0}
    watched.seconds = 89
    assert 200 == (await watched.asks("/healthz"))[0]
    watched.seconds = 91
    assert (503, "the loop has stalled\n") == await watched.asks("/healthz")
    assert 503 == (await watched.asks("/readyz"))[0]
    assert 0 == await watched.reads("kith_ticking")


async def test_without_its_platform_it_is_alive_but_not_ready(watched: Watched):
    """A connection that is lost comes back by itself: no reason to kill the process."""
    watched.up = False
    assert 200 == (await watched.asks("/healthz"))[0]
    assert (503, "playground is not connected\n") == await watched.asks("/readyz")
    assert 0 == await watched.reads("kith_platform_connected", platform="playground")


async def test_without_its_database_it_is_not_ready(watched: Watched):
    """The reason is a kind of error, never its words."""
    await watched.world.database.close()
    status, said = await watched.asks("/readyz")
    assert (503, True) == (status, said.startswith("the database does not answer ("))


async def test_answers_are_counted_by_kind(watched: Watched):
    """Each answered command is timed, and so is each button."""
    before = await watched.reads("kith_answer_seconds_count", kind="command")
    await watched.world.says("ana", "/kudos give @bea for the review")
    assert before + 1 == await watched.reads("kith_answer_seconds_count", kind="command")
    assert await watched.reads("kith_answer_seconds_sum", kind="command") > 0


async def test_nothing_sensitive_is_counted(watched: Watched):
    """A note without a name moves no number: who reads the numbers each second learns nothing of its minute."""
    await watched.world.says("ana", "/kudos give @bea for the review")
    before = await watched.asks("/metrics")
    asked = await watched.world.says("ana", "/feedback send")
    await watched.world.submits("ana", asked, {"topic": "pair", "text": "Nobody answers me.", "mode": "anonymous"})
    after = await watched.asks("/metrics")
    assert _ours(before[1]) == _ours(after[1])


async def test_calls_are_counted_by_what_came_of_them(watched: Watched):
    """What was sent is counted once, however often it is asked for."""
    await watched.world.until("2026-03-03 09:01")
    sent = await watched.reads("kith_sends_total", platform="playground", result="sent")
    assert sent == watched.world.kith.pump.results["playground", "sent"] > 0
    assert sent == await watched.reads("kith_sends_total", platform="playground", result="sent")
    assert await watched.reads("kith_outbox_rows", state="sent") > 0


async def test_what_waits_and_what_is_given_up_is_told(watched: Watched):
    """How long the oldest due message waits, and how many could not be delivered."""
    here = await watched.world.community_id()
    rows: dict[str, dict[str, Any]] = {"late": {}, "gone": {"state": DEAD}}
    async with watched.world.database.unit() as db:
        for name, more in rows.items():
            db.add(
                Outbox(
                    id=name, key=name, community_id=here, to_kind="channel", to_id="general", message="demo",
                    due_at=START - timedelta(minutes=5), created_at=START, **more,
                )
            )  # fmt: skip
    waited = watched.world.clock.now() - START + timedelta(minutes=5)
    assert waited.total_seconds() == await watched.reads("kith_outbox_waiting_seconds")
    assert 1 == await watched.reads("kith_outbox_rows", state="dead")


async def test_a_late_sweep_is_named(watched: Watched):
    """A check-in that was due an hour ago and was not asked."""
    await watched.world.until("2026-03-03 09:01")
    watched.world.clock.set(START + timedelta(days=3, hours=9))
    assert await watched.reads("kith_sweep_lag_seconds", sweep="checkin.ask") >= 3600


async def test_numbers_name_nobody(watched: Watched):
    """No id, no name, no word of a member or their community."""
    await watched.world.says("ana", "/kudos give @bea for the patient review")
    await watched.world.passes(days=3)
    _, text = await watched.asks("/metrics")
    ids = [row.id for table in ("member", "community") for row in await watched.world.rows(_table(table))]
    words = [*ids, *(name.capitalize() for name in NAMES), "patient", "North Bank"]
    assert not [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]


async def test_a_port_in_use_is_an_error(watched: Watched):
    """Two installations cannot have one port; the second one says so and does not run unwatched."""
    port = int(watched.address.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="address already in use"):
        await Watching(watched.world.kith, watched.loop, {}).start("127.0.0.1", port)


async def test_the_dashboard_asks_for_what_there_is(watched: Watched):
    """Each number of the Grafana dashboard is one of /metrics, and each of ours is on it."""
    await watched.world.says("ana", "/kudos give @bea for the review")
    await watched.world.delivers()
    (watched.page._backups or Path()).mkdir()
    ((watched.page._backups or Path()) / "kith-2026-03-01T043000Z.db").touch()
    _, text = await watched.asks("/metrics")
    told = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    asked = {name for panel in dashboard["panels"] for target in panel["targets"] for name in _names(target["expr"])}
    assert asked <= told
    shown = {re.sub(r"_(total|bucket|sum|count|created)$", "", name) for name in told if name.startswith("kith_")}
    assert shown == {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in asked if name.startswith("kith_")}
    assert await watched.reads("kith_backup_age_seconds") > 0


def _names(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:kith|process)_[a-z_]+", expression))


def _ours(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("kith_") and "_created" not in line]


def _table(name: str) -> type[Any]:
    from tests.fakes.rows import classes

    return classes()[name]
