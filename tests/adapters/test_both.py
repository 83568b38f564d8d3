"""One installation on Discord and on Slack at once, both over their wires: one community, one programme, one person."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.connect import connect
from storage.community import Community, Space
from storage.link import LinkCode
from storage.member import Identity, Member
from storage.pair import PairMember
from storage.programme import Role
from tests.fakes.discord import people
from tests.fakes.discord.stories import coffee
from tests.fakes.slack.server import Server
from tests.fakes.slack.state import Shown
from tests.fakes.slack.world import SlackWorld, section, workspace

CODE = re.compile(r"\b[0-9a-z]{4}(?:-[0-9a-z]{4}){2}\b")


@dataclass
class Both:
    """The same bot in a Discord server, which is set up, and in a Slack workspace, which is new to it."""

    discord: people.World
    slack: SlackWorld

    async def link_spaces(self) -> list[Shown]:
        """Let the workspace join the community of the server."""
        (code,) = CODE.findall(people.shown(await self.discord.says("vera", "/coord space link")))
        return await self.slack.says("vera", f"coord space link {code}")

    async def passes(self, **step: float) -> None:
        """Let time pass on both."""
        await self.discord.kith.advance(self.discord.clock.now() + timedelta(**step))
        await self.slack.slack.settle()

    async def member_of(self, who: str, platform: str) -> str:
        """Return the member behind somebody's account on a platform."""
        account = self.discord.accounts[who] if platform == "discord" else self.slack.user(who)
        (identity,) = [row for row in await self.discord.rows(Identity) if row.external_id == account]
        return str(identity.member_id)


@asynccontextmanager
async def connected(path: Path) -> AsyncIterator[Both]:
    """Connect one installation to both fakes."""
    async with people.connected(path) as discord:
        server = Server(workspace())
        server.team.now = lambda: discord.clock.now().timestamp()
        await server.start()
        slack = await connect({"acme": section(server)}, discord.kith.app, patience=2.0)
        try:
            yield Both(discord, SlackWorld(discord.kith, discord.clock, server, slack))
            assert [] == discord.server.refused
            assert [] == server.methods.wrong
        finally:
            await slack.stop()
            await server.stop()


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """One installation on both wires; what a platform would have refused fails the test."""
    async with connected(tmp_path / "kith.db") as made:
        yield made


def words(seen: list[Shown]) -> str:
    """Return the words that people in the workspace were shown."""
    return "\n".join(one.text for one in seen)


async def test_a_member_of_each_platform_joins_the_same_programme(both: Both) -> None:
    """The workspace joins the server's community; a person there and a person here then have the same role."""
    await both.slack.says("chen", "me home")
    assert 2 == len(await both.discord.rows(Community))
    assert "North Bank Makers" in words(await both.link_spaces())
    assert {"discord", "slack"} == {row.platform for row in await both.discord.rows(Space)}
    assert 1 == len({row.community_id for row in await both.discord.rows(Space)})
    await coffee(both.discord, join=("ana",))
    await both.slack.joins("chen")
    roles = {(row.member_id, row.kind, row.status) for row in await both.discord.rows(Role)}
    here, there = await both.member_of("ana", "discord"), await both.member_of("chen", "slack")
    assert {(here, "peer", "active"), (there, "peer", "active")} == roles


async def test_one_person_links_both_accounts(both: Both) -> None:
    """The code from the server is typed in the workspace; then a partner from either platform can be theirs."""
    await both.link_spaces()
    await coffee(both.discord, join=("ana",))
    await both.slack.joins("chen")
    (code,) = CODE.findall(people.shown(await both.discord.says("ana", "/me link")))
    await both.slack.says("ana", f"me link {code}")
    assert [] == [row for row in await both.discord.rows(LinkCode) if row.kind == "member"]
    ana = await both.member_of("ana", "discord")
    assert ana == await both.member_of("ana", "slack")
    assert 1 == len([row for row in await both.discord.rows(Member) if row.handle == "ana"])
    await both.passes(days=2)
    seats = {row.member_id for row in await both.discord.rows(PairMember)}
    assert {ana, await both.member_of("chen", "slack")} == seats
