"""What the playground's drawer shows of the outbox and of what is due, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

import storage.checkin
import storage.community
import storage.member
import storage.outbox
import storage.pair
import storage.programme
import storage.round
import storage.schedule
from adapters.playground.inspection import DueRow, Inspection, OutboxRow
from storage.community import Community
from storage.db import Db
from storage.engine import Database
from storage.outbox import Outbox

OUTBOX_SHOWN, DUE_SHOWN = 60, 20
AHEAD = timedelta(days=15)
SCHEDULES = {
    "round.draw": "Round of pairs",
    "round.notice": "Word a day before the round",
    "feedback.batch": "Daily batch of anonymous notes",
    "feedback.keys": "A key for the new week, and the end of an old one",
    "core.dead_letters": "Daily look for what could not be delivered",
}


async def inspect(database: Database, now: datetime) -> Inspection:
    """Return the newest outbox rows, and what falls due within two weeks, soonest first."""
    async with database.read() as db:
        outbox: list[OutboxRow] = []
        due: list[DueRow] = []
        for community in await storage.community.every(db):
            rows = await storage.outbox.newest(db, community.id, limit=OUTBOX_SHOWN)
            names = await _names(db, community, rows)
            outbox += [
                OutboxRow(
                    row.sent_at or row.due_at, names.get(row.to_id, _place(row)), row.message or row.op, row.state
                )
                for row in rows
            ]
            due += await _due(db, community, now)
    return Inspection(tuple(outbox), tuple(sorted(due, key=lambda row: row.when)[:DUE_SHOWN]))


async def _names(db: Db, community: Community, rows: list[Outbox]) -> dict[str, str]:
    members = {row.to_id for row in rows if row.to_kind == "member"}
    names = {member.id: member.name for member in (await storage.member.by_ids(db, community.id, members)).values()}
    pairs = sorted({row.to_id for row in rows if row.to_kind == "room"})
    return names | {pair: f"room of {who}" for pair, who in (await _who(db, community.id, pairs)).items()}


async def _who(db: Db, community_id: str, pairs: list[str]) -> dict[str, str]:
    """Return pair id -> the names of its members."""
    seats = await storage.pair.seats(db, community_id, pairs)
    ids = {seat.member_id for taken in seats.values() for seat in taken}
    members = await storage.member.by_ids(db, community_id, ids)
    return {pair: " and ".join(members[seat.member_id].name for seat in taken) for pair, taken in seats.items()}


def _place(row: Outbox) -> str:
    return f"#{row.to_id}" if row.to_kind == "channel" else row.to_kind


async def _due(db: Db, community: Community, now: datetime) -> list[DueRow]:
    found = [
        DueRow(schedule.next_at, SCHEDULES.get(schedule.kind, schedule.kind))
        for schedule in await storage.schedule.every(db, community.id)
        if schedule.next_at is not None and not schedule.paused
    ]
    for _, checkin_id in await storage.checkin.due(db, now + AHEAD, DUE_SHOWN):
        checkin = await storage.checkin.by_id(db, community.id, checkin_id)
        member = await storage.member.by_id(db, community.id, checkin.member_id) if checkin else None
        if checkin is not None and member is not None:
            found.append(DueRow(checkin.due_at, f"Check-in with {member.name}"))
    return found


async def rooms(database: Database) -> list[tuple[str, list[str], str]]:
    """Return (the platform's id of the room, accounts, title) for every pair that has a room and goes on."""
    found: list[tuple[str, list[str], str]] = []
    async with database.read() as db:
        for community in await storage.community.every(db):
            for programme in await storage.programme.open_ones(db, community.id):
                for round_ in await storage.round.of_programme(db, community.id, programme.id):
                    for pair in await storage.pair.of_round(db, community.id, round_.id):
                        if pair.room is None or pair.space_id is None or pair.status != "active":
                            continue
                        seats = (await storage.pair.seats(db, community.id, [pair.id]))[pair.id]
                        ids = [seat.member_id for seat in seats]
                        accounts = await storage.member.accounts(db, community.id, pair.space_id, ids)
                        title = (await _who(db, community.id, [pair.id]))[pair.id]
                        found.append((pair.room, list(accounts.values()), title))
    return found
