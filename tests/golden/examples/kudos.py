"""What kudos say."""

from __future__ import annotations

from bot.chat.views import View
from bot.features.kudos import views
from bot.i18n import Say
from storage.kudos import Kudos
from tests.golden.examples.common import WHEN, Example, of_feature


def held(say: Say) -> View:
    """A message that waits for its reader."""
    return views.received(say, {"giver": "m-ana", "reason": "for the review"})


def _kudos(number: int) -> Kudos:
    return Kudos(
        id=f"k{number}", community_id="c", giver_id="m-ana", receiver_id="m-bea", reason="for the review",
        given_at=WHEN,
    )  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("kudos"),
    "given/posted": lambda say: views.given(say, "m-bea", posted=True, left=4),
    "given/private, one left": lambda say: views.given(say, "m-bea", posted=False, left=1),
    "given/the last": lambda say: views.given(say, "m-bea", posted=False, left=0),
    "received": held,
    "posted": lambda say: views.posted(say, {"giver": "m-ana", "receiver": "m-bea", "reason": "for the review"}),
    "mine/none": lambda say: views.mine(say, []),
    "mine/some": lambda say: views.mine(say, [_kudos(1), _kudos(2)]),
    "step": views.step,
    "home/none": lambda say: views.home(say, []),
    "home/once": lambda say: views.home(say, [_kudos(1)]),
    "home/twice": lambda say: views.home(say, [_kudos(1), _kudos(2)]),
}

MODULES = (views,)
"""Where everything that says something has its example."""
