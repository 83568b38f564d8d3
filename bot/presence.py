"""Who was last here: any command or press but sensitive ones, to the minute. It is how silence is told from answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.context import Work
from storage.member import Member

NOTED, NOTED_READING = timedelta(minutes=1), timedelta(minutes=10)
"""How old the last sign of life is before a new one is written: with what is written anyway, and for reading alone."""


def is_news(member: Member, now: datetime, *, reading: bool = False) -> bool:
    """Whether it should be written down that a member is here."""
    if member.last_seen_at is None or member.inactive_at is not None:
        return True
    return now - member.last_seen_at >= (NOTED_READING if reading else NOTED)


async def seen(work: Work, member: Member) -> None:
    """Write down that a member is here, which ends a time of silence."""
    member.last_seen_at = work.now
    work.db.add(member)
    if member.inactive_at is not None:
        member.inactive_at = None
        work.audit("member.active", member.id)
        await work.happened("member.returned", member)
