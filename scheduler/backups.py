"""A copy of the database each day, and the oldest copies gone: what is kept is counted, nothing is kept for ever."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import structlog

from bot.clock import Clock
from storage.backup import copy

log = structlog.get_logger()

AGAIN = timedelta(hours=1)
"""How long after a backup that failed the next one is tried."""

_NAME = re.compile(r"kith-(\d{4}-\d{2}-\d{2}T\d{6}Z)\.db")
_FORM = "%Y-%m-%dT%H%M%SZ"


def name_at(moment: datetime) -> str:
    """Return the name of a backup made at this moment (aware)."""
    return f"kith-{moment.astimezone(UTC).strftime(_FORM)}.db"


def made_in(folder: Path, now: datetime) -> list[tuple[datetime, Path]]:
    """Return (when it was made, file) of the backups in a folder, newest first; other files are nobody's business.

    Those of a day that has not come by `now` were made while the clock was wrong: they are no news, and come last.
    """
    if not folder.is_dir():
        return []
    named = [(_NAME.fullmatch(file.name), file) for file in folder.iterdir()]
    found = [(datetime.strptime(name[1], _FORM).replace(tzinfo=UTC), file) for name, file in named if name]
    return sorted(found, key=lambda one: (one[0] <= now, one[0]), reverse=True)


def newest_in(folder: Path, now: datetime) -> datetime | None:
    """Return when the newest backup was made, None when there is none."""
    return next((moment for moment, _ in made_in(folder, now) if moment <= now), None)


def is_due(now: datetime, newest: datetime | None, at: time) -> bool:
    """Return whether a backup is due: none was made since it was `at` o'clock (UTC) the last time."""
    today = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    last = today if today <= now else today - timedelta(days=1)
    return newest is None or newest < last


def save(database: Path, folder: Path, now: datetime, keep: int, enough: Callable[[], bool] | None = None) -> Path:
    """Make a backup in the folder, then remove all but the newest `keep`; return its file.

    It is for its owner's eyes alone. Raises `sqlite3.Error` (also when there is `enough` before its end) and `OSError`;
    then nothing was removed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name_at(now)
    if not copy(database, target, enough):
        raise sqlite3.DatabaseError("the database is empty")
    for _, old in made_in(folder, now)[keep:]:
        old.unlink()
    return target


@dataclass(slots=True)
class Backups:
    """The daily backup of a running installation. `at` is in UTC; `keep` of them are kept."""

    database: Path
    folder: Path
    at: time
    keep: int
    clock: Clock
    _not_before: datetime | None = None
    _stopping: bool = False
    _making: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Begin today's backup if its time has come; it is made beside everything else.

        The folder may be on a disk that does not answer, so not even that is looked at by the loop itself.
        """
        now = self.clock.now()
        if self._making is not None and not self._making.done():
            return
        if self._not_before is not None and now < self._not_before:
            return
        self._making = asyncio.create_task(self._make(now))

    async def finished(self) -> None:
        """Return when no backup is under way."""
        if self._making is not None:
            await asyncio.wait({self._making})

    async def stop(self) -> None:
        """Break off what is under way: nothing is left that could be taken for a backup. The next start makes one."""
        self._stopping = True
        await self.finished()

    async def _make(self, now: datetime) -> None:
        try:
            made = await asyncio.to_thread(self._save_if_due, now)
        except (sqlite3.Error, OSError) as error:
            if self._stopping:
                return
            self._not_before = now + AGAIN
            log.error("backup.failed", folder=str(self.folder), error=type(error).__name__)
        else:
            self._not_before = None
            if made is not None:
                log.info("backup.made", file=made.name)

    def _save_if_due(self, now: datetime) -> Path | None:
        if not is_due(now, newest_in(self.folder, now), self.at):
            return None
        return save(self.database, self.folder, now, self.keep, lambda: self._stopping)
