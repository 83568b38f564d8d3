"""What is said about somebody who joined a running round."""

from __future__ import annotations

from typing import Any

from bot.features.latecomer import views
from tests.golden.examples.common import REASONS, Example, of_feature


def _asked(*partners: str, **more: Any) -> dict[str, Any]:
    return {
        "question": "q1", "who": "m-fay", "programme": "Coffee", "mentor": not partners, "partners": list(partners),
        "reasons": REASONS,
    } | more  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("latecomer"),
    "mentor_asked": lambda say: views.mentor_asked(say, _asked()),
    "mentor_asked/nothing known": lambda say: views.mentor_asked(say, _asked(reasons=[])),
    "pair_asked": lambda say: views.pair_asked(say, _asked("m-bea")),
    "accepted": lambda say: views.accepted(say, "m-fay"),
    "declined": views.declined,
    "step/mentor": lambda say: views.step(say, _asked()),
    "step/pair": lambda say: views.step(say, _asked("m-bea")),
}

MODULES = (views,)
"""Where everything that says something has its example."""
