"""What pairs say."""

from __future__ import annotations

from typing import Any

from bot.features.pair import views
from bot.features.pair.rules import QUESTIONS
from tests.golden.examples.common import REASONS, WHEN, Example, of_feature


def _card(member: str, role: str = "peer", **more: Any) -> dict[str, Any]:
    return {"id": member, "role": role, "zone": "", "offers": [], "wants": [], "interests": []} | more


def _introduced(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "pair_id": "p1", "programme": "Coffee", "members": list(members), "reasons": REASONS, "until": "",
        "times": [], "question": "", "agreement": False,
    } | more  # fmt: skip


TIMES = [WHEN.isoformat(), "2026-03-06T18:30:00+00:00", "2026-03-07T10:00:00+00:00"]
GONE = {"weeks": 0, "met": False, "next": ""}


def _asked(text: str) -> Example:
    return lambda say: views.question(say, {"question": text, "partners": ["m-ana", "m-bea"]})


def _mine(**more: Any) -> views.Mine:
    return views.Mine("p", ("m-bea",), (), False, **more)


EXAMPLES: dict[str, Example] = {
    **of_feature("pair"),
    "introduced/mentor, room": lambda say: views.introduced(
        say,
        _introduced(
            _card("m-ana", "mentor", zone="Europe/Madrid", offers=["Python", "SQL"], interests=["chess"]),
            _card("m-bea", "mentee", wants=["Python"]), until=WHEN.isoformat(), times=TIMES,
            question=QUESTIONS[0], agreement=True,
        ),
    ),
    "introduced/trio, private": lambda say: views.introduced(
        say, _introduced(_card("m-ana"), _card("m-bea"), _card("m-chen"), private=True)
    ),
    "introduced/nothing known": lambda say: views.introduced(say, _introduced(_card("a"), _card("b"), reasons=[])),
    "joined/room": lambda say: views.joined(
        say, _introduced(_card("m-ana"), _card("m-bea"), _card("m-chen"), who="m-chen", question=QUESTIONS[1])
    ),
    "joined/private, nothing known": lambda say: views.joined(
        say, _introduced(_card("m-ana"), _card("m-bea"), _card("m-chen"), who="m-chen", reasons=[], private=True)
    ),
    **{f"question/{number}": _asked(text) for number, text in enumerate(QUESTIONS)},
    "question_sent": views.question_sent,
    "partner_left/alone": lambda say: views.partner_left(say, {"who": "m-ana", "alone": True}),
    "partner_left/two remain": lambda say: views.partner_left(say, {"who": "m-ana", "alone": False}),
    "parted/alone": lambda say: views.parted(say, {"who": "m-ana", "others": []}),
    "parted/two remain": lambda say: views.parted(say, {"who": "m-ana", "others": ["m-chen"]}),
    "rematch_asked": lambda say: views.rematch_asked(say, {}),
    "rematch_form/pair": lambda say: views.rematch_form(say, "p1", three=False),
    "rematch_form/trio": lambda say: views.rematch_form(say, "p1", three=True),
    "leave_form/pair": lambda say: views.leave_form(say, "p1", three=False),
    "leave_form/trio": lambda say: views.leave_form(say, "p1", three=True),
    "which": lambda say: views.which(say, "pair.leave", [("p", ("m-bea",)), ("q", ("m-chen", "m-dia"))]),
    "rematched": views.rematched,
    "left": views.left,
    "ended/room": lambda say: views.ended(say, {"weeks": 1, "met": True, "next": WHEN.isoformat()}),
    "ended/private": lambda say: views.ended(say, {"weeks": 3, "met": True, "next": "", "private": True}),
    "ended/not met": lambda say: views.ended(say, GONE),
    "ended/met, not said when": lambda say: views.ended(say, GONE | {"met": True}),
    "why/two pairs": lambda say: views.why(
        say, [views.Mine("p", ("m-bea",), tuple(REASONS), True), views.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "why/frozen, no agreements": lambda say: views.why(
        say, [_mine(status="frozen"), _mine(agreement=False)]
    ),
    "home": lambda say: views.home(
        say, [views.Mine("p", ("m-bea",), (), True), views.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "home/frozen": lambda say: views.home(say, [_mine(status="frozen")]),
    "step": lambda say: views.step(say, views.Mine("p", ("m-bea",), (), False)),
}  # fmt: skip

MODULES = (views,)
"""Where everything that says something has its example."""
