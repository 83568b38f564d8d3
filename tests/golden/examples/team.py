"""What is said about the coordinators of one programme."""

from __future__ import annotations

from bot.features.team import views
from tests.golden.examples.common import Example, of_feature

EXAMPLES: dict[str, Example] = {
    **of_feature("team"),
    "added": lambda say: views.added(say, "m-bea", "Coffee"),
    "added_note": lambda say: views.added_note(
        say, {"name": "Coffee", "texts": {"es": {"name": "Café"}}, "by": "m-ana"}
    ),
    "removed": lambda say: views.removed(say, "m-bea", "Coffee"),
    "listed/nobody": lambda say: views.listed(say, "Coffee", []),
    "listed/two": lambda say: views.listed(say, "Coffee", ["m-ana", "m-bea"]),
}

MODULES = (views,)
"""Where everything that says something has its example."""
