"""Two worlds that differ only in who wrote which note cannot be told apart by anything that remains."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from storage.keys import Keys, folder_of
from storage.member import Member
from tests.anonymity.life import Day, Deed, Life, everything, living, plan, with_other_authors
from tests.fakes.world import NAMES, Saved

MEMBERS = (*NAMES, *(f"more{number:02d}" for number in range(28)))

NAMED_IN = {
    "member": "it is the member",
    "identity": "their accounts",
    "kudos": "who thanked whom, which everybody can read",
    "outbox": "messages to them: here, that they were thanked",
    "audit": "what coordinators and moderators did",
}
"""Tables in which a member's id may stand, and why. None of feedback is among them."""


def busy_days() -> list[Day]:
    """Return three days with notes of both kinds, kudos, and everything that can be done with a receipt."""
    days = plan(MEMBERS, days=3, notes_a_day=12, kudos_a_day=4, seed=5)
    for day, before in zip(days[1:], days, strict=False):
        old = [deed for deed in before.deeds if deed.what == "note"]
        later = day.start + timedelta(hours=20)
        more = [
            Deed(later, old[0].who, "look", old[0].number),
            Deed(later + timedelta(minutes=3), old[1].who, "add", old[1].number),
            Deed(later + timedelta(minutes=5), old[2].who, "withdraw", old[2].number),
            Deed(later + timedelta(minutes=7), old[3].who, "wrong", old[3].number),
            Deed(later + timedelta(minutes=9), old[4].who, "mistake", old[4].number),
        ]
        day.deeds = sorted([*day.deeds, *more], key=lambda deed: deed.at)
    return days


class Remains(NamedTuple):
    """What is left of a world: tables of the database and of a backup, file names, log lines, every byte."""

    tables: dict[str, list[tuple[Any, ...]]]
    backup: dict[str, list[tuple[Any, ...]]]
    files: list[str]
    log: str
    data: bytes
    members: list[str]
    days: list[Day]


def remains(life: Life, days: list[Day], members: list[str]) -> Remains:
    """Gather everything that an attacker could carry away."""
    keys = Keys(folder_of(life.file))
    copied = life.backup()
    files = sorted(str(file.relative_to(life.folder)) for file in life.folder.rglob("*") if file.is_file())
    data = b"".join(file.read_bytes() for file in sorted(life.folder.rglob("*")) if file.is_file())
    lines = re.sub(r"^\S+ ", "", life.log.getvalue(), flags=re.MULTILINE)  # each begins with the machine's own time
    return Remains(everything(life.file, keys), everything(copied, keys), files, lines, data, members, days)


async def lived(saved: Saved, folder: Path, days: list[Day]) -> Remains:
    """Live through the days with a crash among them, and return what remains while the process still runs."""
    async with living(saved, folder, MEMBERS) as life:
        await life.lives(days, crash_after=20)
        async with life.kith.database.read() as db:
            from sqlmodel import select

            members = list(await db.exec(select(Member.id)))
        return remains(life, days, members)


@pytest.fixture(scope="module")
def twins(founded_world: Saved, tmp_path_factory: pytest.TempPathFactory) -> tuple[Remains, Remains]:
    """Two worlds: the same deeds at the same moments, every note by somebody else."""
    import asyncio

    days, folder = busy_days(), tmp_path_factory.mktemp("twins")
    others = with_other_authors(days, MEMBERS, seed=6)
    assert [deed.who for day in days for deed in day.deeds] != [deed.who for day in others for deed in day.deeds]
    first = asyncio.run(lived(founded_world, folder / "first", days))
    return first, asyncio.run(lived(founded_world, folder / "second", others))


def test_every_table_is_the_same(twins: tuple[Remains, Remains]):
    """Row by row, column by column, with hidden row numbers, once what is random by design is taken out."""
    first, second = twins
    assert first.tables.keys() == second.tables.keys()
    assert {} == {table: rows for table, rows in first.tables.items() if rows != second.tables[table]}
    assert 36 == len(first.tables["feedback_note"])
    assert len(first.tables["feedback_message"]) > 0


def test_every_backup_is_the_same(twins: tuple[Remains, Remains]):
    """A copy made as Kith makes it holds what the database holds, and no more."""
    assert twins[0].backup == twins[1].backup == twins[0].tables


def test_every_file_is_there_in_both(twins: tuple[Remains, Remains]):
    """No file of one is missing in the other: databases, logs, and the keys of the same weeks."""
    assert twins[0].files == twins[1].files
    assert ["kith.keys/sealing.key", "kith.keys/week-2026-W10.key"] == [
        name for name in twins[0].files if "keys/" in name
    ]


def test_every_log_line_is_the_same(twins: tuple[Remains, Remains]):
    """At debug level, through three days and a crash."""
    assert twins[0].log == twins[1].log


def test_metrics_are_the_same(twins: tuple[Remains, Remains]):
    """Kith keeps no figures outside its tables; what coordinators are shown is counted from rows that are the same."""
    status = {table: len(rows) for table, rows in twins[0].tables.items()}
    assert status == {table: len(rows) for table, rows in twins[1].tables.items()}


def test_members_are_named_only_where_it_is_explained(twins: tuple[Remains, Remains]):
    """No member's id and no account stands in a table of feedback, nor anywhere that NAMED_IN does not explain."""
    first, _ = twins
    words = (*first.members, *MEMBERS)
    naming = {
        table
        for table, rows in first.tables.items()
        if any(isinstance(value, str) and word in value for row in rows for value in row for word in words)
    }
    assert set() == naming - NAMED_IN.keys()


def test_the_moment_of_a_sensitive_act_stands_nowhere(twins: tuple[Remains, Remains]):
    """Not to the minute, in no byte of the database, its log, the backup, the keys, nor in a log line."""
    for world in twins:
        other = {f"{deed.at:%Y-%m-%dT%H:%M}" for day in world.days for deed in day.deeds if deed.what == "kudos"}
        mine = {f"{deed.at:%Y-%m-%dT%H:%M}" for day in world.days for deed in day.deeds if deed.what != "kudos"}
        assert len(mine - other) > 30
        assert [] == [moment for moment in mine - other if moment.encode() in world.data or moment in world.log]


def test_no_word_of_a_note_is_readable(twins: tuple[Remains, Remains]):
    """What members wrote is sealed in every file."""
    for world in twins:
        assert b"is what I would like to say" not in world.data
        assert b"And one thing more" not in world.data
        assert b"for the help in the garden" in world.data


def test_the_comparison_can_see_a_difference(twins: tuple[Remains, Remains]):
    """Were a single member's id stored with a note, the two worlds would differ: the test is not blind."""
    first, second = twins
    for world, who in ((first, first.members[0]), (second, second.members[1])):
        world.tables["feedback_note"][0] = (*world.tables["feedback_note"][0], who)
    try:
        assert first.tables["feedback_note"] != second.tables["feedback_note"]
    finally:
        for world in twins:
            world.tables["feedback_note"][0] = world.tables["feedback_note"][0][:-1]


@pytest.mark.skipif("KITH_POSTGRES_URL" not in os.environ, reason="no PostgreSQL: set KITH_POSTGRES_URL to a server")
def test_twins_on_postgresql():
    """The same on a server."""
    pytest.skip("this version of Kith runs on SQLite alone")


# -- what coordinators see before and after one note


async def test_one_note_more_changes_nothing_that_anybody_sees(founded_world: Saved, tmp_path: Path):
    """Subtraction: what coordinators and moderators can ask is the same before and after, until the next batch."""
    async with living(founded_world, tmp_path / "one", MEMBERS) as life:
        (day,) = plan(MEMBERS, days=1, notes_a_day=5, kudos_a_day=0, seed=1)
        await life.lives([day])

        async def asked() -> list[str]:
            told = []
            for who, line in (("vera", "/coord feedback list"), ("vera", "/coord status"), ("max", "/mod notes")):
                reply = await life.kith.app.handle(life.town.command(who, line, "general"))
                told.append(str(reply))
            return told

        before = await asked()
        await life.does(Deed(life.clock.now(), "ana", "note", 77))
        assert before == await asked()
        await life.does(Deed(life.clock.now(), "bea", "note", 78))
        await life.does(Deed(life.clock.now(), "chen", "note", 79))
        await life.kith.advance(day.end + timedelta(days=1))
        assert before != await asked()
