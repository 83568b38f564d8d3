"""Time in steps, for a clock that is moved by hand: the playground, `kith simulate` and tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import storage.outbox
from bot.app import App
from bot.clock import MovedClock
from scheduler.pump import Pump
from storage.engine import Database

ROUNDS = 100
"""So many batches of one sweep, or rounds of everything, at one moment: something never gets done."""

DELIVERIES = 10_000
"""So many batches of the outbox at one moment: something never gets sent."""


class NeverDone(RuntimeError):
    """Something stays due however often it is dealt with; the message names it."""


async def run_due(app: App, pump: Pump) -> int:
    """Run sweeps and pump until nothing is due now; return how many rows were handled. Raises `NeverDone`."""
    handled = 0
    for _ in range(ROUNDS):
        moved = sum([await _drained(f"the sweep {name!r}", partial(app.sweep, name), ROUNDS) for name in app.sweeps])
        moved += await _drained("the outbox", pump.once, DELIVERIES)
        handled += moved
        if not moved:
            return handled
    raise NeverDone(f"sweeps and outbox keep each other busy: {ROUNDS} rounds at {app.clock.now():%Y-%m-%d %H:%M} UTC")


async def _drained(what: str, batch: Callable[[], Awaitable[int]], most: int) -> int:
    """Run batches until one has nothing to do; return how many rows they had."""
    handled = 0
    for _ in range(most):
        moved = await batch()
        if not moved:
            return handled
        handled += moved
    raise NeverDone(f"{what} leaves its rows due: {handled} rows in {most} batches at one moment")


async def advance(
    app: App,
    pump: Pump,
    clock: MovedClock,
    until: datetime,
    on_step: Callable[[datetime], Awaitable[None]] | None = None,
) -> int:
    """Move the clock from one due item to the next up to `until` (aware), dealing with each; return the rows handled.

    `on_step` is called with the moment after each stop at which something was handled, and may make more fall due. The
    clock ends at `until`, unless that has passed already. Raises `NeverDone`.
    """
    handled = 0
    while True:
        while moved := await run_due(app, pump):
            handled += moved
            if on_step is not None:
                await on_step(clock.now())
        coming = await next_due(app, app.database)
        if coming is None or coming > until:
            break
        clock.set(coming)
    if clock.now() < until:
        clock.set(until)
    return handled


async def next_due(app: App, database: Database) -> datetime | None:
    """Return when the next thing falls due, later than now: a sweep's row or an outbox row. Call `run_due` first.

    Raises `NeverDone` when a sweep still has something due.
    """
    now = app.clock.now()
    async with database.read() as db:
        coming = [await storage.outbox.next_due(db, after=now, platforms=list(app.platforms))]
        for name in app.sweeps:
            moment = await app.features.sweeps[name].next_due(db)
            if moment is not None and moment <= now:
                raise NeverDone(f"the sweep {name!r} leaves a row due since {moment:%Y-%m-%d %H:%M:%S} UTC")
            coming.append(moment)
    return min((moment for moment in coming if moment is not None), default=None)
