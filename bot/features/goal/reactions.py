"""What goals do when something happens elsewhere."""

from __future__ import annotations

import storage.goal
import storage.member
import storage.pair
import storage.session
from bot.context import Work
from storage.goal import OURS, PRIVATE, SHARED, Goal
from storage.member import Member
from storage.pair import Pair
from storage.session import CONFIRMED, Session

PLAN = 5
"""Lines of a first action plan that become goals; what comes after them is not a plan any more."""

LINE = 200


async def plan_becomes_goals(work: Work, session: Session) -> None:
    """Make each line of a pair's first action plan a goal of theirs together, once both have confirmed it."""
    here = work.community.id
    before = await storage.session.of_pair(work.db, here, session.pair_id)
    lines = [line.strip(" \t-*") for line in session.next_step.splitlines() if line.strip(" \t-*")][:PLAN]
    if (
        not lines
        or session.logged_by is None
        or any(one.status == CONFIRMED and one.id != session.id for one in before)
    ):
        return
    for line in lines:
        work.db.add(
            Goal(
                id=work.ids.new(), community_id=here, member_id=session.logged_by, pair_id=session.pair_id, sight=OURS,
                what=line[:LINE], created_at=work.now,
            )
        )  # fmt: skip
    seats = (await storage.pair.seats(work.db, here, [session.pair_id]))[session.pair_id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    for member in members.values():
        await work.outbox.note(member, "goal.from_plan", key=f"goal.plan:{session.id}:{member.id}", goals=lines)


async def hide(work: Work, pair: Pair) -> None:
    """What somebody showed to a partner is private again when the pair ends; what belongs to both stays theirs."""
    for goal in await storage.goal.of_pairs(work.db, work.community.id, [pair.id]):
        if goal.sight == SHARED:
            goal.sight, goal.pair_id = PRIVATE, None
            work.db.add(goal)


async def hand_over(work: Work, member: Member) -> None:
    """A goal of a pair or circle stays with the others when the one who wrote it down is forgotten."""
    here = work.community.id
    pairs = [pair.id for pair in await storage.pair.all_of(work.db, here, member.id)]
    seats = await storage.pair.seats(work.db, here, pairs)
    for goal in await storage.goal.of_pairs(work.db, here, pairs):
        others = [seat.member_id for seat in seats[goal.pair_id or ""] if seat.member_id != member.id]
        if goal.sight == OURS and goal.member_id == member.id and others:
            goal.member_id = others[0]
            work.db.add(goal)
    await work.db.flush()
