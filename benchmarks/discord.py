"""From a slash command to its answer on the wire: the whole bot, the real discord.py, and a fake Discord on loopback.

Run `python -m benchmarks.discord [--fuzz N]`. The time is taken between the gateway's event and the answer's arrival at
the fake. The bot runs in a process of its own, as it does beside the real Discord, and its processor time is told too;
`--together` puts both into one. `--fuzz` sends N hostile interactions instead.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from adapters.discord.platform import Discord
from adapters.discord.running import connect
from bot.chat.platform import Address
from bot.chat.text import Bold, Code, Plain, words
from bot.chat.views import Fields, List, Text, View
from bot.clock import SystemClock, SystemIds
from bot.logs import configure
from bot.worker import InlineWorker
from cli.compose import assemble
from cli.config import DiscordSection
from tests.fakes.discord.people import CHANNELS, World, section, settled
from tests.fakes.discord.server import Server
from tests.fakes.discord.town import TOKEN, Fake, Interaction

ONE_BY_ONE, AT_ONCE = 200, 300
NASTY = (
    "@everyone", "@here", "<@123456789012345678>", "<@&5>", "[free](https://evil.example)", "**", "__", "||", "```",
    "\u202eright to left\u2066",
    "Z\u0351\u0352\u0353\u0354algo", "# a", "-# b", "\x00", "\ud800", "👩🏽‍💻", "x" * 100_000,
    "https://a.example/x_y", "\n\n", "> c", "1. d", "\\", "`", "",
)  # fmt: skip


class Bench:
    """A bot on a fake Discord with `people` members, on the machine's clock."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.server = Server(Fake())

    async def apart(self, job: Any) -> None:
        """Run the job on a bot in another process, and print what that process used."""
        fake = self.server.town
        guild = fake.add_guild(owner="999")
        places = {name: fake.add_channel(guild, name) for name in CHANNELS}
        accounts = {f"m{number}": fake.add_member(guild, fake.id(), f"m{number}") for number in range(self.people)}
        await self.server.start()
        where = [self.server.api_base, self.server.gateway_url]
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.discord", "--bot", *where, stdin=-1, stdout=-1
        )
        assert bot.stdout is not None
        try:
            await bot.stdout.readline()
            await job(World(None, self.server, SystemClock(), guild, None, accounts, places))  # type: ignore[arg-type]
        finally:
            used, _ = await bot.communicate(b"")
            await self.server.stop()
        Console().print(f"the bot's process: {used.decode().strip()}")

    async def run(self, job: Any) -> None:
        """Assemble everything in this process, run the job, and take it down."""
        fake = self.server.town
        guild = fake.add_guild(owner="999")
        places = {name: fake.add_channel(guild, name) for name in CHANNELS}
        accounts = {f"m{number}": fake.add_member(guild, fake.id(), f"m{number}") for number in range(self.people)}
        await self.server.start()
        clock = SystemClock()
        path = Path(tempfile.mkdtemp()) / "kith.db"
        async with assemble(
            path, clock=clock, ids=SystemIds(clock), worker=InlineWorker(), platforms=(), patience=None
        ) as kith:
            running = await connect(section(self.server), kith.app, quiet=0.05)
            try:
                await job(World(kith, self.server, clock, guild, running, accounts, places))  # type: ignore[arg-type]
            finally:
                await running.stop()
                await self.server.stop()


async def bot(api_base: str, gateway_url: str) -> None:
    """Be the bot on a fake elsewhere until standard input ends; tell the processor time and memory used."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        async with assemble(
            Path(folder) / "kith.db", clock=clock, ids=SystemIds(clock), worker=InlineWorker(), platforms=(),
            patience=None,
        ) as kith:  # fmt: skip
            here = DiscordSection(token=SecretStr(TOKEN), api_base=api_base, gateway_url=gateway_url)
            running = await connect(here, kith.app, quiet=0.05)
            begun = time.process_time()
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.read)
            await running.stop()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.process_time() - begun:.1f} s of processor time, {memory:.0f} MiB")


def command(world: World, who: str, name: str, *options: dict[str, Any]) -> dict[str, Any]:
    """Return a call of /kudos."""
    data = {"id": "1", "name": "kudos", "type": 1, "options": [{"type": 1, "name": name, "options": list(options)}]}
    return world.build(who, 2, data, world.places["general"])


def give(world: World, who: str, whom: str, why: str) -> dict[str, Any]:
    """Return a call of /kudos give."""
    member = {"type": 6, "name": "who", "value": world.accounts[whom]}
    return command(world, who, "give", member, {"type": 3, "name": "why", "value": why})


async def timed(world: World, payload: dict[str, Any]) -> float:
    """Send an interaction and return the milliseconds to its answer; infinity when none came in ten seconds."""
    begun = asyncio.get_running_loop().time()
    try:
        answered = await settled(await world.send(payload), 10)
    except TimeoutError:
        return float("inf")
    return (answered.answered_at - begun) * 1000


async def speed(world: World) -> None:
    """Measure reading and writing commands, one at a time and many at once."""
    names = list(world.accounts)
    table = Table("command", "at once", "median ms", "p99 ms", "slowest ms")
    for name in names:
        await timed(world, command(world, name, "mine"))
    numbers = count(1)
    for title, made in (
        ("/kudos mine", [lambda name=name: command(world, name, "mine") for name in names]),
        (
            "/kudos give",
            [
                lambda pair=pair: give(world, *pair, f"for the review of patch {next(numbers)}")
                for pair in pairwise(names)
            ],
        ),
    ):
        alone = [await timed(world, build()) for build in made[:ONE_BY_ONE]]
        row(table, title, 1, alone)
        row(table, title, AT_ONCE, list(await asyncio.gather(*(timed(world, build()) for build in made[-AT_ONCE:]))))
    Console().print(table)
    Console().print(f"refused by the fake: {world.server.refused[:3]}")


def row(table: Table, title: str, at_once: int, waits: list[float]) -> None:
    """Add a line of figures."""
    waits.sort()
    shown = (statistics.median(waits), waits[int(len(waits) * 0.99)], waits[-1])
    table.add_row(title, str(at_once), *(f"{one:.1f}" for one in shown))


async def fuzz(world: World, times: int, seed: int) -> None:
    """Send hostile interactions and texts; count crashes, refusals and whom they notified."""
    chance = random.Random(seed)
    names = list(world.accounts)
    begun = time.perf_counter()
    message = await _message(world.running.platform, world)
    world.town.pinged.clear()
    unanswered = 0
    for start in range(0, times, 100):
        sent = [await world.send(_hostile(world, chance, names, message)) for _ in range(min(100, times - start))]
        results = await asyncio.gather(*(settled(one, 60) for one in sent), return_exceptions=True)
        unanswered += sum(not isinstance(one, Interaction) for one in results)
        await _say(world, chance)
    broken = [one for one in world.town.interactions.values() if "reference" in str(one.said)]
    everybody = [who for _, who in world.town.pinged if who == "everyone"]
    strangers = [who for _, who in world.town.pinged if who not in world.accounts.values()]
    Console().print(
        f"{times} interactions in {time.perf_counter() - begun:.1f} s: {unanswered} unanswered, {len(broken)} broken, "
        f"{len(world.server.refused)} refused {world.server.refused[:3]}, "
        f"{len(everybody) + len(strangers)} mentions of who was not meant"
    )


async def _message(platform: Discord, world: World) -> dict[str, Any]:
    channel = world.places["general"]
    ref = await platform.send(Address(world.guild, "channel", channel), View("x", (Text(words("x")),)), key="x" * 24)
    return world.town.messages[channel][ref.message]


def _nasty(chance: random.Random, most: int = 6000) -> str:
    return "".join(chance.choice(NASTY) for _ in range(chance.randint(0, 8)))[:most]


def _hostile(world: World, chance: random.Random, names: list[str], message: dict[str, Any]) -> dict[str, Any]:
    who, text = chance.choice(names), _nasty(chance)
    match chance.randint(0, 4):
        case 0:
            return give(world, who, chance.choice(names), text)
        case 1:
            options = [{"type": 3, "name": _nasty(chance, 30), "value": text}]
            below = [{"type": 1, "name": chance.choice(["info", "join", "x"]), "options": options}]
            called = {"id": "1", "name": "programme", "type": 1, "options": below}
            return world.build(who, 2, called, world.places["general"])
        case 2:
            custom = chance.choice(["kudos.mine", "checkin.met", "page.kudos.mine", "drafts.open", "pair.why", ""])
            data = {"component_type": 2, "custom_id": f"{custom}:{_nasty(chance, 50)}", "id": 1}
            return world.build(who, 3, data, world.places["general"], message)
        case 3:
            custom = chance.choice(["feedback.send", "cmd.kudos.give", "programme.join:x", "community.setup", "x"])
            kind = chance.choice([3, 4, 5, 6, 21, 22, 99])
            part = {"type": kind, "id": 2, "value": text, "values": [text]}
            filled = [
                {"type": 18, "id": 1, "component": part | {"custom_id": name}}
                for name in ("topic", "text", "who", "why")
            ]
            return world.build(who, 5, {"custom_id": custom, "components": filled}, world.places["general"])
        case _:
            return command(world, who, "mine")


async def _say(world: World, chance: random.Random) -> None:
    """Post what members typed."""
    texts = [_nasty(chance, 100_000) for _ in range(4)]
    view = View(
        "fuzz",
        (
            Text(words(texts[0], Bold(texts[1]), Code(texts[2]))),
            List(tuple(words(text) for text in texts)),
            Fields(tuple((text, words(Plain(text))) for text in texts)),
        ),
    )
    to = Address(world.guild, "channel", world.places["kudos"])
    await world.running.platform.send(to, view, key=f"{chance.getrandbits(100):025d}"[:24])


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", action="store_true", help="bot and fake in one process")
    parser.add_argument("--bot", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    configure("ERROR")
    if args.bot:
        asyncio.run(bot(*args.bot))
    elif args.fuzz:
        asyncio.run(Bench(40).run(lambda world: fuzz(world, args.fuzz, args.seed)))
    else:
        bench = Bench(AT_ONCE)
        asyncio.run(bench.run(speed) if args.together else bench.apart(speed))


if __name__ == "__main__":
    main()
