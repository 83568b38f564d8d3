"""What milestones say."""

from __future__ import annotations

from typing import Any

from bot.features.milestone import views
from bot.features.milestone.rules import Badge
from bot.i18n import Say
from storage.milestone import Milestone
from tests.golden.examples.common import WHEN, Example, of_feature

KINDS = ("session", "goal", "answer", "thanks", "training", "cohort", "anniversary")


def _told(kind: str = "session", count: int = 1, **more: Any) -> dict[str, Any]:
    texts = {"programme": "Coffee", "badge": "Regular", "text": ""}
    return {
        "kind": kind, "count": count, "level": 1, "levels": 3, "language": "en", "texts": {"en": texts},
        "milestone": "s1", "asks": True, "day": WHEN.isoformat(), "who": "m-ana",
    } | more  # fmt: skip


def _row(kind: str, count: int) -> Milestone:
    return Milestone(
        id="s1", community_id="c", programme_id="p", member_id="m-ana", key=kind, kind=kind, count=count,
        reached_at=WHEN,
    )  # fmt: skip


def _every(count: int) -> Example:
    def mine(say: Say) -> Any:
        badges = [Badge(kind, kind.capitalize(), kind, count, 1, 3, 5) for kind in KINDS]
        return views.mine(say, [(_row(kind, count), "") for kind in KINDS], badges)

    return mine


PLAIN = {"en": {"programme": "Coffee", "badge": "", "text": "You said it and you did it."}}

EXAMPLES: dict[str, Example] = {
    **of_feature("milestone"),
    "reached": lambda say: views.reached(say, _told()),
    "reached/own words, not asked": lambda say: views.reached(say, _told("goal", 3, texts=PLAIN, asks=False)),
    "shared": lambda say: views.shared(say, _told()),
    "answered/shared": lambda say: views.answered(say, shared=True),
    "answered/kept": lambda say: views.answered(say, shared=False),
    "mine/none": lambda say: views.mine(say, [], []),
    "mine/first": _every(1),
    "mine/more": _every(4),
    "mine/own words, done and not begun": lambda say: views.mine(
        say, [(_row("goal", 1), "You said it and you did it.")],
        [Badge("a", "Regular", "session", 15, 3, 3, None), Badge("b", "Warm heart", "thanks", 0, 0, 3, 1)],
    ),
    "home/none": lambda say: views.home(say, []),
    "home/some": lambda say: views.home(say, [Badge("a", "Regular", "session", 2, 1, 3, 5)]),
}  # fmt: skip

MODULES = (views,)
"""Where everything that says something has its example."""
