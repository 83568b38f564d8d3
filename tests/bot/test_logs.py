"""Logs tell what happened and where, never what somebody wrote, and no secret."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from bot.chat.platform import Transient
from bot.logs import HIDDEN, configure

SECRET = "the words of a member"


@pytest.fixture(params=["console", "json"])
def logged(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Logs into memory, in both forms; put back as they were."""
    stream = io.StringIO()
    configure("DEBUG", form=request.param, stream=stream)
    yield stream.getvalue
    configure("WARNING")


def fails() -> None:
    """Fail with a member's words in the error, in a note, in its cause and in a local variable."""
    typed = SECRET
    try:
        int(typed)
    except ValueError as error:
        worse = KeyError(typed)
        worse.add_note(typed)
        raise worse from error


def test_an_error_is_logged_with_its_place_and_without_its_words(logged: Callable[[], str]):
    """The types and code lines of an error and its cause are there; what a member wrote is not."""
    try:
        fails()
    except KeyError as error:
        structlog.get_logger().error("handler.failed", reference="abc123", exc_info=error)
    text = logged()
    assert SECRET not in text
    assert all(word in text for word in ("abc123", "KeyError", "ValueError", "raise worse from error"))


def test_errors_of_libraries_are_logged_like_ours(logged: Callable[[], str]):
    """An error that a library logs has no words either."""
    try:
        fails()
    except KeyError:
        logging.getLogger("somewhere").exception("it failed")
    assert SECRET not in logged()
    assert "somewhere: it failed" in logged()
    assert "KeyError" in logged()


def test_a_group_of_errors_names_each(logged: Callable[[], str]):
    """Of a group, each error's type is there, and no words."""
    group = ExceptionGroup(SECRET, [ValueError(SECRET), TypeError(SECRET)])
    structlog.get_logger().error("tick.failed", exc_info=group)
    assert SECRET not in logged()
    assert "ValueError" in logged()
    assert "TypeError" in logged()


def test_a_platforms_code_is_shown(logged: Callable[[], str]):
    """What a platform answered is a code without anybody's words, and helps."""
    structlog.get_logger().error("send.failed", exc_info=Transient("http_502", doubtful=True))
    assert "http_502" in logged()


@pytest.mark.parametrize(
    "secret",
    ["xoxb-123-456-abcDEF", "xapp-1-A1-2-abc", f"M{'a' * 24}.{'b' * 6}.{'c' * 30}", "kith:hunter2"],
    ids=["slack", "slack app", "discord", "address"],
)
def test_what_looks_like_a_secret_is_hidden(logged: Callable[[], str], secret: str):
    """Tokens, and the password in an address, never reach a log."""
    structlog.get_logger().warning("started", url=f"postgresql://{secret}@db/kith")
    assert HIDDEN in logged()
    assert secret not in logged()


def test_json_lines_can_be_read_back():
    """Each line of the JSON form is one object with time, level and event."""
    stream = io.StringIO()
    configure("INFO", form="json", stream=stream)
    structlog.get_logger().info("ready", spaces=2)
    structlog.get_logger().debug("not shown")
    configure("WARNING")
    (line,) = stream.getvalue().splitlines()
    assert {"level": "info", "event": "ready", "spaces": 2}.items() <= json.loads(line).items()


def test_libraries_stay_quiet_when_kith_is_verbose(logged: Callable[[], str]):
    """Libraries print message bodies when they debug, so they do not."""
    logging.getLogger("slack_sdk").info(SECRET)
    logging.getLogger("sqlalchemy.engine").info(SECRET)
    assert "" == logged()
