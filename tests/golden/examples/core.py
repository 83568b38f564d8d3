"""What the core says by itself."""

from __future__ import annotations

from typing import Any

from bot import outcome, paging, views
from bot.chat.text import words
from bot.chat.views import List, Text, View
from bot.errors import FIELD_ERRORS, REFUSALS
from bot.features import ALL
from bot.features.checkin import views as checkin
from bot.features.kudos import views as kudos
from bot.features.programme import views as programme
from tests.golden.examples.checkin import asked
from tests.golden.examples.common import COFFEE, Example, refusals_of, sentence
from tests.golden.examples.kudos import held


def _commands() -> list[Any]:
    return [command for feature in ALL for command in feature.commands if command.path[0] == "kudos"]


def _paged(page: int) -> Example:
    whole = View("kudos.mine", (List(tuple(words(f"{number}") for number in range(20)), paged=True),))
    return lambda say: paging.cut(whole, page, "page.kudos.mine", "", say)


EXAMPLES: dict[str, Example] = {
    **refusals_of(REFUSALS),
    **{
        f"field/{key}": sentence(text, {"least": 3, "most": 9, "limit": 400}) for key, text in FIELD_ERRORS.items()
    },
    "broken": lambda say: views.broken(say, "3f9a1c", REFUSALS),
    "continue_form": lambda say: views.continue_form(say, "d1", 1, 2),
    "fix_form/one kept": lambda say: views.fix_form(say, "d1", {"zone": "?"}, {"zone": "Zone"}, kept=True),
    "fix_form/two in memory": lambda say: views.fix_form(say, "t", {"a": "?", "b": "!"}, {"a": "A"}, kept=False),
    "unknown/nearest": lambda say: views.unknown(say, "kudo give", "kudos give", REFUSALS),
    "unknown/nothing near": lambda say: views.unknown(say, "xyzzy", None, REFUSALS),
    "next_steps/none": lambda say: views.next_steps(say, []),
    "next_steps/three": lambda say: views.next_steps(
        say, [checkin.step(say, asked("m-bea")), programme.join_step(say, "p", COFFEE), kudos.step(say)]
    ),
    "help_page/all": lambda say: views.help_page(say, (), _commands()),
    "help_page/group": lambda say: views.help_page(say, ("kudos",), _commands()),
    "with_held/one": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), [held(say)]),
    "with_held/two": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), [held(say)] * 2),
    "with_held/none": lambda say: views.with_held(say, View("k", (Text(words("Done.")),)), []),
    "dead_letters/one": lambda say: outcome.dead_letters(say, {"count": 1, "codes": {"unknown_user": 1}}),
    "dead_letters/many": lambda say: outcome.dead_letters(say, {"count": 3, "codes": {"a": 1, "b": 2}}),
    "cut/first": _paged(0),
    "cut/middle": _paged(1),
    "cut/past the end": _paged(9),
}  # fmt: skip

MODULES = (
    views,
    outcome,
    paging,
)
"""Where everything that says something has its example."""
