"""Rights on the wire: what the bot may do here as the gateway told, a copy as files, being forgotten with one press."""

from __future__ import annotations

from storage.member import Identity
from tests.fakes.discord.people import World, private, shown


async def test_privacy_names_intents_and_permissions(world: World) -> None:
    """The answer holds what this connection asked Discord for, and what the server granted."""
    answer = await world.says("ana", "/privacy")
    said = shown(answer).replace("\\", "")
    assert private(answer)
    assert "guilds" in said
    assert "message_content" not in said
    assert "send_messages" in said


async def test_a_copy_comes_with_the_answer(world: World) -> None:
    """The page and the JSON are attached to a message that only the member sees."""
    answer = await world.says("ana", "/me export")
    assert private(answer)
    names = [name for name in ("about-me.html", "about-me.json") if name in str(answer.first) + str(shown(answer))]
    assert ["about-me.html", "about-me.json"] == names


async def test_being_forgotten_takes_one_press_more(world: World) -> None:
    """After the press the message says good-bye, and no account of hers is known."""
    answer = await world.says("ana", "/me forget")
    done = await world.presses("ana", "Forget me for good", answer.said[-1])
    assert "I no longer know you" in shown(done)
    assert world.accounts["ana"] not in [row.external_id for row in await world.rows(Identity)]
