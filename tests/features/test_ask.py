"""Members ask for help, and a mentor who knows takes the question."""

import asyncio

import pytest

from bot.chat.reply import Ask
from storage.db import Db
from storage.library import LibraryEntry
from storage.report import Separation
from storage.request import CLOSED, OFFERED, OPEN, Request, RequestOffer
from tests.fakes.world import START, World, key, text
from tests.features.town import change, few, keys_of, member, to

ASKS = "/ask mentor python How do I test a generator?"


@pytest.fixture
async def town(world: World) -> World:
    """Bea and Chen offer Python, Ana does not."""
    await few(world, "ana", "bea", "chen")
    for who in ("bea", "chen"):
        await change(world, who, offers=["Python"])
    await change(world, "ana", offers=[])
    return world


async def asks(world: World) -> tuple[str, str]:
    """Let Ana ask; return the request and the handle of who was asked to take it."""
    assert "ask.asked" == key(await world.submits("ana", await world.says("ana", ASKS)))
    said = await world.passes(minutes=15)
    (who,) = [name for name in ("bea", "chen") if "ask.offered" in to(said, world.dm(name))]
    (row,) = await world.rows(Request)
    return row.id, who


async def test_a_question_is_taken_and_solved(town: World):
    """One mentor is asked, reads it, takes it; the asker says that it is solved, and it counts."""
    request, who = await asks(town)
    assert "test a generator" in text(await town.presses_id(who, f"ask.read:{request}"))
    assert "ask.yours" == key(await town.presses_id(who, f"ask.take:{request}"))
    assert ["ask.claimed"] == to(await town.delivers(), town.dm("ana"))
    assert "core.not_yours" == key(await town.presses_id(who, f"ask.solved:{request}"))
    assert "ask.not_yet" == key(await town.presses_id("ana", f"ask.not_yet:{request}"))
    assert "ask.solved" == key(await town.presses_id("ana", f"ask.solved:{request}"))
    assert ["ask.thanked"] == to(await town.delivers(), town.dm(who))
    assert "helped one person" in text(await town.says("chen", "/ask experts Python"))


async def test_who_was_not_asked_reads_and_takes_nothing(town: World):
    """A mentor to whom the question was not offered is refused kindly."""
    request, who = await asks(town)
    other = "chen" if who == "bea" else "bea"
    for button in ("read", "take", "decline"):
        assert "ask.taken" == key(await town.presses_id(other, f"ask.{button}:{request}"))


async def test_passing_asks_the_next_and_then_nobody(town: World):
    """Who passes is followed by the next mentor; when all have passed, the asker is told."""
    request, who = await asks(town)
    other = "chen" if who == "bea" else "bea"
    assert "ask.declined" == key(await town.presses_id(who, f"ask.decline:{request}"))
    assert ["ask.moved", "ask.offered"] == sorted(keys_of(await town.passes(minutes=15)))
    assert "ask.declined" == key(await town.presses_id(other, f"ask.decline:{request}"))
    assert ["ask.unmet"] == to(await town.delivers(), town.dm("ana"))


@pytest.mark.parametrize(
    "columns",
    [
        {"frozen_at": START},
        {"inactive_at": START},
        {"opted_in_at": None},
        {"weekly_nudges": 0},
        {"offers": ["Knitting"]},
    ],
)
async def test_who_takes_no_part_is_not_asked(town: World, columns: dict[str, object]):
    """Who is frozen, inactive or not in, or wants no messages, is asked nothing; without anybody nothing is kept."""
    for who in ("bea", "chen"):
        await change(town, who, **columns)
    assert "ask.nobody" == key(await town.submits("ana", await town.says("ana", ASKS)))
    assert [] == await town.rows(Request)


async def test_the_form_asks_for_what_is_missing(town: World):
    """Without words the form opens."""
    asked = await town.says("ana", "/ask mentor")
    assert isinstance(asked, Ask)
    assert "ask.asked" == key(await town.submits("ana", asked, about="Python", question="Why is it slow?"))


async def test_a_question_that_waits_too_long_goes_to_somebody_else(town: World):
    """After a day the next mentor is asked, the first one no longer can, and the asker is told."""
    request, who = await asks(town)
    other = "chen" if who == "bea" else "bea"
    said = await town.until("2026-03-03 20:00")
    assert "ask.offered" in to(said, town.dm(other))
    assert "ask.moved" in to(said, town.dm("ana"))
    assert "ask.taken" == key(await town.presses_id(who, f"ask.take:{request}"))


async def test_who_is_kept_apart_is_not_asked(town: World):
    """A question never reaches somebody whom moderators keep apart from its asker."""
    ana, chen, bea = [await member(town, who) for who in ("ana", "chen", "bea")]

    async def unit(db: Db) -> None:
        for number, one in enumerate((chen, bea)):
            db.add(
                Separation(
                    id=f"s{number}", community_id=ana.community_id, first_id=one.id, second_id=ana.id, since=START
                )
            )

    await town.database.write(unit)
    assert "ask.nobody" == key(await town.submits("ana", await town.says("ana", ASKS)))


async def test_of_two_at_the_same_moment_one_wins(town: World):
    """Two mentors press at once, again and again: one has it, the other is told kindly."""
    request, _ = await asks(town)
    mentors = [await member(town, who) for who in ("bea", "chen")]

    async def again(db: Db) -> None:
        row = await db.get(Request, request)
        assert row is not None
        row.status, row.mentor_id = OPEN, None
        for one in mentors:
            await db.merge(
                RequestOffer(
                    request_id=request, mentor_id=one.id, community_id=row.community_id, status=OFFERED,
                    offered_at=START,
                )
            )  # fmt: skip

    for _ in range(50):
        await town.database.write(again)
        pressed = [town.presses_id(who, f"ask.take:{request}") for who in ("bea", "chen")]
        assert ["ask.taken", "ask.yours"] == sorted(key(reply) for reply in await asyncio.gather(*pressed))


async def answered(world: World) -> tuple[str, str]:
    """Let Ana ask, a mentor take it, and Ana say that it is solved; return the request and the mentor's handle."""
    request, who = await asks(world)
    await world.presses_id(who, f"ask.take:{request}")
    assert "ask.solved" == key(await world.presses_id("ana", f"ask.solved:{request}"))
    await world.delivers()
    return request, who


async def test_a_mentor_who_cannot_after_all_gives_it_back(town: World):
    """The next mentor is asked, the asker is told, and nobody else can give it back."""
    request, who = await asks(town)
    other = "chen" if who == "bea" else "bea"
    await town.presses_id(who, f"ask.take:{request}")
    await town.delivers()
    assert "core.not_yours" == key(await town.presses_id(other, f"ask.back:{request}"))
    assert "ask.given_back" == key(await town.presses_id(who, f"ask.back:{request}"))
    said = await town.passes(minutes=15)
    assert ["ask.offered"] == to(said, town.dm(other))
    assert "ask.moved" in to(said, town.dm("ana"))
    assert "core.not_yours" == key(await town.presses_id(who, f"ask.back:{request}"))


async def test_after_two_days_the_asker_is_asked_whether_it_helped(town: World):
    """Once, with a way to ask somebody else; the mentor is told without a reason."""
    request, who = await asks(town)
    other = "chen" if who == "bea" else "bea"
    await town.presses_id(who, f"ask.take:{request}")
    said = await town.until("2026-03-06 20:00")
    assert 1 == to(said, town.dm("ana")).count("ask.answered")
    assert "Ask somebody else" in text(await town.presses_id("ana", f"ask.not_yet:{request}"))
    assert "ask.other_asked" == key(await town.presses_id("ana", f"ask.other:{request}"))
    said = await town.passes(hours=20)
    assert "ask.released" in to(said, town.dm(who))
    assert "ask.offered" in to(said, town.dm(other))


async def test_what_is_no_longer_needed_is_asked_of_nobody(town: World):
    """A question that waits is withdrawn before it is sent; who took one is told; only its asker can."""
    await town.submits("ana", await town.says("ana", ASKS))
    (row,) = await town.rows(Request)
    assert "core.not_yours" == key(await town.presses_id("bea", f"ask.drop:{row.id}"))
    assert "ask.dropped_by_me" == key(await town.presses_id("ana", f"ask.drop:{row.id}"))
    assert [] == await town.passes(minutes=15)
    (row,) = await town.rows(Request)
    assert CLOSED == row.status
    assert "core.gone" == key(await town.presses_id("ana", f"ask.drop:{row.id}"))


async def test_who_was_helping_hears_that_it_is_not_needed(town: World):
    """The mentor who has it is told kindly."""
    request, who = await asks(town)
    await town.presses_id(who, f"ask.take:{request}")
    await town.delivers()
    assert "ask.dropped_by_me" == key(await town.presses_id("ana", f"ask.drop:{request}"))
    assert ["ask.dropped"] == to(await town.delivers(), town.dm(who))


async def test_a_mentor_says_that_they_are_not_to_be_asked(town: World):
    """Who said no is not asked and in no list; who says how many is asked for no more."""
    for who in ("bea", "chen"):
        asked = await town.says(who, "/ask helping")
        assert "ask.helped" == key(await town.submits(who, asked, asked="no", at_once="1"))
    assert "ask.nobody" == key(await town.submits("ana", await town.says("ana", ASKS)))
    await town.submits("bea", await town.says("bea", "/ask helping"), asked="yes", at_once="1")
    request, who = await asks(town)
    assert "bea" == who
    await town.presses_id("bea", f"ask.take:{request}")
    assert "ask.nobody" == key(await town.submits("ana", await town.says("ana", ASKS)))


async def test_an_answer_is_kept_for_others_when_both_agree(town: World):
    """The asker writes it down, the mentor agrees, and only then somebody finds it, without names."""
    request, who = await answered(town)
    asked = await town.presses_id("ana", f"ask.write:{request}")
    assert isinstance(asked, Ask)
    assert "ask.written" == key(await town.submits("ana", asked, answer="Call list on it and compare."))
    assert "ask.no_answers" == key(await town.says("chen", "/ask library generator"))
    assert ["ask.for_others"] == to(await town.delivers(), town.dm(who))
    (entry,) = await town.rows(LibraryEntry)
    assert "core.not_yours" == key(await town.presses_id("ana", f"ask.agree:{entry.id}"))
    assert "ask.agreed" == key(await town.presses_id(who, f"ask.agree:{entry.id}"))
    found = await town.says("vera", "/ask library Generator test")
    assert "How do I test a generator?" in text(found)
    shown = text(await town.presses("vera", "Read 1"))
    assert "Call list on it" in shown
    assert not {"Ana", "Bea", "Chen"} & set(shown.replace("@", " ").split())
    assert "Take it out" not in shown
    assert "The library has one answer" in text(await town.submits("ana", await town.says("ana", ASKS)))


async def test_a_mentor_who_would_rather_not_leaves_nothing(town: World):
    """Nothing is kept, and the asker's draft is not found by anybody."""
    request, who = await answered(town)
    asked = await town.presses_id("ana", f"ask.write:{request}")
    await town.submits("ana", asked, answer="Call list on it and compare.")
    (entry,) = await town.rows(LibraryEntry)
    assert "core.gone" == key(await town.presses_id("vera", f"ask.entry:{entry.id}"))
    assert "ask.refused" == key(await town.presses_id(who, f"ask.refuse:{entry.id}"))
    assert [] == await town.rows(LibraryEntry)


async def test_either_takes_an_answer_out_again(town: World):
    """The two can, somebody else cannot, and it is gone."""
    request, who = await answered(town)
    await town.submits("ana", await town.presses_id("ana", f"ask.write:{request}"), answer="Call list and compare.")
    again = await town.presses_id("ana", f"ask.write:{request}")
    assert "ask.written" == key(await town.submits("ana", again, answer="Call list and compare."))
    (entry,) = await town.rows(LibraryEntry)
    await town.presses_id(who, f"ask.agree:{entry.id}")
    assert "core.not_yours" == key(await town.presses_id("vera", f"ask.take_out:{entry.id}"))
    assert "ask.taken_out" == key(await town.presses_id(who, f"ask.take_out:{entry.id}"))
    assert "ask.no_answers" == key(await town.says("vera", "/ask library generator"))


async def test_only_what_was_solved_is_written_down(town: World):
    """Not before it is solved, and not by somebody else."""
    request, who = await asks(town)
    assert "core.gone" == key(await town.presses_id("ana", f"ask.write:{request}"))
    assert "core.not_yours" == key(await town.presses_id(who, f"ask.write:{request}"))
