"""What the process remembers of who asked how often, and never writes down: gone with the process."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.chat.spec import Command, FormSpec
from bot.errors import UserError
from bot.patience import Caution, Patience
from bot.requests import Request

T = TypeVar("T")
SENSITIVE_KEPT = 100_000
"""So many sensitive requests are known again when a platform delivers them a second time."""


@dataclass(slots=True)
class Memory:
    """Limits a person, and the sensitive requests that were dealt with: names that only this process can make again."""

    _daily: dict[str, Patience] = field(default_factory=dict)
    _guesses: dict[str, Caution] = field(default_factory=dict)
    _dealt_with: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def allow(self, request: Request, who: Hashable, patience: Patience | None) -> None:
        """Hold a person to what a request allows a day, and to the pause that wrong guesses have earned.

        Raises `UserError`. Without `patience` nothing is limited.
        """
        if patience is None:
            return
        most = request.spec.a_day if isinstance(request.spec, FormSpec | Command) else None
        if most is not None:
            counter = self._daily.setdefault(request.effect, Patience(patience.tick, most, 86_400 / most))
            if not counter.allows(who):
                raise UserError("core.enough_today")
        caution = self._guesses.get(request.effect)
        if caution is not None and (wait := caution.waits(who)) > 0:
            raise UserError("core.wait", minutes=max(1, -(-int(wait) // 60)))

    def refused(self, request: Request, who: Hashable, key: str, patience: Patience | None) -> None:
        """Remember that a person guessed wrong, if the refusal `key` says so."""
        guess = request.spec.guess if isinstance(request.spec, FormSpec) else ""
        if guess and key == guess and patience is not None:
            self._guesses.setdefault(request.effect, Caution(patience.tick)).failed(who)

    async def once(self, request_id: str, answer: Callable[[], Awaitable[T]]) -> T:
        """Deal with a sensitive request unless that was done before (`UserError`).

        No row of it is stored, not even one that says nothing: where it lies in the file would tell when it came.
        """
        name = hmac.new(self._secret, request_id.encode(), hashlib.sha256).hexdigest()
        if name in self._dealt_with:
            raise UserError("core.already_received")
        self._dealt_with[name] = None
        while len(self._dealt_with) > SENSITIVE_KEPT:
            self._dealt_with.popitem(last=False)
        try:
            return await answer()
        except Exception:
            # Rolled back. A caller who went away is no reason to forget: the write goes on without them.
            self._dealt_with.pop(name, None)
            raise
