"""What feedback says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.features.feedback import views
from storage.feedback import FeedbackMessage, FeedbackNote
from tests.golden.examples.common import Example, of_feature

UNTIL = datetime(2026, 3, 5, 16, tzinfo=UTC)


def _note(status: str, **more: Any) -> FeedbackNote:
    values = {"topic": "pair", "text": "My partner never answers.", "week": "2026-W10"} | more
    return FeedbackNote(id="3f9ab2c4", community_id="c", status=status, receipt_hash="h", **values)


def _said(*sides: str, waiting: bool = False) -> list[FeedbackMessage]:
    words = {"sender": "Since Monday.", "coordinators": "Since when?", "everybody": "Pairs can be changed now."}
    return [
        FeedbackMessage(id=str(place), community_id="c", note_id="3f9ab2c4", side=side, number=place, text=words[side],
                        waiting=waiting and side == "sender")
        for place, side in enumerate(sides)
    ]  # fmt: skip


EXAMPLES: dict[str, Example] = {
    **of_feature("feedback"),
    "send_form": views.send_form,
    "sent": lambda say: views.sent(say, "0000-0000-0000-0000-0000-0000-00"),
    "inbox_form": views.inbox_form,
    "mine/waiting": lambda say: views.mine(say, _note("waiting"), []),
    "mine/answered": lambda say: views.mine(
        say, _note("working"), _said("coordinators", "sender", "everybody", waiting=True)
    ),
    "mine/done": lambda say: views.mine(say, _note("done", hidden=True), _said("coordinators")),
    "mine/withdrawn": lambda say: views.mine(say, _note("withdrawn", text=""), []),
    "withdrawn": views.withdrawn,
    "batch/one": lambda say: views.batch(say, {"count": 1, "added": 0}),
    "batch/many": lambda say: views.batch(say, {"count": 4, "added": 2}),
    "batch/added": lambda say: views.batch(say, {"count": 0, "added": 1}),
    "answer": lambda say: views.answer(say, {"topic": "pair", "text": "Pairs can be changed now."}),
    "escalated": lambda say: views.escalated(say, {"code": "3f9ab2"}),
    "published/none": lambda say: views.published(say, [], {}),
    "published/some": lambda say: views.published(
        say, [_note("published", topic=key) for key in views.TOPICS], {"3f9ab2c4": _said("coordinators", "sender")}
    ),
    "published/answered": lambda say: views.published(say, [_note("done")], {"3f9ab2c4": _said("coordinators")}),
    "note/published": lambda say: views.note(say, _note("published"), _said("coordinators", "sender")),
    "note/working": lambda say: views.note(say, _note("working", escalated=True), []),
    "note/done": lambda say: views.note(say, _note("done", answered=True), _said("everybody")),
    "reply_form": lambda say: views.reply_form(say, _note("published")),
    "publish_form": lambda say: views.publish_form(say, _note("published", text="A long story. " * 20)),
    "moderated/none": lambda say: views.moderated(say, []),
    "moderated/some": lambda say: views.moderated(
        say, [_note("published", escalated=True), _note("done", hidden=True, blocked=True)]
    ),
    "moderated_note/published": lambda say: views.moderated_note(say, _note("published", pseudonym="p")),
    "moderated_note/stopped": lambda say: views.moderated_note(
        say, _note("published", pseudonym="p", blocked=True, hidden=True, window_until=UNTIL)
    ),
    "how": views.how,
}

MODULES = (views,)
"""Where everything that says something has its example."""
