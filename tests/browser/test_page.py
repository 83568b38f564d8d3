"""The page in a real browser, over the stub bot: what a person can see and do."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser


def test_two_members_stand_side_by_side(playground):
    """The page opens with two members, each in a channel, under one heading."""
    assert [playground.pane(number).acting_as() for number in (0, 1)] == ["Ana Ruiz", "Bea Okoro"]
    playground.page.get_by_role("heading", level=1, name="Kith playground").wait_for()
    playground.pane(0).root.get_by_role("heading", name="Ana Ruiz: #general").wait_for()


def test_words_reach_the_others_and_not_the_bot(playground, stub):
    """What is typed without a slash is a message for everybody in the channel; the bot never hears of it."""
    playground.pane(0).says("Good morning <b>all</b>")
    playground.pane(1).message("Good morning <b>all</b>").wait_for()
    assert stub[1].heard == []


def test_a_private_answer_is_marked_and_stays_private(playground):
    """A private answer says so, and the member beside does not see it."""
    ana = playground.pane(0)
    ana.says("/me show")
    ana.message("Only you can see this").wait_for()
    assert ana.message("How it goes").is_visible()
    assert playground.pane(1).log.get_by_text("How it goes").count() == 0


def test_a_public_answer_names_the_command_but_not_its_words(playground):
    """Others see who used which command; the typed line is for who typed it."""
    playground.pane(0).says("/kudos give @bea for the review")
    assert "/kudos give @bea for the review" in playground.pane(0).message("thanks").inner_text()
    shown = playground.pane(1).message("thanks")
    shown.wait_for()
    assert "Ana Ruiz used /kudos give" in shown.inner_text()
    assert "/kudos give @bea" not in shown.inner_text()


def test_completion_by_keyboard(playground, stub):
    """A whole command is written with arrows, Tab and Enter alone."""
    ana = playground.pane(0)
    ana.composer.focus()
    ana.composer.press_sequentially("/ku")
    ana.root.get_by_role("option", name=re.compile("kudos give")).wait_for()
    ana.composer.press("Tab")
    ana.root.get_by_role("option", name=re.compile("@bea")).wait_for()
    ana.composer.press_sequentially("@b")
    ana.composer.press("ArrowDown")
    assert ana.composer.get_attribute("aria-activedescendant")
    ana.composer.press("Enter")
    ana.root.get_by_text("why: What for, in a sentence.").wait_for()
    ana.composer.press_sequentially("for the review")
    ana.composer.press("Enter")
    playground.pane(1).message("for the review").wait_for()
    assert stub[1].heard[-1].line == "/kudos give <@bea> for the review"


def test_time_moves_and_what_arrived_is_told(playground):
    """A day later both members have a check-in and a pair room; the announcement and the marks say so."""
    assert playground.clock == "Mon 2 Mar 2026, 09:00"
    said = playground.move("+1 day")
    assert said == "One day passed. 2 check-ins were sent. New messages: Ana Ruiz (2), Bea Okoro (2)."
    assert playground.clock == "Tue 3 Mar 2026, 09:00"
    ana = playground.pane(0)
    assert (ana.unread("Kith")[:1], ana.unread("Ana and Bea")[:1]) == ("1", "1")
    ana.open("Kith")
    ana.message("meet this week").wait_for()
    assert ana.unread("Kith") == ""


def test_a_press_rewrites_the_message_in_place(playground):
    """The pressed message is answered where it stands, and its buttons are gone."""
    playground.move("+1 day")
    ana = playground.pane(0)
    ana.open("Kith")
    ana.press("We met")
    ana.message("Thank you, noted: We met").wait_for()
    assert ana.log.get_by_role("button", name="Scheduled").count() == 0


def test_a_choice_is_made_by_its_button(playground, stub):
    """Looking through the options of a picker sends nothing; the button beside it does."""
    ana = playground.pane(0)
    ana.says("/me show")
    picker = ana.log.get_by_label("Write to somebody")
    picker.select_option("chen")
    assert len(stub[1].heard) == 1
    picker.locator("xpath=..").get_by_role("button", name="Choose").click()
    ana.message("Thank you, noted: chen").wait_for()


def test_a_form_with_pages_and_mistakes(playground, stub):
    """A mistake stands on its field with what was typed kept; then the second page, then the answer."""
    playground.pane(0).says("/programme join")
    playground.form.get_by_text("page 1 of 2").wait_for()
    playground.tick("Mentee")
    playground.tick("Wednesday")
    playground.send_form("Next")
    playground.form.get_by_text("Please answer this one.").wait_for()
    assert playground.form.get_by_label("Mentee", exact=True).is_checked()
    assert playground.form.get_by_label("What I want to learn").get_attribute("aria-invalid") == "true"
    playground.fill("What I want to learn", "To review kindly")
    playground.send_form("Next")
    playground.form.get_by_text("page 2 of 2").wait_for()
    playground.choose("Who told you about us", "Bea Okoro")
    playground.tick("Mentors")
    playground.send_form("Join")
    playground.pane(0).message("Welcome!").wait_for()
    first, second = stub[1].heard[-2:]
    assert first.values == {
        "role": "mentee",
        "wants": "To review kindly",
        "days": ("wednesday",),
        "hours": "2",
    }
    assert second.values == {"start": "", "friend": "bea", "channel": "", "roles": ("mentors",)}


def test_a_form_can_be_left_with_escape(playground):
    """Escape closes the form and gives the keyboard back to the composer."""
    ana = playground.pane(0)
    ana.says("/programme join")
    playground.form.wait_for()
    playground.page.keyboard.press("Escape")
    playground.form.wait_for(state="detached")
    ana.composer.and_(playground.page.locator(":focus")).wait_for()


def test_another_member_can_be_acted_as_and_added(playground):
    """A pane changes to another member, with that member's own time; a third pane joins."""
    playground.pane(0).act_as("Chen Wei")
    playground.pane(0).root.get_by_text("Mon 5:00").wait_for()
    assert playground.pane(0).acting_as() == "Chen Wei"
    third = playground.add_member()
    third.root.get_by_role("heading", name=re.compile("#general")).wait_for()
    assert playground.page.locator(".pane").count() == 3


def test_the_own_page_opens(playground):
    """Home shows the member's page and no composer."""
    ana = playground.pane(0)
    ana.open("Home")
    ana.log.get_by_text("Your week").wait_for()
    assert not ana.composer.is_visible()


def test_the_outbox_can_be_looked_into(playground):
    """The drawer lists what was sent and what is due."""
    playground.move("+1 day")
    drawer = playground.open_drawer()
    drawer.get_by_role("cell", name="checkins.asked").first.wait_for()
    drawer.get_by_role("cell", name="Check-ins of Spring mentoring").wait_for()


def test_a_fault_is_told_in_a_sentence(playground):
    """A fault on our side is a sentence in an alert, never a traceback, and the page goes on."""
    playground.pane(0).says("/fail")
    playground.page.get_by_role("alert").get_by_text("met a fault of its own").wait_for()
    playground.pane(0).says("Still here")
    playground.pane(1).message("Still here").wait_for()


def test_first_steps_write_for_the_newcomer_and_go_away(playground):
    """A step puts its line in the right member's composer; the guide is hidden for good when dismissed."""
    guide = playground.page.get_by_role("region", name="Try this")
    guide.get_by_role("button", name="Write it for me").last.click()
    assert playground.pane(1).composer.input_value() == "/kudos give @ana "
    guide.get_by_role("button", name="Hide the first steps").click()
    playground.page.reload()
    playground.page.locator(".pane .log").first.wait_for()
    assert not guide.is_visible()


def test_a_narrow_screen_shows_one_member_at_a_time(open_page, stub):
    """At 390 pixels nothing is wider than the screen, and a tab brings the other member."""
    playground = open_page(stub[0], viewport={"width": 390, "height": 844})
    page = playground.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not playground.pane(1).root.is_visible()
    page.get_by_role("navigation", name="Members on this page").get_by_role("button", name="Bea Okoro").click()
    assert playground.pane(1).root.is_visible()


def test_everything_that_can_be_pressed_has_a_name(playground):
    """Each control on the page has a name for screen readers."""
    playground.move("+1 day")
    playground.pane(0).open("Kith")
    nameless = playground.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea")]
            .filter((one) => one.offsetParent && !one.textContent.trim() && !one.labels?.length
                && !one.getAttribute("aria-label")).map((one) => one.outerHTML)"""
    )
    assert nameless == []


def test_the_page_asks_nobody_else(open_page, stub, browser):
    """Every request of the page goes to this machine."""
    asked = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stub[0])
    page.locator(".pane .log").first.wait_for()
    context.close()
    assert asked
    assert [url for url in asked if not url.startswith((stub[0], "data:"))] == []
