"""What training says; the modules themselves are texts of their own."""

from __future__ import annotations

from typing import Any

from bot import training
from bot.features.training import views
from bot.i18n import Say
from bot.resources import Found
from storage.training import TrainingProgress
from tests.golden.examples.common import WHEN, Example, of_feature

TOLD: dict[str, Any] = {"count": 2, "minutes": 11, "gate": True, "programme": "Coffee", "texts": {}}


READ = [
    Found("Your first meeting", "", "Ask before you advise.", ("session",)),
    Found("When a pair is stuck", "https://example.org/stuck", "", ()),
]


def _row(at: int = 0, *, chosen: int | None = None, right: int = 2, passed: bool = False) -> TrainingProgress:
    return TrainingProgress(
        id="t1", community_id="c", member_id="m-ana", module="how", at=at, chosen=chosen, right=right, begun_at=WHEN,
        passed_at=WHEN if passed else None,
    )  # fmt: skip


def _of(show: Any) -> Example:
    """Show something about the module in the reader's language."""
    return lambda say: show(say, training.module("how", say.language))


def _listed(say: Say) -> Any:
    modules = [training.module(key, say.language) for key in training.MODULES]
    return views.listed(say, modules, {"how": _row(9, passed=True), "listening": _row(2)}, ["confidentiality"])


EXAMPLES: dict[str, Example] = {
    **of_feature("training"),
    "waits": lambda say: views.waits(say, TOLD),
    "waits/one, not needed": lambda say: views.waits(say, TOLD | {"count": 1, "minutes": 6, "gate": False}),
    "step/words": _of(lambda say, module: views.step(say, module, _row(0))),
    "step/question": _of(lambda say, module: views.step(say, module, _row(1))),
    "step/answered": _of(lambda say, module: views.step(say, module, _row(1, chosen=0))),
    "step/the end": _of(lambda say, module: views.step(say, module, _row(9, passed=True))),
    "passed/more": _of(lambda say, module: views.passed(say, module, _row(9), left=2)),
    "passed/one more": _of(lambda say, module: views.passed(say, module, _row(9), left=1)),
    "not_passed": _of(lambda say, module: views.not_passed(say, module, _row(9, right=1))),
    "all_done": views.all_done,
    "listed": _listed,
    "status/none": lambda say: views.status(say, 0, {}),
    "status/all": lambda say: views.status(say, 3, {}),
    "status/some": lambda say: views.status(say, 3, {"m-ana": ["how", "conflict"]}),
    "transcript/one": _of(lambda say, module: views.transcript(say, "Ana", [(module, _row(9, passed=True))])),
    "transcript/two": _of(lambda say, module: views.transcript(say, "Ana", [(module, _row(9, passed=True))] * 2)),
    "library": lambda say: views.library(say, "", READ, any_=True),
    "library/nothing found": lambda say: views.library(say, "chess", [], any_=True),
    "library/empty": lambda say: views.library(say, "", [], any_=False),
    "thought": lambda say: views.thought(say, {"month": 2}),
    "thought_answered": lambda say: views.thought_answered(say, training.thoughts(say.language)[2], 0),
    "next_step/one": lambda say: views.next_step(say, 1),
    "next_step/two": lambda say: views.next_step(say, 2),
}

MODULES = (views,)
"""Where everything that says something has its example."""
