"""What check-ins say."""

from __future__ import annotations

from typing import Any

from bot.features.checkin import views
from bot.resources import Found
from tests.golden.examples.common import Example, of_feature


def asked(*partners: str, **questions: str) -> dict[str, Any]:
    """Return what a question is about."""
    return {"checkin": "c1", "partners": list(partners), "questions": questions}


LABELS = {"kind": "labels", "labels": {"en": ["Good", "Hard"], "es": ["Bien", "Mal"]}}
COUNTED = [
    views.Counted("Did you meet?", plan=False, answers={("met", ""): 7, ("help", ""): 1, ("none", ""): 4}),
    views.Counted("How was it?", plan=False, answers={("scale", "4"): 3, ("scale", "5"): 2}),
    views.Counted("And now?", plan=False, answers={("label", "Good"): 1, ("none", ""): 2}),
    views.Counted("", plan=True, answers={("text", ""): 6}),
]

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
    "thanks_help/something to read": lambda say: views.thanks_help(
        say, "c1", told=True, to_read=[Found("When a pair is stuck", "https://example.org/stuck", "", ("stuck",))]
    ),
    "thanks_help/nobody to tell": lambda say: views.thanks_help(say, "c1", told=False),
    "thanks_met/pair ended": lambda say: views.thanks_met(say, "c1", ended=True),
    "ask/scale": lambda say: views.ask(say, asked("m-bea", en="How was it?", es="¿Qué tal?") | {"kind": "scale"}),
    "ask/labels": lambda say: views.ask(say, asked("m-bea", en="How was it?", es="¿Qué tal?") | LABELS),
    "ask/words": lambda say: views.ask(say, asked("m-bea", en="What now?", es="¿Y ahora?") | {"kind": "text"}),
    "ask/action plan": lambda say: views.ask(say, asked("m-bea") | {"kind": "text", "plan": True}),
    "other": lambda say: views.other(say, asked("m-bea")),
    "write_form": lambda say: views.write_form(say, asked("m-bea") | {"plan": True}, "Call her."),
    "thanks": lambda say: views.thanks(say, "c1", "Good"),
    "thanks_text/plan": lambda say: views.thanks_text(say, "c1", plan=True),
    "thanks_text/words": lambda say: views.thanks_text(say, "c1", plan=False),
    "counts": lambda say: views.counts(say, "Coffee", COUNTED),
    "counts/none": lambda say: views.counts(say, "Coffee", []),
    "help_wanted": lambda say: views.help_wanted(say, {"member": "m-ana"}),
}

MODULES = (views,)
"""Where everything that says something has its example."""
