"""From a form to a modal, and from a modal's state to what was filled in. Pure.

`callback_id` is the form with its page, `block_id` a field, `private_metadata` where the form was asked for. Limits:
Slack's reference of views and of block elements.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from adapters.slack.render import option
from adapters.slack.texts import CHANNEL, USER, Json, plain_text
from bot.chat.actions import ActionId, Option
from bot.chat.forms import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    MemberField,
    MembersField,
    MultiChoiceField,
    NumberField,
    RoleField,
    TextField,
)
from bot.chat.incoming import Place
from bot.chat.platform import Named
from bot.chat.reply import Ask

TICKS = 10
"""Up to so many options stand as check boxes, more in a menu."""

GROUPS = "/groups"
"""Follows a role field's name: the second menu of it, with user groups beside the first one with people."""


def modal(
    ask: Ask,
    *,
    submit: str,
    later: str,
    close: str,
    place: Place,
    groups: Sequence[Named] = (),
    shows: Json | None = None,
) -> Json:
    """Return one page of a form as a modal. `submit`, `later` (another page follows) and `close` label its buttons.

    `groups` are the user groups that a role field offers beside people; `shows` is a block above the fields.
    """
    form, last = ask.form, ask.page >= ask.form.pages - 1
    blocks: list[Json] = [{"type": "section", "text": plain_text(form.intro)}] if form.intro and not ask.page else []
    blocks += [shows] if shows else []
    for field in form.page(ask.page):
        if field.name in ask.errors:
            blocks.append({"type": "section", "text": plain_text(f"⚠️ {ask.errors[field.name]}")})
        blocks += _inputs(field, groups)
    return {
        "type": "modal",
        "callback_id": str(ActionId(form.name, form.key, str(ask.page))),
        "private_metadata": dumped(place),
        "title": plain_text(form.title, 24),
        "submit": plain_text((form.submit or submit) if last else later, 24),
        "close": plain_text(close, 24),
        "blocks": blocks,
    }


def dumped(place: Place) -> str:
    """Return a place as a modal carries it."""
    return json.dumps([place.kind, place.id, place.message], separators=(",", ":"))


def loaded(metadata: str, user: str) -> Place:
    """Return the place that a modal carries; the member's own page when it carries none. It is untrusted."""
    try:
        kind, place, message = json.loads(metadata)
    except (ValueError, TypeError, RecursionError):
        return Place("home", user)
    if kind not in ("channel", "dm", "room") or not isinstance(place, str) or not CHANNEL.fullmatch(place):
        return Place("home", user)
    return Place(kind, place, message if isinstance(message, str) else None)


def errors(wrong: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str] | None:
    """Return block id -> what is wrong for a page as it was submitted; None when a field does not stand on it."""
    here = {block.get("block_id") for block in view.get("blocks") or () if block.get("type") == "input"}
    return dict(wrong) if wrong and wrong.keys() <= here else None


def values(state: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return field -> what was filled in, from the `values` of a view's state. Raises `ValueError` for nonsense."""
    found: dict[str, str | tuple[str, ...]] = {}
    for block, elements in state.items():
        if not isinstance(elements, Mapping) or len(elements) != 1:
            raise ValueError("a field of a form holds one element")
        (element,) = elements.values()
        if not isinstance(element, Mapping):
            raise ValueError("an element of a form is an object")
        name, _, second = block.partition(GROUPS[0])
        value = _value(element)
        if second or name in found:
            value = (*_many(found.get(name, ())), *_many(value))
        found[name] = value
    return found


def _many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if value else ()


def _value(element: Mapping[str, Any]) -> str | tuple[str, ...]:
    match element.get("type"):
        case "plain_text_input" | "number_input":
            return _text(element.get("value"))
        case "datepicker":
            return _text(element.get("selected_date"))
        case "users_select":
            return _text(element.get("selected_user"))
        case "conversations_select":
            return _text(element.get("selected_conversation"))
        case "static_select":
            return _text((element.get("selected_option") or {}).get("value"))
        case "multi_static_select" | "checkboxes":
            return tuple(_text(one.get("value")) for one in element.get("selected_options") or ())
        case "multi_users_select":
            return tuple(_text(one) for one in element.get("selected_users") or ())
        case kind:
            raise ValueError(f"no form of ours has an element {str(kind)[:40]!r}")


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("a value of a form is text")
    return value


def _inputs(field: Field, groups: Sequence[Named]) -> Iterable[Json]:
    yield _input(field.name, field, _element(field))
    if isinstance(field, RoleField) and groups:
        options = tuple(Option(one.id, one.name[:75]) for one in groups[:100])
        chosen = tuple(one.value for one in options if one.value in field.value)
        yield _input(field.name + GROUPS, field, _many_of(options, chosen))


def _input(block: str, field: Field, element: Json) -> Json:
    shown: Json = {
        "type": "input", "block_id": block, "optional": not field.required, "label": plain_text(field.label, 2000),
        "element": element | {"action_id": "value"},
    }  # fmt: skip
    return shown | {"hint": plain_text(field.hint, 2000)} if field.hint else shown


def _element(field: Field) -> Json:
    match field:
        case TextField(long=long, max_length=most, value=value):
            return _with({"type": "plain_text_input", "multiline": long, "max_length": min(most, 3000)}, value)
        case ChoiceField(options=options, value=chosen):
            kept = [option(one) for one in options if one.value == chosen]
            return _kept({"type": "static_select", "options": [option(one) for one in options]}, "initial_option", kept)
        case MultiChoiceField(options=options, value=picked):
            return _ticks(options, picked) if len(options) <= TICKS else _many_of(options, picked)
        case MemberField(value=account):
            # What was typed in a command stands as `<@account>`.
            picked_before = (account or "").removeprefix("<@").removesuffix(">")
            known = [picked_before] if USER.fullmatch(picked_before) else []
            return _kept({"type": "users_select"}, "initial_user", known)
        case MembersField(value=several, most=most):
            plain = [one.removeprefix("<@").removesuffix(">") for one in several]
            known = [one for one in plain if USER.fullmatch(one)]
            shown: Json = {"type": "multi_users_select", "max_selected_items": most}
            return shown | ({"initial_users": known} if known else {})
        case ChannelField(value=channel):
            known = [channel] if channel and CHANNEL.fullmatch(channel) else []
            shown = {
                "type": "conversations_select",
                "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
            }
            return _kept(shown, "initial_conversation", known)
        case RoleField(value=roles):
            people = [one for one in roles if USER.fullmatch(one)]
            return {"type": "multi_users_select"} | ({"initial_users": people} if people else {})
        case DateField(value=day):
            return {"type": "datepicker"} | ({"initial_date": day.isoformat()} if isinstance(day, date) else {})
        case NumberField(least=least, most=most, value=number):
            shown = {
                "type": "number_input", "is_decimal_allowed": False, "min_value": str(least), "max_value": str(most),
            }  # fmt: skip
            return _with(shown, "" if number is None else str(number))
        case _:
            assert_never(field)


def _with(element: Json, value: str) -> Json:
    return element | {"initial_value": value} if value else element


def _kept(element: Json, key: str, values: Sequence[Any]) -> Json:
    return element | {key: values[0]} if values else element


def _ticks(options: tuple[Option, ...], chosen: tuple[str, ...]) -> Json:
    return _chosen({"type": "checkboxes", "options": [option(one) for one in options]}, options, chosen)


def _many_of(options: tuple[Option, ...], chosen: tuple[str, ...]) -> Json:
    return _chosen({"type": "multi_static_select", "options": [option(one) for one in options]}, options, chosen)


def _chosen(element: Json, options: tuple[Option, ...], chosen: tuple[str, ...]) -> Json:
    kept = [option(one) for one in options if one.value in chosen]
    return element | {"initial_options": kept} if kept else element
