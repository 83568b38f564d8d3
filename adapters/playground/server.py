"""The playground's web server: one page on this machine only, and a WebSocket that it acts and listens through.

A page of another site must not reach in, not even by a name that resolves to this machine (DNS rebinding): `Host` must
be this address, and whatever acts must come from this page's own `Origin`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from aiohttp import WSMsgType, web

from adapters.playground import pages
from adapters.playground.inspection import FIRST_STEPS, Inspection, Step
from adapters.playground.town import Town
from adapters.playground.visit import App, Desk, PageError, Visit, people_list

HOST = "127.0.0.1"
PORT = 8765
LARGEST = 256 * 1024  # bytes of one message from the page; a long form has a few thousand characters
TOGETHER = 0.03  # seconds: messages that arrive this close are shown at once
TICK = 5.0  # seconds between looks at the clock while nothing happens
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
BROKEN = "That did not work: the playground met a fault of its own and wrote it to the terminal. Nothing else is lost."
log = structlog.get_logger()


class Playground:
    """The page. `advance` moves the clock (None: to what is due next) and says what it did; `inspect` fills the drawer.

    `why` says of a message, by its id, why it came, a line each; nothing when that is not known. `people` are the
    accounts to act as, the first ones shown first; `steps` is the guide (empty: none).
    """

    def __init__(
        self,
        app: App,
        town: Town,
        *,
        advance: Callable[[timedelta | None], Awaitable[str]],
        inspect: Callable[[], Awaitable[Inspection]],
        why: Callable[[str], Awaitable[Sequence[str]]],
        people: Sequence[str],
        steps: Sequence[Step] = FIRST_STEPS,
    ) -> None:
        self._desk = Desk(app=app, town=town, people=tuple(people), advance=advance, inspect=inspect, why=why)
        self._steps = tuple(steps)
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._sockets: set[web.WebSocketResponse] = set()

    async def start(self, port: int = PORT) -> str:
        """Serve on this machine only and return the address; a random free port when `port` is taken."""
        listening = _listen(port)
        self._port = listening.getsockname()[1]
        site = web.Application(middlewares=[self._guard])
        site.add_routes([web.get("/", self._page), web.get("/live", self._live)])
        site.router.add_static("/static", Path(__file__).parent / "static")
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        return f"http://{HOST}:{self._port}/"

    async def stop(self) -> None:
        """Close every page's connection and stop serving; stopping twice is fine."""
        for live in list(self._sockets):
            await live.close(code=1001, message=b"stopped")
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        allowed = {f"{HOST}:{self._port}", f"localhost:{self._port}"}
        if request.host not in allowed:
            return _refused(f"The playground answers at http://{HOST}:{self._port}/ only.")
        origin = request.headers.get("Origin")
        acts = request.path == "/live" or request.method not in {"GET", "HEAD"}
        if (acts or origin is not None) and origin not in {f"http://{host}" for host in allowed}:
            return _refused("Only the playground's own page may do this.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _page(self, request: web.Request) -> web.Response:  # noqa: ARG002 - every visit gets the same page
        people = people_list(self._desk.town, self._desk.people)
        lines = {"/" + command.name for command in self._desk.app.catalogue.commands.values()}
        steps = [step for step in self._steps if not step.line or any(step.line.startswith(line) for line in lines)]
        now = pages.utc(self._desk.app.clock.now())
        html = pages.part("page.html", people=people, steps=steps, now=now)
        return web.Response(text=html, content_type="text/html")

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        live = web.WebSocketResponse(heartbeat=30.0, max_msg_size=LARGEST)
        await live.prepare(request)
        self._sockets.add(live)

        async def tell(value: dict[str, Any]) -> None:
            if not live.closed:
                with contextlib.suppress(ConnectionError):
                    await live.send_json(value)

        visit = Visit(self._desk, tell)
        pushing = asyncio.create_task(_push(visit))
        try:
            async for message in live:
                if message.type is WSMsgType.TEXT:
                    await _act(visit, message.data, tell)
        finally:
            visit.close()
            pushing.cancel()
            self._sockets.discard(live)
        return live


async def _act(visit: Visit, data: str, tell: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    said: Any = None
    try:
        said = json.loads(data)
        if not isinstance(said, dict):
            raise PageError("The page sent something that cannot be read. Reload it.")
        await visit.act(said)
    except PageError as problem:
        await tell({"is": "problem", "text": str(problem)})
    except ValueError:
        await tell({"is": "problem", "text": "The page sent something that cannot be read. Reload it."})
    except Exception:
        log.exception("playground.failed")
        await tell({"is": "problem", "text": BROKEN})
    finally:
        await tell({"is": "done", "pane": said.get("pane") if isinstance(said, dict) else None})


async def _push(visit: Visit) -> None:
    """Keep the page up to date with what others do and with the clock."""
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(visit.changed.wait(), TICK)
        await asyncio.sleep(TOGETHER)
        try:
            if visit.stale:
                await visit.refresh()
        except PageError:
            continue
        except Exception:
            log.exception("playground.push_failed")


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((HOST, port))
    except OSError:
        listening.bind((HOST, 0))
    listening.setblocking(False)
    return listening


def _refused(why: str) -> web.Response:
    return web.Response(status=403, text=why + "\n", headers=HEADERS)
