"""What is said about a trial."""

from __future__ import annotations

from typing import Any

from bot.features.trial import views
from tests.golden.examples.common import WHEN, Example, of_feature


def _question(*partners: str, **more: Any) -> dict[str, Any]:
    asked = {"answer": "t1", "partners": list(partners), "weeks": 2, "decides": WHEN.isoformat(), "again": False}
    return asked | more


EXAMPLES: dict[str, Example] = {
    **of_feature("trial"),
    "ask": lambda say: views.ask(say, _question("m-bea")),
    "ask/trio, a week, once more": lambda say: views.ask(say, _question("m-bea", "m-chen", weeks=1, again=True)),
    "answered": lambda say: views.answered(say, "t1", WHEN),
    "confirmed": lambda say: views.confirmed(say, {}),
    "over": lambda say: views.over(say, {"partners": ["m-bea"]}),
    "step/open": lambda say: views.step(say, _question("m-bea"), given=False),
    "step/answered": lambda say: views.step(say, _question("m-bea"), given=True),
}

MODULES = (views,)
"""Where everything that says something has its example."""
