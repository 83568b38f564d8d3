"""Every command, button and form, by its example, over the wire: what is shown, and that the same rows are written as
when the core is asked directly. A new feature is covered without a word here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import storage.tables
from bot.chat.actions import ActionId
from bot.chat.reply import Ask
from bot.chat.spec import Audience, ButtonSpec, Catalogue, Command, FormSpec
from storage.member import Member
from storage.outbox import Outbox
from storage.pair import Pair, PairMember
from tests.fakes.discord import people
from tests.fakes.discord.people import connected, private
from tests.fakes.discord.stories import JOINERS, coffee
from tests.fakes.rows import all_in_public
from tests.fakes.world import NAMES, founded
from tests.fakes.world import World as Direct

WHO = {Audience.MEMBER: "ana", Audience.COORDINATOR: "vera", Audience.MODERATOR: "max"}
SPEAKS = {name: {"languages": ("English", "Spanish", "German")[n // 2]} for n, name in enumerate(JOINERS)}
"""Who can be paired with whom: in both towns the same two, whatever ids they have."""

LAST_PAGE = "9"
FORGETS = "rights.forgotten"
"""Comes last: whoever presses it is nobody afterwards."""

Rows = Callable[[type[Any]], Awaitable[list[Any]]]


async def counts(kith: Any) -> Counter[Any]:
    """Return how many rows each table has, and how many messages wait or went, by kind."""
    found: Counter[Any] = Counter()
    async with kith.database.read() as db:
        for table in storage.tables.metadata.sorted_tables:
            found[table.name] = (await db.exec(select(func.count()).select_from(table))).scalar_one()
        for row in (await db.exec(select(Outbox))).scalars():
            found[row.message, row.op, row.to_kind, row.kind] += 1
    return found


async def subject(rows: Rows, spec: ButtonSpec | FormSpec) -> tuple[str, str]:
    """Return who presses and on which row: one of their own where rows belong to somebody."""
    if spec.row is None:
        return WHO[spec.audience], ""
    members = {member.id: member.handle for member in await rows(Member)}
    found = sorted(await rows(spec.row), key=lambda row: str(row.id))
    owned = [(members[row.member_id], row.id) for row in found if hasattr(row, "member_id")]
    if owned:
        return min(owned, key=lambda one: (one[0] != "ana", one))
    if spec.row is Pair:
        seat = min(await rows(PairMember), key=lambda seat: (members[seat.member_id], seat.pair_id))
        return members[seat.member_id], seat.pair_id
    return WHO[spec.audience], found[0].id if found else "gone"


class Wire:
    """Cases driven through Discord."""

    def __init__(self, world: people.World) -> None:
        self.world, self.kith, self.rows = world, world.kith, world.rows

    async def command(self, spec: Command) -> None:
        answer = await self.world.says(WHO[spec.audience], spec.example)
        await self._check(answer, spec)

    async def button(self, who: str, action: ActionId, spec: ButtonSpec) -> None:
        message = next(iter(self.world.town.messages[self.world.places["news"]].values()))
        await self._check(await self.world.presses_id(who, str(action), message), spec)

    async def form(self, who: str, action: ActionId, spec: FormSpec) -> None:
        filled = [
            {"type": 18, "id": 1, "component": {"custom_id": name, "id": 2} | self._typed(value)}
            for name, value in spec.example.items()
        ]
        data = {"custom_id": str(action), "components": filled}
        payload = self.world.build(who, 5, data, self.world.places["general"])
        await self._check(await people.settled(await self.world.send(payload)), spec)

    def _typed(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"type": 4, "value": value}
        return {"type": 22, "values": [self.world.accounts.get(one, one) for one in value]}

    async def _check(self, answer: people.Interaction, spec: Any) -> None:
        shown = people.shown(answer)
        assert answer.first is not None
        assert "reference" not in shown, (spec.name, shown)
        if answer.first["type"] in (4, 5):
            assert spec.private <= private(answer), spec.name
        assert [] == self.world.server.refused, spec.name


class Straight:
    """The same cases, asked of the core in a town without a network."""

    def __init__(self, world: Direct) -> None:
        self.world, self.kith, self.rows = world, world.kith, world.rows

    async def command(self, spec: Command) -> None:
        await self.world.says(WHO[spec.audience], spec.example)

    async def button(self, who: str, action: ActionId, spec: ButtonSpec) -> None:
        await self.world.presses_id(who, action)

    async def form(self, who: str, action: ActionId, spec: FormSpec) -> None:
        reply = await self.world.handles(self.world.town.submit(who, str(action), dict(spec.example)))
        assert not isinstance(reply, Ask)


async def cases(catalogue: Catalogue, side: Wire | Straight) -> list[tuple[str, Counter[Any]]]:
    """Run every case and return what each changed."""
    changed = []
    before = await counts(side.kith)

    async def ran(name: str) -> None:
        nonlocal before
        now = await counts(side.kith)
        delta = Counter({key: now[key] - before[key] for key in now | before if now[key] != before[key]})
        changed.append((name, delta))
        before = now

    for command in catalogue.commands.values():
        await side.command(command)
        await ran("/" + command.name)

    async def pressed(button: ButtonSpec) -> None:
        who, key = await subject(side.rows, button)
        await side.button(who, ActionId(button.name, key, button.example), button)
        await ran(button.name)

    for button in catalogue.buttons.values():
        if button.name != FORGETS:
            await pressed(button)
    for form in catalogue.forms.values():
        who, key = await subject(side.rows, form)
        await side.form(who, ActionId(form.name, key or getattr(form, "example_key", ""), LAST_PAGE), form)
        await ran(form.name)
    await pressed(catalogue.buttons[FORGETS])
    return changed


async def test_every_example_does_on_the_wire_what_it_does_in_the_core(tmp_path: Path) -> None:
    """Each example is answered in a way that Discord takes, and writes the rows that it writes without Discord."""
    async with founded(tmp_path / "direct.db") as direct:
        await direct.applies()
        for name in JOINERS:
            await direct.joins(name, **SPEAKS[name])
        await direct.database.write(all_in_public)
        await direct.passes(days=4)
        expected = await cases(direct.app.catalogue, Straight(direct))
    async with connected(tmp_path / "wire.db") as world:
        for name in (*NAMES, "max"):
            await world.says(name, "/me home")
        await coffee(world, join=JOINERS, answers=SPEAKS)
        await world.delivers(days=4)
        actual = await cases(world.kith.app.catalogue, Wire(world))
    for (name, wanted), (_, found) in zip(expected, actual, strict=True):
        assert (name, wanted) == (name, found)
