"""Feedback on the wire: modals and ephemeral answers, without one direct message."""

from __future__ import annotations

import re
from typing import Any

from storage.feedback import FeedbackNote
from tests.fakes.slack.world import SlackWorld

WORDS = "My partner never answers me."


async def sends(world: SlackWorld, who: str, words: str) -> str:
    """Let somebody send a note; returns the receipt."""
    (form,) = await world.says(who, "feedback send")
    (done,) = await world.submits(who, form, {"topic": "pair", "mode": "confidential", "text": words})
    found = re.search(r"(?:\w{4}-){6}\w{2}", done.text)
    assert found is not None, done.text
    return found.group()


async def looks(world: SlackWorld, who: str, receipt: str, act: str = "look", text: str = "") -> Any:
    """Let somebody hand in their receipt."""
    (form,) = await world.says(who, "feedback inbox")
    (done,) = await world.submits(who, form, {"receipt": receipt, "act": act, "text": text})
    return done


async def test_a_conversation_without_one_direct_message(coffee: SlackWorld) -> None:
    """Ana sends, vera answers from the list, ana reads and adds with her receipt; no message is written to ana."""
    receipt = await sends(coffee, "ana", WORDS)
    for name in ("bea", "chen"):
        await sends(coffee, name, "The soup was good on Monday.")
    await coffee.passes(days=1)
    mark = len(coffee.server.calls)
    (listed,) = await coffee.says("vera", "coord feedback list")
    assert WORDS in listed.text
    (note,) = [row for row in await coffee.rows(FeedbackNote) if row.text == WORDS]
    (opened,) = await coffee.presses("vera", listed, "Open a note", note.id)
    (form,) = await coffee.presses("vera", opened, "Answer")
    (answered,) = await coffee.submits("vera", form, {"text": "Thank you. Since when?"})
    assert "Since when?" in answered.text

    assert "Thank you. Since when?" in (await looks(coffee, "ana", receipt)).text
    assert "Since Monday." in (await looks(coffee, "ana", receipt, "answer", "Since Monday.")).text
    refused = await looks(coffee, "ana", receipt, "answer")
    assert ["Please write what you want to add."] == list(refused.content["errors"].values())
    assert "erased" in (await looks(coffee, "ana", receipt, "withdraw")).text
    written = [call for call in coffee.server.calls[mark:] if call.method in ("chat.postMessage", "chat.update")]
    assert [] == written
