"""How fast messages may leave: below what platforms publish, so that a limit is met here and not there.

A limit is a window: at most so many calls in any stretch of that length. Nothing blocks: a call whose turn has not come
is told when to come back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from bot.chat.platform import Forbidden, RateLimited, SendFailed, Unreachable
from bot.delivery import Deliver, Edit, Enter, Grant, OpenRoom, Post


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` calls in any stretch of `per`."""

    most: int
    per: timedelta

    def __post_init__(self) -> None:
        if self.most < 1 or self.per <= timedelta():
            raise ValueError(f"a rate lets at least one call through in some time, not {self.most} in {self.per}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The limits of one platform.

    `scope`: whether `whole`, `opening` and `acts` count over the platform (one bot) or each space (one app a space).
    `whole`: all calls. `place`: messages to one channel, DM or room. `opening`: first messages to somebody, the ones
    that get bots quarantined. `acts`: other calls, by kind. `refusals`: so many refused calls stop the platform.
    """

    scope: Literal["platform", "space"] = "platform"
    whole: tuple[Rate, ...] = ()
    place: tuple[Rate, ...] = ()
    opening: tuple[Rate, ...] = ()
    acts: Mapping[str, tuple[Rate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    refusals: Rate | None = None


_SECOND, _MINUTE, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)

PACES: Mapping[str, Pace] = MappingProxyType(
    {
        # Published: 50 requests a second for a bot; 10,000 refused requests in 10 minutes get its address banned. First
        # DMs have no published limit; bots were quarantined after 25 to 40 in a row.
        "discord": Pace(
            whole=(Rate(40, _SECOND),),
            place=(Rate(5, 5 * _SECOND),),
            opening=(Rate(1, 3 * _SECOND), Rate(100, _DAY)),
            refusals=Rate(500, 10 * _MINUTE),
        ),
        # Published: a message a second for a channel; 20 calls a minute of `conversations.create` and of the user group
        # methods, 50 of `chat.update` and `conversations.open`, for an app in a workspace.
        "slack": Pace(
            scope="space",
            place=(Rate(1, _SECOND),),
            opening=(Rate(40, _MINUTE),),
            whole=(Rate(50, _MINUTE),),
            acts=MappingProxyType(
                {"edit": (Rate(40, _MINUTE),), "open_room": (Rate(15, _MINUTE),), "grant": (Rate(15, _MINUTE),)}
            ),
        ),
    }
)
"""What each platform gets. A platform that is not here (the playground) is not paced."""


class Window:
    """Counts the calls of one limit."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self._calls: deque[datetime] = deque(maxlen=rate.most)
        self._promised: datetime | None = None

    def ready_at(self, now: datetime) -> datetime:
        """Return when the next call may be made: `now` or later."""
        if len(self._calls) < self.rate.most:
            return now
        return max(now, self._calls[0] + self.rate.per)

    def count(self, now: datetime) -> None:
        """Note a call."""
        self._calls.append(now)

    def promise(self, now: datetime) -> datetime:
        """Return when to come back: each who asks is given a later moment, so that they do not come back together."""
        ready = self.ready_at(now)
        self._promised = max(ready, self._promised + self.rate.per / self.rate.most) if self._promised else ready
        return self._promised

    def idle(self, now: datetime) -> bool:
        """Return whether forgetting this window changes nothing."""
        return not self._calls or self._calls[-1] + self.rate.per <= now


class Pacing:
    """Says when a call's turn is. Keeps its counts in memory: a restart forgets them, at worst for one stretch each."""

    def __init__(self, paces: Mapping[str, Pace] = PACES) -> None:
        self._paces = paces
        self._windows: dict[tuple[object, ...], Window] = {}

    def take(self, call: Deliver, now: datetime) -> datetime | None:
        """Return None when the call may be made now, which counts it; else when to ask again (after `now`)."""
        windows = [self._window(name, rate) for name, rate in self._limits(call)]
        slowest = max(windows, key=lambda window: window.ready_at(now), default=None)
        if slowest is not None and slowest.ready_at(now) > now:
            return slowest.promise(now)
        for window in windows:
            window.count(now)
        return None

    def forget_idle(self, now: datetime) -> None:
        """Drop windows that count nothing any more."""
        self._windows = {name: window for name, window in self._windows.items() if not window.idle(now)}

    def _limits(self, call: Deliver) -> list[tuple[tuple[object, ...], Rate]]:
        pace = self._paces.get(call.platform)
        if pace is None:
            return []
        scope = (call.platform, call.space if pace.scope == "space" else "")
        kind = _kind(call)
        limits: list[tuple[tuple[object, ...], tuple[Rate, ...]]] = [
            ((*scope, "whole"), pace.whole),
            ((*scope, kind), pace.acts.get(kind, ())),
        ]
        if isinstance(call.act, Post):
            limits.append(((*scope, "place", call.address.channel or call.address.id), pace.place))
        if call.opens_dm:
            limits.append(((*scope, "opening"), pace.opening))
        return [((*name, index), rate) for name, rates in limits for index, rate in enumerate(rates)]

    def _window(self, name: tuple[object, ...], rate: Rate) -> Window:
        return self._windows.setdefault(name, Window(rate))


def _kind(call: Deliver) -> str:
    match call.act:
        case Post():
            return "post"
        case Edit():
            return "edit"
        case OpenRoom():
            return "open_room"
        case Grant():
            return "grant"
        case Enter():
            return "calendar"


class Breaker:
    """Stops a platform (or one space of it, where each has its own app) that says that the whole bot is at fault."""

    def __init__(self, paces: Mapping[str, Pace] = PACES) -> None:
        self._paces = paces
        self._until: dict[tuple[str, str], datetime | None] = {}
        self._refused: dict[str, Window] = {}

    def note(self, call: Deliver, error: SendFailed, now: datetime) -> bool:
        """Take notice of a failed call; return whether it stopped something."""
        pace = self._paces.get(call.platform, Pace())
        scope = (call.platform, call.space if pace.scope == "space" else "")
        match error:
            case Forbidden(stop=True):
                self._until[scope] = None
                return True
            case RateLimited(whole=True, retry_after=seconds):
                self._until[scope] = now + timedelta(seconds=max(seconds, 1))
                return True
            case Forbidden() | Unreachable() | RateLimited() if pace.refusals is not None:
                return self._refusal(scope, pace.refusals, now)
            case _:
                return False

    def stopped(self, now: datetime) -> tuple[set[str], set[str]]:
        """Return (platforms, ids of spaces) that are not to be called now."""
        open_ = [scope for scope, until in self._until.items() if until is None or until > now]
        return {platform for platform, space in open_ if not space}, {space for _, space in open_ if space}

    def mend(self, platform: str) -> None:
        """Let calls to a platform through again: its token was replaced."""
        self._until = {scope: until for scope, until in self._until.items() if scope[0] != platform}

    def _refusal(self, scope: tuple[str, str], rate: Rate, now: datetime) -> bool:
        window = self._refused.setdefault(scope[0], Window(rate))
        window.count(now)
        if window.ready_at(now) <= now:
            return False
        self._until[scope] = window.ready_at(now)
        return True
