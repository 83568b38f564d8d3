"""The fake Slack on a port: answers Web API calls, delivers envelopes over Socket Mode, takes `response_url` posts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.methods import Methods
from tests.fakes.slack.rules import wrong_with_blocks
from tests.fakes.slack.state import Json, Shown, SlackError, Team

ACK_WITHIN = 3.0
"""Seconds that Slack waits for an acknowledgement."""

LOOKS_EVERY = 0.05

BOT_TOKEN, APP_TOKEN = "xoxb-fake", "xapp-fake"


@dataclass(slots=True)
class Fault:
    """How the next call of a method goes wrong: an error code, an HTTP status, or a cut connection.

    `accepted` cuts the connection (or answers the status) after the call took effect.
    """

    method: str
    code: str = ""
    status: int = 0
    retry_after: int = 1
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the Web API as it came in."""

    method: str
    args: Json


class NotAcknowledged(AssertionError):
    """Nobody acknowledged an envelope in time."""


class Server:
    """Runs one workspace's Slack. `url` is its base; `calls` every call, `faults` are used up by matching calls."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.methods = Methods(team, lambda: self.url)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.chaos: Callable[[str], Fault | None] = lambda method: None
        self.scopes = ""
        self.revoked = ""
        self.url = ""
        self.response_uses: dict[str, int] = {}
        self.response_users: dict[str, str] = {}
        self.sockets: list[web.WebSocketResponse] = []
        self.connected = asyncio.Event()
        self._acks: dict[str, asyncio.Future[Json | None]] = {}
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free loopback port."""
        app = web.Application(client_max_size=50 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._api)
        app.router.add_post("/response/{name}", self._response)
        app.router.add_post("/upload/{name}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close everything."""
        for socket in self.sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # -- what Slack delivers

    async def deliver(self, kind: str, payload: Json, *, wait: float = ACK_WITHIN, **more: Any) -> Json | None:
        """Send an envelope and return what it was acknowledged with. Raises `NotAcknowledged` after `wait` seconds."""
        return await (await self.send(kind, payload, wait=wait, **more))

    async def send(
        self, kind: str, payload: Json, *, wait: float = ACK_WITHIN, **more: Any
    ) -> asyncio.Task[Json | None]:
        """Send an envelope; the returned task ends with its acknowledgement."""
        name = f"envelope-{self.team.number()}"
        self._acks[name] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": name, "type": kind, "payload": payload, "accepts_response_payload": True} | more
        await self.sockets[-1].send_str(json.dumps(envelope))
        return asyncio.create_task(self._acknowledged(name, wait))

    async def _acknowledged(self, name: str, wait: float) -> Json | None:
        """Wait, but count only time in which this process could have answered: it waited, or it was computing.

        A disk or machine that stands still for seconds is no fault of the code, and would fail a test now and then.
        """
        spent, ack = 0.0, self._acks[name]
        while spent < wait:
            busy = time.process_time()
            done, _ = await asyncio.wait({ack}, timeout=LOOKS_EVERY)
            if done:
                return ack.result()
            spent += max(LOOKS_EVERY, time.process_time() - busy)
        raise NotAcknowledged(name)

    async def refresh(self) -> None:
        """Ask the client to connect anew, as Slack does every few hours, and wait until it has."""
        self.connected.clear()
        await self.sockets[-1].send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        async with asyncio.timeout(10):
            await self.connected.wait()

    def response_url(self, user: str) -> str:
        """Return a new `response_url` of somebody."""
        name = f"r{self.team.number()}"
        self.response_uses[name] = 0
        self.response_users[name] = user
        return f"{self.url}/response/{name}"

    # -- what it takes

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        self.calls.append(Call(method, args))
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return _no("invalid_auth")
        if self.revoked:
            return _no(self.revoked)
        fault = next((one for one in self.faults if one.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
        else:
            fault = self.chaos(method)
        if fault is not None and not fault.accepted:
            return _failing(request, fault)
        if method == "apps.connections.open":
            return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/socket"})
        try:
            answer = {"ok": True, **self.methods.call(method, args)}
        except SlackError as error:
            return _no(str(error))
        if fault is not None:
            return _failing(request, fault)
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes})

    async def _response(self, request: web.Request) -> web.Response:
        name, body = request.match_info["name"], await request.json()
        self.calls.append(Call("response_url", body))
        fault = next((one for one in self.faults if one.method == "response_url"), None)
        if fault is not None:
            self.faults.remove(fault)
            return web.Response(status=fault.status, headers={"Retry-After": str(fault.retry_after)})
        self.response_uses[name] += 1
        if self.response_uses[name] > 5:
            return web.Response(status=404, text="used_url")
        wrong = wrong_with_blocks(body.get("blocks")) + ["no text"] * (not body.get("text"))
        if wrong:
            self.methods.wrong += wrong
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        kind = "replaced" if body.get("replace_original") else "ephemeral"
        public = body.get("response_type") == "in_channel"
        self.team.shown.append(Shown(kind, "everybody" if public else self.response_users[name], body))
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        self.team.files[request.match_info["name"]] = await request.read()
        return web.Response(text="OK")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": len(self.sockets) + 1}))
        self.sockets.append(socket)
        self.connected.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                ack = json.loads(message.data)
                waiting = self._acks.get(ack["envelope_id"])
                if waiting is not None and not waiting.done():
                    waiting.set_result(ack.get("payload"))
        self.sockets.remove(socket)
        return socket


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    form = await request.post()
    return {key: str(value) for key, value in form.items()}


def _no(code: str) -> web.Response:
    return web.json_response({"ok": False, "error": code})


def _failing(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.code:
        return _no(fault.code)
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.status:
        return web.Response(status=fault.status, text="<html>upstream</html>", content_type="text/html")
    cut: Callable[[], None] = request.transport.abort  # type: ignore[union-attr]
    cut()
    return web.Response()
