"""The one untyped look-up: the row that a button or form is about, whose community the core then checks."""

from __future__ import annotations

from typing import Any

from storage.db import Db


async def find(db: Db, table: type[Any], key: str) -> Any | None:
    """Return the row of `table` with this primary key, whatever its community: the caller compares `community_id`."""
    return await db.get(table, key)
