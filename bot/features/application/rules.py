"""What can be done with an application, and what its reviewers think of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from bot.i18n import N_
from storage.application import (
    APPROVED,
    ASKED,
    DECLINED,
    TALK,
    UNDECIDED,
    WAITING,
    WAITLISTED,
    Application,
    ApplicationReview,
)

SHOWN = 20
TALK_MINUTES = 30
SLOTS = 3

SHELVES = (
    ("waiting", N_("Waiting for a decision")),
    ("asked", N_("Asked, or invited to talk")),
    ("waitlisted", N_("On the waiting list")),
    ("approved", N_("Approved")),
    ("declined", N_("Declined")),
)
STATUSES = {
    "waiting": (WAITING,), "asked": (ASKED, TALK), "waitlisted": (WAITLISTED,), "approved": (APPROVED,),
    "declined": (DECLINED,),
}  # fmt: skip


def can_decide(application: Application) -> bool:
    """Whether coordinators can still decide: also about who waits for a place, or was declined before."""
    return application.status in (*UNDECIDED, WAITLISTED, DECLINED)


def mean_score(reviews: Sequence[ApplicationReview], criterion: str) -> float | None:
    """Return the mean of what reviewers gave for a criterion; None where nobody did."""
    given = [row.scores[criterion] for row in reviews if criterion in row.scores]
    return fmean(given) if given else None


def overall(reviews: Sequence[ApplicationReview], most: dict[str, int]) -> float | None:
    """Return the mean over reviewers and criteria as a share of the most, 0 to 1; `most` is criterion -> highest."""
    shares = [row.scores[key] / highest for row in reviews for key, highest in most.items() if key in row.scores]
    return fmean(shares) if shares else None
