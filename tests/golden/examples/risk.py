"""What coordinators read of pairs at risk, and what such a pair is asked."""

from __future__ import annotations

from bot.features.risk import views
from bot.features.risk.rules import Finding, Risk
from tests.golden.examples.common import Example, of_feature

TWO = ("m-ana", "m-bea")
FOUND = [
    Finding("p1", TWO, Risk.FLAGGED, ("m-ana",), 3),
    Finding("p2", TWO, Risk.OVERDUE, ("m-bea",), 9),
    Finding("p3", TWO, Risk.ONE_SIDED, ("m-bea",), 10),
    Finding("p4", TWO, Risk.STALLED, TWO, 1),
]
ASK = {"pair_id": "p1", "partners": ["m-bea"]}

EXAMPLES: dict[str, Example] = {
    **of_feature("risk"),
    "risks": lambda say: views.risks(say, "Coffee", FOUND),
    "risks/none": lambda say: views.risks(say, "Coffee", []),
    "risks/many": lambda say: views.risks(say, "Coffee", FOUND * 3),
    "asked": lambda say: views.asked(say, ["m-ana"], ["m-bea"]),
    "ask": lambda say: views.ask(say, ASK),
    "fine": views.fine,
    "thanks_help": lambda say: views.thanks_help(say, told=True),
    "thanks_help/no channel": lambda say: views.thanks_help(say, told=False),
    "help_wanted": lambda say: views.help_wanted(say, {"member": "m-ana"}),
}

MODULES = (views,)
"""Where everything that says something has its example."""
