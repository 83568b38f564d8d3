"""Slash commands on the wire: registered, called, answered."""

from __future__ import annotations

from adapters.discord.running import sync
from storage.kudos import Kudos
from tests.fakes.discord.people import World, private, shown
from tests.fakes.discord.town import APPLICATION


async def test_a_command_is_answered_in_private(world: World) -> None:
    """A command that is private is answered with an ephemeral message, and its row is written."""
    answer = await world.says("ana", "/kudos give @bea for the patient review of my first patch")
    assert private(answer)
    assert "for the patient review of my first patch" == (await world.rows(Kudos))[0].reason
    assert "<@" + world.accounts["bea"] + ">" in shown(answer)


async def test_commands_are_registered_only_when_they_changed(world: World, tmp_path) -> None:
    """The second start with the same commands registers nothing."""
    rest, app = world.running.platform.rest, world.kith.app
    assert await sync(rest, APPLICATION, app, tmp_path)
    assert not await sync(rest, APPLICATION, app, tmp_path)
    assert 2 == len(world.server.calls("PUT /applications/.*/commands"))


async def test_every_spec_is_registered(world: World) -> None:
    """Each command of the catalogue is found in what Discord holds, coordinator commands hidden from members."""
    found = set()
    for root in world.town.commands:
        for path in _paths(root) if root["type"] == 1 else ():
            found.add(path)
    assert set(world.kith.app.catalogue.commands) == found
    hidden = {one["name"]: one["default_member_permissions"] for one in world.town.commands if one["type"] == 1}
    assert "32" == hidden["coord"]
    assert hidden["kudos"] is None


def _paths(root):
    below = [one for one in root.get("options", []) if one["type"] in (1, 2)]
    if not below:
        return [(root["name"],)]
    return [(root["name"], *path) for one in below for path in _paths(one)]


async def test_a_menu_on_a_member_asks_for_what_is_missing(world: World) -> None:
    """[Give kudos] on somebody opens the form with them filled in, and the form gives the kudos."""
    asked = await world.menu("ana", "Give kudos", world.accounts["bea"])
    assert 9 == asked.first["type"]
    answer = await world.submits("ana", asked, {"why": "for taking notes when nobody wanted to"})
    assert "<@" + world.accounts["bea"] + ">" in shown(answer)
    assert ["for taking notes when nobody wanted to"] == [row.reason for row in await world.rows(Kudos)]


async def test_a_stranger_can_be_named_before_their_first_word(world: World) -> None:
    """Somebody who never spoke to the bot is looked up and can be thanked; a bot cannot."""
    answer = await world.says("ana", "/kudos give @chen for bringing cake to every single meeting")
    assert world.accounts["chen"] in shown(answer)
    assert world.server.calls(f"GET /guilds/.*/members/{world.accounts['chen']}")
    await world.says("ana", "/kudos give @4200000000000000001 for being a tireless machine")
    assert 1 == len(await world.rows(Kudos))


async def test_completion_offers_programmes(world: World) -> None:
    """While a programme is typed its short name is offered."""
    from tests.fakes.discord.stories import coffee

    await coffee(world)
    typed = {"type": 3, "name": "programme", "value": "co", "focused": True}
    answer = await world.uses("ana", ("programme", "info"), [typed], kind=4)
    assert {"type": 8, "data": {"choices": [{"name": "coffee", "value": "coffee"}]}} == answer.first


async def test_the_member_reads_their_own_language(world: World) -> None:
    """The answer is in the language that the member's client speaks."""
    world.locale = "es-ES"
    answer = await world.says("ana", "/kudos mine")
    english = await world.says("bea", "/kudos mine")
    assert shown(answer)
    world.locale = "en-US"
    assert shown(answer) != shown(await world.says("chen", "/kudos mine"))
    assert shown(english) == shown(answer)


async def test_a_menu_on_a_message_thanks_its_author(world: World) -> None:
    """[Give kudos for this] fills in who wrote the message; what they wrote is not read."""
    message = {"id": "4200000000000000009", "author": {"id": world.accounts["bea"]}, "content": "private words"}
    asked = await world.menu("ana", "Give kudos for this", message["id"], message=message)
    assert 9 == asked.first["type"]
    assert "private words" not in str(asked.first)
    answer = await world.submits("ana", asked, {"why": "for answering every question of a beginner"})
    assert "<@" + world.accounts["bea"] + ">" in shown(answer)
