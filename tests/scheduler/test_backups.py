"""The daily backup: made once when its time has come, the oldest removed, tried again when it failed."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.clock import MovedClock
from scheduler.backups import Backups, is_due, made_in, name_at, newest_in, save
from scheduler.loop import Loop
from storage.backup import look
from storage.migrate import shipped
from storage.rights import Tombstone
from tests.fakes.post import Post
from tests.fakes.world import World

AT = time(4, 30)
DAWN = datetime(2026, 3, 2, 5, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.fixture
def daily(post: Post, tmp_path: Path) -> Backups:
    """Backups of an installation, on a clock that is moved."""
    assert post.database.path is not None
    return Backups(post.database.path, tmp_path / "backups", AT, 3, MovedClock(DAWN))


async def looks(daily: Backups) -> list[str]:
    """Let the daily look happen to its end; return the names of the backups, newest first."""
    await daily.look()
    await daily.finished()
    return [file.name for _, file in made_in(daily.folder, daily.clock.now())]


async def test_one_a_day(daily: Backups):
    """The first at once, as there is none; then none until half past four, and one after that."""
    assert ["kith-2026-03-02T050000Z.db"] == await looks(daily)
    daily.clock.set(DAWN + timedelta(hours=23))
    assert 1 == len(await looks(daily))
    daily.clock.set(DAWN + timedelta(hours=23, minutes=30))
    assert ["kith-2026-03-03T043000Z.db", "kith-2026-03-02T050000Z.db"] == await looks(daily)
    assert 2 == len(await looks(daily))


async def test_the_oldest_go(daily: Backups):
    """Three are kept; what else lies in the folder is left alone."""
    daily.folder.mkdir()
    (daily.folder / "kith-of-mine.db").write_text("not a backup")
    for day in range(5):
        daily.clock.set(DAWN + timedelta(days=day))
        await looks(daily)
    assert [name_at(DAWN + timedelta(days=day)) for day in (4, 3, 2)] == await looks(daily)
    assert (daily.folder / "kith-of-mine.db").exists()


async def test_a_clock_that_was_wrong_does_no_harm(daily: Backups):
    """Backups of a year that has not come keep no new one from being made, and go before it does."""
    for day in range(3):
        daily.clock.set(datetime(2031, 1, 1 + day, 5, tzinfo=UTC))
        await looks(daily)
    daily.clock.set(DAWN)
    assert "kith-2026-03-02T050000Z.db" == (await looks(daily))[0]
    daily.clock.set(DAWN + timedelta(days=1))
    assert ["kith-2026-03-03T050000Z.db", "kith-2026-03-02T050000Z.db"] == (await looks(daily))[:2]
    assert DAWN + timedelta(days=1) == newest_in(daily.folder, daily.clock.now())


async def test_each_is_whole_and_its_owners_alone(world: World, tmp_path: Path):
    """What is in the folder can be put back, and nobody else can read it."""
    assert world.database.path is not None
    daily = Backups(world.database.path, tmp_path / "backups", AT, 3, world.clock)
    await looks(daily)
    ((_, file),) = made_in(daily.folder, daily.clock.now())
    assert look(file, shipped()) == shipped()[-1]
    assert (0o700, 0o600) == (daily.folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777)


async def test_one_that_failed_is_tried_again_after_an_hour(daily: Backups, monkeypatch: pytest.MonkeyPatch):
    """A full disk removes nothing that was there, and is not tried each minute."""
    await looks(daily)
    tries = []

    def full(*_: object) -> bool:
        tries.append(daily.clock.now())
        raise OSError(28, "No space left on device")

    daily.clock.set(DAWN + timedelta(days=1))
    with monkeypatch.context() as patched:
        patched.setattr("scheduler.backups.copy", full)
        for minutes in (0, 1, 59, 60):
            daily.clock.set(DAWN + timedelta(days=1, minutes=minutes))
            assert ["kith-2026-03-02T050000Z.db"] == await looks(daily)
    assert [0, 60] == [int((at - DAWN - timedelta(days=1)).total_seconds() / 60) for at in tries]
    daily.clock.set(DAWN + timedelta(days=1, hours=2))
    assert 2 == len(await looks(daily))


async def test_the_loop_makes_it(post: Post, daily: Backups, monkeypatch: pytest.MonkeyPatch):
    """A running installation makes one by itself."""
    made, here = asyncio.Event(), asyncio.get_running_loop()

    def told(*args: Any) -> Path:
        done = save(*args)
        here.call_soon_threadsafe(made.set)
        return done

    monkeypatch.setattr("scheduler.backups.save", told)
    loop = Loop(post.app, post.pump, backups=daily)
    loop.start()
    await made.wait()
    await loop.stop()
    assert 1 == len(made_in(daily.folder, daily.clock.now()))


async def test_a_stop_breaks_it_off(post: Post, daily: Backups, monkeypatch: pytest.MonkeyPatch):
    """A large database is not waited for: nothing is left that could be taken for a backup, and no fault is logged."""
    begun, here = asyncio.Event(), asyncio.get_running_loop()
    asked: list[bool] = []

    def slowly(database: Path, folder: Path, now: datetime, keep: int, enough: Callable[[], bool]) -> Path:
        here.call_soon_threadsafe(begun.set)
        while not enough():
            sleep(0.001)
        return save(database, folder, now, keep, lambda: bool(asked.append(True)) or enough())

    async with post.database.unit() as db:
        for number in range(2000):
            db.add(Tombstone(community_id="c", digest=f"digest {number}"))
    monkeypatch.setattr("scheduler.backups.save", slowly)
    await daily.look()
    await begun.wait()
    with capture_logs() as logged:
        await daily.stop()
    assert ([], []) == (made_in(daily.folder, daily.clock.now()), logged)
    assert asked


@given(moments, st.lists(moments, max_size=3), st.times())
def test_due_means_none_since_the_last_time(now: datetime, made: list[datetime], at: time):
    """Held against walking back minute by minute from now to the last time it was `at` o'clock."""
    made = [moment for moment in made if moment <= now]
    at = at.replace(second=0, microsecond=0)
    walk = now.replace(second=0, microsecond=0)
    while walk.time() != at:
        walk -= timedelta(minutes=1)
    assert is_due(now, max(made, default=None), at) == (not any(moment >= walk for moment in made))


async def test_two_in_one_second_are_one(post: Post, tmp_path: Path):
    """`kith backup` right after the daily one replaces it, whole by whole."""
    assert post.database.path is not None
    one = save(post.database.path, tmp_path / "b", DAWN, 7)
    assert one == save(post.database.path, tmp_path / "b", DAWN, 7)
    assert [one.name] == os.listdir(tmp_path / "b")
