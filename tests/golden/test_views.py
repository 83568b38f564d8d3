"""Everything Kith can say, in both languages, beside what it said before.

After a change that is meant, write the files again with `KITH_GOLDEN=write python3 start.py test tests/golden` and read
the difference.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.chat.views import tree
from bot.features import ALL
from bot.i18n import LANGUAGES, Say
from tests.golden.examples import EXAMPLES, builders

HERE = Path(__file__).parent


def said(feature: str) -> dict[str, Any]:
    """Return example -> language -> the tree of what is said."""
    return {
        name: {language: tree(make(Say(language, "Europe/Madrid"))) for language in LANGUAGES}
        for name, make in sorted(EXAMPLES[feature].items())
    }


def printed(value: Any, depth: int = 0) -> str:
    """Return JSON with a line for each block or field, so that a difference can be read."""
    if depth == 5 or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        lines = [printed(part, depth + 1) for part in value]
    else:
        lines = [f"{json.dumps(key)}: {printed(part, depth + 1)}" for key, part in value.items()]
    start, end = ("[", "]") if isinstance(value, list) else ("{", "}")
    return start + "\n" + ",\n".join(inner + line for line in lines) + "\n" + outer + end


@pytest.mark.parametrize("feature", EXAMPLES)
def test_what_is_said_has_not_changed_by_accident(feature: str):
    """Each example says what it said when somebody last read it."""
    file = HERE / f"{feature}.json"
    if os.environ.get("KITH_GOLDEN") == "write":
        file.write_text(printed(said(feature)) + "\n", encoding="utf-8")
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(json.dumps(said(feature)))


@pytest.mark.parametrize("feature", EXAMPLES)
def test_every_builder_has_an_example(feature: str):
    """Nothing can be said that no golden file shows."""
    shown = {name.split("/")[0] for name in EXAMPLES[feature]} - {"setting", "field"}
    assert builders(feature) | {"refusal"} == shown | {"refusal"}


def test_every_message_sent_later_has_an_example():
    """What the outbox sends is among the builders that the golden files show."""
    missing = {
        key
        for feature in ALL
        for key, make in feature.messages.items()
        if getattr(make, "__name__", "") not in builders(feature.name)
    }
    assert set() == missing


def test_every_feature_has_a_golden_file():
    """A new feature is noticed here."""
    assert {feature.name for feature in ALL} == set(EXAMPLES)
