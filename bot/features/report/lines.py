"""What is said about a report, and who is told that there is something to read. The words stay in the private view."""

from __future__ import annotations

import storage.report
from bot.context import Work
from storage.report import NOTE, Report, ReportLine


async def add(work: Work, row: Report, kind: str, text: str, *, by: str | None) -> None:
    """Add a line to a report."""
    said = await storage.report.lines(work.db, work.community.id, row.id)
    work.db.add(
        ReportLine(
            id=work.ids.new(), community_id=work.community.id, report_id=row.id, place=len(said) + 1, kind=kind,
            by_id=by, text=text,
        )
    )  # fmt: skip
    await work.db.flush()


async def for_reporter(work: Work, row: Report) -> list[ReportLine]:
    """Return the lines that the reporter may read: all but the moderators' own notes."""
    return [line for line in await storage.report.lines(work.db, work.community.id, row.id) if line.kind != NOTE]


async def tell_moderators(work: Work, row: Report, message: str, *, key: str) -> bool:
    """Post in the moderators' channel that there is something to look at; without one, in the coordinators'."""
    channel = work.setting("core.moderator_channel") or work.setting("core.coordinator_channel")
    return await work.outbox.post(
        channel, message, key=key, on_doubt="repeat", report=row.id, number=row.number, kind=row.kind,
        urgency=row.urgency,
    )  # fmt: skip
