"""Events of the server: what its members see above the channels.

Source of the shapes and limits: Discord's API reference, "Guild Scheduled Event".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.discord.rest import Rest
from bot.chat.platform import Occasion, Unreachable
from bot.chat.text import shorten

MEMBERS_OF_THE_SERVER, ELSEWHERE = 2, 3
TITLE, ABOUT, PLACE = 100, 1000, 100
ALL, ONE = "/guilds/{guild}/scheduled-events", "/guilds/{guild}/scheduled-events/{event}"


async def enter(rest: Rest, guild: str, me: str, what: Occasion | None, known: str | None) -> str:
    """Make, change (`known`) or take off (no `what`) an event of the server; return its id, or "" when it is gone.

    One of ours with the same title and beginning is the one that was made before an answer got lost.
    """
    if known is not None:
        try:
            if what is None:
                await rest.call("DELETE", ONE, {"guild": guild, "event": known})
            else:
                await rest.call("PATCH", ONE, {"guild": guild, "event": known}, json_body=_body(what))
        except Unreachable:
            return ""
        return known
    if what is None:
        return ""
    for one in await rest.call("GET", ALL, {"guild": guild}):
        starts = datetime.fromisoformat(one["scheduled_start_time"])
        if (one.get("creator_id"), one["name"], starts) == (me, _title(what), what.starts):
            return str(one["id"])
    made = await rest.call("POST", ALL, {"guild": guild}, json_body=_body(what))
    return str(made["id"])


def _title(what: Occasion) -> str:
    return shorten(what.title, TITLE)


def _body(what: Occasion) -> dict[str, Any]:
    return {
        "name": _title(what),
        "description": shorten(what.about, ABOUT) or None,
        "privacy_level": MEMBERS_OF_THE_SERVER,
        "scheduled_start_time": what.starts.isoformat(),
        "scheduled_end_time": what.ends.isoformat(),
        "entity_type": ELSEWHERE,
        "entity_metadata": {"location": shorten(what.place, PLACE) or "–"},
    }
