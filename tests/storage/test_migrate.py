"""Migrations: all of a revision or nothing, a backup first, and never back in time."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage.engine import Database, DatabaseNewer, MigrationFailed
from storage.migrate import VERSIONS, current, draft, drift, head, pending
from storage.tables import metadata

REVISION = '''
"""A revision of a test."""
import sqlalchemy as sa
from alembic import op

revision = {revision!r}
down_revision = {before!r}


def upgrade():
    {body}
'''
PROGRAMMES = """
    op.create_table("programme", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.create_table(
        "pair",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("programme_id", sa.Integer, sa.ForeignKey("programme.id", name="fk_pair", ondelete="CASCADE")),
    )
"""
ROWS = """
    op.execute("INSERT INTO programme VALUES (1, 'Spring'), (2, 'Autumn')")
    op.execute("INSERT INTO pair VALUES (1, 1), (2, 1), (3, 2)")
"""
REBUILD = """
    with op.batch_alter_table("programme", recreate="always") as batch:
        batch.alter_column("name", nullable=False)
"""
BROKEN = """
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("DELETE FROM pair")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
ORPHANS = """
    op.execute("DELETE FROM programme WHERE id = 2")
"""


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """An empty folder for the revisions of a test; its name has a character that Alembic's settings treat specially."""
    folder = tmp_path / "100%versions"
    folder.mkdir()
    return folder


def write(versions: Path, *bodies: str) -> None:
    """Write the revisions 0001, 0002 and so on, each with one of the `bodies`."""
    for number, body in enumerate(bodies, 1):
        before = f"{number - 1:04d}" if number > 1 else None
        text = REVISION.format(revision=f"{number:04d}", before=before, body=body.strip())
        (versions / f"{number:04d}_test.py").write_text(text)


async def migrate(path: Path, versions: Path) -> str | None:
    """Open the database, which migrates it, and return the revision that it is at."""
    database = await Database.open(path, versions=versions)
    revision = await current(database)
    await database.close()
    return revision


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file without Kith."""
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, in order of their first column."""
    with raw(path) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def names(path: Path) -> set[str]:
    """Return the names of the tables."""
    with raw(path) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def backups(path: Path) -> list[str]:
    """Return what else than the database and its lock lies beside the file, by name."""
    return sorted(each.name for each in path.parent.glob("*.bak*"))


def test_there_is_a_single_head() -> None:
    """Kith's revisions form one line, so every database has one way up."""
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    assert 1 >= len(ScriptDirectory.from_config(config).get_heads())


def test_the_head_is_the_newest_revision(versions: Path) -> None:
    """`head` names the last revision of the line, and nothing where there is none."""
    assert head(versions) is None
    write(versions, PROGRAMMES, ROWS)
    assert "0002" == head(versions)


async def test_opening_migrates(tmp_path: Path, versions: Path) -> None:
    """A new file goes through every revision in order, and opening it again changes nothing."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS, REBUILD)

    assert "0003" == await migrate(path, versions)
    assert "0003" == await migrate(path, versions)
    assert [(1, 1), (2, 1), (3, 2)] == rows(path, "pair")
    assert [] == backups(path)


async def test_pending_lists_what_is_missing(tmp_path: Path, versions: Path) -> None:
    """A database opened without migrating tells what it lacks, oldest first."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES)
    await migrate(path, versions)
    write(versions, PROGRAMMES, ROWS, REBUILD)
    database = await Database.open(path, migrate=False, versions=versions)

    assert "0001" == await current(database)
    assert ("0002", "0003") == await pending(database, versions)
    await database.close()


async def test_a_backup_comes_first(tmp_path: Path, versions: Path) -> None:
    """A file that holds anything is copied, for its owner only, before the first missing revision touches it."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS)
    await migrate(path, versions)
    write(versions, PROGRAMMES, ROWS, "op.execute('DELETE FROM pair')", REBUILD)
    await migrate(path, versions)
    backup = tmp_path / "kith.db.before-0003.bak"

    assert [backup.name] == backups(path)
    assert ([(1, 1), (2, 1), (3, 2)], []) == (rows(backup, "pair"), rows(path, "pair"))
    assert [("0002",)] == rows(backup, "alembic_version")
    assert 0o600 == backup.stat().st_mode & 0o777


async def test_rebuilding_a_parent_keeps_its_children(tmp_path: Path, versions: Path) -> None:
    """Altering a table on SQLite copies and drops it, which must not carry off the rows that point at it."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS, REBUILD)
    await migrate(path, versions)

    assert [(1, "Spring"), (2, "Autumn")] == rows(path, "programme")
    assert [(1, 1), (2, 1), (3, 2)] == rows(path, "pair")


@pytest.mark.parametrize(("body", "reason"), [(BROKEN, "no such table: nowhere"), (ORPHANS, "pair -> programme")])
async def test_a_failing_revision_leaves_no_trace(tmp_path: Path, versions: Path, body: str, reason: str) -> None:
    """A revision that fails midway, or leaves orphans, is undone whole; the error says where things stand."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS)
    await migrate(path, versions)
    with raw(path) as connection:
        before = list(connection.iterdump())
    write(versions, PROGRAMMES, ROWS, body)
    with pytest.raises(MigrationFailed) as failed:
        await migrate(path, versions)
    with raw(path) as connection:
        after = list(connection.iterdump())

    assert before == after
    assert reason in str(failed.value)
    assert f"database {path} failed and was rolled back; it is at revision 0002" in str(failed.value)
    assert f"{path}.before-0003.bak" in str(failed.value)


async def test_revisions_before_a_failing_one_stay(tmp_path: Path, versions: Path) -> None:
    """Each revision is a transaction of its own: mending the broken one goes on from there."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS, BROKEN)
    with pytest.raises(MigrationFailed, match="it is at revision 0002"):
        await migrate(path, versions)
    assert {"alembic_version", "programme", "pair"} == names(path)

    write(versions, PROGRAMMES, ROWS, REBUILD)
    assert "0003" == await migrate(path, versions)


async def test_a_failing_first_revision_leaves_an_empty_file(tmp_path: Path, versions: Path) -> None:
    """When the very first revision fails, the file holds nothing at all."""
    path = tmp_path / "kith.db"
    write(versions, BROKEN)
    with pytest.raises(MigrationFailed, match="it is empty"):
        await migrate(path, versions)

    assert set() == names(path)


async def test_no_backup_no_migration(tmp_path: Path, versions: Path) -> None:
    """When the backup cannot be written, nothing is migrated, and the error says so."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES)
    await migrate(path, versions)
    write(versions, PROGRAMMES, ROWS)
    (tmp_path / "kith.db.before-0002.bak").mkdir()
    with pytest.raises(MigrationFailed, match="was not migrated, because no backup could be written"):
        await migrate(path, versions)

    assert [] == rows(path, "programme")


@pytest.mark.parametrize("migrating", [True, False])
async def test_a_newer_database_is_refused(tmp_path: Path, versions: Path, migrating: bool) -> None:
    """A database at a revision that this code lacks is refused in one line with the cure, and left as it was."""
    path = tmp_path / "kith.db"
    write(versions, PROGRAMMES, ROWS)
    await migrate(path, versions)
    (versions / "0002_test.py").unlink()
    with pytest.raises(DatabaseNewer) as refused:
        await Database.open(path, migrate=migrating, versions=versions)

    assert str(refused.value) == (
        f"The database {path} is at revision 0002, which this version of Kith does not know: "
        "install the newer Kith that wrote it, or restore a backup from before."
    )
    assert [("0002",)] == rows(path, "alembic_version")
    assert [] == backups(path)


async def test_a_drafted_revision_closes_the_gap(tmp_path: Path, versions: Path) -> None:
    """A draft from an empty database makes every table of this code, so that nothing differs any more."""
    path = tmp_path / "kith.db"
    database = await Database.open(path, versions=versions)
    before = await drift(database, metadata)
    written = await draft(database, "First tables", versions)
    await database.close()
    database = await Database.open(path, versions=versions)
    after = await drift(database, metadata)
    await database.close()

    assert len(before) >= len(metadata.tables)
    assert "0001_first_tables.py" == written.name
    assert [] == after


async def test_when_somebody_left_is_told_from_what_is_known(tmp_path: Path) -> None:
    """Revision 0021 dates roles that ended before: by the cohort, the last pair, the community, or their beginning."""
    path, before = tmp_path / "kith.db", tmp_path / "before"
    before.mkdir()
    for file in VERSIONS.glob("00*.py"):
        if file.stem < "0021":
            shutil.copy(file, before)
    await migrate(path, before)
    day = "2026-0{}-01T08:00:00.000000Z".format
    with raw(path) as connection:

        def insert(table: str, **values: object) -> None:
            """Insert a row; what it needs and nobody names is empty."""
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            for _, name, kind, needed, default, _ in columns:
                if needed and default is None:
                    values.setdefault(name, 0 if kind in ("INTEGER", "FLOAT", "BOOLEAN") else "")
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))

        insert("community", id="c")
        insert("programme", id="p", community_id="c")
        insert("round", id="r", community_id="c", programme_id="p")
        insert("cohort", id="k", community_id="c", programme_id="p", closed_at=day(6))
        insert("pair", id="x", community_id="c", programme_id="p", round_id="r", created_at=day(2), ended_at=day(4))
        for name, left in (("ana", None), ("bea", None), ("chen", day(5)), ("dia", None), ("eli", None)):
            insert("member", id=name, community_id="c", left_at=left)
        insert("pair_member", pair_id="x", member_id="ana", community_id="c", left_at=day(3))
        insert("pair_member", pair_id="x", member_id="bea", community_id="c")
        for name, status in (
            ("ana", "left"),
            ("bea", "left"),
            ("chen", "left"),
            ("dia", "finished"),
            ("eli", "active"),
        ):
            insert("role", id=name, community_id="c", programme_id="p", member_id=name, cohort_id="k", status=status,
                   kind="peer", since=day(1))  # fmt: skip
        connection.commit()
    await (await Database.open(path)).close()
    with raw(path) as connection:
        found = dict(connection.execute("SELECT id, left_at FROM role").fetchall())
    assert {"ana": day(3), "bea": day(4), "chen": day(5), "dia": day(6), "eli": None} == found
