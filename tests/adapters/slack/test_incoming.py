"""From payloads to events: what Slack escapes is read, what it would not send is refused."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.slack import forms, incoming
from adapters.slack.incoming import Malformed
from bot.chat.incoming import Place
from bot.chat.spec import Command, MemberParam, TextParam
from tests.fakes.slack.rules import interpreted
from tests.fakes.slack.world import SlackWorld, escaped, workspace


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("kudos give <@U1|bea> for A &amp; B", "kudos give <@U1> for A & B"),
        ("see <https://a.b/?x=1&amp;y=2|a.b>", "see https://a.b/?x=1&y=2"),
        ("<#C1|general> <!here> <!subteam^S1|@mentors>", "#general @here @mentors"),
        ("write <mailto:a@b.c|a@b.c>", "write a@b.c"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
    ],
)
def test_escaped_lines_are_read(line: str, read: str) -> None:
    """Accounts stay accounts; everything else becomes the words that were typed."""
    assert read == incoming.typed(line)


@given(st.text())
def test_what_is_typed_comes_through(text: str) -> None:
    """Words without accounts arrive as they were typed."""
    if "@" not in text:
        assert text == incoming.typed(escaped(text, workspace()))


@given(st.sampled_from(["channel", "dm", "room"]), st.sampled_from(["C1", "D2", "G3"]), st.sampled_from([None, "1.2"]))
def test_a_modal_carries_its_place(kind: Any, channel: str, message: str | None) -> None:
    """Where a form was asked for comes back from its modal."""
    place = Place(kind, channel, message)
    assert place == forms.loaded(forms.dumped(place), "U1")


@given(st.text())
def test_a_tampered_place_is_the_own_page(text: str) -> None:
    """Metadata that is none of ours means the member's own page."""
    assert "home" == forms.loaded(text, "U1").kind


def test_a_message_shortcut_gives_author_and_link_only() -> None:
    """Of the message, its author and address are read."""
    body = {
        "type": "message_action", "callback_id": "ask.open", "team": {"id": "T1", "domain": "nbm"},
        "user": {"id": "U1"}, "trigger_id": "t", "channel": {"id": "C1", "name": "general"}, "message_ts": "12.34",
        "message": {"user": "U2", "text": "private words"},
    }  # fmt: skip
    origin, path, author, link = incoming.shortcut(body)
    assert ("U2", "https://nbm.slack.com/archives/C1/p1234") == (author, link)
    assert ("ask", "open") == path
    assert "private" not in repr(origin)


def test_a_shortcut_fills_what_its_command_takes() -> None:
    """The author becomes the first member, the link a text called link, and nothing else is given."""

    async def handler(ctx: object, who: object, link: str, why: str) -> None:
        """Do nothing."""

    async def nothing(ctx: object) -> None:
        """Do nothing."""

    params = (MemberParam(name="who", help="x"), TextParam(name="link", help="x"), TextParam(name="why", help="x"))
    command = Command(path=("a",), help="x", handler=handler, example="/a", params=params)  # type: ignore[arg-type]
    bare = Command(path=("a",), help="x", handler=nothing, example="/a")  # type: ignore[arg-type]
    assert {"who": "<@U2>", "link": "https://x"} == incoming.options(command, "U2", "https://x")
    assert {} == incoming.options(command, "", "")
    assert {} == incoming.options(bare, "U2", "https://x")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"team_id": "T1"},
        {"team_id": "T1", "user_id": "U1", "channel_id": "C1"},
        {"channel_id": 7},
        {"channel_id": "x"},
    ],
)
def test_an_incomplete_command_is_refused(body: dict[str, Any]) -> None:
    """A command without who, where or a trigger is none."""
    with pytest.raises(Malformed):
        incoming.command(body)


JUNK: list[Any] = [
    None,
    0,
    -1,
    True,
    "",
    "x" * 5000,
    [],
    [[]],
    {},
    {"id": 3},
    "<!channel>",
    "\x00",
    "‮",
    1e308,
    ["a"],
    {"type": []},
]


def _mutated(payload: Any, chance: random.Random) -> Any:
    """Return a payload with something in it replaced, removed or doubled."""
    copied = copy.deepcopy(payload)
    places: list[tuple[Any, Any]] = []

    def walk(value: Any) -> None:
        keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            places.append((value, key))
            walk(value[key])

    walk(copied)
    for _ in range(chance.randint(1, 3)):
        holder, key = chance.choice(places)
        try:
            if chance.random() < 0.2:
                del holder[key]
            else:
                holder[key] = chance.choice(JUNK)
        except (KeyError, IndexError):
            continue
    return copied


async def _payloads(slack: SlackWorld) -> list[dict[str, Any]]:
    """Return one good payload of each kind."""
    (form,) = await slack.says("ana", "kudos give")
    (page,) = await slack.opens_home("ana")
    (shown,) = await slack.says("ana", "programme info")
    element = {"type": "button", "action_id": "0|checkin.met:x"}
    event = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1"}
    return [
        slack.command("ana", "kudos give @bea for the <!channel> review"),
        slack.submission("ana", form, {"who": "UBEA", "why": "<!channel> <!here>"}),
        slack.action("ana", page, element), slack.action("ana", shown, element | {"type": "users_select"}),
        slack._interaction("shortcut", "UANA") | {"callback_id": "kudos.give"},
        slack._interaction("message_action", "UANA")
        | {"callback_id": "kudos.give", "message_ts": "1.2", "message": {"user": "UBEA"}}
        | {"channel": {"id": "C1", "name": "x"}},
        event | {"event": {"type": "user_change", "event_ts": "1.2", "user": {"id": "UANA", "deleted": True}}},
        event | {"event": {"type": "app_home_opened", "user": "UANA", "tab": "home"}},
    ]  # fmt: skip


async def fuzz(slack: SlackWorld, number: int, seed: int) -> None:
    """Send so many mutated payloads past the transport; raises what a crash raises."""
    (inbound,) = slack.slack._inbounds.values()
    chance = random.Random(seed)
    payloads = await _payloads(slack)
    for index in range(number):
        payload = _mutated(chance.choice(payloads), chance)
        answer = await inbound.dispatch(payload, {}, "socket_mode")
        assert answer.status in (200, 400), (answer.status, json.dumps(payload)[:500])
        if index % 50 == 0:
            await slack.slack.settle()
    await slack.slack.settle()


def broadcasts(slack: SlackWorld) -> list[str]:
    """Return every text that was sent to Slack and would notify more than one person."""
    found = []
    for call in slack.server.calls:
        marked = [call.args["text"]] if isinstance(call.args.get("text"), str) else []
        found += [text for text in marked + interpreted(call.args) if "<!" in text.replace("<!date^", "")]
        found += [json.dumps(call.args)] if "broadcast" in json.dumps(call.args) else []
    return found


async def test_mutated_payloads_crash_nothing_and_mention_nobody(coffee: SlackWorld) -> None:
    """Nonsense in place of any part of a payload is dropped; nothing that comes out calls a whole channel."""
    with capture_logs() as logs:
        await fuzz(coffee, 400, 11)
    assert set() == {line["event"] for line in logs} - {"slack.malformed", "slack.unanswered", "slack.response_url"}
    assert [] == broadcasts(coffee)
    (answer,) = await coffee.says("ana", "me home")
    assert "ephemeral" == answer.kind
