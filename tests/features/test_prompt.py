"""A question that recurs: written in a form, looked at before it is saved, asked of each in their own time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import storage.schedule
from adapters.playground.town import Message
from bot.chat.reply import Ask, Reject
from storage.audit import Audit
from storage.outbox import Outbox
from storage.prompt import ANSWERED, ASKED, DROPPED, SKIPPED, WAITING, Prompt, PromptAnswer, PromptRun
from storage.schedule import Occurrence
from tests.fakes.world import NAMES, World, key, text, view
from tests.features.town import change, comes, in_touch, keys_of, member, name_of, to

WEEKLY = {
    "question": "What did you learn?", "target": "everyone", "kind": "yes_no", "labels": "", "readers": "counts",
    "often": "weekly", "weekday": "WE", "at": "17:00", "clock": "member", "rule": "", "channel": "", "first": "",
    "late": "24",
}  # fmt: skip
WEDNESDAY = "2026-03-04 16:15"  # a quarter past five in Madrid: the question and its jitter have passed


async def writes(world: World, **changed: Any) -> Any:
    """Fill in the form for a prompt as the coordinator; return what is shown."""
    return await world.submits("vera", await world.says("vera", "/coord prompt add"), WEEKLY | changed)


async def saves(world: World, **changed: Any) -> Prompt:
    """Write a prompt and save it."""
    assert "prompt.preview" == key(await writes(world, **changed))
    assert "prompt.saved" == key(await world.presses("vera", "Save"))
    return (await world.rows(Prompt))[-1]


async def edits(world: World, number: int = 1, **changed: Any) -> None:
    """Change a prompt by its form and save it."""
    asked = await world.says("vera", f"/coord prompt edit {number}")
    assert "prompt.preview" == key(await world.submits("vera", asked, changed))
    assert "prompt.saved" == key(await world.presses("vera", "Save"))


def asks(said: list[Message], channel: str) -> list[str]:
    """Return the prompts among what was said in a channel or DM."""
    return [one for one in to(said, channel) if one.startswith("prompt.")]


async def on_its_way(world: World) -> str:
    """Return somebody whose question is written and not sent yet."""
    waiting = [row for row in await world.rows(Outbox) if row.message == "prompt.ask" and row.state == "pending"]
    names = await name_of(world)
    return names[waiting[0].to_id]


async def mine(world: World, who: str) -> list[PromptAnswer]:
    """Return somebody's questions, oldest day first."""
    me = (await member(world, who)).id
    return sorted((row for row in await world.rows(PromptAnswer) if row.member_id == me), key=lambda row: row.day)


# -- writing one


async def test_it_is_shown_before_it_is_saved(coffee: World):
    """The form is answered with what it would be and its next five times; nothing runs until it is saved."""
    shown = await writes(coffee)
    assert "Wednesday, March 4, 2026, 5:00\u202fPM" in text(shown)
    assert 5 == text(shown).count(", 2026,")
    assert 0 == keys_of(await coffee.until("2026-03-05 12:00")).count("prompt.ask")
    assert ["draft"] == [row.status for row in await coffee.rows(Prompt)]
    assert "prompt.saved" == key(await coffee.presses("vera", "Save"))
    assert [("active", 1)] == [(row.status, row.number) for row in await coffee.rows(Prompt)]


async def test_an_old_draft_can_still_be_changed(coffee: World):
    """A draft of last week is taken up again: it is not tidied away under the hand that writes it."""
    await writes(coffee, question="First words?")
    await coffee.passes(days=9)
    asked = await coffee.presses("vera", "Change")
    assert "Second words?" in text(await coffee.submits("vera", asked, {"question": "Second words?"}))
    assert ["Second words?"] == [row.question for row in await coffee.rows(Prompt)]


async def test_a_draft_can_be_changed_or_thrown_away(coffee: World):
    """[Change] opens the form as it was filled in; [Discard] leaves nothing."""
    await writes(coffee, question="First words?")
    asked = await coffee.presses("vera", "Change")
    assert isinstance(asked, Ask)
    assert "First words?" == asked.form.fields[0].value
    assert "Second words?" in text(await coffee.submits("vera", asked, {"question": "Second words?"}))
    assert 1 == len(await coffee.rows(Prompt))
    assert "prompt.discarded" == key(await coffee.presses("vera", "Discard"))
    assert [] == await coffee.rows(Prompt)


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"often": "custom", "rule": "FREQ=HOURLY"}, "rule", "HOURLY is more often than a rule may be"),
        ({"often": "custom", "rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rule", "never fires"),
        ({"often": "custom", "rule": ""}, "rule", "The rule is empty"),
        ({"often": "custom", "rule": "FREQ=DAILY;UNTIL=20260301", "first": "2026-02-01"}, "rule", "is over"),
        ({"at": "25:00"}, "at", "time of the day"),
        ({"kind": "labels", "labels": "Good"}, "labels", "two to five"),
        ({"kind": "labels", "labels": "a;b;c;d;e;f"}, "labels", "two to five"),
        ({"target": "channel"}, "channel", "choose the channel"),
        ({"first": "0001-01-01"}, "first", "between the years"),
    ],
)
async def test_a_mistake_stands_at_its_field(coffee: World, changed: dict[str, str], field: str, says: str):
    """Each mistake is told in words where it was made; a rule that never fires is refused."""
    refused = await writes(coffee, **changed)
    assert isinstance(refused, Ask | Reject)
    assert says in refused.errors[field]
    assert [] == await coffee.rows(Prompt)


async def test_the_29th_of_february_is_asked_in_leap_years(coffee: World):
    """A yearly rule on 29 February is taken, and its next times are leap years."""
    shown = text(await writes(coffee, often="custom", rule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"))
    assert [2028, 2032, 2036, 2040, 2044] == [year for year in range(2026, 2045) if f"February 29, {year}," in shown]


async def test_only_coordinators_of_the_programme_may(coffee: World):
    """A member is refused, whatever they press or type."""
    prompt = await saves(coffee)
    for line in ("add", "list", "edit 1", "pause 1", "test 1", "answers 1"):
        assert "core.not_allowed" == key(await coffee.says("ana", f"/coord prompt {line}"))
    for button in ("save", "change", "discard", "resume", "trial", "answers"):
        assert "core.not_allowed" == key(await coffee.presses_id("ana", f"prompt.{button}:{prompt.id}"))
    assert "prompt.unknown" == key(await coffee.says("vera", "/coord prompt edit 7"))


# -- being asked


async def test_each_is_asked_at_five_where_they_live(coffee: World):
    """Members in Madrid are asked at five there, one in Bogotá at five there, and one in Auckland first of all."""
    await change(coffee, "ana", zone="America/Bogota")
    await change(coffee, "bea", zone="Pacific/Auckland")
    await saves(coffee)
    said = await coffee.until("2026-03-04 04:15")
    assert [coffee.dm("bea")] == [one.channel for one in said if one.view.key == "prompt.ask"]
    said = await coffee.until(WEDNESDAY)
    assert 10 == keys_of(said).count("prompt.ask")
    assert ["prompt.ask"] == to(await coffee.until("2026-03-04 22:15"), coffee.dm("ana"))


async def test_by_the_communitys_clock_all_are_asked_at_once(coffee: World):
    """With the community's clock, who lives elsewhere is asked at the same moment, outside their night."""
    await change(coffee, "ana", zone="Africa/Lagos")
    await saves(coffee, clock="community")
    said = await coffee.until(WEDNESDAY)
    assert 12 == keys_of(said).count("prompt.ask")


async def test_today_counts_where_its_time_is_still_to_come(coffee: World):
    """Saved on Monday at nine for Mondays at ten: who has it before them is asked today, who has not waits a week."""
    await change(coffee, "ana", zone="Asia/Tokyo")
    await saves(coffee, weekday="MO", at="10:00")
    said = await coffee.until("2026-03-02 20:00")
    assert (11, []) == (keys_of(said).count("prompt.ask"), to(said, coffee.dm("ana")))
    assert ["prompt.ask"] == asks(await coffee.until("2026-03-09 02:00"), coffee.dm("ana"))


async def test_only_the_role_it_is_for_is_asked(coffee: World):
    """A cohort's prompt reaches the members of the cohort who are still in it."""
    asked = await coffee.says("vera", "/coord prompt add")
    assert isinstance(asked, Ask)
    cohort = next(one.value for one in asked.form.fields[1].options if one.value.startswith("cohort:"))
    await coffee.submits("vera", asked, WEEKLY | {"target": cohort})
    await coffee.presses("vera", "Save")
    await coffee.says("ana", "/programme leave")
    await coffee.presses("ana", "Leave")
    said = await coffee.until(WEDNESDAY)
    assert (11, []) == (keys_of(said).count("prompt.ask"), to(said, coffee.dm("ana")))


async def test_a_channel_is_asked_and_answers_are_private(coffee: World):
    """A post carries the buttons; each press is answered in private and counts once a person."""
    await saves(coffee, target="channel", channel="news", kind="labels", labels="Good; So-so; Hard")
    said = await coffee.until(WEDNESDAY)
    assert ["prompt.post"] == to(said, "news")
    for label in ("Good", "Hard"):
        assert f"{label}: noted" in text(await coffee.presses("ana", label))
    await coffee.presses("bea", "Good")
    assert [("ana", "Hard"), ("bea", "Good")] == [
        (who, row.answer) for who in ("ana", "bea") for row in await mine(coffee, who)
    ]
    assert "2 of 2 answered" in text(await coffee.says("vera", "/coord prompt answers 1"))


# -- answering


async def asked(world: World, **changed: Any) -> PromptAnswer:
    """Save a prompt and let Wednesday come; return Ana's question."""
    await saves(world, **changed)
    await world.until(WEDNESDAY)
    return (await mine(world, "ana"))[0]


async def test_one_press_is_an_answer_and_can_be_changed(coffee: World):
    """The last press counts, and coordinators see numbers only when there are enough."""
    await asked(coffee)
    await coffee.presses("ana", "Not yet")
    await coffee.presses("ana", "Change my answer")
    assert "Yes: noted" in text(await coffee.presses("ana", "Yes"))
    assert (ANSWERED, "yes") == ((row := (await mine(coffee, "ana"))[0]).status, row.answer)
    shown = text(await coffee.says("vera", "/coord prompt answers 1"))
    assert "1 of 12 answered" in shown
    assert "Yes: 1" not in shown
    for name in NAMES[1:5]:
        await coffee.presses(name, "Yes")
    assert "5 of 12 answered, Yes: 5" in text(await coffee.says("vera", "/coord prompt answers 1"))


async def test_a_reflection_stays_with_who_wrote_it(coffee: World):
    """Words for oneself are shown to nobody else, not to coordinators, and come back with /me reflections."""
    row = await asked(coffee, kind="text", readers="me")
    form = await coffee.presses("ana", "Write an answer")
    assert "Kept for you" in text(await coffee.submits("ana", form, {"text": "To ask sooner."}))
    assert "To ask sooner." in text(await coffee.says("ana", "/me reflections"))
    assert "nothing for yourself" in text(await coffee.says("bea", "/me reflections"))
    for line in ("answers 1", "list"):
        assert "To ask sooner." not in text(await coffee.says("vera", f"/coord prompt {line}"))
    again = await coffee.presses_id("ana", f"prompt.write:{row.id}")
    assert isinstance(again, Ask)
    assert "To ask sooner." == again.form.fields[0].value


async def test_a_named_prompt_says_so_and_is_read_with_names(coffee: World):
    """Who is told that coordinators read it with their name is read so; an edit does not open earlier answers."""
    await asked(coffee, kind="text", readers="counts")
    assert "not who" in coffee.sees("ana", coffee.dm("ana"))[-1]
    await coffee.submits("ana", await coffee.presses("ana", "Write an answer"), {"text": "In confidence."})
    await edits(coffee, readers="named")
    await in_touch(coffee)
    await coffee.until("2026-03-11 16:15")
    assert "with your name" in coffee.sees("bea", coffee.dm("bea"))[-1]
    await coffee.submits("bea", await coffee.presses("bea", "Write an answer"), {"text": "In public."})
    shown = text(await coffee.says("vera", "/coord prompt answers 1"))
    assert (True, False) == ("@Bea: In public." in shown, "In confidence." in shown)


async def test_tomorrow_next_week_and_not_this_one(coffee: World):
    """A question can be put off by a day or a week, or skipped, and answered after all."""
    await asked(coffee)
    await coffee.presses("ana", "Ask me tomorrow")
    await coffee.presses("bea", "Other times")
    await coffee.presses("bea", "Next week")
    assert "prompt.skipped" == key(await coffee.presses("chen", "Skip this one"))
    assert DROPPED == (await mine(coffee, "chen"))[0].status
    await coffee.presses("chen", "Answer after all")
    assert "prompt.thanks" == key(await coffee.presses("chen", "Yes"))
    assert ["prompt.ask"] == asks(await coffee.until("2026-03-05 17:30"), coffee.dm("ana"))
    said = await coffee.until("2026-03-11 17:30")
    assert 1 == to(said, coffee.dm("bea")).count("prompt.ask")
    assert [SKIPPED, ASKED] == [row.status for row in await mine(coffee, "bea")]


async def test_none_until_a_day(coffee: World):
    """Who wants no question before a day gets none before it, and the next one after it."""
    row = await asked(coffee)
    await in_touch(coffee)
    form = await coffee.presses_id("ana", f"prompt.until:{row.id}")
    for wrong, says in (("2026-03-04", "after today"), ("2036-03-04", "within a year")):
        refused = await coffee.submits("ana", form, {"until": wrong})
        assert says in refused.errors["until"]
    assert "prompt.resting" == key(await coffee.submits("ana", form, {"until": "2026-03-18"}))
    assert [] == asks(await coffee.until("2026-03-17 18:00"), coffee.dm("ana"))
    await coffee.says("ana", "/me home")  # who lets too much pass would be asked later
    assert ["prompt.ask"] == asks(await coffee.until("2026-03-18 16:15"), coffee.dm("ana"))
    assert [DROPPED, DROPPED, ASKED] == [one.status for one in await mine(coffee, "ana")]


async def test_an_answer_days_late_is_taken(coffee: World):
    """A button does not wear out."""
    await asked(coffee)
    await coffee.until("2026-03-10 12:00")
    assert "prompt.thanks" == key(await coffee.presses("ana", "Yes"))


async def test_somebody_elses_question_is_refused(coffee: World):
    """No button and no form of Ana's question does anything for Bea."""
    row = await asked(coffee)
    for button in ("answer", "write", "again", "later", "next_week", "other", "skip", "until"):
        assert "core.not_yours" == key(await coffee.presses_id("bea", f"prompt.{button}:{row.id}:0"))
    assert "core.gone" == key(await coffee.presses_id("ana", f"prompt.answer:{row.id}:7"))
    assert ASKED == (await mine(coffee, "ana"))[0].status


async def test_an_answer_from_the_page_spares_the_message(coffee: World):
    """Answered before the message goes out, it does not go out."""
    await saves(coffee)
    await coffee.until("2026-03-04 16:00")
    name = await on_its_way(coffee)
    row = (await mine(coffee, name))[0]
    assert "What did you learn?" in text(await coffee.opens_home(name))
    assert "prompt.thanks" == key(await coffee.presses_id(name, f"prompt.answer:{row.id}:0"))
    assert [] == asks(await coffee.until(WEDNESDAY), coffee.dm(name))


# -- pausing, trying, editing, outages


async def test_a_test_goes_to_the_coordinator_alone(coffee: World):
    """It looks as members see it, and nothing of it is kept."""
    await saves(coffee)
    shown = await coffee.says("vera", "/coord prompt test 1")
    assert "What did you learn?" in text(shown)
    assert "prompt.trial_answered" == key(await coffee.presses("vera", "Yes"))
    assert [] == await coffee.rows(PromptAnswer)
    assert [] == [row for row in await coffee.rows(Outbox) if row.message.startswith("prompt.")]


async def test_a_pause_asks_nobody_and_is_not_made_up_for(coffee: World):
    """Paused over a Wednesday, nobody is asked about it later; from the next one on they are."""
    await saves(coffee)
    assert "prompt.paused" == key(await coffee.says("vera", "/coord prompt pause 1"))
    assert "Paused." in text(await coffee.says("vera", "/coord prompt list"))
    assert 0 == keys_of(await coffee.until("2026-03-05 12:00")).count("prompt.ask")
    assert "prompt.resumed" == key(await coffee.presses("vera", "Go on"))
    assert 0 == keys_of(await coffee.until("2026-03-10 12:00")).count("prompt.ask")
    assert 12 == keys_of(await coffee.until("2026-03-11 16:15")).count("prompt.ask")
    assert [] == [row for row in await coffee.rows(Audit) if row.act == "schedule.skipped" and row.reason != "late"]


async def test_an_edit_while_it_is_being_sent(coffee: World):
    """Who was asked keeps the old words; who lives further west gets the new ones, at the new time, once."""
    await change(coffee, "ana", zone="America/Bogota")
    await saves(coffee)
    await coffee.until(WEDNESDAY)
    await edits(coffee, question="What will you try?", at="18:00")
    said = await coffee.until("2026-03-05 12:00")
    assert [coffee.dm("ana")] == [one.channel for one in said if one.view.key == "prompt.ask"]
    assert "What will you try?" in coffee.sees("ana", coffee.dm("ana"))[-1]
    assert datetime(2026, 3, 4, 23, tzinfo=UTC) == (await mine(coffee, "ana"))[0].due_at
    await coffee.presses("bea", "Yes")
    await coffee.presses("bea", "Change my answer")
    assert "What did you learn?" in coffee.sees("bea", coffee.dm("bea"))[-1]
    assert [1] * 12 == [len(await mine(coffee, name)) for name in NAMES]


@pytest.mark.parametrize("clock", ["member", "community"])
async def test_an_edit_to_a_later_hour_of_the_same_day_loses_and_doubles_nobody(coffee: World, clock: str):
    """Moved from five to six before five: all are asked at six. Moved to seven after that: nobody a second time."""
    await saves(coffee, clock=clock)
    await coffee.until("2026-03-04 12:00")
    await in_touch(coffee)
    await edits(coffee, at="18:00")
    assert 0 == keys_of(await coffee.until("2026-03-04 16:59")).count("prompt.ask")
    assert 12 == keys_of(await coffee.until("2026-03-04 17:15")).count("prompt.ask")
    await edits(coffee, at="19:00")
    assert 0 == keys_of(await coffee.until("2026-03-05 12:00")).count("prompt.ask")
    assert 12 == keys_of(await coffee.until("2026-03-11 18:15")).count("prompt.ask")


async def test_an_edit_in_the_middle_of_the_planning(coffee: World, monkeypatch: pytest.MonkeyPatch):
    """With only some members planned, an edit changes nobody's number of questions."""
    monkeypatch.setattr("bot.features.prompt.rules.BATCH", 5)
    await saves(coffee, clock="community")
    coffee.clock.set(datetime(2026, 3, 4, 16, 0, tzinfo=UTC))
    await coffee.app.sweep("core.schedules")
    await coffee.app.sweep("prompt.plan")
    assert 5 == len(await coffee.rows(PromptAnswer))
    await edits(coffee, question="New words?", at="18:00")
    said = await coffee.until("2026-03-05 10:00")
    assert 12 == keys_of(said).count("prompt.ask")
    assert {row.id for row in await coffee.rows(PromptRun)} >= {row.run_id for row in await coffee.rows(PromptAnswer)}


async def test_a_day_of_downtime_is_asked_once_and_older_is_skipped(coffee: World):
    """After three days off, today's question is asked; the older ones are recorded as skipped, in sight."""
    await saves(coffee, often="daily", late="12", clock="community")
    coffee.clock.set(datetime(2026, 3, 5, 17, tzinfo=UTC))
    said = await coffee.delivers()
    await coffee.passes(minutes=15)
    assert 12 >= keys_of(said).count("prompt.ask")
    rows = [row for row in await mine(coffee, "ana") if row.status in (ASKED, WAITING)]
    assert ["2026-03-05"] == [row.day for row in rows]
    prompt = (await coffee.rows(Prompt))[0]
    async with coffee.database.read() as db:
        schedule = await storage.schedule.of(db, prompt.community_id, "prompt.ask", prompt.id)
    late = [row for row in await coffee.rows(Occurrence) if row.schedule_id == schedule.id and row.status == "skipped"]
    assert 3 == len(late)
    assert "Skipped 3 times" in text(await coffee.says("vera", "/coord prompt list"))


async def test_members_whose_moment_passed_while_it_was_off_are_skipped_each(coffee: World):
    """Where it is too late for Auckland and not for Madrid, one is recorded as skipped and the others are asked."""
    await change(coffee, "bea", zone="Pacific/Auckland")
    await saves(coffee, late="12")
    coffee.clock.set(datetime(2026, 3, 4, 17, 0, tzinfo=UTC))
    await coffee.delivers()
    assert SKIPPED == (await mine(coffee, "bea"))[0].status
    await coffee.passes(minutes=15)
    assert 11 == len([row for row in await coffee.rows(PromptAnswer) if row.status == ASKED])


async def test_a_clock_that_goes_back_asks_nobody_twice(coffee: World):
    """After a step back of a day the same Wednesday passes again, silently."""
    await asked(coffee)
    coffee.clock.set(datetime(2026, 3, 3, 16, tzinfo=UTC))
    assert 0 == keys_of(await coffee.until("2026-03-05 12:00")).count("prompt.ask")


async def test_a_zone_that_does_not_exist_any_more_counts_as_the_communitys(coffee: World):
    """A stored zone that left the tz database stops nobody's question."""
    await change(coffee, "ana", zone="Europe/Atlantis")
    await saves(coffee)
    await coffee.until("2026-03-04 15:00")
    assert datetime(2026, 3, 4, 16, tzinfo=UTC) == (await mine(coffee, "ana"))[0].due_at


async def test_who_moves_west_is_asked_by_their_new_clock(coffee: World):
    """A member who changes zone on the day is asked once, at five where they live now."""
    await saves(coffee)
    await coffee.until("2026-03-04 12:00")
    await change(coffee, "ana", zone="America/Bogota")
    assert [] == to(await coffee.until("2026-03-04 21:55"), coffee.dm("ana"))
    assert ["prompt.ask"] == to(await coffee.until("2026-03-04 22:15"), coffee.dm("ana"))


async def test_a_gap_and_a_fold(coffee: World):
    """On the night the clock springs forward half past two is half past three; when it falls back, the first counts."""
    for name in NAMES:
        await change(coffee, name, quiet_start="00:00", quiet_end="00:00")
    await saves(coffee, often="custom", rule="FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", at="02:30")
    await coffee.until("2026-03-28 13:00")
    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == (await mine(coffee, "ana"))[0].due_at
    coffee.clock.set(datetime(2026, 10, 24, 13, tzinfo=UTC))
    await coffee.delivers()
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == (await mine(coffee, "ana"))[-1].due_at


async def test_a_closed_programme_asks_nobody(coffee: World):
    """A prompt of a programme that was closed goes out no more."""
    from storage.programme import Programme

    await saves(coffee)
    (programme,) = await coffee.rows(Programme)
    async with coffee.database.unit() as db:
        programme.closed_at = coffee.clock.now()
        await db.merge(programme)
    assert 0 == keys_of(await coffee.until("2026-03-05 12:00")).count("prompt.ask")


async def test_who_left_is_asked_nothing_even_if_it_is_on_its_way(coffee: World):
    """Leaving between the question and its delivery takes it back."""
    await saves(coffee)
    await coffee.until("2026-03-04 16:00")
    name = await on_its_way(coffee)
    await coffee.says(name, "/programme leave")
    await coffee.presses(name, "Leave")
    assert "prompt.ask" not in to(await coffee.until("2026-03-04 17:00"), coffee.dm(name))


async def test_the_list_shows_the_next_five_times(coffee: World):
    """Each prompt has a number, whom it asks, when, and its next five times."""
    assert "prompt.none" == key(await coffee.says("vera", "/coord prompt list"))
    await saves(coffee, often="last", weekday="FR")
    shown = text(await coffee.says("vera", "/coord prompt list"))
    for day in ("March 27", "April 24", "May 29", "June 26", "July 31"):
        assert f"Friday, {day}, 2026" in shown
    assert ["1 What did you learn?"] == await completions(coffee)


async def completions(world: World) -> list[str]:
    """Return what is offered for a prompt's number."""
    from dataclasses import replace

    call = replace(world.town.command("vera", "", "general"), path=("coord", "prompt", "edit"))
    return await world.app.complete(call, "prompt", "")


async def test_it_speaks_spanish(coffee: World):
    """A Spanish member reads buttons and promises in Spanish; the question is as it was written."""
    comes(coffee, "ana", locale="es")
    await change(coffee, "ana", language="es")
    await asked(coffee)
    seen = coffee.sees("ana", coffee.dm("ana"))[-1]
    assert "[Sí]" in seen
    assert "What did you learn?" in seen
    assert view(await coffee.presses("ana", "Sí")).key == "prompt.thanks"
