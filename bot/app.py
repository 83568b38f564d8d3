"""The core's front door: an event in, a reply out; a sweep in, its due rows dealt with. It knows no feature."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, cast

import structlog

import storage.community
import storage.inbox
import storage.member
import storage.outbox
import storage.programme
import storage.rows
from bot import arrivals, happenings, views
from bot.chat.incoming import (
    ButtonPress,
    CommandCall,
    FormSubmit,
    HomeOpened,
    Incoming,
    MemberJoined,
    MemberLeft,
    PlaceGone,
    SpaceGone,
    SpaceJoined,
)
from bot.chat.limits import COMPLETIONS
from bot.chat.platform import Platform
from bot.chat.reply import Quiet, Reply, Show
from bot.chat.spec import Catalogue, Param, ProgrammeParam, Slow, TextParam
from bot.clock import Clock, Ids
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Feature, Features, Many, Sweep
from bot.i18n import Say, best_language
from bot.memory import Memory
from bot.patience import Patience
from bot.requests import Request, guide, understand
from bot.shelf import Shelf
from bot.turn import Turn, context
from bot.worker import Worker, WorkTimeout
from storage.db import Db
from storage.engine import Conflict, Database
from storage.keys import KeyLost

log = structlog.get_logger()
T = TypeVar("T")
TRIES = 5
BATCH, MOST = 8, 64
"""How many rows a sweep first takes into one unit of work, and how many at most where they are quick."""

HOLD = 0.02
"""Seconds after which a sweep lets go of the writer and asks for it anew."""

KINDS = {CommandCall: "command", ButtonPress: "button", FormSubmit: "form", HomeOpened: "home"}
"""What an answered question is counted as."""

Run = Callable[[Work, str], Awaitable[None]]
RunMany = Callable[[Work, Sequence[str]], Awaitable[None]]


class _Rehearsal(Exception):
    """Rolls a rehearsed unit of work back."""


@dataclass(slots=True, kw_only=True)
class App:
    """One installation. Compose it once; all state is in the database, but for rate limits and what is sensitive.

    `rehearse` runs every unit of work twice, the first time rolled back: a test's proof that handlers have no effect
    but through their unit. `on_answer` is told what kind of question was answered and in how many seconds; never of one
    that is sensitive, so that no count and no clock tells when somebody asked it. `strict` lets a failing sweep raise,
    for tests. `patience` None turns rate limits off.
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
    on_answer: Callable[[str, float], None] = lambda _kind, _seconds: None
    _ailing: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    shelf: Shelf = field(default_factory=Shelf)

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
                    await self.write(lambda db: happenings.apply(db, event, self.work_in, self.ids, now))
                    return Quiet()
                case _:
                    with structlog.contextvars.bound_contextvars(platform=event.platform, request="", effect=""):
                        can = self.platforms[event.platform].capabilities
                        request = understand(event, self.catalogue, can, self.shelf)
                        if not isinstance(request, Request):
                            return guide(request, self.catalogue, say)
                        if not request.sensitive:
                            structlog.contextvars.bind_contextvars(request=event.request_id, effect=request.effect)
                        begun = time.perf_counter()
                        reply = await Turn(self, event, request).answer()
                        if not request.sensitive:
                            self.on_answer(KINDS[type(event)], time.perf_counter() - begun)
                        return reply
        except UserError as refusal:
            return Show(views.refusal(say, refusal, self.features.refusals))
        except WorkTimeout:
            return Show(views.refusal(say, UserError("core.too_long"), self.features.refusals))
        except KeyLost as lost:
            log.error("keys.lost", exc_info=lost)
            return Show(views.refusal(say, UserError("core.no_key"), self.features.refusals))
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
                ctx = await context(self, db, event, caller, event.actor.standing)
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
        """Deal with up to `limit` due rows of a sweep and return how many were due.

        Many rows share a unit of work, which holds the writer for `HOLD` seconds and one row at most. When one of them
        fails, all are dealt with again, each in its own; the one that fails is logged and left alone for a while, twice
        as long each time.
        """
        sweep = self.features.sweeps[name]
        now = self.clock.now()
        async with self.database.read() as db:
            due = await sweep.due(db, now, limit + len(self._ailing))
        well = [row for row in due if self._ailing.get((name, row[1]), (now, 0))[0] <= now]
        rest, most = well, BATCH
        while rest:
            batch = rest[:most]
            done, took = (0, HOLD) if isinstance(sweep.run, Slow) else await self._together(sweep, batch, now)
            most = max(BATCH // 2, min(MOST, 2 * most, int(done * HOLD / took)))
            if not done:
                done = len(batch)
                for community_id, row_id in rest[:done]:
                    await self._alone(sweep, community_id, row_id, now)
            rest = rest[done:]
        return len(well)

    async def _together(self, sweep: Sweep, rows: list[tuple[str, str]], now: datetime) -> tuple[int, float]:
        """Deal with the first rows in one unit of work; return how many they were (0: one failed) and the seconds."""

        async def unit(db: Db) -> tuple[int, float]:
            begun, works, done = time.perf_counter(), dict[str, Work](), 0
            loaded = await sweep.load(db, [row_id for _, row_id in rows]) if sweep.load else []
            for community_id, ids in _parts(sweep, rows):
                if done and time.perf_counter() - begun > HOLD:
                    break
                if community_id not in works:
                    works[community_id] = await self.work_in(db, community_id, now)
                await _run_of(sweep)(works[community_id], ids)
                done += len(ids)
            del loaded  # a transaction forgets what nobody holds
            return done, time.perf_counter() - begun

        try:
            done, took = await self.write(unit)
        except Exception:
            if self.strict:
                raise
            return 0, HOLD
        for _, row_id in rows[:done]:
            self._ailing.pop((sweep.name, row_id), None)
        return done, took

    async def _alone(self, sweep: Sweep, community_id: str, row_id: str, now: datetime) -> None:
        try:
            await self._swept(community_id, now, sweep, row_id)
        except Exception as error:
            if self.strict:
                raise
            self._let_rest(sweep.name, row_id, now)
            log.error("sweep.failed", sweep=sweep.name, row=row_id, exc_info=error)
        else:
            self._ailing.pop((sweep.name, row_id), None)

    def _let_rest(self, sweep: str, row_id: str, now: datetime) -> None:
        """Leave a row that fails alone: for a minute, then two, up to an hour."""
        times = self._ailing.get((sweep, row_id), (now, 0))[1] + 1
        self._ailing[sweep, row_id] = (now + min(timedelta(hours=1), timedelta(minutes=2 ** min(times - 1, 6))), times)

    async def settle(self) -> None:
        """Leave nothing in the database's log: neither what was erased nor the order of what was written."""
        await self.database.settle()

    async def work(self, community_id: str, job: Callable[[Work], Awaitable[T]]) -> T:
        """Run `job` in one unit of work of a community: how the command line acts."""

        async def unit(db: Db) -> T:
            return await job(await self.work_in(db, community_id, self.clock.now()))

        return await self.write(unit)

    # -- one unit of work ---------------------------------------------------------------------------------------------

    async def write(self, work: Callable[[Db], Awaitable[T]]) -> T:
        """Run `work` in one unit of work, again on a conflict. Cancelling the caller does not stop it."""
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

    async def work_in(self, db: Db, community_id: str, now: datetime) -> Work:
        """Return a unit of work of a community, in the open transaction `db`. Raises `UserError` when it is gone."""
        community = await storage.community.by_id(db, community_id)
        if community is None:
            raise UserError("core.gone")
        settings = await storage.community.settings(db, community_id)
        say = Say(community.language, community.zone)
        return Work(
            now=now, community=community, db=db, ids=self.ids, keys=self.database.keys, say=say,
            features=self.features, settings=settings,
        )  # fmt: skip

    async def _swept(self, community_id: str, now: datetime, sweep: Sweep, row_id: str) -> None:
        if not isinstance(sweep.run, Slow):
            await self.write(lambda db: self._sweep_unit(db, community_id, now, _run_of(sweep), [row_id]))
            return
        slow = sweep.run
        async with self.database.read() as db:
            values = await slow.read(await self.work_in(db, community_id, now), row_id)
        result = await self.worker.run(slow.work, values, slow.timeout_s)
        await self.write(lambda db: self._sweep_unit(db, community_id, now, slow.write, result, row_id))

    async def _sweep_unit(
        self, db: Db, community_id: str, now: datetime, run: Callable[..., Awaitable[None]], *args: Any
    ) -> None:
        await run(await self.work_in(db, community_id, now), *args)


def _run_of(sweep: Sweep) -> RunMany:
    """Return what deals with several rows of a community; all that can be known is that the sweep is not slow."""
    if isinstance(sweep.run, Many):
        return sweep.run.run
    one = cast("Run", sweep.run)

    async def run(work: Work, ids: Sequence[str]) -> None:
        for row_id in ids:
            await one(work, row_id)

    return run


def _parts(sweep: Sweep, rows: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield (community, row ids) of what is dealt with at once: neighbours of one community, or each row by itself."""
    if not isinstance(sweep.run, Many):
        yield from ((community_id, [row_id]) for community_id, row_id in rows)
        return
    for community_id, near in groupby(rows, key=itemgetter(0)):
        yield community_id, [row_id for _, row_id in near]
