"""Which mentor or pair a latecomer fits best, by the same hard rules as any round. Pure; runs in a worker process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.matching import Group, Request, faults, judge

TRIES = 3
"""How many are asked, one after the other, before the latecomer waits for the next round."""

ANSWER_WITHIN = timedelta(days=2)

LEAST_LEFT = timedelta(weeks=1)
"""A round that ends sooner takes nobody in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody may fit: `key` is the id of a pair, or of a mentor; `members` who is there already."""

    key: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looking:
    """A latecomer, the places that are free, and the request of the running round with everybody who can take part."""

    newcomer: str
    places: tuple[Place, ...]
    request: Request


@dataclass(frozen=True, slots=True)
class Offer:
    """The best place, with the group as it would be."""

    place: Place
    group: Group


def has_time(ends: datetime | None, now: datetime) -> bool:
    """Whether a round goes on long enough to take somebody in."""
    return ends is not None and ends - now >= LEAST_LEFT


def best(looking: Looking | None) -> Offer | None:
    """Return the best legal place, or None. That two of a pair have met in this round speaks against nobody."""
    if looking is None:
        return None
    offers = list(_offers(looking))
    return min(offers, key=lambda offer: (-offer.group.score, offer.place.key)) if offers else None


def _offers(looking: Looking) -> Iterator[Offer]:
    known = {person.id: person for person in looking.request.people}
    for place in looking.places:
        # A mentor stands first in mentor mode; elsewhere the order says nothing.
        ids = (*place.members, looking.newcomer)
        if not all(one in known for one in ids):
            continue
        people = tuple(known[one] for one in sorted(ids))
        history = tuple(
            (number, met)
            for number, met in looking.request.history
            if number != looking.request.round_index or looking.newcomer in met
        )
        small = replace(looking.request, people=people, history=history, locked=(), forbidden=_among(looking, ids))
        if not faults(small, ids):
            yield Offer(place, judge(small, (ids,)).groups[0])


def _among(looking: Looking, ids: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Return what a coordinator forbade, as far as it is about these people."""
    cut = (group & frozenset(ids) for group in looking.request.forbidden)
    return tuple(group for group in cut if len(group) > 1)
