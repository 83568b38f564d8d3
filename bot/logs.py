"""Logs: what happened, with ids and codes. Never a message, a name or a secret, at any level."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal, TextIO

import structlog

_SECRETS = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+"  # Slack tokens
    r"|[MNO][\w-]{23,27}\.[\w-]{6,7}\.[\w-]{27,}"  # Discord bot tokens
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a user and password in an address
)
HIDDEN = "[hidden]"
_CHATTY = ("discord", "slack_sdk", "slack_bolt", "aiohttp", "aiosqlite", "asyncio", "apscheduler", "sqlalchemy")


def configure(
    level: str = "INFO", *, form: Literal["console", "json"] = "console", stream: TextIO | None = None
) -> None:
    """Set logs up for the process: `level` for Kith; libraries, which print bodies when they debug, stay at WARNING."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    # dict_tracebacks and rich tracebacks show local variables, and those hold what members wrote
    error: Any = [structlog.processors.format_exc_info] if form == "json" else []
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *error,
            without_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=stream or sys.stderr, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def without_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    """Hide whatever has the shape of a token or a password, in every value."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRETS.sub(HIDDEN, value)
    return event
