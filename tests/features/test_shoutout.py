"""A coordinator praises somebody before everybody, with their yes, at a moment of their choosing."""

from datetime import UTC, datetime

import pytest

from bot.features.shoutout import rules
from storage.shoutout import DROPPED, LAPSED, POSTED, Shoutout, ShoutoutMember
from tests.fakes.world import World, key, text
from tests.features.town import keys_of, to

WORDS = "For four years of patient reviews."


async def in_public(world: World, who: str) -> None:
    """Let somebody decide that praise for them may be shown."""
    await world.submits(who, await world.says(who, "/kudos preferences"), sight="public")


async def writes(world: World, *who: str, **more: str) -> object:
    """Let Vera write a shoutout."""
    asked = await world.says("vera", "/coord shoutout write")
    return await world.submits("vera", asked, {"who": who, "words": WORDS, "channel": "general"} | more)


async def test_praise_for_who_likes_it_is_posted_at_its_moment(coffee: World):
    """Bea likes to be seen: on the day, at the time of the community's zone, and once."""
    await in_public(coffee, "bea")
    shown = await writes(coffee, "bea", day="2026-03-05", at="18:30")
    assert "shoutout.written" == key(shown)
    assert "asked first" not in text(shown)
    assert "shoutout.posted" not in keys_of(await coffee.until("2026-03-05 17:29"))
    assert ["shoutout.posted"] == to(await coffee.until("2026-03-05 17:31"), "general")
    assert f"A word about @Bea:\n“{WORDS}”" == coffee.sees("chen", "general")[-1]
    assert [POSTED] == [row.status for row in await coffee.rows(Shoutout)]


async def test_without_a_yes_nothing_is_posted(coffee: World):
    """Bea has not decided: she is asked, and her yes posts it."""
    shown = await writes(coffee, "bea")
    assert "@Bea is asked first" in text(shown)
    assert ["shoutout.ask"] == to(await coffee.delivers(), coffee.dm("bea"))
    assert "shoutout.posted" not in keys_of(await coffee.passes(hours=3))
    assert "shoutout.answered" == key(await coffee.presses("bea", "Fine by me"))
    assert ["shoutout.posted"] == to(await coffee.passes(hours=2), "general")


async def test_a_no_is_told_without_a_name(coffee: World):
    """Of two, one would rather not: nothing is posted, and Vera is not told who it was."""
    await writes(coffee, "bea", "chen")
    await coffee.delivers()
    await coffee.presses("bea", "Fine by me")
    assert "Nothing is posted" in text(await coffee.presses("chen", "Rather not"))
    await coffee.delivers()
    told = text(await coffee.says("vera", "/me home"))
    assert "Your shoutout is not posted" in told
    assert "Chen" not in told
    assert [DROPPED] == [row.status for row in await coffee.rows(Shoutout)]
    (said, _) = await coffee.rows(ShoutoutMember)
    assert "core.gone" == key(await coffee.presses_id("bea", f"shoutout.no:{said.id}"))
    assert "shoutout.posted" not in keys_of(await coffee.passes(days=2))


async def test_without_an_answer_it_lapses_after_a_week(coffee: World):
    """Silence is no yes."""
    await writes(coffee, "bea")
    said = await coffee.passes(days=8)
    assert "shoutout.posted" not in keys_of(said)
    assert [LAPSED] == [row.status for row in await coffee.rows(Shoutout)]


async def test_only_who_is_praised_answers(coffee: World):
    """Somebody else's press decides nothing; only coordinators write and take back."""
    await writes(coffee, "bea")
    (said,) = await coffee.rows(ShoutoutMember)
    for button in ("yes", "no"):
        assert "core.not_yours" == key(await coffee.presses_id("chen", f"shoutout.{button}:{said.id}"))
    (row,) = await coffee.rows(Shoutout)
    assert "core.not_allowed" == key(await coffee.presses_id("chen", f"shoutout.drop:{row.id}"))
    assert "core.not_allowed" == key(await coffee.says("chen", "/coord shoutout write"))


async def test_it_can_be_taken_back(coffee: World):
    """Before anybody was told, nobody hears of it."""
    await writes(coffee, "bea", day="2026-03-05")
    assert "For four years" in text(await coffee.says("vera", "/coord shoutout list"))
    assert "shoutout.dropped" == key(await coffee.presses("vera", "Take 1 back"))
    assert [] == await coffee.delivers()
    assert "shoutout.none" == key(await coffee.says("vera", "/coord shoutout list"))


async def test_who_leaves_is_praised_in_nothing(coffee: World):
    """What was planned about them is dropped."""
    await in_public(coffee, "bea")
    await writes(coffee, "bea", day="2026-03-05")
    await coffee.handles(coffee.town.leave("bea"))
    assert "shoutout.posted" not in keys_of(await coffee.until("2026-03-06 12:00"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"day": "2026-03-01"}, "day"), ({"day": "2027-03-01"}, "day"), ({"day": "2026-03-05", "at": "late"}, "at"),
        ({"words": "Hi"}, "words"), ({"who": ()}, "who"), ({"who": ("a", "b", "c", "d", "e", "f")}, "who"),
    ],
)  # fmt: skip
async def test_mistakes_stand_on_their_fields(coffee: World, values: dict[str, object], field: str):
    """Nothing is stored, and each mistake is named."""
    asked = await coffee.says("vera", "/coord shoutout write")
    answer = await coffee.submits("vera", asked, {"who": ("bea",), "words": WORDS, "channel": "general"} | values)
    assert field in getattr(answer, "errors", {}), answer
    assert [] == await coffee.rows(Shoutout)


def test_when_it_is_posted():
    """Without a day at once; with a day at that hour of the community's zone, ten when none is given."""
    now = datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert now == rules.moment(None, "18:00", "Europe/Madrid", now)
    day = datetime(2026, 7, 2).date()  # noqa: DTZ001
    assert datetime(2026, 5, 2, 8, tzinfo=UTC) == rules.moment(day.replace(month=5), "", "Europe/Madrid", now)
    assert ("day", "far") == rules.moment(day, "", "Europe/Madrid", now)
    assert ("at", "clock") == rules.moment(day.replace(month=5), "10:00+02:00", "Europe/Madrid", now)


def test_all_have_to_say_yes():
    """One no is a no, one silence waits."""
    assert True is rules.decided([True, True])
    assert None is rules.decided([True, None])
    assert False is rules.decided([None, False])
    assert True is rules.decided([])
