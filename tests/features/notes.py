"""How members and coordinators in stories deal with notes."""

from __future__ import annotations

import re
from typing import Any

from adapters.playground.town import Message
from bot.chat.reply import Reply
from storage.feedback import FeedbackNote
from tests.fakes.world import World, key, text

NOTE = "My partner never answers me."
BATCH = "2026-03-02 16:00"  # 17:00 in Madrid


async def sends(world: World, who: str, words: str = NOTE, topic: str = "pair", mode: str = "anonymous") -> str:
    """Let somebody send a note; returns the receipt."""
    reply = await world.submits(who, await world.says(who, "/feedback send"), topic=topic, text=words, mode=mode)
    assert "feedback.sent" == key(reply), text(reply)
    found = re.search(r"(?:\w{4}-){6}\w{2}", text(reply))
    assert found is not None
    return found.group()


async def confidentially(world: World, who: str, words: str = NOTE) -> str:
    """Let somebody send a confidential note; returns the receipt."""
    return await sends(world, who, words, mode="confidential")


async def looks(world: World, who: str, receipt: str, act: str = "look", add: str = "") -> Any:
    """Let somebody hand in a receipt."""
    return await world.submits(who, await world.says(who, "/feedback inbox"), receipt=receipt, act=act, text=add)


async def batch(world: World, *notes: str, mode: str = "anonymous", at: str = BATCH) -> list[str]:
    """Let ana, bea, chen and so on send these notes, and wait for the batch; returns their receipts."""
    names = ("ana", "bea", "chen", "dia", "eli", "fay")
    receipts = [await sends(world, name, words, mode=mode) for name, words in zip(names, notes, strict=False)]
    await world.until(at)
    return receipts


async def the_note(world: World, words: str) -> FeedbackNote:
    """Return the note that says this."""
    (found,) = [note for note in await world.rows(FeedbackNote) if note.text == words]
    return found


async def opens(world: World, who: str, words: str) -> Message:
    """Let a coordinator open a note from the list; returns the message with its buttons."""
    listed = "/coord feedback list" if who != "max" else "/mod notes"
    await world.says(who, listed)
    action = "feedback.note" if who != "max" else "feedback.moderate"
    await world.presses_id(who, action, (await the_note(world, words)).id)
    return world.town.visible(who)[-1]


async def answers(world: World, who: str, words: str, label: str, answer: str) -> Reply:
    """Let a coordinator press [Answer] or [Answer everybody] on a note, and write."""
    message = await opens(world, who, words)
    return await world.submits(who, await world.presses(who, label, message=message), text=answer)
