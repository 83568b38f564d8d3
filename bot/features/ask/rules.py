"""Who is asked to take a request. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from storage.member import Member

MOST_OPEN = 3


def tag_of(words: str) -> str:
    """Return what a request is about in the form in which it is stored and compared."""
    return " ".join(words.casefold().split())


def route(
    mentors: Sequence[Member], tag: str, now: datetime, *, not_these: Collection[str], load: Mapping[str, int],
    solved: Mapping[str, int],
) -> list[str]:  # fmt: skip
    """Return the mentors who offer the tag: who has least in hand first, then who solved most of these."""
    fit = [
        one.id
        for one in mentors
        if one.id not in not_these and one.takes_part(now) and tag in {tag_of(offer) for offer in one.offers}
    ]
    return sorted(fit, key=lambda one: (load.get(one, 0), -solved.get(one, 0), one))
