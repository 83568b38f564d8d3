"""Who is asking, and what they are on their platform: looked up before any transaction begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

import storage.member
import storage.rows
from bot import arrivals
from bot.arrivals import Caller
from bot.chat.incoming import Actor, Asking, Standing
from bot.chat.platform import Platform, SendFailed
from bot.chat.spec import Audience
from bot.clock import Ids
from bot.errors import UserError
from bot.requests import Request
from storage.db import Db
from storage.engine import Database

T = TypeVar("T")


class Write(Protocol):
    """Runs work in one unit of work, again on a conflict."""

    def __call__(self, work: Callable[[Db], Awaitable[T]], /) -> Awaitable[T]: ...


async def caller(
    event: Asking, request: Request, platform: Platform, database: Database, write: Write, ids: Ids, now: datetime
) -> Caller:
    """Find who speaks; a new space or member gets its rows, but never on the way of a sensitive call.

    So do those whom a command names and who have no row yet. Raises `UserError` where the community is unknown.
    """
    async with database.read() as db:
        row = await storage.rows.find(db, request.table, request.key) if request.table and request.key else None
        found = await arrivals.find(db, event, community_id=row.community_id if row else None)
        strangers = await _strangers(db, request, found)
    asleep = found is not None and found.space.gone_at is not None
    new = found is None or asleep or (not found.known and not request.sensitive)
    if (new and event.space is not None) or strangers:
        named = [await _profile(platform, event, account) for account in strangers]

        async def make(db: Db) -> Caller | None:
            space = found.space if found else None
            if event.space is not None:
                space = await arrivals.ensure_space(db, event.space, ids, now)
            if space is not None:
                for actor in [*([] if request.sensitive else [event.actor]), *named]:
                    await arrivals.ensure_member(db, space, actor, ids, now)
            return await arrivals.find(db, event)

        found = await write(make)
    if found is None:
        raise UserError("core.no_community")
    return found


async def _strangers(db: Db, request: Request, found: Caller | None) -> list[str]:
    """Return accounts that a command names and that have no member row yet."""
    if found is None:
        return list(request.accounts)
    return [
        account
        for account in request.accounts
        if await storage.member.by_account(db, found.community.id, found.space.id, account) is None
    ]


async def _profile(platform: Platform, event: Asking, account: str) -> Actor:
    try:
        found = await platform.profile(event.space.id if event.space else "", account)
    except SendFailed:
        raise UserError("core.no_member", value=f"<@{account}>") from None
    if found.is_bot:
        raise UserError("core.a_bot", value=found.name)
    return Actor(user=found.user, name=found.name, handle=found.handle, zone=found.zone)


async def standing(event: Asking, request: Request, caller: Caller, platform: Platform) -> Standing | None:
    """Return roles and administration; moderation always looks up fresh. Fails closed: raises `UserError`."""
    if request.audience is Audience.MEMBER or (
        request.audience is Audience.COORDINATOR and event.actor.standing is not None
    ):
        return event.actor.standing
    try:
        return await platform.standing(caller.space.external_id, event.actor.user)
    except SendFailed:
        raise UserError("core.cannot_check") from None
