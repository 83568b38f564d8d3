"""Time in steps: everything that is due happens, in order, and what never ends is named."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.platform import RateLimited
from bot.context import Work
from bot.feature import Sweep
from scheduler.steps import NeverDone, advance, next_due, run_due
from storage.member import Member
from tests.fakes.post import MONDAY, Post

HOUR = timedelta(hours=1)


class Chores:
    """A sweep over moments kept in memory; each writes a post. `stuck` leaves them due, `blind` does not see them."""

    def __init__(self) -> None:
        self.moments: list[datetime] = []
        self.stuck = False
        self.blind = False
        self.done: list[datetime] = []

    @property
    def sweep(self) -> Sweep:
        """The sweep as a feature declares it."""
        return Sweep(name="demo.chores", due=self._due, next_due=self._next, run=self._run)

    async def _due(self, db: object, now: datetime, limit: int) -> list[tuple[str, str]]:
        return [] if self.blind else [("c", at.isoformat()) for at in sorted(self.moments) if at <= now][:limit]

    async def _next(self, db: object) -> datetime | None:
        return min(self.moments, default=None)

    async def _run(self, work: Work, row: str) -> None:
        if not self.stuck:
            self.moments.remove(datetime.fromisoformat(row))
            self.done.append(work.now)
            await work.outbox.post(["home", "general"], "demo.hello", key=f"{row}:{len(self.done)}")


@pytest.fixture
def chores() -> Chores:
    """What falls due."""
    return Chores()


@pytest.fixture
async def post(empty_database: Path, tmp_path: Path, chores: Chores) -> AsyncIterator[Post]:
    """A community with a sweep."""
    opened = await Post.open(Path(shutil.copy(empty_database, tmp_path / "kith.db")), sweeps=(chores.sweep,))
    yield opened
    await opened.database.close()


async def test_what_is_due_now_is_done_with_all_that_follows(post: Post, chores: Chores) -> None:
    """A sweep writes rows, the pump sends them: one call does both, and counts both."""
    chores.moments = [MONDAY, MONDAY - HOUR, MONDAY + HOUR]
    assert await run_due(post.app, post.pump) == 4
    assert len(post.platform.accepted) == 2
    assert await run_due(post.app, post.pump) == 0


async def test_the_clock_moves_from_due_item_to_due_item(post: Post, chores: Chores) -> None:
    """Each thing happens at its own moment, not at the end; the clock ends where it was sent."""
    chores.moments = [MONDAY + 3 * HOUR, MONDAY + HOUR, MONDAY + 9 * HOUR]
    await post.nudge("ana", "n1", due=MONDAY + 2 * HOUR, expires=MONDAY + 8 * HOUR)
    steps: list[datetime] = []

    async def on_step(moment: datetime) -> None:
        steps.append(moment)

    until = MONDAY + 4 * HOUR
    assert await advance(post.app, post.pump, post.clock, until, on_step) == 5
    expected = [MONDAY + HOUR, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR]
    assert expected == steps
    assert expected == [one.at for one in post.platform.accepted]
    assert until == post.clock.now()
    assert MONDAY + 9 * HOUR == await next_due(post.app)


async def test_what_a_step_causes_happens_before_the_clock_moves_on(post: Post, chores: Chores) -> None:
    """Members who answer at a step are answered at that step."""
    chores.moments = [MONDAY + HOUR]

    async def on_step(moment: datetime) -> None:
        await post.note("ana", f"answer:{moment}")

    await advance(post.app, post.pump, post.clock, MONDAY + HOUR, on_step)
    assert [MONDAY + HOUR] * 2 == [one.at for one in post.platform.accepted]


async def test_what_the_platform_puts_off_is_met_at_its_moment(post: Post) -> None:
    """A rate limit is just another due item."""
    post.platform.faults = [RateLimited("429", retry_after=90)]
    await post.channel("p1")
    await advance(post.app, post.pump, post.clock, MONDAY + HOUR)
    assert [MONDAY + timedelta(seconds=90)] == [one.at for one in post.platform.accepted]


async def test_what_waits_behind_another_row_does_not_hold_the_clock(post: Post) -> None:
    """A row that is due, but whose place is waiting for an earlier one, comes right after it."""
    post.platform.faults = [RateLimited("429", retry_after=90)]
    await post.channel("p1")
    await post.channel("p2")
    await advance(post.app, post.pump, post.clock, MONDAY + HOUR)
    assert [MONDAY + timedelta(seconds=90)] * 2 == [one.at for one in post.platform.accepted]


async def test_a_sweep_that_leaves_its_rows_due_is_named(post: Post, chores: Chores) -> None:
    """The error says which sweep it is."""
    chores.moments, chores.stuck = [MONDAY], True
    with pytest.raises(NeverDone, match=r"demo\.chores"):
        await run_due(post.app, post.pump)


async def test_a_sweep_that_does_not_see_its_due_row_is_named(post: Post, chores: Chores) -> None:
    """Otherwise the clock would stand still for ever."""
    chores.moments, chores.blind = [MONDAY], True
    with pytest.raises(NeverDone, match=r"demo\.chores"):
        await advance(post.app, post.pump, post.clock, MONDAY + HOUR)


async def test_rows_of_a_platform_that_is_away_do_not_hold_the_clock(post: Post) -> None:
    """They are due, but nobody here can send them."""
    await post.channel("p1")
    post.app.platforms.clear()
    await advance(post.app, post.pump, post.clock, MONDAY + HOUR)
    assert MONDAY + HOUR == post.clock.now()


async def test_a_night_of_nudges_is_put_off_to_the_morning(post: Post) -> None:
    """Quiet hours that a member changes after the plan hold too, and the clock finds the morning."""
    await post.nudge("ana", "n1", due=MONDAY + HOUR, expires=MONDAY + timedelta(days=2))
    await post.change(Member, "ana", quiet_start="12:00", quiet_end="09:30")
    await advance(post.app, post.pump, post.clock, MONDAY + timedelta(days=1))
    assert [MONDAY + 21.5 * HOUR] == [one.at for one in post.platform.accepted]
