"""What kudos say."""

from __future__ import annotations

from typing import Any

from bot.chat.views import View
from bot.features.kudos import views
from bot.i18n import Say
from storage.kudos import Kudos
from tests.golden.examples.common import WHEN, Example, of_feature


def held(say: Say) -> View:
    """A message that waits for its reader."""
    return views.received(
        say, {"kudos": "k1", "giver": "m-ana", "reason": "for the review", "value": "", "asks": False}
    )


POSTED: dict[str, Any] = {"giver": "m-ana", "receivers": ["m-bea"], "reason": "for the review", "value": ""}
DIGEST: dict[str, Any] = {
    "count": 3, "givers": 2, "receivers": 3, "values": [["Patience", 2], ["courage", 1]],
    "best": [
        {"giver": "m-ana", "receiver": "m-bea", "reason": "for the review"},
        {"giver": "m-chen", "receiver": "m-ana", "reason": "for staying late with me"},
    ],
}  # fmt: skip


def _kudos(number: int, value: str = "") -> Kudos:
    return Kudos(
        id=f"k{number}", community_id="c", gift_id="k1", giver_id="m-ana", receiver_id="m-bea",
        reason="for the review", value=value, given_at=WHEN,
    )  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("kudos"),
    "given/posted": lambda say: views.given(say, "k1", ["m-bea"], ["m-bea"], left=4),
    "given/private, one left": lambda say: views.given(say, "k1", ["m-bea"], [], left=1),
    "given/several, the last": lambda say: views.given(say, "k1", ["m-bea", "m-ana"], ["m-ana"], left=0),
    "undone": views.undone,
    "taken_back": lambda say: views.taken_back(say, {}),
    "received": held,
    "received/the first time": lambda say: views.received(
        say, {"kudos": "k1", "giver": "m-ana", "reason": "for the review", "value": "Patience", "asks": True}
    ),
    "decided/shown": lambda say: views.decided(say, POSTED, in_public=True),
    "decided/kept": lambda say: views.decided(say, POSTED, in_public=False),
    "posted": lambda say: views.posted(say, POSTED),
    "posted/several, for a value": lambda say: views.posted(
        say, POSTED | {"receivers": ["m-bea", "m-ana"], "value": "Patience"}
    ),
    "preferences_form": lambda say: views.preferences_form(say, in_public=False),
    "preferred/public": lambda say: views.preferred(say, in_public=True),
    "preferred/private": lambda say: views.preferred(say, in_public=False),
    "digest": lambda say: views.digest(say, DIGEST),
    "digest/one": lambda say: views.digest(
        say, DIGEST | {"count": 1, "givers": 1, "receivers": 1, "values": [], "best": DIGEST["best"][:1]}
    ),
    "board/none": lambda say: views.board(say, [], 90),
    "board/some": lambda say: views.board(say, [("m-bea", 3), ("m-ana", 1)], 90),
    "desk/none": lambda say: views.desk(say, []),
    "desk/one": lambda say: views.desk(say, [("m-ana", 1)]),
    "desk/two": lambda say: views.desk(say, [("m-ana", 1), ("m-bea", 0)]),
    "unthanked/none": lambda say: views.unthanked(say, [], 60),
    "unthanked/some": lambda say: views.unthanked(say, [("m-bea", 3), ("m-ana", 1), ("m-chen", 0)], 60),
    "mine/none": lambda say: views.mine(say, []),
    "mine/some": lambda say: views.mine(say, [_kudos(1), _kudos(2, "Patience")]),
    "step": views.step,
    "home/none": lambda say: views.home(say, []),
    "home/once": lambda say: views.home(say, [_kudos(1)]),
    "home/twice": lambda say: views.home(say, [_kudos(1), _kudos(2)]),
}

MODULES = (views,)
"""Where everything that says something has its example."""
