"""Kinds, urgency, reminders, and what may be done with a report. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.member import Member
from storage.report import CONFIDENTIAL, NEW, RESOLVED, Report

KINDS = ("harassment", "boundaries", "discrimination", "wellbeing", "other")
URGENCIES = ("now", "soon", "later")
OUTCOMES = ("talked", "warned", "separated", "removed", "nothing", "elsewhere")

REMIND = {"now": timedelta(hours=1), "soon": timedelta(hours=24), "later": timedelta(hours=72)}
"""How long nobody may look at a report before moderators are told again."""

MOST_REMINDERS = 3
A_DAY = 5
"""Reports one person can send a day; counted in memory only."""

KEPT = timedelta(days=730)
"""How long a resolved report is kept, with its words."""


def shows_crisis_help(kind: str, urgency: str) -> bool:
    """Return whether the answer to a report begins with who can help right now."""
    return urgency == "now" or kind == "wellbeing"


def stored_at(now: datetime, mode: str) -> datetime:
    """Return the time that is stored: of a confidential report only the day, in UTC."""
    if mode != CONFIDENTIAL:
        return now
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def remind_at(report: Report, now: datetime) -> datetime | None:
    """Return when moderators are told again; None once somebody looks, or when they were told often enough."""
    if report.status != NEW or report.reminders >= MOST_REMINDERS:
        return None
    return now + REMIND.get(report.urgency, REMIND["soon"])


def may_see(report: Report, moderator: Member) -> bool:
    """Return whether a moderator may look at a report: not when it is about themselves, nor their own."""
    return moderator.id not in (report.about_id, report.reporter_id)


def refusal(report: Report, moderator: Member) -> str | None:
    """Return why a moderator cannot act on a report, as the key of a refusal; None when they can."""
    if not may_see(report, moderator):
        return "report.not_for_you"
    if report.status == RESOLVED:
        return "report.resolved"
    return None


def order(reports: list[Report]) -> list[Report]:
    """Return reports as they should be looked at: the urgent first, then those nobody has seen, then the oldest."""
    return sorted(reports, key=lambda one: (URGENCIES.index(one.urgency), one.status != NEW, one.number))
