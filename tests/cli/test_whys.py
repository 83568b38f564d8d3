"""[Why?] in the playground: each message says what made it, when it fell due, and what it counts as."""

from __future__ import annotations

from cli.whys import why
from tests.fakes.world import World


async def told(world: World, who: str, key: str) -> str:
    """Return why the newest message of this kind came to a member, as one text."""
    message = next(one for one in reversed(world.town.visible(who)) if one.view.key == key and one.author is None)
    return " ".join(await why(world.database, world.app.features, message.id))


async def test_two_weeks_of_a_pair_are_explained(coffee: World):
    """Every message that comes by itself in two weeks says why, and none is left without a reason."""
    came = await coffee.passes(days=14)
    said = [await why(coffee.database, coffee.app.features, message.id) for message in came if message.key]
    assert len(said) > 20
    assert all(said)


async def test_a_check_in_says_when_it_fell_due(coffee: World):
    """On the member's own clock, with what is added, and how much may be asked a week."""
    await coffee.until("2026-03-05 17:00")
    words = await told(coffee, "ana", "checkin.ask")
    assert "This is a check-in. It fell due on Thursday 5 March, 17:00 on Ana's clock; up to ten minutes" in words
    assert "Ana is asked something at most" in words
    assert "/profile nudges" in words


async def test_what_waited_says_until_when(coffee: World):
    """Quiet hours that begin before a question falls due: it waited, and until when."""
    await coffee.says("ana", "/profile nudges")
    asked = await coffee.presses("ana", "Change")
    await coffee.submits("ana", asked, {"quiet_start": "16:00", "quiet_end": "19:00"})
    await coffee.until("2026-03-05 19:00")
    assert "fell due on Thursday 5 March, 17:00 on Ana's clock and waited until Thursday 5 March, 19:0" in await told(
        coffee, "ana", "checkin.ask"
    )


async def test_an_introduction_and_thanks_are_no_questions(coffee: World):
    """What tells about something that happened says so: it counts for nothing."""
    await coffee.until("2026-03-03 10:00")
    assert "the pair's room about something that happened (pair.introduced)" in await told(
        coffee, "ana", "pair.introduced"
    )
    await coffee.says("bea", "/kudos give @ana for the review")
    await coffee.delivers()
    assert "This tells Ana about something that happened (kudos.received)" in await told(
        coffee, "ana", "kudos.received"
    )


async def test_of_what_is_gone_nothing_is_said(coffee: World):
    """A message that the outbox does not know has no reason, and no fault either."""
    assert await why(coffee.database, coffee.app.features, "no-such-message") == []
