"""What Discord's refusals mean to the core: wait, try again, take another way, or stop.

Sources: Discord's API reference, "Opcodes and Status Codes" (JSON error codes) and "Rate Limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.platform import Forbidden, RateLimited, SendFailed, Transient, Unreachable

# Nothing and nobody there, or nobody who takes messages: the ladder goes on.
GONE = frozenset(
    {
        10003,  # unknown channel
        10004,  # unknown guild
        10007,  # unknown member
        10008,  # unknown message
        10011,  # unknown role
        10013,  # unknown user
        50001,  # missing access: the bot was taken out of this channel or thread
        50007,  # this user takes no messages from the bot
        50278,  # no shared server, or DMs closed (since 2026)
        30033,  # the thread is full
        160006,  # the server has as many active threads as it may have
    }
)
OPENING_TOO_FAST = 40003
FLAGGED_AS_SPAM = 20026
ALREADY_ANSWERED = 40060
TOO_LATE = frozenset({10015, 10062, 50027})  # unknown webhook, unknown interaction, token that has run out
ARCHIVED = 50083
REUSED_NONCE = 10008
"""Sending answers "unknown message" when the same nonce was sent before and its message was deleted since."""

DM_PAUSE = 600.0
"""Seconds until a first message is tried again after Discord said that DMs are opened too fast: [A] a guess."""

BANNED_PAUSE = 900.0
"""Seconds that Discord's front door stays closed when it does not say for how long: [A] a guess."""


def failed(status: int, body: Any, headers: Mapping[str, str]) -> SendFailed:
    """Return the error that a refused request means; `body` is the decoded answer, or its text."""
    code = body.get("code", 0) if isinstance(body, dict) else 0
    name = f"{status}:{code}"
    if status == 429:
        return _limited(name, body, headers)
    if status == 401:
        return Forbidden(name, stop=True)
    if code in (OPENING_TOO_FAST, FLAGGED_AS_SPAM):
        return RateLimited(name, retry_after=DM_PAUSE)
    if code in GONE or status == 404:
        return Unreachable(name)
    if status == 403:
        return Forbidden(name)
    if status >= 500:
        return Transient(name, doubtful=True)
    return SendFailed(name)


def _limited(name: str, body: Any, headers: Mapping[str, str]) -> RateLimited:
    told = headers.get("Retry-After", "")
    if not isinstance(body, dict):
        # Not the API but what stands before it: the address is banned for a while.
        return RateLimited(f"{name}:banned", retry_after=_seconds(told) or BANNED_PAUSE, whole=True)
    seconds = max(_seconds(body.get("retry_after")), _seconds(told))
    return RateLimited(name, retry_after=seconds, whole=bool(body.get("global")))


def _seconds(value: Any) -> float:
    try:
        return max(0.0, float(value))
    except (TypeError, ValueError):
        return 0.0


def code_of(error: SendFailed) -> int:
    """Return Discord's own code of a failure; 0 where it gave none."""
    _, _, code = error.code.partition(":")
    return int(code) if code.isdecimal() else 0
