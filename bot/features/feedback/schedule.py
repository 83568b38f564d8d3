"""The daily batch: notes become readable together, and only when there are enough of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.feedback
from bot import schedules
from bot.context import Work
from bot.features.feedback import rules
from storage.community import Community

AT = datetime(2026, 1, 1, 17)  # noqa: DTZ001 - wall time in the community's zone


async def keep(work: Work, community: Community) -> None:
    """Keep the daily batch in the community's own time."""
    await schedules.keep(work, "feedback.batch", "", zone=community.zone, rule="FREQ=DAILY", anchor=AT)


async def publish(work: Work, schedule: Any, occurrence: Any) -> None:  # noqa: ARG001
    """Publish everything that waits, if it is enough, and tell coordinators how many notes there are to read."""
    notes = await storage.feedback.waiting(work.db, work.community.id)
    if not rules.goes_out(len(notes)):
        return
    for note in notes:
        note.status = storage.feedback.PUBLISHED
        work.db.add(note)
    await work.outbox.post(
        work.setting("core.coordinator_channel"), "feedback.batch", key=f"feedback.batch:{occurrence.key}",
        count=len(notes), on_doubt="repeat",
    )  # fmt: skip
