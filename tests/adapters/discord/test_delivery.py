"""Delivery: DMs, rooms, edits, roles, and everything that goes wrong on the way. Nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from adapters.discord.failures import failed
from bot.chat.platform import Address, Forbidden, MessageRef, RateLimited, SendFailed, Transient, Unreachable
from bot.chat.text import Mention, words
from bot.chat.views import File, Image, Text, View
from storage.kudos import Kudos
from storage.outbox import Outbox
from storage.pair import Pair
from tests.fakes.discord.people import NAMES, World
from tests.fakes.discord.server import Fault
from tests.fakes.discord.stories import coffee, everybody

HELLO = View("demo.hello", (Text(words("Hello there")),))
POSTS = r"POST /channels/\d+/messages"


def to_dm(world: World, who: str) -> Address:
    """Return the address of somebody's DM."""
    return Address(world.guild, "user", world.accounts[who])


async def test_a_dm_channel_is_opened_once(world: World) -> None:
    """The second message to somebody goes to the channel that is known."""
    await everybody(world)
    await world.delivers(days=4)
    opened = Counter(call.body["recipient_id"] for call in world.server.calls("POST /users/@me/channels"))
    assert {1} == set(opened.values())


async def test_the_same_key_posts_one_message(world: World) -> None:
    """A resend with its nonce gives the message that stands; `find` sees it, and not before it was sent."""
    platform, to = world.running.platform, Address(world.guild, "channel", world.places["general"])
    since = world.clock.now() - timedelta(minutes=1)
    assert await platform.find(to, key="a" * 24, since=since) is None
    first = await platform.send(to, HELLO, key="a" * 24)
    assert first == await platform.send(to, HELLO, key="a" * 24)
    assert first == await platform.find(to, key="a" * 24, since=since)
    assert await platform.find(to, key="b" * 24, since=since) is None
    assert 1 == len(world.said("general"))


async def test_long_messages_are_split_and_found(world: World) -> None:
    """A text of 9,000 characters becomes messages with nonces of their own; the last one carries the key."""
    platform, to = world.running.platform, Address(world.guild, "channel", world.places["general"])
    long = View("demo.long", (Text(words("word " * 1800)),))
    ref = await platform.send(to, long, key="k" * 24)
    assert 3 == len(world.said("general"))
    assert ref == await platform.find(to, key="k" * 24, since=world.clock.now() - timedelta(minutes=1))
    assert 9000 - 1 == len(" ".join(text.strip() for text in world.said("general")))


async def test_pictures_go_up_with_their_alt_text(world: World) -> None:
    """A picture is an attachment with a description, also as the words for who cannot see it."""
    to = Address(world.guild, "channel", world.places["general"])
    view = View("demo.picture", (Image(b"\x89PNG....", "Twelve people around a table"),))
    await world.running.platform.send(to, view, key="p" * 24)
    seen = world.server.calls(POSTS)[-1]
    assert (1, "Twelve people around a table") == (seen.files, seen.body["attachments"][0]["description"])


async def test_files_go_up_under_their_own_names(world: World) -> None:
    """A file is an attachment that the message points at; a second one of that name gets a name of its own."""
    to = Address(world.guild, "channel", world.places["general"])
    file = File("session.ics", b"BEGIN:VCALENDAR", "text/calendar")
    await world.running.platform.send(to, View("demo.file", (Text(words("A date.")), file, file)), key="f" * 24)
    seen = world.server.calls(POSTS)[-1]
    assert ["session.ics", "2-session.ics"] == [one["filename"] for one in seen.body["attachments"]]
    assert 2 == seen.files
    shown = [part["file"]["url"] for part in seen.body["components"][0]["components"] if part["type"] == 13]
    assert ["attachment://session.ics", "attachment://2-session.ics"] == shown


async def test_only_a_mention_span_notifies(world: World) -> None:
    """Words that look like mentions notify nobody; a mention notifies one."""
    to = Address(world.guild, "channel", world.places["general"])
    bea, chen = world.accounts["bea"], world.accounts["chen"]
    text = words(f"@everyone @here <@{chen}> <@&1> ", Mention("m", "Bea", bea))
    world.town.pinged.clear()
    await world.running.platform.send(to, View("demo.mention", (Text(text),)), key="m" * 24)
    assert [(world.places["general"], bea)] == world.town.pinged


async def test_closed_dms_go_down_the_ladder(world: World) -> None:
    """Who takes no DMs is told in the pair's room, or with their next command; nobody is asked twice."""
    world.town.closed |= {world.accounts["ana"]: 50007, world.accounts["bea"]: 50278}
    await everybody(world)
    await world.delivers(days=4)
    tried = [call for call in world.server.calls(POSTS) if call.status == 403]
    assert 2 == len(tried)
    states = Counter(row.state for row in await world.rows(Outbox))
    assert states["dead"] == 0
    answer = await world.says("chen", "/kudos give @ana for keeping the minutes of every meeting")
    assert answer.first
    await world.delivers()
    rooms = [pair.room for pair in await world.rows(Pair)]
    told = [text for room in rooms for text in world.said(room) if world.accounts["ana"] in text]
    assert told


async def test_a_deleted_channel_is_no_dead_end(world: World) -> None:
    """A post to a channel that is gone ends as a dead letter with Discord's code; the kudos stand."""
    await everybody(world)
    gone = world.places["kudos"]
    del world.town.channels[gone]
    await world.says("ana", "/kudos give @bea for the patient review of my first patch")
    await world.delivers()
    dead = [row for row in await world.rows(Outbox) if row.state == "dead"]
    assert [("kudos.posted", "404:10003")] == [(row.message, row.error) for row in dead]
    assert 1 == len(await world.rows(Kudos))


async def test_rooms_fall_back_at_the_thread_limit(world: World) -> None:
    """When the server has as many threads as it may, pairs are introduced by DM, and coordinators are told."""
    world.server.faults.append(Fault(r"POST /channels/\d+/threads", 400, 160006, times=1000))
    await everybody(world)
    await world.delivers(days=3)
    assert all(pair.room is None for pair in await world.rows(Pair))
    introduced = [
        row for row in await world.rows(Outbox) if row.message == "pair.introduced" and row.to_kind == "member"
    ]
    assert 6 == sum(row.state == "sent" for row in introduced)
    assert any("160006" in text for text in world.said("coordinators"))


async def test_a_room_is_opened_once(world: World) -> None:
    """Opening with the same key gives the same room, also when the answer to the first try was lost."""
    platform = world.running.platform
    users = [world.accounts["ana"], world.accounts["bea"]]
    world.server.faults.append(Fault(r"POST /channels/\d+/threads", cut=True, accepted=True))
    with pytest.raises(Transient):
        await platform.open_room(world.guild, users, "Ana and Bea", key="r" * 24)
    room = await platform.open_room(world.guild, users, "Ana and Bea", key="r" * 24)
    assert room == await platform.open_room(world.guild, users, "Ana and Bea", key="r" * 24)
    assert room != await platform.open_room(world.guild, users, "Ana and Bea", key="s" * 24)
    assert 1 == len(world.said(room))


async def test_rooms_stand_under_the_channel_that_was_chosen(world: World) -> None:
    """The community's own choice holds; a channel that is gone, or of another server, is no reason to open none."""
    platform = world.running.platform
    users = [world.accounts["ana"], world.accounts["bea"]]
    for number, (chosen, expected) in enumerate(
        [(world.places["kudos"], world.places["kudos"]), ("1", None), (None, None)]
    ):
        room = await platform.open_room(world.guild, users, "Ana and Bea", key=f"{number}" * 24, under=chosen)
        parent = world.town.channels[room]["parent_id"]
        assert parent == expected if expected else parent != world.places["kudos"]


async def test_a_folded_room_is_opened_by_use(world: World) -> None:
    """A room that was archived and locked is opened again by the next message."""
    platform = world.running.platform
    room = await platform.open_room(world.guild, [world.accounts["ana"], world.accounts["bea"]], "A", key="f" * 24)
    world.town.channels[room]["thread_metadata"] |= {"archived": True, "locked": True}
    await platform.send(Address(world.guild, "room", room), HELLO, key="g" * 24)
    assert "Hello there" == world.said(room)[-1]
    assert not world.town.channels[room]["thread_metadata"]["archived"]


async def test_edit_grant_standing_profile_and_members(world: World) -> None:
    """The rest of the platform: rewriting, roles, and looking people up."""
    platform, guild = world.running.platform, world.guild
    ref = await platform.send(Address(guild, "channel", world.places["general"]), HELLO, key="e" * 24)
    await platform.edit(ref, View("demo.bye", (Text(words("Goodbye")),)), space=guild)
    assert ["Goodbye"] == world.said("general")
    with pytest.raises(Unreachable):
        await platform.edit(MessageRef(ref.channel, "1"), HELLO, space=guild)
    role, ana = world.roles["coordinator"], world.accounts["ana"]
    await platform.grant(guild, ana, role, give=True)
    assert role in (await platform.standing(guild, ana)).roles
    assert not (await platform.standing(guild, ana)).admin
    assert (await platform.standing(guild, world.accounts["vera"])).admin
    await platform.grant(guild, ana, role, give=False)
    assert role not in (await platform.standing(guild, ana)).roles
    with pytest.raises(Unreachable):
        await platform.grant(guild, ana, "12345", give=True)
    assert ("Ana", "ana") == ((await platform.profile(guild, ana)).name, (await platform.profile(guild, ana)).handle)
    assert {*world.accounts.values(), "4200000000000000001"} == {one.user async for one in platform.members(guild)}
    assert {"general", "kudos", "news", "coordinators"} == {one.name for one in await platform.channels(guild)}
    with pytest.raises(Unreachable):
        await platform.channels("1")


FAULTS = {
    "a limit of the route": Fault(POSTS, 429, times=2, retry_after=5),
    "a limit of the bot": Fault(POSTS, 429, times=1, retry_after=5, whole=True),
    "a shared limit": Fault(POSTS, 429, times=2, retry_after=5, shared=True),
    "a broken server": Fault(POSTS, 502, times=4),
    "a server that broke after it posted": Fault(POSTS, 500, times=6, accepted=True),
    "connections cut after accept": Fault(POSTS, cut=True, times=6, accepted=True),
    "connections cut before": Fault(POSTS, cut=True, times=6),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_faults_lose_and_double_nothing(world: World, name: str) -> None:
    """Whatever Discord does in between, each message arrives once, and nothing is sent before it may be."""
    fault = FAULTS[name]
    four = NAMES[:4]
    await coffee(world, join=four)
    await world.delivers()
    before = sum(len(world.said(who)) for who in four)
    world.server.faults.append(Fault(**{field: getattr(fault, field) for field in Fault.__slots__}))
    for who, whom in zip(four, (*four[1:], four[0]), strict=True):
        await world.says(who, f"/kudos give @{whom} for the patient review by {whom} of my first patch")
    await world.delivers()
    assert [] == world.server.faults
    assert 4 == len(world.said("kudos"))
    assert before + 4 == sum(len(world.said(who)) for who in four)
    assert {"sent"} == {row.state for row in await world.rows(Outbox) if row.message.startswith("kudos")}


async def test_a_refused_token_stops_the_platform(world: World) -> None:
    """A 401 stops the pump for Discord at once, and keeps what was to be sent."""
    await everybody(world)
    world.server.faults.append(Fault(POSTS, 401))
    with pytest.raises(Forbidden) as refused:
        await world.running.platform.send(to_dm(world, "ana"), HELLO, key="x" * 24)
    assert refused.value.stop
    await world.says("ana", "/kudos give @bea for the patient review of my first patch")
    world.server.faults.append(Fault(POSTS, 401, times=2))
    await world.delivers()
    assert ["discord"] == list(world.kith.pump.breaker.stopped(world.clock.now())[0])
    waiting = [row.state for row in await world.rows(Outbox) if row.message.startswith("kudos")]
    assert {"retry", "pending"} >= set(waiting)


async def test_a_banned_address_stops_the_platform(world: World) -> None:
    """A 429 that the API did not write closes everything for as long as it says."""
    world.server.faults.append(Fault(POSTS, retry_after=30, banned=True))
    to = Address(world.guild, "channel", world.places["general"])
    with pytest.raises(RateLimited) as told:
        await world.running.platform.send(to, HELLO, key="x" * 24)
    assert (True, 30.0) == (told.value.whole, told.value.retry_after)
    with pytest.raises(RateLimited, match="waiting"):
        await world.running.platform.send(to, HELLO, key="x" * 24)
    assert 1 == len(world.server.calls(POSTS))


async def test_nobody_listens(world: World) -> None:
    """Where nobody listens nothing can have happened, so there is no doubt."""
    world.running.platform.rest.base = "http://127.0.0.1:9/api/v10"
    with pytest.raises(Transient) as told:
        await world.running.platform.send(to_dm(world, "ana"), HELLO, key="x" * 24)
    assert not told.value.doubtful


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (403, 50007, Unreachable), (403, 50278, Unreachable), (404, 10003, Unreachable), (404, 10013, Unreachable),
        (403, 50001, Unreachable), (403, 50013, Forbidden), (401, 0, Forbidden), (400, 40003, RateLimited),
        (403, 20026, RateLimited), (400, 160006, Unreachable), (400, 50035, SendFailed), (500, 0, Transient),
        (429, 0, RateLimited), (404, 0, Unreachable),
    ],
)  # fmt: skip
def test_failures_have_four_kinds(status: int, code: int, kind: type[SendFailed]) -> None:
    """Each refusal that Discord documents is waited for, tried again, gone around, or told."""
    assert kind is type(failed(status, {"code": code, "message": "", "retry_after": 1}, {}))
