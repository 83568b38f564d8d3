"""Sensitive forms that came back with mistakes: in memory only, behind a random token, and soon gone."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Kept:
    """A sensitive form that came back with mistakes. It lives in memory only, and knows no account."""

    form: str
    key: str
    raw: Mapping[str, str | tuple[str, ...]]
    errors: Mapping[str, str]


@dataclass(slots=True)
class Shelf:
    """The last few sensitive forms with mistakes, each behind a random token; nothing of them is ever written down."""

    size: int = 200
    _kept: OrderedDict[str, Kept] = field(default_factory=OrderedDict)

    def keep(self, kept: Kept) -> str:
        """Keep a form and return its token."""
        token = secrets.token_urlsafe(12)
        self._kept[token] = kept
        while len(self._kept) > self.size:
            self._kept.popitem(last=False)
        return token

    def take(self, token: str) -> Kept:
        """Return a form and let go of it. Raises `UserError` when it is gone."""
        kept = self._kept.pop(token, None)
        if kept is None:
            raise UserError("core.gone")
        return kept
