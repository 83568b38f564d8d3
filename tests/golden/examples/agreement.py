"""What is said about how a pair works together."""

from __future__ import annotations

from typing import Any

from bot.features.agreement import views
from bot.features.agreement.rules import Terms
from tests.golden.examples.common import Example, of_feature

TERMS = Terms("fortnightly", "video", "between")
HOPES = {"m-ana": "Somebody to think aloud with.", "m-bea": "To write *better*."}


def _state(terms: Terms | None = TERMS, agreed: tuple[str, ...] = (), people: tuple[str, ...] = ()) -> views.State:
    there = ("m-ana", "m-bea", *people)
    hopes = HOPES if terms else {}
    return views.State("p1", "a1" if terms else "", "m-bea", there, terms, 1 if terms else 0, hopes, frozenset(agreed))


def _told(revision: int = 1) -> dict[str, Any]:
    return {
        "pair_id": "p1", "agreement": "a1", "revision": revision, "rhythm": "monthly", "channel": "person",
        "confidentiality": "learnings", "hopes": [list(one) for one in HOPES.items()],
    }  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("agreement"),
    "form/first": lambda say: views.form(say, _state(None)),
    "form/filled in": lambda say: views.form(say, _state()),
    "suggestion": lambda say: views.suggestion(say, _told() | {"who": "m-ana"}),
    "agreed": lambda say: views.agreed(say, _told()),
    "agreed/no hopes": lambda say: views.agreed(say, _told() | {"hopes": []}),
    "taken/one missing": lambda say: views.taken(say, _state(agreed=("m-bea",))),
    "taken/all": lambda say: views.taken(say, _state(agreed=("m-ana", "m-bea"))),
    "shown/nothing, waiting, agreed": lambda say: views.shown(
        say,
        [
            _state(None), _state(agreed=("m-ana",), people=("m-chen",)), _state(agreed=("m-bea",)),
            _state(agreed=("m-ana", "m-bea")),
        ],
    ),
    "half_time/agreed": lambda say: views.half_time(say, _told() | {"partners": ["m-ana"], "seat": "s1"}),
    "half_time/nothing agreed": lambda say: views.half_time(say, _told(0) | {"partners": ["m-ana"], "seat": "s1"}),
    "kept": views.kept,
    "step": lambda say: views.step(say, _state(agreed=("m-ana",))),
}  # fmt: skip

MODULES = (views,)
"""Where everything that says something has its example."""
