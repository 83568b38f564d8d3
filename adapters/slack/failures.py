"""What Slack's refusals mean for delivery: try later, give up on this place, or stop the app."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from bot.chat.platform import Forbidden, RateLimited, SendFailed, Transient, Unreachable

STOPPED = frozenset({"account_inactive", "app_uninstalled", "token_revoked"})
"""Somebody took the app away from the workspace."""

_OURS = STOPPED | {"invalid_auth", "not_authed", "not_allowed_token_type", "org_login_required", "token_expired"}

_CLOSED = frozenset(
    {
        "as_user_not_supported", "cannot_dm_bot", "cannot_dm_user", "cant_update_message", "channel_is_archived",
        "channel_not_found", "channel_type_not_supported", "edit_window_closed", "ekm_access_denied", "is_archived",
        "is_inactive", "message_not_found", "messages_tab_disabled", "method_not_supported_for_channel_type",
        "no_such_subteam", "no_users_provided", "not_enabled", "not_enough_users", "not_in_channel",
        "not_in_conversation", "restricted_action", "restricted_action_read_only_channel",
        "restricted_action_thread_locked", "restricted_action_thread_only_channel", "team_access_not_granted",
        "too_many_users", "user_disabled", "user_not_found", "user_not_in_channel", "user_not_visible",
        "users_list_not_supplied", "users_not_found",
    }
)  # fmt: skip

# Slack says of these two that part of the operation may have been done.
_UNSURE = frozenset({"fatal_error", "internal_error"})
_LATER = frozenset(
    {"request_timeout", "service_unavailable", "team_added_to_org", "team_quota_exceeded", "update_failed"}
)

RETRY_AFTER = 30.0
"""Seconds to wait where a 429 does not say."""


def refused(status: int, code: str, headers: Mapping[str, str]) -> SendFailed:
    """Return what an answer that is not `ok` means: HTTP status, Slack's error code ("" without one), headers."""
    if status == 429 or code in ("ratelimited", "rate_limited", "message_limit_exceeded"):
        return RateLimited(code or "ratelimited", retry_after=_seconds(headers))
    if status >= 500 or code in _UNSURE:
        return Transient(code or f"http_{status}", doubtful=True)
    if code in _LATER:
        return Transient(code, doubtful=False)
    if code in _OURS:
        return Forbidden(code, stop=True)
    if code in _CLOSED:
        return Unreachable(code)
    return Forbidden(code or f"http_{status}")


def broken(error: Exception) -> SendFailed:
    """Return what an exception of the HTTP client means; only a connection that never stood leaves no doubt."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return Transient("no_connection", doubtful=False)
    if isinstance(error, TimeoutError):
        return Transient("timeout", doubtful=True)
    return Transient(type(error).__name__, doubtful=True)


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return min(max(float(headers.get("Retry-After", RETRY_AFTER)), 0.0), 3600.0)
    except ValueError:
        return RETRY_AFTER
