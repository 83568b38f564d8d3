"""Telling moderators again that nobody has looked at a report."""

from __future__ import annotations

import storage.report
from bot.context import Work
from bot.features.report import lines, rules


async def remind(work: Work, report_id: str) -> None:
    """Post a reminder, and say when the next one is due."""
    row = await storage.report.by_id(work.db, work.community.id, report_id)
    if row is None or row.remind_at is None or row.remind_at > work.now:
        return
    if rules.remind_at(row, work.now) is not None:
        row.reminders += 1
        await lines.tell_moderators(work, row, "report.waits", key=f"report.waits:{row.id}:{row.reminders}")
    row.remind_at = rules.remind_at(row, work.now)
    work.db.add(row)
