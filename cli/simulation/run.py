"""One simulation from end to end, on a database of its own that is removed at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import MovedClock, SeededIds
from bot.context import Work
from bot.features.programme.files import apply, bring_in
from bot.programme.file import ProgrammeFile
from bot.recurrence import to_utc, to_wall
from bot.roster import Roster
from bot.worker import InlineWorker
from cli.acting import Stage, only_community, set_up
from cli.compose import Kith, assemble
from cli.simulation.cast import COORDINATOR, JOINING, NAME, RecordingTown, build, first_round, personas
from cli.simulation.figures import collect, figures
from cli.simulation.life import LOOKS_EVERY, WEEK, Life, Line

LAST_MINUTE = timedelta(minutes=1)
"""The run ends just before a round that would begin after its last week."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a run gives: its figures (JSON values) and its story; `begin` is the first round."""

    figures: dict[str, Any]
    story: list[Line]
    begin: datetime


async def simulate(
    file: ProgrammeFile,
    roster: Roster,
    *,
    weeks: int,
    seed: int,
    progress: Callable[[float], None],
    looks_every: timedelta = LOOKS_EVERY,
) -> Simulated:
    """Run the programme for so many weeks after its first round. Equal arguments give equal results.

    `progress` is called with the share of the time that has passed, 0 to 1. What falls due is looked at each
    `looks_every`, which divides a day. A sweep that fails raises.
    """
    begin = first_round(file)
    opening = begin - JOINING
    end = to_utc(to_wall(begin, file.timezone) + weeks * WEEK, file.timezone) - LAST_MINUTE
    clock = MovedClock(opening)
    town = RecordingTown(clock, seed)
    cast = personas(roster, seed, weeks)
    build(town, cast)
    with tempfile.TemporaryDirectory(prefix="kith-simulate-") as folder:
        async with assemble(
            Path(folder) / "kith.db", clock=clock, ids=SeededIds(seed), worker=InlineWorker(), platforms=(town,),
            patience=None, strict=True, thrown_away=True,
        ) as kith:  # fmt: skip
            community, programme = await _found(kith, town, file, roster)
            life = Life(kith, clock, town, cast, {row.handle: row for row in roster.rows}, end, file, looks_every)
            life.plan()
            await life.live(lambda now: progress((now - opening) / (end - opening)))
            records = await collect(kith.database, community, programme)
    asked = {"programme": file.slug, "roster": len(roster.rows), "seed": seed, "opened": opening.isoformat(),
             "first_round": begin.isoformat()}  # fmt: skip
    return Simulated(asked | figures(records, life, begin, weeks), life.story, begin)


async def _found(kith: Kith, town: RecordingTown, file: ProgrammeFile, roster: Roster) -> tuple[str, str]:
    """Set the community up, apply the programme, import the roster; return the ids of community and programme."""
    await set_up(Stage(kith.app, town), COORDINATOR, name=NAME, language=file.language, zone=file.timezone)
    community = await only_community(kith.database)

    async def bring(work: Work) -> str:
        programme = await apply(work, file)
        await bring_in(work, roster, programme)
        return programme.id

    return community, await kith.app.work(community, bring)
