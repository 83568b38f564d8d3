"""What is said about exchanging a contact."""

from __future__ import annotations

from bot.features.contact import views
from tests.golden.examples.common import Example, of_feature

NOTHING = views.State("p1", ("m-bea",), "", None)
MINE = views.State("p1", ("m-bea", "m-chen"), "ana@example.org", None)
BOTH = views.State("p1", ("m-bea",), "ana@example.org", {"m-bea": "bea on the `forum`"})

EXAMPLES: dict[str, Example] = {
    **of_feature("contact"),
    "offered": lambda say: views.offered(say, {"partners": ["m-bea"], "pair_id": "p1"}),
    "ready": lambda say: views.ready(say, {"who": "m-bea", "pair_id": "p1"}),
    "exchanged": lambda say: views.exchanged(say, {"contacts": [["m-bea", "bea@example.org"]]}),
    "form": lambda say: views.form(say, "p1", "ana@example.org"),
    "shown": lambda say: views.shown(say, [NOTHING, MINE, BOTH]),
    "taken_back/in time": lambda say: views.taken_back(say, known=False),
    "taken_back/too late": lambda say: views.taken_back(say, known=True),
    "home": lambda say: views.home(say, [NOTHING, MINE, BOTH]),
    "step": lambda say: views.step(say, NOTHING),
}

MODULES = (views,)
"""Where everything that says something has its example."""
