"""How handlers and sweeps send: rows in the outbox, written in the same transaction as the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import storage.member
import storage.outbox
from bot.clock import Ids
from storage.db import Db
from storage.member import Member
from storage.outbox import HELD, Outbox
from storage.pair import Pair

OnDoubt = Literal["skip", "repeat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One thing to ask of a member, as `Writer.nudge` takes it."""

    member: Member
    message: str
    key: str
    due: datetime
    expires: datetime | None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes outbox rows for one community. Each method takes a `key` that is unique for ever: written twice,
    sent once.

    `message` is a key that a feature declares under `messages`; `params` are JSON values for its builder. All return
    whether the row is new.
    """

    db: Db
    community: str
    ids: Ids
    now: datetime

    async def note(
        self,
        member: Member,
        message: str,
        /,
        *,
        key: str,
        pair: Pair | None = None,
        on_doubt: OnDoubt = "repeat",
        due: datetime | None = None,
        expires: datetime | None = None,
        urgent: bool = False,
        **params: Any,
    ) -> bool:
        """Tell a member something they want to know. Who has not opted in sees it with their next command instead.

        It is told at `due` (now when not given) and is worthless after `expires` (never when not given). It waits for
        the end of their quiet hours, unless it is urgent or they have just used Kith.
        """
        kind = "must" if urgent else "note"
        return await self._to_member(member, message, kind, key, due or self.now, expires, on_doubt, pair, params)

    async def nudge(
        self,
        member: Member,
        message: str,
        /,
        *,
        key: str,
        due: datetime,
        expires: datetime,
        pair: Pair | None = None,
        **params: Any,
    ) -> bool:
        """Ask something of a member, at a moment that the planner chose. Worthless after `expires`."""
        if member.opted_in_at is None or member.left_at is not None:
            return False
        return await self._to_member(member, message, "nudge", key, due, expires, "skip", pair, params)

    async def nudges(self, wanted: Sequence[Nudge]) -> int:
        """Ask several things of several members at once, each as `nudge` would; return how many are new."""
        wanted = [one for one in wanted if one.member.opted_in_at is not None and one.member.left_at is None]
        spaces = await storage.member.spaces_of(self.db, self.community, {one.member.id for one in wanted})
        rows = [
            self._row(
                **_for_member(one.member, spaces.get(one.member.id, [])), key=one.key, kind="nudge",
                message=one.message, params=dict(one.params), due_at=one.due, expires_at=one.expires,
            )
            for one in wanted
        ]  # fmt: skip
        return await storage.outbox.add_all(self.db, rows)

    async def post(
        self, channel: list[str] | None, message: str, /, *, key: str, on_doubt: OnDoubt = "skip", **params: Any
    ) -> bool:
        """Post in a channel: [space id, channel id], as a channel setting holds it. Without one, nothing is sent."""
        if not channel:
            return False
        space, target = channel
        return await self._add(
            key=key, space_id=space, to_kind="channel", to_id=target, message=message, params=params, on_doubt=on_doubt
        )

    async def open_room(self, pair: Pair, message: str, /, *, key: str, **params: Any) -> bool:
        """Open the pair's room and say `message` in it; without rooms, each member gets it as a DM."""
        opened = await self._add(
            key=f"{key}:open", op="open_room", kind="must", space_id=pair.space_id, to_kind="room", to_id=pair.id,
            message=message, params=params, on_doubt="repeat",
        )  # fmt: skip
        said = await self.room(pair, message, key=key, **params)
        return opened and said

    async def room(self, pair: Pair, message: str, /, *, key: str, on_doubt: OnDoubt = "repeat", **params: Any) -> bool:
        """Say something in the pair's room."""
        return await self._add(
            key=key, kind="must", space_id=pair.space_id, to_kind="room", to_id=pair.id, message=message, params=params,
            on_doubt=on_doubt,
        )  # fmt: skip

    async def edit(self, sent_key: str, message: str, /, *, key: str, **params: Any) -> bool:
        """Rewrite the message that was sent under `sent_key`; if it was never sent, nothing happens."""
        earlier = await storage.outbox.by_key(self.db, self.community, sent_key)
        if earlier is None:
            return False
        return await self._add(
            key=key, op="edit", space_id=earlier.space_id, to_kind=earlier.to_kind, to_id=earlier.to_id,
            message=message, params=params | {"edits": sent_key}, on_doubt="repeat",
        )  # fmt: skip

    async def calendar(self, space_id: str, about: str, /, *, key: str, before: str = "", **params: Any) -> bool:
        """Enter an event in the space's own calendar, where it has one: title, about, place, starts, ends (ISO 8601).

        `about` is the row it is about; `before` the key it was entered under, to change it there; `cancelled` takes it
        off.
        """
        return await self._add(
            key=key, op="calendar", kind="must", space_id=space_id, to_kind="calendar", to_id=about, message="",
            params=params | {"edits": before}, on_doubt="repeat",
        )  # fmt: skip

    async def withdraw(self, *keys: str, why: str = "withdrawn") -> bool:
        """Take back what was written under these keys and is not sent yet; return whether there was any."""
        return await storage.outbox.withdraw(self.db, self.community, keys, why)

    async def grant(self, member: Member, space_id: str, role: str, /, *, key: str, give: bool) -> bool:
        """Give or take a role of a space, where the member has an account on it."""
        identities = await storage.member.identities(self.db, self.community, member.id)
        if not any(identity.space_id == space_id for identity in identities):
            return False
        return await self._add(
            key=key, op="grant" if give else "revoke", kind="must", space_id=space_id, to_kind="member",
            to_id=member.id, message="", params={"role": role}, on_doubt="repeat",
        )  # fmt: skip

    async def _to_member(
        self,
        member: Member,
        message: str,
        kind: str,
        key: str,
        due: datetime,
        expires: datetime | None,
        on_doubt: OnDoubt,
        pair: Pair | None,
        params: dict[str, Any],
    ) -> bool:
        spaces = [one.space_id for one in await storage.member.identities(self.db, self.community, member.id)]
        return await self._add(
            **_for_member(member, spaces), key=key, kind=kind, message=message, params=params, on_doubt=on_doubt,
            due_at=due, expires_at=expires, pair_id=pair.id if pair else None,
        )  # fmt: skip

    async def _add(self, **fields: Any) -> bool:
        return await storage.outbox.add(self.db, self._row(**fields))

    def _row(self, *, due_at: datetime | None = None, **fields: Any) -> Outbox:
        return Outbox(
            id=self.ids.new(), community_id=self.community, created_at=self.now, due_at=due_at or self.now, **fields
        )


def _for_member(member: Member, spaces: Sequence[str]) -> dict[str, Any]:
    """Return where a member is written to, on the first of their spaces; who is not to be reached reads it later."""
    reachable = member.opted_in_at is not None and member.left_at is None and bool(spaces)
    where = {"space_id": spaces[0] if spaces else None, "to_kind": "member", "to_id": member.id}
    return where if reachable else where | {"state": HELD}
