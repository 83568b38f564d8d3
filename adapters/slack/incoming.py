"""From Slack's payloads to the seam's events. Pure: JSON in, frozen values out; `Malformed` for what is no payload.

Of a message that a shortcut was used on, its author and its link are read, never its words.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.slack import forms
from adapters.slack.render import action_of
from adapters.slack.texts import CHANNEL, USER
from bot.chat.incoming import Place
from bot.chat.spec import Command, MemberParam, MembersParam, TextParam

NAME = "slack"
_ESCAPED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_TEAM = re.compile(r"[TE][A-Z0-9]{1,20}")


class Malformed(ValueError):
    """A payload that Slack would not send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something was done, and with what it can be answered.

    `container` is what was pressed or submitted in: a message, a modal, the Home, or nothing (a command, a shortcut).
    `ephemeral`: the pressed message is one that only its reader sees. `trigger` opens a modal within three seconds,
    `response_url` answers five times within thirty minutes.
    """

    request_id: str
    team: str
    user: str
    name: str
    place: Place
    container: Literal["none", "message", "modal", "home"] = "none"
    ephemeral: bool = False
    trigger: str = ""
    response_url: str = ""
    view: str = ""


def text(payload: Any, *path: str) -> str:
    """Return the text at a path of keys, "" where there is none. Raises `Malformed` for something else there."""
    here = payload
    for key in path:
        if here is None:
            return ""
        if not isinstance(here, Mapping):
            raise Malformed(f"{'.'.join(path)}: not an object")
        here = here.get(key)
    if here is None:
        return ""
    if not isinstance(here, str):
        raise Malformed(f"{'.'.join(path)}: not text")
    return here


def typed(line: str) -> str:
    """Return a command's words as the core reads them, from text that Slack escaped (`should_escape`).

    Accounts become `<@U1>`, channels and groups their name, links their address, and `&amp; &lt; &gt;` what they are.
    """
    return html.unescape(_ESCAPED.sub(_typed, line))


def _typed(found: re.Match[str]) -> str:
    mark, target, label = found.group(1), found.group(2), found.group(3) or ""
    match mark:
        case "@":
            return f"<@{target}>"
        case "#":
            return "#" + (label or target)
        case "!":
            return label or "@" + target.partition("^")[0]
        case _:
            return label if target.startswith("mailto:") and label else target


def command(body: Mapping[str, Any]) -> tuple[Origin, str]:
    """Read a slash command: where it came from and what was typed after it."""
    channel = text(body, "channel_id")
    if not CHANNEL.fullmatch(channel):
        raise Malformed("channel_id")
    origin = Origin(
        **_who(body, text(body, "team_id"), text(body, "user_id"), text(body, "user_name")),
        place=Place(_kind(channel, text(body, "channel_name")), channel),
        response_url=_url(text(body, "response_url")),
    )
    return origin, typed(text(body, "text"))


def press(body: Mapping[str, Any]) -> tuple[Origin, str, str | None] | None:
    """Read a press or a choice: (origin, encoded action, what was chosen); None for a link that was followed."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("actions")
    action = action_of(text(actions[0], "action_id"))
    if not action:
        return None
    return _pressed(body), action, _choice(actions[0])


def _pressed(body: Mapping[str, Any]) -> Origin:
    user = text(body, "user", "id")
    who = _who(body, _team(body), user, text(body, "user", "username") or text(body, "user", "name"))
    match text(body, "view", "type"):
        case "home":
            return Origin(**who, place=Place("home", user), container="home")
        case "modal":
            place = forms.loaded(text(body, "view", "private_metadata"), user)
            return Origin(**who, place=place, container="modal", view=text(body, "view", "id"))
    channel = text(body, "channel", "id") or text(body, "container", "channel_id")
    if not CHANNEL.fullmatch(channel):
        raise Malformed("channel")
    message = text(body, "container", "message_ts") or text(body, "message", "ts")
    container = body.get("container")
    return Origin(
        **who,
        place=Place(_kind(channel, text(body, "channel", "name")), channel, message or None),
        container="message",
        ephemeral=isinstance(container, Mapping) and container.get("is_ephemeral") is True,
        response_url=_url(text(body, "response_url")),
    )


def _choice(action: Mapping[str, Any]) -> str | None:
    match text(action, "type"):
        case "static_select":
            return text(action, "selected_option", "value")
        case "users_select":
            return text(action, "selected_user")
        case _:
            return None


def submission(body: Mapping[str, Any]) -> tuple[Origin, str, dict[str, str | tuple[str, ...]]]:
    """Read a submitted modal: (origin, encoded form, field -> value)."""
    user = text(body, "user", "id")
    state = body.get("view", {}).get("state") if isinstance(body.get("view"), Mapping) else None
    given = state.get("values") if isinstance(state, Mapping) else None
    try:
        values = forms.values(given if isinstance(given, Mapping) else {})
    except (ValueError, AttributeError, TypeError) as error:
        raise Malformed("state") from error
    origin = Origin(
        **_who(body, _team(body), user, text(body, "user", "username") or text(body, "user", "name")),
        place=forms.loaded(text(body, "view", "private_metadata"), user), container="modal",
        view=text(body, "view", "id"),
    )  # fmt: skip
    return origin, text(body, "view", "callback_id"), values


def shortcut(body: Mapping[str, Any]) -> tuple[Origin, tuple[str, ...], str, str]:
    """Read a shortcut: (origin, path of its command, author of the message, link to it); the last two may be ""."""
    user = text(body, "user", "id")
    who = _who(body, _team(body), user, text(body, "user", "username") or text(body, "user", "name"))
    path = tuple(text(body, "callback_id").partition(":")[0].split("."))
    if text(body, "type") != "message_action":
        return Origin(**who, place=Place("home", user)), path, "", ""
    channel, stamp = text(body, "channel", "id"), text(body, "message_ts") or text(body, "message", "ts")
    if not CHANNEL.fullmatch(channel) or not re.fullmatch(r"\d+\.\d+", stamp):
        raise Malformed("message")
    author = text(body, "message", "user")
    domain = re.sub(r"[^a-z0-9-]", "", text(body, "team", "domain"))
    link = f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}" if domain else ""
    place = Place(_kind(channel, text(body, "channel", "name")), channel)
    url = _url(text(body, "response_url"))
    return (
        Origin(**who, place=place, response_url=url), path, author if USER.fullmatch(author) else "", link,
    )  # fmt: skip


def options(command: Command, author: str, link: str) -> dict[str, str]:
    """Return what a shortcut gives a command: its author to the first member, its link to a text called `link`."""
    member = next((param.name for param in command.params if isinstance(param, MemberParam | MembersParam)), None)
    given = {member: f"<@{author}>"} if member and author else {}
    if link and any(isinstance(param, TextParam) and param.name == "link" for param in command.params):
        given["link"] = link
    return given


def event_id(body: Mapping[str, Any], user: str) -> str:
    """Return the id of an event, the same in each delivery of it, also in the second one of a shared channel."""
    event = body.get("event")
    kind, stamp = text(event, "type"), text(event, "event_ts")
    about = f"{kind}:{user}:{stamp}" if kind and stamp else text(body, "event_id")
    if not about:
        raise Malformed("event_id")
    return f"{NAME}:{text(body, 'team_id')}:{about}"


def _who(body: Mapping[str, Any], team: str, user: str, name: str) -> dict[str, Any]:
    trigger = text(body, "trigger_id")
    if not _TEAM.fullmatch(team) or not USER.fullmatch(user) or not trigger:
        raise Malformed("who")
    # A trigger is a secret for three seconds; its hash repeats with a redelivery as well.
    known = hashlib.sha256(trigger.encode()).hexdigest()[:32]
    return {"request_id": f"{NAME}:{team}:{known}", "team": team, "user": user, "name": name, "trigger": trigger}


def _team(body: Mapping[str, Any]) -> str:
    # A member who is in the conversation from another organisation has their own team in `user`.
    return text(body, "team", "id") or text(body, "user", "team_id")


def _kind(channel: str, name: str) -> Literal["channel", "dm", "room"]:
    if channel.startswith("D"):
        return "dm"
    return "room" if name.startswith("mpdm-") else "channel"


def _url(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
