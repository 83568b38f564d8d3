"""Where somebody is in a module, and where a press takes them. Pure, but for the row they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.training import MODULES, Module
from storage.training import TrainingProgress


def next_module(known: Mapping[str, TrainingProgress], required: Sequence[str]) -> str | None:
    """Return what comes next: what is begun, then what is asked for, then the others; None when all are passed."""
    order = [*required, *(key for key in MODULES if key not in required)]
    left = [key for key in order if key not in known or known[key].passed_at is None]
    begun = [key for key in left if key in known]
    return next(iter(begun or left), None)


def choose(row: TrainingProgress, module: Module, arg: str) -> bool:
    """Take the choice of a press, "step.option"; whether it was one that could be made now."""
    step, _, option = arg.partition(".")
    if step != str(row.at) or row.chosen is not None or row.at >= len(module.steps):
        return False
    options = module.steps[row.at].options
    if option not in map(str, range(len(options))):
        return False
    row.chosen = int(option)
    row.right += options[row.chosen].right
    return True


def go(row: TrainingProgress, module: Module, arg: str) -> bool:
    """Go on from the step that a press is about; whether that is where the member is, with nothing left to choose."""
    if arg != str(row.at) or row.at >= len(module.steps):
        return False
    if module.steps[row.at].options and row.chosen is None:
        return False
    row.at, row.chosen = module.after(row.at, row.chosen), None
    return True


def again(row: TrainingProgress, module: Module) -> None:
    """Begin a module that is at its end once more: who did not pass, with the quiz."""
    quiz = next((place for place, step in enumerate(module.steps) if step.quiz), 0)
    row.at, row.chosen, row.right, row.tries = 0 if row.passed_at else quiz, None, 0, row.tries + 1
