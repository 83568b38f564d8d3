"""Pairs across spaces exchange one contact when all want to; nothing is shown before, and nothing is relayed."""

import re

import pytest

from adapters.playground.town import User
from bot import rights
from storage.contact import Contact
from storage.outbox import Outbox
from tests.fakes.world import COFFEE, World, key, text
from tests.features.town import few, keys_of, member, pairs, to

ACROSS = COFFEE | {"matching": {"across_spaces": True}, "checkins": [], "texts": {}}
ANAS, OLGAS = "ana@example.org", "olga on the forum"


@pytest.fixture
async def apart(world: World) -> World:
    """Ana is in the workshop, Olga in the office; both spaces are one community, and the two are a pair."""
    world.town.add_space("office", "The office")
    world.town.add_channel("office", "general")
    world.town.add_user("office", User("olga", "Olga", "olga", zone="Europe/Madrid", admin=True))
    code = re.findall(r"\b[0-9a-z]{4}(?:-[0-9a-z]{4}){2}\b", text(await world.says("vera", "/coord space link")))[0]
    await world.says("olga", f"/coord space link {code}")
    await world.applies(ACROSS)
    for name in ("ana", "olga"):
        await world.joins(name)
    await world.delivers()
    await world.until("2026-03-03 09:30")
    return world


async def shares(world: World, who: str, contact: str) -> str:
    """Share a contact by the button; return what the answer says."""
    asked = await world.presses_id(who, f"contact.share:{next(iter(await pairs(world)))}")
    return text(await world.submits(who, asked, contact=contact))


async def test_each_is_introduced_in_their_own_space_and_asked(apart: World):
    """There is no room: both get the introduction and the offer by direct message, without a word about a room."""
    assert [frozenset({"ana", "olga"})] == list((await pairs(apart)).values())
    for name in ("ana", "olga"):
        assert {"pair.introduced", "contact.offered"} == set(apart.keys(name, apart.dm(name))[-2:])
        assert "room" not in next(one for one in apart.sees(name, apart.dm(name)) if "Hello, you two" in one)


async def test_nothing_is_shown_before_both_have_shared(apart: World):
    """Olga hears that Ana would like to, not the contact; when she shares too, each gets the other's."""
    assert "They see it when they share one too." in await shares(apart, "ana", ANAS)
    assert ["contact.ready"] == keys_of(await apart.delivers())
    for shown in (*apart.sees("olga"), text(await apart.says("olga", "/match contact"))):
        assert ANAS not in shown
    assert ANAS in await shares(apart, "olga", OLGAS)
    said = await apart.delivers()
    assert ["contact.exchanged"] == to(said, apart.dm("ana")) == to(said, apart.dm("olga"))
    assert OLGAS in apart.sees("ana", apart.dm("ana"))[-1]
    assert OLGAS in text(await apart.says("ana", "/match contact"))
    assert {"{}"} == {str(row.params) for row in await apart.rows(Outbox) if row.message == "contact.exchanged"}


async def test_a_contact_can_be_taken_back(apart: World):
    """Before the exchange nobody has seen it; after, the answer says that the other has."""
    pair = next(iter(await pairs(apart)))
    await shares(apart, "ana", ANAS)
    assert "Nobody has seen it." in text(await apart.presses_id("ana", f"contact.take_back:{pair}"))
    assert [] == await apart.rows(Contact)
    await shares(apart, "olga", OLGAS)
    await shares(apart, "ana", ANAS)
    assert "has seen it already" in text(await apart.presses_id("olga", f"contact.take_back:{pair}"))
    assert OLGAS not in text(await apart.says("ana", "/match contact"))


async def test_contacts_end_with_the_pair(apart: World):
    """When the pair ends, and when somebody is forgotten, the contacts are erased."""
    await shares(apart, "ana", ANAS)
    olga = await member(apart, "olga")
    await shares(apart, "olga", OLGAS)
    await apart.app.work(olga.community_id, lambda work: rights.forget(work, olga.id))
    assert [] == await apart.rows(Contact)
    assert "contact.none" == key(await apart.says("ana", "/match contact"))


async def test_a_stranger_and_a_pair_in_one_space_share_nothing(apart: World):
    """A stranger's press is refused, and so is one's own where both can write to each other."""
    pair = next(iter(await pairs(apart)))
    for action in ("share", "take_back"):
        assert "core.not_your_pair" == key(await apart.presses_id("bea", f"contact.{action}:{pair}"))


async def test_who_shares_a_space_needs_no_contact(world: World):
    """Within one space nothing is offered, and the button says why."""
    await few(world, "ana", "bea")
    said = await world.until("2026-03-03 09:30")
    assert ["pair.introduced"] == keys_of(said)
    assert "contact.here" == key(await world.presses_id("ana", f"contact.share:{next(iter(await pairs(world)))}"))
    assert "contact.none" == key(await world.says("ana", "/match contact"))
