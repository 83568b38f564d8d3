"""Who is behind an account: somebody new, somebody known, or somebody whom a roster brought."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.playground.town import User
from bot.features.programme.files import bring_in
from bot.roster import read
from storage.member import Identity, Member
from storage.programme import Programme
from tests.fakes.world import SPACE, World, key


async def imports(world: World, tmp_path: Path, *rows: str) -> None:
    """Bring people into the coffee programme, as `kith import` does."""
    file = tmp_path / "people.csv"
    header = "handle,name,timezone,availability,languages,wants"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (programme,) = await world.rows(Programme)
    await world.app.work(await world.community_id(), lambda work: bring_in(work, read(file), programme))


async def called(world: World, handle: str) -> list[Member]:
    """Return the members with this handle."""
    return [member for member in await world.rows(Member) if member.handle.lower() == handle]


@pytest.mark.parametrize("handle", ["zoe", "Zoe"])
async def test_an_account_with_the_handle_of_an_imported_member_is_theirs(world: World, tmp_path: Path, handle: str):
    """Their first word finds the row that the roster made, whatever its capitals, and joining keeps what it says."""
    await world.applies()
    await imports(world, tmp_path, "zoe,Zoe Quist,Europe/Madrid,mon 18:00-20:00,English,writing")
    world.town.add_user(SPACE, User("u-17", "z", handle, zone="America/Bogota"))
    await world.says("u-17", "/me home")
    (zoe,) = await called(world, "zoe")
    assert ("Zoe Quist", "Europe/Madrid", None) == (zoe.name, zoe.zone, zoe.opted_in_at)
    assert [zoe.id] == [row.member_id for row in await world.rows(Identity) if row.external_id == "u-17"]
    assert "programme.joined" == key(await world.submits("u-17", await world.says("u-17", "/programme join")))
    assert ["writing"] == (await called(world, "zoe"))[0].wants


async def test_an_address_counts_before_the_handle(world: World, tmp_path: Path):
    """Where the platform tells the address, it finds the row of the roster under another handle; else nobody's."""
    await world.applies()
    file = tmp_path / "people.csv"
    rows = "handle,email,timezone\nzoe,zoe@example.org,UTC\nzquist,other@example.org,UTC\n"
    file.write_text(rows, encoding="utf-8")
    (programme,) = await world.rows(Programme)
    await world.app.work(await world.community_id(), lambda work: bring_in(work, read(file), programme))
    for account, address in (("u-17", "Zoe@example.org"), ("u-18", "nobody@example.org")):
        world.town.add_user(SPACE, User(account, "z", "zquist", email=address))
        await world.says(account, "/me home")
    owners = {row.external_id: row.member_id for row in await world.rows(Identity)}
    assert (await called(world, "zoe"))[0].id == owners["u-17"]
    assert owners["u-18"] in {member.id for member in await called(world, "zquist")}


async def test_a_member_with_an_account_is_not_taken_over(world: World):
    """A second account with the handle of somebody who has one is somebody else."""
    world.town.add_user(SPACE, User("u-18", "Another Ana", "ana"))
    await world.says("u-18", "/me home")
    assert ["Ana", "Another Ana"] == sorted(member.name for member in await called(world, "ana"))


async def test_a_name_alone_binds_nobody(world: World, tmp_path: Path):
    """An account whose handle is an imported member's display name is somebody else."""
    await world.applies()
    await imports(world, tmp_path, "zoe,quist,Europe/Madrid,mon 18:00-20:00,English,")
    world.town.add_user(SPACE, User("u-19", "Q", "quist"))
    await world.says("u-19", "/me home")
    assert 1 == len(await called(world, "quist"))
    assert 1 == len(await called(world, "zoe"))
