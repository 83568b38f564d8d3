"""What monitoring asks a running installation: is it alive, is it ready, and how is it doing, in numbers.

`/healthz` is for whoever starts processes anew, `/readyz` for whoever waits until it can be used, `/metrics` for
Prometheus. Numbers alone: no id, no name, no word, and nothing of what is sensitive is counted or timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

import storage.outbox
from cli.compose import Kith
from scheduler.backups import newest_in
from scheduler.loop import Loop
from storage.moments import earliest
from storage.outbox import AMBIGUOUS, DEAD, HELD, PENDING, RETRY, SENDING, SENT, SKIPPED

STATES = (PENDING, SENDING, RETRY, AMBIGUOUS, HELD, DEAD, SENT, SKIPPED)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
"""A platform gives up after 3 seconds, so that is one of the borders."""

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Watching:
    """The three pages of one running installation.

    `platforms` maps a platform's name to whether it is connected; `backups` is the folder of the daily copies, if any
    are made. From here on answers are timed.
    """

    def __init__(
        self, kith: Kith, loop: Loop, platforms: Mapping[str, Callable[[], bool]], backups: Path | None = None
    ) -> None:
        self._kith, self._loop, self._platforms, self._backups = kith, loop, platforms, backups
        self._registry = here = CollectorRegistry()
        self._told: dict[tuple[str, str], int] = {}
        self._runner: web.AppRunner | None = None
        ProcessCollector(registry=here)
        answers = Histogram(
            "kith_answer_seconds", "From a question of a member to its answer; nothing sensitive is timed.", ["kind"],
            buckets=SECONDS, registry=here,
        )  # fmt: skip
        self._sends = Counter(
            "kith_sends", "Calls to a platform, by what came of them.", ["platform", "result"], registry=here
        )
        self._outbox = Gauge("kith_outbox_rows", "Messages by state.", ["state"], registry=here)
        self._waiting = Gauge("kith_outbox_waiting_seconds", "How long what is due waits to be sent.", registry=here)
        self._lag = Gauge("kith_sweep_lag_seconds", "How long what is due waits its turn.", ["sweep"], registry=here)
        self._up = Gauge("kith_platform_connected", "1 while a platform is connected.", ["platform"], registry=here)
        self._ticking = Gauge("kith_ticking", "1 while the loop ticks.", registry=here)
        self._copied = Gauge("kith_backup_age_seconds", "Age of the newest backup.", registry=here)
        kith.app.on_answer = lambda kind, seconds: answers.labels(kind).observe(seconds)

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Listen, and return where; a port of 0 is a free one. Raises `OSError`."""
        site = web.Application()
        site.add_routes(
            [web.get("/healthz", self._alive), web.get("/readyz", self._ready), web.get("/metrics", self._metrics)]
        )
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError:
            await self.stop()
            raise
        bound = self._runner.addresses[0]
        return str(bound[0]), int(bound[1])

    async def stop(self) -> None:
        """Answer no more. Twice is once."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _alive(self, _request: web.Request) -> web.Response:
        """200 while the loop ticks: a process whose loop has stalled is to be started anew."""
        return _said(["the loop has stalled"] if self._loop.stalled else [])

    async def _ready(self, _request: web.Request) -> web.Response:
        """200 when the database answers and every platform is connected."""
        wrong = [f"{name} is not connected" for name, up in self._platforms.items() if not up()]
        if self._loop.stalled:
            wrong.append("the loop has stalled")
        try:
            async with self._kith.database.read() as db:
                await storage.outbox.next_due(db, self._now())
        except Exception as error:
            wrong.append(f"the database does not answer ({type(error).__name__})")
        return _said(wrong)

    async def _metrics(self, _request: web.Request) -> web.Response:
        await self._look()
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": TEXT})

    async def _look(self) -> None:
        """Read what is only known when it is asked for."""
        now, app = self._now(), self._kith.app
        async with self._kith.database.read() as db:
            counts = await storage.outbox.counts(db)
            due, _ = await storage.outbox.next_due(db, now)
            moments = await earliest(db, {name: app.features.sweeps[name].next_due for name in app.sweeps})
        for state in STATES:
            self._outbox.labels(state).set(counts.get(state, 0))
        self._waiting.set(_late(due, now))
        for name, moment in moments.items():
            self._lag.labels(name).set(_late(moment, now))
        for name, up in self._platforms.items():
            self._up.labels(name).set(up())
        for key, count in self._kith.pump.results.items():
            self._sends.labels(*key).inc(count - self._told.get(key, 0))
            self._told[key] = count
        self._ticking.set(not self._loop.stalled)
        # The folder may be on a disk that does not answer.
        newest = await asyncio.to_thread(newest_in, self._backups, now) if self._backups is not None else None
        if newest is not None:
            self._copied.set((now - newest).total_seconds())

    def _now(self) -> datetime:
        return self._kith.app.clock.now()


def _late(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment is not None else 0.0


def _said(wrong: list[str]) -> web.Response:
    return web.Response(status=503 if wrong else 200, text="".join(f"{line}\n" for line in wrong or ["ok"]))
