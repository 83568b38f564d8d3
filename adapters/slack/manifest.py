"""The app's manifest, made from the command specs: what `kith manifest slack` prints. Pure.

Fields and limits: Slack's app manifest reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.events import WANTED
from bot.chat.limits import at_most
from bot.chat.spec import Catalogue

SHORTCUT = 24
"""Characters in the name of a shortcut."""

SHORTCUTS = 5
"""Shortcuts of each kind that an app may have."""

SCOPES: Mapping[str, str] = {
    "commands": "the slash command and the shortcuts",
    "chat:write": "messages, in conversations that the app was invited to and in direct messages",
    "im:write": "opening a direct message with a member",
    "mpim:write": "opening a pair's group direct message",
    "users:read": "names, time zones and languages; who administers the workspace",
    "usergroups:read": "user groups as coordinators or moderators (paid plans)",
    "channels:read": "the list of public channels that the app is in",
    "files:write": "pictures of reports",
}
"""Scope -> what it is for."""

PROBING: Mapping[str, str] = {
    "channels:history": "finding one's own message in a public channel after a lost answer",
    "groups:history": "the same in a private channel",
    "im:history": "the same in a direct message",
    "mpim:history": "the same in a pair's group direct message",
}
"""Asked for only when the operator turns `probe_history` on."""


def manifest(catalogue: Catalogue, *, command: str = "/kith", probing: bool = False, url: str = "") -> dict[str, Any]:
    """Return the manifest. `url` is the public address of HTTP mode; without it, the app uses Socket Mode.

    Raises `LimitError` for a shortcut that Slack would not take.
    """
    scopes = [*SCOPES, *(PROBING if probing else ())]
    address = {"request_url": url} if url else {}
    slash: dict[str, Any] = {
        "command": command, "description": "Mentoring, kudos, check-ins: start here", "usage_hint": "help",
        "should_escape": True,
    }  # fmt: skip
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Kith",
            "description": "Peer mentoring where you already talk",
            "background_color": "#1f3d36",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "kith", "always_online": True},
            "shortcuts": list(_shortcuts(catalogue)),
            "slash_commands": [slash | ({"url": url} if url else {})],
        },
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {
            "event_subscriptions": address | {"bot_events": list(WANTED)},
            "interactivity": {"is_enabled": True} | address,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _shortcuts(catalogue: Catalogue) -> Iterator[dict[str, str]]:
    count = {"global": 0, "message": 0}
    for command in catalogue.commands.values():
        for menu in command.menus:
            if menu.on == "member":
                continue
            count[menu.on] += 1
            at_most(f"shortcut {menu.label!r}", len(menu.label), SHORTCUT)
            at_most(f"{menu.on} shortcuts", count[menu.on], SHORTCUTS)
            # one command may have a shortcut of each type, and each wants an id of its own
            callback = ".".join(command.path) + (":message" if menu.on == "message" else "")
            yield {"name": menu.label, "type": menu.on, "callback_id": callback, "description": command.help}


def yaml(value: Any, indent: int = 0) -> str:
    """Return JSON values as YAML: mappings and lists on lines of their own, strings in double quotes."""
    return "".join(_lines(value, "  " * indent))


def _lines(value: Any, pad: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if isinstance(one, dict | list) and one:
                yield f"{pad}{key}:\n"
                yield from _lines(one, pad + "  ")
            else:
                yield f"{pad}{key}: {json.dumps(one, ensure_ascii=False)}\n"
    else:
        for one in value:
            if isinstance(one, dict):
                first, *rest = list(_lines(one, pad + "  "))
                yield f"{pad}- {first.lstrip()}"
                yield from rest
            else:
                yield f"{pad}- {json.dumps(one, ensure_ascii=False)}\n"
