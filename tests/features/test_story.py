"""One programme from end to end, as its members live it."""

import storage.checkin
from storage.pair import Pair
from tests.fakes.world import NAMES, World, key


async def test_join_pair_meet_thank_and_speak_up(world: World):
    """Twelve people join, are paired and introduced, say how it goes, thank each other and say what is wrong."""
    await world.applies()
    for name in NAMES:
        assert "programme.joined" == key(await world.joins(name))
    said = await world.until("2026-03-03 09:00")  # Tuesday, 10:00 in Madrid
    introductions = [message for message in said if message.view.key == "pair.introduced"]
    assert 6 == len(introductions)
    assert all(message.channel.startswith("room-") for message in introductions)
    assert 6 == len(await world.rows(Pair))

    said = await world.until("2026-03-05 17:00")  # Thursday, 18:00 in Madrid: asked at 17:00 of their own
    assert ["checkin.ask"] * 12 == [message.view.key for message in said]
    assert "checkin.met" == key(await world.presses("ana", "We met"))
    assert [True] == [pair.met_at is not None for pair in await world.rows(Pair) if pair.met_at]

    assert "kudos.given" == key(await world.says("ana", "/kudos give @bea for the review of my patch"))
    for name in ("ana", "bea", "chen"):
        asked = await world.says(name, "/feedback send")
        assert "feedback.sent" == key(
            await world.submits(name, asked, topic="pair", text="My partner never answers me.", mode="confidential")
        )
    said = await world.until("2026-03-06 16:00")  # 17:00 in Madrid
    assert "feedback.batch" in [message.view.key for message in said]
    assert "feedback.published" == key(await world.says("vera", "/coord feedback list"))


async def test_a_rehearsed_unit_changes_nothing(world: World):
    """Every handler can be run twice: its only effects are in its unit of work."""
    world.app.rehearse = True
    await test_join_pair_meet_thank_and_speak_up(world)
    assert storage.checkin.ANSWERED in {row.status for row in await world.rows(storage.checkin.CheckIn)}
