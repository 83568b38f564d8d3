"""Pacing: never more calls than a limit allows, in any stretch, and nobody waits who need not."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.platform import Address, Forbidden, RateLimited, Unreachable
from bot.chat.text import words
from bot.chat.views import Text, View
from bot.delivery import Deliver, Edit, MessageRef, Post
from scheduler.pacing import PACES, Breaker, Pace, Pacing, Rate, Window
from tests.fakes.post import MONDAY

SECOND = timedelta(seconds=1)
HELLO = View("hello", (Text(words("hello")),))


def dm(user: str, *, channel: str | None = None, platform: str = "discord", space: str = "s") -> Deliver:
    """A message to somebody; without a channel, the first one."""
    return Deliver(platform, space, Address("x", "user", user, channel), Post(HELLO), "k")


def post(channel: str, *, platform: str = "discord", space: str = "s") -> Deliver:
    """A message to a channel."""
    return Deliver(platform, space, Address("x", "channel", channel), Post(HELLO), "k")


@given(most=st.integers(1, 6), gaps=st.lists(st.integers(0, 3000), min_size=1, max_size=80))
def test_no_stretch_has_more_calls_than_its_limit(most: int, gaps: list[int]) -> None:
    """However calls arrive, any second holds at most `most` of them, and none is refused without need."""
    window, now, passed = Window(Rate(most, SECOND)), MONDAY, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        recent = [at for at in passed if at > now - SECOND]
        if window.ready_at(now) <= now:
            window.count(now)
            passed.append(now)
            assert len(recent) < most
        else:
            assert len(recent) == most


def test_first_messages_are_three_seconds_apart_and_a_hundred_a_day() -> None:
    """Mass DMs get bots quarantined: what does not fit comes back later, each at its own moment."""
    pacing, now, sent = Pacing(), MONDAY, []
    waiting = [(MONDAY, number) for number in range(150)]
    while len(sent) < 150:
        waiting.sort()
        now, number = waiting.pop(0)
        later = pacing.take(dm(f"u{number}"), now)
        if later is None:
            sent.append(now)
        else:
            assert later > now
            waiting.append((later, number))
    assert all(after - before >= 3 * SECOND for before, after in pairwise(sent))
    assert all(after - before >= timedelta(days=1) for before, after in zip(sent, sent[100:], strict=False))
    assert sent[99] < MONDAY + timedelta(minutes=10)


def test_who_was_written_to_before_does_not_wait_for_newcomers() -> None:
    """A known DM channel is no first message."""
    pacing = Pacing()
    assert pacing.take(dm("u1"), MONDAY) is None
    assert MONDAY + 3 * SECOND == pacing.take(dm("u2"), MONDAY)
    assert MONDAY + 6 * SECOND == pacing.take(dm("u3"), MONDAY)
    assert pacing.take(dm("u4", channel="d4"), MONDAY) is None


def test_a_busy_channel_does_not_slow_another() -> None:
    """Five messages in five seconds to one channel; the next one may go elsewhere at once."""
    pacing = Pacing()
    assert [None] * 5 == [pacing.take(post("a"), MONDAY) for _ in range(5)]
    assert MONDAY + 5 * SECOND == pacing.take(post("a"), MONDAY)
    assert pacing.take(post("b"), MONDAY) is None


def test_discord_counts_over_all_servers_and_slack_in_each_workspace() -> None:
    """One bot on Discord, one app a workspace on Slack."""
    pacing = Pacing()
    passed = [pacing.take(post(f"c{n}", space=f"s{n}"), MONDAY) for n in range(41)]
    assert [None] * 40 == passed[:40]
    assert passed[40] == MONDAY + SECOND
    crowd = [pacing.take(post(f"c{n}", platform="slack", space="w1"), MONDAY) for n in range(51)]
    assert crowd[49] is None
    assert crowd[50] == MONDAY + timedelta(minutes=1)
    assert pacing.take(post("c1", platform="slack", space="w2"), MONDAY) is None


def test_a_refused_call_counts_nothing() -> None:
    """Who has to wait for one limit does not use up another."""
    pace = Pace(place=(Rate(1, SECOND),), whole=(Rate(2, SECOND),))
    pacing = Pacing({"discord": pace})
    assert pacing.take(post("a"), MONDAY) is None
    assert pacing.take(post("a"), MONDAY) is not None
    assert pacing.take(post("b"), MONDAY) is None


def test_edits_have_a_limit_of_their_own() -> None:
    """Slack counts by method."""
    pacing = Pacing()
    edit = Deliver("slack", "s", Address("x", "channel", "a"), Edit(MessageRef("a", "m"), HELLO), "k")
    passed = [pacing.take(edit, MONDAY) for _ in range(41)]
    assert passed[39] is None
    assert passed[40] is not None


def test_a_platform_without_limits_is_not_paced() -> None:
    """The playground is as fast as it can be."""
    pacing = Pacing()
    assert all(pacing.take(dm("u", platform="playground"), MONDAY) is None for _ in range(500))


def test_windows_that_count_nothing_are_forgotten() -> None:
    """A bot that runs for years does not keep every channel it ever wrote to."""
    pacing = Pacing()
    pacing.take(post("a"), MONDAY)
    pacing.forget_idle(MONDAY + SECOND)
    assert pacing._windows
    pacing.forget_idle(MONDAY + 5 * SECOND)
    assert not pacing._windows


@pytest.mark.parametrize(("most", "per"), [(0, SECOND), (1, timedelta())])
def test_a_limit_that_lets_nothing_through_is_refused(most: int, per: timedelta) -> None:
    """A wrong number is said at once."""
    with pytest.raises(ValueError, match="at least one"):
        Rate(most, per)


def test_a_lost_token_stops_a_platform_until_it_is_mended() -> None:
    """On Discord the bot as a whole, on Slack the workspace whose app it is."""
    breaker = Breaker()
    assert breaker.note(post("a"), Forbidden("401", stop=True), MONDAY)
    assert breaker.note(post("a", platform="slack", space="w1"), Forbidden("token_revoked", stop=True), MONDAY)
    expected = ({"discord"}, {"w1"})
    assert expected == breaker.stopped(MONDAY + timedelta(days=9))
    breaker.mend("discord")
    assert (set(), {"w1"}) == breaker.stopped(MONDAY)


def test_a_limit_on_the_whole_platform_ends_by_itself() -> None:
    """As long as it was told, and not longer."""
    breaker = Breaker()
    assert breaker.note(post("a"), RateLimited("cloudflare", retry_after=60, whole=True), MONDAY)
    assert breaker.stopped(MONDAY + timedelta(seconds=59))[0] == {"discord"}
    assert breaker.stopped(MONDAY + timedelta(seconds=60))[0] == set()


def test_too_many_refusals_stop_the_platform_before_it_bans_us() -> None:
    """Five hundred refused calls in ten minutes are a twentieth of what gets an address banned."""
    breaker = Breaker()
    most = PACES["discord"].refusals
    assert most is not None
    stops = [breaker.note(post("a"), Unreachable("50007"), MONDAY) for _ in range(most.most)]
    assert [False] * (most.most - 1) + [True] == stops
    assert breaker.stopped(MONDAY + timedelta(minutes=9))[0] == {"discord"}
    assert breaker.stopped(MONDAY + timedelta(minutes=10))[0] == set()
