"""A small community that talks to the whole bot: `await world.says("ana", "/kudos give @bea for the review")`.

Real storage, real app, real outbox and pump; only the platform is a town in memory and the clock stands still until it
is moved.
"""

from __future__ import annotations

import asyncio
import copy
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.playground.town import CAPABILITIES, Message, Town, User, dm_of
from bot.chat.actions import ActionId, Button
from bot.chat.incoming import Asking
from bot.chat.platform import Capabilities
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.spec import Audience
from bot.chat.views import View, as_text
from bot.clock import MovedClock, SeededIds
from bot.features.programme.files import apply
from bot.programme.file import ProgrammeFile, parse
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.keys import folder_of

SPACE = "north-bank"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
NAMES = ("ana", "bea", "chen", "dia", "eli", "fay", "gus", "hana", "ivo", "jun", "kim", "leo")
COORDINATOR, MODERATOR = "vera", "max"
JOIN = {"zone": "Europe/Madrid", "languages": "English", "availability": "mon-fri 17:00-21:00"}

COFFEE: dict[str, Any] = {
    "kith": 1,
    "name": "Coffee",
    "slug": "coffee",
    "kind": "peers",
    "summary": "A new partner every two weeks.",
    "timezone": "Europe/Madrid",
    "rounds": {"every_weeks": 2, "weekday": "tue", "at": "10:00"},
    "checkins": [{"key": "met", "weekday": "thu", "at": "17:00", "question": "Did you two meet this week?"}],
    "texts": {"es": {"name": "Café", "checkins": {"met": "¿Os habéis visto esta semana?"}}},
}


class World:
    """Members by their short names; what they do returns the reply, as the platform would get it."""

    def __init__(self, kith: Kith, town: Town, clock: MovedClock) -> None:
        self.kith, self.town, self.clock = kith, town, clock
        self.app, self.database = kith.app, kith.database

    # -- what members do

    async def says(self, who: str, line: str, *, channel: str = "general") -> Reply:
        """Type a slash command; `@name` is written as members write it."""
        return await self._handled(self.town.command(who, line, channel))

    async def presses(self, who: str, label: str, *, message: Message | None = None) -> Reply:
        """Press the button with this label on a message, by default on the newest one that has it."""
        message = message or self.newest_with(who, label)
        button = next(item for item in message.actions if isinstance(item, Button) and item.label == label)
        return await self._handled(self.town.press(who, message, button.action))

    async def presses_id(self, who: str, action: ActionId | str, choice: str | None = None) -> Reply:
        """Send any action, as somebody who tampers with a client could."""
        return await self._handled(self.town.press(who, None, action, choice))

    async def submits(
        self, member: str, asked: Reply, /, values: Mapping[str, Any] | None = None, **more: Any
    ) -> Reply:
        """Fill in the form that was asked and send it, page after page; returns the answer to the last page."""
        assert isinstance(asked, Ask), asked
        given = {**(values or {}), **more}
        reply: Reply = asked
        while isinstance(reply, Ask):
            page = {field.name: given.get(field.name, _kept(field)) for field in reply.form.page(reply.page)}
            answered = await self._handled(self.town.submit(member, reply.form, page, page=reply.page))
            if isinstance(answered, Ask) and answered.page <= reply.page:
                return answered
            reply = answered
        return reply

    async def joins(self, who: str, **answers: Any) -> Reply:
        """Join the programme with a plain set of answers, changed by `answers`."""
        return await self.submits(who, await self.says(who, "/programme join"), JOIN | answers)

    async def opens_home(self, who: str) -> Reply:
        """Open one's own page."""
        return await self._handled(self.town.open_home(who))

    async def handles(self, event: Any) -> Reply:
        """Hand in an event as it is: a redelivery, a departure."""
        return await self.app.handle(event)

    async def _handled(self, event: Asking) -> Reply:
        reply = await self.app.handle(event)
        self.town.answer(event, reply, private=True)
        return reply

    # -- time

    async def delivers(self) -> list[Message]:
        """Let everything that is due now happen; return the new messages of the bot."""
        before = {message.id for message in self.town.messages}
        await self.kith.run_due()
        return [message for message in self.town.messages if message.id not in before]

    async def until(self, moment: str | datetime) -> list[Message]:
        """Move the clock to a moment ("2026-03-05 17:30", in UTC) by way of each due item; return the new messages."""
        before = {message.id for message in self.town.messages}
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        await self.kith.advance(moment)
        return [message for message in self.town.messages if message.id not in before]

    async def passes(self, **step: float) -> list[Message]:
        """Let time pass: `await world.passes(days=1)`."""
        return await self.until(self.clock.now() + timedelta(**step))

    # -- what members see

    def sees(self, who: str, channel: str | None = None) -> list[str]:
        """Return the text of every message of the bot that this member can see, oldest first."""
        return [as_text(message.view) for message in self.town.visible(who, channel) if message.author is None]

    def keys(self, who: str, channel: str | None = None) -> list[str]:
        """Return what the bot said to this member, by view key."""
        return [message.view.key for message in self.town.visible(who, channel) if message.author is None]

    def dm(self, who: str) -> str:
        """Return the channel id of somebody's direct messages."""
        return dm_of(who)

    def newest_with(self, who: str, label: str) -> Message:
        """Return the newest message this member can see that has a button with this label."""
        for message in reversed(self.town.visible(who)):
            if any(isinstance(item, Button) and item.label == label for item in message.actions):
                return message
        raise AssertionError(f"{who} sees no button {label!r}; they see {self.keys(who)}")

    async def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table, to look at what was stored."""
        from sqlmodel import select

        async with self.database.read() as db:
            return list(await db.exec(select(table)))

    async def applies(self, values: Mapping[str, Any] | ProgrammeFile = COFFEE) -> None:
        """Apply a programme file, as `kith programme apply` does."""
        file = values if isinstance(values, ProgrammeFile) else parse(values)
        await self.app.work(await self.community_id(), lambda work: apply(work, file))

    async def community_id(self) -> str:
        """Return the id of the only community."""
        import storage.community

        async with self.database.read() as db:
            (community,) = await storage.community.every(db)
        return community.id


def _kept(field: Any) -> Any:
    value = field.value
    return value if isinstance(value, str | tuple) else "" if value is None else str(value)


def view(reply: Reply) -> View:
    """Return the view of a reply that shows one."""
    assert isinstance(reply, Show | Replace), reply
    return reply.view


def key(reply: Reply) -> str:
    """Return what a reply says, by its key; "form:NAME" for a form, "rejected" for a refused one."""
    match reply:
        case Show(shown) | Replace(shown):
            return shown.key
        case Ask(form):
            return f"form:{form.name}"
        case Reject():
            return "rejected"
        case _:
            return "quiet"


def text(reply: Reply) -> str:
    """Return the words of a reply."""
    return as_text(view(reply))


@dataclass(frozen=True)
class Saved:
    """A world at rest: its database file, and what lives in memory."""

    file: Path
    town: Town
    clock: MovedClock
    ids: SeededIds


def new_town(clock: MovedClock, capabilities: Capabilities, seed: int) -> Town:
    """Make the town: channels, roles, twelve members, a coordinator and a moderator."""
    town = Town(clock, capabilities=capabilities, ids=SeededIds(seed + 1))
    town.add_space(SPACE, "North Bank Makers")
    for channel in ("general", "kudos", "news"):
        town.add_channel(SPACE, channel)
    town.add_channel(SPACE, "coordinators", users=[COORDINATOR, MODERATOR])
    for role in (Audience.COORDINATOR, Audience.MODERATOR):
        town.add_role(SPACE, role.value)
    for name in NAMES:
        town.add_user(SPACE, User(name, name.capitalize(), name, zone="Europe/Madrid"))
    coordinator = User(
        COORDINATOR, "Vera", COORDINATOR, zone="Europe/Madrid", roles=frozenset({"coordinator"}), admin=True
    )
    town.add_user(SPACE, coordinator)
    town.add_user(SPACE, User(MODERATOR, "Max", MODERATOR, zone="Europe/Madrid", roles=frozenset({"moderator"})))
    return town


@asynccontextmanager
async def living(
    path: Path, *, town: Town, clock: MovedClock, ids: SeededIds, rehearse: bool = False
) -> AsyncIterator[World]:
    """Open the installation of a town."""
    async with assemble(
        path, clock=clock, ids=ids, worker=InlineWorker(), platforms=(town,), patience=None, rehearse=rehearse,
        strict=True,
    ) as kith:  # fmt: skip
        yield World(kith, town, clock)


@asynccontextmanager
async def founded(
    path: Path, *, capabilities: Capabilities = CAPABILITIES, rehearse: bool = False, seed: int = 7
) -> AsyncIterator[World]:
    """Make a world that is set up, with no programme yet."""
    clock = MovedClock(START)
    town = new_town(clock, capabilities, seed)
    async with living(path, town=town, clock=clock, ids=SeededIds(seed), rehearse=rehearse) as world:
        await set_up(world)
        yield world


def save(path: Path, then: Callable[[World], Awaitable[None]] | None = None) -> Saved:
    """Found a world in `path`, let `then` happen in it, close it, and return it at rest."""

    async def make() -> Saved:
        async with founded(path) as world:
            if then is not None:
                await then(world)
        return Saved(path, world.town, world.clock, world.app.ids)

    return asyncio.run(make())


@asynccontextmanager
async def woken(saved: Saved, path: Path) -> AsyncIterator[World]:
    """Go on from a world at rest, in a copy of its own: much faster than founding it again."""
    shutil.copy(saved.file, path)
    if (keys := folder_of(saved.file)).exists():
        shutil.copytree(keys, folder_of(path))
    town, clock, ids = copy.deepcopy((saved.town, saved.clock, saved.ids))
    async with living(path, town=town, clock=clock, ids=ids) as world:
        yield world


async def all_join(world: World) -> None:
    """Apply the coffee programme and let all twelve members join it."""
    await world.applies()
    for name in NAMES:
        await world.joins(name)
    await world.delivers()


async def set_up(world: World) -> None:
    """Fill in `/coord setup` as the coordinator, and let every member say a first word so that they have a row."""
    asked = await world.says(COORDINATOR, "/coord setup")
    done = await world.submits(
        COORDINATOR, asked,
        {
            "name": "North Bank Makers", "language": "en", "zone": "Europe/Madrid",
            "core.coordinator_roles": ("coordinator",), "core.moderator_roles": ("moderator",),
            "core.coordinator_channel": "coordinators", "core.rooms": "room", "kudos.channel": "kudos",
            "programme.channel": "news",
        },
    )  # fmt: skip
    assert key(done) == "community.set_up", done
    # Most tests look at everything that was said, and few at the weekly brief.
    asked = await world.says(COORDINATOR, "/coord settings insight")
    await world.submits(COORDINATOR, asked, {"insight.brief": "never"})
    for name in (*NAMES, MODERATOR):
        await world.says(name, "/me home")
