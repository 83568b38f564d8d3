"""Heavy work away from the event loop: a process of its own for each job, which can be killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Protocol

from bot.logs import frames


class WorkTimeout(Exception):
    """The work took longer than its spec allows; its process is gone."""


class WorkFailed(Exception):
    """The work raised; the text is where, in its process."""

    loggable = True


class Worker(Protocol):
    """Runs a pure, module-level function on plain values."""

    async def run(self, work: Callable[[Any], Any], values: Any, timeout_s: float) -> Any:
        """Return `work(values)`. Cancelling the caller, or passing `timeout_s`, ends the work."""
        ...


class InlineWorker:
    """Runs the work at once, in this process: for `kith simulate` and tests, where order must repeat."""

    async def run(self, work: Callable[[Any], Any], values: Any, timeout_s: float) -> Any:  # noqa: ARG002
        """Return `work(values)`."""
        return work(values)


class ProcessWorker:
    """Runs each job in a new process, one job at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Any], Any], values: Any, timeout_s: float) -> Any:
        """Return `work(values)`. Raises `WorkTimeout` or `WorkFailed`."""
        async with self._turn:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_job, args=(theirs, work, values), daemon=True)
            await asyncio.to_thread(process.start)
            theirs.close()
            try:
                async with asyncio.timeout(timeout_s):
                    return await self._answer(ours)
            except TimeoutError:
                raise WorkTimeout(f"{work.__qualname__} took longer than {timeout_s:g} s") from None
            finally:
                process.kill()
                await asyncio.to_thread(process.join)
                process.close()
                ours.close()

    async def _answer(self, pipe: Connection) -> Any:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(pipe.fileno(), ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(pipe.fileno())
        try:
            good, answer = await asyncio.to_thread(pipe.recv)
        except EOFError:
            raise WorkFailed("the working process ended without an answer") from None
        if not good:
            raise WorkFailed(answer)
        return answer


def _job(pipe: Connection, work: Callable[[Any], Any], values: Any) -> None:
    try:
        answer = (True, work(values))
    except Exception:
        answer = (False, frames(sys.exc_info()))
    pipe.send(answer)
    pipe.close()
