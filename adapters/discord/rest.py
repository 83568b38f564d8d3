"""Requests to Discord's REST API. Obeys its limits, never repeats a request by itself, and raises only `SendFailed`.

discord.py's own client sleeps inside a call until a limit has passed, which outlasts the patience of the pump, and
stays shut when such a call is cancelled. Here a long wait is told to the caller, who comes back later.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import aiohttp

from adapters.discord.failures import failed
from bot.chat.platform import RateLimited, Transient
from bot.chat.views import File, Image

TIMEOUT = aiohttp.ClientTimeout(total=8, connect=4)
"""Shorter than the pump waits for an answer."""

NAP = 2.0
"""Seconds that a call may sleep for a limit; what takes longer is told to the caller."""

A_SECOND, AT_ONCE = 42.0, 6
"""Requests that leave in a steady stream, and how many may leave together: in no second more than the 50 of a bot."""

AGENT = "DiscordBot (https://github.com/kith, 0.1)"


@dataclass(slots=True)
class _Bucket:
    """What is known of one limit: calls left until `resets` (monotonic), and of how many. None: nothing is known."""

    left: int | None = None
    most: int | None = None
    resets: float = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until a call may be made, and take one when that is now."""
        if self.left is not None and now >= self.resets:
            self.left, self.resets = self.most, now + 1
        if self.left is None:
            return 0.0
        if self.left <= 0:
            return self.resets - now
        self.left -= 1
        return 0.0


@dataclass(slots=True)
class Rest:
    """One bot's connection to the API at `base`. `tick` is a monotonic clock in seconds."""

    session: aiohttp.ClientSession
    base: str
    token: str = field(repr=False)
    tick: Callable[[], float] = time.monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _hashes: dict[str, str] = field(default_factory=dict)
    _closed_until: float = 0.0
    _stream: float = 0.0

    async def call(
        self,
        method: str,
        path: str,
        ids: Mapping[str, str] = MappingProxyType({}),
        /,
        *,
        json_body: Any = None,
        files: Sequence[Image | File] = (),
        query: Mapping[str, str] | None = None,
        limited: bool = True,
    ) -> Any:
        """Make a request and return the decoded answer (None when empty).

        `path` has placeholders (`/channels/{channel}/messages`) that `ids` fill. `limited` is false for answers to
        interactions, which have a token in their path and no part in the bot's limits. Raises `SendFailed`.
        """
        route = f"{method} {path}"
        major = ids.get("channel") or ids.get("guild") or ids.get("token") or ""
        if limited:
            await self._turn(route, major)
        url = self.base.rstrip("/") + path.format_map({name: quote(value, safe="") for name, value in ids.items()})
        headers = {"User-Agent": AGENT} | ({"Authorization": f"Bot {self.token}"} if limited else {})
        body = _body(json_body, files)
        try:
            async with self.session.request(
                method, url, params=query, headers=headers, timeout=TIMEOUT, **body
            ) as answer:
                data = _decoded(await answer.text())
                status, told = answer.status, dict(answer.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Transient(type(error).__name__, doubtful=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Transient(type(error).__name__, doubtful=method != "GET") from None
        if limited:
            self._note(route, major, told)
        if 200 <= status < 300:
            return data
        refused = failed(status, data, told)
        if isinstance(refused, RateLimited):
            self._refused(route, major, refused)
        raise refused

    async def _turn(self, route: str, major: str) -> None:
        """Wait for the limits of this route for a moment. Raises `RateLimited` when it would take longer."""
        waited = 0.0
        while True:
            now = self.tick()
            wait = self._closed_until - now
            if wait <= 0:
                wait = self._bucket(route, major).wait(now)
            if wait <= 0:
                await self._leave()
                return
            waited += wait
            if waited > NAP:
                raise RateLimited("waiting", retry_after=wait)
            await asyncio.sleep(wait)

    async def _leave(self) -> None:
        """Leave one after the other: what was let through together may reach Discord within less time than it took."""
        now = time.monotonic()
        mine = max(self._stream, now - AT_ONCE / A_SECOND) + 1 / A_SECOND
        if mine - now > NAP:
            raise RateLimited("waiting", retry_after=mine - now)
        self._stream = mine
        if mine > now:
            await asyncio.sleep(mine - now)

    def _bucket(self, route: str, major: str) -> _Bucket:
        return self._buckets.setdefault(f"{self._hashes.get(route, route)}:{major}", _Bucket())

    def _note(self, route: str, major: str, told: Mapping[str, str]) -> None:
        """Learn from the headers of an answer how many calls are left."""
        lower = {name.lower(): value for name, value in told.items()}
        if len(self._buckets) > 10_000:
            now = self.tick()
            self._buckets = {name: one for name, one in self._buckets.items() if one.resets > now}
        if "x-ratelimit-bucket" in lower:
            self._hashes[route] = lower["x-ratelimit-bucket"]
        if "x-ratelimit-remaining" not in lower:
            return
        bucket = self._bucket(route, major)
        bucket.most = max(1, int(lower.get("x-ratelimit-limit", "1")))
        # Answers may overtake each other: the lowest count of one window is the true one.
        resets = self.tick() + float(lower.get("x-ratelimit-reset-after", "1"))
        left = int(lower["x-ratelimit-remaining"])
        same_window = bucket.left is not None and abs(resets - bucket.resets) < 0.5
        bucket.left = min(left, bucket.left) if same_window and bucket.left is not None else left
        bucket.resets = resets

    def _refused(self, route: str, major: str, refused: RateLimited) -> None:
        until = self.tick() + refused.retry_after
        if refused.whole:
            self._closed_until = max(self._closed_until, until)
        else:
            bucket = self._bucket(route, major)
            bucket.left, bucket.resets = 0, until


def _body(value: Any, files: Sequence[Image | File]) -> dict[str, Any]:
    if value is None:
        return {}
    text = json.dumps(value)
    if not files:
        return {"data": aiohttp.BytesPayload(text.encode(), content_type="application/json")}
    # Discord reads the brackets in the names of the fields only as they are.
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", text, content_type="application/json")
    for index, file in enumerate(files):
        form.add_field(f"files[{index}]", file.data, filename=file.name, content_type=_type(file))
    return {"data": form}


def _type(file: Image | File) -> str:
    return "image/png" if isinstance(file, Image) else file.kind


def _decoded(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
