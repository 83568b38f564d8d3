"""Small helpers that the stories share: people who come, change or are looked up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adapters.playground.town import Message, User
from bot.context import Work
from storage.checkin import CheckIn
from storage.db import Db
from storage.member import Member
from storage.pair import Pair, PairMember
from storage.response import Response
from storage.round import RoundDraft
from tests.fakes.world import COFFEE, SPACE, World

MENTORING: dict[str, Any] = {
    "kith": 1,
    "name": "First steps",
    "slug": "first-steps",
    "kind": "mentoring",
    "summary": "Somebody meets you every week.",
    "timezone": "Europe/Madrid",
    "rounds": {"every_weeks": 4, "weekday": "tue", "at": "10:00"},
}


def comes(world: World, who: str, **account: Any) -> None:
    """Let somebody into the town, or change the account that is there: locale, zone, roles, closed."""
    known = world.town.spaces[SPACE].users.get(who) or User(who, who.capitalize(), who, zone="Europe/Madrid")
    world.town.add_user(SPACE, replace(known, **account))


async def few(world: World, *names: str, **more: Any) -> None:
    """Let these people join the coffee programme."""
    await world.applies(COFFEE | more.pop("file", {}))
    for name in names:
        await world.joins(name, **more.get(name, {}))
    await world.delivers()


async def member(world: World, who: str) -> Member:
    """Return a member by their handle."""
    return next(row for row in await world.rows(Member) if row.handle == who)


async def change(world: World, who: str, **columns: Any) -> None:
    """Change a member's row, as a command of theirs would."""
    row = await member(world, who)

    async def unit(db: Db) -> None:
        for name, value in columns.items():
            setattr(row, name, value)
        await db.merge(row)

    await world.database.write(unit)


async def name_of(world: World) -> dict[str, str]:
    """Return member id -> handle."""
    return {row.id: row.handle for row in await world.rows(Member)}


async def pairs(world: World, status: str = "active") -> dict[str, frozenset[str]]:
    """Return pair id -> the handles of who is still in it."""
    names = await name_of(world)
    seats = [seat for seat in await world.rows(PairMember) if seat.left_at is None]
    return {
        pair.id: frozenset(names[seat.member_id] for seat in seats if seat.pair_id == pair.id)
        for pair in await world.rows(Pair)
        if pair.status == status
    }


async def partner(world: World, who: str) -> str:
    """Return the handle of somebody's only partner."""
    (other,) = next(people for people in (await pairs(world)).values() if who in people) - {who}
    return other


async def drafted_pairs(world: World) -> set[frozenset[str]]:
    """Return the handles of the groups in the only draft of a round."""
    names = await name_of(world)
    (draft,) = await world.rows(RoundDraft)
    return {frozenset(names[member] for member in group["members"]) for group in draft.result["groups"]}


async def checkins(world: World, who: str) -> list[CheckIn]:
    """Return somebody's check-ins, oldest first."""
    mine = (await member(world, who)).id
    rows = [row for row in await world.rows(CheckIn) if row.member_id == mine]
    return sorted(rows, key=lambda row: (row.week, row.question))


def keys_of(said: list[Message]) -> list[str]:
    """Return what was said, by view key."""
    return [message.view.key for message in said]


def to(said: list[Message], channel: str) -> list[str]:
    """Return what was said in one channel, room or DM, by view key."""
    return [message.view.key for message in said if message.channel == channel]


async def in_touch(world: World) -> None:
    """Let one of each pair say that they have found each other, so that nobody is reminded of it."""
    handles = {row.id: row.handle for row in await world.rows(Member)}
    for row in {row.subject: row for row in await world.rows(Response)}.values():
        await world.presses_id(handles[row.member_id], f"response.fine:{row.id}")


async def facts(world: World, *told: tuple[str, str]) -> None:
    """Tell facts as the feature about safety does: ("pair.frozen", "") about the only pair, or about a member."""
    for fact, who in told:
        row = await member(world, who) if who else (await world.rows(Pair))[0]

        async def job(work: Work, row: object = row, fact: str = fact) -> None:
            await work.happened(fact, await work.db.merge(row))

        await world.app.work(await world.community_id(), job)
