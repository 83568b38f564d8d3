"""Half time: does what was agreed still suit?"""

from __future__ import annotations

import storage.agreement
import storage.member
import storage.pair
from bot import nudging, pairs
from bot.context import Work
from bot.features.agreement import handlers
from storage.checkin import ASKED, DROPPED, WAITING
from storage.pair import ACTIVE


async def half_time(work: Work, seat_id: str) -> None:
    """Ask one member of a pair, now or later, or not at all."""
    here = work.community.id
    seat = await storage.agreement.seat_by_id(work.db, here, seat_id)
    if seat is None or seat.status != WAITING or seat.due_at > work.now:
        return
    agreement = await storage.agreement.by_id(work.db, here, seat.agreement_id)
    pair = await storage.pair.by_id(work.db, here, agreement.pair_id) if agreement else None
    member = await storage.member.by_id(work.db, here, seat.member_id)
    work.db.add(seat)
    people = await pairs.seated(work, pair) if pair is not None else []
    if pair is None or member is None or pair.status != ACTIVE or member.id not in people:
        seat.status, seat.why = DROPPED, "not_active"
        return
    at = await nudging.settle(work, seat, member, "agreement.half_time")
    if at is None:
        return
    await work.outbox.nudge(
        member, "agreement.half_time", key=f"agreement.half_time:{seat.id}", due=at, expires=seat.expires_at, pair=pair,
        seat=seat.id, partners=[one for one in people if one != member.id], **await handlers.told_of(work, pair),
    )  # fmt: skip
    seat.status, seat.why = ASKED, ""
