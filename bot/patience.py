"""How much one person may ask at once, and how fast they may guess: in memory, gone with the process."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Patience:
    """Allows `burst` requests at once and one more every `every_s` seconds. `tick` is a monotonic clock in seconds."""

    tick: Callable[[], float]
    burst: int = 30
    every_s: float = 1.0
    _buckets: dict[Hashable, tuple[float, float]] = field(default_factory=dict)

    def allows(self, who: Hashable) -> bool:
        """Take one token of `who`; False when there is none."""
        now = self.tick()
        if len(self._buckets) > 100_000:
            self._buckets.clear()
        tokens, since = self._buckets.get(who, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - since) / self.every_s)
        if tokens < 1:
            self._buckets[who] = (tokens, now)
            return False
        self._buckets[who] = (tokens - 1, now)
        return True


FREE_GUESSES = 3
FIRST_PAUSE_S, LONGEST_PAUSE_S = 60.0, 3600.0


@dataclass(slots=True)
class Caution:
    """Makes who guesses wrong wait: three mistakes are free, then one minute, twice as long each time, up to an hour.

    A right guess takes nothing back, so that a receipt of one's own does not buy further tries; an hour without a
    mistake does. `tick` is a monotonic clock in seconds.
    """

    tick: Callable[[], float]
    _failures: dict[Hashable, tuple[int, float]] = field(default_factory=dict)

    def waits(self, who: Hashable) -> float:
        """Return for how many seconds more `who` has to wait; 0 when they may try."""
        times, since = self._failures.get(who, (0, 0.0))
        if times < FREE_GUESSES:
            return 0.0
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(times - FREE_GUESSES, 10))
        return max(0.0, since + pause - self.tick())

    def failed(self, who: Hashable) -> None:
        """Count a wrong guess."""
        now = self.tick()
        times, since = self._failures.get(who, (0, now))
        if len(self._failures) > 100_000:
            self._failures.clear()
        if now - since > LONGEST_PAUSE_S:
            times = 0
        self._failures[who] = (times + 1, now)
