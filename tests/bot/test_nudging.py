"""Several things asked at once: each as if it had been asked after those before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

import storage.member
from bot import nudging
from bot.context import Work
from bot.outbox import Nudge
from bot.planner import Decision
from storage.nudge import Nudge as Kept
from storage.outbox import Outbox
from tests.fakes.world import World

Ask = Callable[[Work, Sequence[Nudge]], Awaitable[list[Decision]]]


class _Enough(Exception):
    """Rolls what was tried back."""


async def one_by_one(work: Work, wanted: Sequence[Nudge]) -> list[Decision]:
    """Ask each for itself."""
    return [
        await nudging.ask(
            work, one.member, one.message, key=one.key, due=one.due, expires=one.expires, **one.params
        )
        for one in wanted
    ]  # fmt: skip


async def tried(world: World, ask: Ask) -> tuple[list[Decision], list[Any], list[Any]]:
    """Return what is decided and written when five things are asked of two members; nothing of it is kept."""
    found: list[Any] = []

    async def work(work: Work) -> None:
        members = [(await storage.member.by_handle(work.db, work.community.id, name))[0] for name in ("ana", "bea")]
        members[0].weekly_nudges = 2
        wanted = [
            Nudge(
                member=members[number % 2], message="goal.remind", key=f"k{number}",
                due=work.now + timedelta(hours=6 * number), expires=work.now + timedelta(days=9), params={"n": number},
            )
            for number in range(9)
        ]  # fmt: skip
        decisions = await ask(work, [*wanted, wanted[0]])
        from sqlmodel import col, select

        rows = [*await work.db.exec(select(Outbox).where(col(Outbox.key).startswith("k")).order_by(col(Outbox.key)))]
        kept = [*await work.db.exec(select(Kept).where(col(Kept.key).startswith("k")).order_by(col(Kept.key)))]
        found.extend((
            decisions,
            [(row.key, row.due_at, row.to_id, row.space_id, row.params, row.state) for row in rows],
            [(row.key, row.decision, row.until, row.why, row.behind) for row in kept],
        ))  # fmt: skip
        raise _Enough

    with pytest.raises(_Enough):
        await world.app.work(await world.community_id(), work)
    return found[0], found[1], found[2]


async def test_asking_several_is_asking_one_after_the_other(coffee: World):
    """The same decisions, the same messages at the same moments, the same reasons kept: budgets and hours add up."""
    together, each = await tried(coffee, nudging.ask_all), await tried(coffee, one_by_one)
    assert together == each
    assert {"Send", "Drop"} == {type(one).__name__ for one in together[0]}
    assert len({row[1] for row in together[1]}) > 3


async def test_planning_several_counts_each_for_the_next(coffee: World):
    """Two check-ins of one member at one moment are planned to share a message, not to come within the hour."""

    async def work(work: Work) -> list[Decision]:
        (ana,) = await storage.member.by_handle(work.db, work.community.id, "ana")
        due = work.now + timedelta(hours=2)
        wanted = [
            Nudge(member=ana, message="checkin.ask", key=f"w{number}", due=due, expires=due + timedelta(days=1))
            for number in range(2)
        ]
        return await nudging.plan_all(work, wanted)

    first, second = await coffee.app.work(await coffee.community_id(), work)
    assert first.at == second.at  # type: ignore[union-attr]
    assert (False, True) == (first.joins, second.joins)  # type: ignore[union-attr]
