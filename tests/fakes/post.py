"""A small community with a database, fake platforms and a pump: where delivery is tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlmodel import col, select

import storage.tables
from bot.app import App
from bot.chat.text import Mention
from bot.chat.views import Text, View
from bot.clock import MovedClock, SeededIds
from bot.feature import Feature, Setting, Sweep
from bot.i18n import Say
from bot.outbox import Writer
from bot.outcome import COORDINATORS, DEAD_LETTERS, dead_letters
from bot.worker import InlineWorker
from scheduler.pump import Pump
from storage.community import Community, Space
from storage.db import Db
from storage.engine import Database
from storage.member import Identity, Member
from storage.outbox import Outbox
from storage.pair import Pair, PairMember
from storage.programme import Programme
from storage.round import Round
from tests.fakes.platform import FakePlatform

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = ("ana", "bea", "chen")


def hello(say: Say, params: Mapping[str, Any]) -> View:
    """A greeting with a text of the caller's and, if asked, a mention and a moment."""
    about = params.get("about")
    spans = say("Hello {text} {who}", text=params.get("text", ""), who=Mention(about) if about else say.language)
    moment = (Text((say.when(datetime.fromisoformat(params["at"])),)),) if "at" in params else ()
    return View("demo.hello", (Text(spans), *moment))


def broken(say: Say, params: Mapping[str, Any]) -> View:
    """A message with a bug."""
    raise KeyError("secret words")


def demo(sweeps: tuple[Sweep, ...] = ()) -> Feature:
    """A feature with a message, a broken message and the core's notice of dead letters."""
    return Feature(
        name="demo",
        messages={"demo.hello": hello, "demo.broken": broken, DEAD_LETTERS: dead_letters},
        settings=(Setting(key=COORDINATORS, kind="channel", label="Coordinators"),),
        sweeps=sweeps,
    )


def empty_file(path: Path) -> Path:
    """Make a database file with all tables and no rows."""
    engine = create_engine(f"sqlite:///{path}")
    storage.tables.metadata.create_all(engine)
    engine.dispose()
    return path


@dataclass(slots=True)
class Post:
    """An installation whose community has the members ana, bea and chen, all opted in, on the space `home`."""

    app: App
    clock: MovedClock
    platform: FakePlatform
    pump: Pump
    database: Database

    @classmethod
    async def open(cls, path: Path, *, sweeps: tuple[Sweep, ...] = (), **fake: Any) -> Post:
        """Open the database at `path`, which has the tables, and settle the community in it."""
        clock = MovedClock(MONDAY)
        platform = FakePlatform(clock, **fake)
        database = await Database.open(path, migrate=False)
        app = App.of(
            (demo(sweeps),), database=database, clock=clock, ids=SeededIds(1), worker=InlineWorker(),
            platforms={platform.name: platform},
        )  # fmt: skip
        post = cls(app, clock, platform, Pump(app, owner="one"), database)
        async with database.unit() as db:
            db.add(Community(id="c", name="Home", language="en", created_at=MONDAY))
            db.add(Space(id="home", community_id="c", platform=platform.name, external_id="HOME"))
            await db.flush()
            for name in PEOPLE:
                db.add(Member(id=name, community_id="c", handle=name, name=name.title(), zone="UTC", opted_in_at=MONDAY, created_at=MONDAY))  # fmt: skip # noqa: E501
            await db.flush()
            for name in PEOPLE:
                db.add(Identity(id=f"i{name}", community_id="c", space_id="home", member_id=name, external_id=name.upper()))  # fmt: skip # noqa: E501
        return post

    async def pair(self, *members: str, room: str | None = None) -> Pair:
        """Bring members together."""
        pair = Pair(id="p1", community_id="c", programme_id="pr", round_id="r", space_id="home", room=room, created_at=MONDAY)  # fmt: skip # noqa: E501
        async with self.database.unit() as db:
            db.add(Programme(id="pr", community_id="c", slug="x", name="X", kind="peer", file={}, created_at=MONDAY))
            await db.flush()
            db.add(Round(id="r", community_id="c", programme_id="pr", number=1, seed=1, created_at=MONDAY))
            await db.flush()
            db.add(pair)
            await db.flush()
            for member in members:
                db.add(PairMember(pair_id="p1", member_id=member, community_id="c"))
        return pair

    def writer(self, db: Db) -> Writer:
        """Return what features write messages with."""
        return Writer(db, "c", self.app.ids, self.clock.now())

    async def note(self, member: str, key: str, *, text: str = "", **more: Any) -> None:
        """Write a note to a member."""
        async with self.database.unit() as db:
            who = await self.get(db, Member, member)
            await self.writer(db).note(who, more.pop("message", "demo.hello"), key=key, text=text, **more)

    async def nudge(self, member: str, key: str, *, due: datetime, expires: datetime, **more: Any) -> None:
        """Write a nudge to a member."""
        async with self.database.unit() as db:
            who = await self.get(db, Member, member)
            await self.writer(db).nudge(who, "demo.hello", key=key, due=due, expires=expires, **more)

    async def channel(self, key: str, *, channel: str = "general", **more: Any) -> None:
        """Write a post to a channel."""
        async with self.database.unit() as db:
            await self.writer(db).post(["home", channel], "demo.hello", key=key, **more)

    async def change(self, table: type[Any], key: Any, **values: Any) -> None:
        """Change a row."""
        async with self.database.unit() as db:
            row = await self.get(db, table, key)
            for name, value in values.items():
                setattr(row, name, value)
            db.add(row)

    @staticmethod
    async def get(db: Db, table: type[Any], key: Any) -> Any:
        """Return a row that exists."""
        row = await db.get(table, key)
        assert row is not None, (table, key)
        return row

    async def row(self, key: str) -> Outbox:
        """Return an outbox row by its key."""
        async with self.database.read() as db:
            return (await db.exec(select(Outbox).where(Outbox.key == key))).one()

    async def rows(self) -> list[Outbox]:
        """Return all outbox rows by id."""
        async with self.database.read() as db:
            return list(await db.exec(select(Outbox).order_by(col(Outbox.id))))

    async def load(self, table: type[Any], key: Any) -> Any:
        """Return any row that exists."""
        async with self.database.read() as db:
            return await self.get(db, table, key)

    async def drain(self) -> int:
        """Pump until nothing is due now; return how many rows that took."""
        handled = 0
        while moved := await self.pump.once():
            handled += moved
            assert handled < 1000
        return handled

    async def later(self, **delta: float) -> int:
        """Let time pass, then pump until nothing is due."""
        self.clock.advance(timedelta(**delta))
        return await self.drain()
