"""Bringing goals to mind."""

from __future__ import annotations

import storage.goal
import storage.member
import storage.outbox
from bot import nudging
from bot.context import Work
from bot.features.goal import rules
from storage.goal import DROPPED, SENT, WAITING, GoalReminder


async def remind(work: Work, reminder_id: str) -> None:
    """Send, postpone or drop one reminder."""
    here = work.community.id
    reminder = await storage.goal.reminder(work.db, here, reminder_id)
    if reminder is None or reminder.status != WAITING or reminder.due_at > work.now:
        return None
    goal = await storage.goal.by_id(work.db, here, reminder.goal_id)
    member = await storage.member.by_id(work.db, here, reminder.member_id)
    if goal is None or member is None:
        return _close(work, reminder, DROPPED, "gone")
    if not rules.is_needed(goal):
        return _close(work, reminder, DROPPED, "not_needed")
    at = await nudging.settle(work, reminder, member, "goal.remind")
    if at is None:
        work.db.add(reminder)
        return None
    await work.outbox.nudge(
        member, "goal.remind", key=f"goal.remind:{reminder.id}:{reminder.due_at.isoformat()}", due=at,
        expires=reminder.expires_at, goal=goal.id, what=goal.what, kind=reminder.kind,
        due_on=goal.due_on.isoformat() if goal.due_on else "",
    )  # fmt: skip
    return _close(work, reminder, SENT, "")


def _close(work: Work, reminder: GoalReminder, status: str, why: str) -> None:
    reminder.status, reminder.why = status, why
    work.db.add(reminder)
