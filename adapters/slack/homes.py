"""Each member's App Home: shown when it is opened, and again when something changed for who looks at theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock

RECENT = timedelta(days=7)
"""Who has not opened their page for so long gets it anew when they do."""

PAUSE = timedelta(minutes=1)
"""The least time between two publications of one page that nobody asked for."""

LOOK = 5.0
"""Seconds between two looks at what changed."""


class Homes:
    """Publishes pages by `publish(team, user)`. What is known here is lost at a restart, which costs one opening."""

    def __init__(self, clock: Clock, publish: Callable[[str, str], Awaitable[None]]) -> None:
        self._clock = clock
        self._publish = publish
        self._opened: dict[tuple[str, str], datetime] = {}
        self._shown: dict[tuple[str, str], datetime] = {}
        self._changed: set[tuple[str, str]] = set()

    def opened(self, team: str, user: str) -> None:
        """Note that a member opened their page, which shows it."""
        now = self._clock.now()
        self._opened[team, user] = self._shown[team, user] = now
        self._changed.discard((team, user))
        for page in [page for page, at in self._opened.items() if now - at > RECENT]:
            del self._opened[page]
            self._shown.pop(page, None)

    def changed(self, team: str, user: str) -> None:
        """Note that a page may show something else now."""
        at = self._opened.get((team, user))
        if at is not None and self._clock.now() - at <= RECENT:
            self._changed.add((team, user))

    async def publish_due(self) -> int:
        """Publish what changed and was not published in the last minute; return how many pages that were."""
        now = self._clock.now()
        due = [page for page in sorted(self._changed) if now - self._shown.get(page, now - PAUSE) >= PAUSE]
        for page in due:
            self._changed.discard(page)
            self._shown[page] = now
            await self._publish(*page)
        return len(due)

    async def run(self) -> None:
        """Keep publishing until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await self.publish_due()
