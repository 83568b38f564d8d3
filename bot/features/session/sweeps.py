"""Reminding of what was agreed."""

from __future__ import annotations

import storage.member
import storage.session
from bot.context import Work
from bot.features.session import rules
from bot.features.session.planning import reminder_key, together
from bot.nudging import habits_of
from bot.planner import Drop, Postpone
from storage.session import DROPPED, SENT, WAITING, SessionReminder


async def remind(work: Work, reminder_id: str) -> None:
    """Send, postpone or drop one reminder.

    It goes out as a note: the member agreed to this time and waits for it, so it neither uses up their week's messages
    nor is skipped when a platform leaves in doubt whether it came. It is worthless once the session has begun.
    """
    here = work.community.id
    reminder = await storage.session.reminder(work.db, here, reminder_id)
    if reminder is None or reminder.status != WAITING or reminder.due_at > work.now:
        return
    session = await storage.session.by_id(work.db, here, reminder.session_id)
    member = await storage.member.by_id(work.db, here, reminder.member_id)
    pair, others = await together(work, session.pair_id, reminder.member_id) if session else (None, ())
    if session is None or member is None or pair is None or session.starts_at is None or pair.status != "active":
        _close(work, reminder, DROPPED, "gone")
        return
    decided = rules.reminding(reminder, session, habits_of(member, work.community.zone), work.now)
    if isinstance(decided, str):
        _close(work, reminder, DROPPED, decided)
    elif isinstance(decided, Drop):
        _close(work, reminder, DROPPED, decided.why.value)
    elif isinstance(decided, Postpone):
        reminder.due_at, reminder.why = decided.until, decided.why.value
        work.db.add(reminder)
    else:
        await work.outbox.note(
            member, "session.reminder", key=reminder_key(reminder), pair=pair, due=decided.at,
            expires=session.starts_at, session=session.id, pair_id=session.pair_id, partners=list(others),
            starts=session.starts_at.isoformat(),
        )  # fmt: skip
        _close(work, reminder, SENT, "")


def _close(work: Work, reminder: SessionReminder, status: str, why: str) -> None:
    reminder.status, reminder.why = status, why
    work.db.add(reminder)
