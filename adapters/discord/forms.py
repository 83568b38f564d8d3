"""Forms as modals, and what a modal sent as values. Pure.

Source of the limits: Discord's API reference, "Components" (5 components a modal; 10 options a radio or checkbox
group).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from adapters.discord.markup import atoms, clean, sound
from adapters.discord.markup import label as text_label
from adapters.discord.render import choices
from bot.chat.actions import ActionId
from bot.chat.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    Form,
    MemberField,
    MembersField,
    MultiChoiceField,
    NumberField,
    RoleField,
    TextField,
)
from bot.chat.reply import Ask
from bot.chat.text import shorten, words

ROW, SELECT, INPUT, USERS, ROLES, CHANNELS, TEXT, LABEL, RADIO, CHECKS = 1, 3, 4, 5, 6, 8, 10, 18, 21, 22
GROUP = 10
"""A choice of up to so many options is shown whole; a longer one as a select."""

TITLE, HINT, COMPONENTS = 45, 100, 5
TEXT_CHANNELS = [0, 5]
MOST_ROLES = 25


def modal(ask: Ask) -> dict[str, Any]:
    """Return the modal for one page of a form; a mistake stands where the hint of its field would."""
    form = ask.form
    fields = [_label(field, ask.errors.get(field.name, "")) for field in form.page(ask.page)]
    if form.intro and ask.page == 0 and len(fields) < COMPONENTS:
        fields = [{"type": TEXT, "content": "".join(atoms(words(form.intro))) or "…"}, *fields]
    title = clean(form.title) if form.pages == 1 else f"{clean(form.title)} ({ask.page + 1}/{form.pages})"
    return {
        "custom_id": str(ActionId(form.name, form.key, str(ask.page) if ask.page else "")),
        "title": text_label(title, TITLE),
        "components": fields,
    }


def _label(field: Field, error: str) -> dict[str, Any]:
    said = shorten(f"⚠ {error}", HINT) if error else field.hint
    label: dict[str, Any] = {"type": LABEL, "label": text_label(field.label, TITLE), "component": _input(field)}
    return label | ({"description": text_label(said, HINT)} if said else {})


def _input(field: Field) -> dict[str, Any]:
    base: dict[str, Any] = {"custom_id": field.name, "required": field.required}
    match field:
        case TextField(long=long, max_length=most, min_length=least, value=value):
            limits: dict[str, Any] = {"max_length": most}
            if least and field.required:
                limits["min_length"] = least
            return base | _typed(value[:most], long=long) | limits
        case DateField(value=day):
            return base | _typed(day.isoformat() if day else "") | {"placeholder": "2026-03-05", "max_length": 10}
        case NumberField(value=number, least=least, most=most):
            return base | _typed("" if number is None else str(number)) | {
                "placeholder": f"{least} – {most}", "max_length": 10,
            }  # fmt: skip
        case ChoiceField(options=options, value=value):
            shown = choices(options, [value] if value else [])
            if field.required and 2 <= len(shown) <= GROUP:
                return base | {"type": RADIO, "options": shown}
            return base | {"type": SELECT, "options": shown}
        case MultiChoiceField(options=options, value=chosen):
            shown = choices(options, chosen)
            kind = CHECKS if len(shown) <= GROUP else SELECT
            return base | {
                "type": kind, "options": shown, "min_values": int(field.required), "max_values": len(shown),
            }  # fmt: skip
        case MemberField(value=account):
            return base | {"type": USERS} | _picked("user", (account or "").strip("<@!>"))
        case MembersField(value=several, most=most):
            some = {"min_values": int(field.required), "max_values": most}
            return base | {"type": USERS} | some | _picked("user", *(one.strip("<@!>") for one in several[:most]))
        case ChannelField(value=channel):
            return base | {"type": CHANNELS, "channel_types": TEXT_CHANNELS} | _picked("channel", channel or "")
        case RoleField(value=roles):
            some = {"min_values": int(field.required), "max_values": MOST_ROLES}
            return base | {"type": ROLES} | some | _picked("role", *roles[:MOST_ROLES])
        case _:
            assert_never(field)


def _typed(value: str, *, long: bool = False) -> dict[str, Any]:
    text = clean(value)
    return {"type": INPUT, "style": 2 if long else 1} | ({"value": text} if text else {})


def _picked(kind: str, *ids: str) -> dict[str, Any]:
    values = [{"id": one, "type": kind} for one in dict.fromkeys(ids) if one.isdecimal()]
    return {"default_values": values} if values else {}


def submitted(data: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return field -> what was typed or chosen: several choices as a tuple, everything else as a str."""
    values: dict[str, str | tuple[str, ...]] = {}
    for part in _inputs(data.get("components") or []):
        name = sound(str(part.get("custom_id", "")))
        match part.get("type"):
            case kind if kind in (ROLES, CHECKS):
                values[name] = tuple(sound(str(value)) for value in part.get("values") or [])
            case kind if kind in (SELECT, USERS, CHANNELS):
                chosen = tuple(sound(str(value)) for value in part.get("values") or [])
                values[name] = chosen if len(chosen) > 1 else "".join(chosen)
            case kind if kind in (INPUT, RADIO):
                values[name] = sound(str(part.get("value") or ""))
            case _:
                continue
    return values


def _inputs(components: list[Any]) -> Iterator[Mapping[str, Any]]:
    for part in components:
        if part.get("type") == LABEL:
            yield part["component"]
        elif part.get("type") == ROW:
            yield from part["components"]


__all__ = ["Form", "modal", "submitted"]
