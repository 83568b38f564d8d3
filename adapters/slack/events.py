"""Slack's events: what each one says about members, groups, pages and the app itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.incoming import NAME, Malformed, Origin, event_id, text
from adapters.slack.people import account_of
from adapters.slack.texts import USER
from bot.chat.incoming import Actor, MemberJoined, MemberLeft, Place, SpaceGone, SpaceRef, Standing

WANTED = (
    "app_home_opened", "app_uninstalled", "subteam_created", "subteam_members_changed", "subteam_updated", "team_join",
    "tokens_revoked", "user_change",
)  # fmt: skip
"""The events that the app subscribes to. None of them holds what people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an event means: something to apply, an account or the groups to look up anew, a page that was opened."""

    applies: MemberJoined | MemberLeft | SpaceGone | None = None
    user: str = ""
    groups: bool = False
    opened: Origin | None = None


def read(body: Mapping[str, Any], team: str, bot: str) -> Seen:
    """Read an event of the workspace `team`, whose bot is the account `bot`. Raises `Malformed`.

    What concerns another workspace (a shared channel shows its people too) says nothing here.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or text(body, "team_id") not in (team, ""):
        return Seen()
    match text(event, "type"):
        case "app_home_opened":
            return _opened(event, team)
        case "team_join" | "user_change" as kind:
            return _person(body, event, team, kind)
        case "subteam_created" | "subteam_members_changed" | "subteam_updated":
            return Seen(groups=True)
        case "tokens_revoked" if not (isinstance(event.get("tokens"), Mapping) and event["tokens"].get("bot")):
            return Seen()
        case "app_uninstalled" | "tokens_revoked":
            return Seen(applies=_gone(event_id(body, bot), team, bot))
        case _:
            return Seen()


def gone(team: str, bot: str, moment: str) -> SpaceGone:
    """Return the event for a workspace that turned out to have removed the app. `moment` keeps two removals apart."""
    return _gone(f"{NAME}:{team}:gone:{moment}", team, bot)


def _gone(request_id: str, team: str, bot: str) -> SpaceGone:
    return SpaceGone(
        request_id=request_id, platform=NAME, space=SpaceRef(NAME, team), actor=Actor(bot, "", is_bot=True),
        place=Place("home", bot),
    )  # fmt: skip


def _opened(event: Mapping[str, Any], team: str) -> Seen:
    user = text(event, "user")
    if text(event, "tab") != "home" or not USER.fullmatch(user):
        return Seen()
    place = Place("home", user)
    request = f"{NAME}:{team}:home"
    return Seen(opened=Origin(request_id=request, team=team, user=user, name="", place=place, container="home"))


def _person(body: Mapping[str, Any], event: Mapping[str, Any], team: str, kind: str) -> Seen:
    given = event.get("user")
    if not isinstance(given, Mapping) or not isinstance(given.get("profile") or {}, Mapping):
        raise Malformed("user")
    user = text(given, "id")
    if not USER.fullmatch(user):
        raise Malformed("user")
    account = account_of(given, team)
    if account.foreign or account.profile.is_bot:
        return Seen(user=user)
    if kind == "user_change" and given.get("deleted") is not True:
        return Seen(user=user)
    profile = account.profile
    happened = MemberJoined if kind == "team_join" else MemberLeft
    standing = Standing(frozenset({user}), account.admin)
    return Seen(
        user=user,
        applies=happened(
            request_id=event_id(body, user), platform=NAME, space=SpaceRef(NAME, team),
            actor=Actor(user, profile.name, profile.handle, standing, zone=profile.zone, email=profile.email),
            place=Place("home", user),
            locale=profile.locale or "",
        ),
    )  # fmt: skip
