"""An application on the wire: pages of a modal, the agreement, a coordinator's queue, and in."""

from __future__ import annotations

import storage.community
from bot.features.programme.files import apply
from bot.programme.file import parse
from storage.application import Application
from storage.programme import Role
from tests.fakes.discord.people import World, labels, private, shown
from tests.features.test_application import FILE, MENTOR


async def test_from_the_form_to_ready_to_be_matched(world: World) -> None:
    """Three modals with [Continue] between them, [I agree], one word to the coordinators, [Approve], a message."""
    async with world.kith.database.read() as db:
        (community,) = await storage.community.every(db)
    await world.kith.app.work(community.id, lambda work: apply(work, parse(FILE)))
    agreement = await world.fills("ana", await world.says("ana", "/programme join"), MENTOR)
    assert private(agreement)
    assert "I keep what I hear to myself." in shown(agreement)
    waiting = await world.presses("ana", "I agree", agreement.said[-1])
    assert "with the coordinators" in shown(waiting)
    await world.delivers()
    (row,) = await world.rows(Application)
    listed = await world.says("vera", "/coord application list")
    assert private(listed)
    opened = await world.presses("vera", "Open an application", listed.said[-1], choice=row.id)
    assert "I had a good mentor." in shown(opened)
    assert {"Approve", "Waiting list", "Decline", "Ask more", "Invite to talk", "Score", "Next"} == set(labels(opened))
    asked = await world.presses("vera", "Ask more", opened.said[-1])
    await world.submits("vera", asked, {"question": "How many **hours**? @everyone"})
    await world.delivers()
    reply = await world.submits("ana", await world.presses("ana", "Answer"), {"answer": "Two."})
    assert "with the coordinators" in shown(reply)
    again = await world.says("vera", "/coord application open @ana")
    assert "Two." in shown(again)
    assert "is in" in shown(await world.presses("vera", "Approve", again.said[-1]))
    await world.delivers(hours=12)
    assert any("Good news" in text for text in world.said("ana"))
    assert [("mentor", "active")] == [(role.kind, role.status) for role in await world.rows(Role)]
