"""What agreements do when a pair begins, changes or ends."""

from __future__ import annotations

import storage.agreement
import storage.programme
import storage.round
from bot import pairs
from bot.context import Work
from bot.features.agreement import handlers, rules
from bot.programme.stored import file_of
from bot.zones import usable
from storage.agreement import Agreement, AgreementSeat
from storage.checkin import DROPPED, WAITING
from storage.pair import Pair, PairMember


async def begin(work: Work, pair: Pair) -> None:
    """Make an empty agreement for a new pair, with the moment at which each member is asked about it again."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    round_ = await storage.round.by_id(work.db, here, pair.round_id)
    if programme is None or not file_of(programme).pairs.agreement:
        return
    agreement = Agreement(id=work.ids.new(), community_id=here, pair_id=pair.id, created_at=work.now)
    work.db.add(agreement)
    await work.db.flush()
    for member in await pairs.people(work, pair):
        zone = usable(member.zone, work.community.zone)
        due = rules.half_time(work.now, round_.ends_at, zone) if round_ is not None and round_.ends_at else None
        when = due or work.now
        work.db.add(
            AgreementSeat(
                id=work.ids.new(), community_id=here, agreement_id=agreement.id, member_id=member.id, due_at=when,
                expires_at=when + rules.ANSWER_WITHIN, status=WAITING if due else DROPPED,
                why="" if due else "no_half_time",
            )
        )  # fmt: skip


async def drop(work: Work, pair: Pair) -> None:
    """A pair that ended is asked nothing more."""
    for seat in await storage.agreement.waiting_of_pair(work.db, work.community.id, pair.id):
        seat.status, seat.why = DROPPED, "pair_ended"
        work.db.add(seat)


async def count_again(work: Work, pair: Pair) -> None:
    """When somebody has left a trio, those who remain may all have said yes already."""
    agreement = await storage.agreement.of_pair(work.db, work.community.id, pair.id)
    if agreement is not None:
        await handlers.settle(work, pair, agreement)


async def ask_everybody_again(work: Work, seat: PairMember) -> None:
    """Who joined a pair has a say in what was agreed."""
    agreement = await storage.agreement.of_pair(work.db, work.community.id, seat.pair_id)
    if agreement is not None:
        agreement.agreed_at = None
        work.db.add(agreement)
