"""A platform in memory: it records what it accepts, honours nonces for a while, and fails when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat.incoming import Standing
from bot.chat.platform import (
    Address,
    Allowed,
    Capabilities,
    MessageRef,
    Named,
    Occasion,
    Profile,
    SendFailed,
    Transient,
    Unreachable,
)
from bot.chat.views import View, as_text
from bot.clock import Clock

KNOWS_NONCES = Capabilities(form_after_form=False, field_errors=False, nonce_window=timedelta(minutes=2))
HAS_HISTORY = Capabilities(form_after_form=True, field_errors=True, probes=True)
KNOWS_NOTHING = Capabilities(form_after_form=True, field_errors=True)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that took effect."""

    at: datetime
    op: str
    to: str
    key: str
    view: View | None = None
    ref: MessageRef | None = None

    @property
    def text(self) -> str:
        """What was said, as plain text."""
        return as_text(self.view) if self.view else ""


@dataclass(slots=True)
class Fault:
    """How one call fails: with `error`, before or after it took effect, or never answering at all."""

    error: SendFailed | None = None
    accepted: bool = False
    hangs: bool = False


@dataclass(slots=True)
class FakePlatform:
    """`accepted` holds what took effect, in order; `tried` every call, also refused ones.

    `faults` are used up by the next calls of `send`, `edit`, `open_room` and `grant`; `always(op, to)` may return a
    fault for a call instead. `find_faults` are used up by `find`. `closed` accounts take no DMs, `gone` places nothing.
    """

    clock: Clock
    name: str = "fake"
    capabilities: Capabilities = KNOWS_NONCES
    accepted: list[Accepted] = field(default_factory=list)
    tried: list[Accepted] = field(default_factory=list)
    faults: list[Fault | SendFailed] = field(default_factory=list)
    find_faults: list[SendFailed] = field(default_factory=list)
    always: Callable[[str, str], Fault | None] = lambda op, to: None
    closed: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    in_flight: dict[str, int] = field(default_factory=dict)
    most_in_flight: int = 0
    pause: Callable[[], asyncio.Future[None] | None] = lambda: None
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    def allowed(self, space: str) -> Sequence[Allowed]:
        return ()

    async def send(self, to: Address, view: View, *, key: str) -> MessageRef:
        """Post a message, once for a nonce that is still known."""
        place = to.id
        if (to.kind == "user" and place in self.closed) or place in self.gone:
            self.tried.append(Accepted(self.clock.now(), "send", place, key, view))
            raise Unreachable("closed")
        channel = f"dm-{place}" if to.kind == "user" else place
        done = await self._do("send", place, key, view, channel)
        assert done.ref is not None
        return done.ref

    async def edit(self, at: MessageRef, view: View, *, space: str) -> None:
        """Rewrite a message."""
        await self._do("edit", at.channel, at.message, view, at.channel)

    async def find(self, to: Address, *, key: str, since: datetime) -> MessageRef | None:
        """Look in everything that was accepted since."""
        self.found.append(key)
        if self.find_faults:
            raise self.find_faults.pop(0)
        return next((one.ref for one in self.accepted if one.key == key and one.to == to.id and one.at >= since), None)

    async def open_room(
        self, space: str, users: Sequence[str], title: str, *, key: str, under: str | None = None
    ) -> str:
        """Open a room, the same one for the same key."""
        return f"room-{(await self._do('open_room', '+'.join(users), key, None, title)).key[:6]}"

    async def calendar(self, space: str, what: Occasion | None, *, known: str | None) -> str:
        """Keep an event, change it or take it off."""
        text = what.title if what is not None else None
        return known or (await self._do("calendar", space, text or "", None, text)).key

    async def grant(self, space: str, user: str, role: str, *, give: bool) -> None:
        """Give or take a role."""
        await self._do("grant" if give else "revoke", user, role, None, role)

    async def standing(self, space: str, user: str) -> Standing:
        """Nobody is anybody."""
        return Standing()

    async def profile(self, space: str, user: str) -> Profile:
        """Everybody is known."""
        return Profile(user, user, user)

    async def members(self, space: str) -> AsyncIterator[Profile]:
        """Nobody is listed."""
        return
        yield  # pragma: no cover

    async def channels(self, space: str) -> Sequence[Named]:
        """There are none."""
        return ()

    async def show_home(self, space: str, user: str, view: View) -> None:
        """There is no home."""

    async def called(self, times: int = 1) -> None:
        """Wait until so many calls have come in."""
        while len(self.tried) < times:
            self._called.clear()
            await self._called.wait()

    async def _do(self, op: str, to: str, key: str, view: View | None, channel: str) -> Accepted:
        call = Accepted(self.clock.now(), op, to, key, view, MessageRef(channel, f"m{len(self.accepted) + 1}"))
        self.tried.append(call)
        self._called.set()
        fault = self._fault(op, to)
        self.in_flight[to] = self.in_flight.get(to, 0) + 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[to])
        try:
            await asyncio.sleep(0)
            if (held := self.pause()) is not None:
                await held
            if fault.error is not None and not fault.accepted:
                raise fault.error
            if fault.hangs and not fault.accepted:
                await asyncio.Event().wait()
            done = self._once(call)
            if fault.hangs:
                await asyncio.Event().wait()
            if fault.error is not None:
                raise fault.error
            return done
        finally:
            self.in_flight[to] -= 1

    def _fault(self, op: str, to: str) -> Fault:
        if self.faults:
            fault = self.faults.pop(0)
            return fault if isinstance(fault, Fault) else Fault(fault)
        return self.always(op, to) or Fault()

    def _once(self, call: Accepted) -> Accepted:
        window = timedelta.max if call.op == "open_room" else self.capabilities.nonce_window or timedelta()
        for one in self.accepted:
            if (one.op, one.to, one.key) == (call.op, call.to, call.key) and call.at - one.at < window:
                return one
        self.accepted.append(call)
        return call


def lost_answer(code: str = "connection_reset") -> Fault:
    """A call that takes effect, but whose answer never comes back."""
    return Fault(Transient(code, doubtful=True), accepted=True)
