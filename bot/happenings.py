"""What happens on a platform by itself: people and bots come and go, rooms and roles are removed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import storage.community
import storage.inbox
import storage.member
import storage.pair
from bot import arrivals
from bot.chat.incoming import MemberJoined, MemberLeft, PlaceGone, SpaceGone, SpaceJoined, SpaceRef
from bot.clock import Ids
from bot.context import Work
from storage.community import Space
from storage.db import Db
from storage.engine import Database

Happening = MemberJoined | MemberLeft | SpaceJoined | SpaceGone | PlaceGone
WorkIn = Callable[[Db, str, datetime], Awaitable[Work]]


@dataclass(frozen=True, slots=True)
class Believed:
    """Whom and what the core thinks is in a space: accounts of members who have not left, rooms of active pairs."""

    accounts: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


async def believed(database: Database, ref: SpaceRef) -> Believed:
    """Return what an adapter checks after it has missed events."""
    async with database.read() as db:
        space = await storage.community.space(db, ref.platform, ref.id)
        if space is None:
            return Believed()
        accounts = await storage.member.accounts_here(db, space.community_id, space.id)
        return Believed(tuple(accounts), tuple(await storage.pair.rooms(db, space.community_id, space.id)))


async def awake(database: Database, platform: str) -> list[str]:
    """Return the platform's ids of the spaces that it has not removed the bot from, as far as is known."""
    async with database.read() as db:
        return await storage.community.awake(db, platform)


async def apply(db: Db, event: Happening, work_in: WorkIn, ids: Ids, now: datetime) -> None:
    """Take notice of an event, once."""
    if event.space is None or not await storage.inbox.record(db, event.request_id, type(event).__name__, now):
        return
    match event:
        case SpaceJoined():
            await arrivals.ensure_space(db, event.space, ids, now)
        case SpaceGone():
            space = await storage.community.space(db, event.space.platform, event.space.id)
            if space is not None:
                space.gone_at = now
                db.add(space)
        case MemberLeft():
            member = await arrivals.leave(db, event, now)
            if member is not None:
                await (await work_in(db, member.community_id, now)).happened("member.left", member)
        case PlaceGone(gone=gone):
            space = await storage.community.space(db, event.space.platform, event.space.id)
            if space is not None:
                await _place_gone(db, await work_in(db, space.community_id, now), space, gone)
        case MemberJoined():
            space = await arrivals.ensure_space(db, event.space, ids, now)
            caller = await arrivals.find(db, event)
            if caller is not None and caller.known and caller.member.left_at is not None:
                caller.member.left_at = None
                db.add(caller.member)
            await (await work_in(db, space.community_id, now)).happened("space.joined", event.actor)


async def _place_gone(db: Db, work: Work, space: Space, gone: str) -> None:
    """Forget a removed room, and take a removed channel or role out of the settings.

    A role that is set and gone would leave a community without coordinators; without it, administrators are.
    """
    await storage.pair.forget_room(db, space.community_id, space.id, gone)
    for key, value in work.settings.items():
        declared = work.features.settings.get(key)
        if declared is None or not value:
            continue
        if declared.kind == "channel" and value == [space.id, gone]:
            left: list[Any] = []
        elif declared.kind == "roles" and gone in value:
            left = [role for role in value if role != gone]
        elif declared.kind == "granted" and [space.id, gone] in value:
            left = [one for one in value if one != [space.id, gone]]
        else:
            continue
        await storage.community.set_value(db, space.community_id, key, left)
        work.audit("setting.place_gone", key)
