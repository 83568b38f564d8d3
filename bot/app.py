"""The core's front door: an event in, a reply out; a sweep in, its due rows dealt with. It knows no feature."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

import storage.community
import storage.inbox
import storage.member
import storage.outbox
import storage.programme
import storage.rows
from bot import arrivals, happenings, reception, views
from bot.arrivals import Caller
from bot.chat import text
from bot.chat.incoming import (
    Asking,
    CommandCall,
    Incoming,
    MemberJoined,
    MemberLeft,
    PlaceGone,
    SpaceGone,
    SpaceJoined,
    Standing,
)
from bot.chat.limits import COMPLETIONS
from bot.chat.platform import Platform
from bot.chat.reply import Quiet, Replace, Reply, Show
from bot.chat.spec import Catalogue, Command, FormSpec, Param, ProgrammeParam, Slow, TextParam
from bot.chat.views import View, rewrite, texts
from bot.clock import Clock, Ids
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Feature, Features
from bot.i18n import Say, best_language
from bot.patience import Patience
from bot.permission import permit
from bot.requests import Request, guide, understand
from bot.shelf import Shelf
from bot.worker import Worker, WorkTimeout
from storage.db import Db
from storage.engine import Conflict, Database

log = structlog.get_logger()
T = TypeVar("T")
TRIES = 5
HELD_SHOWN = 3


class _Rehearsal(Exception):
    """Rolls a rehearsed unit of work back."""


@dataclass(slots=True, kw_only=True)
class App:
    """One installation. Compose it once; all state is in the database, but for rate limits and sensitive drafts.

    `rehearse` runs every unit of work twice, the first time rolled back: a test's proof that handlers have no effect
    but through their unit. `strict` lets a failing sweep raise, for tests. `patience` None turns rate limits off.
    """

    database: Database
    clock: Clock
    ids: Ids
    features: Features
    worker: Worker
    platforms: dict[str, Platform] = field(default_factory=dict)
    patience: Patience | None = field(default_factory=lambda: Patience(time.monotonic))
    rehearse: bool = False
    strict: bool = False
    on_commit: Callable[[], None] = lambda: None
    _ailing: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _daily: dict[str, Patience] = field(default_factory=dict)
    _shelf: Shelf = field(default_factory=Shelf)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @classmethod
    def of(cls, features: tuple[Feature, ...], **parts: Any) -> App:
        """Compose an app from features and parts."""
        return cls(features=Features(features), **parts)

    @property
    def catalogue(self) -> Catalogue:
        """Every command, button and form."""
        return self.features.catalogue

    @property
    def sweeps(self) -> tuple[str, ...]:
        """Names of the sweeps that a tick runs."""
        return tuple(self.features.sweeps)

    async def handle(self, event: Incoming) -> Reply:
        """Answer one event. Never raises but `CancelledError`: what goes wrong is told in the reply and logged here.

        Returning commits, raising rolls back. A cancelled caller does not interrupt a write that has begun.
        """
        say = Say(best_language(event.locale))
        try:
            match event:
                case MemberJoined() | MemberLeft() | SpaceJoined() | SpaceGone() | PlaceGone():
                    now = self.clock.now()
                    await self._write(lambda db: happenings.apply(db, event, self._work_in, self.ids, now))
                    return Quiet()
                case _:
                    with structlog.contextvars.bound_contextvars(platform=event.platform, request="", effect=""):
                        return await self._asked(event)
        except UserError as refusal:
            return Show(views.refusal(say, refusal, self.features.refusals))
        except WorkTimeout:
            return Show(views.refusal(say, UserError("core.too_long"), self.features.refusals))
        except Exception as error:
            reference = secrets.token_hex(3)
            log.error("handler.failed", reference=reference, asked=type(event).__name__, exc_info=error)
            return Show(views.broken(say, reference, self.features.refusals))

    async def complete(self, event: CommandCall, param: str, typed: str) -> list[str]:
        """Return at most 25 completions for a parameter of the command named by `event.path`; none when in doubt."""
        command = self.catalogue.commands.get(event.path)
        spec = next((one for one in command.params if one.name == param), None) if command else None
        if command is None or spec is None:
            return []
        try:
            async with self.database.read() as db:
                caller = await arrivals.find(db, event)
                if caller is None:
                    return []
                ctx = await self._context(db, event, caller, event.actor.standing)
                if not await ctx.may(command.audience, anywhere=True):
                    return []
                return (await self._completions(ctx, spec, typed))[:COMPLETIONS]
        except Exception as error:
            log.error("completion.failed", effect=command.name, exc_info=error)
            return []

    async def _completions(self, ctx: Context, spec: Param, typed: str) -> list[str]:
        if isinstance(spec, ProgrammeParam):
            rows = await storage.programme.open_ones(ctx.db, ctx.community.id)
            return [row.slug for row in rows if typed.lower() in row.slug]
        if isinstance(spec, TextParam) and spec.complete is not None:
            return await spec.complete(ctx, typed)
        return []

    async def sweep(self, name: str, limit: int = 200) -> int:
        """Deal with up to `limit` due rows of a sweep, each in its own unit of work; return how many were due.

        A row that fails is logged and left alone for a while, twice as long each time; the others go on.
        """
        sweep = self.features.sweeps[name]
        now = self.clock.now()
        async with self.database.read() as db:
            due = await sweep.due(db, now, limit + len(self._ailing))
        well = [row for row in due if self._ailing.get((name, row[1]), (now, 0))[0] <= now]
        for community_id, row_id in well:
            try:
                await self._swept(community_id, now, sweep.run, row_id)
            except Exception as error:
                if self.strict:
                    raise
                self._let_rest(name, row_id, now)
                log.error("sweep.failed", sweep=name, row=row_id, exc_info=error)
            else:
                self._ailing.pop((name, row_id), None)
        return len(well)

    def _let_rest(self, sweep: str, row_id: str, now: datetime) -> None:
        """Leave a row that fails alone: for a minute, then two, up to an hour."""
        times = self._ailing.get((sweep, row_id), (now, 0))[1] + 1
        self._ailing[sweep, row_id] = (now + min(timedelta(hours=1), timedelta(minutes=2 ** min(times - 1, 6))), times)

    async def work(self, community_id: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """Run `job` in one unit of work of a community: how the command line acts."""

        async def unit(db: Db) -> T:
            return await job(await self._work_in(db, community_id, self.clock.now()))

        return await self._write(unit)

    # -- one unit of work ---------------------------------------------------------------------------------------------

    async def _write(self, work: Callable[[Db], Awaitable[T]]) -> T:
        if self.rehearse:

            async def rehearsal(db: Db) -> None:
                await work(db)
                raise _Rehearsal

            with suppress(_Rehearsal):
                await self.database.write(rehearsal)
        for attempt in range(TRIES):
            try:
                done = await self.database.write(work)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
            else:
                self.on_commit()
                return done
        raise AssertionError("unreachable")

    async def _work_in(self, db: Db, community_id: str, now: datetime) -> Work:
        community = await storage.community.by_id(db, community_id)
        if community is None:
            raise UserError("core.gone")
        settings = await storage.community.settings(db, community_id)
        say = Say(community.language, community.zone)
        return Work(
            now=now, community=community, db=db, ids=self.ids, say=say, features=self.features, settings=settings
        )

    async def _swept(
        self, community_id: str, now: datetime, run: Callable[[Work, str], Awaitable[None]] | Slow, row_id: str
    ) -> None:
        if not isinstance(run, Slow):
            await self._write(lambda db: self._sweep_unit(db, community_id, now, run, row_id))
            return
        async with self.database.read() as db:
            values = await run.read(await self._work_in(db, community_id, now), row_id)
        result = await self.worker.run(run.work, values, run.timeout_s)
        await self._write(lambda db: self._sweep_unit(db, community_id, now, run.write, result, row_id))

    async def _sweep_unit(
        self, db: Db, community_id: str, now: datetime, run: Callable[..., Awaitable[None]], *args: Any
    ) -> None:
        await run(await self._work_in(db, community_id, now), *args)

    # -- one question -------------------------------------------------------------------------------------------------

    async def _asked(self, event: Asking) -> Reply:
        platform = self.platforms[event.platform]
        request = understand(event, self.catalogue, platform.capabilities, self._shelf)
        if not isinstance(request, Request):
            return guide(request, self.catalogue, Say(best_language(event.locale)))
        if not request.sensitive:
            structlog.contextvars.bind_contextvars(request=event.request_id, effect=request.effect)
        caller = await reception.caller(
            event, request, platform, self.database, self._write, self.ids, self.clock.now()
        )
        say = self._say(event, caller)
        try:
            if self.patience is not None and not self.patience.allows((caller.community.id, event.actor.user)):
                raise UserError("core.slow_down")
            self._once_more_today(event, request, caller)
            standing = await reception.standing(event, request, caller, platform)
            reply = await self._run(event, request, caller, standing)
        except UserError as refusal:
            reply = Show(views.refusal(say, refusal, self.features.refusals))
        held = isinstance(event, CommandCall) and not request.sensitive and isinstance(reply, Show) and caller.known
        return await self._finish(reply, caller, say, held=held)

    def _once_more_today(self, event: Asking, request: Request, caller: Caller) -> None:
        """Hold a person to what a command or form allows a day. In memory only: nothing of it is written down."""
        most = request.spec.a_day if isinstance(request.spec, FormSpec | Command) else None
        if most is None or self.patience is None:
            return
        counter = self._daily.setdefault(request.effect, Patience(self.patience.tick, most, 86_400 / most))
        if not counter.allows((caller.community.id, event.actor.user)):
            raise UserError("core.enough_today")

    async def _run(self, event: Asking, request: Request, caller: Caller, standing: Standing | None) -> Reply:
        handler = request.handler
        if isinstance(handler, Slow):
            return await self._slow(event, request, handler, caller, standing)
        if request.reads:
            async with self.database.read() as db:
                done: Reply = await self._perform(await self._context(db, event, caller, standing), request, handler)
                return done
        return await self._write(lambda db: self._unit(db, event, request, handler, caller, standing))

    async def _slow(
        self, event: Asking, request: Request, slow: Slow, caller: Caller, standing: Standing | None
    ) -> Reply:
        async with self.database.read() as db:
            gathered = await self._perform(await self._context(db, event, caller, standing), request, slow.read)
        if isinstance(gathered, Reply):
            return gathered
        result = await self.worker.run(slow.work, gathered, slow.timeout_s)

        async def write(ctx: Context, *args: Any, **kwargs: Any) -> Reply:
            done: Reply = await slow.write(ctx, result, *args, **kwargs)
            return done

        return await self._write(lambda db: self._unit(db, event, request, write, caller, standing))

    async def _unit(
        self,
        db: Db,
        event: Asking,
        request: Request,
        handler: Callable[..., Awaitable[Reply]],
        caller: Caller,
        standing: Standing | None,
    ) -> Reply:
        now = self.clock.now()
        if request.sensitive:
            known = await storage.inbox.record(db, self._unlinkable(event.request_id), "", None)
        else:
            known = await storage.inbox.record(db, event.request_id, request.effect, now)
        if not known:
            raise UserError("core.already_received")
        ctx = await self._context(db, event, caller, standing)
        if ctx.member.dm_closed and not request.sensitive and event.place.kind == "dm":
            ctx.member.dm_closed = False  # they were closed, and here is a word from them
            db.add(ctx.member)
        done: Reply = await self._perform(ctx, request, handler)
        return done

    def _unlinkable(self, request_id: str) -> str:
        """Return a name for a sensitive request that only this running process can make again."""
        return hmac.new(self._secret, request_id.encode(), hashlib.sha256).hexdigest()

    async def _context(self, db: Db, event: Asking, caller: Caller, standing: Standing | None) -> Context:
        member = caller.member
        if caller.known:
            member = await storage.member.by_id(db, caller.community.id, caller.member.id) or member
        return Context(
            now=self.clock.now(), community=caller.community, db=db, ids=self.ids, say=self._say(event, caller),
            features=self.features, settings=await storage.community.settings(db, caller.community.id),
            actor_id=member.id or None, member=member, space=caller.space, place=event.place, standing=standing,
            shelf=self._shelf, about=event.about if isinstance(event, CommandCall) else None,
        )  # fmt: skip

    def _say(self, event: Asking, caller: Caller) -> Say:
        language = best_language(caller.member.language, event.locale, caller.community.language)
        return Say(language, caller.member.zone or caller.community.zone)

    async def _perform(self, ctx: Context, request: Request, handler: Callable[..., Awaitable[Any]]) -> Any:
        """Re-read the row, check permission for its programme, read the arguments, run the handler."""
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

    # -- the reply ----------------------------------------------------------------------------------------------------

    async def _finish(self, reply: Reply, caller: Caller, say: Say, *, held: bool) -> Reply:
        """Fill in who is mentioned and, with `held`, add what waited for the member. What was done stays done."""
        if not isinstance(reply, Show | Replace) or not (held or _mentioned(reply.view)):
            return reply
        here, member = caller.community.id, caller.member.id
        try:
            async with self.database.read() as db:
                waiting = held and await storage.outbox.held_for(db, here, member, 1, self.clock.now())
                if not waiting:
                    return await self._addressed(db, reply, caller)
            shown = await self._write(lambda db: self._show_held(db, caller, say))
            async with self.database.read() as db:
                return await self._addressed(db, replace(reply, view=views.with_held(say, reply.view, shown)), caller)
        except Exception as error:
            log.error("reply.incomplete", exc_info=error)
            return reply

    async def _show_held(self, db: Db, caller: Caller, say: Say) -> list[View]:
        """Return messages that could not be delivered, and mark them as seen."""
        now = self.clock.now()
        rows = await storage.outbox.held_for(db, caller.community.id, caller.member.id, HELD_SHOWN, now)
        shown = [self.features.messages[row.message](say, row.params) for row in rows]
        for row in rows:
            row.state, row.sent_at, row.params = storage.outbox.SENT, now, {}
            db.add(row)
        return shown

    async def _addressed(self, db: Db, reply: Show | Replace, caller: Caller) -> Reply:
        """Fill in the names and accounts of the members that a reply mentions."""
        people = await arrivals.people_on(db, caller.community.id, caller.space.id, _mentioned(reply.view))
        return replace(reply, view=rewrite(reply.view, lambda part: text.addressed(part, people)))


def _mentioned(view: View) -> set[str]:
    return {member for block in view.blocks for part in texts(block) for member in text.mentioned(part)}
