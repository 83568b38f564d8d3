"""Reminding people of an event, and asking how it was."""

from __future__ import annotations

import storage.event
import storage.member
from bot import nudging
from bot.context import Work
from bot.features.event import rules, views
from bot.nudging import quiet_until
from storage.event import OVER, PLANNED, Event, EventSeat
from storage.member import Member

AT_A_TIME = 50
"""Seats dealt with in one unit of work, so that a large event does not hold the writer."""


async def advance(work: Work, event_id: str) -> None:
    """Do what is due about an event for some of its people; when everybody is told, go to the next stage."""
    event = await storage.event.by_id(work.db, work.community.id, event_id)
    if event is None or event.stage is None or event.next_at is None or event.next_at > work.now:
        return
    stage = event.stage
    if event.status == PLANNED and not rules.is_late(event, stage, work.now):
        left = await storage.event.untold(work.db, work.community.id, event.id, stage, AT_A_TIME)
        await _tell(work, event, stage, left)
        if len(left) == AT_A_TIME:
            return
    if stage == rules.AFTER:
        event.status, event.stage, event.next_at = OVER, None, None
        await _ask_who_came(work, event)
    else:
        event.stage, event.next_at = rules.stage_after(event, work.now, stage)
    work.db.add(event)


async def _tell(work: Work, event: Event, stage: str, left: list[EventSeat]) -> None:
    members = await storage.member.by_ids(work.db, work.community.id, [seat.member_id for seat in left])
    for seat in left:
        seat.told = stage
        work.db.add(seat)
        await _one(work, event, stage, seat, members[seat.member_id])


async def _one(work: Work, event: Event, stage: str, seat: EventSeat, member: Member) -> None:
    """A day before and afterwards, the planner finds a good moment. An hour before is worth nothing later, so it goes
    past the week's budget, but never into somebody's quiet hours.
    """
    key = f"event.{stage}:{seat.id}:{event.starts_at.isoformat()}"
    if stage == rules.DAY:
        await nudging.ask(
            work, member, "event.reminder", key=key, due=work.now, expires=event.starts_at, **views.told(event)
        )
    elif stage == rules.HOUR:
        if quiet_until(member, work.community.zone, work.now) == work.now:
            await work.outbox.note(member, "event.reminder", key=key, **views.told(event))
    elif not seat.said:
        await nudging.ask(
            work, member, "event.how_was_it", key=key, due=work.now, expires=rules.ends_at(event) + rules.ASKED_FOR,
            seat=seat.id, **views.told(event),
        )  # fmt: skip


async def _ask_who_came(work: Work, event: Event) -> None:
    """Ask coordinators who came, where somebody had a seat."""
    if await storage.event.seats(work.db, work.community.id, event.id):
        await work.outbox.post(
            work.setting("core.coordinator_channel"), "event.who_came", key=f"event.who_came:{event.id}",
            **views.told(event),
        )  # fmt: skip
