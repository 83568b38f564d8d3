"""How a simulated member goes through a training module: what is right, step by step."""

from __future__ import annotations

from bot import training
from bot.chat.actions import ActionId, Button
from bot.chat.views import Actions, Heading, View
from bot.i18n import LANGUAGES
from bot.training import MODULES


def next_press(view: View) -> ActionId | None:
    """Return what to press at a step of a module or after one; None when nothing is left to do."""
    buttons = [item.action for block in view.blocks if isinstance(block, Actions) for item in block.items
               if isinstance(item, Button)]  # fmt: skip
    picks = [one for one in buttons if one.name == "training.pick"]
    if picks:
        step, _, _ = picks[0].arg.partition(".")
        return picks[_right(_title(view), int(step))]
    return next((one for one in buttons if one.name in ("training.next", "training.go")), None)


def _title(view: View) -> str:
    return next((block.text for block in view.blocks if isinstance(block, Heading)), "")


def _right(title: str, step: int) -> int:
    modules = [training.module(key, language) for key in MODULES for language in LANGUAGES]
    module = next(one for one in modules if one.title == title)
    return next((place for place, option in enumerate(module.steps[step].options) if option.right), 0)
