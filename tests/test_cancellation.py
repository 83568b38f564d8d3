"""Members who give up: a thousand tasks cancelled inside handlers leave no lock, no half and no silence."""

import asyncio
import random
import sqlite3
from pathlib import Path
from typing import Any

from storage.kudos import Kudos
from storage.outbox import Outbox
from tests.fakes.world import NAMES, World, key

LINES = (
    "/kudos give @{other} for the patient review of my patch",
    "/me home",
    "/programme join",
    "/kudos mine",
    "/coord status",
    "/feedback how",
)


def sound(path: Path) -> bool:
    """Return whether the file is whole and nobody holds it."""
    with sqlite3.connect(path, timeout=0) as db:
        whole = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("BEGIN IMMEDIATE")
        db.rollback()
    db.close()
    return whole


async def test_a_thousand_cancelled_handlers_leave_no_lock(coffee: World):
    """Cancelled at a thousand places, commands are done whole or not at all, and the next one is answered."""
    chance = random.Random(11)
    await coffee.app.work(await coffee.community_id(), unlimited)
    left = 0
    for _ in range(40):
        tasks: list[asyncio.Task[Any]] = []
        for number in range(25):
            who, other = chance.sample(NAMES, 2)
            line = LINES[number % len(LINES)].format(other=other)
            tasks.append(asyncio.create_task(coffee.app.handle(coffee.town.command(who, line))))
        for task in chance.sample(tasks, len(tasks)):
            if chance.random() < 0.2:
                await asyncio.sleep(0)
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        assert {"CancelledError"} >= {type(end).__name__ for end in ends if isinstance(end, BaseException)}
        assert [] == [key(end) for end in ends if not isinstance(end, BaseException) and key(end) == "core.broken"]
        left += sum(isinstance(end, BaseException) for end in ends)
        assert "core.home" == key(await coffee.says("ana", "/me home"))

    assert left > 500
    assert "kudos.given" == key(await coffee.says("ana", "/kudos give @bea for staying until the end"))
    assert sound(coffee.database.path)
    given = {row.id for row in await coffee.rows(Kudos)}
    told = {row.key.split(":")[1] for row in await coffee.rows(Outbox) if row.key.startswith("kudos.received")}
    assert given == told


async def unlimited(work: Any) -> None:
    """Let everybody give as many kudos as they like."""
    import storage.community

    await storage.community.set_value(work.db, work.community.id, "kudos.a_day", 10_000)
