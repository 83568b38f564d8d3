"""Calls to Slack's Web API. No call is repeated here: pacing, waiting and resending are the outbox's."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failures import broken, refused
from bot.chat.platform import Forbidden, SendFailed, Unreachable

TIMEOUT = aiohttp.ClientTimeout(total=8, connect=4)
"""Below the ten seconds that the pump gives a call."""

PAGE = 200
"""Rows a page of a listing, as Slack recommends."""

# The SDK puts bodies, tickets and addresses into what it logs.
SILENT = logging.Logger("kith.slack.sdk", logging.CRITICAL + 1)


class Client:
    """One app in one workspace. Every method raises only `SendFailed`. `close` it at the end."""

    def __init__(self, token: str, api_base: str) -> None:
        self._granted = ""
        self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        self.web = AsyncWebClient(
            token=token,
            base_url=api_base if api_base.endswith("/") else api_base + "/",
            session=self._session,
            retry_handlers=[],
            logger=SILENT,
        )

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the workspace granted, as the newest answer says."""
        return tuple(sorted(scope.strip() for scope in self._granted.split(",") if scope.strip()))

    async def write(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method with a JSON body; `None` values are left out. Returns the answer."""
        return await self._call(method, json={key: value for key, value in arguments.items() if value is not None})

    async def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method that only takes form fields. Returns the answer."""
        given = {key: _field(value) for key, value in arguments.items() if value is not None}
        return await self._call(method, data=given)

    async def walk(self, method: str, rows: str, **arguments: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield the rows of a listing, page after page."""
        cursor = None
        while True:
            answer = await self.ask(method, limit=PAGE, cursor=cursor, **arguments)
            for row in answer.get(rows) or ():
                yield row
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def open_socket(self, app_token: str) -> str:
        """Return the address of a new Socket Mode connection. Its ticket is a secret."""
        answer = await self._call("apps.connections.open", headers={"Authorization": f"Bearer {app_token}"})
        return str(answer["url"])

    async def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Post to a `response_url`. Raises `Unreachable` when its five uses or thirty minutes are over."""
        try:
            async with self._session.post(url, json=body) as answer:
                text = await answer.text()
                if (answer.status == 200 and text in ("", "ok")) or _is_ok(text):
                    return
                if answer.status in (404, 410) or "used_url" in text or "expired_url" in text:
                    raise Unreachable("used_url")
                raise refused(answer.status, _code(text), answer.headers)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise broken(error) from None

    async def upload(self, name: str, data: bytes, alt: str | None = None, *, channel: str | None = None) -> str:
        """Upload a file and return its id. Without a `channel` to share it in, doing it twice is seen by nobody."""
        place = await self.ask("files.getUploadURLExternal", filename=name, length=len(data), alt_txt=alt)
        try:
            async with self._session.post(place["upload_url"], data=data) as answer:
                if answer.status != 200:
                    raise refused(answer.status, "", answer.headers)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error) from None
        done = [{"id": place["file_id"], "title": name}]
        await self.write("files.completeUploadExternal", files=done, channel_id=channel)
        return str(place["file_id"])

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def _call(self, method: str, **how: Any) -> dict[str, Any]:
        try:
            answer = await self.web.api_call(method, **how)
        except SlackApiError as error:
            raise _refusal(error) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise broken(error) from None
        if not isinstance(answer.data, dict):
            raise Forbidden("unexpected_answer")
        self._granted = answer.headers.get("x-oauth-scopes") or self._granted
        return answer.data


def _refusal(error: SlackApiError) -> SendFailed:
    answer: Any = error.response
    data = getattr(answer, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    # For a body that is not JSON the library hands out the HTTP client's own response, which names things differently.
    status: int = getattr(answer, "status_code", None) or getattr(answer, "status", None) or 500
    return refused(status, code, getattr(answer, "headers", None) or {})


def _field(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


def _is_ok(text: str) -> bool:
    try:
        answer = json.loads(text)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is True


def _code(text: str) -> str:
    try:
        answer = json.loads(text)
    except ValueError:
        return ""
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""
