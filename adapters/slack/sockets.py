"""Socket Mode: an outgoing connection through which Slack delivers, so that no port has to be open.

The SDK's client reconnects by itself, but has been seen to hold a dead connection for hours without a sign; a watchdog
asks it, and builds a new client when it stays without one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.client import SILENT, Client
from adapters.slack.inbound import Inbound
from bot.chat.platform import SendFailed, Transient

log = structlog.get_logger()

PING = 5.0
"""Seconds between two pings of a connection; four without an answer make it dead."""

LONGEST = 600.0
"""Seconds between two looks where connecting fails again and again: an app that was removed stays so."""

CONNECT = 20.0
"""Seconds that a connection may take to stand."""

LOOK = 10.0
"""Seconds between two looks of the watchdog; two bad ones in a row make it rebuild."""


class Socket:
    """One connection of one app. `make` builds the SDK's client; tests may hand in another."""

    def __init__(
        self,
        name: str,
        app_token: str,
        client: Client,
        inbound: Inbound,
        make: Callable[..., SocketModeClient] = SocketModeClient,
    ) -> None:
        self._name = name
        self._token = app_token
        self._client = client
        self._inbound = inbound
        self._make = make
        self._socket: SocketModeClient | None = None
        self._bad = 0
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and keep connected until `stop`. Raises `SendFailed` when Slack refuses the app's token."""
        self._socket = await self._connected()
        self._watch = asyncio.create_task(self._watching())

    async def stop(self) -> None:
        """Close the connection: Slack delivers what was not acknowledged to the next one."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        if self._socket is not None:
            await self._socket.close()  # type: ignore[no-untyped-call]

    @property
    def up(self) -> bool:
        """Whether the connection stood when it was last looked at."""
        return self._socket is not None and self._bad == 0

    async def check(self) -> bool:
        """Look at the connection once; return whether it was rebuilt."""
        alive = self._socket is not None and await self._socket.is_connected()
        self._bad = 0 if alive else self._bad + 1
        if self._bad < 2:
            return False
        log.warning("slack.socket_dead", workspace=self._name)
        old, self._socket = self._socket, None
        if old is not None:
            with suppress(Exception):
                await old.close()  # type: ignore[no-untyped-call]
        self._socket = await self._connected()
        self._bad = 0
        return True

    async def _connected(self) -> SocketModeClient:
        address = await self._client.open_socket(self._token)
        socket = self._make(
            app_token=self._token, logger=SILENT, web_client=self._client.web, ping_interval=PING
        )  # fmt: skip
        socket.wss_uri = address
        socket.socket_mode_request_listeners.append(self._received)
        try:
            # It would try for ever.
            async with asyncio.timeout(CONNECT):
                await socket.connect()  # type: ignore[no-untyped-call]
        except TimeoutError:
            await socket.close()  # type: ignore[no-untyped-call]
            raise Transient("socket_timeout", doubtful=False) from None
        return socket

    async def _received(self, socket: Any, request: SocketModeRequest) -> None:
        headers = {
            f"x-slack-retry-{name}": str(value)
            for name, value in (("num", request.retry_attempt), ("reason", request.retry_reason))
            if value is not None
        }
        if _needs_no_answer(request):
            # Bolt looks every 10 ms whether a listener has acknowledged; a burst has no time for that.
            await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            self._inbound.take(request.payload, headers)
            return
        answer = await self._inbound.dispatch(request.payload, headers, "socket_mode")
        if answer.status != 200:
            return
        payload = _payload(answer.body)
        await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))

    async def _watching(self) -> None:
        pause = LOOK
        while True:
            await asyncio.sleep(pause)
            try:
                await self.check()
                pause = LOOK
            except Exception as error:
                pause = min(pause * 2, LONGEST)
                code = error.code if isinstance(error, SendFailed) else type(error).__name__
                log.warning("slack.socket_down", workspace=self._name, code=code, again_in=pause)


def _needs_no_answer(request: SocketModeRequest) -> bool:
    """Return whether an acknowledgement carries nothing: all but events (stored first) and submitted modals."""
    if request.type == "slash_commands":
        return True
    return request.type == "interactive" and (request.payload or {}).get("type") != "view_submission"


def _payload(body: str | None) -> dict[str, Any] | None:
    if not body:
        return None
    try:
        found = json.loads(body)
    except ValueError:
        return {"text": body}
    return found if isinstance(found, dict) else None
