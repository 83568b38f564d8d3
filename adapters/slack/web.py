"""HTTP mode: Slack calls a public address of ours. Whatever is not signed by Slack, just now, is answered 401."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

from aiohttp import web
from aiohttp.web_exceptions import HTTPException

from adapters.slack.inbound import Inbound

BODY = 1024 * 1024
"""Bytes that a request may have; Slack's are far smaller."""

FRESH = 300
"""Seconds that a signature is good for. A replay within them has the id of the first and changes nothing."""


def signed(secret: str, body: bytes, timestamp: str, signature: str, now: float) -> bool:
    """Return whether Slack signed this body with the app's secret within the last five minutes.

    The scheme is Slack's version 0: HMAC-SHA-256 of `v0:timestamp:body`, in hexadecimal after `v0=`.
    """
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12) or not signature.isascii():
        return False
    if abs(now - int(timestamp)) > FRESH:
        return False
    wanted = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={wanted}".encode(), signature.encode())


def application(served: Mapping[str, tuple[str, Inbound]], now: Callable[[], float] = time.time) -> web.Application:
    """Return a web application that takes `POST /slack/NAME` for each workspace: name -> (signing secret, inbound)."""

    async def take(request: web.Request) -> web.Response:
        known = served.get(request.match_info["name"])
        if known is None:
            return web.Response(status=404)
        secret, inbound = known
        try:
            body = await request.read()
        except HTTPException as refused:
            return web.Response(status=refused.status)
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not signed(secret, body, stamp, request.headers.get("X-Slack-Signature", ""), now()):
            return web.Response(status=401)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return web.Response(status=400)
        headers = {
            name: value for name, value in request.headers.items() if name.lower().startswith(("content-", "x-"))
        }
        answer = await inbound.dispatch(text, headers, "http")
        kind = (answer.headers.get("content-type") or ["text/plain"])[0].partition(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    app = web.Application(client_max_size=BODY)
    app.router.add_post("/slack/{name}", take)
    return app
