"""What training says; the modules themselves are texts of their own."""

from __future__ import annotations

from typing import Any

from bot import training
from bot.features.training import views
from bot.i18n import Say
from storage.training import TrainingProgress
from tests.golden.examples.common import WHEN, Example, of_feature

TOLD: dict[str, Any] = {"count": 2, "minutes": 11, "gate": True, "programme": "Coffee", "texts": {}}


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
    "next_step/one": lambda say: views.next_step(say, 1),
    "next_step/two": lambda say: views.next_step(say, 2),
}

MODULES = (views,)
"""Where everything that says something has its example."""
