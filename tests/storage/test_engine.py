"""Units of work, readers, opening and closing: nothing is lost, nothing is half done, nobody jumps the queue."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import select

from storage.db import Db
from storage.engine import Conflict, Database, insert_once
from tests.storage.tables import Entry, Tally, add_one, count, free, total

pytestmark = pytest.mark.usefixtures("tables")


async def test_leaving_a_unit_commits(database: Database) -> None:
    """What a unit wrote is there for readers once it has been left."""
    async with database.unit() as db:
        db.add(Entry(key="a"))

    assert 1 == await count(database)


async def test_raising_in_a_unit_rolls_back(database: Database) -> None:
    """An error inside a unit undoes all of it and is passed on."""
    with pytest.raises(ZeroDivisionError):
        async with database.unit() as db:
            db.add(Entry(key="a"))
            await db.flush()
            _ = 1 / 0

    assert 0 == await count(database)
    assert free(database.path)


async def test_rows_stay_usable_after_the_commit(database: Database) -> None:
    """A row loaded in a unit can be read after it without another query."""
    async with database.unit() as db:
        entry = Entry(key="a")
        db.add(entry)

    assert "a" == entry.key


async def test_write_returns_what_the_work_returns(database: Database) -> None:
    """`write` hands back the result of the work, committed."""
    assert 1 == await database.write(add_one)
    assert 1 == await total(database)


async def test_write_passes_an_error_on(database: Database) -> None:
    """An error inside `write` reaches the caller and undoes the work."""

    async def work(db: Db) -> None:
        db.add(Entry(key="a"))
        await db.flush()
        raise LookupError("no such pair")

    with pytest.raises(LookupError, match="no such pair"):
        await database.write(work)
    assert 0 == await count(database)


async def test_concurrent_increments_lose_nothing(database: Database) -> None:
    """Two hundred units that read, add one and write back at the same time make two hundred."""
    totals = await asyncio.gather(*(database.write(add_one) for _ in range(200)))

    assert list(range(1, 201)) == sorted(totals)
    assert 200 == await total(database)


async def test_first_come_first_served(database: Database) -> None:
    """Units run in the order in which they asked, though all ask while one is open."""
    served: list[int] = []

    async def ask(number: int) -> None:
        async with database.unit() as db:
            await db.connection()
            served.append(number)

    async with database.unit():
        waiting = []
        for number in range(50):
            waiting.append(asyncio.create_task(ask(number)))
            await asyncio.sleep(0)
    await asyncio.gather(*waiting)

    assert list(range(50)) == served


async def test_a_unit_inside_a_unit_is_refused(database: Database) -> None:
    """A task that would wait for itself is told so instead."""
    async with database.unit():
        with pytest.raises(RuntimeError, match="open in this task already"):
            async with database.unit():
                pass


async def test_a_unit_holds_the_file_from_the_start(database: Database) -> None:
    """A unit keeps every other writer out before it writes, so what it reads cannot change under it."""
    async with database.unit():
        assert not free(database.path, within=0)


async def test_a_tool_that_holds_the_file_is_waited_for(database: Database) -> None:
    """A unit waits while another program writes, and does not hold the loop up meanwhile."""
    other = sqlite3.connect(str(database.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asking = asyncio.create_task(database.write(add_one))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not asking.done()
    other.execute("ROLLBACK")
    other.close()
    assert 1 == await asking


async def test_a_crowd_of_readers_leaves_the_loop_its_turns(database: Database) -> None:
    """At most as many read in one round of the loop as there are seats, so that others get their turn in between."""
    rounds: list[int] = []
    turn = 0

    async def reader() -> None:
        async with database.read() as db:
            await db.exec(select(Tally.total))
            rounds.append(turn)

    readers = [asyncio.create_task(reader()) for _ in range(40)]
    while not all(one.done() for one in readers):
        turn += 1
        await asyncio.sleep(0)
    assert max(rounds.count(one) for one in set(rounds)) <= 4


async def test_a_serialization_failure_is_a_conflict(database: Database) -> None:
    """The two codes by which PostgreSQL says 'run it again' become `Conflict`, others stay what they are."""

    def failure(code: str) -> DBAPIError:
        orig = Exception("could not serialize access")
        orig.sqlstate = code  # type: ignore[attr-defined]
        return DBAPIError("UPDATE", {}, orig)

    for code in ("40001", "40P01"):
        with pytest.raises(Conflict):
            async with database.unit():
                raise failure(code)
    with pytest.raises(DBAPIError):
        async with database.unit():
            raise failure("23505")


async def test_a_reader_cannot_write(database: Database) -> None:
    """A session from `read` refuses to write."""
    with pytest.raises(OperationalError, match="readonly"):
        async with database.read() as db:
            db.add(Entry(key="a"))
            await db.flush()


async def test_a_reader_sees_one_state_while_a_writer_commits(database: Database) -> None:
    """What a reader has begun to read does not change under it, and it does not hold the writer up."""
    async with database.read() as db:
        before = (await db.exec(select(Tally.total))).one()
        await database.write(add_one)
        after = (await db.exec(select(Tally.total))).one()

    assert (0, 0, 1) == (before, after, await total(database))


async def test_every_connection_is_set_up(database: Database) -> None:
    """Writer and readers are durable, check foreign keys and erase what they delete."""
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "query_only")
    settings = {}
    for role, session in (("writer", database.unit()), ("reader", database.read())):
        async with session as db:
            connection = await db.connection()
            settings[role] = [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names]

    assert {"writer": ["wal", 2, 1, 1, 0, 0], "reader": ["wal", 2, 1, 1, 5000, 1]} == settings


@pytest.mark.parametrize("name", ["plain.db", "with space & per%cent?.db", "añadido#1.db"])
async def test_a_path_and_its_url_open_the_same_file(tmp_path: Path, name: str) -> None:
    """Any file name works, in a folder that may not exist yet, and only its owner can read the file."""
    path = tmp_path / "new" / name
    opened = await Database.open(path)
    await opened.close()

    assert path.resolve() == opened.path
    assert 0o600 == path.stat().st_mode & 0o777
    assert {name, f"{name}.lock"} == {each.name for each in path.parent.iterdir()}
    assert path.stat().st_size
    if name == "plain.db":
        opened = await Database.open(f"sqlite+aiosqlite:///{path}")
        assert path.resolve() == opened.path
        await opened.close()


@pytest.mark.parametrize("url", ["", ":memory:", "sqlite://", "sqlite+aiosqlite:///:memory:", "mysql://host/kith"])
async def test_what_is_no_sqlite_file_is_refused(url: str) -> None:
    """An address that means no file is refused with what to give instead."""
    with pytest.raises(ValueError, match="give a path or sqlite"):
        await Database.open(url)


async def test_a_closed_database_is_closed(database: Database) -> None:
    """Closing twice is harmless, and using it afterwards says what is wrong."""
    await database.close()
    await database.close()

    with pytest.raises(RuntimeError, match="is closed"):
        await database.write(add_one)
    with pytest.raises(RuntimeError, match="is closed"):
        async with database.read():
            pass


async def test_insert_once_inserts_once(database: Database) -> None:
    """The second row with a taken key is left out, and the first one stands."""
    first, second = Entry(key="a", names=["ana"]), Entry(key="a", names=["bea"])
    async with database.unit() as db:
        inserted = [await insert_once(db, first), await insert_once(db, second)]
    async with database.read() as db:
        stored = (await db.exec(select(Entry))).one()

    assert [True, False] == inserted
    assert (first.id, ["ana"], "plain") == (stored.id, stored.names, stored.label)
    assert second.id is None


async def test_insert_once_sees_what_was_added_before(database: Database) -> None:
    """A row that was added to the session but not yet flushed takes its key."""
    async with database.unit() as db:
        db.add(Entry(key="a"))
        inserted = await insert_once(db, Entry(key="a"))

    assert not inserted


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (Entry(key="a", tally_id=99), "FOREIGN KEY"),
        (Entry(key=None), "NOT NULL"),  # type: ignore[arg-type]
    ],
)
async def test_insert_once_hides_no_other_fault(database: Database, row: Entry, fault: str) -> None:
    """A row that points at nothing or lacks a value is an error, not a row that was there already."""
    with pytest.raises(IntegrityError, match=fault):
        async with database.unit() as db:
            await insert_once(db, row)
