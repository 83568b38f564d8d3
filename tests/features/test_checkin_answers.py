"""Check-ins with answers that suit the question: a scale, labels, words for oneself; once a round; put off, skipped."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.chat.reply import Ask
from bot.feature import Feature, Features
from bot.features import ALL
from storage.checkin import ANSWERED, ASKED, DROPPED, CheckIn
from storage.outbox import Outbox
from storage.pair import Pair
from tests.fakes.world import COFFEE, World, key, text
from tests.features.town import change, checkins, comes, keys_of, member, pairs, to

ASKED_AT = "2026-03-05 16:15"


async def pair_up(world: World, *checkins: dict[str, Any], **file: Any) -> None:
    """Apply a programme with these check-ins; let Ana and Bea join and be paired on Tuesday."""
    questions = [{"weekday": "thu", "at": "17:00"} | one for one in checkins]
    await world.applies(COFFEE | {"checkins": questions, "texts": {}} | file)
    for name in ("ana", "bea"):
        await world.joins(name)
    await world.until("2026-03-03 10:00")


def asks(said: list[Any], channel: str) -> int:
    """Return how many check-ins were said in a channel."""
    return to(said, channel).count("checkin.ask")


async def on_its_way(world: World) -> tuple[str, str]:
    """Stop at the moment when both questions are written; return who gets theirs first, and who later."""
    await world.until("2026-03-05 16:00")
    waiting = [row for row in await world.rows(Outbox) if row.message == "checkin.ask" and row.state == "pending"]
    mine = (await member(world, "ana")).id
    last = max(waiting, key=lambda row: row.due_at)
    return ("bea", "ana") if last.to_id == mine else ("ana", "bea")


async def test_we_met_takes_back_the_question_that_is_on_its_way(world: World):
    """The partner's question waits in the outbox, spread over ten minutes; after "We met" it does not go out."""
    await pair_up(world, {"key": "met", "question": "Did you meet?"})
    first, later = await on_its_way(world)
    row = (await checkins(world, first))[0]
    assert ASKED == (await checkins(world, later))[0].status
    assert "checkin.met" == key(await world.presses_id(first, f"checkin.met:{row.id}"))
    said = await world.until(ASKED_AT)
    assert (0, 0) == (asks(said, world.dm(later)), asks(said, world.dm(first)))
    assert (DROPPED, "already_met") == ((one := (await checkins(world, later))[0]).status, one.why)
    assert "checkin.none" == key(await world.says(later, "/checkin now"))


async def test_a_pair_that_ends_takes_back_what_is_on_its_way(world: World):
    """Leaving a minute before the question goes out spares both of them."""
    await pair_up(world, {"key": "met", "question": "Did you meet?"})
    first, later = await on_its_way(world)
    await world.says(first, "/programme leave")
    await world.presses(first, "Leave")
    said = await world.until(ASKED_AT)
    assert 0 == asks(said, world.dm(later))


async def test_the_middle_and_the_end_of_a_round(world: World):
    """Asked in the middle and in the last week; who met in the middle is not asked at the end, nor their partner."""
    await pair_up(
        world,
        {"key": "half", "question": "Did you meet?", "when": "middle"},
        {"key": "end", "question": "Did you meet at all?", "when": "end"},
        rounds={"every_weeks": 4, "weekday": "tue", "at": "10:00"},
    )
    assert [2, 4] == [row.week for row in await checkins(world, "ana")]
    assert 0 == asks(await world.until("2026-03-11 12:00"), world.dm("ana"))
    assert 1 == asks(await world.until("2026-03-12 16:15"), world.dm("ana"))
    await world.presses("ana", "We met")
    said = await world.until("2026-03-28 12:00")
    assert (0, 0) == (asks(said, world.dm("ana")), asks(said, world.dm("bea")))
    assert "already_met" == (await checkins(world, "bea"))[1].why


async def test_who_had_not_met_in_the_middle_is_asked_at_the_end(world: World):
    """ "Not yet" cancels nothing."""
    await pair_up(
        world,
        {"key": "half", "question": "Did you meet?", "when": "middle"},
        {"key": "end", "question": "Did you meet at all?", "when": "end"},
    )
    await world.until(ASKED_AT)
    await world.presses("ana", "Not yet")
    assert 1 == asks(await world.until("2026-03-12 16:15"), world.dm("ana"))


async def test_a_scale_and_labels_have_buttons_of_their_own(world: World):
    """Each question gets the answers that suit it, in the reader's language; coordinators see numbers from five on."""
    comes(world, "bea", locale="es")
    texts = {"es": {"answers": {"mood": {"1": "Bien", "2": "Regular"}}}}
    await pair_up(
        world,
        {"key": "rate", "question": "How useful was it?", "answers": "scale", "weekday": "wed"},
        {"key": "mood", "question": "How is it going?", "answers": ["Good", "So-so"]},
        texts=texts,
    )
    await change(world, "bea", language="es")
    await world.until(ASKED_AT)
    assert "4: noted" in text(await world.presses("ana", "4"))
    assert "Regular" in world.sees("bea", world.dm("bea"))[-1]
    await world.presses("bea", "Regular")
    rows = {(row.question, row.answer, row.text) for row in await world.rows(CheckIn) if row.status == ANSWERED}
    assert {("rate", "scale", "4"), ("mood", "label", "So-so")} == rows
    shown = text(await world.says("vera", "/coord checkins"))
    assert "one answer" in shown
    assert "So-so" not in shown
    assert "core.not_allowed" == key(await world.says("ana", "/coord checkins"))


async def test_words_stay_with_who_wrote_them(world: World):
    """A question in words is answered by a form after a tap; nobody else reads it."""
    await pair_up(world, {"key": "learnt", "question": "What did you learn?", "answers": "text"})
    await world.until(ASKED_AT)
    assert "Only you can read" in world.sees("ana", world.dm("ana"))[-1]
    form = await world.presses("ana", "Write an answer")
    assert "checkin.kept" == key(await world.submits("ana", form, {"text": "To listen longer."}))
    assert "To listen longer." in text(await world.says("ana", "/me reflections"))
    assert "To listen longer." not in text(await world.says("vera", "/coord checkins"))
    assert "To listen longer." not in text(await world.says("bea", "/me reflections"))


async def session(world: World) -> None:
    """Let the pair's session be confirmed, as the sessions' feature tells it."""
    (pair,) = await world.rows(Pair)
    row = SimpleNamespace(id="s1", pair_id=pair.id, next_step="")
    await world.app.work(await world.community_id(), lambda work: work.happened("session.confirmed", row))


async def test_after_the_first_session_each_is_asked_for_a_plan(world: World):
    """Both are asked once what they will do, may make it a goal, and are not asked after the second session."""
    await pair_up(world, {"key": "met", "question": "Did you meet?"})
    await session(world)
    said = await world.passes(minutes=15)
    assert (1, 1) == (asks(said, world.dm("ana")), asks(said, world.dm("bea")))
    assert "What will you do before the next one?" in world.sees("ana", world.dm("ana"))[-1]
    form = await world.presses("ana", "Write an answer")
    kept = text(await world.submits("ana", form, {"text": "Write the first page."}))
    assert "/goal add" in kept
    await session(world)
    assert [] == await world.passes(minutes=15)
    assert "After the first session" in text(await world.says("vera", "/coord checkins"))


async def test_others_hear_of_an_answer(world: World):
    """The fact is told with the row, for each answer."""
    heard: list[str] = []

    async def hear(work: Any, row: CheckIn) -> None:
        heard.append(row.answer or "")

    await pair_up(world, {"key": "met", "question": "Did you meet?"})
    world.app.features = Features((*ALL, Feature(name="ear", reacts={"checkin.answered": hear})))
    await world.until(ASKED_AT)
    await world.presses("ana", "Not yet")
    await world.presses("ana", "Change my answer")
    await world.presses("ana", "Scheduled")
    assert ["not_yet", "scheduled"] == heard


async def test_an_answer_about_a_pair_that_ended_is_kept(world: World):
    """Days after the round, a press is taken, and says that the pair has ended."""
    await pair_up(world, {"key": "met", "question": "Did you meet?"})
    await world.until("2026-03-18 12:00")
    assert "This pair has ended" in text(await world.presses("ana", "We met"))
    assert ANSWERED in {row.status for row in await checkins(world, "ana")}
    assert "ended" in {pair.status for pair in await world.rows(Pair)}


async def test_next_week_skip_and_until(world: World):
    """A check-in can wait a week, be skipped, or all of a pair's be skipped until a day."""
    weekly = {"key": "met", "question": "Did you meet?"}
    await pair_up(world, weekly, rounds={"every_weeks": 6, "weekday": "tue", "at": "10:00"})
    await world.until(ASKED_AT)
    await world.presses("ana", "Skip this one")
    assert DROPPED == (await checkins(world, "ana"))[0].status
    await world.presses("bea", "Other times")
    form = await world.presses("bea", "None until a day")
    assert isinstance(form, Ask)
    assert "after today" in (await world.submits("bea", form, {"until": "2026-03-05"})).errors["until"]
    assert "checkin.resting" == key(await world.submits("bea", form, {"until": "2026-03-26"}))
    said = await world.until("2026-03-25 12:00")
    assert (2, 0) == (asks(said, world.dm("ana")), asks(said, world.dm("bea")))
    assert 1 == asks(await world.until("2026-03-26 16:15"), world.dm("bea"))
    await world.presses("bea", "Other times")
    assert "checkin.snoozed" == key(await world.presses("bea", "Next week"))
    assert "checkin.ask" in to(await world.until("2026-04-02 16:30"), world.dm("bea"))


@pytest.mark.parametrize("button", ["answer", "write", "next_week", "skip", "until", "other"])
async def test_a_strangers_press_is_refused(world: World, button: str):
    """Whoever is not asked changes nothing with another's buttons."""
    await pair_up(world, {"key": "rate", "question": "How useful was it?", "answers": "scale"})
    await world.until(ASKED_AT)
    row = (await checkins(world, "ana"))[0]
    assert "core.not_yours" == key(await world.presses_id("chen", f"checkin.{button}:{row.id}:1"))
    assert "core.gone" == key(await world.presses_id("ana", f"checkin.answer:{row.id}:9"))
    assert ASKED == (await checkins(world, "ana"))[0].status
    assert 1 == len(await pairs(world))
    assert [] == keys_of(await world.delivers())
