"""Members are asked whether they met: at their own time, once, and as often as they can bear."""

from datetime import UTC, datetime

import pytest

from storage.checkin import ANSWERED, DROPPED, SKIPPED, CheckIn
from storage.outbox import Outbox
from storage.pair import Pair
from tests.fakes.world import COFFEE, NAMES, World, key, text
from tests.features.town import change, checkins, comes, in_touch, keys_of, member, pairs, partner, to

ASKED_AT = "2026-03-05 16:15"  # Thursday, a quarter past five in Madrid: the question and its jitter have passed


@pytest.fixture
async def paired(coffee: World) -> World:
    """Six pairs, introduced on Tuesday."""
    await coffee.until("2026-03-03 10:00")
    return coffee


async def two(world: World, *, ana: dict[str, str] | None = None, bea: dict[str, str] | None = None) -> None:
    """Let Ana and Bea join, and be paired on Tuesday."""
    await world.applies()
    await world.joins("ana", availability="daily 08:00-23:00", **(ana or {}))
    await world.joins("bea", availability="daily 08:00-23:00", **(bea or {}))
    await world.until("2026-03-03 10:00")


async def test_everybody_is_asked_on_thursday_at_five(paired: World):
    """Twelve questions come between five and ten past, each in private."""
    assert [] == await paired.until("2026-03-05 15:59")
    said = await paired.until("2026-03-05 16:10")
    assert ["checkin.ask"] * 12 == keys_of(said)
    assert {paired.dm(name) for name in NAMES} == {message.channel for message in said}


async def test_each_is_asked_at_five_where_they_live(world: World):
    """A pair between Bogotá and Lisbon is asked at two different moments."""
    await two(world, ana={"zone": "America/Bogota"}, bea={"zone": "Europe/Lisbon"})
    due = {name: (await checkins(world, name))[0].due_at for name in ("ana", "bea")}
    assert datetime(2026, 3, 5, 22, 0, tzinfo=UTC) == due["ana"]
    assert datetime(2026, 3, 5, 17, 0, tzinfo=UTC) == due["bea"]
    said = await world.until("2026-03-05 18:00")
    assert (["checkin.ask"], []) == (to(said, world.dm("bea")), to(said, world.dm("ana")))
    assert ["checkin.ask"] == to(await world.until("2026-03-05 23:00"), world.dm("ana"))


async def test_the_programmes_own_question_is_asked_in_the_members_language(paired: World):
    """A Spanish member reads the question as the file says it in Spanish, also when they ask for it again."""
    comes(paired, "ana", locale="es")
    await change(paired, "ana", language="es")
    await paired.until(ASKED_AT)
    assert "¿Os habéis visto esta semana?" in paired.sees("ana", paired.dm("ana"))[-1]
    assert "[Nos hemos visto]" in paired.sees("ana", paired.dm("ana"))[-1]
    assert "¿Os habéis visto esta semana?" in text(await paired.says("ana", "/checkin now"))
    await paired.presses("ana", "Todavía no")
    assert "¿Os habéis visto esta semana?" in text(await paired.presses("ana", "Cambiar mi respuesta"))


async def test_a_question_of_the_file_comes_back_as_it_was_asked(world: World):
    """Asked again, a question is the programme's own, not a general one."""
    question = {"key": "half", "weekday": "thu", "at": "17:00", "question": "Half time. How is it?"}
    await world.applies(COFFEE | {"checkins": [question], "texts": {}})
    for name in ("ana", "bea"):
        await world.joins(name)
    await world.until(ASKED_AT)
    assert "Half time. How is it?" in text(await world.says("ana", "/checkin now"))


@pytest.mark.parametrize(
    ("label", "answer", "says"),
    [
        ("We met", "met", "checkin.met"),
        ("Scheduled", "scheduled", "checkin.scheduled"),
        ("Not yet", "not_yet", "checkin.not_yet"),
        ("I need help", "help", "checkin.help"),
    ],
)
async def test_an_answer_is_one_press(paired: World, label: str, answer: str, says: str):
    """Each button is kept as it was pressed and thanked for in the same message."""
    await paired.until(ASKED_AT)
    asked = paired.newest_with("ana", label)
    assert says == key(await paired.presses("ana", label))
    row = (await checkins(paired, "ana"))[0]
    assert (ANSWERED, answer, paired.clock.now()) == (row.status, row.answer, row.answered_at)
    assert says == paired.town.message(asked.id).view.key


async def test_we_met_spares_the_other(world: World):
    """Once one has said that they met, the other, whose five o'clock comes later, is not asked."""
    await two(world, ana={"zone": "Asia/Tokyo"}, bea={"zone": "America/Bogota"})
    await world.until("2026-03-05 09:00")
    assert "checkin.met" == key(await world.presses("ana", "We met"))
    said = await world.until("2026-03-06 12:00")
    assert [] == to(said, world.dm("bea"))
    assert (DROPPED, "already_met") == ((row := (await checkins(world, "bea"))[0]).status, row.why)
    assert [world.clock.now().date().replace(day=5)] == [pair.met_at.date() for pair in await world.rows(Pair)]


async def test_next_week_is_asked_again(world: World):
    """Having met spares the other this week's question, not next week's."""
    await two(world)
    await world.until(ASKED_AT)
    await world.presses("ana", "We met")
    said = await world.until("2026-03-12 16:15")
    assert ["checkin.ask"] * 2 == keys_of(said)


async def test_tomorrow_is_tomorrow(paired: World):
    """[Ask me tomorrow] brings the question back a day later, with its buttons."""
    await paired.until(ASKED_AT)
    assert "checkin.snoozed" == key(await paired.presses("ana", "Ask me tomorrow"))
    assert [] == to(await paired.until("2026-03-06 16:10"), paired.dm("ana"))
    assert ["checkin.ask"] == to(await paired.until("2026-03-06 16:30"), paired.dm("ana"))
    assert "checkin.met" == key(await paired.presses("ana", "We met"))


async def test_an_answer_can_be_changed(paired: World):
    """[Change my answer] shows the question again, and the last press counts."""
    await paired.until(ASKED_AT)
    await paired.presses("ana", "Not yet")
    assert "checkin.ask" == key(await paired.presses("ana", "Change my answer"))
    assert "checkin.scheduled" == key(await paired.presses("ana", "Scheduled"))
    assert "scheduled" == (await checkins(paired, "ana"))[0].answer


async def test_somebody_elses_button_does_nothing(paired: World):
    """A press with another member's check-in is refused and changes nothing, whichever button it is."""
    await paired.until(ASKED_AT)
    row = (await checkins(paired, "ana"))[0]
    other = await partner(paired, "ana")
    stranger = next(name for name in NAMES if name not in ("ana", other))
    for button in ("met", "scheduled", "not_yet", "help", "later", "again"):
        assert "core.not_yours" == key(await paired.presses_id(stranger, f"checkin.{button}:{row.id}"))
    assert "core.gone" == key(await paired.presses_id("ana", "checkin.met:nothing"))
    assert [] == [row for row in await paired.rows(CheckIn) if row.answer]


async def test_who_asks_for_help_is_named_to_coordinators_and_nobody_else(paired: World):
    """The coordinators' channel learns who would like a word; the partner and the other channels learn nothing."""
    await paired.until(ASKED_AT)
    assert "The coordinators know" in text(await paired.presses("ana", "I need help"))
    said = await paired.delivers()
    assert [("coordinators", "checkin.help_wanted")] == [(one.channel, one.view.key) for one in said]
    assert "@Ana" in paired.sees("vera", "coordinators")[-1]
    assert [] == paired.sees("bea", "coordinators")


async def test_without_a_channel_for_coordinators_the_truth_is_told(paired: World):
    """Who asks for help where nobody would hear it is told to write to a coordinator."""
    asked = await paired.says("vera", "/coord settings core")
    await paired.submits("vera", asked, {"core.coordinator_channel": ""})
    await paired.until(ASKED_AT)
    assert "no channel for coordinators" in text(await paired.presses("ana", "I need help"))
    assert [] == await paired.delivers()


async def test_help_is_told_once(paired: World):
    """Pressing again, after changing the answer, does not tell the coordinators twice."""
    await paired.until(ASKED_AT)
    for label in ("I need help", "Change my answer", "I need help"):
        await paired.presses("ana", label)
    assert ["checkin.help_wanted"] == keys_of(await paired.delivers())


async def test_quiet_hours_are_quiet(paired: World):
    """Who is quiet from four to seven is asked at seven."""
    await change(paired, "ana", quiet_start="16:00", quiet_end="19:00")
    assert [] == to(await paired.until("2026-03-05 17:59"), paired.dm("ana"))
    assert ["checkin.ask"] == to(await paired.until("2026-03-05 18:15"), paired.dm("ana"))


async def test_a_budget_of_none_means_none(paired: World):
    """Who wants no nudges gets none; the question stays answerable on their own page."""
    await change(paired, "ana", weekly_nudges=0)
    said = await paired.until("2026-03-12 18:00")
    assert [] == to(said, paired.dm("ana"))
    assert [(DROPPED, "budget")] * 2 == [(row.status, row.why) for row in await checkins(paired, "ana")]


async def test_one_a_week_means_one_a_week(world: World):
    """With two questions a week and a budget of one, only the first is asked."""
    questions = [
        {"key": "met", "weekday": "wed", "at": "17:00", "question": "Did you two meet?"},
        {"key": "how", "weekday": "thu", "at": "17:00", "question": "How was it?"},
    ]
    await world.applies(COFFEE | {"checkins": questions, "texts": {}})
    for name in ("ana", "bea"):
        await world.joins(name)
    await world.until("2026-03-03 10:00")
    await in_touch(world)
    await change(world, "ana", weekly_nudges=1)
    said = await world.until("2026-03-08 12:00")
    assert (["checkin.ask"], ["checkin.ask"] * 2) == (to(said, world.dm("ana")), to(said, world.dm("bea")))


async def test_a_pause_is_kept(paired: World):
    """Nothing is asked before the pause is over, and a question whose day has passed is dropped."""
    await change(paired, "ana", paused_until=datetime(2026, 3, 10, 8, tzinfo=UTC))
    assert [] == to(await paired.until("2026-03-11 10:00"), paired.dm("ana"))
    assert SKIPPED == (await checkins(paired, "ana"))[0].status
    assert ["checkin.ask"] == to(await paired.until("2026-03-12 17:00"), paired.dm("ana"))


async def test_a_question_that_is_late_is_not_sent_in_a_burst(paired: World):
    """After days without the bot, the questions of those days are recorded as skipped; nobody gets them all at once."""
    paired.clock.set(datetime(2026, 3, 9, 12, 0, tzinfo=UTC))
    assert [] == [one for one in keys_of(await paired.delivers()) if one == "checkin.ask"]
    first = [row for row in await paired.rows(CheckIn) if row.week == 1]
    assert [(SKIPPED, "expired")] * 12 == [(row.status, row.why) for row in first]


async def test_who_has_left_is_asked_nothing(paired: World):
    """Neither who left nor who was left behind is asked about a pair that ended."""
    other = await partner(paired, "ana")
    await paired.says("ana", "/programme leave")
    await paired.presses("ana", "Leave")
    await paired.delivers()
    said = await paired.until(ASKED_AT)
    assert ([], []) == (to(said, paired.dm("ana")), to(said, paired.dm(other)))
    assert {"pair_ended"} == {row.why for row in await checkins(paired, "ana")}


async def test_closed_messages_wait_for_the_next_command(paired: World):
    """Who takes no direct messages is not talked about in the room: the question waits for their next command."""
    comes(paired, "ana", closed=True)
    said = await paired.until(ASKED_AT)
    assert 11 == keys_of(said).count("checkin.ask")
    assert not any(message.channel.startswith("room-") for message in said)
    shown = text(await paired.says("ana", "/programme info"))
    assert "This was waiting for you:" in shown
    assert "Did you two meet this week?" in shown
    assert "This was waiting for you:" not in text(await paired.says("ana", "/programme info"))


async def test_no_question_is_open_until_one_is_asked(paired: World):
    """The command says so kindly before, shows the question after, and says so again once it is answered."""
    assert "checkin.none" == key(await paired.says("ana", "/checkin now"))
    await paired.until(ASKED_AT)
    assert "checkin.ask" == key(await paired.says("ana", "/checkin now"))
    assert "[We met]" in text(await paired.opens_home("ana"))
    await paired.presses("ana", "Not yet")
    assert "checkin.none" == key(await paired.says("ana", "/checkin now"))


async def test_a_trio_is_asked_about_both_others(world: World):
    """Each of three reads the names of the other two."""
    await world.applies()
    for name in ("ana", "bea", "chen"):
        await world.joins(name)
    await world.until(ASKED_AT)
    assert "You and @Bea and @Chen" in world.sees("ana", world.dm("ana"))[-1]
    assert 1 == len(await pairs(world))


async def test_each_question_is_sent_once(paired: World):
    """Sweeping again and again sends nothing twice."""
    await paired.until(ASKED_AT)
    for _ in range(3):
        assert [] == await paired.delivers()
    keys = [row.key for row in await paired.rows(Outbox) if row.message == "checkin.ask"]
    assert (12, 12) == (len(keys), len(set(keys)))
    assert (await member(paired, "ana")).id
