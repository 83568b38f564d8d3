"""A certificate on the wire: the picture, its description and the file go up with the answer."""

from __future__ import annotations

from tests.fakes.discord.people import World, labels, private, shown
from tests.fakes.discord.stories import everybody
from tests.fakes.rows import all_met


async def test_a_certificate_reaches_its_member_whole(world: World) -> None:
    """Offered in a DM, signed with one press; the picture says what it shows to who cannot see it."""
    await everybody(world)
    await world.delivers(days=4)
    await world.kith.app.write(all_met)
    assert "Offered to one person" in shown(await world.says("vera", "/coord certificate issue @ana"))
    await world.delivers()
    answer = await world.presses("ana", "Ana")
    assert "Here is your certificate" in shown(answer)
    sent = [call for call in world.server.seen if call.files]
    assert [2] == [call.files for call in sent]
    names = [(one["filename"], one.get("description", "")) for one in sent[0].body["attachments"]]
    assert ["picture-1.png", "certificate.json"] == [name for name, _ in names]
    assert "in the name of Ana" in names[0][1]


async def test_several_people_are_picked_one_by_one(world: World) -> None:
    """Each has an option of their own; together they are thanked at once, and it can be taken back."""
    await everybody(world)
    answer = await world.says("ana", "/kudos give @bea @chen for the workshop")
    assert private(answer)
    assert "Take it back" in labels(answer)
    await world.delivers()
    assert "workshop" in world.said("kudos")[-1]
    await world.presses("ana", "Take it back", answer.said[-1] if answer.said else None)
    await world.delivers()
    assert "workshop" not in world.said("kudos")[-1]
