"""Views from plain JSON values: what `tree` wrote, read back."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from bot.chat import actions, text, views
from bot.chat.views import Note, View

_TYPES: dict[str, type[Any]] = {
    made.__name__: made
    for made in (
        View, views.Heading, views.Text, views.Fields, views.List, views.Divider, views.Note, views.Chart,
        views.Actions, actions.Button, actions.LinkButton, actions.Choice, actions.MemberChoice, actions.Option,
        actions.ActionId, text.Plain, text.Bold, text.Code, text.Mention, text.Channel, text.Link, text.When,
    )
}  # fmt: skip


def view_of(value: dict[str, Any]) -> View:
    """Return the view that `tree` turned into these values; a picture comes back as the words it has for itself.

    Raises `ValueError` for anything else.
    """
    made = _made(value)
    if not isinstance(made, View):
        raise ValueError("not a view")
    return made


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(item) for item in value)
    if not isinstance(value, dict):
        return value
    name = value.get("is")
    if name == "Image":
        return Note(text.words(str(value["alt"])))
    if name not in _TYPES:
        raise ValueError(f"no part of a view is called {name!r}")
    given = {field.name: _made(value[field.name]) for field in fields(_TYPES[name])}
    if name == "When":
        given["at"] = datetime.fromisoformat(given["at"])
    return _TYPES[name](**given)
