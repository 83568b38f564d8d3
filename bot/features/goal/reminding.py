"""Keeping the reminders of a goal in step with its day and with whose it is."""

from __future__ import annotations

import storage.goal
import storage.member
import storage.pair
from bot.context import Work
from bot.features.goal import rules
from bot.recurrence import to_wall
from bot.zones import usable
from storage.goal import DROPPED, OURS, WAITING, Goal, GoalReminder


async def keep_reminders(work: Work, goal: Goal) -> None:
    """Write the reminders of a goal, or move those that were not sent; whom it is not about any more, none."""
    here = work.community.id
    people = {goal.member_id}
    if goal.sight == OURS and goal.pair_id is not None:
        people = {seat.member_id for seat in (await storage.pair.seats(work.db, here, [goal.pair_id]))[goal.pair_id]}
    written = {(row.member_id, row.kind): row for row in await storage.goal.reminders(work.db, here, goal.id)}
    wanted: set[tuple[str, str]] = set()
    for member in (await storage.member.by_ids(work.db, here, sorted(people))).values():
        zone = usable(member.zone, work.community.zone)
        for planned in rules.reminders(to_wall(work.now, zone).date(), goal.due_on, zone):
            wanted.add((member.id, planned.kind))
            row = written.get((member.id, planned.kind)) or GoalReminder(
                id=work.ids.new(), community_id=here, goal_id=goal.id, member_id=member.id, kind=planned.kind,
                due_at=planned.due, expires_at=planned.expires,
            )  # fmt: skip
            row.due_at, row.expires_at, row.status, row.why = planned.due, planned.expires, WAITING, ""
            work.db.add(row)
    for key, row in written.items():
        if key not in wanted and row.status == WAITING:
            row.status, row.why = DROPPED, "not_needed"
            work.db.add(row)
    await work.db.flush()
