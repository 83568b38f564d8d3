"""When somebody is forgotten, what they reported with their name goes too."""

from __future__ import annotations

import storage.report
from bot.context import Work
from storage.member import Member


async def forget(work: Work, member: Member) -> None:
    """Empty the words of their reports."""
    await storage.report.forget_reporter(work.db, work.community.id, member.id)
