"""What the Slack adapter holds: bursts of commands, unsigned requests, mutated payloads, against the fake Slack.

Run `python -m benchmarks.slack [burst|unsigned|fuzz]` from the root of the repository. Prints seconds.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from structlog.testing import capture_logs

from bot.logs import configure
from storage.inbox import Inbox
from tests.adapters.slack.test_incoming import broadcasts, fuzz
from tests.adapters.slack.test_web import SECRET, malformed
from tests.fakes.slack.world import SlackWorld, connect, opened, section


async def burst(world: SlackWorld, number: int) -> None:
    """Send so many commands at once; each must be acknowledged within three seconds and have its effect."""
    payloads = [world.command("ana", "programme leave") for _ in range(number)]
    late: list[float] = []
    before = len(await world.rows(Inbox))
    start = time.perf_counter()

    async def one(wait: asyncio.Task[object]) -> None:
        began = time.perf_counter()
        await wait
        late.append(time.perf_counter() - began)

    waits = [asyncio.create_task(one(await world.server.send("slash_commands", payload))) for payload in payloads]
    await asyncio.gather(*waits)
    acknowledged = time.perf_counter() - start
    await world.slack.settle()
    answered = time.perf_counter() - start
    stored = len(await world.rows(Inbox)) - before
    late.sort()
    print(
        f"{number} commands: all acknowledged after {acknowledged:.2f}, slowest {late[-1]:.3f},"
        f" 99 % {late[int(0.99 * number)]:.3f}; all answered after {answered:.1f}, {stored} stored"
    )


async def unsigned(world: SlackWorld, number: int) -> None:
    """Send so many requests that Slack did not sign to HTTP mode."""
    served = await connect(
        {"acme": section(world.server, mode="http", signing_secret=SECRET, port=0)}, world.kith.app
    )  # fmt: skip
    host, port = served.addresses[0]
    start = time.perf_counter()
    with capture_logs() as logs:
        found = await malformed(f"http://{host}:{port}/slack/acme", number, 1)
    print(f"{number} unsigned requests: {found}, {len(logs)} lines logged, {time.perf_counter() - start:.1f}")
    await served.stop()


async def main(which: str) -> None:
    """Run the chosen measurement, or all."""
    configure("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder) / "kith.db") as world:
            await world.applies()
            await world.joins("ana")
            if which in ("", "burst"):
                await burst(world, 300)
                await burst(world, 10_000)
            if which in ("", "unsigned"):
                await unsigned(world, 20_000)
            if which in ("", "fuzz"):
                start = time.perf_counter()
                with capture_logs() as logs:
                    await fuzz(world, 10_000, 2)
                kinds = sorted({line["event"] for line in logs})
                took, loud = time.perf_counter() - start, len(broadcasts(world))
                print(f"10000 mutated payloads: no crash, {loud} broadcast mentions, logged {kinds}, {took:.1f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
