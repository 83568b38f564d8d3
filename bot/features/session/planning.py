"""What planning, moving and cancelling a session have in common: who it is about, reminders, calendar files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.member
import storage.pair
import storage.session
from bot.context import Context, Work
from bot.errors import UserError
from bot.features.session import rules
from storage.member import Member
from storage.pair import Pair
from storage.session import CANCELLED, DROPPED, PLANNED, PROPOSED, WAITING, Session, SessionReminder


def reminder_key(reminder: SessionReminder) -> str:
    """Return the key under which a reminder is sent."""
    return f"session.reminder:{reminder.id}"


async def together(work: Work, pair_id: str, member_id: str) -> tuple[Pair | None, tuple[str, ...]]:
    """Return a pair that a member has a seat in and the ids of the others in it; (None, ()) when they have none."""
    here = work.community.id
    pair = await storage.pair.by_id(work.db, here, pair_id)
    seats = [seat.member_id for seat in (await storage.pair.seats(work.db, here, [pair_id]))[pair_id]]
    if pair is None or member_id not in seats:
        return None, ()
    return pair, tuple(seat for seat in seats if seat != member_id)


async def mine(ctx: Context, pair_id: str, *, active: bool = True) -> tuple[Pair, tuple[str, ...]]:
    """Return one of the actor's pairs and the others in it. Raises `UserError` for another's pair or one that ended."""
    pair, others = await together(ctx, pair_id, ctx.member.id)
    if pair is None:
        raise UserError("session.not_yours")
    if active and pair.status != "active":
        raise UserError("session.ended")
    return pair, others


async def members(work: Work, ids: tuple[str, ...]) -> list[Member]:
    """Return members by their ids, in that order; unknown ones are left out."""
    found = await storage.member.by_ids(work.db, work.community.id, ids)
    return [found[one] for one in ids if one in found]


async def spans(work: Work, ids: tuple[str, ...], but: str = "") -> list[tuple[datetime, datetime]]:
    """Return when one of these members has agreed to a session, in whichever pair, except the session `but`."""
    since = work.now - rules.LONGEST
    return rules.taken(await storage.session.agreed(work.db, work.community.id, ids, since), but)


async def agree(work: Work, session: Session, at: datetime) -> None:
    """Make a time the agreed one: reminders for everybody, a calendar file for everybody, and the fact is told."""
    session.status, session.starts_at, session.suggested_at, session.suggested_by = PLANNED, at, None, None
    session.sequence += 1
    work.db.add(session)
    await work.db.flush()
    await forget_reminders(work, session, "moved")
    seats = (await storage.pair.seats(work.db, work.community.id, [session.pair_id]))[session.pair_id]
    for seat in seats:
        for hours, due in rules.reminders(at, work.now):
            work.db.add(
                SessionReminder(
                    id=work.ids.new(), community_id=work.community.id, session_id=session.id, member_id=seat.member_id,
                    sequence=session.sequence, hours=hours, due_at=due,
                )
            )  # fmt: skip
    await tell_all(work, session, "session.planned")
    await work.happened("session.planned", session)


async def call_off(work: Work, session: Session, *, tell: bool = True) -> None:
    """Cancel a session: nobody is reminded any more, and what calendars hold is taken out."""
    planned = session.status == PLANNED
    session.status, session.suggested_at, session.suggested_by = CANCELLED, None, None
    session.sequence += planned
    work.db.add(session)
    await work.db.flush()
    await forget_reminders(work, session, "cancelled")
    if tell and planned:
        await tell_all(work, session, "session.cancelled")


async def forget_reminders(work: Work, session: Session, why: str) -> None:
    """Drop the reminders of a session, also those that are written and not sent."""
    written = await storage.session.reminders(work.db, work.community.id, session.id)
    for reminder in written:
        if reminder.status == WAITING:
            reminder.status, reminder.why = DROPPED, why
            work.db.add(reminder)
    await work.outbox.withdraw(*(reminder_key(reminder) for reminder in written))


async def tell_all(work: Work, session: Session, message: str) -> None:
    """Send everybody in a pair the calendar file of a session, with what happened."""
    if session.starts_at is None:
        return
    pair = await storage.pair.by_id(work.db, work.community.id, session.pair_id)
    seats = (await storage.pair.seats(work.db, work.community.id, [session.pair_id]))[session.pair_id]
    everybody = await members(work, tuple(seat.member_id for seat in seats))
    for member in everybody:
        others = [one for one in everybody if one.id != member.id]
        told: dict[str, Any] = {
            "session": session.id, "pair_id": session.pair_id, "starts": session.starts_at.isoformat(),
            "minutes": session.minutes, "sequence": session.sequence, "stamp": work.now.isoformat(),
            "partners": [one.id for one in others], "names": ", ".join(one.shown for one in others),
            "by": work.actor_id,
        }  # fmt: skip
        key = f"{message}:{session.id}:{session.sequence}:{member.id}"
        if message == "session.planned":
            await work.outbox.note(member, "session.planned", key=key, pair=pair, **told)
        else:
            await work.outbox.note(member, "session.cancelled", key=key, pair=pair, **told)


def is_open(session: Session) -> bool:
    """Return whether a session is still being planned or ahead."""
    return session.status in (PROPOSED, PLANNED)
