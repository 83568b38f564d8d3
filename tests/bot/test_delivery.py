"""Delivery: what a row becomes in its reader's words, and what follows from an answer."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import storage.community
from bot.chat.platform import Address, Forbidden
from bot.chat.text import Mention, When
from bot.chat.views import as_text, texts
from bot.delivery import Deliver, Instead, OpenRoom, Post, delivery_key, in_doubt, prepare
from bot.i18n import Say
from bot.outcome import CAP, FIRST, backoff, dead_letters, tell_dead
from storage.community import Community, Space
from storage.member import Identity, Member
from storage.outbox import Outbox
from storage.pair import PairMember
from tests.fakes import fixtures
from tests.fakes.platform import HAS_HISTORY, KNOWS_NONCES, KNOWS_NOTHING
from tests.fakes.post import MONDAY
from tests.fakes.post import Post as Office

empty_database, post = fixtures.empty_database, fixtures.post


async def prepared(post: Office, key: str) -> Deliver | Instead | object:
    """Return what the row with this key becomes now."""
    async with post.database.read() as db:
        return await prepare(db, await post.row(key), post.app.features, post.clock.now())


async def called(post: Office, key: str) -> Deliver:
    """Return the call that the row with this key becomes."""
    what = await prepared(post, key)
    assert isinstance(what, Deliver), what
    return what


def spans(call: Deliver) -> list[object]:
    """Return all spans of the message."""
    assert isinstance(call.act, Post)
    return [span for block in call.act.view.blocks for part in texts(block) for span in part]


@given(st.text(max_size=300))
def test_a_delivery_key_is_short_and_always_the_same(key: str) -> None:
    """Discord takes a nonce of 25 characters at most."""
    nonce = delivery_key(key)
    assert nonce == delivery_key(key)
    assert len(nonce) == 24
    assert nonce.isascii()
    assert nonce.isalnum()


def test_different_keys_have_different_delivery_keys() -> None:
    """Two messages are never taken for one."""
    assert len({delivery_key(f"checkin:{number}") for number in range(10_000)}) == 10_000


@given(attempts=st.integers(0, 200), key=st.text(max_size=20))
def test_pauses_grow_up_to_a_quarter_of_an_hour(attempts: int, key: str) -> None:
    """Full jitter: anything up to the doubled pause, never nothing, never more than the cap."""
    pause = backoff(key, attempts)
    assert timedelta() < pause <= min(CAP, FIRST * 2 ** max(attempts - 1, 0) if attempts < 12 else CAP)


def test_pauses_of_many_rows_spread() -> None:
    """Rows that failed together do not come back together."""
    pauses = sorted(backoff(f"k{number}", 8).total_seconds() for number in range(1000))
    assert pauses[100] < 60
    assert pauses[900] > 180
    assert len(set(pauses)) > 900


def test_what_is_done_in_doubt() -> None:
    """The nonce while it is known, then history, then the row's own rule; no doubt or no harm: simply send."""
    row = Outbox(id="o", community_id="c", key="k", to_kind="member", to_id="m", message="x", due_at=MONDAY, created_at=MONDAY, sending_at=MONDAY, flagged=True)  # fmt: skip # noqa: E501
    both = KNOWS_NONCES.__class__(True, True, nonce_window=timedelta(minutes=2), probes=True)
    minute = timedelta(minutes=1)
    assert in_doubt(row, KNOWS_NONCES, MONDAY + minute) == "resend"
    assert in_doubt(row, KNOWS_NONCES, MONDAY + 2 * minute) == "skip"
    assert in_doubt(row, KNOWS_NONCES, MONDAY + 2 * minute - timedelta(seconds=10)) == "skip"
    assert in_doubt(row, KNOWS_NONCES, MONDAY - minute) == "skip"
    assert in_doubt(row, both, MONDAY + 2 * minute) == "find"
    assert in_doubt(row, HAS_HISTORY, MONDAY) == "find"
    assert in_doubt(row, KNOWS_NOTHING, MONDAY) == "skip"
    row.on_doubt = "repeat"
    assert in_doubt(row, KNOWS_NOTHING, MONDAY) == "repeat"
    row.flagged = False
    assert in_doubt(row, KNOWS_NOTHING, MONDAY) == "send"
    row.flagged, row.op = True, "open_room"
    assert in_doubt(row, KNOWS_NOTHING, MONDAY) == "send"


async def test_a_member_is_spoken_to_in_their_language_and_zone(post: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The member's own settings win over the community's."""
    spoken = {"en": {}, "es": {"Hello {text} {who}": ("Hola {text} {who}",)}}
    monkeypatch.setattr("bot.i18n._catalogue", lambda language: spoken[language])
    await post.change(Community, "c", language="en", zone="Asia/Tokyo")
    await post.change(Member, "ana", language="es", zone="America/Lima", quiet_start="00:00", quiet_end="00:00")
    await post.change(Member, "bea", zone=None, quiet_start="00:00", quiet_end="00:00")
    at = MONDAY.isoformat()
    await post.note("ana", "n1", at=at)
    await post.note("bea", "n2", at=at)
    await post.channel("p1", at=at)
    moments = [
        next(span for span in spans(await called(post, key)) if isinstance(span, When)) for key in ("n1", "n2", "p1")
    ]
    expected = [("America/Lima", "es"), ("Asia/Tokyo", "en"), ("Asia/Tokyo", "en")]
    assert expected == [(moment.zone, moment.locale) for moment in moments]
    await post.drain()
    assert [one.text.startswith("Hola") for one in post.platform.accepted] == [
        one.to == "ANA" for one in post.platform.accepted
    ]


async def test_mentions_have_the_accounts_of_the_readers_space(post: Office) -> None:
    """Who has no account there is named, not mentioned."""
    await post.change(Identity, "ichen", space_id="home", external_id="CHEN9")
    await post.note("ana", "n1", about="chen")
    expected = Mention("chen", "Chen", "CHEN9")
    assert expected in spans(await called(post, "n1"))
    async with post.database.unit() as db:
        await db.delete(await post.get(db, Identity, "ichen"))
    expected = Mention("chen", "Chen", None)
    assert expected in spans(await called(post, "n1"))


async def test_a_known_dm_channel_is_used_again(post: Office) -> None:
    """A DM is opened once in a life."""
    await post.note("ana", "n1")
    assert (await called(post, "n1")).opens_dm
    await post.change(Identity, "iana", dm_channel="D1")
    call = await called(post, "n1")
    expected = Address("HOME", "user", "ANA", "D1")
    assert expected == call.address
    assert not call.opens_dm


async def test_a_room_is_opened_for_those_who_are_still_there(post: Office) -> None:
    """Seats that were left get no invitation; the title has the names."""
    pair = await post.pair("ana", "bea", "chen")
    await post.change(PairMember, ("p1", "bea"), left_at=MONDAY)
    async with post.database.unit() as db:
        await post.writer(db).open_room(pair, "demo.hello", key="intro")
    call = await called(post, "intro:open")
    expected = OpenRoom(("ANA", "CHEN"), "Ana and Chen")
    assert expected == call.act


async def test_a_note_to_who_has_no_account_here_waits(post: Office) -> None:
    """It is shown with their next command, wherever that is."""
    await post.note("ana", "n1")
    async with post.database.unit() as db:
        await db.delete(await post.get(db, Identity, "iana"))
    expected = Instead("held", "no_account")
    assert expected == await prepared(post, "n1")


async def test_the_room_of_a_space_that_is_gone_is_no_step_of_the_ladder(post: Office) -> None:
    """A pair room can be on another space than the member's DM."""
    pair = await post.pair("ana", "bea", room="room-7")
    await post.note("ana", "n1", pair=pair)
    await post.change(Member, "ana", dm_closed=True)
    assert (await called(post, "n1")).address.id == "room-7"
    async with post.database.unit() as db:
        db.add(Space(id="away", community_id="c", platform="fake", external_id="AWAY", gone_at=MONDAY))
        await db.flush()
        pair.space_id = "away"
        await db.merge(pair)
    expected = Instead("held", "dm_closed")
    assert expected == await prepared(post, "n1")


@pytest.mark.parametrize(("late", "expected"), [(0, Instead("skipped", "expired")), (-1, None)])
async def test_whatever_has_an_end_is_not_delivered_after_it(post: Office, late: int, expected: Instead | None) -> None:
    """Not only nudges: from its expiry on, a row is skipped, with the reason."""
    await post.note("ana", "n1")
    await post.change(Outbox, (await post.row("n1")).id, expires_at=MONDAY - timedelta(seconds=late))
    what = await prepared(post, "n1")
    assert (what if isinstance(what, Instead) else None) == expected


async def test_a_message_that_no_feature_knows_is_a_dead_letter(post: Office) -> None:
    """It was written by a version of Kith that had it."""
    await post.note("ana", "n1", message="gone.away")
    expected = Instead("dead", "unknown_message")
    assert expected == await prepared(post, "n1")


async def test_coordinators_hear_of_dead_letters_once_a_day(post: Office) -> None:
    """One notice with the count and the codes; a second one only the next day, and for new ones."""
    await post.app.work("c", lambda work: settle(work, ["home", "staff"]))
    for number, code in enumerate(["no_scope", "gone", "gone"]):
        post.platform.faults = [Forbidden(code)]
        await post.channel(f"p{number}", channel=f"c{number}")
        await post.drain()
    await post.app.work("c", tell_dead)
    await post.drain()
    said = post.platform.accepted[-1]
    assert said.to == "staff"
    assert "3 messages" in said.text
    assert "gone × 2" in said.text
    post.platform.faults = [Forbidden("late")]
    await post.channel("p9")
    await post.drain()
    await post.app.work("c", tell_dead)
    await post.drain()
    assert len(post.platform.accepted) == 1
    post.clock.advance(timedelta(days=1))
    await post.app.work("c", tell_dead)
    await post.drain()
    assert "one message" in post.platform.accepted[-1].text


async def test_without_a_coordinator_channel_dead_letters_wait(post: Office) -> None:
    """They are told when there is somebody to tell."""
    post.platform.faults = [Forbidden("no")]
    await post.channel("p1")
    await post.drain()
    await post.app.work("c", tell_dead)
    assert not (await post.row("p1")).told
    await post.app.work("c", lambda work: settle(work, ["home", "staff"]))
    await post.app.work("c", tell_dead)
    assert (await post.row("p1")).told


async def test_a_notice_that_dies_is_not_told(post: Office) -> None:
    """A dead coordinator channel does not make a notice a day about yesterday's notice."""
    await post.app.work("c", lambda work: settle(work, ["home", "staff"]))
    post.platform.gone = {"staff", "general"}
    await post.channel("p1")
    await post.drain()
    for _ in range(3):
        await post.app.work("c", tell_dead)
        await post.later(days=1)
    assert [row.state for row in await post.rows()] == ["dead", "dead"]


async def settle(work, channel: list[str]) -> None:
    """Set the coordinators' channel."""
    await storage.community.set_value(work.db, "c", "core.coordinator_channel", channel)


def test_the_notice_reads_well() -> None:
    """What it says, in full."""
    view = dead_letters(Say(), {"count": 2, "codes": {"50013": 2}})
    expected = """Messages that could not be delivered
I gave up on 2 messages. This is what the platform answered:
- 50013 × 2
Whoever runs me can see them with kith outbox list and send them again with kith outbox retry."""
    assert expected == as_text(view)
