"""Application commands made from the specs, and their fingerprint. Pure.

Source of the limits: Discord's API reference, "Application Commands".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from bot.chat.spec import (
    Audience,
    Catalogue,
    ChoiceParam,
    Command,
    DateParam,
    MemberParam,
    MembersParam,
    NumberParam,
    Param,
    ProgrammeParam,
    TextParam,
)
from bot.i18n import FALLBACK, LANGUAGES, Say

SUB, GROUP, STRING, INTEGER, USER = 1, 2, 3, 4, 6
SLASH, ON_MEMBER, ON_MESSAGE = 1, 2, 3
IN_SERVERS = {"contexts": [0], "integration_types": [0]}
MENU_NAME = 32

LOCALES = {"es": ("es-ES", "es-419")}
"""Discord's names of a language that is not the fallback."""

SEEN_BY = {
    Audience.MEMBER: None,
    Audience.COORDINATOR: str(1 << 5),  # Manage Server
    Audience.MODERATOR: str(1 << 40),  # Time out members
}
"""Who sees a command until the server decides otherwise. A courtesy: the core refuses by its own rule."""


@dataclass(frozen=True, slots=True)
class Menus:
    """Menu label -> command path, for menus on members and on messages."""

    on_member: Mapping[str, tuple[str, ...]]
    on_message: Mapping[str, tuple[str, ...]]


def menus(catalogue: Catalogue) -> Menus:
    """Return the context menus. Raises `ValueError` for a label that stands twice or is too long."""
    found: dict[str, dict[str, tuple[str, ...]]] = {"member": {}, "message": {}}
    for command in catalogue.commands.values():
        for menu in command.menus:
            if menu.on == "global":
                continue
            if menu.label in found[menu.on]:
                raise ValueError(f"two menus on a {menu.on} are called {menu.label!r}")
            if len(menu.label) > MENU_NAME:
                raise ValueError(f"menu {menu.label!r} is longer than {MENU_NAME} characters")
            found[menu.on][menu.label] = command.path
    return Menus(found["member"], found["message"])


def commands(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return everything that is registered with Discord, in a fixed order."""
    roots: dict[str, list[Command]] = {}
    for path in sorted(catalogue.commands):
        roots.setdefault(path[0], []).append(catalogue.commands[path])
    made = [_root(name, under) for name, under in roots.items()]
    known = menus(catalogue)
    for kind, entries in ((ON_MEMBER, known.on_member), (ON_MESSAGE, known.on_message)):
        for label, path in sorted(entries.items()):
            made.append({"type": kind, "name": label, **_seen(catalogue.commands[path].audience), **IN_SERVERS})
    return made


def fingerprint(made: Iterable[Mapping[str, Any]]) -> str:
    """Return a hash of what is registered, to register it again only when it has changed."""
    return hashlib.sha256(json.dumps(list(made), sort_keys=True).encode()).hexdigest()


def _seen(audience: Audience) -> dict[str, Any]:
    shown = SEEN_BY[audience]
    return {} if shown is None else {"default_member_permissions": shown}


def _root(name: str, under: list[Command]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": SLASH, "name": name, **_seen(under[0].audience), **IN_SERVERS}
    if len(under) == 1 and under[0].path == (name,):
        return made | _described(under[0].help) | _options(under[0])
    return made | {"description": f"/{name}", "options": _tree(under, 1)}


def _tree(under: list[Command], depth: int) -> list[dict[str, Any]]:
    words: dict[str, list[Command]] = {}
    for command in under:
        words.setdefault(command.path[depth], []).append(command)
    options = []
    for word, below in words.items():
        leaf = below[0] if len(below[0].path) == depth + 1 else None
        if leaf is not None:
            options.append({"type": SUB, "name": word, **_described(leaf.help), **_options(leaf)})
        else:
            title = "/" + " ".join(below[0].path[: depth + 1])
            options.append({"type": GROUP, "name": word, "description": title, "options": _tree(below, depth + 1)})
    return options


def _described(sentence: str) -> dict[str, Any]:
    """Return the description in English and in every other language that differs."""
    said = {
        locale: told
        for language in LANGUAGES
        if language != FALLBACK and (told := Say(language).line(sentence)) != sentence
        for locale in LOCALES.get(language, ())
    }
    shown: dict[str, Any] = {"description": sentence}
    return shown | ({"description_localizations": {one: text[:100] for one, text in said.items()}} if said else {})


def _options(command: Command) -> dict[str, Any]:
    """Return a command's options; the ones that must be given come first, as Discord wants it."""
    made = [option for param in command.params for option in _options_of(param)]
    made.sort(key=lambda option: not option["required"])
    return {"options": made} if made else {}


def numbered(param: MembersParam) -> list[str]:
    """Return the names of the options for several members: each is picked by itself, the first one first."""
    return [param.name, *(f"{param.name}{place}" for place in range(2, param.most + 1))]


def _options_of(param: Param) -> list[dict[str, Any]]:
    first = _option(param)
    if not isinstance(param, MembersParam):
        return [first]
    return [first, *(first | {"name": name, "required": False} for name in numbered(param)[1:])]


def _option(param: Param) -> dict[str, Any]:
    base = {"name": param.name, **_described(param.help), "required": param.required}
    match param:
        case TextParam(max_length=most, complete=complete):
            found = {"autocomplete": True} if complete else {}
            return base | {"type": STRING, "max_length": most} | found
        case MemberParam() | MembersParam():
            return base | {"type": USER}
        case ChoiceParam(options=options):
            return base | {"type": STRING, "choices": [_choice(value, label) for value, label in options]}
        case DateParam():
            return base | {"type": STRING, "max_length": 10}
        case NumberParam(least=least, most=most):
            return base | {"type": INTEGER, "min_value": least, "max_value": most}
        case ProgrammeParam():
            # Implied where there is one programme, asked by a form where there are several.
            return base | {"type": STRING, "required": False, "autocomplete": True, "max_length": 100}
        case _:
            assert_never(param)


def _choice(value: str, label: str) -> dict[str, Any]:
    localized = {
        locale: told[:100]
        for language in LANGUAGES
        if language != FALLBACK and (told := Say(language).line(label)) != label
        for locale in LOCALES.get(language, ())
    }
    made: dict[str, Any] = {"name": label, "value": value}
    return made | ({"name_localizations": localized} if localized else {})
