"""What feedback says."""

from __future__ import annotations

from bot.features.feedback import views
from storage.feedback import FeedbackNote
from tests.golden.examples.common import Example, of_feature


def _note(status: str, **more: str) -> FeedbackNote:
    values = {"topic": "pair", "text": "My partner never answers.", "week": "2026-W10"} | more
    return FeedbackNote(id="n1", community_id="c", status=status, receipt_hash="h", **values)


EXAMPLES: dict[str, Example] = {
    **of_feature("feedback"),
    "send_form": views.send_form,
    "sent": lambda say: views.sent(say, "0000-0000-0000-0000-0000-0000-00"),
    "inbox_form": views.inbox_form,
    "mine/waiting": lambda say: views.mine(say, _note("waiting")),
    "mine/answered": lambda say: views.mine(say, _note("published", reply="Thank you. We look into it.")),
    "mine/withdrawn": lambda say: views.mine(say, _note("withdrawn", text="")),
    "batch/one": lambda say: views.batch(say, {"count": 1}),
    "batch/many": lambda say: views.batch(say, {"count": 4}),
    "published/none": lambda say: views.published(say, []),
    "published/some": lambda say: views.published(say, [_note("published", topic=key) for key in views.TOPICS]),
    "how": views.how,
}

MODULES = (views,)
"""Where everything that says something has its example."""
