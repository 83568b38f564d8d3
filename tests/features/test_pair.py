"""Rounds make pairs; members hear who, why, and what happens when it ends."""

from typing import Any

import pytest

from bot.chat.reply import Ask
from storage.outbox import Outbox
from storage.pair import Pair, Round
from storage.programme import Role
from tests.fakes.world import COFFEE, NAMES, World, key, text
from tests.features.town import MENTORING, change, comes, keys_of, member, pairs, partner, to


async def few(world: World, *names: str, **more: Any) -> None:
    """Let these people join the coffee programme."""
    await world.applies(COFFEE | more.pop("file", {}))
    for name in names:
        await world.joins(name, **more.get(name, {}))
    await world.delivers()


async def test_each_pair_meets_in_a_room_of_its_own(coffee: World):
    """Six rooms open for twelve people, each with one introduction that both can read and nobody else can."""
    said = await coffee.until("2026-03-03 09:00")
    assert ["pair.introduced"] * 6 == keys_of(said)
    other = await partner(coffee, "ana")
    room = next(message.channel for message in said if message in coffee.town.visible("ana"))
    assert "pair.introduced" in coffee.keys(other, room)
    assert [] == [name for name in NAMES if name not in ("ana", other) and coffee.keys(name, room)]


async def test_an_introduction_says_why(world: World):
    """The introduction names what both share and who can help whom."""
    await few(
        world, "ana", "bea",
        ana={"languages": "English; Spanish", "offers": "Python", "interests": "chess"},
        bea={"languages": "Spanish", "wants": "python", "interests": "Chess"},
    )  # fmt: skip
    (said,) = await world.until("2026-03-03 09:00")
    shown = world.sees("ana", said.channel)[0]
    assert "You both speak Spanish." in shown
    assert "@Ana can help with python, which @Bea asked for." in shown
    assert "You both enjoy chess." in shown.replace("Chess", "chess")
    assert "You share 20 free hours a week." in shown


async def test_three_are_a_trio_and_nobody_says_you_two(world: World):
    """With an odd number one pair has three members, and its words are for three."""
    await few(world, "ana", "bea", "chen")
    (said,) = await world.until("2026-03-03 09:00")
    assert [frozenset({"ana", "bea", "chen"})] == list((await pairs(world)).values())
    shown = world.sees("chen", said.channel)[0]
    assert "Hello, all of you" in shown
    assert "You all speak English." in shown
    assert "both" not in shown
    assert "Your partners: @Ana and @Bea." in text(await world.opens_home("chen"))


async def test_a_trio_goes_on_when_one_leaves(world: World):
    """Two remain a pair and are told that the third had to go; neither is told to wait for the next round."""
    await few(world, "ana", "bea", "chen")
    await world.until("2026-03-03 10:00")
    await world.says("chen", "/programme leave")
    await world.presses("chen", "Leave")
    said = await world.delivers()
    assert ["pair.partner_left"] * 2 == keys_of(said)
    assert "next round" not in world.sees("ana", world.dm("ana"))[-1]
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())


async def test_who_has_no_partner_is_told_why(world: World):
    """The one whose language nobody speaks hears so, kindly, and with what may help."""
    await few(world, "ana", "bea", "chen", chen={"languages": "Basque"})
    said = await world.until("2026-03-03 10:00")
    assert ["pair.unmatched"] == to(said, world.dm("chen"))
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
    assert ["pair.unmatched"] * 3 == keys_of(said)
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


async def test_a_pair_is_thanked_when_its_time_is_over(coffee: World):
    """Each room hears once that the round is over and that the room stays."""
    await coffee.until("2026-03-03 10:00")
    room = next(row.room for row in await coffee.rows(Pair))
    said = await coffee.until("2026-03-17 10:00")
    assert 6 == keys_of(said).count("pair.ended")
    assert ["pair.ended"] == [one for one in to(said, room) if one != "pair.introduced"]


async def test_without_rooms_each_is_written_to_in_private(coffee: World):
    """A community that wants no rooms gets introductions as direct messages, without talk of a room."""
    asked = await coffee.says("vera", "/coord settings core")
    await coffee.submits("vera", asked, {"core.rooms": "dm"})
    said = await coffee.until("2026-03-04 09:00")
    assert ["pair.introduced"] * 12 == keys_of(said)
    assert {coffee.dm(name) for name in NAMES} == {message.channel for message in said}
    assert "room" not in coffee.sees("ana", coffee.dm("ana"))[-1]


async def test_why_is_answered_for_ones_own_pair_only(coffee: World):
    """A member may ask why; who has no pair is told, and somebody else's button is refused."""
    assert "pair.none" == key(await coffee.says("ana", "/match why"))
    await coffee.until("2026-03-03 10:00")
    other = await partner(coffee, "ana")
    assert f"@{other.capitalize()}" in text(await coffee.says("ana", "/match why"))
    mine = next(pair for pair, people in (await pairs(coffee)).items() if "ana" in people)
    stranger = next(name for name in NAMES if name not in ("ana", other))
    assert "pair.why" == key(await coffee.presses_id("ana", f"pair.why:{mine}"))
    assert "pair.not_yours" == key(await coffee.presses_id(stranger, f"pair.why:{mine}"))


async def test_a_preview_sends_nothing(coffee: World):
    """A coordinator sees the pairs as they would be; nobody hears of it and nothing is stored."""
    shown = await coffee.says("vera", "/coord matching preview")
    assert "pair.preview" == key(shown)
    assert "Pairs: 6" in text(shown)
    assert [] == await coffee.delivers()
    assert ([], []) == (await coffee.rows(Pair), await coffee.rows(Round))


async def test_a_coordinator_can_make_a_round_now(coffee: World):
    """Publishing introduces everybody at once."""
    assert "pair.published" == key(await coffee.says("vera", "/coord matching publish"))
    assert ["pair.introduced"] * 6 == keys_of(await coffee.delivers())
    assert ["published"] == [row.status for row in await coffee.rows(Round)]


async def test_a_round_needs_two_people(world: World):
    """With one person the coordinator is told what is missing, and no round is made."""
    await few(world, "ana")
    assert "pair.nobody" == key(await world.says("vera", "/coord matching publish"))
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
    assert 2 == keys_of(said).count("pair.unmatched")
    assert "ana" in next(iter((await pairs(world)).values()))
    alone = next(name for name in ("bea", "chen", "dia") if to(said, world.dm(name)))
    assert "All mentors who fit are full at the moment." in world.sees(alone, world.dm(alone))[-1]


async def test_an_introduction_is_sent_once_however_often_the_round_is_swept(coffee: World):
    """Sweeping again, or asking for the same outbox key, writes no second introduction."""
    await coffee.until("2026-03-03 10:00")
    await coffee.delivers()
    keys = [row.key for row in await coffee.rows(Outbox) if row.message == "pair.introduced" and row.op == "send"]
    assert (6, 6) == (len(keys), len(set(keys)))


async def test_a_help_queue_makes_no_rounds(world: World):
    """A coordinator who asks for a round of a help queue is told that it has none."""
    await world.applies({"kith": 1, "name": "Help", "slug": "help", "kind": "help", "summary": "Ask away."})
    assert "pair.no_rounds" == key(await world.says("vera", "/coord matching publish"))


async def test_several_programmes_need_a_name(coffee: World):
    """With two programmes a slow command, which cannot ask by form, shows how to say which one."""
    await coffee.applies(MENTORING)
    reply = await coffee.says("vera", "/coord matching preview")
    assert not isinstance(reply, Ask)
    assert "core.missing" == key(reply)
    assert "pair.preview" == key(await coffee.says("vera", "/coord matching preview coffee"))


async def test_a_spanish_member_reads_the_reasons_in_spanish(coffee: World):
    """The room speaks the community's language; what one asks in private comes in one's own."""
    comes(coffee, "ana", locale="es")
    await change(coffee, "ana", language="es")
    said = await coffee.until("2026-03-03 10:00")
    room = next(message.channel for message in said if message in coffee.town.visible("ana"))
    assert "Hello, you two" in coffee.sees("ana", room)[0]
    assert "Compartís idioma: inglés." in text(await coffee.says("ana", "/match why"))
