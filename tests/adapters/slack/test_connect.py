"""Connecting: several workspaces, refused tokens, dead connections, bursts, two platforms at once."""

import asyncio
import copy
import shutil
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters.playground.town import Town, User
from adapters.slack import connect as connecting
from adapters.slack import homes, sockets
from adapters.slack.checks import check
from adapters.slack.connect import Settings, SlackRefused, connect
from adapters.slack.sockets import Socket
from bot.chat.platform import Transient
from bot.chat.reply import Ask
from bot.clock import MovedClock, SeededIds
from bot.worker import InlineWorker
from cli.compose import assemble
from storage.community import Space
from storage.inbox import Inbox
from storage.programme import Role
from tests.fakes.slack.server import APP_TOKEN, BOT_TOKEN, Server
from tests.fakes.slack.world import SlackWorld, Snapshot, section, workspace
from tests.fakes.world import JOIN, START


async def test_two_workspaces_are_served_by_two_apps(slack: SlackWorld) -> None:
    """Each section is a workspace of its own; the same account name is two people."""
    other = Server(workspace("T2"))
    await other.start()
    second = await connect({"beta": section(other), "acme": section(slack.server)}, slack.kith.app)
    there = SlackWorld(slack.kith, slack.clock, other, second)
    try:
        (answer,) = await there.says("ana", "me home")
        assert "ephemeral" == answer.kind
        assert {"T1", "T2"} == {space.external_id for space in await slack.rows(Space)}
        assert {"T1", "T2"} == set(second.platform.workspaces)
    finally:
        await second.stop()
        await other.stop()


async def test_a_refused_token_is_told_with_its_cure(slack: SlackWorld) -> None:
    """When every workspace is refused, each is named with what to do; no token is printed."""
    wrong = {
        "one": Settings(bot_token="xoxb-wrong", app_token=APP_TOKEN, api_base=f"{slack.server.url}/api/"),
        "two": Settings(bot_token=BOT_TOKEN, app_token="xapp-wrong", api_base=f"{slack.server.url}/api/"),
    }
    with pytest.raises(SlackRefused) as refused:
        await connect(wrong, slack.kith.app)
    assert 2 == len(refused.value.problems)
    assert all("invalid_auth. Copy the token again" in problem for problem in refused.value.problems)
    assert "wrong" not in str(refused.value)
    assert "xoxb" not in repr(wrong)


async def test_one_refused_workspace_does_not_keep_the_others_out(slack: SlackWorld) -> None:
    """A wrong token in one section leaves the other sections served."""
    wrong = Settings(bot_token="xoxb-wrong", app_token=APP_TOKEN, api_base=f"{slack.server.url}/api/")
    both = await connect({"bad": wrong, "good": section(slack.server)}, slack.kith.app)
    assert ["T1"] == list(both.platform.workspaces)
    await both.stop()


async def test_a_workspace_is_served_by_one_section(slack: SlackWorld) -> None:
    """A second section for the same workspace is left out: its members would get everything twice."""
    both = await connect({"one": section(slack.server), "two": section(slack.server)}, slack.kith.app)
    assert ["one"] == [at.name for at in both.platform.workspaces.values()]
    assert 1 == len(both._sockets)
    await both.stop()


async def test_an_unreachable_workspace_is_tried_again(slack: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace that cannot be reached at start is connected when it can be."""
    monkeypatch.setattr(connecting, "AGAIN", 0.0)
    server = Server(workspace("T3"))
    away = Settings(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_base="http://127.0.0.1:9/api/")
    adapter = await connect({"away": away}, slack.kith.app)
    assert {} == adapter.platform.workspaces
    await server.start()
    adapter._sections = {"away": section(server)}
    await server.connected.wait()
    await asyncio.gather(*(task for task in adapter._tasks if "_try_again" in repr(task)))
    assert ["T3"] == list(adapter.platform.workspaces)
    await adapter.stop()
    await server.stop()


async def test_several_sockets_are_opened_when_asked(slack: SlackWorld) -> None:
    """Each socket is a connection of its own."""
    before = len(slack.server.sockets)
    more = await connect({"acme": section(slack.server, sockets=3)}, slack.kith.app)
    assert 3 == len(more._sockets)
    assert before < len(slack.server.sockets)
    await more.stop()


class _Zombie:
    """A client of the SDK's that says it is connected or not, as told."""

    made: ClassVar[list["_Zombie"]] = []

    def __init__(self, **_: Any) -> None:
        self.alive, self.closed, self.wss_uri = True, False, ""
        self.socket_mode_request_listeners: list[Any] = []
        self.made.append(self)

    async def connect(self) -> None:
        """Connect."""

    async def is_connected(self) -> bool:
        """Say whether it is connected."""
        return self.alive

    async def close(self) -> None:
        """Close."""
        self.closed = True


async def test_a_dead_connection_is_rebuilt(slack: SlackWorld) -> None:
    """A client that stays without a connection for two looks is replaced by a new one; one bad look is not enough."""
    _Zombie.made.clear()
    (at,) = slack.slack.platform.workspaces.values()
    (inbound,) = slack.slack._inbounds.values()
    socket = Socket("acme", APP_TOKEN, at.client, inbound, make=_Zombie)  # type: ignore[arg-type]
    await socket.start()
    assert not await socket.check()
    _Zombie.made[0].alive = False
    assert not await socket.check()
    assert await socket.check()
    assert [True, False] == [one.closed for one in _Zombie.made]
    assert not await socket.check()
    await socket.stop()


async def test_a_connection_that_never_stands_is_given_up(slack: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that takes no connection ends the try, so that it can be made again later."""

    class Hanging(_Zombie):
        async def connect(self) -> None:
            await asyncio.Event().wait()

    monkeypatch.setattr(sockets, "CONNECT", 0.01)
    (at,) = slack.slack.platform.workspaces.values()
    (inbound,) = slack.slack._inbounds.values()
    with pytest.raises(Transient):
        await Socket("acme", APP_TOKEN, at.client, inbound, make=Hanging).start()  # type: ignore[arg-type]
    assert _Zombie.made[-1].closed


async def test_three_hundred_commands_at_once_are_all_acknowledged(coffee: SlackWorld) -> None:
    """Each of three hundred commands that arrive together is acknowledged in time and has its effect."""
    payloads = [coffee.command("ana", "coord status") for _ in range(299)] + [coffee.command("ana", "programme leave")]
    waits = [await coffee.server.send("slash_commands", payload) for payload in payloads]
    await asyncio.gather(*waits)
    await coffee.slack.settle()
    assert 300 <= len([call for call in coffee.server.calls if call.method == "response_url"])
    assert "programme leave" in {row.effect for row in await coffee.rows(Inbox)}


async def test_what_was_acknowledged_is_answered_before_a_stop(coffee: SlackWorld) -> None:
    """Stopping waits for the answers under way."""
    await coffee.server.deliver("slash_commands", coffee.command("ana", "me home"))
    await coffee.slack.stop()
    assert "ephemeral" == coffee.team.shown[-1].kind


async def test_one_app_serves_slack_and_another_platform(tmp_path: Path, joined: Snapshot) -> None:
    """A member of each platform joins a programme of the same name in one installation, each on their own space."""
    path = Path(shutil.copy(joined.path, tmp_path / "kith.db"))
    clock = MovedClock(START)
    town = Town(clock, ids=SeededIds(3))
    town.add_space("north-bank", "North Bank")
    town.add_user("north-bank", User("zoe", "Zoe", "zoe", zone="Europe/Madrid", admin=True))
    server = Server(copy.deepcopy(joined.team))
    await server.start()
    async with assemble(
        path, clock=clock, ids=SeededIds(9), worker=InlineWorker(), platforms=(town,), patience=None, strict=True
    ) as kith:
        adapter = await connect({"acme": section(server)}, kith.app)
        world = SlackWorld(kith, clock, server, adapter)
        await world.joins("leo")
        (space,) = await world.rows(Space)
        async with kith.database.unit() as db:
            db.add(Space(id="town", community_id=space.community_id, platform="playground", external_id="north-bank"))
        asked = await kith.app.handle(town.command("zoe", "/programme join"))
        while isinstance(asked, Ask):
            asked = await kith.app.handle(town.submit("zoe", asked.form, JOIN, page=asked.page))
        assert 13 == len({row.member_id for row in await world.rows(Role) if row.status == "active"})
        assert {"slack", "playground"} <= set(kith.app.platforms)
        await adapter.stop()
    await server.stop()


async def test_a_home_is_forgotten_after_a_week() -> None:
    """Pages of who has not looked for seven days are not published; others at most once a minute."""
    clock, published = MovedClock(START), []

    async def publish(team: str, user: str) -> None:
        published.append((team, user))

    from datetime import timedelta

    pages = homes.Homes(clock, publish)
    pages.opened("T1", "UANA")
    pages.changed("T1", "UBEA")
    pages.changed("T1", "UANA")
    assert 0 == await pages.publish_due()
    clock.advance(timedelta(minutes=1))
    assert 1 == await pages.publish_due()
    clock.advance(timedelta(days=8))
    pages.changed("T1", "UANA")
    assert 0 == await pages.publish_due()
    assert [("T1", "UANA")] == published


async def test_the_doctor_names_what_is_wrong(slack: SlackWorld) -> None:
    """Tokens and scopes are checked, each line with its cure."""
    base = f"{slack.server.url}/api/"
    fine = await check("acme", BOT_TOKEN, APP_TOKEN, base, probing=False)
    assert all(line.well for line in fine)
    slack.server.scopes = "commands,chat:write"
    lines = await check("acme", BOT_TOKEN, "xapp-wrong", base, probing=True)
    assert [True, False, False] == [line.well for line in lines]
    assert "im:history" in lines[1].what
    refused = await check("acme", "xoxb-wrong", "", base, probing=False)
    assert [False] == [line.well for line in refused]
    assert "invalid_auth" in refused[0].what
