"""What the core says by itself."""

from __future__ import annotations

from typing import Any

from bot import outcome, paging, questions, reasons, views
from bot.chat.text import words
from bot.chat.views import List, Text, View
from bot.errors import FIELD_ERRORS, REFUSALS
from bot.features import ALL
from bot.features.checkin import views as checkin
from bot.features.kudos import views as kudos
from bot.features.programme import views as programme
from tests.golden.examples.checkin import asked
from tests.golden.examples.common import COFFEE, REASONS, WHEN, Example, refusals_of, sentence
from tests.golden.examples.kudos import held


def _commands() -> list[Any]:
    return [command for feature in ALL for command in feature.commands if command.path[0] == "kudos"]


def _paged(page: int) -> Example:
    whole = View("kudos.mine", (List(tuple(words(f"{number}") for number in range(20)), paged=True),))
    return lambda say: paging.cut(whole, page, "page.kudos.mine", "", say)


def _reason(stored: dict[str, Any], size: int) -> Example:
    return lambda say: reasons.reason(say, stored, size)


def _who_reads(readers: str) -> Example:
    return lambda say: questions.who_reads(say, readers)


EXAMPLES: dict[str, Example] = {
    **refusals_of(REFUSALS),
    **{
        f"field/{key}": sentence(text, {"least": 3, "most": 9, "limit": 400}) for key, text in FIELD_ERRORS.items()
    },
    **{f"reason/{one['code']}, {size}": _reason(one, size) for one in REASONS for size in (2, 3)},
    "reason/one hour": lambda say: reasons.reason(say, {"code": "shared_hours", "params": {"count": 1}}),
    "reason/unknown": lambda say: reasons.reason(say, {"code": "new_one", "params": {}}),
    "lines": lambda say: reasons.lines(say, [*REASONS, {"code": "new_one", "params": {}}], 2),
    "people": lambda say: reasons.people(say, ["m-ana", "m-bea", "m-chen"]),
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
    **{f"who_reads/{readers}": _who_reads(readers) for readers in questions.READERS},
    "write": lambda say: questions.write(say, "prompt", "a1"),
    "put_off": lambda say: questions.put_off(say, "prompt", "a1"),
    "other_times": lambda say: questions.other_times(say, "prompt", "a1", words("How was this week?")),
    "snoozed": lambda say: questions.snoozed(say, "prompt", WHEN),
    "skipped": lambda say: questions.skipped(say, "prompt", "a1"),
    "text_form": lambda say: questions.text_form(say, "prompt", "a1", "How was it?", text="Fine.", readers="me"),
    "until_form": lambda say: questions.until_form(say, "prompt", "a1"),
    "bad_day/past": lambda say: questions.bad_day(say, WHEN.date(), WHEN.date()),
    "bad_day/far": lambda say: questions.bad_day(say, WHEN.date().replace(year=2036), WHEN.date()),
    "resting": lambda say: questions.resting(say, "prompt", WHEN),
    "change": lambda say: questions.change(say, "prompt", "a1"),
}  # fmt: skip

MODULES = (
    views,
    outcome,
    paging,
    reasons,
    questions,
)
"""Where everything that says something has its example."""
