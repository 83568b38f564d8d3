"""Pairs at risk: told from buttons, sessions and dates; a question to those on whom it hangs."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.features.risk import rules
from bot.features.risk.rules import Risk, Said, Signs
from storage.pair import Pair
from storage.risk import PairWord
from tests.fakes.world import World, key, text
from tests.features.town import change, facts, few, keys_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
QUESTION = {"key": "met", "weekday": "wed", "at": "17:00", "question": "Did you two meet?"}
LONG = {
    "rounds": {"every_weeks": 8, "weekday": "tue", "at": "10:00"}, "pairs": {"agreement": False}, "texts": {},
    "checkins": [QUESTION],
}  # fmt: skip


def ago(days: float) -> datetime:
    """Return a moment so many days before now."""
    return NOW - timedelta(days=days)


def found(**known: object) -> Risk | None:
    """Return the risk of a pair of which this is known, which began 30 days ago."""
    signs = Signs(pair="p", members=("ana", "bea"), **{"since": ago(30)} | known)  # type: ignore[arg-type]
    one = rules.finding(signs, now=NOW, stalled_days=14, one_sided_after=2)
    return one.risk if one else None


@pytest.mark.parametrize(
    ("known", "risk"),
    [
        ({}, Risk.STALLED),
        ({"since": ago(13)}, None),
        ({"met_at": ago(3)}, None),
        ({"last_sign": ago(13)}, None),
        ({"last_sign": ago(15)}, Risk.STALLED),
        ({"answers": {"ana": [Said("help", ago(20))]}, "last_sign": ago(1)}, Risk.FLAGGED),
        ({"answers": {"ana": [Said("help", ago(22))]}, "last_sign": ago(1)}, None),
        ({"answers": {"ana": [Said("help", ago(9)), Said("met", ago(2))]}, "last_sign": ago(2)}, None),
        ({"answers": {"ana": [Said("help", ago(9)), Said("fine", ago(2))]}, "last_sign": ago(2)}, None),
        ({"answers": {"ana": [Said("help", ago(9)), Said(None, ago(2))]}, "last_sign": ago(9)}, Risk.FLAGGED),
        ({"waited_for": ("bea",), "last_sign": ago(1)}, Risk.OVERDUE),
        (
            {"answers": {"ana": [Said("met", ago(2))], "bea": [Said(None, ago(9)), Said(None, ago(2))]},
             "last_sign": ago(2)},
            Risk.ONE_SIDED,
        ),
        ({"answers": {"ana": [Said("met", ago(2))], "bea": [Said(None, ago(2))]}, "last_sign": ago(2)}, None),
        ({"answers": {one: [Said(None, ago(9)), Said(None, ago(2))] for one in ("ana", "bea")},
          "last_sign": ago(10)}, None),
    ],
)  # fmt: skip
def test_each_risk_has_its_signs(known: dict[str, object], risk: Risk | None):
    """A wish for help ages and ends with a better word; both silent is stalled in time, not one-sided."""
    assert risk == found(**known)


def test_the_most_pressing_comes_first():
    """Flagged before overdue, before one-sided, before stalled; of one kind the longest first."""
    rows = [rules.Finding(str(n), (), risk, (), n) for n, risk in enumerate([*Risk, Risk.STALLED])]
    assert ["0", "1", "2", "4", "3"] == [one.pair for one in rules.in_order(rows[::-1])]


@pytest.fixture
async def two(world: World) -> World:
    """Ana and Bea, paired on Tuesday the third for eight weeks."""
    await few(world, "ana", "bea", file=LONG)
    await world.until("2026-03-03 09:30")
    return world


async def listed(world: World) -> str:
    """Return what a coordinator sees."""
    return text(await world.says("vera", "/coord metrics at-risk"))


async def test_nothing_is_at_risk_in_the_beginning(two: World):
    """A new pair is left in peace."""
    assert "No pair is at risk" in await listed(two)


async def test_a_stalled_pair_is_asked_and_leaves_the_list(two: World):
    """Two weeks without a sign: [Ask them] asks both once a week, and [All is well] is a sign."""
    await two.until("2026-03-18 12:00")
    assert "no sign of life for 15 days" in await listed(two)
    shown = await two.presses_id("vera", f"risk.ask:{(await two.rows(Pair))[0].id}")
    assert "@Ana and @Bea" in text(shown)
    await two.presses_id("vera", f"risk.ask:{(await two.rows(Pair))[0].id}")
    await two.until("2026-03-27 12:00")
    asked = [one for one in two.sees("bea", two.dm("bea")) if "getting on" in one]
    assert 1 == len(asked)
    assert "risk.fine" == key(await two.presses("bea", "All is well"))
    assert "No pair is at risk" in await listed(two)
    assert ["fine"] == [row.word for row in await two.rows(PairWord)]
    assert "risk.over" == key(await two.presses_id("vera", f"risk.ask:{(await two.rows(Pair))[0].id}"))


async def test_a_wish_for_help_is_told_and_listed(two: World):
    """[I need help] tells coordinators who, and puts the pair first; a later good word takes it off."""
    pair = (await two.rows(Pair))[0]
    assert "risk.thanks_help" == key(await two.presses_id("ana", f"risk.help:{pair.id}"))
    await two.delivers()
    assert "@Ana would like help" in two.sees("vera", "coordinators")[-1]
    assert "@Ana asked for help" in await listed(two)
    await two.passes(minutes=1)
    await two.presses_id("ana", f"risk.fine:{pair.id}")
    assert "No pair is at risk" in await listed(two)


async def test_one_side_that_leaves_check_ins_open(two: World):
    """Ana answers twice, Bea never: the list names Bea, and asks her alone."""
    await two.presses_id("bea", f"pair.question:{(await two.rows(Pair))[0].id}")
    for day in ("2026-03-04 17:30", "2026-03-11 17:30"):
        await two.until(day)
        await two.presses("ana", "Not yet")
    await two.says("bea", "/me home")
    assert "@Bea leaves check-ins open" in await listed(two)
    shown = text(await two.presses_id("vera", f"risk.ask:{(await two.rows(Pair))[0].id}"))
    assert ("@Bea" in shown, "@Ana" in shown) == (True, False)


async def test_who_may_not_be_written_to_is_named(two: World):
    """Bea wants no messages: the coordinator is told that a word of theirs is better."""
    await change(two, "bea", weekly_nudges=0)
    await two.until("2026-03-18 12:00")
    shown = text(await two.presses_id("vera", f"risk.ask:{(await two.rows(Pair))[0].id}"))
    assert "I may not write to @Bea" in shown


async def test_a_session_is_a_sign_of_life(two: World):
    """What was logged counts, without anybody pressing a check-in."""
    await two.until("2026-03-16 12:00")
    log = {"day": "2026-03-15", "minutes": "30", "topics": "the first patch"}
    await two.submits("ana", await two.says("ana", "/session log"), log)
    await two.until("2026-03-20 12:00")
    assert "no sign of life" not in await listed(two)


async def test_a_pair_that_rests_is_not_on_the_list(two: World):
    """Nothing is asked of a pair that moderators let rest, and its buttons say so."""
    await two.until("2026-03-18 12:00")
    await facts(two, ("pair.frozen", ""))
    assert "No pair is at risk" in await listed(two)
    assert "core.pair_rests" == key(await two.presses_id("ana", f"risk.fine:{(await two.rows(Pair))[0].id}"))


async def test_only_the_pair_and_coordinators(two: World):
    """Members do not see the list, and nobody answers for a pair that is not theirs."""
    pair = (await two.rows(Pair))[0]
    assert "core.not_allowed" == key(await two.says("ana", "/coord metrics at-risk"))
    assert "core.not_your_pair" == key(await two.presses_id("vera", f"risk.fine:{pair.id}"))
    assert [] == [one for one in keys_of(await two.delivers()) if one.startswith("risk.")]
