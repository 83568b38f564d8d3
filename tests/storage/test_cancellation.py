"""Tasks cancelled in the middle of storage work leave no lock, no half write and no lost connection."""

import asyncio
import logging
import random

import pytest
from sqlmodel import select

from storage.db import Db
from storage.engine import Database
from tests.storage.tables import Entry, Tally, add_one, count, free, sound, total

pytestmark = pytest.mark.usefixtures("tables")


async def cancel_at_random(tasks: list[asyncio.Task[None]], seed: int) -> int:
    """Cancel every task up to three times, at random steps of the loop; return how many were still at work."""
    chance = random.Random(seed)
    for task in chance.sample(tasks, len(tasks)):
        for _ in range(chance.randrange(1, 4)):
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    assert {asyncio.CancelledError, type(None)} >= {type(end) for end in ends}
    return sum(isinstance(end, asyncio.CancelledError) for end in ends)


async def test_a_thousand_cancelled_writes_leave_no_lock_and_no_half(database: Database) -> None:
    """A thousand callers of `write` cancelled at random points: the work begun is whole, the file is free."""
    begun: list[int] = []

    async def caller(number: int) -> None:
        async def work(db: Db) -> None:
            begun.append(number)
            db.add(Entry(key=f"{number} first"))
            await db.flush()
            await add_one(db)
            db.add(Entry(key=f"{number} second"))

        await database.write(work)

    caught = await cancel_at_random([asyncio.create_task(caller(n)) for n in range(1000)], seed=7)
    reached = await database.write(add_one)

    assert caught > 500
    assert len(begun) + 1 == reached
    assert 2 * len(begun) == await count(database)
    assert free(database.path)
    assert sound(database.path)


async def test_cancelled_units_leave_no_lock_and_no_half(database: Database) -> None:
    """Tasks cancelled at random points inside `unit` itself leave both rows or none, and the file free."""

    async def caller(number: int) -> None:
        async with database.unit() as db:
            db.add(Entry(key=f"{number} first"))
            await db.flush()
            db.add(Entry(key=f"{number} second"))

    caught = 0
    for batch in range(50):
        tasks = [asyncio.create_task(caller(20 * batch + n)) for n in range(20)]
        await asyncio.sleep(0)
        caught += await cancel_at_random(tasks, seed=batch)
        assert free(database.path)
        assert batch + 1 == await database.write(add_one)

    async with database.read() as db:
        keys = {key.split()[0]: 0 for key in (await db.exec(select(Entry.key))).all()}
    assert caught > 100
    assert 2 * len(keys) == await count(database)
    assert sound(database.path)


@pytest.mark.parametrize(
    ("fails", "kept", "end"),
    [(False, 1, asyncio.CancelledError), (True, 0, LookupError)],
    ids=["commit", "rollback"],
)
async def test_an_ending_is_not_cut_short(database: Database, fails: bool, kept: int, end: type[BaseException]) -> None:
    """A task cancelled while its unit commits ends that first; a rollback waits for nothing. The connection lives."""
    ending = asyncio.Event()

    async def caller() -> None:
        async with database.unit() as db:
            db.add(Entry(key="a"))
            await db.flush()
            ending.set()
            if fails:
                raise LookupError("no such pair")

    async with database.unit() as db:
        await (await db.connection()).exec_driver_sql("CREATE TEMP TABLE of_this_connection (id INTEGER)")
    task = asyncio.create_task(caller())
    await ending.wait()
    task.cancel()
    with pytest.raises(end):
        await task

    async with database.unit() as db:
        await (await db.connection()).exec_driver_sql("SELECT * FROM of_this_connection")
    assert kept == await count(database)


async def test_a_cancelled_write_still_happens(database: Database) -> None:
    """Cancelling the caller of `write` stops the caller, not the work."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work(db: Db) -> None:
        db.add(Entry(key="a"))
        inside.set()
        await go_on.wait()

    caller = asyncio.create_task(database.write(work))
    await inside.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await database.write(add_one)

    assert 1 == await count(database)


async def test_closing_waits_for_a_write_whose_caller_has_gone(database: Database) -> None:
    """`close` returns only when the writes under way have been committed."""
    callers = [asyncio.create_task(database.write(add_one)) for _ in range(5)]
    await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()
    await database.close()

    again = await Database.open(str(database.path))
    assert 5 == await total(again)
    await again.close()


async def test_a_failure_after_the_caller_has_gone_is_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Work that fails with nobody left to tell says so in the log."""
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def work(_: Db) -> None:
        inside.set()
        await go_on.wait()
        raise LookupError("no such pair")

    caller = asyncio.create_task(database.write(work))
    await inside.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    with caplog.at_level(logging.ERROR):
        go_on.set()
        await database.close()
        await asyncio.sleep(0)

    assert ["a write failed after its caller had gone"] == [record.message for record in caplog.records]


async def test_waiting_for_a_reader_can_be_cancelled(database: Database) -> None:
    """A task that waits because all readers are taken leaves when it is cancelled, not when one is free."""
    async with database.read(), database.read(), database.read(), database.read():
        waiting = asyncio.create_task(total(database))
        for _ in range(5):
            await asyncio.sleep(0)
        waiting.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert waiting.cancelled()


async def test_cancelled_readers_give_their_connections_back(database: Database) -> None:
    """After more cancelled readers than there are connections, reading goes on."""

    async def reader() -> None:
        async with database.read() as db:
            for _ in range(5):
                await db.exec(select(Tally))

    for batch in range(10):
        tasks = [asyncio.create_task(reader()) for _ in range(10)]
        await asyncio.sleep(0)
        await cancel_at_random(tasks, seed=batch)

    assert [0] * 8 == await asyncio.gather(*(total(database) for _ in range(8)))
