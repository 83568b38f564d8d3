"""Rounds are drawn on time; who is left out hears it kindly, and a coordinator sees before anything is sent."""

import pytest

from bot.chat.reply import Ask
from storage.pair import Pair
from storage.programme import Role
from storage.round import Round, RoundDraft, RoundWeights
from tests.fakes.world import World, key, text
from tests.features.town import MENTORING, change, drafted_pairs, few, keys_of, member, pairs, to


async def test_who_has_no_partner_is_told_why(world: World):
    """The one whose language nobody speaks hears so, kindly, and with what may help."""
    await few(world, "ana", "bea", "chen", chen={"languages": "Basque"})
    said = await world.until("2026-03-03 10:00")
    assert ["round.unmatched"] == to(said, world.dm("chen"))
    shown = world.sees("chen", world.dm("chen"))[-1]
    assert "Nobody who was free speaks a language you listed." in shown
    assert "You come first in the next one." in shown
    mine = (await member(world, "chen")).id
    assert [1] == [role.waited for role in await world.rows(Role) if role.member_id == mine]


async def test_a_private_wish_is_never_given_as_a_reason(world: World):
    """Who is left out because somebody would rather not meet them hears no reason that tells it."""
    await few(world, "ana", "bea", "chen", chen={"languages": "Basque"}, ana={"languages": "English"})
    bea = (await member(world, "bea")).id
    await change(world, "ana", avoid=[bea])
    said = await world.until("2026-03-03 10:00")
    assert ["round.unmatched"] * 3 == keys_of(said)
    shown = world.sees("bea", world.dm("bea"))[-1]
    assert "wish" not in shown
    assert "avoid" not in shown


@pytest.mark.parametrize(
    ("zone", "before", "moment"),
    [
        ("America/Bogota", "2026-03-03 14:59", "2026-03-03 15:00"),
        ("Asia/Tokyo", "2026-03-03 00:59", "2026-03-03 01:00"),
    ],
)
async def test_a_round_is_made_at_the_programmes_own_time(world: World, zone: str, before: str, moment: str):
    """Tuesday at ten is ten where the programme is, wherever its members are."""
    await few(world, "ana", "bea", file={"timezone": zone})
    assert [] == await world.until(before)
    assert "pair.introduced" in keys_of(await world.until(moment))


async def test_a_round_is_made_every_two_weeks_with_somebody_new(coffee: World):
    """The second round comes two weeks later and repeats no pair; the first one's pairs have ended."""
    await coffee.until("2026-03-03 10:00")
    first = set((await pairs(coffee)).values())
    await coffee.until("2026-03-17 09:30")
    second = set((await pairs(coffee)).values())
    assert 6 == len(second)
    assert set() == first & second
    assert first == set((await pairs(coffee, "ended")).values())


async def test_a_preview_sends_nothing(coffee: World):
    """A coordinator sees the pairs as they would be; nobody hears of it, and the same draft is shown again."""
    shown = await coffee.says("vera", "/coord matching preview")
    assert "round.preview" == key(shown)
    assert "Pairs: 6" in text(shown)
    assert [] == await coffee.delivers()
    assert text(shown) == text(await coffee.says("vera", "/coord matching preview"))
    assert ([], [], 1) == (await coffee.rows(Pair), await coffee.rows(Round), len(await coffee.rows(RoundDraft)))


async def test_a_coordinator_can_make_a_round_now(coffee: World):
    """Publishing asks once more, and then introduces everybody at once, just as the draft said."""
    assert "round.confirm" == key(await coffee.says("vera", "/coord matching publish"))
    drafted = await drafted_pairs(coffee)
    assert "round.published" == key(await coffee.presses("vera", "Publish"))
    assert ["pair.introduced"] * 6 == keys_of(await coffee.delivers())
    assert ["published"] == [row.status for row in await coffee.rows(Round)]
    assert drafted == set((await pairs(coffee)).values())
    assert [] == await coffee.rows(RoundDraft)


async def test_a_round_needs_two_people(world: World):
    """With one person the coordinator is told what is missing, and no round is made."""
    await few(world, "ana")
    assert "round.one" == key(await world.says("vera", "/coord matching publish"))
    assert [] == await world.rows(Round)


async def test_who_is_paused_is_left_in_peace(coffee: World):
    """A paused member is in no round and gets no word about it."""
    await change(coffee, "ana", paused_until=coffee.clock.now().replace(day=20))
    said = await coffee.until("2026-03-03 10:00")
    assert not any("ana" in people for people in (await pairs(coffee)).values())
    assert [] == to(said, coffee.dm("ana"))


async def test_mentors_take_as_many_as_they_can(world: World):
    """Three mentees and one mentor for one: one pair is made, and the others are told that mentors are full."""
    await world.applies(MENTORING)
    for name, role in (("ana", "mentor"), ("bea", "mentee"), ("chen", "mentee"), ("dia", "mentee")):
        await world.joins(name, role=role)
    await world.delivers()
    said = await world.until("2026-03-03 10:00")
    assert 1 == keys_of(said).count("pair.introduced")
    assert 2 == keys_of(said).count("round.unmatched")
    assert "ana" in next(iter((await pairs(world)).values()))
    alone = next(name for name in ("bea", "chen", "dia") if to(said, world.dm(name)))
    assert "All mentors who fit are full at the moment." in world.sees(alone, world.dm(alone))[-1]


async def test_a_help_queue_makes_no_rounds(world: World):
    """A coordinator who asks for a round of a help queue is told that it has none."""
    await world.applies({"kith": 1, "name": "Help", "slug": "help", "kind": "help", "summary": "Ask away."})
    assert "round.no_rounds" == key(await world.says("vera", "/coord matching publish"))


async def test_several_programmes_need_a_name(coffee: World):
    """With two programmes a slow command, which cannot ask by form, shows how to say which one."""
    await coffee.applies(MENTORING)
    reply = await coffee.says("vera", "/coord matching preview")
    assert not isinstance(reply, Ask)
    assert "core.missing" == key(reply)
    assert "round.preview" == key(await coffee.says("vera", "/coord matching preview coffee"))


async def test_past_rounds_teach_nothing_before_there_are_enough(coffee: World):
    """With few pairs behind it, the command says how many are needed, and proposes nothing."""
    reply = await coffee.says("vera", "/coord matching learn")
    assert "round.too_few" == key(reply)
    assert "I need 60 pairs" in text(reply)
    assert [] == await coffee.rows(RoundWeights)


async def test_what_past_rounds_teach_is_tried_and_not_applied(coffee: World):
    """Pairs with shared interests did well: the weights that follow are a proposal, tried on the last round first."""
    await coffee.until("2026-03-03 09:30")
    rows = await coffee.rows(Pair)
    assert all(pair.parts for pair in rows)
    async with coffee.database.unit() as db:
        for number in range(240):
            shared, good = (number % 4) / 3, number % 4 + number % 3 > 2
            db.add(
                Pair(
                    id=f"past-{number}", community_id=rows[0].community_id, programme_id=rows[0].programme_id,
                    round_id=rows[0].round_id, status="ended", ended_why="over" if good else "left",
                    parts={"interests": shared, "level": (number % 5) / 4}, created_at=rows[0].created_at,
                    ended_at=rows[0].created_at, met_at=rows[0].created_at,
                )
            )  # fmt: skip
    reply = await coffee.says("vera", "/coord matching learn")
    said = text(reply)
    assert "240 pairs are over, 120 of them" in said
    assert "Shared interests: odds ×" in said
    assert "They do not count yet." in said
    (row,) = await coffee.rows(RoundWeights)
    assert (row.weights, row.proposed["interests"] > row.proposed["level"]) == ({}, True)
    assert "round.weights_tried" == key(await coffee.presses("vera", "Try on the last round"))
    (row,) = await coffee.rows(RoundWeights)
    assert {} == row.weights
    assert "round.weights_used" == key(await coffee.presses("vera", "Use these weights"))
    assert "core.not_allowed" == key(await coffee.says("ana", "/coord matching learn"))
