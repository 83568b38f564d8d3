"""A workspace whose members talk to the whole bot over the wire: `await slack.says("ana", "kudos give @bea ...")`."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.slack.connect import Settings, Slack, connect
from bot.clock import MovedClock, SeededIds
from bot.features.programme.files import apply
from bot.programme.file import parse
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, Server
from tests.fakes.slack.state import Json, Shown, Team
from tests.fakes.world import COFFEE, COORDINATOR, JOIN, MODERATOR, NAMES, START

SETUP = {
    "name": "North Bank Makers", "language": "en", "zone": "Europe/Madrid", "core.coordinator_roles": ("UVERA",),
    "core.moderator_roles": ("UMAX",), "core.coordinator_channel": "CCOORD", "core.rooms": "room",
    "kudos.channel": "CKUDOS", "programme.channel": "CNEWS",
}  # fmt: skip


def workspace(team: str = "T1") -> Team:
    """Return a workspace with twelve members, an admin who coordinates, a moderator, a bot, and four channels."""
    made = Team(team)
    for name in (*NAMES, MODERATOR):
        made.add(name)
    made.add(COORDINATOR, is_admin=True)
    made.add("robot", is_bot=True)
    for channel in ("general", "kudos", "news", "coord"):
        made.add_channel(channel)
    return made


class SlackWorld:
    """Members by their short names. What they do returns what anybody was shown because of it."""

    def __init__(self, kith: Kith, clock: MovedClock, server: Server, slack: Slack) -> None:
        self.kith, self.clock, self.server, self.slack = kith, clock, server, slack
        self.team = server.team

    # -- what members do

    async def says(self, who: str, line: str, *, channel: str = "CGENERAL", trigger: str = "") -> list[Shown]:
        """Type the root command with `line` after it; Slack turns `@name` into an account and escapes the rest."""
        return await self._caused("slash_commands", self.command(who, line, channel=channel, trigger=trigger))

    def command(self, who: str, line: str, *, channel: str = "CGENERAL", trigger: str = "") -> Json:
        """Return the payload of a slash command."""
        user = self.user(who)
        return {
            "command": "/kith", "text": escaped(line, self.team), "team_id": self.team.id, "user_id": user,
            "user_name": who, "channel_id": channel, "channel_name": self._name(channel),
            "trigger_id": trigger or self.server.methods.trigger(), "response_url": self.server.response_url(user),
            "api_app_id": "A1", "is_enterprise_install": "false",
        }  # fmt: skip

    async def presses(self, who: str, seen: Shown, label: str, choice: str | None = None) -> list[Shown]:
        """Press the button (or choose in the menu) with this label."""
        return await self.acts(who, seen, seen.action(label), choice)

    async def acts(self, who: str, seen: Shown, element: Json, choice: str | None = None) -> list[Shown]:
        """Use an element of a message, modal or home."""
        return await self._caused("interactive", self.action(who, seen, element, choice))

    def action(self, who: str, seen: Shown, element: Json, choice: str | None = None) -> Json:
        """Return the payload of using an element."""
        user = self.user(who)
        used: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": "b"}
        if element["type"] == "static_select":
            used["selected_option"] = {"value": choice}
        elif element["type"] == "users_select":
            used["selected_user"] = choice
        body = self._interaction("block_actions", user) | {"actions": [used]}
        if seen.kind in ("modal", "modal_update", "home"):
            view = seen.content | {"state": {"values": {}}}
            return body | {"view": view, "container": {"type": "view", "view_id": view.get("id", "VHOME")}}
        ephemeral = seen.kind == "ephemeral"
        channel = "CGENERAL" if ephemeral or "channel" not in seen.content else seen.content["channel"]
        stamp = seen.content.get("ts", "1772438400.000000")
        container = {"type": "message", "channel_id": channel, "message_ts": stamp, "is_ephemeral": ephemeral}
        url = self.server.response_url(user)
        return body | {
            "channel": {"id": channel, "name": self._name(channel)}, "container": container, "response_url": url
        }  # fmt: skip

    async def submits(self, who: str, modal: Shown, values: Mapping[str, Any] | None = None) -> list[Shown]:
        """Fill in a modal and send it, page after page while pages follow; returns what the last one caused."""
        while True:
            seen = await self.sends(who, modal, values)
            if seen and seen[0].kind == "modal_update" and seen[0].content.get("callback_id"):
                if _page(seen[0]) <= _page(modal):
                    return seen
                modal = seen[0]
                continue
            return seen

    async def sends(self, who: str, modal: Shown, values: Mapping[str, Any] | None = None) -> list[Shown]:
        """Send one page of a modal."""
        mark = len(self.team.shown)
        ack = await self.server.deliver("interactive", self.submission(who, modal, values))
        if ack and ack.get("response_action") == "update":
            self.server.methods.replace(modal.content["id"], ack["view"])
        elif ack and ack.get("response_action") == "push":
            self.server.methods.open(ack["view"])
        elif ack and ack.get("response_action") == "errors":
            assert ack["errors"], ack
            ids = {block.get("block_id") for block in modal.blocks}
            assert ack["errors"].keys() <= ids, ack
            self.team.shown.append(Shown("modal_update", who, {"errors": ack["errors"]}))
        elif not ack:
            self.team.views.pop(modal.content["id"], None)
        await self.slack.settle()
        return self.team.shown[mark:]

    def submission(self, who: str, modal: Shown, values: Mapping[str, Any] | None = None) -> Json:
        """Return the payload of a submitted modal; fields that `values` leaves out keep what stands in them."""
        state = {
            block["block_id"]: {"value": _filled(block["element"], block["block_id"].split("/")[0], values or {})}
            for block in modal.blocks
            if block["type"] == "input"
        }
        view = modal.content | {"state": {"values": state}}
        return self._interaction("view_submission", self.user(who)) | {"view": view}

    async def opens_home(self, who: str) -> list[Shown]:
        """Open one's App Home."""
        return await self.event({"type": "app_home_opened", "user": self.user(who), "tab": "home"})

    async def uses(self, who: str, callback: str, *, message: Json | None = None) -> list[Shown]:
        """Use a shortcut: from anywhere, or on a message."""
        body = self._interaction("shortcut" if message is None else "message_action", self.user(who))
        body["callback_id"] = callback
        if message is not None:
            body |= {"message": message, "message_ts": message["ts"], "channel": {"id": "CGENERAL", "name": "general"}}
            body["response_url"] = self.server.response_url(self.user(who))
        return await self._caused("interactive", body)

    async def event(self, event: Json, **envelope: Any) -> list[Shown]:
        """Let an event happen."""
        stamp = {"event_ts": self.team.stamp()}
        body = {
            "type": "event_callback",
            "team_id": self.team.id,
            "event_id": f"Ev{self.team.number()}",
            "event": stamp | event,
        }
        return await self._caused("events_api", body, **envelope)

    # -- time

    async def passes(self, **step: float) -> list[Shown]:
        """Let time pass and everything that falls due happen."""
        mark = len(self.team.shown)
        await self.kith.advance(self.clock.now() + timedelta(**step))
        await self.slack.settle()
        return self.team.shown[mark:]

    # -- what there is

    def user(self, who: str) -> str:
        """Return the account of a member."""
        return "U" + who.upper()

    async def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table."""
        from sqlmodel import select

        async with self.kith.database.read() as db:
            return list(await db.exec(select(table)))

    async def applies(self, values: Mapping[str, Any] = COFFEE) -> None:
        """Apply a programme's file, as `kith programme apply` does."""
        import storage.community

        async with self.kith.database.read() as db:
            (community,) = await storage.community.every(db)
        await self.kith.app.work(community.id, lambda work: apply(work, parse(values)))

    async def joins(self, who: str) -> list[Shown]:
        """Join the programme."""
        (form,) = await self.says(who, "programme join")
        return await self.submits(who, form, JOIN)

    async def _caused(self, kind: str, payload: Json, **envelope: Any) -> list[Shown]:
        mark = len(self.team.shown)
        await self.server.deliver(kind, payload, **envelope)
        await self.slack.settle()
        return self.team.shown[mark:]

    def _interaction(self, kind: str, user: str) -> Json:
        return {
            "type": kind, "team": {"id": self.team.id, "domain": "nbm"},
            "user": {"id": user, "username": user[1:].lower(), "team_id": self.team.id},
            "trigger_id": self.server.methods.trigger(), "api_app_id": "A1",
        }  # fmt: skip

    def _name(self, channel: str) -> str:
        known = self.team.conversations.get(channel)
        return known.name if known else "directmessage" if channel.startswith("D") else "privategroup"


def escaped(line: str, team: Team) -> str:
    """Return a line as Slack sends it with `should_escape` on."""
    text = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def account(found: re.Match[str]) -> str:
        user = "U" + found.group(1).upper()
        return f"<@{user}|{found.group(1)}>" if user in team.people else found.group(0)

    return re.sub(r"@(\w+)", account, text)


def _page(modal: Shown) -> int:
    last = modal.content["callback_id"].rsplit(":", 1)[-1]
    return int(last) if last.isdecimal() else 0


def _filled(element: Json, name: str, values: Mapping[str, Any]) -> Json:
    """Return an element's state: what `values` says of its field, else what stood in it."""
    kind = element["type"]
    given = values.get(name)
    match kind:
        case "plain_text_input" | "number_input":
            value = element.get("initial_value") if given is None else str(given)
            return {"type": kind, "value": value or None}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date") if given is None else str(given)}
        case "static_select":
            held = element.get("initial_option") if given is None else {"value": given} if given else None
            return {"type": kind, "selected_option": held}
        case "multi_static_select" | "checkboxes":
            known = [one["value"] for one in element["options"]]
            kept = [one["value"] for one in element.get("initial_options", [])] if given is None else given
            return {"type": kind, "selected_options": [{"value": one} for one in kept if one in known]}
        case "users_select":
            return {"type": kind, "selected_user": given or element.get("initial_user")}
        case "conversations_select":
            return {"type": kind, "selected_conversation": given or element.get("initial_conversation")}
        case "multi_users_select":
            kept = element.get("initial_users", []) if given is None else [given] if isinstance(given, str) else given
            return {"type": kind, "selected_users": [one for one in kept if one.startswith("U")]}
    raise AssertionError(kind)


def section(server: Server, **more: Any) -> Settings:
    """Return the section that connects to a fake."""
    return Settings(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_base=f"{server.url}/api/", **more)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A world that was closed: its database file, its workspace, its moment."""

    path: Path
    team: Team
    now: datetime


@asynccontextmanager
async def opened(
    path: Path, *, patience: float = 2.0, ready: bool = True, snapshot: Snapshot | None = None, **settings: Any
) -> AsyncIterator[SlackWorld]:
    """Open a world: a workspace connected to a whole installation, set up (`ready`) but without a programme.

    With a `snapshot`, it goes on from there instead, on copies of what it holds.
    """
    if snapshot is not None:
        shutil.copy(snapshot.path, path)
    clock = MovedClock(snapshot.now if snapshot else START)
    server = Server(copy.deepcopy(snapshot.team) if snapshot else workspace())
    server.team.now = lambda: clock.now().timestamp()
    await server.start()
    ids = SeededIds(8 if snapshot else 7)
    async with assemble(
        path, clock=clock, ids=ids, worker=InlineWorker(), platforms=(), patience=None, strict=True
    ) as kith:
        slack = await connect({"acme": section(server, **settings)}, kith.app, patience=patience)
        world = SlackWorld(kith, clock, server, slack)
        try:
            if ready and snapshot is None:
                await set_up(world)
            yield world
        finally:
            await world.slack.stop()
            await server.stop()


async def snapped(path: Path, prepare: Callable[[SlackWorld], Awaitable[None]]) -> Snapshot:
    """Make a world, let it come to a point, close it and return it."""
    async with opened(path) as world:
        await prepare(world)
        assert [] == world.server.methods.wrong
    return Snapshot(path, world.team, world.clock.now())


async def set_up(world: SlackWorld) -> None:
    """Fill in the set-up form, and let every member say a first word."""
    (form,) = await world.says(COORDINATOR, "coord setup")
    await world.submits(COORDINATOR, form, SETUP)
    for name in (*NAMES, MODERATOR):
        await world.says(name, "me home")
