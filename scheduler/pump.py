"""Delivers what is due: claims rows, makes the calls outside any transaction, marks what came of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Protocol, TypeVar

import structlog

import storage.outbox
from bot import merging
from bot.chat.platform import Forbidden, Platform, SendFailed, Transient, Unreachable
from bot.clock import Clock, Ids
from bot.delivery import CALL, Deliver, Instead, NotYet, Prepared, act, find, in_doubt, prepare, without_history
from bot.feature import Features
from bot.outcome import Outcome, record
from scheduler.pacing import PACES, Breaker, Pace, Pacing
from storage.db import Db
from storage.engine import Conflict, Database
from storage.outbox import DEAD, SKIPPED, Outbox

log = structlog.get_logger()
T = TypeVar("T")

LEASE = timedelta(seconds=30)
"""Longer than a look at the history and a call together, with time to mark the row."""

BATCH = 16
TRIES = 5
NO_PLATFORM = timedelta(minutes=1)


class Installation(Protocol):
    """The part of the app that the pump needs."""

    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def ids(self) -> Ids: ...
    @property
    def features(self) -> Features: ...
    @property
    def platforms(self) -> Mapping[str, Platform]: ...


@dataclass(frozen=True, slots=True)
class _Done:
    """A row with the call that was (or would have been) made and what came of it."""

    row: Outbox
    call: Deliver | None
    outcome: Outcome


class Pump:
    """Delivers outbox rows of the platforms that are connected.

    `owner` names this process in leases; `batch` rows are called at once. A crash at any point leaves a lease that runs
    out, and a row that is looked at as one that may have been sent.
    """

    def __init__(
        self,
        app: Installation,
        *,
        owner: str,
        lease: timedelta = LEASE,
        batch: int = BATCH,
        paces: Mapping[str, Pace] = PACES,
        call_timeout: timedelta = CALL,
    ) -> None:
        if lease <= 2 * call_timeout:
            raise ValueError(f"a lease of {lease} can run out while two calls of {call_timeout} are under way")
        self._app = app
        self._owner = owner
        self._lease = lease
        self._batch = batch
        self._timeout = call_timeout.total_seconds()
        self._pacing = Pacing(paces)
        self._turn = asyncio.Lock()
        self.breaker = Breaker(paces)
        self.results: Counter[tuple[str, str]] = Counter()
        """(Platform, what came of it) -> how many calls since the start."""

    @property
    def platforms(self) -> Collection[str]:
        """Names of the platforms that can be called now."""
        stopped, _ = self.breaker.stopped(self._app.clock.now())
        return [name for name in self._app.platforms if name not in stopped]

    async def once(self) -> int:
        """Deal with one batch of what is due and return how many rows it had; 0 when nothing can be done now."""
        async with self._turn:
            rows = await self._write(self._claim)
            if rows:
                await self._deliver(rows)
                self._pacing.forget_idle(self._app.clock.now())
            return len(rows)

    async def _claim(self, db: Db) -> list[Outbox]:
        now = self._app.clock.now()
        _, spaces = self.breaker.stopped(now)
        rows = await storage.outbox.claim(
            db, now, owner=self._owner, lease_until=now + self._lease, limit=self._batch, platforms=self.platforms,
            without=spaces,
        )  # fmt: skip
        await merging.absorb(db, rows, now)
        return rows

    async def _deliver(self, rows: list[Outbox]) -> None:
        async with self._app.database.read() as db:
            loaded = await storage.outbox.load(db, rows)
            prepared = [(row, await self._prepare(db, row)) for row in rows]
            del loaded  # a transaction forgets what nobody holds
        settled = [_Done(row, None, what) for row, what in prepared if not isinstance(what, Deliver)]
        calls = {asyncio.create_task(self._try(row, what)) for row, what in prepared if isinstance(what, Deliver)}
        try:
            if settled:
                await self._mark(settled)
            while calls:
                done, calls = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
                await self._mark([task.result() for task in done])
        finally:
            for task in calls:
                task.cancel()

    async def _prepare(self, db: Db, row: Outbox) -> Prepared:
        try:
            what = await prepare(db, row, self._app.features, self._app.clock.now())
        except Exception as error:
            log.error("delivery.unprepared", row=row.id, message=row.message, error=type(error).__name__)
            return Instead(DEAD, f"broken:{type(error).__name__}")
        if not isinstance(what, Deliver):
            return what
        now = self._app.clock.now()
        if what.platform not in self.platforms:
            return NotYet(now + NO_PLATFORM, "not_connected", behind=True)
        later = self._pacing.take(what, now)
        return NotYet(later, "paced", behind=True) if later is not None else what

    async def _try(self, row: Outbox, call: Deliver) -> _Done:
        """Make the call, settling first whether it was made before."""
        platform = self._app.platforms[call.platform]
        doubt = in_doubt(row, platform.capabilities, self._app.clock.now())
        if doubt == "find":
            try:
                found = await self._answer(find(platform, call, row))
            except (Forbidden, Unreachable) as refused:
                if isinstance(refused, Forbidden) and refused.stop:
                    return _Done(row, call, refused)
                doubt = without_history(row)
            except SendFailed as failed:
                return _Done(row, call, failed)
            else:
                if found is not None:
                    return _Done(row, call, found)
        if doubt == "skip":
            return _Done(row, call, Instead(SKIPPED, "in_doubt"))
        try:
            sent = await self._answer(act(platform, call))
        except SendFailed as failed:
            return _Done(row, call, failed)
        return _Done(row, call, replace(sent, certain=doubt != "repeat"))

    async def _mark(self, done: list[_Done]) -> None:
        """Mark what is done in one short unit, and stop what has to be stopped."""
        now = self._app.clock.now()
        for one in done:
            if one.call is not None:
                self.results[one.call.platform, type(one.outcome).__name__.lower()] += 1
            if one.call is not None and isinstance(one.outcome, SendFailed):
                log.info("delivery.failed", row=one.row.id, kind=type(one.outcome).__name__, code=one.outcome.code)
                if self.breaker.note(one.call, one.outcome, now):
                    log.error("platform.stopped", platform=one.call.platform, code=one.outcome.code)
        await self._write(partial(self._marked, done=done))

    async def _marked(self, db: Db, done: list[_Done]) -> None:
        now = self._app.clock.now()
        held = await storage.outbox.held_by(db, [one.row.id for one in done], self._owner)
        for one in done:
            row = held.get(one.row.id)
            if row is None:
                log.warning("delivery.lease_lost", row=one.row.id)
                continue
            await record(db, row, one.call, one.outcome, now, self._app.ids)

    async def _write(self, work: Callable[[Db], Awaitable[T]]) -> T:
        for _ in range(TRIES - 1):
            try:
                return await self._app.database.write(work)
            except Conflict:
                continue
        return await self._app.database.write(work)

    async def _answer(self, call: Awaitable[T]) -> T:
        """Await a platform's answer, but not for ever. Raises `SendFailed` only."""
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except TimeoutError:
            raise Transient("timeout", doubtful=True) from None
        except SendFailed:
            raise
        except Exception as error:
            log.error("platform.broke_its_promise", error=type(error).__name__)
            raise Transient(f"unexpected:{type(error).__name__}", doubtful=True) from error
