"""What cohorts say."""

from __future__ import annotations

from bot.features.cohort import views
from storage.programme import Cohort
from tests.golden.examples.common import WHEN, Example, of_feature

OPEN = Cohort(id="k1", community_id="c", programme_id="p", name="Autumn", opened_at=WHEN)
OVER = Cohort(id="k2", community_id="c", programme_id="p", name="Spring", opened_at=WHEN, closed_at=WHEN)

EXAMPLES: dict[str, Example] = {
    **of_feature("cohort"),
    "listed": lambda say: views.listed(say, [(OPEN, 1), (OVER, 12)]),
    "opened": lambda say: views.opened(say, "Autumn", "Coffee"),
    "sure/one": lambda say: views.sure(say, "k1", "Autumn", 1),
    "sure/many": lambda say: views.sure(say, "k1", "Autumn", 12),
    "closed/one": lambda say: views.closed(say, "Autumn", 1),
    "closed/many": lambda say: views.closed(say, "Autumn", 12),
    "finished": lambda say: views.finished(say, {"name": "Autumn", "programme": "Coffee", "texts": {}}),
}

MODULES = (views,)
"""Where everything that says something has its example."""
