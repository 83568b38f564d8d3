"""What Discord refuses in messages, modals and commands, written down from its API reference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

ROW, BUTTON, SELECT, INPUT, USERS, ROLES, CHANNELS = 1, 2, 3, 4, 5, 6, 8
SECTION, TEXT, THUMBNAIL, MEDIA, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
RADIO, CHECKS = 21, 22

V2 = 1 << 15
SETTABLE = {"create": 1 << 2 | 1 << 12 | V2, "edit": 1 << 2 | V2, "answer": 1 << 2 | 1 << 6 | 1 << 12 | V2}
FIELDS: Mapping[int, set[str]] = {
    ROW: {"components"},
    BUTTON: {"style", "label", "emoji", "custom_id", "url", "disabled"},
    SELECT: {"custom_id", "options", "placeholder", "min_values", "max_values", "disabled", "required"},
    INPUT: {"custom_id", "style", "min_length", "max_length", "required", "value", "placeholder"},
    USERS: {"custom_id", "placeholder", "default_values", "min_values", "max_values", "disabled", "required"},
    ROLES: {"custom_id", "placeholder", "default_values", "min_values", "max_values", "disabled", "required"},
    CHANNELS: {
        "custom_id", "placeholder", "default_values", "min_values", "max_values", "disabled", "required",
        "channel_types",
    },
    SECTION: {"components", "accessory"},
    TEXT: {"content"},
    MEDIA: {"items"},
    FILE: {"file", "spoiler"},
    SEPARATOR: {"divider", "spacing"},
    CONTAINER: {"components", "accent_color", "spoiler"},
    LABEL: {"label", "description", "component"},
    RADIO: {"custom_id", "options", "required"},
    CHECKS: {"custom_id", "options", "min_values", "max_values", "required"},
}  # fmt: skip
MESSAGE_FIELDS = {
    "content", "embeds", "allowed_mentions", "components", "flags", "attachments", "nonce", "enforce_nonce", "tts",
    "message_reference", "sticker_ids", "poll",
}  # fmt: skip
CHILDREN = {ROW: {BUTTON, SELECT, USERS, ROLES, CHANNELS}, SECTION: {TEXT}}
CHILDREN[CONTAINER] = {ROW, SECTION, TEXT, MEDIA, FILE, SEPARATOR}
IN_LABEL = {INPUT, SELECT, USERS, ROLES, CHANNELS, RADIO, CHECKS}
_NAME = re.compile(r"^[-_'\w]{1,32}$")


class Refused(Exception):
    """A request that Discord answers with 400: which part is wrong and why."""


def need(true: bool, why: str) -> None:
    """Refuse unless `true`."""
    if not true:
        raise Refused(why)


def length(what: str, text: Any, least: int, most: int) -> None:
    """Refuse a text that is too short or too long."""
    need(
        isinstance(text, str) and least <= len(text.encode("utf-16-le", "surrogatepass")) // 2 <= most,
        f"{what}: {text!r:.60}",
    )
    need(not any("\ud800" <= char <= "\udfff" for char in text), f"{what}: half a character")


def message(body: Mapping[str, Any], kind: str, files: int) -> None:
    """Refuse what is no message of Components V2."""
    need(set(body) <= MESSAGE_FIELDS, f"unknown fields {set(body) - MESSAGE_FIELDS}")
    flags = body.get("flags", 0)
    need(flags & ~SETTABLE[kind] == 0, f"flags {flags} for {kind}")
    need(bool(flags & V2), "not Components V2")
    need(not body.get("content") and not body.get("embeds"), "content beside Components V2")
    components = body.get("components")
    need(isinstance(components, list) and bool(components), "empty message")
    everything = list(walk(components))
    need(len(everything) <= 40, f"{len(everything)} components")
    need(sum(len(part["content"]) for part in everything if part["type"] == TEXT) <= 4000, "text over 4000")
    for part in components:
        need(part.get("type") in CHILDREN[CONTAINER] | {CONTAINER}, f"component {part.get('type')} at the top")
    _ids(everything)
    _attachments(body, everything, files)
    allowed = body.get("allowed_mentions", {"parse": ["users", "roles", "everyone"]})
    need(set(allowed) <= {"parse", "users", "roles", "replied_user"}, "allowed_mentions")
    need(not ("users" in allowed.get("parse", []) and allowed.get("users")), "users both parsed and listed")
    need(len(allowed.get("users", [])) <= 100, "over 100 users allowed")
    if "nonce" in body:
        length("nonce", body["nonce"], 1, 25)


def modal(data: Mapping[str, Any]) -> None:
    """Refuse what is no modal."""
    need(set(data) == {"custom_id", "title", "components"}, f"modal fields {set(data)}")
    length("custom_id", data["custom_id"], 1, 100)
    length("title", data["title"], 1, 45)
    need(1 <= len(data["components"]) <= 5, f"{len(data['components'])} components in a modal")
    everything = list(walk(data["components"]))
    need({part["type"] for part in data["components"]} <= {LABEL, TEXT}, "a modal holds labels and texts")
    _ids(everything)


def walk(components: Any, inside: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield every component, checked one by one."""
    for part in components:
        kind = part.get("type")
        need(kind in FIELDS, f"component type {kind}")
        unknown = set(part) - FIELDS[kind] - {"type", "id"}
        need(not unknown, f"unknown fields {unknown} in component {kind}")
        need(inside is None or kind in CHILDREN[inside], f"component {kind} inside {inside}")
        _one(kind, part)
        yield part
        if kind in CHILDREN:
            most = {ROW: 5, SECTION: 3, CONTAINER: 40}[kind]
            need(1 <= len(part["components"]) <= most, f"{len(part['components'])} components inside {kind}")
            yield from walk(part["components"], kind)
        if kind == ROW:
            need(len(part["components"]) == 1 or {one["type"] for one in part["components"]} == {BUTTON}, "a mixed row")
        if kind == SECTION:
            need(part["accessory"].get("type") in {BUTTON, THUMBNAIL}, "a section's accessory")
            yield from walk([part["accessory"]])
        if kind == LABEL:
            need(part["component"].get("type") in IN_LABEL, "what a label holds")
            yield from walk([part["component"]])


def _one(kind: int, part: Mapping[str, Any]) -> None:
    if "id" in part:
        need(isinstance(part["id"], int) and 0 < part["id"] < 2**31, f"component id {part['id']}")
    if kind in {SELECT, INPUT, USERS, ROLES, CHANNELS, RADIO, CHECKS}:
        length("custom_id", part.get("custom_id"), 1, 100)
    match kind:
        case 2:
            length("label", part.get("label"), 1, 80)
            need(("url" in part) != ("custom_id" in part), "a button has an address or an id")
            need((part["style"] == 5) == ("url" in part) and 1 <= part["style"] <= 6, "button style")
            length("url", part.get("url", "x"), 1, 512)
            length("custom_id", part.get("custom_id", "x"), 1, 100)
        case 3 | 21 | 22:
            least, most = {SELECT: (1, 25), RADIO: (2, 10), CHECKS: (1, 10)}[kind]
            need(least <= len(part["options"]) <= most, f"{len(part['options'])} options in {kind}")
            _options(part)
        case 4:
            length("value", part.get("value", ""), 0, part.get("max_length", 4000))
            length("placeholder", part.get("placeholder", ""), 0, 100)
            need(1 <= part.get("max_length", 4000) <= 4000 and 0 <= part.get("min_length", 0) <= 4000, "text limits")
        case 10:
            length("content", part.get("content"), 1, 4000)
            need(bool(part["content"].strip()), "blank text")
        case 12:
            need(1 <= len(part["items"]) <= 10, "pictures")
        case 18:
            length("label", part.get("label"), 1, 45)
            if "description" in part:
                length("description", part["description"], 1, 100)
    if kind in {SELECT, USERS, ROLES, CHANNELS, CHECKS}:
        length("placeholder", part.get("placeholder", ""), 0, 150)
        least, most = part.get("min_values", 1), part.get("max_values", 1)
        need(0 <= least <= 25 and 1 <= most <= 25 and least <= most, "min_values and max_values")
        need(len(part.get("default_values", [])) <= most, "more defaults than may be chosen")


def _options(part: Mapping[str, Any]) -> None:
    values = [option["value"] for option in part["options"]]
    need(len(set(values)) == len(values), "an option twice")
    for option in part["options"]:
        need(set(option) <= {"label", "value", "description", "default", "emoji"}, f"option fields {set(option)}")
        length("option label", option["label"], 1, 100)
        length("option value", option["value"], 1, 100)
        length("option description", option.get("description", ""), 0, 100)
    most = 1 if part["type"] == RADIO else part.get("max_values", 1)
    need(sum(bool(option.get("default")) for option in part["options"]) <= most, "too many defaults")


def _ids(everything: list[dict[str, Any]]) -> None:
    custom = [part["custom_id"] for part in everything if "custom_id" in part]
    need(len(set(custom)) == len(custom), f"a custom id stands twice: {custom}")
    ids = [part["id"] for part in everything if "id" in part]
    need(len(set(ids)) == len(ids), "a component id stands twice")


def _attachments(body: Mapping[str, Any], everything: list[dict[str, Any]], files: int) -> None:
    told = body.get("attachments", [])
    need(len(told) == files <= 10, f"{len(told)} attachments for {files} files")
    named = {f"attachment://{one['filename']}" for one in told}
    used = {item["media"]["url"] for part in everything if part["type"] == MEDIA for item in part["items"]}
    used |= {part["file"]["url"] for part in everything if part["type"] == FILE}
    need(used <= named, f"pictures and files {used - named} are nowhere")
    for one in told:
        length("description", one.get("description", ""), 0, 1024)


def commands(made: list[dict[str, Any]]) -> None:
    """Refuse a list of application commands."""
    slash = [one for one in made if one["type"] == 1]
    need(len(slash) <= 100, "over 100 slash commands")
    for kind in (2, 3):
        need(sum(one["type"] == kind for one in made) <= 15, "over 15 menus")
    keys = [(one["type"], one["name"]) for one in made]
    need(len(set(keys)) == len(keys), "a command twice")
    for one in made:
        length("name", one["name"], 1, 32)
        need(
            one["type"] != 1 or (bool(_NAME.fullmatch(one["name"])) and one["name"].islower()), f"name {one['name']!r}"
        )
        need(one["type"] == 1 or "description" not in one, "a menu has no description")
        if one["type"] == 1:
            length("description", one.get("description"), 1, 100)
            _tree(one.get("options", []), 0)
            need(_weight(one) <= 8000, "a command of over 8000 characters")


def _tree(options: list[dict[str, Any]], depth: int) -> None:
    need(len(options) <= 25, "over 25 options")
    need(len({option["name"] for option in options}) == len(options), "an option twice")
    optional = False
    for option in options:
        need(bool(_NAME.fullmatch(option["name"])) and option["name"] == option["name"].lower(), option["name"])
        length("description", option.get("description"), 1, 100)
        for told in option.get("description_localizations", {}).values():
            length("localized description", told, 1, 100)
        if option["type"] in (1, 2):
            need(depth + (option["type"] == 2) < 2 and depth < 2, "groups too deep")
            _tree(option.get("options", []), depth + 1)
            continue
        need(not (option.get("required") and optional), "a required option after an optional one")
        optional = optional or not option.get("required")
        need(not (option.get("autocomplete") and option.get("choices")), "choices and autocomplete")
        need(len(option.get("choices", [])) <= 25, "over 25 choices")


def _weight(command: Mapping[str, Any]) -> int:
    own = len(command["name"]) + len(command.get("description", ""))
    own += sum(len(str(one["name"])) + len(str(one["value"])) for one in command.get("choices", []))
    return own + sum(_weight(option) for option in command.get("options", []))
