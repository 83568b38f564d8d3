"""How much one person may ask at once: a token bucket a person, in memory, gone with the process."""

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
