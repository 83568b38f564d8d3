"""Members say what is wrong without their name, and nothing that is stored tells who they were."""

from pathlib import Path

import pytest

from bot.chat.reply import Ask
from bot.features.feedback.rules import LEAST_MEMBERS, LEAST_WAITING
from bot.patience import Patience
from storage.draft import Draft
from storage.feedback import FeedbackNote
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import NAMES, World, key, text
from tests.features.notes import BATCH, NOTE, looks, sends
from tests.features.town import keys_of, to


async def test_nine_people_are_too_few_to_hide_among(world: World):
    """Under ten active members the form does not open, and the reason is said; with ten it does."""
    await world.applies()
    for name in NAMES[: LEAST_MEMBERS - 1]:
        await world.joins(name)
    refused = await world.says("ana", "/feedback send")
    assert "feedback.too_few" == key(refused)
    assert f"at least {LEAST_MEMBERS}" in text(refused)
    await world.joins(NAMES[LEAST_MEMBERS - 1])
    assert isinstance(await world.says("ana", "/feedback send"), Ask)


async def test_a_community_that_shrank_takes_no_note(coffee: World):
    """A form that was open when people left is refused when it is sent."""
    asked = await coffee.says("ana", "/feedback send")
    for name in NAMES[3:]:
        await coffee.handles(coffee.town.leave(name))
    assert "feedback.too_few" == key(await coffee.submits("ana", asked, topic="pair", text=NOTE, mode="anonymous"))
    assert [] == await coffee.rows(FeedbackNote)


async def test_a_batch_needs_three(coffee: World):
    """Two notes wait, however long; with the third all three are published at once, and counted to coordinators."""
    await sends(coffee, "ana")
    await sends(coffee, "bea")
    assert [] == await coffee.until(BATCH)
    assert "feedback.none" == key(await coffee.says("vera", "/coord feedback list"))
    await sends(coffee, "chen")
    said = await coffee.until("2026-03-03 16:00")
    assert ["feedback.batch"] == to(said, "coordinators")
    assert f"There are {LEAST_WAITING} new anonymous notes." in coffee.sees("vera", "coordinators")[-1]
    assert "feedback.published" == key(await coffee.says("vera", "/coord feedback list"))


async def test_notes_are_read_in_an_order_that_says_nothing(coffee: World):
    """Published notes are listed by their random id, whatever the order in which they came."""
    for number, name in enumerate(NAMES[:5]):
        await sends(coffee, name, f"This is note number {number}.")
    await coffee.until(BATCH)
    listed = text(await coffee.says("vera", "/coord feedback list"))
    shown = [line for line in listed.splitlines() if "note number" in line]
    rows = sorted(await coffee.rows(FeedbackNote), key=lambda row: row.id)
    assert [row.text for row in rows] == shown


async def test_a_receipt_shows_what_became_of_a_note(coffee: World):
    """It waits, then it can be read; capitals, spaces and look-alikes are forgiven; whoever holds it may ask."""
    receipt = await sends(coffee, "ana")
    assert "nobody has read it yet" in text(await looks(coffee, "ana", receipt))
    for name in ("bea", "chen"):
        await sends(coffee, name)
    await coffee.until(BATCH)
    typed = receipt.upper().replace("-", " ").replace("0", "O").replace("1", "I")
    shown = text(await looks(coffee, "dia", typed))
    assert "Coordinators can read it." in shown
    assert NOTE in shown


async def test_a_note_can_be_taken_back(coffee: World):
    """A withdrawn note loses its text, is not published, and does not count towards the three."""
    receipt = await sends(coffee, "ana")
    await sends(coffee, "bea")
    await sends(coffee, "chen")
    assert "feedback.withdrawn" == key(await looks(coffee, "ana", receipt, "withdraw"))
    assert [] == await coffee.until(BATCH)
    assert {"withdrawn": "", "waiting": NOTE} == {row.status: row.text for row in await coffee.rows(FeedbackNote)}


async def test_a_published_note_can_be_taken_back_too(coffee: World):
    """What was published disappears from the coordinators' list."""
    receipt = await sends(coffee, "ana", "Please take this back.")
    for name in ("bea", "chen"):
        await sends(coffee, name)
    await coffee.until(BATCH)
    await looks(coffee, "ana", receipt, "withdraw")
    shown = text(await coffee.says("vera", "/coord feedback list"))
    assert "Please take this back." not in shown
    assert 2 == shown.count(NOTE)


@pytest.mark.parametrize("receipt", ["0000-0000-0000-0000-0000-0000-00", "nonsense", "u" * 26])
async def test_a_wrong_receipt_finds_nothing(coffee: World, receipt: str):
    """A receipt of nobody's and one that cannot be are answered alike."""
    await sends(coffee, "ana")
    assert "feedback.no_such_receipt" == key(await looks(coffee, "ana", receipt))


async def test_too_short_a_note_is_told_on_its_field_and_kept_nowhere(coffee: World):
    """The mistake is named, and no draft of an anonymous note is stored."""
    refused = await coffee.submits(
        "ana", await coffee.says("ana", "/feedback send"), topic="pair", text="Bad.", mode="anonymous"
    )
    assert "at least 10" in refused.errors["text"]
    assert ([], []) == (await coffee.rows(Draft), await coffee.rows(FeedbackNote))


async def test_where_forms_show_no_mistakes_the_text_waits_in_memory(coffee: World, tmp_path: Path):
    """[Fix it] brings the text back once, from memory; nothing of it is in any table."""
    coffee.town._capabilities = LIKE_DISCORD
    told = await coffee.submits(
        "ana", await coffee.says("ana", "/feedback send"), topic="pair", text="Too bad.", mode="anonymous"
    )
    assert "core.fix" == key(told)
    assert b"Too bad." not in (tmp_path / "kith.db").read_bytes() + (tmp_path / "kith.db-wal").read_bytes()
    again = await coffee.presses("ana", "Fix it")
    assert isinstance(again, Ask)
    assert "Too bad." in [field.value for field in again.form.fields]
    assert "feedback.sent" == key(await coffee.submits("ana", again, text=NOTE))


async def test_three_a_day_are_enough(coffee: World):
    """The fourth note of a day is refused with where to turn; what is counted is in memory only."""
    coffee.app.patience = Patience(lambda: 0.0, burst=1000)
    for _ in range(3):
        await sends(coffee, "ana")
    asked = await coffee.says("ana", "/feedback send")
    assert "core.enough_today" == key(await coffee.submits("ana", asked, topic="pair", text=NOTE, mode="anonymous"))
    await sends(coffee, "bea")


async def test_coordinators_alone_read_notes(coffee: World):
    """Members are refused."""
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord feedback list"))


async def test_what_is_protected_is_said_plainly(coffee: World):
    """The page says what is stored, what is not, and what remains."""
    shown = text(await coffee.says("ana", "/feedback how"))
    for part in ("Not stored: who you are", "do see who pressed the button", "Your way of writing is not disguised."):
        assert part in shown


async def test_nothing_is_pushed_to_who_sent(coffee: World):
    """After sending, and after the batch, the sender gets no message at all."""
    for name in ("ana", "bea", "chen"):
        await sends(coffee, name)
    said = await coffee.until(BATCH)
    assert ["feedback.batch"] == keys_of(said)
    assert [] == to(said, coffee.dm("ana"))
