"""Who is asked to take a request. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from storage.member import Member
from storage.request import RequestHelper

MOST_OPEN = 3
AT_ONCE = 3
"""How many questions a mentor holds at once who said nothing about it."""


def tag_of(words: str) -> str:
    """Return what a request is about in the form in which it is stored and compared."""
    return " ".join(words.casefold().split())


def route(
    mentors: Sequence[Member], tag: str, now: datetime, *, not_these: Collection[str], load: Mapping[str, int],
    solved: Mapping[str, int], said: Mapping[str, RequestHelper],
) -> list[str]:  # fmt: skip
    """Return the mentors who offer the tag and have room: who has least in hand first, then who solved most of these.

    Who said that they are not to be asked is not among them.
    """
    fit = [
        one.id
        for one in mentors
        if one.id not in not_these
        and one.takes_part(now)
        and tag in {tag_of(offer) for offer in one.offers}
        and has_room(said.get(one.id), load.get(one.id, 0))
    ]
    return sorted(fit, key=lambda one: (load.get(one, 0), -solved.get(one, 0), one))


def has_room(said: RequestHelper | None, load: int) -> bool:
    """Return whether a mentor with `load` questions in hand can be asked to take one more."""
    return load < AT_ONCE if said is None else said.asked and load < said.at_once
