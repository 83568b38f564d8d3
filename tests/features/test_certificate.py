"""Coordinators offer certificates for confirmed hours; members choose the name on theirs, and anybody can verify it."""

import io
import json

import pytest
from PIL import Image as Picture

from bot import credentials, rights
from bot.chat.reply import Ask
from bot.chat.views import File, Image
from bot.credentials import BAKED, NotGenuine
from bot.features.certificate import rules
from storage.certificate import ISSUED, OFFERED, REVOKED, Certificate
from tests.fakes.world import World, key, text, view
from tests.features.town import change, comes, keys_of, member, to

LOG = {"day": "2026-03-04", "minutes": "90", "topics": "the first patch", "next_step": "Read the guide",
       "shared": "", "private": "", "help": "no", "for_coordinators": ""}  # fmt: skip


@pytest.fixture
async def met(world: World) -> World:
    """Ana and Bea are paired and have met for an hour and a half, which both confirmed."""
    await world.applies()
    await world.joins("ana", availability="mon 18:00-20:00")
    await world.joins("bea", availability="mon 18:00-20:00")
    comes(world, "dan")
    await world.joins("dan", availability="mon 08:00-09:00")
    await world.until("2026-03-04 15:00")
    await world.submits("ana", await world.says("ana", "/session log"), LOG)
    await world.delivers()
    await world.presses("bea", "That is right")
    await world.delivers()
    return world


async def offered(world: World) -> Certificate:
    """Let Vera offer Ana a certificate."""
    assert "certificate.offered" == key(await world.says("vera", "/coord certificate issue @ana"))
    await world.delivers()
    return (await world.rows(Certificate))[-1]


def parts(reply: object) -> tuple[Image, File]:
    """Return the picture and the file that a reply hands over."""
    blocks = view(reply).blocks  # type: ignore[arg-type]
    picture = next(block for block in blocks if isinstance(block, Image))
    return picture, next(block for block in blocks if isinstance(block, File))


async def test_a_certificate_is_offered_named_and_signed(met: World):
    """Ana chooses the name; the file verifies by itself and lies in the picture, too."""
    row = await offered(met)
    assert (OFFERED, 90, 1) == (row.status, row.minutes, row.sessions)
    assert "1.5 hours in one confirmed session" in met.sees("ana", met.dm("ana"))[-1]
    asked = await met.presses("ana", "Another name")
    assert isinstance(asked, Ask)
    assert "certificate.chosen" == key(await met.submits("ana", asked, name="  Ana María\u00a0López "))
    reply = await met.presses("ana", "Yes, sign it")
    picture, file = parts(reply)
    assert "Ana María López" in picture.alt
    document = json.loads(file.data)
    assert credentials.public_of(met.database.keys.signing()) == credentials.verified(document)
    award = credentials.award_of(document)
    assert ("Ana María López", 90, 1, "Coffee") == (award.name, award.minutes, award.sessions, award.programme)
    with Picture.open(io.BytesIO(picture.data)) as drawn:
        assert document == json.loads(drawn.text[BAKED])
        assert (1600, 1132) == drawn.size
    (row,) = await met.rows(Certificate)
    assert (ISSUED, award.id) == (row.status, row.number)


async def test_it_can_be_had_again_and_is_the_same(met: World):
    """A second tap and `/certificate mine` give the same file; its name cannot be changed any more."""
    row = await offered(met)
    first = parts(await met.presses("ana", "Ana"))
    assert "issued" in text(await met.says("ana", "/certificate mine"))
    assert first == parts(await met.presses("ana", "Get it again: Coffee"))
    asked = await met.presses_id("ana", f"certificate.name:{row.id}")
    assert "certificate.signed" == key(await met.submits("ana", asked, name="Somebody Else"))


async def test_nobody_takes_a_certificate_of_somebody_else(met: World):
    """Bea can neither name nor get what was offered to Ana, and revokes nothing."""
    row = await offered(met)
    for button in ("get", "name"):
        assert "core.not_yours" == key(await met.presses_id("bea", f"certificate.{button}:{row.id}"))
    assert "core.not_allowed" == key(await met.presses_id("bea", f"certificate.revoke:{row.id}"))
    assert "core.not_allowed" == key(await met.says("bea", "/coord certificate issue @bea"))


async def test_without_confirmed_hours_there_is_nothing_to_certify(met: World):
    """Dan has met nobody; the same person is not offered two."""
    for command in ("issue", "preview"):
        assert "certificate.no_hours" == key(await met.says("vera", f"/coord certificate {command} @dan"))
    await offered(met)
    assert "certificate.held" == key(await met.says("vera", "/coord certificate issue @ana @bea"))
    assert 1 == len(await met.rows(Certificate))


async def test_everybody_with_enough_hours_is_offered_one(met: World):
    """Two have an hour, nobody has five, and a second time nobody is offered another one."""
    assert "certificate.nobody" == key(await met.says("vera", "/coord certificate everybody 5"))
    assert "2 people" in text(await met.says("vera", "/coord certificate everybody 1"))
    assert ["certificate.ready"] * 2 == [one for one in keys_of(await met.delivers()) if one.startswith("cert")]
    assert "certificate.nobody" == key(await met.says("vera", "/coord certificate everybody 1"))


async def test_a_preview_signs_nothing(met: World):
    """The page is shown with PREVIEW across it, and nothing is stored or sent."""
    reply = await met.says("vera", "/coord certificate preview @ana")
    assert "certificate.preview" == key(reply)
    assert any(isinstance(block, Image) for block in view(reply).blocks)
    assert [] == await met.rows(Certificate)
    assert not met.database.keys.signs


async def test_a_revoked_certificate_is_told_and_not_handed_out_again(met: World):
    """Its member reads why; the list that others get names its number only."""
    row = await offered(met)
    await met.presses("ana", "Ana")
    shown = await met.says("vera", "/coord certificate revoke @ana")
    asked = await met.presses("vera", "Revoke 1")
    assert "issued" in text(shown)
    assert "certificate.done" == key(await met.submits("vera", asked, reason="It was made by mistake."))
    assert ["certificate.revoked"] == to(await met.delivers(), met.dm("ana"))
    assert "“It was made by mistake.”" in met.sees("ana", met.dm("ana"))[-1]
    assert "certificate.revoked" == key(await met.presses_id("ana", f"certificate.get:{row.id}"))
    assert "not valid any more" in text(await met.says("ana", "/certificate mine"))
    assert REVOKED == (await met.rows(Certificate))[0].status
    assert "certificate.no_valid" == key(await met.says("vera", "/coord certificate revoke @ana"))
    assert "certificate.offered" == key(await met.says("vera", "/coord certificate issue @ana"))


async def test_an_offer_that_was_not_taken_up_is_withdrawn_quietly(met: World):
    """Before it is signed, its member hears nothing of a revocation."""
    await offered(met)
    await met.says("vera", "/coord certificate revoke @ana")
    await met.submits("vera", await met.presses("vera", "Revoke 1"), reason="It was made by mistake.")
    assert [] == await met.delivers()


async def test_what_a_forgotten_member_holds_stays_valid(met: World):
    """Erasing Ana empties the row and leaves its number; the file that she has verifies as before."""
    await offered(met)
    _, file = parts(await met.presses("ana", "Ana"))
    ana = await member(met, "ana")
    await met.app.work(ana.community_id, lambda work: rights.forget(work, ana.id))
    (row,) = await met.rows(Certificate)
    assert ("", "", "", ISSUED) == (row.name, row.credential, row.code, row.status)
    award = credentials.award_of(json.loads(file.data))
    assert row.number == award.id
    credentials.verified(json.loads(file.data))


async def test_each_reads_their_own_language(met: World):
    """A Spanish member gets a Spanish page and the programme's own name in it."""
    await change(met, "ana", language="es")
    await offered(met)
    assert "certificado" in met.sees("ana", met.dm("ana"))[-1].lower()
    assert "A nombre de Ana" in parts(await met.presses("ana", "Ana"))[0].alt


def test_a_document_that_was_changed_is_not_genuine():
    """A smoke test here; every byte is tried in tests/bot/test_credentials.py."""
    with pytest.raises(NotGenuine):
        credentials.verified({"proof": []})


def test_a_number_tells_nothing_and_is_a_uuid():
    """The same row gives the same number, another row another one, in the form of a UUID of version 8."""
    one, other = rules.number_of("a"), rules.number_of("b")
    assert one == rules.number_of("a") != other
    assert [8, 4, 4, 4, 12] == [len(part) for part in one.split("-")]
    assert ("8", "8") == (one[14], one[19])


def test_who_has_most_comes_first():
    """Without a minute nobody gets one, who holds one is left out."""
    hours = {"a": (60, 1), "b": (0, 1), "c": (300, 4), "d": (120, 2)}
    assert ["c", "a"] == rules.earned(hours, {"d"}, 0)
    assert ["c"] == rules.earned(hours, {"d"}, 61)
