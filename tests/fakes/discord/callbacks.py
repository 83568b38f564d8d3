"""How the fake takes answers to interactions: one first answer in three seconds, more for a quarter of an hour."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.discord import rules
from tests.fakes.discord.town import APPLICATION, Fake, Interaction

ANSWER_WITHIN, TOKEN_LIVES = 3.0, 900.0
Answer = tuple[int, Any]


class No(Exception):
    """A request that Discord refuses: status and Discord's own code."""

    def __init__(self, status: int, code: int, why: str = "") -> None:
        super().__init__(status, code, why)
        self.status, self.code, self.why = status, code, why


class Callbacks:
    """The part of the server that is about interactions."""

    __slots__ = ()
    town: Fake

    async def callback(self, seen: Any, interaction: str, token: str) -> Answer:
        found = self.town.interactions.get(token)
        if found is None or found.id != interaction or self.town.now() - found.at > ANSWER_WITHIN:
            raise No(404, 10062, "Unknown interaction")
        if found.first is not None:
            raise No(400, 40060, "Interaction has already been acknowledged.")
        self._first(found, seen.body, seen.files)
        found.first, found.answered_at = seen.body, asyncio.get_running_loop().time()
        found.changed.set()
        return 200, _called_back(found, token)

    def _first(self, found: Interaction, body: dict[str, Any], files: int) -> None:
        rules.need(set(body) <= {"type", "data"}, f"callback fields {set(body)}")
        kind, data = body["type"], body.get("data", {})
        allowed = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5, 6, 7}}[found.kind]
        rules.need(
            kind in allowed and (kind not in (6, 7) or found.message is not None), f"{kind} answers {found.kind}"
        )
        match kind:
            case 4 | 7:
                rules.message(data, "answer", files)
                made = self.town.post(found.channel, data, webhook=True)
                found.original = made
                found.said.append(made)
                if kind == 7:
                    assert found.message is not None
                    kept = self.town.messages[found.channel].get(found.message)
                    self.town.messages[found.channel].pop(made["id"], None)
                    if kept is not None:
                        kept |= {"components": made["components"]}
            case 5:
                rules.need(data.get("flags", 0) & ~(1 << 6) == 0, "flags of a deferred answer")
            case 8:
                rules.need(len(data["choices"]) <= 25, "over 25 completions")
                for one in data["choices"]:
                    rules.length("completion", one["name"], 1, 100)
            case 9:
                rules.modal(data)

    def _open(self, token: str, app: str) -> Interaction:
        found = self.town.interactions.get(token)
        if found is None or app != APPLICATION:
            raise No(404, 10015, "Unknown Webhook")
        if self.town.now() - found.at > TOKEN_LIVES:
            raise No(401, 50027, "Invalid Webhook Token")
        if found.first is None:
            raise No(404, 10015, "Unknown Webhook")
        return found

    async def follow(self, seen: Any, app: str, token: str) -> Answer:
        found = self._open(token, app)
        rules.message(seen.body, "answer", seen.files)
        made = self.town.post(found.channel, seen.body, webhook=True)
        found.said.append(made)
        found.changed.set()
        return 200, made

    async def edit_original(self, seen: Any, app: str, token: str) -> Answer:
        found = self._open(token, app)
        rules.message(seen.body, "edit", seen.files)
        rules.need(found.first is not None and found.first["type"] not in (8, 9), "nothing to edit")
        made = self.town.message(found.channel, seen.body)
        self.town.pings(found.channel, seen.body)
        found.original = made
        found.said.append(made)
        if found.first is not None and found.first["type"] in (6, 7) and found.message:
            kept = self.town.messages[found.channel].get(found.message)
            if kept is not None:
                kept |= {"components": made["components"]}
        found.changed.set()
        return 200, made

    async def delete_original(self, seen: Any, app: str, token: str) -> Answer:
        found = self._open(token, app)
        found.deleted = True
        found.changed.set()
        return 204, None


def _called_back(found: Interaction, token: str) -> dict[str, Any]:
    assert found.first is not None
    kind = found.first["type"]
    interaction: dict[str, Any] = {"id": found.id, "type": found.kind}
    made: dict[str, Any] = {"interaction": interaction}
    if found.original is not None:
        interaction["response_message_id"] = found.original["id"]
        made["resource"] = {"type": kind, "message": found.original}
    return made
