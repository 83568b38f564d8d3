"""What is said when an introduction waits for an answer."""

from __future__ import annotations

from bot.features.response import views
from bot.i18n import Say
from tests.golden.examples.common import WHEN, Example, of_feature

TOLD = {"partners": ["m-bea"], "response": "r1", "pair_id": "p1"}
WAITS = {"who": "m-bea", "response": "r1", "pair_id": "p1"}


def home(say: Say) -> object:
    """The blocks on one's own page, in a view of their own."""
    return views.View("response.home", views.home(say))


EXAMPLES: dict[str, Example] = {
    **of_feature("response"),
    "remind": lambda say: views.remind(say, TOLD),
    "remind/of three": lambda say: views.remind(say, TOLD | {"partners": ["m-bea", "m-chen"]}),
    "warn": lambda say: views.warn(say, TOLD | {"until": WHEN.isoformat()}),
    "patience": lambda say: views.patience(say, WAITS),
    "reroute": lambda say: views.reroute(say, WAITS),
    "unavailable": lambda say: views.unavailable(say, {}),
    "inactive": lambda say: views.inactive(say, {}),
    "fine": views.fine,
    "later": lambda say: views.later(say, WHEN),
    "waiting": views.waiting,
    "back": views.back,
    "home": home,
    "step": lambda say: views.View("response.step", (views.Text(views.step(say).text),)),
}

MODULES = (views,)
"""Where everything that says something has its example."""
