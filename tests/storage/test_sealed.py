"""Words that are encrypted in the file: readable with the key, by nobody without it, and never by half."""

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

import storage.sealed
from storage.engine import Database
from storage.feedback import FeedbackNote
from storage.keys import SEALING, KeyLost, Keys, key_name
from tests.fakes.rows import fill

WORDS = "The mill by the river is closed on Mondays."


@pytest.fixture(autouse=True)
def tables(migrated_file: Path, tmp_path: Path) -> None:
    """A database that has its tables already."""
    shutil.copy(migrated_file, tmp_path / "kith.db")


async def written(path: Path) -> None:
    """Store one row in every table, a note that says WORDS among them."""
    database = await Database.open(path)
    async with database.unit() as db:
        rows = await fill(db, "one")
        rows["feedback_note"].text = WORDS
        db.add(rows["feedback_note"])
    await database.settle()
    await database.close()


def path_bytes(folder: Path) -> bytes:
    """Return all that lies in the database's files."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob("kith.db*")))


async def texts(path: Path) -> list[str]:
    """Return what the notes say."""
    database = await Database.open(path)
    try:
        async with database.read() as db:
            return [note.text for note in await db.exec(select(FeedbackNote))]
    finally:
        await database.close()


def raw(path: Path, sql: str) -> list[str]:
    """Return the first column of a query, past Kith; what it changes stays."""
    with closing(sqlite3.connect(path)) as db, db:
        return [row[0] for row in db.execute(sql).fetchall()]


async def test_words_are_plain_to_who_holds_the_key_and_nowhere_in_the_file(tmp_path: Path):
    """They come back as they were; neither the file nor its log holds them; the same words look different twice."""
    await written(tmp_path / "kith.db")
    assert [WORDS] == await texts(tmp_path / "kith.db")
    assert WORDS.encode() not in path_bytes(tmp_path)
    keys = Keys(tmp_path / "kith.keys")
    assert keys.seal(WORDS) != keys.seal(WORDS)


async def test_only_the_owner_can_read_the_key(tmp_path: Path):
    """The folder is 0700, the key in it 0600, and nothing else lies there."""
    await written(tmp_path / "kith.db")
    folder = tmp_path / "kith.keys"
    assert [SEALING] == [file.name for file in folder.iterdir()]
    assert [0o700, 0o600] == [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / SEALING)]


async def test_without_the_key_nothing_is_read_and_nothing_new_is_sealed(tmp_path: Path):
    """A lost key is never silently replaced: that would make two halves of which one can never be read."""
    await written(tmp_path / "kith.db")
    (tmp_path / "kith.keys" / SEALING).unlink()
    database = await Database.open(tmp_path / "kith.db")
    assert "is missing or damaged" in database.keys.wrong
    with pytest.raises(KeyLost):
        async with database.read() as db:
            list(await db.exec(select(FeedbackNote)))
    with pytest.raises(KeyLost):
        database.keys.seal("something new")
    await database.close()
    assert [] == list((tmp_path / "kith.keys").iterdir())


async def test_another_key_is_told_from_ours(tmp_path: Path):
    """A key file of another installation opens nothing and seals nothing."""
    await written(tmp_path / "kith.db")
    (tmp_path / "kith.keys" / SEALING).unlink()
    Keys(tmp_path / "kith.keys").seal("makes another key")
    database = await Database.open(tmp_path / "kith.db")
    assert "is not the key" in database.keys.wrong
    with pytest.raises(KeyLost):
        database.keys.seal("something new")
    await database.close()


async def test_a_key_that_came_back_opens_everything(tmp_path: Path):
    """Putting the file back is the whole cure."""
    await written(tmp_path / "kith.db")
    key = tmp_path / "kith.keys" / SEALING
    kept = key.read_bytes()
    key.unlink()
    await (await Database.open(tmp_path / "kith.db")).close()
    key.write_bytes(kept)
    assert [WORDS] == await texts(tmp_path / "kith.db")


async def test_who_gives_up_what_was_sealed_can_begin_anew(tmp_path: Path):
    """With every sealed column emptied, a new key is made; the rows stay."""
    await written(tmp_path / "kith.db")
    full = sum(
        int(*raw(tmp_path / "kith.db", f"SELECT count(*) FROM {column.table.name} WHERE {column.name} <> ''"))
        for column in storage.sealed.columns()
    )
    (tmp_path / "kith.keys" / SEALING).unlink()
    database = await Database.open(tmp_path / "kith.db")
    async with database.unit() as db:
        assert full >= 7
        assert full == await storage.sealed.empty_all(db)
    database.keys.renew()
    assert "" == database.keys.wrong
    await database.close()
    await written_again(tmp_path / "kith.db")
    assert [WORDS] == await texts(tmp_path / "kith.db")


async def written_again(path: Path) -> None:
    """Let the note that is there say WORDS again."""
    database = await Database.open(path)
    async with database.unit() as db:
        (note,) = await db.exec(select(FeedbackNote))
        note.text = WORDS
        db.add(note)
    await database.close()


async def test_changed_words_do_not_open(tmp_path: Path):
    """Somebody who can write the file but has no key cannot change a word unnoticed."""
    await written(tmp_path / "kith.db")
    (stored,) = raw(tmp_path / "kith.db", "select text from feedback_note")
    changed = stored[:-4] + ("AAA=" if not stored.endswith("AAA=") else "BBB=")
    raw(tmp_path / "kith.db", f"update feedback_note set text = '{changed}'")
    with pytest.raises(KeyLost, match="changed"):
        await texts(tmp_path / "kith.db")


def test_no_words_need_no_key(tmp_path: Path):
    """Empty words are stored as they are, and no key is made for them."""
    keys = Keys(tmp_path / "keys")
    assert ("", "") == (keys.seal(""), keys.unseal(""))
    assert not (tmp_path / "keys").exists()


def test_a_weeks_key_is_made_once_and_destroyed_for_good(tmp_path: Path):
    """It is the same for the whole week and after a restart; destroyed, no file of it is left and a new one differs."""
    keys = Keys(tmp_path / "keys")
    key = keys.of_week("2026-W10")
    assert key == keys.of_week("2026-W10") == Keys(tmp_path / "keys").of_week("2026-W10")
    assert {"2026-W10": key} == keys.weeks()
    keys.destroy("2026-W10")
    keys.destroy("2026-W10")
    assert ([], {}) == (list((tmp_path / "keys").iterdir()), keys.weeks())
    assert key != keys.of_week("2026-W10")


def test_a_key_says_nothing_by_its_name(tmp_path: Path):
    """What stands in front of sealed words names the key by a hash, and is not part of it."""
    keys = Keys(tmp_path / "keys")
    name = key_name(keys.seal(WORDS))
    assert 12 == len(name)
    assert name not in (tmp_path / "keys" / SEALING).read_text()


async def test_the_log_beside_the_file_is_emptied(tmp_path: Path):
    """After settling, what was erased is neither in the file nor in its log; a reader only puts it off."""
    path = tmp_path / "kith.db"
    database = await Database.open(path)
    async with database.unit() as db:
        rows = await fill(db, "one")
        rows["kudos"].reason = WORDS
        db.add(rows["kudos"])
    async with database.unit() as db:
        rows["kudos"].reason = ""
        db.add(rows["kudos"])
    log = path.with_name("kith.db-wal")
    assert WORDS.encode() in log.read_bytes()
    async with database.read() as db:
        await db.exec(select(FeedbackNote.id))
        assert await database.settle() in (True, False)
    assert await database.settle()
    assert 0 == log.stat().st_size
    assert WORDS.encode() not in path.read_bytes()
    await database.close()
    assert await database.settle()
