"""What happens by itself: the daily batch, the end of a moderation window, the end of a week's key, retention."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import storage.feedback
from bot import schedules
from bot.context import Work
from bot.features.feedback import rules
from storage.community import Community

BATCH_AT = datetime(2026, 1, 1, 17)  # noqa: DTZ001 - wall time in the community's zone
KEYS_AT = datetime(2026, 1, 1)  # noqa: DTZ001 - a Thursday, in UTC: 72 hours after a week has ended
KEYS_ON = "FREQ=WEEKLY;BYDAY=MO,TH"
NEVER_SKIPPED = timedelta(days=36_500)


async def keep(work: Work, community: Community) -> None:
    """Keep the daily batch in the community's own time, and the beginning and end of each week's key in UTC."""
    await schedules.keep(work, "feedback.batch", "", zone=community.zone, rule="FREQ=DAILY", anchor=BATCH_AT)
    await schedules.keep(work, "feedback.keys", "", zone="UTC", rule=KEYS_ON, anchor=KEYS_AT, late=NEVER_SKIPPED)
    work.keys.prepare(rules.week(work.now))


async def publish(work: Work, schedule: Any, occurrence: Any) -> None:
    """Publish everything that waits, if it is enough, and tell coordinators how much there is to read.

    A moment that is stored is that of the occurrence, not of the tick that came by.
    """
    await forget(work, schedule, occurrence)
    here = work.community.id
    if not rules.goes_out(await storage.feedback.count_waiting(work.db, here)):
        return
    notes, added = await storage.feedback.publish(work.db, here, occurrence.due_at, occurrence.due_at + rules.WINDOW)
    await work.outbox.post(
        work.setting("core.coordinator_channel"), "feedback.batch", key=f"feedback.batch:{occurrence.key}",
        count=notes, added=added, on_doubt="repeat",
    )  # fmt: skip


async def forget(work: Work, schedule: Any, occurrence: Any) -> None:  # noqa: ARG001
    """Erase what has had its time: pseudonyms, then the keys that made them, and notes a year after their week."""
    await close_windows(work, work.community.id)
    await storage.feedback.remove_before(work.db, work.community.id, rules.week(work.now - rules.KEPT))
    for week in rules.ended(work.keys.weeks(), work.now):
        work.keys.destroy(week)


async def turn_keys(work: Work, schedule: Any, occurrence: Any) -> None:
    """Destroy the keys that have ended, and have this week's before anybody needs it: else its file would tell when."""
    await forget(work, schedule, occurrence)
    work.keys.prepare(rules.week(work.now))


async def close_windows(work: Work, community_id: str) -> None:
    """Erase each pseudonym whose moderation window has ended, and with it what a moderator hung on it."""
    await storage.feedback.unlink(work.db, community_id, work.now)
