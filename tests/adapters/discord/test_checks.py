"""`kith invite discord` and the lines of `kith doctor`."""

from __future__ import annotations

from pydantic import SecretStr

from adapters.discord.checks import allowed, invitation
from cli.discord import doctor, invite
from tests.fakes.discord.people import World, section

OVERWRITE = {"type": 0, "deny": "0", "allow": "0"}


async def test_a_healthy_bot_has_nothing_to_cure(world: World) -> None:
    """Token, intents, commands and channels of a bot that is set up are all well."""
    found = await doctor(section(world.server, members=True), world.kith.database)
    assert [] == [one for one in found if not one.good]
    assert 3 == sum("can be used" in one.what for one in found)


async def test_each_fault_has_its_cure(world: World) -> None:
    """A missing intent, foreign commands, a hidden channel and a removed one are each told with a cure."""
    world.town.members_intent = False
    world.town.commands = world.town.commands[1:]
    everyone = {"id": world.guild, "type": 0, "deny": str(1 << 11), "allow": "0"}
    world.town.channels[world.places["kudos"]]["permission_overwrites"] = [everyone]
    del world.town.channels[world.places["news"]]
    found = await doctor(section(world.server, members=True), world.kith.database)
    bad = [one for one in found if not one.good]
    assert 4 == len(bad)
    assert all(one.cure for one in bad)
    assert any("Send Messages" in one.cure for one in bad)


async def test_a_wrong_token_is_one_line(world: World) -> None:
    """Nothing else can be said of a bot whose token is refused."""
    wrong = section(world.server).model_copy(update={"token": SecretStr("nonsense")})
    (line,) = await doctor(wrong, world.kith.database)
    assert ("Discord: the token is refused.", False) == (line.what, line.good)


async def test_the_invitation_asks_for_little(world: World) -> None:
    """The link asks for what is needed, never for administration, and says why for each permission."""
    lines = await invite(section(world.server))
    bits = int(lines[0].rsplit("=", 1)[1])
    assert not bits & (1 << 3 | 1 << 28)
    assert 6 == sum(line.startswith("  ") and "Without it" in line for line in lines)
    assert int(invitation("1", ["roles"]).rsplit("=", 1)[1]) & 1 << 28


def test_overwrites_are_counted_as_discord_does() -> None:
    """Everybody's overwrite, then those of all roles, then the member's own; deny before allow in each."""
    guild = {"id": "g", "owner_id": "o", "roles": [{"id": "g", "permissions": "3072"}, {"id": "r", "permissions": "0"}]}
    member = {"user": {"id": "m"}, "roles": ["r"]}

    def told(**overwrites: tuple[int, int]) -> int:
        listed = [{"id": name, "deny": str(deny), "allow": str(allow)} for name, (deny, allow) in overwrites.items()]
        return allowed(guild, member, {"permission_overwrites": listed})

    assert 3072 == told()
    assert 1024 == told(g=(2048, 0))
    assert 3072 == told(g=(2048, 0), r=(0, 2048))
    assert 1024 == told(g=(2048, 0), r=(0, 2048), m=(2048, 0))
    assert -1 == allowed(guild, {"user": {"id": "o"}, "roles": []}, {})
