"""When something falls due next: one moment a sweep, all of them in one question to the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlmodel.sql.expression import SelectOfScalar

from storage.db import Db

NextDue = Callable[[Db], Awaitable[datetime | None]]


@dataclass(frozen=True, slots=True, eq=False)
class Earliest:
    """The named query for one moment. `statement` selects it, without parameters; called, it answers alone."""

    statement: SelectOfScalar[datetime] | SelectOfScalar[datetime | None]

    async def __call__(self, db: Db) -> datetime | None:
        """Return the moment, over the whole installation; None when there is nothing to wait for."""
        moment: datetime | None = (await db.exec(self.statement)).one()
        return moment


async def earliest(db: Db, named: Mapping[str, NextDue]) -> dict[str, datetime | None]:
    """Return name -> when it falls due next, over the whole installation. Each `Earliest` is asked in one statement."""
    asked = {name: query for name, query in named.items() if isinstance(query, Earliest)}
    found: dict[str, datetime | None] = {}
    if asked:
        found = dict(zip(asked, (await db.exec(_together(tuple(asked.values())))).one(), strict=True))
    return found | {name: await query(db) for name, query in named.items() if name not in found}


@lru_cache(maxsize=64)
def _together(queries: tuple[Earliest, ...]) -> Any:
    return select(*(query.statement.scalar_subquery() for query in queries))
