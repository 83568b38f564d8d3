"""One question of a member on its way to its answer: who asks, may they, what the handler says, what waits for them.

All of it happens in one transaction where rows are enough. Only somebody who is new, and whose roles the platform has
to be asked for, is looked after first, because no network call belongs inside a transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

import storage.community
import storage.inbox
import storage.member
import storage.outbox
import storage.programme
from bot import arrivals, merging, presence, reception, views
from bot.arrivals import Caller
from bot.chat import text
from bot.chat.incoming import Asking, ButtonPress, CommandCall, Standing
from bot.chat.reply import Replace, Reply, Show
from bot.chat.spec import Slow
from bot.chat.views import View, rewrite, texts
from bot.context import Context
from bot.errors import UserError
from bot.i18n import Say, best_language
from bot.permission import permit
from bot.requests import Request
from storage.db import Db

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()
HELD_SHOWN = 3
ALWAYS = {"me": "/me home", "feedback": "/feedback send", "report": "/report"}


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
        self._who = ("", event.actor.user)
        self._waiting = False
        self._in_parts = False

    async def answer(self) -> Reply:
        """Return the reply. Raises `UserError` where not even the community is known, and what a handler raises."""
        try:
            if reception.asks_platform(self._event, self._request):
                await self._introduced()
            try:
                reply = await self._once()
            except _Stranger:
                await self._introduced()
                reply = await self._once()
        except UserError as refusal:
            if self._caller is None:
                raise
            self._app.memory.refused(self._request, self._who, refusal.key, self._app.patience)
            if self._counts and presence.is_news(self._caller.member, self._app.clock.now(), reading=True):
                await self._app.write(self._noticed)
            async with self._app.database.read() as db:
                refused = Show(views.refusal(self._say, refusal, self._app.features.refusals))
                reply = await self._completed(db, refused)
        if self._in_parts and isinstance(reply, Replace):
            return await self._in_its_place(reply)
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
        app, self._who = self._app, (caller.community.id, self._event.actor.user)
        if app.patience is not None and not app.patience.allows(self._who):
            raise UserError("core.slow_down")
        app.memory.allow(self._request, self._who, app.patience)

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

    async def _once(self) -> Reply:
        request = self._request
        if request.sensitive and not request.reads:
            return await self._app.memory.once(self._event.request_id, self._run)
        return await self._run()

    async def _run(self) -> Reply:
        request, handler = self._request, self._request.handler
        if isinstance(handler, Slow):
            return await self._slow(handler)
        if not request.reads:
            return await self._app.write(lambda db: self._unit(db, handler))
        reply = await self._read(handler, noticing=True)
        if reply is None:
            await self._app.write(self._noticed)
            reply = await self._read(handler)
        assert reply is not None
        return reply

    async def _read(self, handler: Callable[..., Awaitable[Any]], *, noticing: bool = False) -> Reply | None:
        """Answer without writing; None where, with `noticing`, it is to be written down first that somebody is here."""
        async with self._app.database.read() as db:
            ctx = await self._context(db)
            if noticing and self._counts and presence.is_news(ctx.member, ctx.now, reading=True):
                return None
            done: Reply = await self._perform(ctx, handler)
            return await self._completed(db, done)

    @property
    def _counts(self) -> bool:
        """Whether this question is a sign of life of a member: a sensitive one leaves no trace."""
        return self._caller is not None and self._caller.known and not self._request.sensitive

    async def _noticed(self, db: Db) -> None:
        """Write down that somebody is here who only reads, now and then."""
        assert self._caller is not None
        here = self._caller.community.id
        work = await self._app.work_in(db, here, self._app.clock.now())
        member = await storage.member.by_id(db, here, self._caller.member.id)
        if member is not None:
            await presence.seen(work, member)

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
        if not request.sensitive and not await storage.inbox.record(db, event.request_id, request.effect, ctx.now):
            raise UserError("core.already_received")
        if ctx.member.dm_closed and not request.sensitive and event.place.kind == "dm":
            ctx.member.dm_closed = False  # they were closed, and here is a word from them
            db.add(ctx.member)
        if self._counts and presence.is_news(ctx.member, ctx.now):
            await presence.seen(ctx, ctx.member)  # before the handler, which may join this member with another one
        done: Reply = await self._perform(ctx, handler)
        if self._counts and isinstance(event, ButtonPress) and ctx.row is not None:
            await ctx.happened("row.pressed", ctx.row)
        return await self._completed(db, done)

    async def _perform(self, ctx: Context, handler: Callable[..., Awaitable[Any]]) -> Any:
        """Re-read the row, check permission for its programme, read the arguments, run the handler."""
        request = self._request
        ctx.key, ctx.arg, ctx.page = request.key, request.arg, request.page
        if request.table is not None:
            ctx.row = await ctx.find(request.table, request.key)
        always = self._app.features.always
        if ctx.member.frozen_at is not None and request.spec is not None and request.effect not in always:
            raise UserError("core.frozen", **{name: text.Code(line) for name, line in ALWAYS.items()})
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
        """Fill in who is mentioned, and see what else goes with it. What was done stays done.

        That is what waited for the member, or the other parts of the message whose button they pressed.
        """
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
            self._in_parts = isinstance(reply, Replace) and bool(
                await merging.pressed_in(db, caller.community.id, self._event)
            )
            return await _addressed(db, reply, caller)
        except Exception as error:
            log.error("reply.incomplete", exc_info=error)
            return reply

    async def _in_its_place(self, reply: Replace) -> Replace:
        """Put what a press came to in the place of its own question, where the message has several."""
        assert self._caller is not None
        here = self._caller.community.id
        try:
            whole = await self._app.write(lambda db: merging.answered(db, here, self._event, self._say, reply.view))
        except Exception as error:
            log.error("reply.incomplete", exc_info=error)
            return reply
        return replace(reply, view=whole) if whole is not None else reply

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
        now=app.clock.now(), community=caller.community, db=db, ids=app.ids, keys=app.database.keys,
        say=say_to(event, caller), account=event.actor.user, features=app.features,
        settings=await storage.community.settings(db, caller.community.id), actor_id=caller.member.id or None,
        member=caller.member, space=caller.space, place=event.place, standing=standing, shelf=app.shelf,
        about=event.about if isinstance(event, CommandCall) else None,
        allowed=partial(app.platforms[event.platform].allowed, caller.space.external_id),
    )  # fmt: skip


async def _addressed(db: Db, reply: Show | Replace, caller: Caller) -> Reply:
    """Fill in the names and accounts of the members that a reply mentions."""
    mentioned = {member for block in reply.view.blocks for part in texts(block) for member in text.mentioned(part)}
    if not mentioned:
        return reply
    people = await arrivals.people_on(db, caller.community.id, caller.space.id, mentioned)
    return replace(reply, view=rewrite(reply.view, lambda part: text.addressed(part, people)))
