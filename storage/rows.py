"""Look-ups by primary key: the row that a button is about, and one of a community that may be loaded already."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from storage.db import Db

Row = TypeVar("Row")


async def ours(db: Db, table: type[Row], community_id: str, key: str) -> Row | None:
    """Return the row of `table` with this primary key if it is of the community; no question when it is loaded."""
    found = await db.get(table, key)
    return found if found is not None and cast("Any", found).community_id == community_id else None


async def find(db: Db, table: type[Any], key: str) -> Any | None:
    """Return the row of `table` with this primary key, whatever its community: the caller compares `community_id`."""
    return await db.get(table, key)
