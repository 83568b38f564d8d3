"""Who people are in one workspace: names, zones, administration and user groups, remembered for five minutes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.client import Client
from bot.chat.incoming import Actor, Standing
from bot.chat.platform import Forbidden, Named, Profile, SendFailed

KEPT = 300.0
"""Seconds that an account, and who is in which group, is believed. Slack's change events end it at once."""

MOST = 20_000
"""Accounts kept in memory; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Account:
    """What Slack knows of an account."""

    profile: Profile
    admin: bool
    foreign: bool


@dataclass(frozen=True, slots=True)
class Groups:
    """The user groups of a workspace: for pickers, and account -> ids of its groups."""

    all: tuple[Named, ...] = ()
    of: Mapping[str, frozenset[str]] | None = None

    def having(self, user: str) -> frozenset[str]:
        """Return the ids of an account's groups."""
        return (self.of or {}).get(user, frozenset())


class People:
    """Looks accounts up. `tick` is a monotonic clock in seconds."""

    def __init__(self, client: Client, team: str, tick: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._team = team
        self._tick = tick
        self._known: dict[str, tuple[float, Account]] = {}
        self._groups: tuple[float, Groups] | None = None

    async def actor(self, user: str, name: str) -> tuple[Actor, str]:
        """Return the account behind an event, and its locale; with no standing where Slack does not answer."""
        try:
            account, groups = await asyncio.gather(self._account(user), self.groups())
        except SendFailed:
            return Actor(user, name or user, name), ""
        profile = account.profile
        standing = Standing(frozenset({user}) | groups.having(user), account.admin)
        return (
            Actor(user, profile.name, profile.handle, standing, profile.is_bot, profile.zone, profile.email),
            profile.locale or "",
        )

    def remembered(self, user: str) -> Profile | None:
        """Return what was last heard of an account, however long ago; None when nothing was."""
        held = self._known.get(user)
        return held[1].profile if held is not None else None

    async def standing(self, user: str) -> Standing:
        """Look up an account's groups and administration, fresh. Raises `SendFailed`."""
        self.forget(user)
        self.forget_groups()
        account, groups = await asyncio.gather(self._account(user), self.groups())
        return Standing(frozenset({user}) | groups.having(user), account.admin)

    async def profile(self, user: str) -> Profile:
        """Return what Slack knows of an account. Raises `SendFailed`."""
        return (await self._account(user)).profile

    async def groups(self) -> Groups:
        """Return the user groups; none where the plan has none or the app may not see them. Raises `SendFailed`."""
        if self._groups is not None and self._tick() - self._groups[0] < KEPT:
            return self._groups[1]
        try:
            found = _groups(await self._client.ask("usergroups.list", include_users=True))
        except Forbidden as refused:
            if refused.stop:
                raise
            found = Groups()
        self._groups = (self._tick(), found)
        return found

    def forget(self, user: str) -> None:
        """Believe nothing about an account any more: it changed."""
        self._known.pop(user, None)

    def forget_groups(self) -> None:
        """Believe nothing about groups any more: they changed."""
        self._groups = None

    async def _account(self, user: str) -> Account:
        held = self._known.get(user)
        if held is not None and self._tick() - held[0] < KEPT:
            return held[1]
        answer = await self._client.ask("users.info", user=user, include_locale=True)
        account = account_of(answer.get("user") or {}, self._team)
        self._known.pop(user, None)
        self._known[user] = (self._tick(), account)
        while len(self._known) > MOST:
            self._known.pop(next(iter(self._known)))
        return account


def account_of(user: Mapping[str, Any], team: str) -> Account:
    """Return an account from a `user` object. A guest, or somebody of another organisation, administers nothing."""
    shown = user.get("profile") or {}
    handle = str(user.get("name") or user.get("id") or "")
    name = str(shown.get("display_name") or shown.get("real_name") or user.get("real_name") or handle)
    foreign = bool(user.get("is_stranger")) or (
        (user.get("team_id") or team) != team and not user.get("enterprise_user")
    )
    profile = Profile(
        user=str(user.get("id") or ""), name=name, handle=handle, zone=user.get("tz") or None,
        locale=user.get("locale") or None, is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
        email=str(shown.get("email") or ""),
    )  # fmt: skip
    admin = any(user.get(key) is True for key in ("is_admin", "is_owner", "is_primary_owner"))
    return Account(profile, admin and not foreign and not user.get("deleted"), foreign)


def _groups(answer: Mapping[str, Any]) -> Groups:
    members: dict[str, set[str]] = {}
    named = []
    for group in answer.get("usergroups") or ():
        if group.get("date_delete"):
            continue
        named.append(Named(str(group["id"]), str(group.get("name") or group.get("handle") or group["id"])))
        for user in group.get("users") or ():
            members.setdefault(str(user), set()).add(str(group["id"]))
    return Groups(tuple(named), {user: frozenset(groups) for user, groups in members.items()})
