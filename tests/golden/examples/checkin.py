"""What check-ins say."""

from __future__ import annotations

from typing import Any

from bot.features.checkin import views
from tests.golden.examples.common import WHEN, Example, of_feature


def asked(*partners: str, **questions: str) -> dict[str, Any]:
    """Return what a question is about."""
    return {"checkin": "c1", "partners": list(partners), "questions": questions}


EXAMPLES: dict[str, Example] = {
    **of_feature("checkin"),
    "ask/the programme's question": lambda say: views.ask(say, asked("m-bea", en="Coffee yet?", es="¿Ya hubo café?")),
    "ask/pair": lambda say: views.ask(say, asked("m-bea")),
    "ask/trio": lambda say: views.ask(say, asked("m-bea", "m-chen")),
    "step": lambda say: views.step(say, asked("m-bea")),
    "thanks_met": lambda say: views.thanks_met(say, "c1"),
    "thanks_scheduled": lambda say: views.thanks_scheduled(say, "c1"),
    "thanks_not_yet": lambda say: views.thanks_not_yet(say, "c1"),
    "thanks_help/told": lambda say: views.thanks_help(say, "c1", told=True),
    "thanks_help/nobody to tell": lambda say: views.thanks_help(say, "c1", told=False),
    "snoozed": lambda say: views.snoozed(say, WHEN),
    "help_wanted": lambda say: views.help_wanted(say, {"member": "m-ana"}),
}

MODULES = (views,)
"""Where everything that says something has its example."""
