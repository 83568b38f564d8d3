"""What asking for help says."""

from __future__ import annotations

from bot.features.ask import views
from storage.request import CLAIMED, OPEN, Request
from tests.golden.examples.common import WHEN, Example, of_feature

TOLD = {"who": "m-ana", "tag": "python", "request": "q1"}


def _request(mentor: str | None = None) -> Request:
    return Request(
        id="q1", community_id="c", asker_id="m-ana", mentor_id=mentor, tag="python", question="Why is it slow?",
        status=CLAIMED if mentor else OPEN, asked_at=WHEN,
    )  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("ask"),
    "ask_form": lambda say: views.ask_form(say, "python", ""),
    "asked": lambda say: views.asked(say, "python", 24),
    "asked/an hour": lambda say: views.asked(say, "python", 1),
    "offered": lambda say: views.offered(say, TOLD),
    "claimed": lambda say: views.claimed(say, TOLD),
    "moved": lambda say: views.moved(say, TOLD),
    "unmet": lambda say: views.unmet(say, TOLD),
    "thanked": lambda say: views.thanked(say, TOLD),
    "one/offered": lambda say: views.one(say, _request(), "m-bea", offered=True),
    "one/of the asker": lambda say: views.one(say, _request("m-bea"), "m-ana", offered=False),
    "yours": lambda say: views.yours(say, _request("m-bea")),
    "declined": views.declined,
    "solved": views.solved,
    "not_yet": views.not_yet,
    "mine/none": lambda say: views.mine(say, "m-ana", []),
    "mine/some": lambda say: views.mine(say, "m-ana", [_request(), _request("m-bea")]),
    "mine/taken": lambda say: views.mine(say, "m-bea", [_request("m-bea")]),
    "experts/none": lambda say: views.experts(say, "python", []),
    "experts/some": lambda say: views.experts(say, "python", [("m-bea", 3), ("m-ana", 1)]),
}

MODULES = (views,)
"""Where everything that says something has its example."""
