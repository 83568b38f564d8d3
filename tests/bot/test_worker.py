"""Heavy work runs in a process of its own, which can fail, hang or be given up without harm to ours."""

import asyncio
import multiprocessing
import os
import time
from typing import Any

import pytest

from bot.worker import InlineWorker, ProcessWorker, WorkFailed, WorkTimeout


def double(value: int) -> int:
    """Return twice the value."""
    return value * 2


def whose(_: Any) -> int:
    """Return the process it runs in."""
    return os.getpid()


def fail(words: str) -> None:
    """Fail with a member's words."""
    raise ValueError(words)


def vanish(_: Any) -> None:
    """End the process in the middle."""
    os._exit(3)


def hang(_: Any) -> None:
    """Never end."""
    time.sleep(600)


def children() -> int:
    """Return how many processes of ours are alive."""
    return len(multiprocessing.active_children())


@pytest.mark.parametrize("worker", [InlineWorker(), ProcessWorker()], ids=["inline", "process"])
async def test_the_result_comes_back(worker: Any):
    """Both workers give what the function returns."""
    assert 42 == await worker.run(double, 21, 30)


async def test_it_runs_elsewhere():
    """The work does not run in our process, and its own is gone afterwards."""
    assert os.getpid() != await ProcessWorker().run(whose, None, 30)
    assert 0 == children()


async def test_a_failure_tells_where_and_not_what():
    """The error names the place in the other process, without the words that were in it."""
    with pytest.raises(WorkFailed) as failed:
        await ProcessWorker().run(fail, "the words of a member", 30)
    assert "in fail" in str(failed.value)
    assert "ValueError" in str(failed.value)
    assert "the words of a member" not in str(failed.value)


async def test_a_process_that_vanishes_is_told():
    """A worker that is killed from outside is a failure, never a wait."""
    with pytest.raises(WorkFailed, match="without an answer"):
        await ProcessWorker().run(vanish, None, 30)


async def test_too_long_is_ended():
    """At the end of its time the process is gone, and the next job runs."""
    worker = ProcessWorker()
    with pytest.raises(WorkTimeout, match="hang took longer"):
        await worker.run(hang, None, 0.5)
    assert 0 == children()
    assert 2 == await worker.run(double, 1, 30)


async def test_a_caller_who_gives_up_ends_the_work():
    """Cancelling the caller kills the process and lets the next one in."""
    worker = ProcessWorker()
    waiting = asyncio.create_task(worker.run(hang, None, 600))
    while not children():  # noqa: ASYNC110 - another process cannot set an event of ours
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert 0 == children()
    assert 2 == await worker.run(double, 1, 30)
