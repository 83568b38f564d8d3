"""Bringing goals to mind."""

from __future__ import annotations

from datetime import timedelta

import storage.goal
import storage.member
import storage.outbox
from bot.context import Work
from bot.features.goal import rules
from bot.habits import habits
from bot.planner import Drop, Postpone
from storage.goal import DROPPED, SENT, WAITING, GoalReminder

LOOK_BACK = timedelta(days=8)


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
    sent = await storage.outbox.nudges_since(work.db, here, member.id, work.now - LOOK_BACK)
    decided = rules.decision(reminder, goal, habits(member, work.community.zone), now=work.now, sent=sent)
    if isinstance(decided, str):
        return _close(work, reminder, DROPPED, decided)
    if isinstance(decided, Drop):
        return _close(work, reminder, DROPPED, decided.why.value)
    if isinstance(decided, Postpone):
        reminder.due_at, reminder.why = decided.until, decided.why.value
        work.db.add(reminder)
        return None
    await work.outbox.nudge(
        member, "goal.remind", key=f"goal.remind:{reminder.id}:{reminder.due_at.isoformat()}", due=decided.at,
        expires=reminder.expires_at, goal=goal.id, what=goal.what, kind=reminder.kind,
        due_on=goal.due_on.isoformat() if goal.due_on else "",
    )  # fmt: skip
    return _close(work, reminder, SENT, "")


def _close(work: Work, reminder: GoalReminder, status: str, why: str) -> None:
    reminder.status, reminder.why = status, why
    work.db.add(reminder)
