"""What SQLite looks through: never a whole community for a few rows, never all that was sent for what is to be sent."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

import storage.checkin
import storage.member
import storage.nudge
import storage.outbox
import storage.pair
from storage.db import Db
from storage.engine import Database
from tests.fakes.world import START, World

LITTLE = re.compile(r"^SCAN|\((community_id|space_id|state|status|merged_into)=\?\)")
"""A step that looks through a whole table, or all of it that shares a community or a state, or lacks something."""

ABOUT_OUTBOX = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'outbox'"

MANY = [f"id{number}" for number in range(60)]

Ask = Callable[[Db, str], Awaitable[Any]]

BY_IDS: dict[str, Ask] = {
    "checkin.met_in": lambda db, here: storage.checkin.met_in(db, here, MANY),
    "checkin.of_pairs": lambda db, here: storage.checkin.of_pairs(db, here, MANY),
    "member.by_ids": lambda db, here: storage.member.by_ids(db, here, MANY),
    "member.spaces_of": lambda db, here: storage.member.spaces_of(db, here, MANY),
    "nudge.by_keys": lambda db, here: storage.nudge.by_keys(db, here, MANY),
    "nudge.moments": lambda db, here: storage.nudge.moments(db, here, MANY, START),
    "nudge.unanswered": lambda db, here: storage.nudge.unanswered(db, here, MANY),
    "outbox.withdraw": lambda db, here: storage.outbox.withdraw(db, here, MANY, "gone"),
    "pair.seats": lambda db, here: storage.pair.seats(db, here, MANY),
}


@pytest.fixture
def plans(world: World) -> Iterator[list[str]]:
    """The steps of each statement of the writer, as SQLite explains them, from here on."""
    steps: list[str] = []

    def explain(_conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            beside: sqlite3.Cursor = cursor.connection.cursor()
            steps.extend(row[3] for row in beside.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    engine = world.database._writer
    event.listen(engine, "before_cursor_execute", explain)
    yield steps
    event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("name", BY_IDS)
async def test_sixty_ids_are_looked_up_by_id(world: World, plans: list[str], name: str):
    """Not through an index of the community, which here is everybody, however many ids are asked for."""
    here = await world.community_id()
    async with world.database.unit() as db:
        await BY_IDS[name](db, here)
    assert plans
    assert not [step for step in plans if LITTLE.search(step)], plans


async def test_one_members_messages_are_found_by_the_member(world: World, plans: list[str]):
    """Also where the state is asked for as well, which nearly all rows that were ever sent share."""
    here = await world.community_id()
    async with world.database.unit() as db:
        await storage.nudge.unanswered(db, here, ["one"])
        await storage.nudge.moments(db, here, ["one"], START)
        await storage.outbox.holds(db, here, "one", START)
    assert not [step for step in plans if LITTLE.search(step)], plans
    assert 3 == len([step for step in plans if "ix_outbox_to_id (to_id=?)" in step])


async def test_what_is_to_be_sent_is_found_by_its_state(world: World, plans: list[str]):
    """Claiming and asking when something falls due look at what is open, not at all that was ever sent."""
    async with world.database.unit() as db:
        await storage.outbox.claim(db, START, owner="me", lease_until=START, limit=16)
        await storage.outbox.next_due(db, START, platforms=["playground"])
    outbox = [step for step in plans if " outbox" in step]
    assert outbox
    allowed = ("ix_outbox_state_due_at", "ix_outbox_to_id")
    assert not [step for step in outbox if not any(index in step for index in allowed)], plans


async def test_the_advice_stands_and_is_given_once(world: World):
    """Of what begins with a community or a state it is known how little that divides; of the rest nothing is said."""
    async with world.database.read() as db:
        rows = (await (await db.connection()).exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")).all()
    told = {tuple(row) for row in rows}
    assert ("outbox", "ix_outbox_space_id", "1000000 1000000") in told
    assert ("outbox", "ix_outbox_state_due_at", "1000000 20000 10") in told
    assert ("outbox", "ix_outbox_merged_into", "1000000 20000") in told
    assert {"ix_outbox_to_id", "ix_kudos_community_id_given_at"}.isdisjoint(index for _, index, _ in rows)
    assert len(rows) == len({index for _, index, _ in rows})


async def test_a_file_of_another_version_gets_it_too(world: World):
    """The advice is looked at whenever the file is opened, so a table that is new has it after the next start."""
    path = world.database.path
    assert path is not None
    async with world.database.unit() as db:
        connection = await db.connection()
        before = (await connection.exec_driver_sql(ABOUT_OUTBOX)).scalar()
        await connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = 'outbox'")
    await world.database.close()
    again = await Database.open(path)
    async with again.read() as db:
        assert before == (await (await db.connection()).exec_driver_sql(ABOUT_OUTBOX)).scalar() > 0
    await again.close()
