"""The pump: what is sent, when, how often, and what is left when a platform or the process fails."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.platform import Forbidden, RateLimited, SendFailed, Transient, Unreachable
from scheduler.pump import Pump
from storage.community import Space
from storage.member import Identity, Member
from storage.outbox import Outbox, claim
from storage.pair import Pair
from tests.fakes.platform import HAS_HISTORY, KNOWS_NONCES, KNOWS_NOTHING, Fault, lost_answer
from tests.fakes.post import MONDAY, Post

HOUR = timedelta(hours=1)


@pytest.fixture
async def slow(empty_database: Path, tmp_path: Path) -> AsyncIterator[Callable]:
    """Open a community on a platform with these abilities."""
    opened: list[Post] = []

    async def make(capabilities) -> Post:
        path = Path(shutil.copy(empty_database, tmp_path / f"kith{len(opened)}.db"))
        opened.append(await Post.open(path, capabilities=capabilities))
        return opened[-1]

    yield make
    for post in opened:
        await post.database.close()


def sent(post: Post) -> list[tuple[str, str]]:
    """Return (to whom, what was said) of what the platform accepted."""
    return [(one.to, one.text) for one in post.platform.accepted]


async def test_a_note_reaches_its_member_and_its_body_is_erased(post: Post) -> None:
    """What was delivered is marked with where it stands, and its parameters are gone."""
    await post.note("ana", "n1", text="there")
    assert await post.drain() == 1
    row = await post.row("n1")
    expected = [("ANA", "Hello there en")]
    assert expected == sent(post)
    assert (row.state, row.params, row.remote_channel, row.remote_message) == ("sent", {}, "dm-ANA", "m1")
    assert post.clock.now() == row.sent_at
    assert (await post.load(Identity, "iana")).dm_channel == "dm-ANA"


async def test_the_same_key_is_sent_once(post: Post) -> None:
    """A second row with the key of the first is no row."""
    for _ in range(2):
        await post.channel("same")
    assert await post.drain() == 1


async def test_a_row_waits_for_its_moment(post: Post) -> None:
    """Nothing is sent before it is due."""
    await post.nudge("ana", "n1", due=MONDAY + HOUR, expires=MONDAY + 5 * HOUR)
    assert await post.drain() == 0
    assert await post.later(minutes=59, seconds=59) == 0
    assert await post.later(seconds=1) == 1


async def test_rate_limited_rows_wait_for_as_long_as_they_are_told(post: Post) -> None:
    """Nothing is sent before Retry-After, and waiting costs no attempt."""
    post.platform.faults = [RateLimited("429", retry_after=61.5)]
    await post.channel("p1")
    await post.drain()
    row = await post.row("p1")
    assert (row.state, row.attempts, row.due_at) == ("retry", 0, MONDAY + timedelta(seconds=61.5))
    assert await post.later(seconds=61.4) == 0
    assert await post.later(seconds=0.1) == 1
    assert len(sent(post)) == 1


async def test_a_limit_survives_a_restart(post: Post) -> None:
    """Another process finds the moment in the row."""
    post.platform.faults = [RateLimited("429", retry_after=30)]
    await post.channel("p1")
    await post.drain()
    post.pump = Pump(post.app, owner="two")
    assert await post.later(seconds=29) == 0
    assert await post.later(seconds=1) == 1


async def test_failures_that_pass_are_tried_again_with_growing_pauses(post: Post) -> None:
    """Two failures, then it is there, once."""
    post.platform.faults = [Transient("503", doubtful=False)] * 2
    await post.channel("p1")
    await post.drain()
    assert (await post.row("p1")).state == "retry"
    await post.later(seconds=2)
    await post.later(seconds=4)
    assert (await post.row("p1")).state == "sent"
    assert len(sent(post)) == 1


async def test_after_eight_tries_a_row_is_dead(post: Post) -> None:
    """It does not go on for ever, and keeps its body for whoever wants to send it again."""
    post.platform.always = lambda op, to: Fault(Transient("503", doubtful=False))
    await post.channel("p1", text="kept")
    for _ in range(20):
        await post.later(minutes=15)
    row = await post.row("p1")
    assert (row.state, row.error, row.attempts, row.params) == ("dead", "503", 8, {"text": "kept"})
    assert len(post.platform.tried) == 8


@pytest.mark.parametrize("error", [Forbidden("missing_scope"), Unreachable("unknown_channel")])
async def test_a_channel_that_refuses_makes_a_dead_letter(post: Post, error: SendFailed) -> None:
    """A channel that is gone or closed to the bot is not tried twice."""
    post.platform.faults = [error]
    await post.channel("p1")
    await post.drain()
    row = await post.row("p1")
    assert ("dead", error.code) == (row.state, row.error)
    assert await post.later(days=1) == 0


async def test_a_lost_token_stops_the_platform_and_keeps_the_outbox(post: Post) -> None:
    """After a 401 nothing is tried until somebody mends it; nothing is lost."""
    post.platform.faults = [Forbidden("401", stop=True)]
    await post.channel("p1")
    await post.drain()
    await post.channel("p2", channel="other")
    assert await post.later(days=1) == 0
    assert len(post.platform.tried) == 1
    post.pump.breaker.mend("fake")
    assert await post.drain() == 2
    assert len(sent(post)) == 2


async def test_a_limit_on_everything_stops_everything(post: Post) -> None:
    """A limit of the whole platform holds for other places too."""
    post.platform.faults = [RateLimited("cloudflare", retry_after=600, whole=True)]
    await post.channel("p1")
    await post.drain()
    await post.channel("p2", channel="other")
    assert await post.later(seconds=599) == 0
    assert await post.later(seconds=1) == 2


async def test_closed_dms_fall_to_the_pair_room(post: Post) -> None:
    """What is about a pair is said in its room, to the member by name; the next one goes there at once."""
    pair = await post.pair("ana", "bea", room="room-7")
    post.platform.closed = {"ANA"}
    await post.note("ana", "n1", pair=pair)
    await post.drain()
    expected = [("room-7", "@Ana\nHello  en")]
    assert expected == sent(post)
    assert (await post.load(Member, "ana")).dm_closed
    await post.note("ana", "n2", pair=pair)
    await post.drain()
    assert len(post.platform.tried) == 3


async def test_without_a_room_it_waits_for_the_members_next_command(post: Post) -> None:
    """The bottom of the ladder is the member's own inbox, with the words still there."""
    post.platform.closed = {"ANA"}
    await post.note("ana", "n1", text="later")
    await post.drain()
    row = await post.row("n1")
    assert (row.state, row.error, row.params) == ("held", "dm_closed", {"text": "later"})


async def test_a_room_that_is_gone_too_holds_the_message(post: Post) -> None:
    """DM closed, room deleted: it waits."""
    pair = await post.pair("ana", "bea", room="room-7")
    post.platform.closed, post.platform.gone = {"ANA"}, {"room-7"}
    await post.note("ana", "n1", pair=pair)
    await post.drain()
    assert (await post.row("n1")).state == "held"


async def test_a_pair_room_is_opened_and_then_spoken_in(post: Post) -> None:
    """The introduction comes after the room is there, once."""
    pair = await post.pair("ana", "bea")
    async with post.database.unit() as db:
        await post.writer(db).open_room(pair, "demo.hello", key="intro", text="you two")
    await post.drain()
    await post.later(seconds=5)
    calls = [(one.op, one.to) for one in post.platform.accepted]
    room = (await post.load(Pair, "p1")).room
    assert [("open_room", "ANA+BEA"), ("send", room)] == calls


async def test_a_room_message_whose_id_sorts_first_still_waits_for_the_room(post: Post) -> None:
    """Rows written in one millisecond have ids in any order; none of them waits for ever."""
    pair = await post.pair("ana", "bea")
    async with post.database.unit() as db:
        await post.writer(db).room(pair, "demo.hello", key="intro")
        opening = Outbox(
            id="zzz", community_id="c", space_id="home", key="open", op="open_room", to_kind="room", to_id="p1",
            message="", due_at=MONDAY, created_at=MONDAY,
        )  # fmt: skip
        db.add(opening)
    post.platform.faults = [Transient("503", doubtful=False)]
    for _ in range(5):
        await post.later(seconds=5)
    assert [one.op for one in post.platform.accepted] == ["open_room", "send"]


async def test_where_no_room_can_be_opened_each_member_gets_a_dm(post: Post) -> None:
    """The introduction falls to direct messages, one for each of the pair."""
    pair = await post.pair("ana", "bea")
    post.platform.faults = [Forbidden("missing_permission")]
    async with post.database.unit() as db:
        await post.writer(db).open_room(pair, "demo.hello", key="intro", text="you two")
    await post.drain()
    await post.later(seconds=5)
    expected = [("ANA", "Hello you two en"), ("BEA", "Hello you two en")]
    assert expected == sorted(sent(post))
    assert (await post.row("intro:open")).state == "dead"


async def test_a_lost_room_falls_to_dms_and_is_forgotten(post: Post) -> None:
    """The room message becomes a dead letter and a DM for each; the next one goes to DMs at once."""
    pair = await post.pair("ana", "bea", room="room-7")
    post.platform.gone = {"room-7"}
    async with post.database.unit() as db:
        await post.writer(db).room(pair, "demo.hello", key="r1")
    await post.drain()
    assert sorted(to for to, _ in sent(post)) == ["ANA", "BEA"]
    assert (await post.row("r1")).state == "dead"
    assert (await post.load(Pair, "p1")).room is None
    async with post.database.unit() as db:
        await post.writer(db).room(pair, "demo.hello", key="r2")
    await post.drain()
    assert (await post.row("r2")).error == "no_room"
    assert len(sent(post)) == 4


async def test_a_late_nudge_is_skipped_in_sight(post: Post) -> None:
    """After an outage, what has lost its sense is recorded and not sent."""
    await post.nudge("ana", "n1", due=MONDAY + HOUR, expires=MONDAY + 2 * HOUR)
    await post.later(hours=2)
    row = await post.row("n1")
    assert (row.state, row.error, row.params) == ("skipped", "expired", {})
    assert sent(post) == []


async def test_a_late_nudge_does_not_come_at_night(post: Post) -> None:
    """Due at one, the bot was down till ten at night: it comes in the morning."""
    await post.nudge("ana", "n1", due=MONDAY + HOUR, expires=MONDAY + timedelta(days=2))
    await post.later(hours=10)
    assert sent(post) == []
    row = await post.row("n1")
    assert (row.state, row.error, row.due_at) == ("pending", "quiet_hours", MONDAY + timedelta(hours=20))
    await post.later(hours=10)
    assert len(sent(post)) == 1


async def test_late_nudges_do_not_come_in_a_burst(post: Post) -> None:
    """Five nudges that were due while the bot was down: four come as one message, the fifth an hour later."""
    for number in range(5):
        due = MONDAY + number * timedelta(minutes=30)
        await post.nudge("ana", f"n{number}", due=due, expires=MONDAY + timedelta(days=1))
    await post.later(hours=3)
    for _ in range(5):
        await post.later(minutes=30)
    moments = [one.at for one in post.platform.accepted]
    assert moments == [MONDAY + 3 * HOUR, MONDAY + 4 * HOUR]
    assert ["sent"] * 5 == [(await post.row(f"n{number}")).state for number in range(5)]


async def test_a_nudge_over_the_weeks_budget_waits_for_monday(post: Post) -> None:
    """Who wants one message a week gets one."""
    await post.change(Member, "ana", weekly_nudges=1)
    for number in range(2):
        await post.nudge(
            "ana", f"n{number}", due=MONDAY + number * 2 * HOUR, expires=MONDAY + timedelta(days=20)
        )  # fmt: skip
    await post.drain()
    await post.later(hours=2)
    assert len(sent(post)) == 1
    await post.later(days=5)
    assert len(sent(post)) == 1
    await post.later(days=2)
    assert len(sent(post)) == 2


async def test_a_nudge_for_who_paused_or_left_is_not_sent(post: Post) -> None:
    """A pause and a farewell after the plan was made both count."""
    for name in ("ana", "bea", "chen"):
        await post.nudge(name, f"n-{name}", due=MONDAY + HOUR, expires=MONDAY + 5 * HOUR)
    await post.change(Member, "ana", paused_until=MONDAY + timedelta(days=7))
    await post.change(Member, "bea", left_at=MONDAY)
    await post.change(Member, "chen", opted_in_at=None)
    await post.later(hours=1)
    reasons = [(await post.row(f"n-{name}")).error for name in ("ana", "bea", "chen")]
    assert reasons == ["expired", "left", "not_opted_in"]
    assert sent(post) == []


async def test_a_dormant_space_gets_nothing(post: Post) -> None:
    """What falls due while the bot is not there is recorded as skipped."""
    await post.channel("p1")
    await post.change(Space, "home", gone_at=MONDAY)
    await post.drain()
    row = await post.row("p1")
    assert (row.state, row.error) == ("skipped", "space_gone")


async def test_a_message_with_a_bug_does_not_stop_the_others(post: Post) -> None:
    """A view that cannot be built is a dead letter, named by the error's kind and not by its words."""
    await post.note("ana", "bad", message="demo.broken")
    await post.note("bea", "good")
    await post.drain()
    row = await post.row("bad")
    assert (row.state, row.error) == ("dead", "broken:KeyError")
    assert len(sent(post)) == 1


async def test_messages_to_one_place_keep_their_order_through_failures(post: Post) -> None:
    """A failed message is not overtaken, and two are never under way to one place."""
    post.platform.faults = [Transient("503", doubtful=False), RateLimited("429", retry_after=3), lost_answer()]
    for number in range(8):
        await post.channel(f"p{number}", text=str(number))
        await post.channel(f"q{number}", text=str(number), channel="other")
    for _ in range(10):
        await post.later(seconds=3)
    for place in ("general", "other"):
        said = [text for to, text in sent(post) if to == place]
        assert [f"Hello {number} en" for number in range(8)] == said
    assert post.platform.most_in_flight == 1


async def test_several_places_are_written_to_at_once(post: Post) -> None:
    """One place that does not answer does not keep the others from being called."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    post.platform.pause = lambda: gate
    for number in range(3):
        await post.channel(f"p{number}", channel=f"c{number}")
    once = asyncio.create_task(post.pump.once())
    await post.platform.called(3)
    gate.set_result(None)
    assert await once == 3


async def test_no_transaction_is_open_while_a_platform_is_called(post: Post) -> None:
    """Somebody else can write while a call is under way."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    post.platform.pause = lambda: gate
    await post.channel("p1")
    once = asyncio.create_task(post.pump.once())
    await post.platform.called()
    await post.channel("p2", channel="other")
    gate.set_result(None)
    assert await once == 1


async def test_a_call_that_never_answers_is_doubtful(post: Post) -> None:
    """After its timeout the row is ambiguous; with the same nonce it is there once."""
    post.pump = Pump(post.app, owner="one", call_timeout=timedelta(milliseconds=20))
    post.platform.faults = [Fault(hangs=True, accepted=True)]
    await post.channel("p1")
    await post.drain()
    row = await post.row("p1")
    assert (row.state, row.error, row.flagged) == ("ambiguous", "timeout", True)
    await post.later(seconds=5)
    row = await post.row("p1")
    assert (row.state, row.flagged) == ("sent", False)
    assert len(sent(post)) == 1
    assert len({one.key for one in post.platform.tried}) == 1


async def test_in_doubt_a_nonce_makes_a_resend_safe(slow: Callable) -> None:
    """The answer was lost: the same nonce again within its window, and it stands once."""
    post = await slow(KNOWS_NONCES)
    post.platform.faults = [lost_answer()]
    await post.channel("p1")
    await post.drain()
    await post.later(seconds=60)
    row = await post.row("p1")
    assert (row.state, row.flagged, len(sent(post))) == ("sent", False, 1)


async def test_in_doubt_after_the_nonces_window_the_rows_own_rule_decides(slow: Callable) -> None:
    """The platform was away for longer than it knows nonces: a post is skipped, flagged."""
    post = await slow(KNOWS_NONCES)
    post.platform.faults = [lost_answer()]
    await post.channel("p1")
    await post.drain()
    await post.later(minutes=3)
    row = await post.row("p1")
    assert (row.state, row.error, row.flagged) == ("skipped", "in_doubt", True)
    assert len(post.platform.tried) == 1


@pytest.mark.parametrize("accepted", [True, False])
async def test_in_doubt_history_is_searched_first(slow: Callable, accepted: bool) -> None:
    """It is sent again only if it is not there."""
    post = await slow(HAS_HISTORY)
    post.platform.faults = [replace(lost_answer(), accepted=accepted)]
    await post.channel("p1")
    await post.drain()
    await post.later(seconds=5)
    row = await post.row("p1")
    assert (row.state, row.flagged, len(sent(post))) == ("sent", False, 1)
    assert len(post.platform.found) == 1
    assert len(post.platform.tried) == (1 if accepted else 2)


@pytest.mark.parametrize(("on_doubt", "state", "times"), [("skip", "skipped", 1), ("repeat", "sent", 2)])
@pytest.mark.parametrize("history", [True, False])
async def test_in_doubt_and_blind_the_row_decides_and_is_flagged(
    slow: Callable, on_doubt: str, state: str, times: int, history: bool
) -> None:
    """Where nothing can be looked up, nudges are skipped and what must arrive is repeated; both are flagged."""
    post = await slow(HAS_HISTORY if history else KNOWS_NOTHING)
    post.platform.faults, post.platform.find_faults = [lost_answer()], [Forbidden("no_history")]
    await post.channel("p1", on_doubt=on_doubt)
    await post.drain()
    await post.later(seconds=5)
    row = await post.row("p1")
    assert (state, True, times) == (row.state, row.flagged, len(sent(post)))


async def test_a_history_that_cannot_be_read_just_now_is_asked_again(slow: Callable) -> None:
    """A passing failure of the search resolves no doubt."""
    post = await slow(HAS_HISTORY)
    post.platform.faults, post.platform.find_faults = [lost_answer()], [RateLimited("429", retry_after=9)]
    await post.channel("p1")
    await post.drain()
    await post.later(seconds=5)
    assert (await post.row("p1")).state == "ambiguous"
    await post.later(seconds=9)
    assert (await post.row("p1")).state == "sent"
    assert len(sent(post)) == 1


async def test_a_lease_that_ran_out_is_doubt(slow: Callable) -> None:
    """A process died between claim and mark: the next one looks before it sends."""
    post = await slow(HAS_HISTORY)
    await post.channel("p1")
    async with post.database.unit() as db:
        await claim(db, MONDAY, owner="dead", lease_until=MONDAY + timedelta(seconds=30), limit=9)
    assert await post.later(seconds=29) == 0
    assert await post.later(seconds=1) == 1
    assert len(post.platform.found) == 1
    assert (await post.row("p1")).state == "sent"


async def test_who_lost_the_lease_does_not_mark(post: Post) -> None:
    """Another process took the row over meanwhile: its mark is the one that counts."""
    gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    post.platform.pause = lambda: gate
    await post.channel("p1")
    once = asyncio.create_task(post.pump.once())
    await post.platform.called()
    await post.change(Outbox, (await post.row("p1")).id, owner="two")
    gate.set_result(None)
    await once
    row = await post.row("p1")
    assert (row.state, row.owner) == ("sending", "two")


async def test_roles_and_edits_are_repeated_in_doubt(slow: Callable) -> None:
    """Doing them twice is doing them once."""
    post = await slow(KNOWS_NOTHING)
    await post.channel("p1")
    await post.drain()
    async with post.database.unit() as db:
        ana = await post.get(db, Member, "ana")
        await post.writer(db).grant(ana, "home", "mentor", key="g1", give=True)
        await post.writer(db).edit("p1", "demo.hello", key="e1", text="again")
    post.platform.faults = [lost_answer(), lost_answer()]
    await post.drain()
    await post.later(seconds=5)
    assert [((await post.row(key)).state, (await post.row(key)).flagged) for key in ("g1", "e1")] == [
        ("sent", False)
    ] * 2


async def test_an_edit_waits_for_its_message_and_follows_it(post: Post) -> None:
    """An edit written with its message comes after it, and rewrites it where it stands."""
    await post.note("ana", "n1")
    async with post.database.unit() as db:
        await post.writer(db).edit("n1", "demo.hello", key="e1", text="anew")
    await post.drain()
    await post.later(seconds=5)
    edit = post.platform.accepted[-1]
    assert (edit.op, edit.to, edit.key, edit.text) == ("edit", "dm-ANA", "m1", "Hello anew en")


async def test_an_edit_of_what_never_arrived_is_skipped(post: Post) -> None:
    """Nothing is posted anew in its place."""
    post.platform.faults = [Forbidden("no")]
    await post.channel("p1")
    await post.drain()
    async with post.database.unit() as db:
        await post.writer(db).edit("p1", "demo.hello", key="e1")
    await post.drain()
    assert (await post.row("e1")).error == "never_sent"


async def test_a_platform_that_is_not_connected_keeps_its_rows(post: Post) -> None:
    """Its rows stay as they are for the process that has it."""
    del post.app.platforms["fake"]
    await post.channel("p1")
    assert await post.drain() == 0
    assert (await post.row("p1")).state == "pending"


async def test_a_lease_too_short_for_two_calls_is_refused(post: Post) -> None:
    """A lease that can run out under a live call would make doubt where there is none."""
    with pytest.raises(ValueError, match="can run out"):
        Pump(post.app, owner="one", lease=timedelta(seconds=20))
