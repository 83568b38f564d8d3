"""Parting without fault, resting, and the words with which a pair begins and ends."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rights
from bot.features.pair.rules import QUESTIONS, question
from storage.outbox import Outbox
from storage.pair import ACTIVE, ENDED, FROZEN, Pair, Rematch
from storage.programme import Role
from tests.fakes.world import COFFEE, NAMES, World, key, text
from tests.features.town import MENTORING, change, facts, few, keys_of, member, pairs, partner, to

SECRET = "We quarrel about tabs."


async def two(world: World) -> str:
    """Let Ana and Bea be a pair from Tuesday on; return their room."""
    await few(world, "ana", "bea")
    (said,) = await world.until("2026-03-03 09:30")
    return said.channel


# -- the beginning


async def test_an_introduction_has_times_a_question_and_buttons(world: World):
    """Three times within both people's hours, each a moment that the platform shows on the reader's own clock."""
    room = await two(world)
    message = next(one for one in world.town.messages if one.channel == room)
    shown = world.sees("ana", room)[0]
    assert 3 == shown.count("(Europe/Madrid)")
    assert "Thursday, March 5, 2026" in shown
    assert any(one in shown for one in QUESTIONS)
    assert ["Agree how we work", "Another question", "Why us?"] == [one.label for one in message.actions]
    assert "Who can read this room: you, and perhaps the administrators" in shown


async def test_another_question_is_another(world: World):
    """Each press brings one that was not there before, for all of them, until none is left; a stranger gets none."""
    room = await two(world)
    pair = next(iter(await pairs(world)))
    assert "core.not_your_pair" == key(await world.presses_id("chen", f"pair.question:{pair}"))
    for _ in range(3):
        await world.presses_id("ana", f"pair.question:{pair}")
    await world.delivers()
    shown = "\n".join(world.sees("bea", room))
    assert [1] * 4 == [shown.count(one) for one in QUESTIONS if one in shown]
    await change_pair(world, icebreakers=len(QUESTIONS))
    assert "pair.no_more_questions" == key(await world.presses_id("ana", f"pair.question:{pair}"))


async def change_pair(world: World, **columns: object) -> None:
    """Change the only pair's row."""
    (pair,) = await world.rows(Pair)

    async def unit(db):
        for name, value in columns.items():
            setattr(pair, name, value)
        await db.merge(pair)

    await world.database.write(unit)


@given(people=st.sets(st.text(min_size=1), min_size=2, max_size=5))
def test_no_question_comes_twice_for_the_same_people(people: set[str]):
    """The order depends on who they are, not on how they are listed, and holds every question once."""
    asked = [question(people, number) for number in range(len(QUESTIONS))]
    assert set(QUESTIONS) == set(asked)
    assert asked == [question(sorted(people, reverse=True), number) for number in range(len(QUESTIONS))]
    assert (None, None) == (question(people, len(QUESTIONS)), question(people, -1))


# -- parting


async def test_another_partner_is_one_tap_and_no_fault(world: World):
    """Ana asks, with a reason: Bea is told kindly and without it, both come first, and coordinators can look."""
    await two(world)
    asked = await world.says("ana", "/match rematch")
    assert "form:pair.rematch" == key(asked)
    assert "pair.rematched" == key(await world.submits("ana", asked, reason=SECRET))
    said = await world.delivers()
    assert ["pair.parted"] == to(said, world.dm("bea"))
    shown = world.sees("bea", world.dm("bea"))[-1]
    assert "Your pair with @Ana ends here." in shown
    assert "You come first in the next round" in shown
    assert ["pair.rematch_asked"] == to(said, "coordinators")
    assert [1, 1] == [row.waited for row in await world.rows(Role)]
    (row,) = await world.rows(Rematch)
    assert ("rematch", SECRET, None) == (row.kind, row.reason, row.done_at)
    assert [("ended", "rematch")] == [(pair.status, pair.ended_why) for pair in await world.rows(Pair)]
    assert not any("tabs" in line for name in ("bea", "vera", "max") for line in world.sees(name))


async def test_leaving_without_a_reason_leaves_no_trace_of_one(world: World):
    """Bea leaves by the button and says nothing: Ana comes first, Bea stays in the programme, no reason is kept."""
    await two(world)
    pair = next(iter(await pairs(world)))
    asked = await world.presses_id("bea", f"pair.leave:{pair}")
    assert "pair.left" == key(await world.submits("bea", asked, reason=""))
    assert ["pair.parted"] == to(await world.delivers(), world.dm("ana"))
    waited = {row.member_id: (row.status, row.waited) for row in await world.rows(Role)}
    ana, bea = [(await member(world, name)).id for name in ("ana", "bea")]
    assert {ana: ("active", 1), bea: ("active", 0)} == waited
    assert [] == await world.rows(Rematch)
    assert "core.pair_over" == key(await world.presses_id("bea", f"pair.leave:{pair}"))
    assert "pair.none" == key(await world.says("ana", "/match leave"))


async def test_the_words_do_not_tell_leaving_from_asking(world: World):
    """Whoever stays reads the same sentence either way."""
    seen = []
    await few(world, "ana", "bea", "chen", "dia")
    await world.until("2026-03-03 09:30")
    for label, people in zip(("rematch", "leave"), list((await pairs(world)).values()), strict=True):
        who, other = sorted(people)
        await world.submits(who, await world.says(who, f"/match {label}"), reason="")
        await world.delivers()
        seen.append(world.sees(other, world.dm(other))[-1].replace(f"@{who.capitalize()}", "X"))
    assert seen[0] == seen[1]


async def test_two_of_three_go_on(world: World):
    """When one of three asks for somebody else, the two others stay a pair and read each other's name."""
    await few(world, "ana", "bea", "chen")
    await world.until("2026-03-03 09:30")
    asked = await world.says("chen", "/match rematch")
    assert "The others go on without you" in asked.form.intro
    await world.submits("chen", asked, reason="")
    await world.delivers()
    assert "@Chen is not in your group any more; you and @Bea go on." in world.sees("ana", world.dm("ana"))[-1]
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())
    assert "core.pair_over" == key(await world.presses_id("chen", f"pair.rematch:{next(iter(await pairs(world)))}"))


@pytest.mark.parametrize("button", ["rematch", "leave"])
async def test_nobody_parts_others(coffee: World, button: str):
    """A stranger's press and a stranger's form are refused, and the pair goes on."""
    await coffee.until("2026-03-03 09:30")
    other = await partner(coffee, "ana")
    pair = next(one for one, people in (await pairs(coffee)).items() if "ana" in people)
    stranger = next(name for name in NAMES if name not in ("ana", other))
    assert "core.not_your_pair" == key(await coffee.presses_id(stranger, f"pair.{button}:{pair}"))
    asked = await coffee.presses_id("ana", f"pair.{button}:{pair}")
    assert "core.not_your_pair" == key(await coffee.submits(stranger, asked, reason=""))
    assert 6 == len(await pairs(coffee))


async def test_a_mentor_of_two_chooses_which_pair(world: World):
    """With two mentees the command asks which pair is meant, and only that one ends."""
    await world.applies(MENTORING | {"roles": {"mentor": {"capacity": 2}}})
    for name, role in (("ana", "mentor"), ("bea", "mentee"), ("chen", "mentee")):
        await world.joins(name, role=role)
    await world.until("2026-03-03 09:30")
    shown = await world.says("ana", "/match leave")
    assert "pair.which" == key(shown)
    pair = next(one for one, people in (await pairs(world)).items() if "chen" in people)
    await world.submits("ana", await world.presses_id("ana", f"pair.leave:{pair}"), reason="")
    assert [frozenset({"ana", "bea"})] == list((await pairs(world)).values())


async def test_a_reason_goes_with_the_member(world: World):
    """Who is forgotten leaves no request and no reason behind."""
    await two(world)
    await world.submits("ana", await world.says("ana", "/match rematch"), reason=SECRET)
    ana = await member(world, "ana")
    await world.app.work(ana.community_id, lambda work: rights.forget(work, ana.id))
    assert [] == await world.rows(Rematch)
    assert not any("tabs" in str(row.params) for row in await world.rows(Outbox))


async def test_parting_speaks_spanish(world: World):
    """The form, the answer and the kind word come in each one's own language."""
    await two(world)
    for name in ("ana", "bea"):
        await change(world, name, language="es")
    asked = await world.says("ana", "/match rematch")
    assert "Tu pareja termina y se lo digo con amabilidad." in asked.form.intro
    assert "Vas por delante en la próxima ronda" in text(await world.submits("ana", asked, reason=""))
    await world.delivers()
    assert "Tu pareja con @Ana termina aquí." in world.sees("bea", world.dm("bea"))[-1]


# -- resting


@pytest.mark.parametrize("fact", [("pair.frozen", ""), ("member.frozen", "ana")])
async def test_a_frozen_pair_hears_nothing(world: World, fact: tuple[str, str]):
    """No check-in, no word in the room, no button that does anything; their pages say that it rests."""
    room = await two(world)
    pair = next(iter(await pairs(world)))
    await facts(world, fact)
    assert [FROZEN] == [row.status for row in await world.rows(Pair)]
    assert "core.pair_rests" == key(await world.presses_id("bea", f"pair.question:{pair}"))
    assert "core.pair_rests" == key(await world.presses_id("bea", f"agreement.open:{pair}"))
    said = await world.until("2026-03-10 12:00")
    assert ([], [], []) == (to(said, room), to(said, world.dm("ana")), to(said, world.dm("bea")))
    assert "rests at the moment" in text(await world.opens_home("bea"))
    assert "rests at the moment" in text(await world.says("ana", "/match why"))


async def test_what_was_on_its_way_to_a_frozen_pair_is_not_sent(world: World):
    """A word that waited in the outbox when the pair was frozen is skipped."""
    room = await two(world)
    pair = next(iter(await pairs(world)))
    await world.presses_id("ana", f"pair.question:{pair}")
    await facts(world, ("pair.frozen", ""))
    assert [] == to(await world.delivers(), room)
    assert ["pair_frozen"] == [row.error for row in await world.rows(Outbox) if row.message == "pair.question"]


async def test_a_pair_goes_on_when_nothing_freezes_it_any_more(world: World):
    """Frozen twice over, it goes on only when both are taken back; then it is asked again."""
    await two(world)
    await facts(world, ("pair.frozen", ""), ("member.frozen", "ana"), ("member.frozen", "ana"), ("pair.unfrozen", ""))
    assert [FROZEN] == [row.status for row in await world.rows(Pair)]
    await facts(world, ("member.unfrozen", "bea"))
    assert [FROZEN] == [row.status for row in await world.rows(Pair)]
    await facts(world, ("member.unfrozen", "ana"))
    assert [(ACTIVE, [])] == [(row.status, row.frozen_by) for row in await world.rows(Pair)]
    assert 2 == keys_of(await world.until("2026-03-05 16:30")).count("checkin.ask")


async def test_a_pair_whose_round_ended_while_it_rested_is_thanked_then(world: World):
    """The end of the round says nothing to a frozen pair; unfrozen, it ends with thanks."""
    room = await two(world)
    await facts(world, ("pair.frozen", ""))
    assert [] == to(await world.until("2026-03-17 09:30"), room)
    frozen = next(row for row in await world.rows(Pair) if row.room == room)
    assert FROZEN == frozen.status
    await facts(world, ("pair.unfrozen", ""))
    assert ["pair.ended"] == to(await world.delivers(), room)
    assert ENDED == next(row.status for row in await world.rows(Pair) if row.room == room)


async def test_who_leaves_a_frozen_pair_leaves_quietly(world: World):
    """Leaving works while it rests; the other hears nothing, and unfreezing wakes nobody."""
    await two(world)
    await facts(world, ("pair.frozen", ""))
    await world.submits("ana", await world.says("ana", "/match leave"), reason="")
    await facts(world, ("pair.unfrozen", ""))
    assert [] == await world.delivers()
    assert [ENDED] == [row.status for row in await world.rows(Pair)]


# -- the end


async def test_the_goodbye_counts_and_says_what_comes(world: World):
    """The room reads in how many weeks they met, when the next pairs are made, and how to say thanks."""
    await few(world, "ana", "bea", file={"rounds": COFFEE["rounds"] | {"length_weeks": 1}})
    (said,) = await world.until("2026-03-03 09:30")
    await world.until("2026-03-05 16:30")
    await world.presses("ana", "We met")
    assert ["pair.ended"] == to(await world.until("2026-03-10 09:30"), said.channel)
    shown = world.sees("bea", said.channel)[-1]
    assert "You met in one week, as you told me." in shown
    assert "The next pairs are made on Tuesday, March 17, 2026" in shown
    assert "[Say thanks]" in shown
    assert key(await world.presses("bea", "Say thanks")).startswith("form:")
    assert datetime(2026, 3, 10, 9, tzinfo=UTC) == (await world.rows(Pair))[0].ended_at
