"""Time in steps, for a clock that is moved by hand: the playground, `kith simulate` and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import storage.outbox
from bot.app import App
from bot.clock import MovedClock
from scheduler.pump import Pump
from storage.moments import earliest

ROUNDS = 100
"""So many batches of one sweep at one moment: something never gets done."""

DELIVERIES = 10_000
"""So many batches of the outbox at one moment: something never gets sent."""


class NeverDone(RuntimeError):
    """Something stays due however often it is dealt with; the message names it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What is left when nothing more can be done now: rows `handled`, when the next thing falls due, later than now.

    `stuck` maps a sweep to since when it leaves a row due.
    """

    handled: int
    coming: datetime | None
    stuck: Mapping[str, datetime]

    def next(self) -> datetime | None:
        """Return `coming`. Raises `NeverDone` when a sweep still has something due."""
        for name, since in self.stuck.items():
            raise NeverDone(f"the sweep {name!r} leaves a row due since {since:%Y-%m-%d %H:%M:%S} UTC")
        return self.coming


async def settle(app: App, pump: Pump) -> Settled:
    """Run sweeps and pump until nothing can be done now. Raises `NeverDone`."""
    handled = 0
    rounds: Counter[str] = Counter()
    for _ in range(DELIVERIES):
        agenda = await _look(app)
        moved = 0
        for name in agenda.due:
            moved += await app.sweep(name)
            rounds[name] += 1
            if rounds[name] > ROUNDS:
                raise NeverDone(f"the sweep {name!r} leaves its rows due: {ROUNDS} batches at one moment")
        if agenda.outbox:
            moved += await pump.once()
        handled += moved
        if not moved:
            return Settled(handled, agenda.coming, agenda.due)
    raise NeverDone(f"the outbox leaves its rows due: {DELIVERIES} batches at {app.clock.now():%Y-%m-%d %H:%M} UTC")


async def run_due(app: App, pump: Pump) -> int:
    """Run sweeps and pump until nothing can be done now; return how many rows were handled. Raises `NeverDone`."""
    return (await settle(app, pump)).handled


@dataclass(frozen=True, slots=True)
class _Agenda:
    """One look at everything: sweeps with something due and since when, whether the outbox has, and what comes next."""

    due: Mapping[str, datetime]
    outbox: bool
    coming: datetime | None


async def _look(app: App) -> _Agenda:
    now = app.clock.now()
    async with app.database.read() as db:
        moments = await earliest(db, {name: app.features.sweeps[name].next_due for name in app.sweeps})
        platforms = list(app.platforms)
        first, later = await storage.outbox.next_due(db, now, platforms=platforms)
    known = {name: moment for name, moment in moments.items() if moment is not None}
    coming = [moment for moment in (*known.values(), later) if moment is not None and moment > now]
    due = {name: moment for name, moment in known.items() if moment <= now}
    return _Agenda(due, first is not None and first <= now, min(coming, default=None))


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
        settled = await settle(app, pump)
        handled += settled.handled
        if settled.handled and on_step is not None:
            await on_step(clock.now())
            continue
        coming = settled.next()
        if coming is None or coming > until:
            break
        clock.set(coming)
    if clock.now() < until:
        clock.set(until)
    return handled


async def next_due(app: App) -> datetime | None:
    """Return when the next thing falls due, later than now: a sweep's row or an outbox row. Call `run_due` first.

    Raises `NeverDone` when a sweep still has something due.
    """
    agenda = await _look(app)
    return Settled(0, agenda.coming, agenda.due).next()
