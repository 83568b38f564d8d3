"""People in a server of the fake who use the real bot: `await world.says("ana", "/kudos give @bea ...")`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.discord.running import Running, connect
from bot.chat.parse import Call, parse
from bot.chat.spec import ChoiceParam, MemberParam, MembersParam, NumberParam
from bot.clock import MovedClock, SeededIds
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from cli.config import DiscordSection
from tests.fakes.discord import openapi
from tests.fakes.discord.server import Seen, Server
from tests.fakes.discord.town import ADMIN, APPLICATION, TOKEN, Fake, Interaction, texts

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
NAMES = ("ana", "bea", "chen", "dia", "eli", "fay", "gus", "hana", "ivo", "jun", "kim", "leo")
CHANNELS = ("general", "kudos", "news", "coordinators")


@dataclass(slots=True)
class World:
    """A server with twelve members, a coordinator and a moderator, and the bot connected to it."""

    kith: Kith
    server: Server
    clock: MovedClock
    guild: str
    running: Running
    accounts: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    locale: str = "en-US"

    @property
    def town(self) -> Fake:
        """What the fake keeps."""
        return self.server.town

    # -- what members do

    async def says(self, who: str, line: str, *, channel: str = "general") -> Interaction:
        """Use a slash command; what a client would turn into options is parsed here by the core's parser."""
        call = parse(line, self.kith.app.catalogue.commands)
        assert isinstance(call, Call), line
        options: list[dict[str, Any]] = []
        for param in call.command.params:
            if isinstance(param, MembersParam) and param.name in call.raw:
                picked = enumerate(call.raw[param.name].split("\n"), 1)
                options += [self._account(param.name + (str(place) if place > 1 else ""), one) for place, one in picked]
            elif param.name in call.raw:
                options.append(self._option(param, call.raw[param.name]))
        return await self.uses(who, call.command.path, options, channel=channel)

    async def uses(
        self, who: str, path: tuple[str, ...], options: list[dict[str, Any]], *, channel: str = "general", kind: int = 2
    ) -> Interaction:
        """Send a slash command (or, with kind 4, ask for completions) with options as they are."""
        level = options
        for depth in range(len(path) - 1, 0, -1):
            level = [{"type": 2 if depth == 1 and len(path) == 3 else 1, "name": path[depth], "options": level}]
        data = {"id": "1", "name": path[0], "type": 1, "options": level}
        return await self._sent(self.build(who, kind, data, self.places.get(channel, channel)))

    async def menu(self, who: str, name: str, target: str, message: dict[str, Any] | None = None) -> Interaction:
        """Use a context menu on an account or a message."""
        data: dict[str, Any] = {"id": "1", "name": name, "type": 3 if message else 2, "target_id": target}
        data["resolved"] = {"messages": {target: message}} if message else {}
        return await self._sent(self.build(who, 2, data, self.places["general"]))

    def _account(self, name: str, text: str) -> dict[str, Any]:
        return {"type": 6, "name": name, "value": self.accounts.get(text.removeprefix("@"), text)}

    def _option(self, param: Any, text: str) -> dict[str, Any]:
        if isinstance(param, MemberParam):
            return self._account(param.name, text)
        if isinstance(param, NumberParam):
            return {"type": 4, "name": param.name, "value": int(text)}
        if isinstance(param, ChoiceParam):
            text = next((value for value, label in param.options if text in (value, label)), text)
        return {"type": 3, "name": param.name, "value": text}

    async def presses(
        self, who: str, label: str, on: dict[str, Any] | None = None, choice: str | None = None, *, channel: str = ""
    ) -> Interaction:
        """Press the button with this label, or choose in the picker with it, on a message (the newest that has it)."""
        message = on or self.newest(who, label)
        part = next(
            one for one in _pressable(message["components"]) if label in (one.get("label"), one.get("placeholder"))
        )
        return await self.presses_id(who, part["custom_id"], message, choice, kind=part["type"], channel=channel)

    async def presses_id(
        self,
        who: str,
        custom_id: str,
        message: dict[str, Any],
        choice: str | None = None,
        *,
        kind: int = 2,
        channel: str = "",
    ) -> Interaction:
        """Press anything."""
        data: dict[str, Any] = {"component_type": kind, "custom_id": custom_id, "id": 1}
        if choice is not None:
            data["values"] = [choice]
        return await self._sent(self.build(who, 3, data, channel or message["channel_id"], message))

    async def submits(self, who: str, asked: Interaction, values: Mapping[str, Any] | None = None) -> Interaction:
        """Fill in the modal that was the answer and send it; what is not given stays as it was filled in."""
        assert asked.first is not None
        assert asked.first["type"] == 9, asked.first
        filled = [_filled(label, values or {}) for label in asked.first["data"]["components"]]
        data = {"custom_id": asked.first["data"]["custom_id"], "components": filled, "resolved": {}}
        message = self._message(asked)
        return await self._sent(self.build(who, 5, data, asked.channel, message))

    async def fills(self, who: str, asked: Interaction, values: Mapping[str, Any]) -> Interaction:
        """Fill in a form of any number of pages, pressing [Continue] in between."""
        done = await self.submits(who, asked, values)
        while (button := _named(done, "Continue")) is not None:
            done = await self.submits(who, await self.presses_id(who, button["custom_id"], done.said[-1]), values)
        return done

    def _message(self, asked: Interaction) -> dict[str, Any] | None:
        return self.town.messages.get(asked.channel, {}).get(asked.message) if asked.message else None

    def newest(self, who: str, label: str) -> dict[str, Any]:
        """Return the newest message in somebody's DM, a channel or a room that has this button."""
        mine = self.town.dms.get(self.accounts.get(who, ""), "")
        seen = [
            message for channel, said in self.town.messages.items() for message in said.values()
            if channel == mine or self.town.channels[channel]["type"] != 1
        ]  # fmt: skip
        for message in sorted(seen, key=lambda one: int(one["id"]), reverse=True):
            if any(label in (one.get("label"), one.get("placeholder")) for one in _pressable(message["components"])):
                return message
        raise AssertionError(f"{who} sees no button {label!r}")

    def build(
        self, who: str, kind: int, data: dict[str, Any], channel: str, message: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return INTERACTION_CREATE as the gateway tells it."""
        account = self.accounts.get(who, who)
        place = {name: value for name, value in self.town.channels[channel].items() if name != "inside"}
        made: dict[str, Any] = {
            "id": self.town.id(), "application_id": APPLICATION, "type": kind, "token": f"token-{self.town.id()}",
            "version": 1, "data": data, "channel_id": channel, "channel": place, "locale": self.locale,
            "app_permissions": "442368", "entitlements": [], "authorizing_integration_owners": {"0": self.guild},
            "attachment_size_limit": 10485760,
        }  # fmt: skip
        if place["type"] == 1:
            made |= {"user": self.town.users[account], "context": 1}
        else:
            permissions = str(self.town.permissions(self.guild, account))
            member = self.town.member(self.guild, account) | {"permissions": permissions}
            guild = {"id": self.guild, "locale": "en-US", "features": []}
            made |= {"guild_id": self.guild, "guild": guild, "guild_locale": "en-US", "member": member, "context": 0}
        return made | ({"message": message} if message is not None else {})

    async def send(self, payload: dict[str, Any]) -> Interaction:
        """Send an interaction and return at once."""
        message = payload.get("message")
        user = (payload.get("member") or payload)["user"]["id"]
        made = self.town.interactions.get(payload["token"]) or Interaction(
            payload["id"], payload["token"], payload["type"], self.town.now(), user, payload["channel_id"],
            message["id"] if message else None,
        )  # fmt: skip
        self.town.interactions[made.token] = made
        await self.server.gateway.dispatch("INTERACTION_CREATE", payload, payload.get("guild_id"))
        return made

    async def _sent(self, payload: dict[str, Any]) -> Interaction:
        return await settled(await self.send(payload))

    # -- time

    async def delivers(self, **more: float) -> None:
        """Let everything that falls due within a while (ten minutes, unless told) happen, at its pace."""
        await self.kith.advance(self.clock.now() + timedelta(**(more or {"minutes": 10})))

    # -- what they see

    def said(self, place: str) -> list[str]:
        """Return the texts of a channel, or of somebody's DM."""
        channel = self.places.get(place) or self.town.dms.get(self.accounts.get(place, ""), place)
        return self.town.text(channel) if channel in self.town.messages else []

    async def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table."""
        from sqlmodel import select

        async with self.kith.database.read() as db:
            return list(await db.exec(select(table)))


async def settled(made: Interaction, seconds: float = 10) -> Interaction:
    """Wait until an interaction is answered."""
    async with asyncio.timeout(seconds):
        while not made.settled:
            made.changed.clear()
            if not made.settled:
                await made.changed.wait()
    # Further messages of a long answer follow the first one.
    await asyncio.sleep(0)
    return made


def shown(made: Interaction) -> str:
    """Return the text that an interaction was answered with."""
    return "\n".join(text for message in made.said for text in texts(message["components"]))


def private(made: Interaction) -> bool:
    """Return whether only the actor sees the answer."""
    assert made.first is not None
    return bool(made.first.get("data", {}).get("flags", 0) & 1 << 6)


def labels(made: Interaction) -> list[str]:
    """Return the buttons of an answer."""
    return [one["label"] for message in made.said for one in _pressable(message["components"]) if "label" in one]


def _named(made: Interaction, label: str) -> dict[str, Any] | None:
    parts = [one for message in made.said for one in _pressable(message["components"])]
    return next((one for one in parts if one.get("label") == label), None)


def _pressable(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for part in components:
        if "custom_id" in part:
            found.append(part)
        found += _pressable(part.get("components", []))
    return found


def _filled(label: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    if label["type"] == 10:
        return {"type": 10, "id": 1}
    part = label["component"]
    name, kind = part["custom_id"], part["type"]
    given = values.get(name)
    if kind in (4, 21):
        chosen = [one["value"] for one in part.get("options", []) if one.get("default")]
        value = given if given is not None else part.get("value", chosen[0] if chosen else None)
        sent: dict[str, Any] = {"value": value if kind == 21 else value or ""}
    else:
        chosen = [one["value"] for one in part.get("options", []) if one.get("default")]
        chosen += [one["id"] for one in part.get("default_values", [])]
        many = chosen if given is None else [given] if isinstance(given, str) else list(given)
        sent = {"values": [one for one in many if one]}
    return {"type": 18, "id": 2, "component": {"type": kind, "id": 3, "custom_id": name} | sent}


def section(server: Server, *, members: bool = False, gateway: bool = True) -> DiscordSection:
    """Return the configuration that points at the fake."""
    return DiscordSection(
        token=SecretStr(TOKEN), members_intent=members, api_base=server.api_base,
        gateway_url=server.gateway_url if gateway else None,
    )  # fmt: skip


@asynccontextmanager
async def town(
    clock: MovedClock | None = None, *, zlib: bool = False, check: Any = None, **more: Any
) -> AsyncIterator[tuple[Server, dict[str, str], dict[str, str], dict[str, str], str]]:
    """Serve a fake with a server of twelve members; yields it with accounts, channels and roles by name."""
    fake = Fake(now=(lambda: clock.now().timestamp()) if clock else Fake().now)
    server = Server(fake, zlib=zlib, **more)
    if check is not None:
        server.check = check
    guild = fake.add_guild(owner="999")
    roles = {name: fake.add_role(guild, name) for name in ("coordinator", "moderator")}
    roles["admin"] = fake.add_role(guild, "admin", str(ADMIN))
    places = {name: fake.add_channel(guild, name) for name in CHANNELS}
    accounts = {name: fake.add_member(guild, fake.id(), name) for name in NAMES}
    accounts["vera"] = fake.add_member(guild, fake.id(), "vera", (roles["coordinator"], roles["admin"]))
    accounts["max"] = fake.add_member(guild, fake.id(), "max", (roles["moderator"],))
    await server.start()
    try:
        yield server, accounts, places, roles, guild
    finally:
        await server.stop()


@asynccontextmanager
async def connected(
    path: Path, *, members: bool = False, zlib: bool = False, check: Any = None, set_up: bool = True, **parts: Any
) -> AsyncIterator[World]:
    """A whole bot on the fake, set up by its coordinator; held to Discord's OpenAPI file where one is named."""
    clock = MovedClock(START)
    path_of_file = openapi.named()
    contract = openapi.Contract(path_of_file) if path_of_file else None
    async with (
        town(clock, zlib=zlib, check=check or contract) as (server, accounts, places, roles, guild),
        assemble(
            path,
            clock=clock,
            ids=SeededIds(7),
            worker=InlineWorker(),
            platforms=(),
            patience=None,
            strict=True,
            **parts,
        ) as kith,
    ):
        running = await connect(section(server, members=members), kith.app, quiet=0.05)
        running.intake.pause = 0.0
        running.platform.rest.tick = lambda: clock.now().timestamp()
        world = World(kith, server, clock, guild, running, accounts, places, roles)
        try:
            if set_up:
                await sets_up(world)
            yield world
            if contract is not None:
                assert not contract.problems, contract.problems
        finally:
            await world.running.stop()


async def sets_up(world: World) -> None:
    """Fill in `/coord setup` as the coordinator."""
    asked = await world.says("vera", "/coord setup")
    done = await world.fills(
        "vera", asked,
        {
            "name": "North Bank Makers", "language": "en", "zone": "Europe/Madrid", "core.rooms": "room",
            "core.coordinator_roles": [world.roles["coordinator"]], "core.moderator_roles": [world.roles["moderator"]],
            "core.coordinator_channel": world.places["coordinators"], "kudos.channel": world.places["kudos"],
            "programme.channel": world.places["news"],
        },
    )  # fmt: skip
    assert not re.search("another look|wrong", shown(done)), shown(done)


__all__ = ["Seen", "World", "connected", "labels", "private", "section", "settled", "shown", "town"]
