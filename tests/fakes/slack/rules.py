"""What Slack refuses in Block Kit: the limits of its reference, and, if it is at hand, the JSON schema of blocks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

SCHEMA = "KITH_SLACK_BLOCKS_SCHEMA"
"""Names the file with the JSON schema of Block Kit; without it only the limits are checked."""

_MOST = {"message": 50, "modal": 100, "home": 100}
_TEXT = {
    "header": 150,
    "button": 75,
    "section": 3000,
    "label": 2000,
    "hint": 2000,
    "title": 24,
    "submit": 24,
    "close": 24,
}
_NOT_IN_MESSAGES = {"input"}
_ONLY_IN_MESSAGES = {"table"}


def wrong_with_blocks(blocks: Any, surface: str = "message") -> list[str]:
    """Return everything that Slack would refuse in the blocks of a message, modal or home; empty when they are fine."""
    if not isinstance(blocks, list) or not blocks:
        return [f"{surface}: no blocks"]
    wrong = [] if len(blocks) <= _MOST[surface] else [f"{surface}: {len(blocks)} blocks"]
    wrong += [f"more than one table in a {surface}"] * (sum(one.get("type") == "table" for one in blocks) > 1)
    ids = [one["block_id"] for one in blocks if "block_id" in one]
    wrong += ["a block_id stands twice"] * (len(ids) != len(set(ids)))
    for number, block in enumerate(blocks):
        wrong += [f"block {number}: {what}" for what in _block(block, surface)]
    return wrong


def wrong_with_view(view: Any) -> list[str]:
    """Return everything that Slack would refuse in a modal or a home."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"a view of type {kind!r}"]
    wrong = wrong_with_blocks(view.get("blocks"), kind)
    if kind == "modal":
        wrong += [f"{key}: {what}" for key in ("title", "submit", "close") for what in _plain(view.get(key), key)]
        wrong += ["a modal needs a title"] * ("title" not in view)
        asks = any(one.get("type") == "input" for one in view.get("blocks", ()))
        wrong += ["inputs without a submit button"] * (asks and "submit" not in view)
    wrong += ["private_metadata over 3000"] * (len(view.get("private_metadata", "")) > 3000)
    wrong += ["callback_id over 255"] * (len(view.get("callback_id", "")) > 255)
    return wrong + _against_schema({"view": view}, "View", view)


def interpreted(value: Any) -> list[str]:
    """Return every string in Block Kit that Slack interprets as markup."""
    return [one["text"] for one in _walk(value) if one.get("type") == "mrkdwn"]


def _block(block: dict[str, Any], surface: str) -> Iterator[str]:
    kind = block.get("type")
    if kind in (_NOT_IN_MESSAGES if surface == "message" else _ONLY_IN_MESSAGES):
        yield f"no {kind} in a {surface}"
    yield from _against_schema(block, "KnownBlock", block)
    match kind:
        case "header":
            yield from _plain(block.get("text"), "header")
        case "section":
            yield from _section(block)
        case "context":
            yield from ["more than 10 elements"] * (not 1 <= len(block["elements"]) <= 10)
            for element in block["elements"]:
                yield from _length(element["text"], 3000, "context")
        case "actions":
            yield from _actions(block)
        case "image":
            yield from ["no picture"] * (not block.get("slack_file", {}).get("id", "").startswith("F"))
            yield from _length(block.get("alt_text", ""), 2000, "alt_text")
        case "input":
            yield from _input(block)
        case "table":
            rows = block["rows"]
            yield from ["a table of wrong size"] * (len(rows) > 100 or any(len(row) > 20 for row in rows))
        case "rich_text":
            yield from (
                f"an empty text in {kind}" for one in _walk(block) if one.get("type") == "text" and not one["text"]
            )
            yield from ["no elements"] * (not block["elements"])
        case "divider":
            return
        case _:
            yield f"unknown block {kind!r}"


def _section(block: dict[str, Any]) -> Iterator[str]:
    fields = block.get("fields", [])
    if not fields and "text" not in block:
        yield "a section without text"
    if len(fields) > 10:
        yield f"{len(fields)} fields"
    for field in fields:
        yield from _length(field["text"], 2000, "field")
    if "text" in block:
        yield from _length(block["text"]["text"], 3000, "section")


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block["elements"]
    yield from ["elements"] * (not 1 <= len(elements) <= 25)
    ids = [one["action_id"] for one in elements]
    yield from ["an action_id stands twice"] * (len(ids) != len(set(ids)))
    for element in elements:
        yield from _length(element["action_id"], 255, "action_id")
        if element["type"] == "button":
            yield from _plain(element["text"], "button")
        yield from _choices(element)


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from _plain(block["label"], "label")
    if "hint" in block:
        yield from _plain(block["hint"], "hint")
    element = block["element"]
    yield from _choices(element)
    if element["type"] == "plain_text_input":
        yield from ["max_length"] * (not 1 <= element.get("max_length", 3000) <= 3000)
        yield from ["initial_value is longer than max_length"] * (
            len(element.get("initial_value", "")) > element.get("max_length", 3000)
        )
    if len(block.get("block_id", "")) > 255:
        yield "block_id over 255"


def _choices(element: dict[str, Any]) -> Iterator[str]:
    if element["type"] in ("static_select", "multi_static_select", "checkboxes"):
        most = 10 if element["type"] == "checkboxes" else 100
        options = element.get("options", [])
        yield from [f"{len(options)} options"] * (not 1 <= len(options) <= most)
        for one in options:
            yield from _length(one["text"]["text"], 75, "option")
            yield from _length(one["value"], 150, "option value")
            if "description" in one:
                yield from _length(one["description"]["text"], 75, "option description")
        initial = element.get("initial_options", []) + (
            [element["initial_option"]] if "initial_option" in element else []
        )
        yield from ("an initial option that is none" for one in initial if one not in options)


def _plain(text: Any, what: str) -> Iterator[str]:
    if text is None:
        return
    if text.get("type") != "plain_text":
        yield f"{what} must be plain_text"
    yield from _length(text["text"], _TEXT[what], what)


def _length(text: str, most: int, what: str) -> Iterator[str]:
    if not 1 <= len(text) <= most:
        yield f"{what} has {len(text)} characters, 1 to {most} are taken"


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one)


# -- the schema: the part of JSON Schema draft 7 that it uses


@cache
def _schema() -> dict[str, Any]:
    path = os.environ.get(SCHEMA)
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)["definitions"]
        return found


def _against_schema(value: Any, name: str, shown: Any) -> list[str]:
    definitions = _schema()
    if not definitions:
        return []
    what = value["view"] if name == "View" else value
    problem = _mismatch(what, {"$ref": f"#/definitions/{name}"}, definitions, "$")
    return [f"against the schema: {problem}"] if problem else []


def _mismatch(value: Any, schema: dict[str, Any], definitions: dict[str, Any], at: str) -> str | None:
    """Return the first place where a value does not fit, or None. Knows every keyword that the schema uses."""
    unknown = schema.keys() - {
        "$ref", "anyOf", "const", "enum", "type", "properties", "required", "additionalProperties", "items",
        "description", "deprecated", "format", "default", "$schema", "definitions", "examples", "title", "allOf",
        "minItems", "maxItems", "not",
    }  # fmt: skip
    assert not unknown, unknown
    if "$ref" in schema:
        return _mismatch(value, definitions[schema["$ref"].rsplit("/", 1)[1]], definitions, at)
    if "anyOf" in schema:
        tried = [_mismatch(value, one, definitions, at) for one in schema["anyOf"]]
        if None in tried:
            return None
        return max((one for one in tried if one), key=lambda one: (one.count(".") + one.count("["), len(one)))
    if "const" in schema and value != schema["const"]:
        return f"{at} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at} is none of {schema['enum']}"
    for part in schema.get("allOf", ()):
        if problem := _mismatch(value, part, definitions, at):
            return problem
    return _of_type(value, schema, definitions, at)


_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "number": (int, float), "integer": (int,),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def _of_type(value: Any, schema: dict[str, Any], definitions: dict[str, Any], at: str) -> str | None:
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    fits = any(isinstance(value, _TYPES[kind]) and not (kind == "number" and value is True) for kind in kinds)
    if kinds and not fits:
        return f"{at} is no {'/'.join(kinds)}"
    if isinstance(value, dict):
        known = schema.get("properties", {})
        if missing := [key for key in schema.get("required", ()) if key not in value]:
            return f"{at} lacks {missing}"
        if schema.get("additionalProperties") is False and (extra := value.keys() - known.keys()):
            return f"{at} has unknown {sorted(extra)}"
        for key, one in value.items():
            if key in known and (problem := _mismatch(one, known[key], definitions, f"{at}.{key}")):
                return problem
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, one in enumerate(value):
            if problem := _mismatch(one, schema["items"], definitions, f"{at}[{number}]"):
                return problem
    return None
