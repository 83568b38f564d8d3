"""What certificates say."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.credentials import Award
from bot.features.certificate import pages, views
from bot.i18n import Say
from storage.certificate import ISSUED, OFFERED, REVOKED, Certificate
from tests.golden.examples.common import WHEN, Example, of_feature

READY: dict[str, Any] = {
    "certificate": "z1", "name": "Ana", "programme": "Coffee", "texts": {"es": {"name": "Café"}}, "minutes": 90,
    "sessions": 2,
}  # fmt: skip
AWARD = Award("n", "Ana", "Coffee", "A new partner.", "Porto", 750, 14, WHEN)


def _row(status: str) -> Certificate:
    return Certificate(
        id="z1", community_id="c", programme_id="p", member_id="m-ana", number="0b6cf7c6", status=status, minutes=90,
        sessions=1, offered_at=WHEN, issued_at=WHEN if status == ISSUED else None,
    )  # fmt: skip


def _page(award: Award, *, preview: bool = False) -> Example:
    def page(say: Say) -> Any:
        return asdict(pages.page(say, award, "KITH1.word", preview=preview))

    return page


EXAMPLES: dict[str, Example] = {
    **of_feature("certificate"),
    "ready": lambda say: views.ready(say, READY),
    "name_form": lambda say: views.name_form(say, "z1", "Ana"),
    "chosen": lambda say: views.chosen(say, "z1", "Ana María"),
    "handed_over": lambda say: views.handed_over(say, "Ana María", b"png", b"{}"),
    "hours_of/a minute": lambda say: pages.hours_of(say, 1),
    "hours_of/minutes": lambda say: pages.hours_of(say, 45),
    "hours_of/an hour": lambda say: pages.hours_of(say, 60),
    "hours_of/hours": lambda say: pages.hours_of(say, 120),
    "hours_of/a half": lambda say: pages.hours_of(say, 750),
    "mine/none": lambda say: views.mine(say, [], "Ana"),
    "mine/some": lambda say: views.mine(say, [(_row(one), "Coffee") for one in (OFFERED, ISSUED, REVOKED)], "Ana"),
    "preview": lambda say: views.preview(say, "m-ana", b"png", "", 90, 1),
    "preview/letters": lambda say: views.preview(say, "m-ana", b"png", "名", 750, 14),
    "offered/nobody": lambda say: views.offered(say, []),
    "offered/one": lambda say: views.offered(say, ["m-ana"]),
    "offered/two": lambda say: views.offered(say, ["m-ana", "m-bea"]),
    "to_revoke/none": lambda say: views.to_revoke(say, "m-ana", [], {}),
    "to_revoke/one": lambda say: views.to_revoke(say, "m-ana", [_row(ISSUED)], {"z1": "Coffee"}),
    "revoke_form": lambda say: views.revoke_form(say, "z1"),
    "revoked": lambda say: views.revoked(say, "0b6cf7c6"),
    "revoked_note": lambda say: views.revoked_note(say, {"reason": "By mistake.", "issued": WHEN.isoformat()}),
    "page": _page(AWARD),
    "page/one session, a preview": _page(Award("n", "Ana", "Coffee", "", "Porto", 45, 1, WHEN), preview=True),
}

MODULES = (views, pages)
"""Where everything that says something has its example."""
