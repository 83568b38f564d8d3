"""The loop of a running installation: APScheduler wakes the sweeps and the pump, a watchdog wakes APScheduler.

What is due is always a row, so a tick that is lost, late or doubled changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from bot.app import App
from scheduler.backups import Backups
from scheduler.pump import Pump

log = structlog.get_logger()

SWEEP_EVERY = timedelta(seconds=15)
PUMP_EVERY = timedelta(seconds=1)
SETTLE_EVERY = timedelta(seconds=60)
"""How often the database's log is emptied: what was erased is to be gone from the disk, and no order to stay on it."""

LOOK_FOR_BACKUPS_EVERY = timedelta(seconds=60)

STALLED = timedelta(seconds=90)
"""A tick that has not ended for so long has stalled."""

PATIENCE = timedelta(seconds=30)
"""How long a stop waits for running ticks: longer than a batch of calls can take."""


class LoopStalled(RuntimeError):
    """Ticks stalled again after the scheduler was rebuilt: the process has to be started anew by its supervisor."""


class Loop:
    """Runs sweeps and pump until it is stopped. Use it once: `start`, `wake` after each commit, `wait`, `stop`.

    `monotonic` gives seconds that no change of the wall clock touches.
    """

    def __init__(
        self,
        app: App,
        pump: Pump,
        *,
        sweep_every: timedelta = SWEEP_EVERY,
        pump_every: timedelta = PUMP_EVERY,
        settle_every: timedelta = SETTLE_EVERY,
        backups: Backups | None = None,
        stalled: timedelta = STALLED,
        patience: timedelta = PATIENCE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._pump = pump
        self._every = {"sweeps": sweep_every, "pump": pump_every, "settle": settle_every}
        self._work: dict[str, Callable[[], Awaitable[None]]] = {
            "sweeps": self._sweep, "pump": self._drain, "settle": app.settle,
        }  # fmt: skip
        self._backups = backups
        if backups is not None:
            self._every["backups"], self._work["backups"] = LOOK_FOR_BACKUPS_EVERY, backups.look
        self._stalled, self._patience = stalled.total_seconds(), patience.total_seconds()
        self._monotonic = monotonic
        self._beats: dict[str, float] = {}
        self._rebuilt_for: set[str] = set()
        self._ticks: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._ended = asyncio.Event()
        self._broken: LoopStalled | None = None
        self._stopping = False
        self._scheduler: AsyncIOScheduler | None = None
        self._helpers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to tick, at once. Needs a running event loop."""
        self._build()
        self._helpers = [asyncio.create_task(self._wake_pump()), asyncio.create_task(self._watch())]

    def wake(self) -> None:
        """Run the pump soon: something was written that may be due now."""
        self._woken.set()

    async def wait(self) -> None:
        """Return when the loop has been stopped. Raises `LoopStalled` when it cannot go on."""
        await self._ended.wait()
        if self._broken is not None:
            raise self._broken

    async def stop(self) -> None:
        """Begin no new tick, wait for those that run, then end. What was claimed is delivered and marked."""
        self._stopping = True
        if self._scheduler is not None:
            self._scheduler.pause()
        # A tick that was submitted a moment ago shows itself only when it first runs.
        await asyncio.sleep(0)
        if self._ticks:
            _, late = await asyncio.wait(self._ticks, timeout=self._patience)
            if late:
                log.error("stop.impatient", ticks=len(late))
        if self._backups is not None:
            await self._backups.stop()
        for helper in self._helpers:
            helper.cancel()
        await asyncio.gather(*self._helpers, return_exceptions=True)
        await self._tear_down()
        self._ended.set()

    @property
    def stalled(self) -> bool:
        """Whether a tick has not ended for longer than it may take."""
        now = self._monotonic()
        return self._broken is not None or any(now - beat > self._stalled for beat in self._beats.values())

    async def check(self) -> None:
        """Rebuild the scheduler when a tick has stalled; when that did not help the last time, give up."""
        now = self._monotonic()
        late = {name for name, beat in self._beats.items() if now - beat > self._stalled}
        if not late or self._stopping:
            return
        if late & self._rebuilt_for:
            names = ", ".join(sorted(late))
            self._broken = LoopStalled(f"no tick of {names} ended in {self._stalled:.0f} s, twice: restart the process")
            self._ended.set()
            return
        log.error("loop.stalled", ticks=sorted(late))
        self._rebuilt_for |= late
        await self._tear_down()
        self._build()

    def _build(self) -> None:
        # Its own log has a line for each tick; ours has those that fail.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        now = datetime.now(UTC)
        for name, every in self._every.items():
            trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
            scheduler.add_job(self._tick, trigger, args=[name], id=name, next_run_time=now)
        self._beats = dict.fromkeys(self._every, self._monotonic())
        scheduler.start()
        self._scheduler = scheduler

    async def _tear_down(self) -> None:
        """End the scheduler and with it, as that cancels them, the ticks that still run."""
        hung = list(self._ticks)
        if self._scheduler is not None and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for tick in hung:
            tick.cancel()
        # The scheduler ends in a callback of the event loop.
        await asyncio.sleep(0)
        self._scheduler = None

    async def _tick(self, name: str) -> None:
        """Do one tick's work; a failure is logged without its words, which may hold a member's."""
        task = asyncio.current_task()
        assert task is not None
        self._ticks.add(task)
        try:
            if not self._stopping:
                await self._work[name]()
        except Exception as error:
            log.error("tick.failed", tick=name, error=type(error).__name__, at=_where(error))
        finally:
            self._ticks.discard(task)
        self._beats[name] = self._monotonic()
        self._rebuilt_for.discard(name)

    async def _sweep(self) -> None:
        for name in self._app.sweeps:
            if self._stopping:
                return
            try:
                await self._app.sweep(name)
            except Exception as error:
                log.error("tick.failed", tick=name, error=type(error).__name__, at=_where(error))

    async def _drain(self) -> None:
        while not self._stopping and await self._pump.once():
            pass

    async def _wake_pump(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            # A task of its own, so that a tick that hangs and is cancelled does not take this one with it.
            await asyncio.wait({asyncio.create_task(self._tick("pump"))})

    async def _watch(self) -> None:
        while self._broken is None:
            await asyncio.sleep(self._stalled / 3)
            await self.check()


def _where(error: Exception) -> str:
    """Return file and line where the error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
