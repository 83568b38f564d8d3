"""The real bot in a real browser: join, pair, check-in, kudos and feedback, as members live it."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from adapters.playground.inspection import Inspection
from adapters.playground.server import Playground
from cli import whys
from tests.browser.conftest import served
from tests.browser.page import Keyboard
from tests.fakes.world import COORDINATOR, NAMES, founded
from tests.features.town import MENTORING

pytestmark = pytest.mark.browser

RECEIPT = re.compile(r"\b[0-9a-z]{4}(?:-[0-9a-z]{1,4}){5,}\b")


@pytest.fixture
def bank(tmp_path, request):
    """Return (address, world) of a page over the whole bot; all but Ana have joined the programme.

    With a marker `programme(values)` it is that one, and nobody has joined.
    """
    asked = request.node.get_closest_marker("programme")

    @asynccontextmanager
    async def opened():
        async with founded(tmp_path / "kith.db") as world:
            await world.applies(*(asked.args if asked else ()))
            for name in () if asked else NAMES[1:]:
                await world.joins(name)
            await world.delivers()

            async def advance(by: timedelta | None) -> str:
                until = world.clock.now() + by if by else await world.kith.next_due()
                if until is not None:
                    await world.kith.advance(until)
                return "Time passed." if until else "Nothing is due."

            async def inspect() -> Inspection:
                return Inspection()

            async def why(message: str) -> list[str]:
                return await whys.why(world.database, world.app.features, message)

            yield (
                Playground(
                    world.app, world.town, advance=advance, inspect=inspect, why=why, people=[*NAMES, COORDINATOR]
                ),
                world,
            )

    with served(opened) as running:
        yield running


def joins(page, name):
    """Join the coffee programme by its form, page after page; return the member's pane, open at Kith's messages."""
    who = page.as_member(name)
    who.open("Kith")
    who.says("/programme join")
    page.fill("Languages you can talk in", "English")
    page.send_form("Next")
    page.form.get_by_text("page 2 of 2").wait_for()
    page.fill("When", "mon-fri 17:00-21:00")
    page.form.locator("button[type=submit]").click()
    page.form.wait_for(state="detached")
    return who


def test_join_pair_meet_thank_and_speak_up(open_page, bank):
    """Ana joins by form, is introduced in a pair room, says that they met, thanks, and speaks up without her name."""
    page = open_page(bank[0])
    ana = joins(page, "Ana")

    page.move("+1 day")  # the round is on Tuesday at 10 in Madrid
    page.move("+1 hour")
    room = ana.root.locator('.places [data-spot^="room-"]')
    assert room.count() == 1
    room.click()
    ana.log.locator(".message").first.wait_for()
    assert "@Ana" in ana.log.inner_text()
    page.picture("pair")

    for _ in range(3):
        page.move("+1 day")  # the check-in is on Thursday at 17
    ana.open("Kith")
    page.picture("checkin")
    ana.press("We met")
    ana.message("Thank you for telling me").wait_for()

    ana.open("#kudos")
    ana.says("/kudos give @bea for the review of my patch")
    ana.message("Only you can see this").wait_for()
    page.move("+1 hour")
    bea = page.as_member("Bea")
    bea.open("Kith")
    bea.press("Yes, show them")
    page.move("+1 hour")
    bea.open("#kudos")
    bea.message("for the review of my patch").wait_for()
    page.picture("kudos")

    for name in ("Ana", "Chen", "Dia"):
        writer = page.as_member(name)
        writer.open("Kith")
        writer.says("/feedback send")
        page.choose("What is it about?", "My pair")
        page.fill("What would you like to say?", f"My partner never answers me. Number {len(name)}.")
        page.send_form("Send without my name")
        writer.message("Your receipt").wait_for()

    page.move("+1 day")
    page.move("+1 day")
    vera = page.as_member("Vera")
    vera.open("Kith")
    vera.says("/coord feedback list")
    vera.message("My partner never answers me").wait_for()
    page.picture("feedback")
    assert "Ana" not in vera.message("My partner never answers me").inner_text()


def test_two_weeks_of_a_pair_with_every_prompt_explained(open_page, bank):
    """Day by day through a round of two weeks: all that comes by itself says why, by keyboard or mouse."""
    page = open_page(bank[0])
    ana = joins(page, "Ana")
    for _ in range(15):
        page.move("+1 day")
    explained = []
    for place in ("Kith", None):
        if place is None:
            ana.root.locator('.places [data-spot^="room-"]').click()
        else:
            ana.open(place)
        whys = ana.log.locator(".why")
        whys.first.wait_for()
        for number in range(whys.count()):
            whys.nth(number).click()
            ana.log.locator(".because").nth(number).wait_for()
        explained += ana.log.locator(".because").all_inner_texts()
        page.picture(f"why-{place or 'room'}")
    told = " ".join(explained)
    assert "This is a check-in. It fell due on Thursday 5 March, 17:00 on Ana's clock" in told
    assert "the pair's room about something that happened (pair.introduced)" in told
    assert "Nothing is kept" not in told
    whys.first.press("Enter")
    ana.log.locator('.why[aria-expanded="false"]').wait_for()


def test_a_conversation_without_a_name(open_page, bank):
    """A coordinator answers a note without knowing whose it is; only who holds its receipt reads the answer."""
    page = open_page(bank[0])
    receipts = {}
    for name in ("Bea", "Chen", "Dia"):
        writer = page.as_member(name)
        writer.open("Kith")
        writer.says("/feedback send")
        page.choose("What is it about?", "My pair")
        page.fill("What would you like to say?", f"It is too much for me, says nobody {len(receipts)}.")
        page.send_form("Send without my name")
        receipts[name] = RECEIPT.search(writer.message("Your receipt").inner_text())[0]
    page.move("+1 day")
    page.move("+1 day")

    vera = page.as_member("Vera")
    vera.open("Kith")
    vera.says("/coord feedback list")
    listed = vera.message("says nobody 0").inner_text()
    assert not any(name in listed for name in receipts)
    vera.log.get_by_label("Open a note").last.select_option(index=1)
    vera.press("Choose")
    vera.log.get_by_role("button", name="Answer", exact=True).last.click()
    page.fill("Your answer", "Thank you for saying so. Which part is too much?")
    page.send_form("Answer")

    answered = []
    for name, receipt in receipts.items():
        reader = page.as_member(name)
        reader.open("Kith")
        reader.says("/feedback inbox")
        page.fill("Your receipt", receipt)
        page.send_form()
        shown = reader.message("says nobody").inner_text()
        answered += [name] if "Which part is too much?" in shown else []
    assert 1 == len(answered)
    page.picture("conversation")


def test_a_slash_alone_offers_what_is_next(open_page, bank):
    """Without a word, Kith offers what the member can press now, and the press works."""
    page = open_page(bank[0])
    ana = page.as_member("Ana")
    ana.open("Kith")
    ana.says("/")
    ana.message("What would you like to do?").wait_for()
    ana.press("Join")
    page.form.wait_for()


ASKING = MENTORING | {
    "application": [
        {"key": "why", "question": "What brings you?"},
        {"key": "place", "kind": "choice", "question": "Where are you?", "options": ["Here", "Abroad"]},
    ],
    "roles": {"mentee": {"agreement": {"text": "I come, or say so the day before."}}},
}  # fmt: skip


@pytest.mark.programme(ASKING)
def test_from_the_card_to_ready_by_keyboard_alone(open_page, bank):
    """Without a mouse: the card in the channel, two pages of questions, the agreement, and in."""
    page = open_page(bank[0])
    page.as_member("Ana")
    keys = Keyboard(page)
    keys.press("#news", "Ana")
    page.pane(0).message("Somebody meets you every week.").wait_for()
    keys.press("Join", "Ana")
    page.form.wait_for()
    keys.tick("I would like a mentor")
    keys.write("Languages you can talk in", "English")
    keys.press("Next", "form")
    page.form.get_by_text("page 2 of 2").wait_for()
    keys.write("When are you usually free", "mon-fri 17:00-21:00")
    keys.write("What brings you?", "All is new here.")
    page.picture("application")
    keys.tick("Here")
    keys.press("Join", "form")
    page.form.wait_for(state="detached")
    ana = page.pane(0)
    ana.message("I come, or say so the day before.").wait_for()
    page.picture("agreement")
    keys.press("I agree", "Ana")
    ana.message("Good to have you here").wait_for()


def test_a_coordinator_sees_how_it_goes_and_keeps_a_report(open_page, bank):
    """Vera opens the overview, goes on to the pairs by its button, and takes the report home as a file that opens."""
    page = open_page(bank[0])
    vera = page.as_member("Vera")
    vera.open("Kith")
    for _ in range(3):
        page.move("+1 day")
    vera.says("/coord metrics overview")
    vera.log.get_by_text("How Coffee goes").wait_for()
    vera.log.get_by_role("img", name="Pairs that met, week by week").wait_for()
    page.picture("insight")
    vera.log.get_by_role("button", name="Pairs", exact=True).click()
    vera.log.get_by_text("Pairs of Coffee").wait_for()
    vera.says("/coord metrics export")
    link = vera.log.get_by_role("link", name="report.html")
    with page.page.expect_download() as taken:
        link.click()
    report = taken.value.path().read_text()
    assert "<h1>How Coffee goes</h1>" in report
    vera.says("/privacy")
    vera.log.get_by_text("What I know about you").wait_for()
    page.picture("privacy")
