"""Receipts, weeks, windows, batches and pseudonyms. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.receipts import same
from storage.feedback import DONE, PUBLISHED, WORKING

LEAST_MEMBERS = 10
LEAST_WAITING = 3
WINDOW = timedelta(hours=72)
"""How long a moderator can stop the sender of a confidential note, and how long a week's key outlives its week."""

CONFIDENTIAL_A_WEEK = 10
KEPT = timedelta(days=365)
"""How long a note is kept after the week in which it was written."""

CODE = 6
"""Letters of a note's id by which coordinators and moderators call it."""


def week(now: datetime) -> str:
    """Return the ISO week of UTC as 2026-W10: the only time that is stored with a note."""
    year, number, _ = now.astimezone(UTC).isocalendar()
    return f"{year}-W{number:02d}"


def key_ends(name: str) -> datetime:
    """Return when the key of a week ("2026-W10") is destroyed: 72 hours after the week's end, in UTC."""
    year, number = name.split("-W")
    monday = datetime.fromisocalendar(int(year), int(number), 1).replace(tzinfo=UTC)
    return monday + timedelta(days=7) + WINDOW


def ended(weeks: Iterable[str], now: datetime) -> list[str]:
    """Return the weeks whose key is to be destroyed by now."""
    return [name for name in weeks if key_ends(name) <= now]


def goes_out(waiting: int) -> bool:
    """Whether enough waits for a batch: fewer would point at their authors."""
    return waiting >= LEAST_WAITING


# -- pseudonyms


def people(member_id: str, space_id: str, account: str) -> tuple[str, ...]:
    """Return the names under which a sender is known to the process: as a member if they are one, and by account.

    The first is the one that a new note gets. An account is one's own on its space, also before there is a member row.
    """
    by_account = f"{space_id}/{account}"
    return (member_id, by_account) if member_id else (by_account,)


def pseudonym(key: bytes, community_id: str, note_id: str, person: str) -> str:
    """Return a note's pseudonym: HMAC-SHA-256 of who wrote it, under the week's key.

    The note's id goes in, so that two notes of one sender have two pseudonyms: nobody without the key sees that they
    belong together, and when the key is gone nobody ever will.
    """
    return hmac.digest(key, "\x1f".join((community_id, note_id, person)).encode(), "sha256").hex()


Stored = tuple[str, str, str, bool, datetime]
"""(note, pseudonym, week, whether its sender is blocked, until when), as `storage.feedback.pseudonyms` gives them."""


def mine(
    stored: Collection[Stored], keys: Mapping[str, bytes], community_id: str, people: Collection[str]
) -> list[Stored]:
    """Return those pseudonyms that are a sender's own, as far as the keys still exist."""
    return [
        one
        for one in stored
        if one[2] in keys
        and any(same(one[1], pseudonym(keys[one[2]], community_id, one[0], person)) for person in people)
    ]


def blocked_until(own: Collection[Stored], now: datetime) -> datetime | None:
    """Return until when a sender may not write, if a moderator stopped them: the latest end of a blocked note."""
    return max((until for _, _, _, blocked, until in own if blocked and until > now), default=None)


def too_many(own: Collection[Stored], this_week: str) -> bool:
    """Whether a sender has sent their share of confidential notes this week."""
    return sum(1 for one in own if one[2] == this_week) >= CONFIDENTIAL_A_WEEK


# -- what coordinators do

STEPS = {PUBLISHED: (WORKING, DONE), WORKING: (DONE, PUBLISHED), DONE: (WORKING,)}
"""Status -> what it may become; the first is what is offered first."""


def step(arg: str) -> tuple[str, str] | None:
    """Read a button's "before>after"; None for a step that does not exist. Input is untrusted."""
    before, _, after = arg.partition(">")
    return (before, after) if after in STEPS.get(before, ()) else None
