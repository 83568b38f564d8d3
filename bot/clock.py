"""Time, names and chance, injected everywhere so that tests, the playground and `kith simulate` can move them."""

from __future__ import annotations

import random
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: sortable, without look-alikes


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return datetime.fromtimestamp(time.time(), UTC)  # the one look at the wall clock


class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Move the clock to `moment` (aware); backwards is allowed, as on real machines."""
        self._now = moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`."""
        self._now += step


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, 32)
        out = _ALPHABET[digit] + out
    return out


class Ids(Protocol):
    """Makes row ids: text, unique, at most 24 characters, safe in a button."""

    def new(self) -> str:
        """Return a new id."""
        ...

    def seed(self) -> int:
        """Return a seed to keep with a drawn result, so that it can be drawn again."""
        ...


class SystemIds:
    """Ids that sort in the order in which this process made them: 10 characters of time in milliseconds, 12 of chance.

    Two of one millisecond, or of a clock that went back, keep that order too: what was written first is sent first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest = (-1, 0)

    def new(self) -> str:
        """Return a new id."""
        moment, chance = self._newest
        now = int(self._clock.now().timestamp() * 1000)
        self._newest = (now, secrets.randbits(59)) if now > moment else (moment, chance + 1 + secrets.randbits(20))
        return _digits(self._newest[0], 10) + _digits(self._newest[1], 12)

    def seed(self) -> int:
        """Return a seed of 31 bits."""
        return secrets.randbits(31)


class SeededIds:
    """The same ids on every run with the same seed; for tests, the playground's demo and `kith simulate`."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - repeatable by design, never a secret
        self._count = 0

    def new(self) -> str:
        """Return a new id that sorts after the one before."""
        self._count += 1
        return _digits(self._count, 6) + _digits(self._rng.getrandbits(40), 8)

    def seed(self) -> int:
        """Return a seed of 31 bits."""
        return self._rng.getrandbits(31)
