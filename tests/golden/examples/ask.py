"""What asking for help says."""

from __future__ import annotations

from bot.features.ask import library_views, views
from storage.library import OPEN as SHOWN
from storage.library import WAITS, LibraryEntry
from storage.request import CLAIMED, OPEN, Request
from tests.golden.examples.common import WHEN, Example, of_feature

TOLD = {"who": "m-ana", "tag": "python", "request": "q1"}


def _request(mentor: str | None = None) -> Request:
    return Request(
        id="q1", community_id="c", asker_id="m-ana", mentor_id=mentor, tag="python", question="Why is it slow?",
        status=CLAIMED if mentor else OPEN, asked_at=WHEN,
    )  # fmt: skip


def _entry(status: str = SHOWN) -> LibraryEntry:
    return LibraryEntry(
        id="e1", community_id="c", request_id="q1", asker_id="m-ana", mentor_id="m-bea", tag="python",
        question="Why is it slow?", answer="It reads the file twice.", status=status, written_at=WHEN,
    )  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("ask"),
    "ask_form": lambda say: views.ask_form(say, "python", ""),
    "asked": lambda say: views.asked(say, "python", 24, 0),
    "asked/one answer known": lambda say: views.asked(say, "python", 24, 1),
    "asked/an hour": lambda say: views.asked(say, "python", 1, 2),
    "offered": lambda say: views.offered(say, TOLD),
    "claimed": lambda say: views.claimed(say, TOLD),
    "moved": lambda say: views.moved(say, TOLD),
    "unmet": lambda say: views.unmet(say, TOLD),
    "thanked": lambda say: views.thanked(say, TOLD),
    "one/offered": lambda say: views.one(say, _request(), "m-bea", offered=True),
    "answered": lambda say: views.answered(say, TOLD),
    "released": lambda say: views.released(say, TOLD),
    "dropped_for": lambda say: views.dropped_for(say, TOLD),
    "given_back": views.given_back,
    "dropped": views.dropped,
    "other_asked": lambda say: views.other_asked(say, "python"),
    "helping_form": lambda say: views.helping_form(say, asked=True, at_once=3),
    "helped/one": lambda say: views.helped(say, asked=True, at_once=1),
    "helped/three": lambda say: views.helped(say, asked=True, at_once=3),
    "helped/no": lambda say: views.helped(say, asked=False, at_once=3),
    "one/of the mentor": lambda say: views.one(say, _request("m-bea"), "m-bea", offered=False),
    "one/of the asker": lambda say: views.one(say, _request("m-bea"), "m-ana", offered=False),
    "yours": lambda say: views.yours(say, _request("m-bea")),
    "declined": views.declined,
    "solved": lambda say: views.solved(say, "q1"),
    "not_yet": lambda say: views.not_yet(say, "q1"),
    "mine/none": lambda say: views.mine(say, "m-ana", []),
    "mine/some": lambda say: views.mine(say, "m-ana", [_request(), _request("m-bea")]),
    "mine/taken": lambda say: views.mine(say, "m-bea", [_request("m-bea")]),
    "experts/none": lambda say: views.experts(say, "python", []),
    "experts/some": lambda say: views.experts(say, "python", [("m-bea", 3), ("m-ana", 1)]),
    "write_form": lambda say: library_views.write_form(say, "q1", "Why is it slow?"),
    "written": library_views.written,
    "for_others": lambda say: library_views.for_others(
        say, TOLD | {"entry": "e1", "question": "Why is it slow?", "answer": "It reads the file twice."}
    ),
    "agreed": library_views.agreed,
    "refused": library_views.refused,
    "found/none": lambda say: library_views.found(say, "python", []),
    "found/some": lambda say: library_views.found(say, "python", [_entry(), _entry()]),
    "entry/of others": lambda say: library_views.entry(say, _entry(), mine=False),
    "entry/of the asker": lambda say: library_views.entry(say, _entry(WAITS), mine=True),
    "entry/of both": lambda say: library_views.entry(say, _entry(), mine=True),
    "taken_out": library_views.taken_out,
}

MODULES = (views, library_views)
"""Where everything that says something has its example."""
