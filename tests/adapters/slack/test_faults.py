"""What goes wrong between Slack and the bot, and what becomes of the messages: none lost, none twice."""

import random
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import delivery_key
from storage.member import Member
from storage.outbox import HELD, SENT, SKIPPED, Outbox
from tests.fakes.slack.server import Fault
from tests.fakes.slack.world import SlackWorld, Snapshot, opened

KUDOS = "kudos give @bea for the patient review"


async def _row(world: SlackWorld, message: str) -> Outbox:
    (row,) = [row for row in await world.rows(Outbox) if row.message == message]
    return row


def _said(world: SlackWorld, channel: str) -> list[str]:
    """Return the keys of the bot's messages in a conversation that came with kudos."""
    held = world.team.conversations[channel].messages
    return [one["metadata"]["event_payload"]["key"] for one in held if "patient review" in str(one["blocks"])]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("chat.postMessage", status=429, retry_after=7),
        Fault("chat.postMessage", status=500),
        Fault("chat.postMessage", status=503, accepted=True),
        Fault("chat.postMessage"),
        Fault("chat.postMessage", accepted=True),
        Fault("chat.postMessage", code="internal_error"),
        Fault("chat.postMessage", code="service_unavailable"),
    ],
    ids=["429", "500", "503 after it was taken", "cut before", "cut after it was taken", "internal", "unavailable"],
)
async def test_with_probing_nothing_is_lost_or_doubled(joined: Snapshot, tmp_path: Path, fault: Fault) -> None:
    """Whatever the first post met, each message stands once in the end, and no doubt is left."""
    async with opened(tmp_path / "kith.db", snapshot=joined, probe_history=True) as world:
        world.server.faults.append(fault)
        await world.says("ana", KUDOS)
        await world.passes(hours=1)
        for message, channel in (("kudos.received", "DUBEA"), ("kudos.posted", "CKUDOS")):
            row = await _row(world, message)
            assert (SENT, False) == (row.state, row.flagged)
            assert 1 == len(_said(world, channel))


@pytest.mark.parametrize("seed", [1, 2])
async def test_in_bad_weather_every_message_arrives_once(joined: Snapshot, tmp_path: Path, seed: int) -> None:
    """With a third of all calls failing in every way, a round and its check-ins arrive, each message once."""
    chance = random.Random(seed)
    ways: list[dict[str, Any]] = [
        {"status": 429, "retry_after": 3}, {"status": 500}, {"status": 502, "accepted": True}, {},
        {"accepted": True}, {"code": "internal_error"},
    ]  # fmt: skip

    def weather(method: str) -> Fault | None:
        bad = method in ("chat.postMessage", "conversations.history", "conversations.open") and chance.random() < 0.33
        return Fault(method, **chance.choice(ways)) if bad else None

    async with opened(tmp_path / "kith.db", snapshot=joined, probe_history=True) as world:
        world.server.chaos = weather
        await world.passes(days=4)
        rows = [row for row in await world.rows(Outbox) if row.op == "send"]
        keys = [
            one["metadata"]["event_payload"]["key"]
            for conversation in world.team.conversations.values()
            for one in conversation.messages
        ]
        assert sorted(delivery_key(row.key) for row in rows) == sorted(keys)
        assert {SENT} == {row.state for row in rows}


async def test_without_probing_a_post_is_not_doubled_and_its_gap_is_flagged(coffee: SlackWorld) -> None:
    """Where history may not be read, a message that may stand is not sent again, and says so."""
    coffee.server.faults += [Fault("chat.postMessage", accepted=True), Fault("chat.postMessage", accepted=True)]
    await coffee.says("ana", KUDOS)
    await coffee.passes(hours=1)
    posted, told = await _row(coffee, "kudos.posted"), await _row(coffee, "kudos.received")
    assert (SKIPPED, True, 1) == (posted.state, posted.flagged, len(_said(coffee, "CKUDOS")))
    assert (SENT, True) == (told.state, told.flagged)
    assert 2 == len(_said(coffee, "DUBEA"))


async def test_without_probing_no_nudge_comes_twice(joined: Snapshot, tmp_path: Path) -> None:
    """Of check-ins whose answer was lost, each stands once and is flagged."""
    async with opened(tmp_path / "kith.db", snapshot=joined) as world:
        await world.passes(days=1, hours=3)
        world.server.faults += [Fault("chat.postMessage", accepted=True) for _ in range(4)]
        await world.passes(days=3)
        rows = [row for row in await world.rows(Outbox) if row.message == "checkin.ask"]
        assert 4 == sum(row.flagged for row in rows)
        assert all(row.state == (SKIPPED if row.flagged else SENT) for row in rows)
        for person in {row.to_id for row in rows}:
            (member,) = [one for one in await world.rows(Member) if one.id == person]
            asked = world.team.conversations["DU" + member.handle.upper()].messages
            assert 1 == sum("We met" in str(one["blocks"]) for one in asked)


async def test_a_deactivated_member_is_not_written_to_again(coffee: SlackWorld) -> None:
    """A closed account goes down the ladder: the message waits for the next command."""
    coffee.team.people["UBEA"].known["deleted"] = True
    await coffee.says("ana", KUDOS)
    await coffee.passes(hours=1)
    assert HELD == (await _row(coffee, "kudos.received")).state


async def test_an_archived_channel_is_given_up_without_a_storm(coffee: SlackWorld) -> None:
    """A post to an archived channel is tried once."""
    coffee.team.conversations["CKUDOS"].archived = True
    await coffee.says("ana", KUDOS)
    await coffee.passes(hours=1)
    calls = [call for call in coffee.server.calls if call.args.get("channel") == "CKUDOS"]
    assert 1 == len(calls)
    assert "is_archived" == (await _row(coffee, "kudos.posted")).error


async def test_a_revoked_token_makes_the_space_dormant(coffee: SlackWorld) -> None:
    """When Slack says that the app was removed, the space sleeps and what falls due is skipped."""
    from storage.community import Space

    coffee.server.revoked = "token_revoked"
    await coffee.says("ana", KUDOS)
    await coffee.passes(minutes=1)
    (space,) = await coffee.rows(Space)
    assert space.gone_at is not None


async def test_a_used_up_response_url_falls_back_to_an_ephemeral_message(coffee: SlackWorld) -> None:
    """When the fifth use is over, the answer comes as an ephemeral message in the channel."""
    payload = coffee.command("ana", "me home")
    coffee.server.response_uses[payload["response_url"].rsplit("/", 1)[1]] = 5
    await coffee.server.deliver("slash_commands", payload)
    await coffee.slack.settle()
    assert "chat.postEphemeral" == coffee.server.calls[-1].method
    assert "UANA" == coffee.team.shown[-1].to


async def test_where_the_bot_is_not_it_answers_in_a_modal(coffee: SlackWorld) -> None:
    """Without a response_url and outside of its channels, the private answer is a modal."""
    coffee.team.add_channel("elsewhere").has_bot = False
    payload = coffee.command("ana", "me home", channel="CELSEWHERE") | {"response_url": ""}
    await coffee.server.deliver("slash_commands", payload)
    await coffee.slack.settle()
    assert "modal" == coffee.team.shown[-1].kind


async def test_an_answer_that_was_limited_comes_after_the_pause(coffee: SlackWorld) -> None:
    """A 429 on an answer is obeyed, and the answer shown once."""
    coffee.server.faults.append(Fault("response_url", status=429, retry_after=0))
    (answer,) = await coffee.says("ana", "me home")
    assert "ephemeral" == answer.kind


async def test_a_redelivered_command_changes_nothing(coffee: SlackWorld) -> None:
    """The same command delivered three times gives one kudos; the others are told so."""
    from storage.kudos import Kudos

    payload: dict[str, Any] = coffee.command("ana", KUDOS)
    for attempt in range(3):
        await coffee.server.deliver("slash_commands", payload, retry_attempt=attempt)
        await coffee.slack.settle()
    assert 1 == len(await coffee.rows(Kudos))
    await coffee.passes(minutes=5)
    assert 1 == len(_said(coffee, "CKUDOS"))


async def test_a_refreshed_connection_goes_on(coffee: SlackWorld) -> None:
    """After Slack asked to connect anew, commands arrive as before."""
    await coffee.server.refresh()
    (answer,) = await coffee.says("ana", "me home")
    assert "ephemeral" == answer.kind
