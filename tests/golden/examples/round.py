"""What rounds say."""

from __future__ import annotations

from bot.features.round import views
from bot.matching import Group, Reason, Result, Unmatched
from bot.reasons import BLOCKS
from tests.golden.examples.common import Example, of_feature


def _unmatched(code: str) -> Example:
    return lambda say: views.unmatched(say, {"programme": "Coffee", "why": [code]})


EXAMPLES: dict[str, Example] = {
    **of_feature("round"),
    **{f"unmatched/{code}": _unmatched(code) for code in BLOCKS},
    "unmatched/no reason": lambda say: views.unmatched(say, {"programme": "Coffee", "why": []}),
    "preview/draft": lambda say: views.preview(say, "Coffee", _round(), published=False),
    "preview/published": lambda say: views.preview(say, "Coffee", _round(), published=True),
    "preview/nobody": lambda say: views.preview(say, "Coffee", Result((), (), 0.0), published=False),
}  # fmt: skip


def _round() -> Result:
    blocked = (Reason("no_shared_language", {"people": 3}), Reason("code of tomorrow", {"people": 1}))
    groups = (Group(("m-ana", "m-bea"), 0.91, ()), Group(("m-chen", "m-dia", "m-eli"), 0.42, ()))
    return Result(groups, (Unmatched("m-fay", blocked),), 1.33)


MODULES = (views,)
"""Where everything that says something has its example."""
