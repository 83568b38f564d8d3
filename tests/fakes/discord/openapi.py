"""Checks requests and answers against Discord's own OpenAPI file, closed against unknown fields.

The file is named by KITH_DISCORD_OPENAPI and is no part of this repository. Only what it uses of JSON Schema is known.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.discord.server import Seen

VARIABLE = "KITH_DISCORD_OPENAPI"
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int,
    "number": (int, float),
}  # fmt: skip

GAPS: tuple[tuple[str, str, str], ...] = (
    (
        r"PUT /applications/\d+/commands", r"request.*default_member_permissions",
        "The file says a number; Discord's reference says a string of digits, and answers with one.",
    ),
    (
        r".*", r"answer.*(\.avatar_decoration_data|\.clan|\.display_name_styles|\.collectibles)",
        "Decorations that come and go between versions of the file.",
    ),
)  # fmt: skip
"""Known differences: route, place, and why we side with something else than the file."""


def named() -> Path | None:
    """Return the file that the environment names."""
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


@cache
def _file(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


class Contract:
    """Collects what does not fit the file; call it with each request that was answered."""

    def __init__(self, path: Path) -> None:
        self._doc = _file(path)
        self.problems: list[str] = []
        self.checked: set[str] = set()

    def __call__(self, seen: Seen) -> None:
        """Check one request with its answer."""
        found = self._operation(seen)
        if found is None:
            self.problems.append(f"{seen.method} {seen.path}: no such operation")
            return
        template, operation = found
        self.checked.add(f"{seen.method} {template}")
        route = f"{seen.method} {seen.path}"
        if seen.body is not None and 200 <= seen.status < 300:
            self._add(route, self._content(seen.body, operation.get("requestBody", {}), "request"))
        told = operation["responses"].get(str(seen.status))
        if 200 <= seen.status < 300:
            if told is None:
                self.problems.append(f"{route}: no answer {seen.status}")
            elif seen.answer is not None:
                self._add(route, self._content(seen.answer, told, "answer"))

    def _add(self, route: str, problems: list[str]) -> None:
        for problem in problems:
            if not any(re.fullmatch(where, route) and re.search(place, problem) for where, place, _ in GAPS):
                self.problems.append(f"{route}: {problem}")

    def _operation(self, seen: Seen) -> tuple[str, dict[str, Any]] | None:
        fits = [
            template for template in self._doc["paths"]
            if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), seen.path)
            and seen.method.lower() in self._doc["paths"][template]
        ]  # fmt: skip
        template = min(fits, key=lambda one: one.count("{"), default=None)
        return None if template is None else (template, self._doc["paths"][template][seen.method.lower()])

    def _content(self, value: Any, holder: dict[str, Any], place: str) -> list[str]:
        schema = holder.get("content", {}).get("application/json", {}).get("schema")
        return [] if schema is None else self.fit(value, schema, place)

    def fit(self, value: Any, schema: dict[str, Any], place: str) -> list[str]:
        """Return what is wrong with a value."""
        schema = self._resolved(schema)
        branches = schema.get("oneOf") or schema.get("anyOf")
        if branches:
            return self._one_of(value, branches, place)
        problems = [] if self._typed(value, schema) else [f"{place}: {value!r:.60} is no {schema.get('type')}"]
        if problems:
            return problems
        for part in schema.get("allOf", []):
            problems += self.fit(value, part, place)
        if "enum" in schema and value not in schema["enum"] and value is not None:
            problems.append(f"{place}: {value!r:.60} is none of {schema['enum']}")
        if "const" in schema and value != schema["const"]:
            problems.append(f"{place}: {value!r:.60} is not {schema['const']!r}")
        return problems + self._sized(value, schema, place) + self._inside(value, schema, place)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            schema = self._doc["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def _one_of(self, value: Any, branches: list[dict[str, Any]], place: str) -> list[str]:
        """Return the problems of the branch that fits best; where a `type` number tells which one is meant, of that."""
        tried = []
        for branch in branches:
            found = self.fit(value, branch, place)
            if not found:
                return []
            tried.append((self._meant(value, branch), -len(found), found))
        return max(tried, key=lambda one: one[:2])[2]

    def _meant(self, value: Any, branch: dict[str, Any]) -> bool:
        kind = self._resolved(branch).get("properties", {}).get("type")
        return isinstance(value, dict) and kind is not None and not self.fit(value.get("type"), kind, "")

    def _typed(self, value: Any, schema: dict[str, Any]) -> bool:
        told = schema.get("type")
        if told is None:
            return True
        names = [told] if isinstance(told, str) else told
        if isinstance(value, bool):
            return "boolean" in names
        return any(isinstance(value, TYPES[name]) for name in names)

    def _sized(self, value: Any, schema: dict[str, Any], place: str) -> list[str]:
        size = len(value) if isinstance(value, str | list | dict) else None
        kind = {str: "Length", list: "Items", dict: "Properties"}.get(type(value), "")
        problems = []
        if size is not None and not schema.get(f"min{kind}", 0) <= size <= schema.get(f"max{kind}", 10**9):
            problems.append(f"{place}: size {size}")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            problems.append(f"{place}: {value} is out of range")
        if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
            problems.append(f"{place}: {value!r:.60} does not match {schema['pattern']}")
        if (
            isinstance(value, list)
            and schema.get("uniqueItems")
            and len({json.dumps(one) for one in value}) < len(value)
        ):
            problems.append(f"{place}: something stands twice")
        return problems

    def _inside(self, value: Any, schema: dict[str, Any], place: str) -> list[str]:
        problems: list[str] = []
        if isinstance(value, list) and "items" in schema:
            for index, one in enumerate(value):
                problems += self.fit(one, schema["items"], f"{place}[{index}]")
        if not isinstance(value, dict) or not ({"properties", "additionalProperties"} & set(schema)):
            return problems
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        problems += [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            if name in known:
                problems += self.fit(one, known[name], f"{place}.{name}")
            elif isinstance(others, dict):
                problems += self.fit(one, others, f"{place}.{name}")
            else:
                problems.append(f"{place}.{name} is unknown")
        return problems
