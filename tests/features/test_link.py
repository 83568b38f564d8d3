"""One community over two spaces on two platforms, and one person behind two accounts."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import storage.community
from adapters.playground.town import Town, User
from bot.chat.reply import Ask, Reply
from bot.clock import MovedClock, SeededIds
from bot.features.link import rules
from bot.features.programme.files import apply
from bot.logs import configure
from bot.patience import Patience
from bot.programme.file import parse
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.audit import Audit
from storage.community import Community, Space
from storage.db import Db
from storage.kudos import Kudos
from storage.link import LinkCode
from storage.member import Identity, Member
from storage.pair import PairMember
from storage.programme import Role
from storage.schedule import Schedule
from tests.fakes.rows import classes
from tests.fakes.world import COFFEE, JOIN, START, key, text

CODE = re.compile(r"\b[0-9a-z]{4}(?:-[0-9a-z]{4}){2}\b")
WRONG = "link.no_such_code"
PEOPLE = {"server": ("ana", "bea", "dan"), "office": ("ana", "chen", "eva")}


@dataclass
class Both:
    """Two towns in one installation: a server with an administrator `root`, an office with an administrator `boss`."""

    kith: Kith
    clock: MovedClock
    towns: dict[str, Town] = field(default_factory=dict)

    async def says(self, where: str, who: str, line: str) -> Reply:
        """Type a slash command in one of the towns."""
        town = self.towns[where]
        return await self._handled(town, town.command(who, line, "general"))

    async def joins(self, where: str, who: str) -> Reply:
        """Join the programme."""
        reply = await self.says(where, who, "/programme join")
        town = self.towns[where]
        while isinstance(reply, Ask):
            page = {one.name: JOIN.get(one.name, one.value or "") for one in reply.form.page(reply.page)}
            reply = await self._handled(town, town.submit(who, reply.form, page, page=reply.page))
        return reply

    async def _handled(self, town: Town, event: Any) -> Reply:
        reply = await self.kith.app.handle(event)
        town.answer(event, reply, private=True)
        return reply

    async def code(self, where: str, who: str, command: str = "/me link") -> str:
        """Ask for a code and read it."""
        return CODE.findall(text(await self.says(where, who, command)))[0]

    async def link_spaces(self) -> Reply:
        """Let the office join the community of the server."""
        code = await self.code("server", "root", "/coord space link")
        return await self.says("office", "boss", f"/coord space link {code}")

    async def link(self, who: str) -> Reply:
        """Let somebody join their account in the office to the one on the server."""
        return await self.says("office", who, f"/me link {await self.code('server', who)}")

    async def applies(self, **more: Any) -> None:
        """Apply the coffee programme to the community of the server."""
        community = next(row for row in await self.rows(Space) if row.platform == "server").community_id
        await self.kith.app.work(community, lambda work: apply(work, parse(COFFEE | more)))

    async def rows(self, table: type[Any]) -> list[Any]:
        """Return all rows of a table."""
        from sqlmodel import select

        async with self.kith.database.read() as db:
            return list(await db.exec(select(table)))

    async def groups(self) -> list[set[str]]:
        """Return the handles of who is paired with whom."""
        names = {row.id: row.handle for row in await self.rows(Member)}
        seats = await self.rows(PairMember)
        return [
            {names[seat.member_id] for seat in seats if seat.pair_id == pair}
            for pair in sorted({seat.pair_id for seat in seats})
        ]

    async def everything(self) -> str:
        """Return every row of every table as text."""
        rows = [row for cls in classes().values() for row in await self.rows(cls)]
        return json.dumps([row.model_dump() for row in rows], default=str)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """A server and an office whose communities are apart; everybody has said a first word."""
    clock = MovedClock(START)
    towns = {}
    for number, (name, admin) in enumerate((("server", "root"), ("office", "boss"))):
        towns[name] = town = Town(clock, name, ids=SeededIds(number + 1))
        town.add_space(name)
        town.add_channel(name, "general")
        for who in (*PEOPLE[name], admin):
            town.add_user(name, User(who, who.capitalize(), who, zone="Europe/Madrid", admin=who == admin))
    async with assemble(
        tmp_path / "kith.db", clock=clock, ids=SeededIds(7), worker=InlineWorker(), platforms=tuple(towns.values()),
        patience=None, strict=True, rehearse=True,
    ) as kith:  # fmt: skip
        world = Both(kith, clock, towns)
        for name, town in towns.items():
            for who in list(town.spaces[name].users):
                await world.says(name, who, "/me home")
        yield world


async def test_a_space_joins_a_community_with_its_members(both: Both):
    """Spaces, members and their thanks belong to one community; the one left behind is seen by nobody."""
    await both.says("office", "ana", "/kudos give @chen for the patient review")
    assert "link.space_joined" == key(await both.link_spaces())
    assert 1 == len({row.community_id for row in await both.rows(Space)})
    (here,) = {row.community_id for row in await both.rows(Member)}
    assert {here} == {row.community_id for row in [*await both.rows(Identity), *await both.rows(Kudos)]}
    assert [(here, "space.linked")] == [(row.community_id, row.act) for row in await both.rows(Audit)]
    assert "“for the patient review”" in text(await both.says("office", "chen", "/me home"))
    async with both.kith.database.read() as db:
        assert [here] == [row.id for row in await storage.community.every(db)]


async def test_a_member_of_each_space_joins_the_same_programme(both: Both):
    """The programme of the community takes people of both spaces, and pairs those who share one."""
    await both.link_spaces()
    await both.applies()
    for where, who in (("server", "bea"), ("server", "dan"), ("office", "chen"), ("office", "eva")):
        await both.joins(where, who)
    assert 4 == len([row for row in await both.rows(Role) if row.kind == "peer"])
    await both.kith.advance(START + timedelta(days=2))
    assert [{"bea", "dan"}, {"chen", "eva"}] == sorted(await both.groups(), key=min)


@pytest.mark.parametrize(("across", "pairs"), [(False, []), (True, [{"bea", "chen"}])])
async def test_pairs_cross_spaces_only_where_the_programme_says_so(both: Both, across: bool, pairs: list[set[str]]):
    """Two people in two spaces are paired only in a programme across spaces."""
    await both.link_spaces()
    await both.applies(matching={"across_spaces": across})
    await both.joins("server", "bea")
    await both.joins("office", "chen")
    await both.kith.advance(START + timedelta(days=2))
    assert pairs == await both.groups()


async def test_one_person_links_both_accounts(both: Both):
    """The second account becomes the first one's member, who can then be paired in either space."""
    await both.link_spaces()
    await both.says("office", "chen", "/kudos give @eva for the patient review")
    await both.applies()
    await both.joins("server", "ana")
    assert "link.member_joined" == key(await both.link("ana"))
    (ana,) = [row for row in await both.rows(Member) if row.handle == "ana"]
    assert {"server", "office"} == {
        row.platform for row in await both.rows(Space)
        for one in await both.rows(Identity) if one.member_id == ana.id and one.space_id == row.id
    }  # fmt: skip
    assert "Coffee" in text(await both.says("office", "ana", "/me home"))
    await both.joins("office", "chen")
    await both.kith.advance(START + timedelta(days=2))
    assert [{"ana", "chen"}] == await both.groups()


async def test_thanks_follow_the_person(both: Both):
    """What the second account was thanked for is on the page of the one member."""
    await both.link_spaces()
    eva = next(row.id for row in await both.rows(Member) if row.handle == "eva")
    await both.says("office", "chen", "/kudos give @eva for the patient review")
    both.towns["server"].add_user("server", User("eva", "Eva", "eva", zone="Europe/Madrid"))
    await both.says("server", "eva", "/me home")
    assert "link.member_joined" == key(await both.link("eva"))
    assert "“for the patient review”" in text(await both.says("server", "eva", "/me home"))
    assert eva not in {row.id for row in await both.rows(Member)}


async def test_a_second_account_is_no_way_to_thank_oneself(both: Both):
    """What one account gave the other goes when they are joined, other thanks stay; after that it is oneself."""
    await both.link_spaces()
    await both.says("office", "chen", "/kudos give @eva for the patient review")
    (given,) = await both.rows(Kudos)
    both.towns["server"].add_user("server", User("eva", "Eva", "eva", zone="Europe/Madrid"))
    await both.says("server", "eva", "/me home")
    first = next(row.id for row in await both.rows(Member) if row.handle == "eva" and row.id != given.receiver_id)

    async def thanks_the_other_account(db: Db) -> None:
        db.add(Kudos(**given.model_dump() | {"id": "own", "gift_id": "own", "giver_id": first}))

    await both.kith.database.write(thanks_the_other_account)
    assert "link.member_joined" == key(await both.link("eva"))
    assert [given.id] == [row.id for row in await both.rows(Kudos)]
    assert "kudos.self" == key(await both.says("server", "eva", "/kudos give @eva for being so kind"))


async def test_who_takes_part_with_both_accounts_keeps_both(both: Both):
    """An account that joined a programme is not swallowed; the sentence says which way round works."""
    await both.link_spaces()
    await both.applies()
    await both.joins("office", "ana")
    refused = await both.link("ana")
    assert "link.busy" == key(refused)
    assert "/me link" in text(refused)
    assert 2 == len([row for row in await both.rows(Member) if row.handle == "ana"])
    back = await both.code("office", "ana")
    assert "link.member_joined" == key(await both.says("server", "ana", f"/me link {back}"))


async def test_wrong_used_expired_and_foreign_codes_sound_the_same(both: Both):
    """Nobody learns from the answer whether a code existed; capitals and spaces are forgiven."""
    early = await both.code("server", "ana")
    assert WRONG == key(await both.says("office", "ana", f"/me link {early}"))  # communities are still apart
    space = await both.code("server", "root", "/coord space link")
    assert WRONG == key(await both.says("server", "bea", f"/me link {space}"))  # made for something else
    assert "link.space_joined" == key(await both.says("office", "boss", f"/coord space link {space.upper()}"))
    assert WRONG == key(await both.says("office", "boss", f"/coord space link {space}"))
    assert WRONG == key(await both.says("office", "ana", "/me link 0000-0000-0000"))
    newer = await both.code("server", "ana")
    assert WRONG == key(await both.says("office", "ana", f"/me link {early}"))
    both.clock.advance(rules.LASTS)
    assert WRONG == key(await both.says("office", "ana", f"/me link {newer}"))
    fresh = await both.code("server", "ana")
    assert "link.member_joined" == key(await both.says("office", "ana", f"/me link {fresh.replace('-', ' ')}"))
    assert WRONG == key(await both.says("office", "eva", f"/me link {fresh}"))


async def test_a_code_joins_accounts_of_different_spaces_only(both: Both):
    """One's own account, and a second account in the same space, are refused in words."""
    code = await both.code("server", "ana")
    assert "link.yourself" == key(await both.says("server", "ana", f"/me link {code}"))
    assert "link.two_here" == key(await both.says("server", "bea", f"/me link {code}"))


async def test_the_code_of_somebody_who_left_is_void(both: Both):
    """Nobody becomes a member who is no longer here."""
    await both.link_spaces()
    code = await both.code("server", "ana")
    await both.kith.app.handle(both.towns["server"].leave("ana"))
    assert WRONG == key(await both.says("office", "ana", f"/me link {code}"))


async def test_a_space_joins_another_community_only(both: Both):
    """A code is of no use in the community that made it."""
    code = await both.code("server", "root", "/coord space link")
    assert "link.same_community" == key(await both.says("server", "root", f"/coord space link {code}"))


async def test_a_community_with_a_programme_stays_its_own(both: Both):
    """People who were promised a programme are not moved, and the code can still be used elsewhere."""
    await both.applies()
    code = await both.code("office", "boss", "/coord space link")
    assert "link.own_community" == key(await both.says("server", "root", f"/coord space link {code}"))
    assert 2 == len({row.community_id for row in await both.rows(Space)})
    assert 1 == len(await both.rows(LinkCode))


async def test_only_coordinators_link_spaces(both: Both):
    """A member can neither make such a code nor use one."""
    assert "core.not_allowed" == key(await both.says("server", "ana", "/coord space link"))
    code = await both.code("server", "root", "/coord space link")
    assert "core.not_allowed" == key(await both.says("office", "chen", f"/coord space link {code}"))


async def test_rights_and_schedules_of_the_old_community_end(both: Both):
    """Somebody who was made a coordinator in the space that joins is none in the community it joins."""
    office = next(row for row in await both.rows(Space) if row.platform == "office").community_id
    chen = next(row for row in await both.rows(Member) if row.handle == "chen")

    async def grants(work: Any) -> None:
        work.db.add(Role(id="r", community_id=office, member_id=chen.id, kind="coordinator", since=work.now))
        await work.happened("community.ready", await work.db.get(Community, office))

    await both.kith.app.work(office, grants)
    assert [office] == sorted({row.community_id for row in await both.rows(Schedule)})
    assert "community.status" == key(await both.says("office", "chen", "/coord status"))
    await both.link_spaces()
    assert "core.not_allowed" == key(await both.says("office", "chen", "/coord status"))
    assert [] == await both.rows(Schedule)


async def test_no_code_is_written_down(both: Both):
    """Neither the database nor the log holds a code, made, used or wrong."""
    out = io.StringIO()
    configure("DEBUG", stream=out)
    try:
        await both.link_spaces()
        code = await both.code("server", "ana")
        await both.says("office", "ana", "/me link 1234-5678-9abc")
        stored = await both.everything()
        await both.says("office", "ana", f"/me link {code}")
    finally:
        configure("WARNING")
    assert rules.code_hash(code) in stored
    assert [] == [one for one in (code, "1234-5678-9abc") if one in stored + await both.everything() + out.getvalue()]


async def test_attempts_are_limited(both: Both):
    """Whoever tries codes one after another has to wait until tomorrow."""
    await both.link_spaces()
    both.kith.app.patience = Patience(lambda: 0.0)
    tries = [key(await both.says("office", "eva", f"/me link 0000-0000-{number:04}")) for number in range(22)]
    assert [WRONG] * 20 + ["core.enough_today"] * 2 == tries


def test_codes_are_told_apart():
    """A code has 60 bits in letters that nobody mixes up, and look-alikes are read as what they stand for."""
    assert "0000-0000-0000" == rules.code(0)
    assert "zzzz-zzzz-zzzz" == rules.code(2**60 - 1)
    assert rules.code_hash("0011-0000-0000") == rules.code_hash(" OOIl 0000-oooo")
    assert rules.code_hash("0000-0000-0001") != rules.code_hash("0000-0000-0000")
