"""HTTP mode: only what Slack signed just now comes in; everything else is a 401 and costs nothing."""

import hashlib
import hmac
import io
import json
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.slack.connect import SlackRefused, connect
from adapters.slack.web import BODY, signed
from tests.fakes.slack.world import SlackWorld, Snapshot, opened, section

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def signature(body: bytes, stamp: str, secret: str = SECRET) -> str:
    """Sign as Slack does."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def headers(body: bytes, stamp: str = "") -> dict[str, str]:
    """Return the headers of a request that Slack signed."""
    stamp = stamp or str(int(time.time()))
    return {
        "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(body, stamp),
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip


@pytest.fixture
async def site(joined: Snapshot, tmp_path: Path) -> AsyncIterator[tuple[SlackWorld, str]]:
    """A world whose app is called over HTTP at the address."""
    async with opened(tmp_path / "kith.db", snapshot=joined) as world:
        await world.slack.stop()
        settings = section(world.server, mode="http", signing_secret=SECRET, port=0)
        world.slack = await connect({"acme": settings}, world.kith.app)
        host, port = world.slack.addresses[0]
        yield world, f"http://{host}:{port}/slack/acme"


def test_slacks_own_example_of_a_signature() -> None:
    """The example in Slack's documentation is accepted at its time, and at no other."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
        b"foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
        b"hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
        b"47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    wanted = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    stamp = "1531420618"
    assert signed(SECRET, body, stamp, wanted, 1531420618 + 299)
    assert not signed(SECRET, body, stamp, wanted, 1531420618 + 301)
    assert not signed(SECRET, body + b"x", stamp, wanted, 1531420618)


async def test_a_signed_command_is_answered_and_its_replay_changes_nothing(site: tuple[SlackWorld, str]) -> None:
    """A command over HTTP does what it does over the socket; sent again as it was, it has no second effect."""
    from storage.kudos import Kudos

    world, url = site
    body = urlencode(world.command("ana", "kudos give @bea for the patient review")).encode()
    sent = headers(body)
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with session.post(url, data=body, headers=sent) as answer:
                assert 200 == answer.status
            await world.slack.settle()
    assert 1 == len(await world.rows(Kudos))


async def test_a_form_is_answered_in_the_response(site: tuple[SlackWorld, str]) -> None:
    """A submission's acknowledgement carries the next view."""
    world, url = site
    (form,) = await _over_http(world, url, urlencode(world.command("ana", "kudos give")).encode())
    payload = world.submission("ana", form, {"who": "UBEA", "why": "for the patient review"})
    body = urlencode({"payload": json.dumps(payload)}).encode()
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers(body)) as answer:
        assert "update" == (await answer.json())["response_action"]


async def _over_http(world: SlackWorld, url: str, body: bytes) -> list[object]:
    mark = len(world.team.shown)
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers(body)) as answer:
        assert 200 == answer.status
    await world.slack.settle()
    return list(world.team.shown[mark:])


async def test_a_port_that_is_taken_is_told(site: tuple[SlackWorld, str]) -> None:
    """Where another program listens, the start ends with the place and what to do."""
    world, _ = site
    settings = section(world.server, mode="http", signing_secret=SECRET, port=world.slack.addresses[0][1])
    with pytest.raises(SlackRefused, match="cannot listen on"):
        await connect({"acme": settings}, world.kith.app)


async def test_the_address_is_verified_as_slack_asks(site: tuple[SlackWorld, str]) -> None:
    """The challenge that Slack sends when the address is entered comes back."""
    _, url = site
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    sent = headers(body) | {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=sent) as answer:
        assert "abc" in await answer.text()


async def malformed(url: str, number: int, seed: int) -> dict[int, int]:
    """Send so many requests that Slack did not sign; return status -> how often."""
    chance, found = random.Random(seed), dict[int, int]()
    now = int(time.time())
    async with aiohttp.ClientSession() as session:
        for _ in range(number):
            body = chance.randbytes(chance.randrange(200))
            stamp = chance.choice([str(now), str(now - 301), str(now + 400), "", "-1", "1e9", "٣", "9" * 40, "x"])
            good = signature(body, stamp)
            mark = chance.choice(
                ["", "v0=", good[:-1], good + "0", "v1" + good[2:], signature(body, stamp, "x"), "é" * 67]
            )
            sent = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": mark}
            kind = chance.choice(["application/json", "text/plain", "application/x-www-form-urlencoded", "x"])
            async with session.post(url, data=body, headers=sent | {"Content-Type": kind}) as answer:
                found[answer.status] = found.get(answer.status, 0) + 1
    return found


async def test_what_slack_did_not_sign_is_refused(site: tuple[SlackWorld, str]) -> None:
    """Unsigned, stale, garbled requests are 401, every one of them, and log nothing."""
    with capture_logs() as logs:
        assert {401: 1000} == await malformed(site[1], 1000, 5)
    assert [] == logs


async def test_signed_nonsense_is_refused_without_a_trace(site: tuple[SlackWorld, str]) -> None:
    """What is signed but no payload is 400 or ignored; too long a body is 413; another path is 404."""
    _, url = site
    async with aiohttp.ClientSession() as session:
        for body, status in (
            (b"\xff\xfe", 400), (b"{", 400), (b"payload=[", 400), (b"[1]", 200), (b"", 200), (b"x" * (BODY + 1), 413)
        ):  # fmt: skip
            async with session.post(url, data=io.BytesIO(body), headers=headers(body)) as answer:
                assert status == answer.status, body[:10]
        async with session.post(url + "x", data=b"", headers=headers(b"")) as answer:
            assert 404 == answer.status
