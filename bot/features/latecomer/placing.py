"""Looking for a place, in three steps: read, compute away from the loop, write the questions."""

from __future__ import annotations

import storage.latecomer
import storage.member
import storage.pair
import storage.programme
import storage.round
from bot import reasons
from bot.context import Work
from bot.features.latecomer import reactions, rules
from bot.features.latecomer.rules import Looking, Offer, Place
from bot.matching import Request
from bot.programmes import file_of
from bot.rounds import gather
from storage.latecomer import ASKING, LOOKING, OVER, Latecomer, LateQuestion
from storage.programme import Programme
from storage.round import Round

LARGEST = {"peer": 3, "circles": 5}


async def read(work: Work, latecomer_id: str) -> Looking | None:
    """Gather the free places; None when nobody is looked for any more."""
    row = await storage.latecomer.by_id(work.db, work.community.id, latecomer_id)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id) if row else None
    round_ = await storage.round.by_id(work.db, work.community.id, row.round_id) if row else None
    if row is None or programme is None or round_ is None or not await _still(work, row, round_):
        return None
    request = await gather(work, programme, seed=round_.seed, number=round_.number)
    if request is None or len(row.tried) >= rules.TRIES:
        return None
    places = await _places(work, programme, round_, row, request)
    skip = {*row.tried, *await storage.latecomer.busy(work.db, work.community.id, round_.id)}
    return Looking(row.member_id, tuple(place for place in places if place.key not in skip), request)


async def _still(work: Work, row: Latecomer, round_: Round) -> bool:
    """Whether the round still takes people in, and the latecomer is still without a partner."""
    if round_.status != "published" or not rules.has_time(round_.ends_at, work.now):
        return False
    taken = await storage.pair.taken_in(work.db, work.community.id, row.programme_id)
    return not any(row.member_id in seated for seated in taken.values())


async def _places(work: Work, programme: Programme, round_: Round, row: Latecomer, request: Request) -> list[Place]:
    here, mode = work.community.id, file_of(programme).mode
    taken = await storage.pair.taken_in(work.db, here, programme.id)
    if mode == "mentor":
        return _mentors(request, list(taken.values()), row.member_id)
    spaces = (await storage.member.spaces_of(work.db, here, [row.member_id])).get(row.member_id, [])
    return [
        Place(pair.id, tuple(sorted(taken[pair.id])))
        for pair in await storage.pair.of_round(work.db, here, round_.id)
        if pair.status == "active" and pair.space_id in spaces and 1 < len(taken[pair.id]) < LARGEST[mode or "peer"]
    ]


def _mentors(request: Request, taken: list[dict[str, str]], newcomer: str) -> list[Place]:
    """Return the mentors who have room for one more mentee."""
    load = [member for people in taken for member, role in people.items() if role == "mentor"]
    return [
        Place(person.id, (person.id,))
        for person in request.people
        if person.id != newcomer and person.role in ("mentor", "both") and load.count(person.id) < person.capacity
    ]


async def write(work: Work, offer: Offer | None, latecomer_id: str) -> None:
    """Ask whom a latecomer fits best, or let them wait for the next round. An offer that lapsed is taken back first."""
    row = await storage.latecomer.by_id(work.db, work.community.id, latecomer_id)
    if row is None or row.status not in (LOOKING, ASKING) or row.due_at > work.now:
        return
    work.db.add(row)
    await reactions.close(work, row)
    if offer is None:
        row.status, row.offered = OVER, ""
        return
    row.status, row.offered, row.tried = ASKING, offer.place.key, [*row.tried, offer.place.key]
    row.score, row.reasons = offer.group.score, reasons.stored(offer.group.reasons)
    row.due_at = work.now + rules.ANSWER_WITHIN
    for member in offer.place.members:
        work.db.add(
            LateQuestion(
                id=work.ids.new(), community_id=work.community.id, latecomer_id=row.id, member_id=member,
                offered=row.offered, due_at=work.now, expires_at=row.due_at,
            )
        )  # fmt: skip
