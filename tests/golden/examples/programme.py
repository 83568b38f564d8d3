"""What programmes say."""

from __future__ import annotations

from bot.describing import Mistake
from bot.features.programme import views
from tests.golden.examples.common import COFFEE, KNOWN, MENTORING, NEW, WHEN, Example, of_feature

NOMINATED = {"who": "m-ana", "programme": "p", "name": "Coffee"}

EXAMPLES: dict[str, Example] = {
    **of_feature("programme"),
    "about/new": lambda say: views.about(say, "p", MENTORING, roles=[], next_round=WHEN),
    "about/both roles": lambda say: views.about(say, "p", MENTORING, roles=["mentor", "mentee"], next_round=None),
    "about/peer": lambda say: views.about(say, "p", COFFEE, roles=["peer"], next_round=WHEN),
    "card/translated": lambda say: views.card(
        say, {"programme": "p", "name": "Coffee", "summary": "Meet.", "texts": {"es": {"name": "Café"}}}
    ),
    "nominated/as a mentor": lambda say: views.nominated(say, NOMINATED | {"mentor": True}),
    "nominated/as a peer": lambda say: views.nominated(say, NOMINATED | {"mentor": False}),
    "nominating": lambda say: views.nominating(say, "m-bea"),
    "declined": views.declined,
    "join_form/mentoring, new": lambda say: views.join_form(say, "p", MENTORING, NEW, None),
    "join_form/peers, known": lambda say: views.join_form(say, "p", COFFEE, KNOWN, "peer"),
    "mistake/zone, near": lambda say: views.mistake(say, Mistake("zone", "Madird", "Europe/Madrid")),
    "mistake/zone, far": lambda say: views.mistake(say, Mistake("zone", "the moon")),
    "mistake/language": lambda say: views.mistake(say, Mistake("language", "Klingonish")),
    "mistake/availability": lambda say: views.mistake(say, Mistake("availability", "whenever")),
    "joined/both roles": lambda say: views.joined(say, MENTORING, ["mentor", "mentee"], next_round=WHEN),
    "joined/no date": lambda say: views.joined(say, COFFEE, ["peer"], next_round=None),
    "leaving": lambda say: views.leaving(say, "p", "Coffee"),
    "left": lambda say: views.left(say, "Coffee"),
    "home": lambda say: views.home(say, [("p", COFFEE, True), ("q", MENTORING, False)]),
    "join_step": lambda say: views.join_step(say, "p", COFFEE),
    "about_step": lambda say: views.about_step(say, "p", COFFEE),
}

MODULES = (views,)
"""Where everything that says something has its example."""
