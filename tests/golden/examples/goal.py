"""What goals say."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.features.goal import views
from storage.goal import Goal, GoalNote
from tests.golden.examples.common import WHEN, Example, of_feature

PAIRS = [("p1", "Bea"), ("p2", "Chen, Dia")]
MINE = Goal(
    id="g1", community_id="c", member_id="m-ana", what="Prune the trees", measure="All six", due_on=date(2026, 9, 30),
    steps=[["Borrow a saw", True], ["The first tree", False]], progress=50, created_at=WHEN,
)  # fmt: skip
SHARED = Goal(id="g2", community_id="c", member_id="m-bea", pair_id="p1", sight="shared", what="Read", created_at=WHEN)
OURS = Goal(
    id="g3", community_id="c", member_id="m-ana", pair_id="p1", sight="ours", what="A bench", term="long",
    status="reached", created_at=WHEN, reached_at=WHEN,
)  # fmt: skip
NOTE = GoalNote(
    id="n1", community_id="c", goal_id="g1", member_id="m-ana", progress=50, note="The saw is here.", at=WHEN
)


def shown(goal: Goal, names: str = "", *, mine: bool = True, late: bool = False) -> views.Shown:
    """Return a goal as somebody sees it."""
    return views.Shown(goal, names, mine, late)


def about(**more: Any) -> dict[str, Any]:
    """Return what a message about a goal holds."""
    return {"goal": "g1", "who": "m-bea", "what": "Prune the trees"} | more


EXAMPLES: dict[str, Example] = {
    **of_feature("goal"),
    "wrong_day/past": lambda say: views.wrong_day(say, "past"),
    "wrong_day/far": lambda say: views.wrong_day(say, "far"),
    "add_form": lambda say: views.add_form(say, PAIRS, "Prune"),
    "add_form/nobody to share with": lambda say: views.add_form(say, [], ""),
    "update_form": lambda say: views.update_form(say, MINE, "x Borrow a saw\nThe first tree", PAIRS),
    "update_form/somebody else's": lambda say: views.update_form(say, OURS, "", None),
    "listing": lambda say: views.listing(
        say, [shown(MINE, late=True), shown(OURS, "Bea"), shown(SHARED, "Bea", mine=False)]
    ),
    "listing/none": lambda say: views.listing(say, []),
    "which": lambda say: views.which(say, [("g1", "Prune the trees"), ("g3", "A bench")], "goal.choose"),
    "none": views.none,
    "one": lambda say: views.one(say, shown(MINE), [NOTE]),
    "one/reached": lambda say: views.one(say, shown(OURS, "Bea"), []),
    "one/a partner's": lambda say: views.one(say, shown(SHARED, "Bea", mine=False), []),
    "added/private": lambda say: views.added(say, shown(MINE)),
    "added/shared": lambda say: views.added(say, shown(SHARED, "Bea")),
    "added/ours": lambda say: views.added(say, shown(OURS, "Bea")),
    "reached": lambda say: views.reached(say, "g1", "Prune the trees"),
    "dropped": lambda say: views.dropped(say, "g1", "Prune the trees"),
    "ours": lambda say: views.ours(say, about()),
    "reached_by": lambda say: views.reached_by(say, about()),
    "from_plan": lambda say: views.from_plan(say, {"goals": ["Read the guide", "Ask Eli"]}),
    "remind/half": lambda say: views.remind(say, about(kind="half", due_on="2026-09-30")),
    "remind/near": lambda say: views.remind(say, about(kind="near", due_on="2026-09-30")),
    "home": lambda say: views.home(say, [shown(MINE), shown(SHARED, "Bea", mine=False)]),
    "step": lambda say: views.step(say, shown(MINE)),
    "first_step": views.first_step,
}

MODULES = (views,)
"""Where everything that says something has its example."""
