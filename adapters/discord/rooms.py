"""Pair rooms: private threads under a channel of the server. Pure but for the calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.discord.render import marked
from adapters.discord.rest import Rest
from bot.chat.platform import SendFailed, Unreachable
from bot.chat.text import Mention, Words, shorten, words
from bot.chat.views import Note, Text, View
from bot.i18n import N_, Say

PRIVATE_THREAD = 12
A_DAY = 1440  # minutes of silence until Discord archives it; a new message opens it again
NAME = 100
READERS = N_("Only the people named here can read this room, and those whom the server lets manage threads.")
SLEEPS = N_("After a day of silence it is folded away; write, and it opens again.")


def first_line(users: Sequence[str], language: str) -> View:
    """Return the first message of a room: who is here, and who else can read it."""
    say = Say(language)
    people: Words = words(*(part for user in users for part in (Mention(user, user=user), " ")))
    return View("discord.room", (Text(people), Note(words(say(READERS), " ", say(SLEEPS)))))


async def find(rest: Rest, guild: str, me: str, title: str, key: str) -> str | None:
    """Return the room that was opened with this key: one of ours whose first line carries it, or has none yet."""
    active = await rest.call("GET", "/guilds/{guild}/threads/active", {"guild": guild})
    for thread in active.get("threads", []):
        if thread.get("owner_id") != me or thread.get("name") != _name(title) or thread.get("type") != PRIVATE_THREAD:
            continue
        said = await _first_messages(rest, thread["id"])
        if not said or any(marked(message, key) for message in said):
            return str(thread["id"])
    return None


async def _first_messages(rest: Rest, thread: str) -> list[dict[str, Any]]:
    # A thread's id is older than its messages.
    query = {"after": thread, "limit": "10"}
    said = await rest.call("GET", "/channels/{channel}/messages", {"channel": thread}, query=query)
    return [message for message in said if message.get("components")]


async def make(rest: Rest, parent: str, title: str) -> str:
    """Open an empty private thread under a channel and return its id."""
    body = {"name": _name(title), "type": PRIVATE_THREAD, "auto_archive_duration": A_DAY, "invitable": False}
    made = await rest.call("POST", "/channels/{channel}/threads", {"channel": parent}, json_body=body)
    return str(made["id"])


async def let_in(rest: Rest, thread: str, users: Sequence[str]) -> None:
    """Add people to a thread. Who is in it already is fine; when nobody of them can be added, raises the refusal."""
    refused: SendFailed | None = None
    inside = 0
    for user in users:
        try:
            await rest.call("PUT", "/channels/{channel}/thread-members/{user}", {"channel": thread, "user": user})
            inside += 1
        except Unreachable as gone:
            refused = gone
    if refused is not None and not inside:
        raise refused


def _name(title: str) -> str:
    return shorten(" ".join(title.split()) or "…", NAME)
