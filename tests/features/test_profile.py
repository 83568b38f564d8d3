"""When and how often somebody is written to, and why something was or was not sent."""

from datetime import date

import pytest

from bot.chat.reply import Ask
from tests.fakes.world import World, key, text
from tests.features.town import change, few, member, partner, to

QUESTION = {"key": "met", "weekday": "wed", "at": "17:00", "question": "Did you two meet?"}
LONG = {
    "rounds": {"every_weeks": 8, "weekday": "tue", "at": "10:00"}, "pairs": {"agreement": False}, "texts": {},
    "checkins": [QUESTION],
}  # fmt: skip
NO_HOURS: dict[str, tuple[str, ...]] = {f"day_{day}": () for day in range(7)}
WISHES = {"quiet_start": "20:00", "quiet_end": "08:00", "budget": "5"}


@pytest.fixture
async def two(world: World) -> World:
    """Ana and Bea, paired on Tuesday the third; on Wednesdays at five they are asked whether they met."""
    await few(world, "ana", "bea", file=LONG)
    await world.until("2026-03-03 09:30")
    return world


async def saves(world: World, **changed: object) -> object:
    """Let Ana change how she is written to."""
    asked = await world.presses_id("ana", "profile.change")
    assert isinstance(asked, Ask)
    return await world.submits("ana", asked, WISHES | changed)


async def test_what_is_set_and_what_comes_next(two: World):
    """The command shows the hours, the week's limit and the next question with its day."""
    shown = text(await two.says("ana", "/profile nudges"))
    assert "from 20:00 to 08:00, Europe/Madrid" in shown
    assert "at most 5, 0 so far this week" in shown
    assert "a check-in: planned for" in shown
    await two.until("2026-03-04 17:00")
    assert "at most 5, 1 so far this week" in text(await two.says("ana", "/profile nudges"))


async def test_a_change_holds_at_once_for_what_waits(two: World):
    """Quiet from four in the afternoon until six: the question of five o'clock comes after six."""
    assert "profile.saved" == key(await saves(two, quiet_start="16:00", quiet_end="18:00"))
    assert [] == to(await two.until("2026-03-04 16:59"), two.dm("ana"))
    assert ["checkin.ask"] == to(await two.until("2026-03-04 17:15"), two.dm("ana"))


async def test_no_messages_means_none(two: World):
    """With a limit of nothing, nothing is asked; the page says so, and why."""
    await saves(two, budget="0")
    assert "none: I never ask you anything by myself" in text(await two.says("ana", "/profile nudges"))
    assert [] == to(await two.until("2026-03-06 12:00"), two.dm("ana"))
    why = text(await two.presses_id("ana", "profile.why"))
    assert "a check-in: not sent. The reason: the week's messages were used up." in why


async def test_a_pause_until_a_day_and_back(two: World):
    """Until the twentieth nothing is asked; [End the pause] ends it at once."""
    assert "profile.paused" == key(await two.says("ana", "/profile pause 2026-03-20"))
    assert "March 20" in text(await two.says("ana", "/profile nudges"))
    assert [] == to(await two.until("2026-03-12 12:00"), two.dm("ana"))
    assert "a pause is on" in text(await two.presses_id("ana", "profile.why"))
    assert "profile.resumed" == key(await two.presses("ana", "End the pause"))
    assert "There was no pause" in text(await two.says("ana", "/profile resume"))
    assert ["checkin.ask"] == to(await two.until("2026-03-18 17:00"), two.dm("ana"))


@pytest.mark.parametrize(("day", "refusal"), [("2026-03-03", "core.past_day"), ("2027-06-01", "core.far_day")])
async def test_a_day_that_is_no_pause(two: World, day: str, refusal: str):
    """Today or long from now is refused with a cure, in the command and in the form."""
    assert refusal == key(await two.says("ana", f"/profile pause {day}"))
    rejected = await saves(two, until=date.fromisoformat(day).isoformat())
    assert {"until"} == rejected.errors.keys()  # type: ignore[attr-defined]
    assert (await member(two, "ana")).paused_until is None


async def test_the_page_says_it_in_a_line(two: World):
    """How often one is written to stands on one's own page, with the way to change it; not for who has not joined."""
    assert "I write to you at most 5 times a week." in text(await two.opens_home("ana"))
    assert "profile.nudges" == key(await two.presses_id("ana", "profile.show"))
    assert "at most" not in text(await two.opens_home("dia"))


async def test_two_weeks_by_a_button(two: World):
    """[Pause for two weeks] is the shortest way to some quiet."""
    assert "profile.nudges" == key(await two.says("ana", "/profile nudges"))
    assert "profile.paused" == key(await two.presses("ana", "Pause for two weeks"))
    assert "2026-03-16 23:00" == (await member(two, "ana")).paused_until.strftime("%Y-%m-%d %H:%M")  # type: ignore[union-attr]


async def test_coordinators_learn_why_and_never_what(two: World):
    """Kinds, moments and reasons; no word of what was asked or answered."""
    await two.until("2026-03-04 17:00")
    await two.presses("bea", "Not yet")
    shown = text(await two.says("vera", "/coord nudge explain @bea"))
    assert "a check-in: sent on" in shown
    assert ("Did you two meet" in shown, "Not yet" in shown) == (False, False)
    assert "core.not_allowed" == key(await two.says("ana", "/coord nudge explain @bea"))


async def test_what_comes_counts_what_comes_before_it(two: World):
    """With a limit of one a week, of two questions of one week the second is told for the next week."""
    await two.applies(
        {"kith": 1, "name": "Coffee", "slug": "coffee", "kind": "peers", "summary": "A new partner."} | LONG
        | {"checkins": [QUESTION, QUESTION | {"key": "how", "weekday": "thu", "question": "How was it?"}]}
    )  # fmt: skip
    await saves(two, budget="1")
    await two.until("2026-03-09 12:00")
    shown = text(await two.presses_id("ana", "profile.why"))
    assert "the week's messages were used up" in shown.partition("Next:")[2]


async def test_a_zone_that_is_no_more_counts_as_the_communitys(two: World):
    """A stored zone that left the tz database breaks nothing."""
    await change(two, "ana", zone="Europe/Atlantis")
    assert "Europe/Madrid" in text(await two.says("ana", "/profile nudges"))
    assert "profile.paused" == key(await two.says("ana", "/profile pause 2026-03-20"))


async def test_one_message_a_day(world: World):
    """What falls due on one day comes as one message, each question with its own buttons, and counts once."""
    how = QUESTION | {"key": "how", "question": "How was it?"}
    await few(world, "ana", "bea", file=LONG | {"checkins": [QUESTION, how]})
    await world.until("2026-03-04 16:00")
    assert ["core.together"] == to(await world.until("2026-03-04 17:30"), world.dm("ana"))
    shown = world.sees("ana", world.dm("ana"))[-1]
    assert ("How was it?" in shown, "Did you two meet?" in shown) == (True, True)
    assert "at most 5, 1 so far this week" in text(await world.says("ana", "/profile nudges"))
    assert "It shares one message with others of that day." in text(await world.presses_id("ana", "profile.why"))


async def test_what_was_told_can_be_seen_and_changed(coffee: World):
    """The profile shows everything with who sees it; the form opens filled in, and mistakes keep what was typed."""
    assert "Europe/Madrid" in text(await coffee.says("ana", "/profile view"))
    form = await coffee.says("ana", "/profile edit")
    told = {"pronouns": "she/her", "wants": "writing; Python", "needs": "Captions, please."}
    wrong = await coffee.submits("ana", form, told, languages="Klingonish")
    assert {"languages"} == dict(wrong.errors).keys()
    assert "profile.view" == key(await coffee.submits("ana", form, told, languages="English; Spanish"))
    ana = await member(coffee, "ana")
    assert ("she/her", ["en", "es"], "Captions, please.") == (ana.pronouns, ana.languages, ana.needs)
    await coffee.until("2026-03-03 10:00")
    assert any("(she/her)" in line for line in coffee.sees("ana"))
    assert not any("Captions" in line for who in ("bea", "chen", "dia") for line in coffee.sees(who))


async def test_a_week_is_chosen_by_selects_alone(coffee: World):
    """Seven days of two hours each: what stands there is chosen already, what is chosen stands there."""
    form = await coffee.says("ana", "/profile availability")
    assert 7 == len(form.form.fields)
    assert "profile.week" == key(
        await coffee.submits(
            "ana", form, {f"day_{day}": () for day in range(7)} | {"day_0": ("6", "7"), "day_5": ("1",)}
        )
    )
    assert "mon 18:00-22:00; sat 08:00-10:00" == (await member(coffee, "ana")).availability
    again = await coffee.says("ana", "/profile availability")
    assert ("6", "7") == next(field.value for field in again.form.fields if field.name == "day_0")
    await coffee.submits("ana", again, NO_HOURS)
    assert "" == (await member(coffee, "ana")).availability


async def test_zone_and_language(coffee: World):
    """A wrong zone is named with the nearest; the new language holds from the answer on."""
    assert "Did you mean Europe/Madrid?" in text(await coffee.says("ana", "/profile timezone Europe/Madird"))
    assert "profile.zone" == key(await coffee.says("ana", "/profile timezone America/Bogota"))
    assert "America/Bogota" == (await member(coffee, "ana")).zone
    assert "A partir de ahora" in text(await coffee.says("ana", "/profile language es"))
    assert "es" == (await member(coffee, "ana")).language


async def test_whom_one_avoids_is_nobodys_business(coffee: World):
    """They are never paired, nobody is told, and only the member sees the list."""
    for who in ("bea", "chen", "dia", "eli", "fay", "gus", "hana", "ivo", "jun", "kim"):
        assert "profile.avoiding" == key(await coffee.says("ana", f"/profile avoid add @{who}"))
    assert [] == await coffee.delivers()
    assert "@Bea" in text(await coffee.says("ana", "/profile avoid list"))
    assert "profile.avoid_self" == key(await coffee.says("ana", "/profile avoid add @ana"))
    assert "profile.avoid_not" == key(await coffee.says("ana", "/profile avoid remove @leo"))
    await coffee.until("2026-03-03 10:00")
    assert "leo" == await partner(coffee, "ana")
    assert "profile.not_avoiding" == key(await coffee.says("ana", "/profile avoid remove @bea"))
    assert "@Bea" not in text(await coffee.says("ana", "/profile avoid list"))
