"""The page's server: on this machine only, for its own page only, and never a traceback."""

from __future__ import annotations

import logging
import socket
from types import SimpleNamespace

import aiohttp
import pytest

from adapters.playground.visit import is_private
from bot.chat.actions import ActionId
from bot.chat.reply import Show
from bot.chat.text import words
from bot.chat.views import Text, View
from tests.adapters.playground.stub import CATALOGUE, make_playground, make_town


class Live:
    """An open page without a browser: sends acts, keeps what it is told."""

    def __init__(self, socket):
        self.socket, self.told = socket, []

    async def act(self, **said):
        """Send one act and return everything told until it is done."""
        await self.socket.send_json(said)
        return await self.until_done()

    async def send(self, text):
        """Send raw text and return everything told until it is done."""
        await self.socket.send_str(text)
        return await self.until_done()

    async def until_done(self):
        told = []
        while not told or told[-1]["is"] != "done":
            told.append(await self.socket.receive_json(timeout=10))
        self.told += told
        return told


def last(told, kind):
    return [one for one in told if one["is"] == kind][-1]


@pytest.fixture
async def site():
    playground, app = make_playground()
    url = await playground.start(0)
    async with aiohttp.ClientSession() as session:
        yield SimpleNamespace(url=url, session=session, app=app, origin=url.rstrip("/"), playground=playground)
    await playground.stop()


@pytest.fixture
async def live(site):
    async with site.session.ws_connect(site.url + "live", origin=site.origin) as socket:
        yield Live(socket)


async def test_the_page_allows_itself_nothing_foreign(site):
    """The page comes with a policy that loads from this address alone, and cannot be framed."""
    async with site.session.get(site.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert (200, True) == (answer.status, policy.startswith("default-src 'self';"))
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


async def test_another_name_for_this_machine_is_refused(site):
    """A foreign Host header, as in DNS rebinding, gets a sentence and nothing else."""
    async with site.session.get(site.url, headers={"Host": "evil.example"}) as answer:
        assert (403, True) == (answer.status, "answers at http://127.0.0.1" in await answer.text())


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
async def test_only_the_own_page_may_act(site, origin):
    """The WebSocket is refused without this page's own Origin, also for a request that names none."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await site.session.ws_connect(site.url + "live", origin=origin)
    assert 403 == refused.value.status


async def test_a_foreign_page_cannot_even_read(site):
    """A request that carries a foreign Origin is refused for every path."""
    async with site.session.get(site.url + "static/playground.js", headers={"Origin": "http://evil.example"}) as answer:
        assert 403 == answer.status


async def test_a_taken_port_is_stepped_around():
    """When the port is in use, another free one is taken and told."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    playground, _ = make_playground()
    url = await playground.start(port)
    assert (True, False) == (url.startswith("http://127.0.0.1:"), f":{port}/" in url)
    await playground.stop()
    await playground.stop()
    taken.close()


async def test_a_command_is_answered_in_its_pane(live):
    """A typed command comes back as a message of the bot in the pane's log."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    pane = last(await live.act(do="type", pane=0, text="/me show"), "pane")
    assert "How it goes" in pane["items"][-1]["html"]
    assert "Only you can see this" in pane["items"][-1]["html"]


async def test_what_stands_keeps_its_mark(live):
    """A message that did not change keeps id and mark, so that the page leaves it alone."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    first = last(await live.act(do="type", pane=0, text="One"), "pane")["items"]
    second = last(await live.act(do="type", pane=0, text="Two"), "pane")["items"]
    assert first == second[: len(first)]
    assert len(first) + 1 == len(second)


async def test_only_what_changed_is_told(live):
    """When nothing but the time moves, who has what to read is not told again."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    told = await live.act(do="advance", by="hour")
    assert ["said", "clock", "pane", "done"] == [one["is"] for one in told]
    told = await live.act(do="drawer", open=True)
    assert ["drawer", "done"] == [one["is"] for one in told]


async def test_a_new_day_is_marked_in_the_members_zone(live):
    """Midnight in Shanghai draws a line for Chen while it is still the same day for Ana."""
    for number, user in enumerate(("chen", "ana")):
        await live.act(do="open", pane=number, user=user, spot="general")
    await live.act(do="type", pane=0, text="Before midnight")
    await live.act(do="advance", by="next")
    await live.act(do="advance", by="next")
    told = await live.act(do="type", pane=0, text="After midnight")
    days = {
        one["pane"]: [item["id"] for item in one["items"] if item["id"].startswith("day-")]
        for one in told
        if one["is"] == "pane"
    }
    assert {0: ["day-2026-03-02", "day-2026-03-03"], 1: ["day-2026-03-02"]} == days


async def test_others_messages_count_until_the_place_is_opened(live):
    """What arrives elsewhere is counted for the member, and no longer once it has been opened."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    told = await live.act(do="advance", by="day")
    assert {"ana": 2, "bea": 2, "chen": 0, "dara": 0, "emi": 0} == last(told, "waiting")["people"]
    told = await live.act(do="open", pane=0, user="ana", spot="dm-ana")
    assert 1 == last(told, "waiting")["people"]["ana"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"do": "juggle"}, "Reload it"),
        ({"do": "open", "pane": 0, "user": "nobody"}, "no longer here"),
        ({"do": "type", "pane": 9, "text": "hello"}, "no longer there"),
        ({"do": "press", "pane": 0, "message": "gone", "action": "x"}, "no longer there"),
        ({"do": "submit", "values": {}}, "no longer open"),
        ({"do": "open", "pane": "x", "user": "ana"}, "cannot be read"),
    ],
)
async def test_nonsense_is_told_in_a_sentence(live, said, sentence):
    """What the page cannot ask for is refused with a sentence; nothing breaks."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    assert sentence in last(await live.act(**said), "problem")["text"]


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
async def test_garbage_is_told_in_a_sentence(live, text):
    """What is not JSON, or not an act, is refused with a sentence."""
    assert "Reload it" in last(await live.send(text), "problem")["text"]


async def test_a_message_of_somebody_else_cannot_be_pressed(live, site):
    """A press under a message that the member cannot see never reaches the bot."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    await live.act(do="advance", by="day")
    theirs = site.app.town.visible("bea", "dm-bea")[0]
    told = await live.act(do="press", pane=0, message=theirs.id, action=str(theirs.actions[0].action))
    assert "no longer there" in last(told, "problem")["text"]
    assert [] == site.app.heard


async def test_a_fault_is_logged_and_told_without_a_trace(live, caplog):
    """A fault behind the page is a sentence for the page; what it was stays out of it."""
    caplog.set_level(logging.CRITICAL)
    await live.act(do="open", pane=0, user="ana", spot="general")
    text = last(await live.act(do="type", pane=0, text="/fail"), "problem")["text"]
    assert ("fault of its own" in text, "RuntimeError" in text, "a fault of the stub" in text) == (True, False, False)


async def test_a_form_takes_its_own_fields_only(live, site):
    """Values for fields that the form does not have are dropped, and lists are taken where several may be chosen."""
    await live.act(do="open", pane=0, user="ana", spot="general")
    told = await live.act(do="type", pane=0, text="/programme join")
    assert "page 1 of 2" in last(told, "form")["html"]
    values = {"role": "mentor", "wants": "x", "days": ["friday"], "evil": "1", "hours": ["3", "4"]}
    await live.act(do="submit", values=values)
    assert {"role": "mentor", "wants": "x", "days": ("friday",), "hours": "3"} == site.app.heard[-1].values


async def test_what_is_done_on_the_own_page_is_answered_in_the_dm(live, site):
    """A form opened from the own page is answered in the DM, said so, and the page is shown anew."""
    await live.act(do="open", pane=0, user="ana", spot="home")
    site.app.heard.clear()
    told = await live.act(do="press", pane=0, action="join")
    assert "page 1 of 2" in last(told, "form")["html"]
    await live.act(do="submit", values={"wants": "x"})
    told = await live.act(do="submit", values={})
    assert "Kith answered Ana Ruiz in a direct message." == last(told, "said")["text"]
    assert ["ButtonPress", "HomeOpened", "FormSubmit", "HomeOpened", "FormSubmit", "HomeOpened"] == [
        type(event).__name__ for event in site.app.heard
    ]
    assert ["programme.joined"] == [message.view.key for message in site.app.town.visible("ana", "dm-ana")]


def test_privacy_follows_the_spec():
    """Who sees an answer is what the spec of the command, button or form says; a refusal of the core is private."""
    town = make_town(SimpleNamespace(now=lambda: None))
    shown = Show(View("test.view", (Text(words("x")),)))
    refused = Show(View("core.not_allowed", (Text(words("x")),)))
    kudos = town.command("ana", "/kudos give @bea x")
    cheer, answer, broken = (
        town.press("ana", None, action) for action in (ActionId("cheer"), ActionId("checkins.answer"), ":")
    )
    form = town.submit("ana", "programme.join::0", {})
    asked = town.submit("ana", "cmd.kudos.give::0", {})
    events = [kudos, town.command("ana", "/me show"), cheer, answer, broken, form, asked]
    assert [False, True, False, True, True, True, False] == [is_private(CATALOGUE, event, shown) for event in events]
    assert is_private(CATALOGUE, kudos, refused)


async def test_a_message_says_why_it_came_and_stops_saying_it(site, live):
    """[Why?] opens under the message for this visit alone, escaped, and closes again."""
    await live.act(do="advance", by="day")
    told = await live.act(do="open", pane=0, user="ana", spot=site.app.town.messages[0].channel)
    first = site.app.town.messages[0].id

    def html(told):
        return next(item["html"] for item in last(told, "pane")["items"] if item["id"] == first)

    assert 'aria-expanded="false"' in html(told)
    told = await live.act(do="why", pane=0, message=first)
    assert "It fell due. &lt;b&gt;" in html(told)
    assert 'aria-expanded="true"' in html(told)
    assert "It fell due" not in html(await live.act(do="why", pane=0, message=first))


async def test_why_is_said_of_what_one_can_see_alone(site, live):
    """A message of somebody else is no longer there; of one that nothing is known about, that is said."""
    await live.act(do="advance", by="day")
    await live.act(do="open", pane=0, user="ana", spot="dm-ana")
    mine, hers = (next(one for one in site.app.town.messages if one.channel == f"dm-{who}") for who in ("ana", "bea"))
    assert "no longer there" in last(await live.act(do="why", pane=0, message=hers.id), "problem")["text"]
    told = await live.act(do="why", pane=0, message=mine.id)
    assert "Nothing is kept about this message" in last(told, "pane")["items"][-1]["html"]
