"""How well the pump uses what it may send: direct messages through a fake Discord that allows 50 requests a second.

Run `python -m benchmarks.discord_delivery [--messages N]`. The allowance is what `scheduler.pacing` gives Discord,
below Discord's own 50. Every member's DM channel is known, as after a first message. A 429 is a fault of ours.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from datetime import UTC, datetime

from rich.console import Console

import storage.community
from benchmarks.discord import Bench
from bot.context import Work
from bot.logs import configure
from scheduler.pacing import PACES
from storage.community import Community
from storage.member import Identity, Member
from tests.fakes.discord.people import World

DISCORD_ALLOWS = 50
SETTLE = 0.01


async def deliver(world: World, messages: int) -> None:
    """Write the messages, pump until all are sent, and print the share of the allowance that was used."""
    await world.uses("m0", ("me", "home"), [])
    (community,) = await world.rows(Community)
    await world.kith.app.work(community.id, lambda work: _write(work, world, messages))
    world.server.a_second = DISCORD_ALLOWS
    pump, begun = world.kith.pump, time.perf_counter()
    while _arrived(world) < messages and time.perf_counter() - begun < messages:
        if not await pump.once():
            await asyncio.sleep(SETTLE)
    seconds = time.perf_counter() - begun
    sent = _arrived(world)
    allowance = PACES["discord"].whole[0].most
    rate = sent / seconds
    Console().print(
        f"{sent} DMs in {seconds:.1f} s: {rate:.1f} a second of {allowance} that the configuration allows "
        f"({rate / allowance:.0%}), {world.server.limited} refused by a limit of {DISCORD_ALLOWS}"
    )


def _arrived(world: World) -> int:
    return sum(len(world.town.messages[channel]) for channel in world.town.dms.values())


async def _write(work: Work, world: World, messages: int) -> None:
    """Make a member with a known DM for each account, and a note to each."""
    (space,) = await storage.community.spaces(work.db, work.community.id)
    for number in range(messages):
        name = f"d{number}"
        account = world.town.add_member(world.guild, world.town.id(), name)
        member = Member(
            id=work.ids.new(), community_id=work.community.id, handle=name, name=name, created_at=work.now,
            opted_in_at=datetime.now(UTC),
        )  # fmt: skip
        work.db.add(member)
        await work.db.flush()
        work.db.add(
            Identity(
                id=work.ids.new(), community_id=work.community.id, space_id=space.id, member_id=member.id,
                external_id=account, dm_channel=world.town.dm_of(account),
            )
        )  # fmt: skip
        await work.db.flush()
        told = {"giver": member.id, "receiver": member.id, "reason": "for the patient review of my first patch"}
        await work.outbox.note(member, "kudos.received", key=f"bench:{number}", **told)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    args = parser.parse_args()
    configure("ERROR")
    asyncio.run(Bench(1).run(lambda world: deliver(world, args.messages)))


if __name__ == "__main__":
    main()
