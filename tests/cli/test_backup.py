"""`kith backup` and `kith restore`, as whoever runs an installation uses them."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from storage.engine import Database
from storage.keys import SEALING, folder_of
from tests.fakes.world import World, key, save


@pytest.fixture
def installed(tmp_path: Path, coffee_world) -> Path:
    """An installation in the working directory, stopped."""
    folder = tmp_path / "kith-data"
    folder.mkdir()
    shutil.copy(coffee_world.file, folder / "kith.db")
    return folder


def only(folder: Path) -> Path:
    """Return the only file of a folder."""
    (file,) = folder.iterdir()
    return file


def test_a_backup_goes_where_the_daily_ones_are(kith, installed: Path):
    """Without a name it is dated; the line says where it is, and what is not in it."""
    done = kith("backup")
    file = only(installed / "backups")
    assert (0, True) == (done.code, f"{Path('kith-data/backups') / file.name}: " in done.out)
    assert "The keys are not in it" in done.out


def test_it_is_made_while_kith_runs(kith, installed: Path):
    """The process that has the database is not in its way."""

    async def held() -> None:
        database = await Database.open(installed / "kith.db")
        try:
            done = await asyncio.to_thread(kith, "backup", "copy.db")
        finally:
            await database.close()
        assert 0 == done.code

    asyncio.run(held())


def test_lost_and_put_back(kith, installed: Path):
    """The database is gone; the backup takes its place, and doctor finds everything in order."""
    assert 0 == kith("backup", "copy.db").code
    for file in installed.glob("kith.db*"):
        file.unlink()
    done = kith("restore", "copy.db")
    assert (0, "") == (done.code, done.err)
    assert "restored from copy.db" in done.out
    assert "in doubt now" in done.out
    assert "who was forgotten or kept apart since has to be so again" in done.out
    assert "up to date" in kith("migrate", "--check").out


def test_what_stands_is_not_overwritten(kith, installed: Path):
    """Neither a backup of that name nor a database: a line says what to do, and nothing was changed."""
    kith("backup", "copy.db")
    again, back = kith("backup", "copy.db"), kith("restore", "copy.db")
    assert (1, 1) == (again.code, back.code)
    assert "there is a file already" in again.err
    assert "Stop Kith and move it away" in back.err


def test_a_running_installation_is_not_restored_over(kith, installed: Path):
    """The lock of the process that runs is respected, also when its file was moved away."""
    kith("backup", "copy.db")

    def move_away() -> None:
        for file in installed.glob("kith.db*"):
            if not file.name.endswith(".lock"):
                file.rename(installed / f"away-{file.name}")

    async def held() -> None:
        database = await Database.open(installed / "kith.db")
        try:
            move_away()
            done = await asyncio.to_thread(kith, "restore", "copy.db")
        finally:
            await database.close()
        assert (1, True) == (done.code, "in use by process" in done.err)

    asyncio.run(held())


def test_a_missing_key_is_said(kith, installed: Path, tmp_path: Path):
    """Restored where the keys are not: words cannot be read until the file is back, and that is the exit code too."""

    async def writes(world: World) -> None:
        asked = await world.says("ana", "/report")
        answers = {"text": "They write at night.", "kind": "boundaries", "urgency": "soon", "mode": "named"}
        assert "report.filed" == key(await world.submits("ana", asked, answers | {"about": "bea"}))

    sealed = save(tmp_path / "sealed" / "kith.db", writes)
    assert (folder_of(sealed.file) / SEALING).exists()
    shutil.copy(sealed.file, installed / "kith.db")
    kith("backup", "copy.db")
    for file in installed.glob("kith.db*"):
        file.unlink()
    done = kith("restore", "copy.db")
    assert (1, True) == (done.code, "Put the file back from where you keep it" in done.out)


def test_doctor_misses_a_backup(kith, installed: Path, tmp_path: Path):
    """None yet, or an old one, is a line with its cure; a new one is fine; where none is wanted, nothing is said."""
    assert "backups: there is none" in kith("doctor").out
    kith("backup")
    assert "ok   backups: the newest in" in kith("doctor").out
    file = only(installed / "backups")
    file.rename(file.with_name("kith-2026-01-01T043000Z.db"))
    assert "the newest is of 2026-01-01 04:30 UTC" in kith("doctor").out
    (tmp_path / "config.toml").write_text("[backup]\ndaily = false\n")
    assert "backups" not in kith("doctor").out
