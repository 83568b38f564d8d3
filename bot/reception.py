"""Who is asking, and what they are on their platform: looked up before any transaction begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

import storage.member
import storage.rows
from bot import arrivals
from bot.arrivals import Caller
from bot.chat.incoming import Actor, Asking, HomeOpened, Standing
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


def asks_platform(event: Asking, request: Request) -> bool:
    """Whether the platform has to be asked what somebody is: moderation always looks up fresh.

    A page is asked for by everybody; what coordinators see on it depends on who they are.
    """
    if isinstance(event, HomeOpened):
        return event.actor.standing is None
    return request.audience is not Audience.MEMBER and (
        request.audience is not Audience.COORDINATOR or event.actor.standing is None
    )


async def known(db: Db, event: Asking, request: Request) -> Caller | None:
    """Find who speaks; None when somebody who matters has no row yet, or the space is asleep: `caller` sees to that."""
    found, strangers = await _found(db, event, request)
    return None if strangers or _new(event, request, found) else found


def _new(event: Asking, request: Request, found: Caller | None) -> bool:
    """Whether rows are to be made or woken for who speaks; never on the way of a sensitive call."""
    if event.space is None:
        return False
    return found is None or found.space.gone_at is not None or not (found.known or request.sensitive)


async def _found(db: Db, event: Asking, request: Request) -> tuple[Caller | None, list[str]]:
    row = await storage.rows.find(db, request.table, request.key) if request.table and request.key else None
    found = await arrivals.find(db, event, community_id=row.community_id if row else None)
    return found, await _strangers(db, request, found)


async def caller(
    event: Asking, request: Request, platform: Platform, database: Database, write: Write, ids: Ids, now: datetime
) -> Caller:
    """Find who speaks; a new space or member gets its rows, but never on the way of a sensitive call.

    So do those whom a command names and who have no row yet. Raises `UserError` where the community is unknown.
    """
    async with database.read() as db:
        found, strangers = await _found(db, event, request)
    if strangers or _new(event, request, found):
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
    return Actor(user=found.user, name=found.name, handle=found.handle, zone=found.zone, email=found.email)


async def standing(event: Asking, request: Request, caller: Caller, platform: Platform) -> Standing | None:
    """Return roles and administration; moderation always looks up fresh. Fails closed: raises `UserError`.

    A page is shown without them (None), and so without what is for coordinators.
    """
    if not asks_platform(event, request):
        return event.actor.standing
    try:
        return await platform.standing(caller.space.external_id, event.actor.user)
    except SendFailed:
        if isinstance(event, HomeOpened):
            return None
        raise UserError("core.cannot_check") from None
