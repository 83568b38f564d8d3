"""The gateway: dropped and resumed sessions, people and places that go, and a clean stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.discord.running import CannotConnect, connect
from storage.community import Space
from storage.kudos import Kudos
from storage.member import Member
from storage.pair import Pair
from tests.fakes.discord.people import World, connected, section, settled, shown, town
from tests.fakes.discord.stories import everybody


async def until(true, seconds: float = 10) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(seconds):
        while not (await true()):  # noqa: ASYNC110 - what is waited for is in a database
            await asyncio.sleep(0.01)


async def quiet(world: World) -> None:
    """Wait until nothing is being dealt with."""
    await asyncio.sleep(0.05)
    await world.running.intake.drain(10)


async def test_a_dropped_session_is_resumed(world: World) -> None:
    """What happened while the connection was down is told when it resumes, and answered then."""
    gateway = world.server.gateway
    await gateway.drop()
    answer = await settled(
        await world.send(
            world.build("ana", 2, {"id": "1", "name": "kudos", "type": 1, "options": [{"type": 1, "name": "mine"}]},
                        world.places["general"])
        )
    )  # fmt: skip
    assert shown(answer)
    assert (1, 1) == (gateway.identified, gateway.resumed)


async def test_after_a_lost_session_the_bot_looks_around(world: World) -> None:
    """A session that is refused starts anew; members who left and rooms that vanished meanwhile are found."""
    await everybody(world)
    await world.delivers(days=2)
    pair = next(pair for pair in await world.rows(Pair) if pair.room)
    del world.town.channels[pair.room]
    del world.town.guilds[world.guild]["members"][world.accounts["fay"]]
    await world.server.gateway.drop(forget=True)

    async def found() -> bool:
        left = [member.handle for member in await world.rows(Member) if member.left_at]
        rooms = [one.room for one in await world.rows(Pair)]
        return left == ["fay"] and pair.room not in rooms

    await until(found)
    assert 2 == world.server.gateway.identified


async def test_without_the_members_list_people_are_looked_up_one_by_one(world: World) -> None:
    """Finding who left needs no privileged intent."""
    await everybody(world)
    world.town.members_intent = False
    del world.town.guilds[world.guild]["members"][world.accounts["eli"]]
    await world.running.intake.present(int(world.guild))
    assert ["eli"] == [member.handle for member in await world.rows(Member) if member.left_at]


async def test_joins_and_leaves_are_told_with_the_intent(tmp_path: Path) -> None:
    """With the members intent, who leaves is marked at once and who comes back is there again."""
    async with connected(tmp_path / "kith.db", members=True) as world:
        await world.says("ana", "/me home")
        member = world.town.member(world.guild, world.accounts["ana"])
        await world.server.gateway.dispatch(
            "GUILD_MEMBER_REMOVE", {"guild_id": world.guild, "user": member["user"]}, world.guild
        )
        await quiet(world)
        assert next(row for row in await world.rows(Member) if row.handle == "ana").left_at
        await world.server.gateway.dispatch("GUILD_MEMBER_ADD", member | {"guild_id": world.guild}, world.guild)
        await quiet(world)
        assert next(row for row in await world.rows(Member) if row.handle == "ana").left_at is None
    assert [] == world.server.refused


async def test_a_removed_bot_makes_its_space_dormant(world: World) -> None:
    """Removed from a server, the bot lets it rest; an outage is no removal; added again, it goes on."""

    async def dormant() -> bool:
        return (await world.rows(Space))[0].gone_at is not None

    gone = {"id": world.guild}
    await world.server.gateway.dispatch("GUILD_DELETE", gone | {"unavailable": True}, world.guild)
    await quiet(world)
    assert not await dormant()
    await world.server.gateway.dispatch("GUILD_CREATE", world.server.gateway.guild(world.guild), world.guild)
    await world.server.gateway.dispatch("GUILD_DELETE", gone, world.guild)
    await until(dormant)
    await world.server.gateway.dispatch("GUILD_CREATE", world.server.gateway.guild(world.guild), world.guild)

    async def awake() -> bool:
        return not await dormant()

    await until(awake)


async def test_a_removal_that_nobody_told_is_found_at_the_start(world: World) -> None:
    """A server that the bot was removed from while it was down goes to sleep at the next start."""
    await world.running.stop()
    world.town.guilds[world.guild]["gone"] = True
    world.town.add_guild("Another one")
    world.running = await connect(section(world.server), world.kith.app, quiet=0.05)

    async def found() -> bool:
        rows = {row.external_id: row.gone_at for row in await world.rows(Space)}
        return len(rows) == 2 and rows[world.guild] is not None

    await until(found)


async def test_removed_roles_and_channels_leave_the_settings(world: World) -> None:
    """A role that coordinators held and is removed locks nobody out: administrators coordinate again."""
    role = world.roles["coordinator"]
    await world.server.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": world.guild, "role_id": role}, world.guild)
    channel = world.town.channels[world.places["kudos"]]
    await world.server.gateway.dispatch("CHANNEL_DELETE", channel, world.guild)
    await quiet(world)
    world.town.guilds[world.guild]["members"][world.accounts["vera"]]["roles"].remove(role)
    assert "coordinators" not in shown(await world.says("vera", "/coord status"))
    await world.says("ana", "/kudos give @bea for the patient review of my first patch")
    await world.delivers()
    assert [] == world.said("kudos")


async def test_compressed_frames_are_read(tmp_path: Path) -> None:
    """The bot understands a gateway that compresses."""
    async with connected(tmp_path / "kith.db", zlib=True) as world:
        assert shown(await world.says("ana", "/kudos mine"))


async def test_shards_are_the_librarys(tmp_path: Path) -> None:
    """Where the API asks for two shards, two sessions are opened, and both serve."""
    async with connected(tmp_path / "kith.db", set_up=False) as world:
        await world.running.stop()
        world.server.gateway.sessions.clear()
        world.server.gateway.shards = 2
        world.running = await connect(section(world.server), world.kith.app, quiet=0.05)

        async def both() -> bool:
            return {(0, 2), (1, 2)} == {one.shard for one in world.server.gateway.sessions.values()}

        await until(both, 15)
        assert shown(await world.says("ana", "/me home"))


async def test_the_gateway_is_asked_for_where_none_is_configured(tmp_path: Path) -> None:
    """Without `gateway_url` the API tells where the gateway is."""
    async with connected(tmp_path / "kith.db", set_up=False) as world:
        await world.running.stop()
        world.running = await connect(section(world.server, gateway=False), world.kith.app, quiet=0.05)
        assert shown(await world.says("ana", "/me home"))


async def test_what_only_a_person_can_cure_is_said(tmp_path: Path) -> None:
    """A wrong token and an intent that is not on end the start with a sentence that says where to look."""
    async with connected(tmp_path / "kith.db", set_up=False) as world:
        wrong = section(world.server).model_copy(update={"token": SecretStr("nonsense")})
        with pytest.raises(CannotConnect, match="developer portal"):
            await connect(wrong, world.kith.app)
        world.town.members_intent = False
        with pytest.raises(CannotConnect, match="Server Members Intent"):
            await connect(section(world.server, members=True), world.kith.app)


async def test_two_bots_in_one_process_share_the_address_alone(tmp_path: Path) -> None:
    """Two bots answer their own members; nothing of one is seen by the other."""
    from bot.clock import MovedClock, SeededIds
    from bot.worker import InlineWorker
    from cli.compose import assemble

    async with connected(tmp_path / "one.db") as world:
        clock = MovedClock(world.clock.now())
        async with assemble(
            tmp_path / "two.db", clock=clock, ids=SeededIds(9), worker=InlineWorker(), platforms=(), patience=None
        ) as other:
            running = await connect(section(world.server), other.app, quiet=0.05)
            assert running.platform.rest is not world.running.platform.rest
            assert running.client.http is not world.running.client.http
            await running.stop()
        assert shown(await world.says("ana", "/kudos give @bea for the patient review of my patch"))
        assert 1 == len(await world.rows(Kudos))
    async with town() as (server, *_):
        assert server.api_base


async def test_a_stop_answers_what_was_asked(world: World) -> None:
    """A stop within five seconds loses no answer: what is being dealt with is shown before the bot goes."""
    sent = [
        await world.send(
            world.build(who, 2, {"id": "1", "name": "kudos", "type": 1, "options": [
                {"type": 1, "name": "give", "options": [{"type": 6, "name": "who", "value": world.accounts["bea"]},
                {"type": 3, "name": "why", "value": "for the patient review of my first patch"}]}]},
                world.places["general"])
        ) for who in ("ana", "chen", "dia", "eli", "fay")
    ]  # fmt: skip
    await asyncio.sleep(0.02)
    began = world.running.intake._running.copy()
    async with asyncio.timeout(5):
        await world.running.stop()
    answered = [one for one in sent if one.first is not None]
    assert len(answered) == len(await world.rows(Kudos))
    assert all(task.done() for task in began)


async def test_an_import_has_no_effect() -> None:
    """Importing the adapter changes no address of the library."""
    import subprocess
    import sys

    code = (
        "from discord.http import Route; before = Route.BASE; import adapters.discord.running; "
        "assert Route.BASE == before == 'https://discord.com/api/v10'"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-W", "ignore", "-c", code], check=False, capture_output=True
    )
    assert (0, b"") == (done.returncode, done.stderr)
