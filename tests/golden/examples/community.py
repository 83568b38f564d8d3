"""What setting up, settings and the state of things say."""

from __future__ import annotations

from typing import Any

from bot.features import ALL
from bot.features.community import rules, views
from tests.golden.examples.common import WHEN, Example, of_feature


def _settings() -> dict[str, Example]:
    settings = [setting for feature in ALL for setting in feature.settings]
    return {f"setting/{one.key}": _setting(one) for one in settings}


def _setting(one: Any) -> Example:
    return lambda say: rules.field(one, one.default, say, "s")


EXAMPLES: dict[str, Example] = {
    **of_feature("community"),
    **_settings(),
    "bad_zone/near": lambda say: views.bad_zone(say, "Europe/Madird", "Europe/Madrid"),
    "bad_zone/far": lambda say: views.bad_zone(say, "the moon", None),
    "set_up": views.set_up,
    "step": views.step,
    "saved": views.saved,
    "desk": lambda say: views.View(
        "community.desk", views.desk(say, views.status(say, name="", members=1, programmes=[], notes={}, outbox={}))
    ),
    "status/new": lambda say: views.status(say, name="", members=1, programmes=[], notes={}, outbox={}),
    "status/busy": lambda say: views.status(
        say, name="North Bank Makers", members=14, notes={"waiting": 2, "published": 5},
        outbox={"dead": 1, "held": 3, "sent": 90},
        programmes=[
            views.ProgrammeStatus(
                name="First steps", people={"mentor": 1, "mentee": 2}, round_number=3, pairs=(6, 4), unmatched=1,
                answers={"asked": 12, "met": 7, "scheduled": 1, "not_yet": 1, "help": 1, "none": 2}, next_round=WHEN,
            ),
            views.ProgrammeStatus(
                name="Coffee", people={"peer": 1}, round_number=None, pairs=(0, 0), unmatched=0, answers={"asked": 0},
                next_round=None,
            ),
            views.ProgrammeStatus(
                name="Nobody", people={}, round_number=None, pairs=(0, 0), unmatched=0, answers={}, next_round=None,
            ),
        ],
    ),
}  # fmt: skip

MODULES = (views,)
"""Where everything that says something has its example."""
