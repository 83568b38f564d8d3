"""What pairs do when something happens elsewhere."""

from __future__ import annotations

from datetime import datetime

import storage.member
import storage.pair
import storage.programme
from bot import schedules
from bot.availability import DAYS
from bot.context import Work
from bot.features.pair.rounds import end_pair, first_day
from bot.programmes import file_of
from bot.recurrence import to_wall
from storage.member import Member
from storage.programme import PEOPLE, Programme, Role

RULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


async def keep_rounds(work: Work, programme: Programme) -> None:
    """Keep the schedule of a programme's rounds as its file says."""
    file = file_of(programme)
    if file.mode is None:
        return
    rounds = file.rounds
    weekday = DAYS.index(rounds.weekday)
    day = rounds.anchor or first_day(weekday, to_wall(work.now, file.timezone).date())
    await schedules.keep(
        work, "pair.round", programme.id, zone=file.timezone, anchor=datetime.combine(day, rounds.at),
        rule=f"FREQ=WEEKLY;INTERVAL={rounds.every_weeks};BYDAY={RULE_DAYS[weekday]}",
    )  # fmt: skip


async def leave_pairs(work: Work, role: Role) -> None:
    """Take somebody who left a programme out of its pairs; a pair of one is over, and the other is told kindly."""
    for pair in await storage.pair.active_of(work.db, work.community.id, role.member_id):
        if pair.programme_id != role.programme_id:
            continue
        seats = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
        for seat in seats:
            if seat.member_id == role.member_id:
                seat.left_at = work.now
                work.db.add(seat)
        await work.db.flush()
        others = [seat.member_id for seat in seats if seat.member_id != role.member_id]
        if len(others) == 1:
            await end_pair(work, pair, "left")
            await _comes_first(work, pair.programme_id, others[0])
        for member in (await storage.member.by_ids(work.db, work.community.id, others)).values():
            await work.outbox.note(
                member, "pair.partner_left", key=f"pair.left:{pair.id}:{role.member_id}:{member.id}",
                who=role.member_id, alone=len(others) == 1,
            )  # fmt: skip


async def _comes_first(work: Work, programme_id: str, member_id: str) -> None:
    """Count a lost partner as a round without one, so that the next round begins with who was left behind."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member_id):
        if role.programme_id == programme_id and role.kind in PEOPLE and role.status == "active":
            role.waited += 1
            work.db.add(role)


async def forget_reasons(work: Work, member: Member) -> None:
    """Why somebody was paired tells what they like and can: it goes when they are forgotten."""
    for pair in await storage.pair.all_of(work.db, work.community.id, member.id):
        pair.reasons = []
        work.db.add(pair)
