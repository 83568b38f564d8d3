"""A real browser and a page in it. Skipped, with the reason, where there is none; never when KITH_BROWSER_TESTS=1."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any

import pytest

from tests.adapters.playground.stub import make_playground
from tests.browser.page import PlaygroundPage, chromium


def _missing() -> str:
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed (the e2e extra)"
    return "" if shutil.which("chromium") else "there is no chromium on the PATH"


@contextmanager
def served(opened: Callable[[], AbstractAsyncContextManager]) -> Iterator[tuple[str, Any]]:
    """Serve from a thread of its own: `opened()` gives (Playground, the rest); yield (address, the rest)."""
    ready: Future = Future()
    over = threading.Event()

    async def serve() -> None:
        try:
            async with opened() as (playground, rest):
                ready.set_result((await playground.start(0), rest))
                await asyncio.to_thread(over.wait)
                await playground.stop()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield ready.result(timeout=60)
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    """Return a running Chromium, closed before other tests: while it runs, its loop would be in the way of theirs."""
    missing = _missing()
    if missing and os.environ.get("KITH_BROWSER_TESTS") == "1":
        pytest.fail(f"KITH_BROWSER_TESTS=1, but {missing}")
    if missing:
        pytest.skip(missing)
    with chromium() as running:
        yield running


@pytest.fixture
def stub():
    """Return (address, stub app) of a page over the stub."""

    @asynccontextmanager
    async def opened():
        yield make_playground()

    with served(opened) as running:
        yield running


@pytest.fixture
def open_page(browser):
    """Return a function that opens an address in a fresh context and fails the test on any script error."""
    contexts, faults = [], []

    def opened(url: str, **options) -> PlaygroundPage:
        context = browser.new_context(**({"viewport": {"width": 1400, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return PlaygroundPage(page, url)

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def playground(open_page, stub):
    """Return the open page over the stub."""
    return open_page(stub[0])
