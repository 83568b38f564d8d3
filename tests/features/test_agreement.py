"""A pair agrees how it works together: one suggests, all say yes, anybody may change it, and half time asks again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rights
from bot.features.agreement import rules
from bot.recurrence import to_wall
from storage.agreement import Agreement, AgreementSeat
from storage.checkin import ANSWERED, ASKED, DROPPED
from tests.fakes.world import NAMES, World, key, text
from tests.features.town import change, few, in_touch, keys_of, member, pairs, to

LONG = {"rounds": {"every_weeks": 8, "weekday": "tue", "at": "10:00"}, "checkins": [], "texts": {}}
TERMS = {"rhythm": "weekly", "channel": "video", "confidentiality": "between"}


async def paired(world: World, *names: str, **file: object) -> str:
    """Let these people be one pair from Tuesday on; return its room."""
    await few(world, *(names or ("ana", "bea")), file=LONG | file)
    (said,) = await world.until("2026-03-03 09:30")
    return said.channel


async def suggests(world: World, who: str, **answers: str) -> str:
    """Fill in the form from the button in the room; return what the answer says."""
    asked = await world.presses_id(who, f"agreement.open:{next(iter(await pairs(world)))}")
    return key(await world.submits(who, asked, TERMS | {"hope": ""} | answers))


async def test_both_agree_and_the_room_shows_it(world: World):
    """Ana suggests with her hope, Bea presses one button, and the room reads what both agreed."""
    room = await paired(world)
    assert "agreement.waiting" == await suggests(world, "ana", hope="Somebody to think aloud with.")
    assert ["agreement.suggested"] == to(await world.delivers(), room)
    assert "@Ana suggests how you could work together:" in world.sees("bea", room)[-1]
    assert "agreement.done" == key(await world.presses("bea", "I agree"))
    assert ["agreement.agreed"] == to(await world.delivers(), room)
    shown = world.sees("ana", room)[-1]
    assert "Every week" in shown
    assert "@Ana hopes: “Somebody to think aloud with.”" in shown
    (agreement,) = await world.rows(Agreement)
    assert world.clock.now() == agreement.agreed_at


async def test_one_yes_is_not_an_agreement(world: World):
    """Who suggested may press as often as they like; it is not agreed before the other says yes."""
    room = await paired(world)
    await suggests(world, "ana")
    await world.delivers()
    assert "agreement.waiting" == key(await world.presses("ana", "I agree"))
    assert [] == to(await world.delivers(), room)
    assert [None] == [row.agreed_at for row in await world.rows(Agreement)]


async def test_a_change_needs_both_again(world: World):
    """Other terms undo the agreement until the first says yes to them; the old button says so and changes nothing."""
    await paired(world)
    await suggests(world, "ana")
    await world.delivers()
    old = world.newest_with("bea", "I agree")
    await world.presses("bea", "I agree")
    assert "agreement.waiting" == await suggests(world, "bea", rhythm="monthly")
    assert [None] == [row.agreed_at for row in await world.rows(Agreement)]
    assert "agreement.changed" == key(await world.presses("ana", "I agree", message=old))
    await world.delivers()
    assert "Once a month" in text(await world.says("ana", "/match agreement"))
    assert "agreement.done" == key(await world.presses("ana", "I agree"))
    assert [2] == [row.revision for row in await world.rows(Agreement)]


async def test_the_same_terms_again_are_a_yes(world: World):
    """Bea sends the form with Ana's terms and a hope of her own: both have agreed, and a later hope undoes nothing."""
    room = await paired(world)
    await suggests(world, "ana")
    assert "agreement.done" == await suggests(world, "bea", hope="To write better.")
    assert "agreement.done" == await suggests(world, "ana", hope="Good questions.")
    said = to(await world.delivers(), room)
    assert ["agreement.suggested", "agreement.agreed", "agreement.agreed"] == said
    assert "Good questions." in world.sees("bea", room)[-1]


async def test_nobody_else_may_look_or_agree(coffee: World):
    """A stranger's press on any button of a pair's agreement is refused, and nothing is stored."""
    await coffee.until("2026-03-03 09:30")
    pair, people = next(iter((await pairs(coffee)).items()))
    stranger = next(name for name in NAMES if name not in people)
    agreement = next(row.id for row in await coffee.rows(Agreement) if row.pair_id == pair)
    seat = next(row.id for row in await coffee.rows(AgreementSeat) if row.agreement_id == agreement)
    for action in (f"agreement.open:{pair}", f"agreement.see:{pair}", f"agreement.agree:{agreement}:0"):
        assert "core.not_your_pair" == key(await coffee.presses_id(stranger, action))
    assert "core.not_yours" == key(await coffee.presses_id(stranger, f"agreement.keep:{seat}"))
    assert {0} == {row.revision for row in await coffee.rows(AgreementSeat)}


async def test_half_time_asks_again(world: World):
    """Eight weeks are halfway after four: each is asked at ten in their own morning, by the planner's rules."""
    day = {"availability": "daily 08:00-23:00"}
    await few(world, "ana", "bea", file=LONG, ana=day, bea=day | {"zone": "America/Bogota"})
    await world.until("2026-03-03 09:30")
    await suggests(world, "ana")
    await suggests(world, "bea")
    await in_touch(world)
    assert [] == keys_of(await world.until("2026-03-31 07:59"))[2:]
    assert ["agreement.half_time"] == to(await world.until("2026-03-31 08:15"), world.dm("ana"))
    assert "Does this still suit you?" in world.sees("ana", world.dm("ana"))[-1]
    assert "agreement.kept" == key(await world.presses("ana", "It suits me"))
    assert ["agreement.half_time"] == to(await world.until("2026-03-31 15:15"), world.dm("bea"))
    assert [ANSWERED, ASKED] == sorted(row.status for row in await world.rows(AgreementSeat))


async def test_who_wants_no_nudges_is_not_asked_at_half_time(world: World):
    """A budget of none keeps the question away; the command still shows everything."""
    await paired(world)
    await in_touch(world)
    await change(world, "ana", weekly_nudges=0)
    said = await world.until("2026-04-02 12:00")
    assert ([], ["agreement.half_time"]) == (to(said, world.dm("ana")), to(said, world.dm("bea")))
    assert "Nothing is agreed yet." in text(await world.says("ana", "/match agreement"))


async def test_a_short_round_has_no_half_time_question(coffee: World):
    """Two weeks are too short to ask twice."""
    said = await coffee.until("2026-03-17 08:00")
    assert "agreement.half_time" not in keys_of(said)
    assert {DROPPED} == {row.status for row in await coffee.rows(AgreementSeat)}


async def test_without_rooms_the_other_is_told_in_private(world: World):
    """Where pairs meet by direct message, the suggestion goes to the other alone, the agreement to both."""
    asked = await world.says("vera", "/coord settings core")
    await world.submits("vera", asked, {"core.rooms": "dm"})
    await few(world, "ana", "bea", file=LONG)
    await world.until("2026-03-03 09:30")
    await suggests(world, "ana")
    assert [(world.dm("bea"), "agreement.suggested")] == [(one.channel, one.view.key) for one in await world.delivers()]
    await world.presses("bea", "I agree")
    said = await world.delivers()
    assert {world.dm("ana"), world.dm("bea")} == {one.channel for one in said}
    assert ["agreement.agreed"] * 2 == keys_of(said)


async def test_when_the_one_who_had_not_agreed_leaves_the_others_have(world: World):
    """Two of three said yes; the third leaves the programme, and what the two said counts."""
    room = await paired(world, "ana", "bea", "chen")
    await suggests(world, "ana")
    await suggests(world, "bea")
    await world.delivers()
    await world.says("chen", "/programme leave")
    await world.presses("chen", "Leave")
    assert "agreement.agreed" in to(await world.delivers(), room)


async def test_a_programme_may_do_without(world: World):
    """With `agreement = false` there is no button, no row and no question."""
    room = await paired(world, pairs={"agreement": False})
    assert "Agree how we work" not in world.sees("ana", room)[0]
    assert [] == await world.rows(Agreement)
    assert "How we work" not in text(await world.says("ana", "/match why"))


async def test_the_page_offers_what_waits(world: World):
    """A suggestion that waits for one's yes is on one's page, and leads to it; without a pair the command says so."""
    assert "agreement.no_pair" == key(await world.says("ana", "/match agreement"))
    await paired(world)
    await suggests(world, "ana")
    assert "waiting for your yes" in text(await world.opens_home("bea"))
    assert "waiting for your yes" not in text(await world.opens_home("ana"))
    assert "agreement.shown" == key(await world.presses_id("bea", f"agreement.see:{next(iter(await pairs(world)))}"))


async def test_it_is_said_in_spanish(world: World):
    """The form, the terms and the answer come in the member's own language."""
    await paired(world)
    await change(world, "ana", language="es")
    assert "Aún no hay nada acordado." in text(await world.says("ana", "/match agreement"))
    await suggests(world, "ana")
    assert "Cada semana" in text(await world.says("ana", "/match agreement"))


async def test_hopes_go_with_the_member(world: World):
    """What somebody hoped for is erased when they are forgotten; the terms, which name nobody, stay with the pair."""
    await paired(world)
    await suggests(world, "ana", hope="Somebody to think aloud with.")
    mine = await member(world, "ana")
    await world.app.work(mine.community_id, lambda work: rights.forget(work, mine.id))
    assert [""] == [row.hope for row in await world.rows(AgreementSeat)]


NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("revision", "said", "agreed"),
    [
        (0, [0, 0], False),
        (1, [1, 0], False),
        (1, [1, 1], True),
        (2, [2, 1], False),
        (2, [2, 2, 2], True),
        (1, [], False),
    ],
)
def test_agreed_is_what_everybody_said_yes_to(revision: int, said: list[int], agreed: bool):
    """A yes counts for the newest revision only, and nobody agrees to nothing."""
    seats = [
        AgreementSeat(
            id=str(number), community_id="c", agreement_id="a", member_id=str(number), revision=one, due_at=NOW,
            expires_at=NOW,
        )
        for number, one in enumerate(said)
    ]  # fmt: skip
    assert agreed == rules.all_agree(revision, seats)


def test_somebody_without_a_part_has_not_agreed():
    """A member whose row is missing counts as one who has not said yes."""
    assert not rules.all_agree(1, [None])


@given(
    weeks=st.integers(4, 60),
    zone=st.sampled_from(["Europe/Madrid", "Asia/Kathmandu", "Pacific/Apia", "America/Bogota"]),
)
def test_half_time_is_in_the_middle_and_in_the_morning(weeks: int, zone: str):
    """Within a day of the middle, at ten on the member's own clock."""
    ends = NOW + timedelta(weeks=weeks)
    due = rules.half_time(NOW, ends, zone)
    assert due is not None
    assert abs(due - (NOW + (ends - NOW) / 2)) <= timedelta(days=1)
    assert 10 == to_wall(due, zone).hour
