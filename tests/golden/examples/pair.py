"""What pairs say."""

from __future__ import annotations

from typing import Any

from bot.features.pair import views
from tests.golden.examples.common import REASONS, WHEN, Example, of_feature


def _card(member: str, role: str = "peer", **more: Any) -> dict[str, Any]:
    return {"id": member, "role": role, "zone": "", "offers": [], "wants": [], "interests": []} | more


def _introduced(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"pair_id": "p1", "programme": "Coffee", "members": list(members), "reasons": REASONS, "until": ""} | more


EXAMPLES: dict[str, Example] = {
    **of_feature("pair"),
    "introduced/mentor, room": lambda say: views.introduced(
        say,
        _introduced(
            _card("m-ana", "mentor", zone="Europe/Madrid", offers=["Python", "SQL"], interests=["chess"]),
            _card("m-bea", "mentee", wants=["Python"]), until=WHEN.isoformat(),
        ),
    ),
    "introduced/trio, private": lambda say: views.introduced(
        say, _introduced(_card("m-ana"), _card("m-bea"), _card("m-chen"), private=True)
    ),
    "introduced/nothing known": lambda say: views.introduced(say, _introduced(_card("a"), _card("b"), reasons=[])),
    "partner_left/alone": lambda say: views.partner_left(say, {"who": "m-ana", "alone": True}),
    "partner_left/two remain": lambda say: views.partner_left(say, {"who": "m-ana", "alone": False}),
    "ended/room": lambda say: views.ended(say, {}),
    "ended/private": lambda say: views.ended(say, {"private": True}),
    "why/two pairs": lambda say: views.why(
        say, [views.Mine("p", ("m-bea",), tuple(REASONS), True), views.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "home": lambda say: views.home(
        say, [views.Mine("p", ("m-bea",), (), True), views.Mine("q", ("m-chen", "m-dia"), (), False)]
    ),
    "step": lambda say: views.step(say, views.Mine("p", ("m-bea",), (), False)),
}  # fmt: skip

MODULES = (views,)
"""Where everything that says something has its example."""
