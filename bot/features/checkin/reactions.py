"""What check-ins do when a pair begins or ends."""

from __future__ import annotations

import storage.checkin
import storage.member
import storage.pair
import storage.programme
from bot.context import Work
from bot.features.checkin import rules
from bot.programmes import file_of
from storage.checkin import DROPPED, WAITING, CheckIn
from storage.pair import Pair


async def plan(work: Work, pair: Pair) -> None:
    """Write a row for every question to every member of a new pair, each at its member's own local time."""
    here = work.community.id
    round_ = await storage.pair.round_by_id(work.db, here, pair.round_id)
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    if round_ is None or programme is None or round_.ends_at is None:
        return
    seats = (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    for seat in seats:
        zone = members[seat.member_id].zone or work.community.zone
        for planned in rules.plan(file_of(programme).checkins, start=work.now, ends=round_.ends_at, zone=zone):
            work.db.add(
                CheckIn(
                    id=work.ids.new(), community_id=here, programme_id=programme.id, pair_id=pair.id,
                    member_id=seat.member_id, question=planned.question, week=planned.week, due_at=planned.due,
                    expires_at=planned.expires,
                )
            )  # fmt: skip


async def drop(work: Work, pair: Pair) -> None:
    """A pair that ended is asked nothing more."""
    for checkin in await storage.checkin.of_pair(work.db, work.community.id, pair.id):
        if checkin.status == WAITING:
            checkin.status, checkin.why = DROPPED, "pair_ended"
            work.db.add(checkin)
