"""What shoutouts say."""

from __future__ import annotations

from bot.features.shoutout import views
from storage.shoutout import Shoutout
from tests.golden.examples.common import WHEN, Example, of_feature

WORDS = "For four years of patient reviews."
ROW = Shoutout(
    id="s1", community_id="c", author_id="m-ana", words=WORDS, goes_to=["space", "c-general"], due_at=WHEN,
    waits_until=WHEN, written_at=WHEN,
)  # fmt: skip

EXAMPLES: dict[str, Example] = {
    **of_feature("shoutout"),
    "write_form": lambda say: views.write_form(say, "Europe/Madrid"),
    "wrong/clock": lambda say: views.wrong(say, "clock"),
    "wrong/past": lambda say: views.wrong(say, "past"),
    "wrong/far": lambda say: views.wrong(say, "far"),
    "not_here": lambda say: views.not_here(say, "Bea"),
    "written": lambda say: views.written(say, ROW, ["m-bea"], []),
    "written/asked": lambda say: views.written(say, ROW, ["m-bea", "m-ana"], ["m-bea"]),
    "posted": lambda say: views.posted(say, {"members": ["m-bea"], "words": WORDS}),
    "ask": lambda say: views.ask(say, {"member": "x", "author": "m-ana", "words": WORDS, "channel": "c-general"}),
    "answered/yes": lambda say: views.answered(say, says=True),
    "answered/no": lambda say: views.answered(say, says=False),
    "not_wanted": lambda say: views.not_wanted(say, {}),
    "dropped": views.dropped,
    "waiting/none": lambda say: views.waiting(say, []),
    "waiting/one": lambda say: views.waiting(say, [ROW]),
}

MODULES = (views,)
"""Where everything that says something has its example."""
