"""The loop: ticks that go on, a wake after a commit, a clean stop, a watchdog."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.app import App
from scheduler.loop import Loop, LoopStalled
from tests.fakes.post import Post

SOON = timedelta(milliseconds=10)
NEVER = timedelta(days=1)


class Hands:
    """A monotonic clock that is moved by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Fakes:
    """An app with one sweep and a pump, which count their calls, and hang or fail when told to."""

    sweeps = ("one",)

    def __init__(self) -> None:
        self.calls = {"sweep": 0, "once": 0}
        self.error: Exception | None = None
        self.hang = False
        self.hanging = 0
        self.settled = 0
        self.changed = asyncio.Condition()

    async def sweep(self, name: str) -> int:
        return await self._work("sweep")

    async def once(self) -> int:
        return await self._work("once")

    async def settle(self) -> None:
        self.settled += 1

    async def _work(self, what: str) -> int:
        async with self.changed:
            self.calls[what] += 1
            self.changed.notify_all()
        if self.hang:
            self.hanging += 1
            try:
                await asyncio.Event().wait()
            finally:
                self.hanging -= 1
        if self.error is not None:
            raise self.error
        return 0

    async def until(self, what: str, calls: int) -> None:
        """Wait until there were so many calls."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.calls[what] >= calls)


@pytest.fixture
def fakes() -> Fakes:
    """An app and a pump in one."""
    return Fakes()


@pytest.fixture
async def hands() -> Hands:
    """A clock for the watchdog."""
    return Hands()


@pytest.fixture
async def loop(fakes: Fakes, hands: Hands) -> AsyncIterator[Loop]:
    """A loop that ticks fast over the fakes; stopped at the end."""
    loop = Loop(fakes, fakes, sweep_every=SOON, pump_every=SOON, patience=SOON, monotonic=hands)  # type: ignore[arg-type]
    yield loop
    await loop.stop()


async def test_both_ticks_come_again_and_again(loop: Loop, fakes: Fakes) -> None:
    """Sweeps and pump run from the start on."""
    loop.start()
    await fakes.until("sweep", 3)
    await fakes.until("once", 3)


async def test_a_failing_tick_is_logged_without_its_words_and_comes_again(loop: Loop, fakes: Fakes) -> None:
    """An error ends neither the loop nor the secret."""
    fakes.error = ValueError("a member's words")
    with capture_logs() as logs:
        loop.start()
        await fakes.until("sweep", 2)
        await fakes.until("once", 2)
    assert {"tick.failed"} == {entry["event"] for entry in logs}
    assert "words" not in str(logs)
    assert "ValueError" in str(logs)


async def test_a_wake_runs_the_pump_between_its_ticks(fakes: Fakes, hands: Hands) -> None:
    """What a handler wrote leaves at once."""
    loop = Loop(fakes, fakes, sweep_every=NEVER, pump_every=NEVER, monotonic=hands)  # type: ignore[arg-type]
    loop.start()
    await fakes.until("once", 1)
    loop.wake()
    await fakes.until("once", 2)
    await loop.stop()


async def test_a_stop_waits_for_what_was_claimed(post: Post) -> None:
    """A call that is under way is finished and marked; nothing new begins; `wait` returns."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    post.platform.pause = lambda: gate
    await post.channel("p1")
    loop = Loop(post.app, post.pump, pump_every=SOON)
    loop.start()
    await post.platform.called()
    await post.channel("p2", channel="other")
    stop = asyncio.create_task(loop.stop())
    await asyncio.sleep(0)
    assert not stop.done()
    gate.set_result(None)
    await stop
    await loop.wait()
    assert ["sent", "pending"] == [row.state for row in await post.rows()]


async def test_a_commit_of_the_app_wakes_the_pump(post: Post) -> None:
    """`on_commit` is all that the composition has to connect."""
    loop = Loop(post.app, post.pump, sweep_every=NEVER, pump_every=NEVER)
    post.app.on_commit = loop.wake
    loop.start()

    async def write(work) -> None:
        await work.outbox.post(["home", "general"], "demo.hello", key="p1")

    await App.work(post.app, "c", write)
    await post.platform.called()
    await loop.stop()
    assert (await post.row("p1")).state == "sent"


async def test_a_stalled_loop_is_rebuilt(loop: Loop, fakes: Fakes, hands: Hands) -> None:
    """Ticks that hang are ended, and new ones come."""
    fakes.hang = True
    loop.start()
    await fakes.until("sweep", 1)
    await fakes.until("once", 1)
    hands.seconds = 89
    await loop.check()
    assert {"sweep": 1, "once": 1} == fakes.calls
    hands.seconds = 91
    fakes.hang = False
    await loop.check()
    await fakes.until("sweep", 3)
    await fakes.until("once", 3)


async def test_a_pump_that_hangs_after_a_wake_is_ended_too(fakes: Fakes, hands: Hands) -> None:
    """It would keep its turn for ever, and every later tick would wait for it."""
    loop = Loop(fakes, fakes, sweep_every=NEVER, pump_every=NEVER, patience=SOON, monotonic=hands)  # type: ignore[arg-type]
    loop.start()
    await fakes.until("once", 1)
    await fakes.until("sweep", 1)
    fakes.hang = True
    loop.wake()
    await fakes.until("once", 2)
    fakes.hang = False
    hands.seconds = 91
    await loop.check()
    await fakes.until("once", 3)
    assert fakes.hanging == 0
    loop.wake()
    await fakes.until("once", 4)
    await loop.stop()


async def test_a_scheduler_that_stopped_ticking_is_rebuilt(loop: Loop, fakes: Fakes, hands: Hands) -> None:
    """A scheduler that lost its timer, as after a step of the clock, is replaced."""
    loop.start()
    await fakes.until("once", 1)
    loop._scheduler.pause()
    before = fakes.calls["once"]
    hands.seconds = 91
    await loop.check()
    await fakes.until("once", before + 2)


async def test_a_loop_that_stalls_twice_gives_up(loop: Loop, fakes: Fakes, hands: Hands) -> None:
    """When rebuilding did not help, whoever waits for the loop gets an error for the supervisor."""
    fakes.hang = True
    loop.start()
    await fakes.until("once", 1)
    hands.seconds = 91
    await loop.check()
    hands.seconds = 182
    await loop.check()
    with pytest.raises(LoopStalled, match="restart"):
        await loop.wait()


async def test_stalls_that_lie_apart_are_each_cured(loop: Loop, fakes: Fakes, hands: Hands) -> None:
    """A tick that ended in between proves that rebuilding helped."""
    loop.start()
    for round_ in (1, 2, 3):
        fakes.hang = True
        before = dict(fakes.calls)
        await fakes.until("once", before["once"] + 1)
        await fakes.until("sweep", before["sweep"] + 1)
        hands.seconds = 91.0 * round_
        fakes.hang = False
        before = dict(fakes.calls)
        await loop.check()
        await fakes.until("once", before["once"] + 2)
        await fakes.until("sweep", before["sweep"] + 2)
    assert loop._broken is None
