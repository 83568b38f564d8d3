"""What check-ins do when a pair begins, has its first session, or ends."""

from __future__ import annotations

from typing import Any

import storage.checkin
import storage.member
import storage.pair
import storage.programme
import storage.round
from bot.context import Work
from bot.feature import Coming
from bot.features.checkin import rules
from bot.planner import Why
from bot.programme.stored import file_of
from storage.checkin import ASKED, DROPPED, WAITING, CheckIn
from storage.member import Member
from storage.pair import Pair, PairMember


async def plan(work: Work, pair: Pair) -> None:
    """Write a row for every question to every member of a new pair, each at its member's own local time."""
    here = work.community.id
    round_ = await storage.round.by_id(work.db, here, pair.round_id)
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    if round_ is None or programme is None or round_.ends_at is None:
        return
    seats = (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    planned_for = {row.member_id for row in await storage.checkin.of_pair(work.db, here, pair.id)}
    for seat in seats:
        if seat.member_id in planned_for:
            continue
        zone = rules.zone_of(members[seat.member_id], work.community.zone)
        for planned in rules.plan(file_of(programme).checkins, start=pair.created_at, ends=round_.ends_at, zone=zone):
            if planned.due <= work.now:
                continue
            work.db.add(
                CheckIn(
                    id=work.ids.new(), community_id=here, programme_id=programme.id, pair_id=pair.id,
                    member_id=seat.member_id, question=planned.question, week=planned.week, due_at=planned.due,
                    expires_at=planned.expires,
                )
            )  # fmt: skip


async def plan_for_one_more(work: Work, seat: PairMember) -> None:
    """Plan the questions that are still to come for somebody who joined a pair."""
    pair = await storage.pair.by_id(work.db, work.community.id, seat.pair_id)
    if pair is not None:
        await plan(work, pair)


async def think_again(work: Work, member: Member) -> None:
    """What the planner put off is decided anew: the member allows something else now."""
    for checkin in await storage.checkin.waiting_of(work.db, work.community.id, member.id):
        if checkin.why in set(Why):
            checkin.due_at = min(checkin.due_at, work.now)
            work.db.add(checkin)


async def coming(work: Work, member: Member) -> tuple[Coming, ...]:
    """Return the next question of each of the member's pairs."""
    found: dict[str, Coming] = {}
    for row in await storage.checkin.waiting_of(work.db, work.community.id, member.id):
        found.setdefault(row.pair_id, Coming(row.due_at, "checkin.ask", row.expires_at))
    return tuple(found.values())


async def drop(work: Work, pair: Pair) -> None:
    """A pair that ended is asked nothing more; what is on its way is taken back. Who was asked may answer."""
    for checkin in await storage.checkin.of_pair(work.db, work.community.id, pair.id):
        taken_back = checkin.status == ASKED and await work.outbox.withdraw(rules.outbox_key(checkin), why="pair_ended")
        if checkin.status == WAITING or taken_back:
            checkin.status, checkin.why = DROPPED, "pair_ended"
            work.db.add(checkin)


async def after_session(work: Work, session: Any) -> None:
    """After a pair's first session, ask each what they will do before the next; the answer is theirs alone."""
    here = work.community.id
    pair = await storage.pair.by_id(work.db, here, session.pair_id) if session.pair_id else None
    if pair is None or pair.status != "active":
        return
    earlier = await storage.checkin.of_pair(work.db, here, pair.id)
    if any(one.question == rules.ACTION_PLAN for one in earlier):
        return
    for seat in (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]:
        work.db.add(
            CheckIn(
                id=work.ids.new(), community_id=here, programme_id=pair.programme_id, pair_id=pair.id,
                member_id=seat.member_id, question=rules.ACTION_PLAN, week=0, due_at=work.now,
                expires_at=work.now + rules.PLAN_WITHIN,
            )
        )  # fmt: skip
