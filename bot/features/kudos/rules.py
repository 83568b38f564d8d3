"""May this person thank that one, now? Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.recurrence import to_utc, to_wall
from storage.member import Member

LEAST_WORDS = 2


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return when the local day of `now` began and when the next one begins, in aware UTC."""
    midnight = to_wall(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return to_utc(midnight, zone), to_utc(midnight + timedelta(days=1), zone)


def refusal(giver: Member, receiver: Member, why: str, *, given_today: int, most: int) -> str | None:
    """Return the key of the refusal, or None when the thanks may be given."""
    if giver.id == receiver.id:
        return "kudos.self"
    if receiver.left_at is not None:
        return "kudos.left"
    if len(why.split()) < LEAST_WORDS:
        return "kudos.short"
    if given_today >= most:
        return "kudos.enough"
    return None
