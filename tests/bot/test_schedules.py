"""What recurs is a row: it fires once an occurrence, whatever the clock, a restart or an edit does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import storage.schedule
from bot import schedules
from bot.context import Work
from bot.feature import Feature, Features
from bot.features import ALL
from bot.recurrence import RecurrenceError
from storage.audit import Audit
from storage.schedule import Occurrence, Schedule
from tests.fakes.world import World

FIRED: list[str] = []
NINE = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - wall time


async def fire(work: Work, schedule: Schedule, occurrence: Occurrence) -> None:
    """Note the occurrence; one that should fail does."""
    if schedule.params.get("fails"):
        raise RuntimeError("not today")
    FIRED.append(occurrence.key.split(":", 1)[1])


@pytest.fixture
async def beat(world: World) -> World:
    """A world with a daily schedule at nine in Madrid."""
    FIRED.clear()
    world.app.features = Features((*ALL, Feature(name="beat", schedules={"beat.daily": fire})))
    await keeps(world)
    return world


async def keeps(world: World, **changed: Any) -> Schedule:
    """Make or change the schedule."""
    how: dict[str, Any] = {"zone": "Europe/Madrid", "rule": "FREQ=DAILY", "anchor": NINE} | changed
    return await world.app.work(
        await world.community_id(), lambda work: schedules.keep(work, "beat.daily", "one", **how)
    )


async def again(world: World) -> None:
    """Run the sweep's work once more, as a second process or a late tick would."""
    (row,) = [row for row in await world.rows(Schedule) if row.kind == "beat.daily"]
    await world.app.work(row.community_id, lambda work: schedules.run(work, row.id))


async def test_it_fires_once_a_day_in_its_own_zone(beat: World):
    """It fires at nine by the wall clock, which is eight in UTC, and not a minute before."""
    await beat.until("2026-03-04 07:59")
    assert ["2026-03-03:0"] == FIRED
    await beat.until("2026-03-04 08:00")
    assert ["2026-03-03:0", "2026-03-04:0"] == FIRED


async def test_a_second_run_fires_nothing(beat: World):
    """A second process, or a tick that comes twice, finds everything dealt with."""
    await beat.until("2026-03-04 12:00")
    before = list(FIRED)
    await again(beat)
    assert before == FIRED


async def test_a_clock_that_goes_back_fires_nothing_twice(beat: World):
    """After a step back the same occurrences pass again, silently."""
    await beat.until("2026-03-05 12:00")
    before = list(FIRED)
    beat.clock.set(datetime(2026, 3, 3, 12, tzinfo=UTC))
    await again(beat)
    await beat.until("2026-03-05 12:00")
    assert before == FIRED


async def test_an_edit_keeps_what_was_dealt_with(beat: World):
    """Moving the hour on the same day does not fire that day again before the new hour, nor lose a day."""
    await beat.until("2026-03-03 12:00")
    fired = len(FIRED)
    row = await keeps(beat, anchor=NINE.replace(hour=18))
    assert datetime(2026, 3, 3, 17, tzinfo=UTC) == row.next_at
    await beat.until("2026-03-04 18:00")
    assert 1 <= len(FIRED) - fired <= 2
    assert len(FIRED) == len(set(FIRED))


async def test_what_is_too_late_is_recorded_as_skipped(beat: World):
    """After an outage of three days only the newest occurrence fires; the others are rows, and in the audit log."""
    beat.clock.set(datetime(2026, 3, 5, 9, tzinfo=UTC))
    await beat.delivers()
    assert ["2026-03-05:0"] == FIRED
    rows = [row for row in await beat.rows(Occurrence) if row.schedule_id == (await mine(beat)).id]
    assert 2 == sum(row.status == "skipped" for row in rows)
    skipped = [row for row in await beat.rows(Audit) if row.act == "schedule.skipped"]
    assert 2 <= len(skipped)


async def mine(world: World) -> Schedule:
    """Return the schedule of these tests."""
    (row,) = [row for row in await world.rows(Schedule) if row.kind == "beat.daily"]
    return row


async def test_a_failure_leaves_the_occurrence_for_the_next_try(beat: World):
    """When its handler fails nothing is recorded; once it works, it fires."""
    await keeps(beat, fails=True)
    beat.clock.set(datetime(2026, 3, 3, 8, 30, tzinfo=UTC))
    with pytest.raises(RuntimeError, match="not today"):
        await again(beat)
    assert [] == FIRED
    row = await mine(beat)
    async with beat.database.unit() as db:
        row.params = {}
        db.add(row)
    await again(beat)
    assert FIRED


async def test_a_paused_schedule_waits(beat: World):
    """Paused, it neither fires nor is due."""
    row = await mine(beat)
    async with beat.database.unit() as db:
        row.paused = True
        db.add(row)
    await beat.until("2026-03-05 12:00")
    assert [] == FIRED


async def test_a_rule_that_cannot_be_is_refused(beat: World):
    """A wrong rule or zone raises where it is written, and the old schedule stays."""
    before = (await mine(beat)).rule
    for wrong in ({"rule": "FREQ=NEVER"}, {"zone": "Europe/Nowhere"}):
        with pytest.raises(RecurrenceError):
            await keeps(beat, **wrong)
    assert before == (await mine(beat)).rule


async def test_an_occurrence_is_stored_once(beat: World):
    """The key of an occurrence is unique: who comes second is told."""
    row = await mine(beat)
    one = {"key": f"{row.id}:x", "community_id": row.community_id, "schedule_id": row.id, "due_at": row.cursor}
    async with beat.database.unit() as db:
        assert await storage.schedule.record(db, Occurrence(**one))
        assert not await storage.schedule.record(db, Occurrence(**one))
    assert timedelta(hours=12) == timedelta(seconds=row.late_s)
