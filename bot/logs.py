"""Logs: what happened, with ids and codes. Never a message, a name or a secret, at any level."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
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
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(frames),
            without_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=lambda *_: structlog.WriteLogger(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Frames("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def frames(exc_info: Any) -> str:
    """Return where an error came from: the code lines of each frame and the types of the errors, causes first.

    Takes what `sys.exc_info()` gives. An error's own words are left out, as are local variables: both may hold what a
    member wrote. Only a type that says `loggable = True` is shown with its words.
    """
    return "\n".join(_told(exc_info[1])) if exc_info[1] is not None else ""


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and before is not error:  # SQLAlchemy raises some errors from themselves
        yield from _told(before)
        yield "which led to:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    kind = type(error)
    words = f": {error}" if getattr(kind, "loggable", False) else ""
    yield f"{kind.__module__}.{kind.__qualname__}{words}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _told(one)


class _Frames(logging.Formatter):
    """Formats what libraries log like our own: an error's frames without its words."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name that logging calls
        return frames(ei)


def without_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ARG001
    """Hide whatever has the shape of a token or a password, in every value."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRETS.sub(HIDDEN, value)
    return event
