"""What a pair agreed, whether everybody said yes, and when it is asked about again. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.recurrence import to_utc, to_wall
from storage.agreement import Agreement, AgreementSeat

LEAST = timedelta(weeks=4)
"""A pair whose time is shorter has no half-time question."""

ASKED_AT = time(10)
ANSWER_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Terms:
    """What everybody says yes to, as codes of the form's choices."""

    rhythm: str
    channel: str
    confidentiality: str


def terms(agreement: Agreement) -> Terms:
    """Return the terms of the newest suggestion."""
    return Terms(agreement.rhythm, agreement.channel, agreement.confidentiality)


def suggested(answers: Mapping[str, Any]) -> Terms:
    """Return the terms that a form holds."""
    return Terms(answers["rhythm"], answers["channel"], answers["confidentiality"])


def all_agree(revision: int, seats: Iterable[AgreementSeat | None]) -> bool:
    """Whether everybody who is still in the pair said yes to this revision; nobody agrees to nothing."""
    taken = list(seats)
    return revision > 0 and bool(taken) and all(seat is not None and seat.revision == revision for seat in taken)


def half_time(start: datetime, ends: datetime, zone: str) -> datetime | None:
    """Return when a member in `zone` is asked whether the agreement still suits: ten in the morning of the day in the
    middle (aware UTC). None for a pair of less than four weeks. Both moments are aware.
    """
    if ends - start < LEAST:
        return None
    day = to_wall(start + (ends - start) / 2, zone).date()
    return to_utc(datetime.combine(day, ASKED_AT), zone)
