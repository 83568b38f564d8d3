"""Members of a pair hear who, why, and what happens when it ends."""

from storage.outbox import Outbox
from storage.pair import Pair
from tests.fakes.world import NAMES, World, key, text
from tests.features.town import change, comes, few, keys_of, pairs, partner, to


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


async def test_an_introduction_is_sent_once_however_often_the_round_is_swept(coffee: World):
    """Sweeping again, or asking for the same outbox key, writes no second introduction."""
    await coffee.until("2026-03-03 10:00")
    await coffee.delivers()
    keys = [row.key for row in await coffee.rows(Outbox) if row.message == "pair.introduced" and row.op == "send"]
    assert (6, 6) == (len(keys), len(set(keys)))


async def test_a_spanish_member_reads_the_reasons_in_spanish(coffee: World):
    """The room speaks the community's language; what one asks in private comes in one's own."""
    comes(coffee, "ana", locale="es")
    await change(coffee, "ana", language="es")
    said = await coffee.until("2026-03-03 10:00")
    room = next(message.channel for message in said if message in coffee.town.visible("ana"))
    assert "Hello, you two" in coffee.sees("ana", room)[0]
    assert "Compartís idioma: inglés." in text(await coffee.says("ana", "/match why"))
