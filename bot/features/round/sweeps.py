"""Ending rounds whose time is over."""

from __future__ import annotations

import storage.pair
import storage.round
from bot import pairs
from bot.context import Work
from storage.pair import OVER


async def end(work: Work, round_id: str) -> None:
    """End a round whose time is over, and its pairs with it."""
    row = await storage.round.by_id(work.db, work.community.id, round_id)
    if row is None or row.status != "published" or row.ends_at is None or row.ends_at > work.now:
        return
    row.status = "ended"
    work.db.add(row)
    for pair in await storage.pair.of_round(work.db, work.community.id, round_id):
        if pair.status == "active":
            await pairs.end(work, pair, OVER)
