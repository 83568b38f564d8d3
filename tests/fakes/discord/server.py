"""The fake's REST API under `/api/v10`, with faults that a test plants."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.fakes.discord import rules
from tests.fakes.discord.callbacks import Answer, Callbacks, No
from tests.fakes.discord.faults import Fault, Seen
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.town import (
    APPLICATION,
    BOT,
    PRIVATE_THREAD,
    TEXT_CHANNEL,
    TOKEN,
    Fake,
    told,
)

IN_FLIGHT = 0.1
CREATE_EVENTS = 1 << 44


@dataclass
class Server(Callbacks):
    """The fake on loopback. `refused` holds what Discord would have refused: tests want it empty."""

    town: Fake
    a_second: int | None = None
    zlib: bool = False
    check: Callable[[Seen], None] = lambda seen: None
    seen: list[Seen] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    limited: int = 0
    faults: list[Fault] = field(default_factory=list)
    gateway: Gateway = field(init=False)
    _runner: web.AppRunner | None = None
    _site: web.TCPSite | None = None
    _window: deque[float] = field(default_factory=deque)
    _closed: dict[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gateway = Gateway(self.town, zlib=self.zlib)

    async def start(self) -> None:
        """Serve on a free port."""
        app = web.Application(client_max_size=32 * 2**20)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_route("*", "/api/v10/{path:.*}", self._request)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self.gateway.url = self.gateway_url

    async def stop(self) -> None:
        """Stop serving."""
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port."""
        assert self._runner is not None
        port: int = self._runner.addresses[0][1]
        return port

    @property
    def api_base(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self.port}/gateway/"

    def calls(self, route: str) -> list[Seen]:
        """Return the requests whose method and path match a pattern ("POST /channels/.*/messages")."""
        return [one for one in self.seen if re.fullmatch(route, f"{one.method} {one.path}")]

    async def _request(self, request: web.Request) -> web.StreamResponse:
        body, files = await _read(request)
        seen = Seen(request.method, "/" + request.match_info["path"], body, files, self.town.now())
        self.seen.append(seen)
        fault = next((one for one in self.faults if re.fullmatch(one.route, f"{seen.method} {seen.path}")), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
            if not fault.accepted:
                return self._fail(fault, seen, request)
        answer = await self._answered(seen, request)
        if fault is not None:
            return self._fail(fault, seen, request)
        return answer

    async def _answered(self, seen: Seen, request: web.Request) -> web.StreamResponse:
        if (limit := self._limit(seen)) is not None:
            return limit
        try:
            self._authorized(seen, request)
            seen.status, seen.answer = await self._route(seen, request)
        except No as no:
            seen.status, seen.answer = no.status, {"message": no.why or "refused", "code": no.code}
        except rules.Refused as refused:
            self.refused.append(f"{seen.method} {seen.path}: {refused}")
            seen.status = 400
            seen.answer = {
                "message": "Invalid Form Body",
                "code": 50035,
                "errors": {"_errors": [{"code": "X", "message": "no"}]},
            }
        self.check(seen)
        return _json(seen.status, seen.answer)

    def _limit(self, seen: Seen) -> web.Response | None:
        """Count requests of the bot in a sliding second, where a limit is set; answers to interactions are free."""
        key = f"{seen.method} {seen.path}"
        for name in (key, "*"):
            until, told_at = self._closed.get(name, (0.0, 0.0))
            # What was on its way when the refusal was written could not know of it.
            late = asyncio.get_running_loop().time() > told_at + IN_FLIGHT
            if seen.at < until - 0.001 and late and not seen.path.startswith("/interactions"):
                self.early.append(key)
        if self.a_second is None or seen.path.startswith(("/interactions", "/webhooks")):
            return None
        while self._window and self._window[0] <= seen.at - 1:
            self._window.popleft()
        if len(self._window) >= self.a_second:
            self.limited += 1
            return self._too_many(self._window[0] + 1 - seen.at, whole=True)
        self._window.append(seen.at)
        return None

    def _too_many(self, seconds: float, *, whole: bool, shared: bool = False) -> web.Response:
        scope = "shared" if shared else "global" if whole else "user"
        headers = {"Retry-After": str(int(seconds) + 1), "Via": "1.1 google", "X-RateLimit-Scope": scope}
        if whole:
            headers["X-RateLimit-Global"] = "true"
        return _json(429, {"message": "You are being rate limited.", "retry_after": seconds, "global": whole}, headers)

    def _fail(self, fault: Fault, seen: Seen, request: web.Request) -> web.StreamResponse:
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.banned:
            return web.Response(status=429, text="error code: 1015", headers={"Retry-After": str(fault.retry_after)})
        if fault.status == 429:
            name = "*" if fault.whole else f"{seen.method} {seen.path}"
            self._closed[name] = (seen.at + fault.retry_after, asyncio.get_running_loop().time())
            return self._too_many(fault.retry_after, whole=fault.whole, shared=fault.shared)
        seen.status = fault.status
        return _json(fault.status, {"message": "planted", "code": fault.code})

    def _authorized(self, seen: Seen, request: web.Request) -> None:
        free = seen.path.startswith(("/interactions/", "/webhooks/"))
        if not free and request.headers.get("Authorization") != f"Bot {TOKEN}":
            raise No(401, 0, "401: Unauthorized")
        if "DiscordBot" not in request.headers.get("User-Agent", ""):
            raise No(403, 40333, "a user agent is needed")

    async def _route(self, seen: Seen, request: web.Request) -> Answer:
        for method, pattern, handler in ROUTES:
            found = re.fullmatch(pattern, seen.path)
            if method == seen.method and found is not None:
                return await handler(
                    self, seen, *found.groups(), **({"query": request.query} if seen.method == "GET" else {})
                )
        raise No(404, 0, f"no such route: {seen.method} {seen.path}")

    # What each route does.

    async def me(self, seen: Seen, query: Any) -> Answer:
        return 200, self.town.users[BOT] | {"verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}

    async def application(self, seen: Seen, query: Any) -> Answer:
        flags = 1 << 15 if self.town.members_intent else 0
        return 200, {
            "id": APPLICATION, "name": "kith", "icon": None, "description": "", "bot_public": False, "type": None,
            "bot_require_code_grant": False, "verify_key": "0" * 64, "flags": flags, "flags_new": str(flags),
            "owner": self.town.users[BOT], "team": None, "redirect_uris": [], "interactions_endpoint_url": None,
            "role_connections_verification_url": None, "approximate_guild_count": 1, "explicit_content_filter": 0,
            "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
            "eligible_oauth2_scopes": [],
        }  # fmt: skip

    async def gateway_bot(self, seen: Seen, query: Any) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": 1}
        return 200, {"url": self.gateway_url, "shards": self.gateway.shards, "session_start_limit": limit}

    async def put_commands(self, seen: Seen, app: str) -> Answer:
        rules.commands(seen.body)
        self.town.commands = [
            {"id": self.town.id(), "application_id": app, "version": "1", "default_member_permissions": None} | one
            for one in seen.body
        ]
        return 200, [_command(one) for one in self.town.commands]

    async def get_commands(self, seen: Seen, app: str, query: Any) -> Answer:
        return 200, [_command(one) for one in self.town.commands]

    async def open_dm(self, seen: Seen) -> Answer:
        account = seen.body["recipient_id"]
        if account not in self.town.users:
            raise No(400, 50033, "Invalid Recipient(s)")
        return 200, self.town.channels[self.town.dm_of(account)]

    def _channel(self, channel: str) -> dict[str, Any]:
        if channel not in self.town.channels:
            raise No(404, 10003, "Unknown Channel")
        return self.town.channels[channel]

    async def post(self, seen: Seen, channel: str) -> Answer:
        where = self._channel(channel)
        for account, dm in self.town.dms.items():
            if dm == channel and account in self.town.closed:
                raise No(403, self.town.closed[account], "Cannot send messages to this user")
        if where.get("thread_metadata", {}).get("locked"):
            raise No(400, 50083, "Thread is archived")
        rules.message(seen.body, "create", seen.files)
        return 200, self.town.post(channel, seen.body)

    async def history(self, seen: Seen, channel: str, query: Any) -> Answer:
        self._channel(channel)
        after, limit = int(query.get("after", 0)), int(query.get("limit", 50))
        said = sorted(
            (one for one in self.town.messages[channel].values() if int(one["id"]) > after), key=lambda m: int(m["id"])
        )
        return 200, said[:limit][::-1]

    async def rewrite(self, seen: Seen, channel: str, message: str) -> Answer:
        self._channel(channel)
        if message not in self.town.messages[channel]:
            raise No(404, 10008, "Unknown Message")
        rules.message(seen.body, "edit", seen.files)
        made = self.town.message(channel, seen.body)
        kept = self.town.messages[channel][message]
        self.town.messages[channel][message] = kept | {
            "components": made["components"],
            "attachments": made["attachments"],
        }
        return 200, self.town.messages[channel][message]

    async def get_channel(self, seen: Seen, channel: str, query: Any) -> Answer:
        return 200, _thread(self._channel(channel))

    async def change_channel(self, seen: Seen, channel: str) -> Answer:
        found = self._channel(channel)
        found["thread_metadata"] |= {"archived": seen.body["archived"], "locked": False}
        return 200, _thread(found)

    async def make_thread(self, seen: Seen, channel: str) -> Answer:
        parent = self._channel(channel)
        rules.need(
            set(seen.body) <= {"name", "type", "auto_archive_duration", "invitable", "rate_limit_per_user"}, "fields"
        )
        rules.length("name", seen.body["name"], 1, 100)
        thread = self.town.id()
        meta = {
            "archived": False, "auto_archive_duration": seen.body["auto_archive_duration"], "locked": False,
            "archive_timestamp": "2026-03-02T08:00:00+00:00", "invitable": seen.body["invitable"],
            "create_timestamp": "2026-03-02T08:00:00+00:00",
        }  # fmt: skip
        self.town.channels[thread] = {
            "id": thread, "type": PRIVATE_THREAD, "guild_id": parent["guild_id"], "parent_id": channel, "owner_id": BOT,
            "name": seen.body["name"], "last_message_id": None, "message_count": 0, "member_count": 1, "flags": 0,
            "total_message_sent": 0, "rate_limit_per_user": 0, "bitrate": 64000, "user_limit": 0, "rtc_region": None,
            "permissions": "0", "thread_metadata": meta, "inside": [BOT],
        }  # fmt: skip
        self.town.messages[thread] = {}
        return 201, _thread(self.town.channels[thread])

    async def join_thread(self, seen: Seen, thread: str, account: str) -> Answer:
        where = self._channel(thread)
        if account not in self.town.guilds[where["guild_id"]]["members"]:
            raise No(404, 10013, "Unknown User")
        where["inside"].append(account)
        return 204, None

    async def threads(self, seen: Seen, guild: str, query: Any) -> Answer:
        found = [
            _thread(one) for one in self.town.channels.values()
            if one.get("guild_id") == guild and "thread_metadata" in one and not one["thread_metadata"]["archived"]
        ]  # fmt: skip
        return 200, {"threads": found, "members": [], "has_more": False}

    def _guild(self, guild: str) -> dict[str, Any]:
        if guild not in self.town.guilds or self.town.guilds[guild]["gone"]:
            raise No(404, 10004, "Unknown Guild")
        return self.town.guilds[guild]

    async def get_guild(self, seen: Seen, guild: str, query: Any) -> Answer:
        self._guild(guild)
        return 200, self.gateway.guild(guild, whole=False)

    async def list_members(self, seen: Seen, guild: str, query: Any) -> Answer:
        if not self.town.members_intent:
            raise No(403, 50001, "Missing Access")
        found = sorted(int(one) for one in self._guild(guild)["members"] if int(one) > int(query.get("after", 0)))
        return 200, [self.town.member(guild, str(one)) for one in found[: int(query.get("limit", 1))]]

    async def get_member(self, seen: Seen, guild: str, account: str, query: Any) -> Answer:
        if account not in self._guild(guild)["members"]:
            raise No(404, 10007 if account in self.town.users else 10013, "Unknown Member")
        return 200, self.town.member(guild, account)

    def _role(self, guild: str, account: str, role: str) -> list[str]:
        if account not in self._guild(guild)["members"]:
            raise No(404, 10007, "Unknown Member")
        if role not in self.town.guilds[guild]["roles"]:
            raise No(404, 10011, "Unknown Role")
        held: list[str] = self.town.guilds[guild]["members"][account]["roles"]
        return held

    async def give(self, seen: Seen, guild: str, account: str, role: str) -> Answer:
        held = self._role(guild, account, role)
        held[:] = [*dict.fromkeys([*held, role])]
        return 204, None

    async def events(self, seen: Seen, guild: str, query: Any) -> Answer:
        return 200, list(self.town.events.get(guild, {}).values())

    async def make_event(self, seen: Seen, guild: str) -> Answer:
        return 200, self._event(guild, self.town.id(), seen.body)

    def _event(self, guild: str, event: str, body: dict[str, Any]) -> dict[str, Any]:
        if not int(self._guild(guild)["roles"][guild]["permissions"]) & CREATE_EVENTS:
            raise No(403, 50013, "Missing Permissions")
        starts, ends = (datetime.fromisoformat(body[name]) for name in ("scheduled_start_time", "scheduled_end_time"))
        if starts.timestamp() <= self.town.now() or ends <= starts:
            raise No(400, 50035, "Invalid Form Body")
        made = {
            "id": event, "guild_id": guild, "channel_id": None, "creator_id": BOT, "image": None, "status": 1,
            "entity_id": None, "recurrence_rule": None, "guild_scheduled_event_exceptions": [],
        } | body  # fmt: skip
        self.town.events.setdefault(guild, {})[event] = made
        return made

    async def change_event(self, seen: Seen, guild: str, event: str) -> Answer:
        if event not in self.town.events.get(guild, {}):
            raise No(404, 10070, "Unknown Guild Scheduled Event")
        return 200, self._event(guild, event, seen.body)

    async def drop_event(self, seen: Seen, guild: str, event: str) -> Answer:
        if self.town.events.get(guild, {}).pop(event, None) is None:
            raise No(404, 10070, "Unknown Guild Scheduled Event")
        return 204, None

    async def take(self, seen: Seen, guild: str, account: str, role: str) -> Answer:
        held = self._role(guild, account, role)
        held[:] = [one for one in held if one != role]
        return 204, None


async def _read(request: web.Request) -> tuple[Any, int]:
    if request.content_type != "multipart/form-data":
        text = await request.text()
        if text and request.headers.get("Content-Type") != "application/json":
            return {"wrong content type": request.headers.get("Content-Type")}, 0
        return (json.loads(text) if text else None), 0
    form = await request.post()
    told = form["payload_json"]
    text = told.decode() if isinstance(told, bytes | bytearray) else str(told)
    return json.loads(text), sum(name.startswith("files[") for name in form)


def _json(status: int, value: Any, headers: dict[str, str] | None = None) -> web.Response:
    if value is None:
        return web.Response(status=status, headers=headers)
    body = json.dumps(value).encode()
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json"} | (headers or {}))


def _thread(channel: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in channel.items() if name != "inside"}


def _command(one: dict[str, Any]) -> dict[str, Any]:
    return {"nsfw": False, "description": ""} | one


Handler = Callable[..., Awaitable[Answer]]
_ID = r"(\d+)"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/users/@me", Server.me),
    ("GET", "/oauth2/applications/@me", Server.application),
    ("GET", "/gateway/bot", Server.gateway_bot),
    ("PUT", f"/applications/{_ID}/commands", Server.put_commands),
    ("GET", f"/applications/{_ID}/commands", Server.get_commands),
    ("POST", "/users/@me/channels", Server.open_dm),
    ("POST", f"/channels/{_ID}/messages", Server.post),
    ("GET", f"/channels/{_ID}/messages", Server.history),
    ("PATCH", f"/channels/{_ID}/messages/{_ID}", Server.rewrite),
    ("GET", f"/channels/{_ID}", Server.get_channel),
    ("PATCH", f"/channels/{_ID}", Server.change_channel),
    ("POST", f"/channels/{_ID}/threads", Server.make_thread),
    ("PUT", f"/channels/{_ID}/thread-members/{_ID}", Server.join_thread),
    ("GET", f"/guilds/{_ID}/threads/active", Server.threads),
    ("GET", f"/guilds/{_ID}", Server.get_guild),
    ("GET", f"/guilds/{_ID}/scheduled-events", Server.events),
    ("POST", f"/guilds/{_ID}/scheduled-events", Server.make_event),
    ("PATCH", f"/guilds/{_ID}/scheduled-events/{_ID}", Server.change_event),
    ("DELETE", f"/guilds/{_ID}/scheduled-events/{_ID}", Server.drop_event),
    ("GET", f"/guilds/{_ID}/members", Server.list_members),
    ("GET", f"/guilds/{_ID}/members/{_ID}", Server.get_member),
    ("PUT", f"/guilds/{_ID}/members/{_ID}/roles/{_ID}", Server.give),
    ("DELETE", f"/guilds/{_ID}/members/{_ID}/roles/{_ID}", Server.take),
    ("POST", f"/interactions/{_ID}/([^/]+)/callback", Server.callback),
    ("POST", f"/webhooks/{_ID}/([^/]+)", Server.follow),
    ("PATCH", f"/webhooks/{_ID}/([^/]+)/messages/@original", Server.edit_original),
    ("DELETE", f"/webhooks/{_ID}/([^/]+)/messages/@original", Server.delete_original),
)

__all__ = ["TEXT_CHANNEL", "Fault", "Seen", "Server", "told"]
