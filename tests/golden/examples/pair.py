"""What rounds and pairs say."""

from __future__ import annotations

from typing import Any

from bot.features.pair import views
from bot.matching import Group, Reason, Result, Unmatched
from tests.golden.examples.common import WHEN, Example, of_feature

GROUPED = {
    "shared_language": {"languages": ["en", "es"]},
    "shared_hours": {"count": 4, "hours": [18, 19, 42, 43]},
    "offers_wants": {"giver": "m-ana", "taker": "m-bea", "tags": ["Python"]},
    "interests": {"tags": ["hiking", "chess"]},
    "goals": {"tags": ["finding a job"]},
    "same_group": {"group": "Porto"},
    "other_group": {"groups": ["Lima", "Porto"]},
    "level": {"levels": [1, 4]},
    "locked": {},
}
REASONS = [{"code": code, "params": params} for code, params in GROUPED.items()]


def _card(member: str, role: str = "peer", **more: Any) -> dict[str, Any]:
    return {"id": member, "role": role, "zone": "", "offers": [], "wants": [], "interests": []} | more


def _introduced(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"pair_id": "p1", "programme": "Coffee", "members": list(members), "reasons": REASONS, "until": ""} | more


def _reason(stored: dict[str, Any], size: int) -> Example:
    return lambda say: views.reason(say, stored, size)


def _unmatched(code: str) -> Example:
    return lambda say: views.unmatched(say, {"programme": "Coffee", "why": [code]})


EXAMPLES: dict[str, Example] = {
    **of_feature("pair"),
    **{f"reason/{one['code']}, {size}": _reason(one, size) for one in REASONS for size in (2, 3)},
    "reason/one hour": lambda say: views.reason(say, {"code": "shared_hours", "params": {"count": 1}}),
    "reason/unknown": lambda say: views.reason(say, {"code": "new_one", "params": {}}),
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
    **{f"unmatched/{code}": _unmatched(code) for code in views.BLOCKS},
    "unmatched/no reason": lambda say: views.unmatched(say, {"programme": "Coffee", "why": []}),
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
    "preview/draft": lambda say: views.preview(say, "Coffee", _round(), published=False),
    "preview/published": lambda say: views.preview(say, "Coffee", _round(), published=True),
    "preview/nobody": lambda say: views.preview(say, "Coffee", Result((), (), 0.0), published=False),
}  # fmt: skip


def _round() -> Result:
    blocked = (Reason("no_shared_language", {"people": 3}), Reason("code of tomorrow", {"people": 1}))
    groups = (Group(("m-ana", "m-bea"), 0.91, ()), Group(("m-chen", "m-dia", "m-eli"), 0.42, ()))
    return Result(groups, (Unmatched("m-fay", blocked),), 1.33)


MODULES = (views,)
"""Where everything that says something has its example."""
