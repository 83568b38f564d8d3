"""One question of a member on its way to its answer: who asks, may they, what the handler says, what waits for them.

All of it happens in one transaction where rows are enough. Only somebody who is new, and whose roles the platform has
to be asked for, is looked after first, because no network call belongs inside a transaction.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

import storage.community
import storage.inbox
import storage.member
import storage.outbox
import storage.programme
from bot import arrivals, reception, views
from bot.arrivals import Caller
from bot.chat import text
from bot.chat.incoming import Asking, CommandCall, Standing
from bot.chat.reply import Replace, Reply, Show
from bot.chat.spec import Command, FormSpec, Slow
from bot.chat.views import View, rewrite, texts
from bot.context import Context
from bot.errors import UserError
from bot.i18n import Say, best_language
from bot.patience import Patience
from bot.permission import permit
from bot.requests import Request
from storage.db import Db

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
HELD_SHOWN = 3


class _Stranger(Exception):
    """Somebody who asks, or is asked about, has no row yet."""


class Turn:
    """One question. Make it, await `answer` once."""

    def __init__(self, app: App, event: Asking, request: Request) -> None:
        self._app = app
        self._event = event
        self._request = request
        self._caller: Caller | None = None
        self._standing: Standing | None = event.actor.standing
        self._say = Say(best_language(event.locale))
        self._waiting = False

    async def answer(self) -> Reply:
        """Return the reply. Raises `UserError` where not even the community is known, and what a handler raises."""
        try:
            if reception.asks_platform(self._event, self._request):
                await self._introduced()
            try:
                reply = await self._run()
            except _Stranger:
                await self._introduced()
                reply = await self._run()
        except UserError as refusal:
            if self._caller is None:
                raise
            async with self._app.database.read() as db:
                refused = Show(views.refusal(self._say, refusal, self._app.features.refusals))
                reply = await self._completed(db, refused)
        return await self._with_held(reply) if self._waiting else reply

    # -- who asks -----------------------------------------------------------------------------------------------------

    async def _introduced(self) -> None:
        """Look up what rows do not tell, and make the rows of who is new."""
        app, event, request = self._app, self._event, self._request
        platform = app.platforms[event.platform]
        caller = await reception.caller(event, request, platform, app.database, app.write, app.ids, app.clock.now())
        if self._caller is None:
            self._greet(caller)
        self._caller = caller
        self._standing = await reception.standing(event, request, caller, platform)

    def _greet(self, caller: Caller) -> None:
        """Know who asks, once a question, and hold them to how often they may."""
        self._caller = caller
        self._say = say_to(self._event, caller)
        app, who = self._app, (caller.community.id, self._event.actor.user)
        if app.patience is None:
            return
        if not app.patience.allows(who):
            raise UserError("core.slow_down")
        spec = self._request.spec
        most = spec.a_day if isinstance(spec, FormSpec | Command) else None
        if most is not None:  # in memory only: nothing of it is written down
            counter = app.daily.setdefault(self._request.effect, Patience(app.patience.tick, most, 86_400 / most))
            if not counter.allows(who):
                raise UserError("core.enough_today")

    async def _context(self, db: Db) -> Context:
        """Return who asks, as this transaction sees them."""
        caller = self._caller
        if caller is None:
            caller = await reception.known(db, self._event, self._request)
            if caller is None:
                raise _Stranger
            self._greet(caller)
        elif caller.known:
            member = await storage.member.by_id(db, caller.community.id, caller.member.id)
            caller = replace(caller, member=member or caller.member)
        return await context(self._app, db, self._event, caller, self._standing)

    # -- the answer ---------------------------------------------------------------------------------------------------

    async def _run(self) -> Reply:
        app, request, handler = self._app, self._request, self._request.handler
        if isinstance(handler, Slow):
            return await self._slow(handler)
        if not request.reads:
            return await app.write(lambda db: self._unit(db, handler))
        async with app.database.read() as db:
            done: Reply = await self._perform(await self._context(db), handler)
            return await self._completed(db, done)

    async def _slow(self, slow: Slow) -> Reply:
        app = self._app
        async with app.database.read() as db:
            gathered = await self._perform(await self._context(db), slow.read)
            if isinstance(gathered, Reply):
                return await self._completed(db, gathered)
        result = await app.worker.run(slow.work, gathered, slow.timeout_s)

        async def write(ctx: Context, *args: Any, **kwargs: Any) -> Reply:
            done: Reply = await slow.write(ctx, result, *args, **kwargs)
            return done

        return await app.write(lambda db: self._unit(db, write))

    async def _unit(self, db: Db, handler: Callable[..., Awaitable[Reply]]) -> Reply:
        ctx = await self._context(db)
        request, event = self._request, self._event
        if request.sensitive:
            new = await storage.inbox.record(db, _unlinkable(self._app.secret, event.request_id), "", None)
        else:
            new = await storage.inbox.record(db, event.request_id, request.effect, ctx.now)
        if not new:
            raise UserError("core.already_received")
        if ctx.member.dm_closed and not request.sensitive and event.place.kind == "dm":
            ctx.member.dm_closed = False  # they were closed, and here is a word from them
            db.add(ctx.member)
        return await self._completed(db, await self._perform(ctx, handler))

    async def _perform(self, ctx: Context, handler: Callable[..., Awaitable[Any]]) -> Any:
        """Re-read the row, check permission for its programme, read the arguments, run the handler."""
        request = self._request
        ctx.key, ctx.arg, ctx.page = request.key, request.arg, request.page
        if request.table is not None:
            ctx.row = await ctx.find(request.table, request.key)
        programme = await storage.programme.behind(ctx.db, ctx.community.id, ctx.row)
        await permit(ctx, request.audience, programme, anywhere=programme is None)
        prepared = await request.prepare(ctx)
        if not isinstance(prepared, tuple):
            return prepared
        args, kwargs = prepared
        await permit(ctx, request.audience, kwargs.get("programme") or programme)
        reply = await handler(ctx, *args, **kwargs)
        return await request.finish(ctx, reply) if request.finish and isinstance(reply, Reply) else reply

    # -- what goes with it --------------------------------------------------------------------------------------------

    async def _completed(self, db: Db, reply: Reply) -> Reply:
        """Fill in who is mentioned, and see whether something waited for the member. What was done stays done."""
        caller = self._caller
        if caller is None or not isinstance(reply, Show | Replace):
            return reply
        try:
            self._waiting = (
                isinstance(reply, Show)
                and isinstance(self._event, CommandCall)
                and caller.known
                and not self._request.sensitive
                and await storage.outbox.holds(db, caller.community.id, caller.member.id, self._app.clock.now())
            )
            return await _addressed(db, reply, caller)
        except Exception as error:
            log.error("reply.incomplete", exc_info=error)
            return reply

    async def _with_held(self, reply: Reply) -> Reply:
        """Add what could not be delivered to the answer; it counts as seen from here on."""
        assert self._caller is not None
        assert isinstance(reply, Show)
        try:
            shown = await self._app.write(self._show_held)
            async with self._app.database.read() as db:
                whole = replace(reply, view=views.with_held(self._say, reply.view, shown))
                return await _addressed(db, whole, self._caller)
        except Exception as error:
            log.error("reply.incomplete", exc_info=error)
            return reply

    async def _show_held(self, db: Db) -> list[View]:
        assert self._caller is not None
        now, here, member = self._app.clock.now(), self._caller.community.id, self._caller.member.id
        rows = await storage.outbox.held_for(db, here, member, HELD_SHOWN, now)
        shown = [self._app.features.messages[row.message](self._say, row.params) for row in rows]
        for row in rows:
            row.state, row.sent_at, row.params = storage.outbox.SENT, now, {}
            db.add(row)
        return shown


def say_to(event: Asking, caller: Caller) -> Say:
    """Return what speaks the member's language, else that of their app, else the community's."""
    language = best_language(caller.member.language, event.locale, caller.community.language)
    return Say(language, caller.member.zone or caller.community.zone)


async def context(app: App, db: Db, event: Asking, caller: Caller, standing: Standing | None) -> Context:
    """Return the context of a handler that answers `caller`."""
    return Context(
        now=app.clock.now(), community=caller.community, db=db, ids=app.ids, say=say_to(event, caller),
        features=app.features, settings=await storage.community.settings(db, caller.community.id),
        actor_id=caller.member.id or None, member=caller.member, space=caller.space, place=event.place,
        standing=standing, shelf=app.shelf, about=event.about if isinstance(event, CommandCall) else None,
    )  # fmt: skip


def _unlinkable(secret: bytes, request_id: str) -> str:
    """Return a name for a sensitive request that only this running process can make again."""
    return hmac.new(secret, request_id.encode(), hashlib.sha256).hexdigest()


async def _addressed(db: Db, reply: Show | Replace, caller: Caller) -> Reply:
    """Fill in the names and accounts of the members that a reply mentions."""
    mentioned = {member for block in reply.view.blocks for part in texts(block) for member in text.mentioned(part)}
    if not mentioned:
        return reply
    people = await arrivals.people_on(db, caller.community.id, caller.space.id, mentioned)
    return replace(reply, view=rewrite(reply.view, lambda part: text.addressed(part, people)))
