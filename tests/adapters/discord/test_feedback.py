"""Feedback on the wire: a conversation by forms and private answers, without one direct message."""

from __future__ import annotations

import re

from storage.feedback import FeedbackNote
from tests.fakes.discord.people import NAMES, Interaction, World, private, shown
from tests.fakes.discord.stories import coffee

WORDS = "My partner never answers me."


async def sends(world: World, who: str, words: str) -> str:
    """Let somebody send a note in two steps, command and form; returns the receipt."""
    asked = await world.says(who, "/feedback send")
    done = await world.submits(who, asked, {"topic": "pair", "mode": "confidential", "text": words})
    assert private(done)
    found = re.search(r"(?:\w{4}-){6}\w{2}", shown(done))
    assert found is not None, shown(done)
    return found.group()


async def looks(world: World, who: str, receipt: str, act: str = "look", text: str = "") -> Interaction:
    """Let somebody hand in their receipt."""
    asked = await world.says(who, "/feedback inbox")
    return await world.submits(who, asked, {"receipt": receipt, "act": act, "text": text})


async def test_a_conversation_without_one_direct_message(world: World) -> None:
    """Ana sends, vera answers from the list, ana reads and adds with her receipt; nothing is pushed to ana."""
    await coffee(world, join=NAMES[:10])
    await world.delivers()
    before = {name: len(world.said(name)) for name in NAMES}
    receipt = await sends(world, "ana", WORDS)
    for name in ("bea", "chen"):
        await sends(world, name, "The soup was good on Monday.")
    await world.delivers(days=1)
    listed = await world.says("vera", "/coord feedback list")
    assert WORDS in shown(listed)
    (note,) = [row for row in await world.rows(FeedbackNote) if row.text == WORDS]
    opened = await world.presses("vera", "Open a note", listed.said[-1], choice=note.id)
    assert private(opened)
    asked = await world.presses("vera", "Answer", opened.said[-1])
    assert "Since when?" in shown(await world.submits("vera", asked, {"text": "Thank you. Since when?"}))

    read = await looks(world, "ana", receipt)
    assert private(read)
    assert "Thank you. Since when?" in shown(read)
    assert "Since Monday." in shown(await looks(world, "ana", receipt, "answer", "Since Monday."))
    assert "Please write what you want to add." in shown(await looks(world, "ana", receipt, "answer"))
    assert "erased" in shown(await looks(world, "ana", receipt, "withdraw"))
    told = [text for name in NAMES for text in world.said(name)[before[name] :]]
    assert [] == [text for text in told if WORDS in text or "note" in text or "receipt" in text]
