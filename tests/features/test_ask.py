"""Members ask for help, and a mentor who knows takes the question."""

import asyncio

import pytest

from bot.chat.reply import Ask
from storage.db import Db
from storage.report import Separation
from storage.request import OFFERED, OPEN, Request, RequestOffer
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

    for _ in range(25):
        await town.database.write(again)
        pressed = [town.presses_id(who, f"ask.take:{request}") for who in ("bea", "chen")]
        assert ["ask.taken", "ask.yours"] == sorted(key(reply) for reply in await asyncio.gather(*pressed))
