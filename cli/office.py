"""Work on a stopped installation: its configuration, its database, one community of it, and no platform at all."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from difflib import get_close_matches
from pathlib import Path

import storage.community
import storage.member
import storage.programme
from bot import logs
from bot.clock import SystemClock, SystemIds
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from cli.config import Config, load
from cli.faults import Fault
from storage.community import Community
from storage.db import Db
from storage.member import Member
from storage.programme import Programme

DEFAULT = Path("config.toml")


def configured(path: Path | None) -> Config:
    """Return the configuration of `path`, or of config.toml here if there is one. Raises `ConfigError`."""
    return load(path or (DEFAULT if DEFAULT.exists() else None), os.environ)


def database_file(config: Config) -> Path | str:
    """Return where the database is. Raises `Fault` for a file that is not there: nothing is made by looking."""
    where = config.kith.database_location
    if isinstance(where, Path) and not where.exists():
        raise Fault(f"{where}: there is no database yet. Start Kith once, or correct kith.data_dir or kith.database.")
    return where


@asynccontextmanager
async def opened(path: Path | None) -> AsyncIterator[Kith]:
    """Open an installation that exists, without its platforms; what is sent meanwhile waits in the outbox."""
    config = configured(path)
    logs.configure("WARNING")
    where = database_file(config)
    clock = SystemClock()
    async with assemble(
        where, clock=clock, ids=SystemIds(clock), worker=InlineWorker(), platforms=(), keys=config.kith.keys_dir
    ) as kith:
        yield kith


async def community(db: Db, wanted: str | None) -> Community:
    """Return the community of this name or id, or the only one. Raises `Fault`."""
    every = await storage.community.every(db)
    found = [one for one in every if wanted in (None, one.id) or one.name.casefold() == str(wanted).casefold()]
    if len(found) == 1:
        return found[0]
    if not every:
        raise Fault("There is no community yet. Add the bot to a space and type /coord setup there.")
    names = ", ".join(f"{one.name or 'no name'} ({one.id})" for one in every)
    if wanted is None:
        raise Fault(f"There are several communities: choose one with --community. They are: {names}.")
    raise Fault(f"“{wanted}” is no community here, or several. Use the name or the id: {names}.")


async def programme(db: Db, community_id: str, slug: str) -> Programme:
    """Return a programme by its short name. Raises `Fault` with the nearest one."""
    row = await storage.programme.by_slug(db, community_id, slug)
    if row is not None:
        return row
    known = [one.slug for one in await storage.programme.open_ones(db, community_id)]
    if not known:
        raise Fault("There is no programme yet. Make one with kith programme apply FILE.")
    near = get_close_matches(slug, known, n=1)
    raise Fault(
        f"There is no programme “{slug}”. " + (f"Was “{near[0]}” meant?" if near else f"Known: {', '.join(known)}.")
    )


async def member(db: Db, community_id: str, wanted: str) -> Member:
    """Return a member by id, or by the one handle or name that is this. Raises `Fault`."""
    row = await storage.member.by_id(db, community_id, wanted)
    if row is not None:
        return row
    found = await storage.member.by_handle(db, community_id, wanted.removeprefix("@"))
    if len(found) == 1:
        return found[0]
    if not found:
        raise Fault(f"“{wanted}” is nobody here. Use the handle they chat with.")
    raise Fault(f"“{wanted}” is several members: use an id. They are: {', '.join(one.id for one in found)}.")
