"""Looking for a place in three steps (read, compute away from the loop, write), and asking without pressure."""

from __future__ import annotations

import storage.latecomer
import storage.member
import storage.pair
import storage.programme
import storage.round
from bot import nudging, reasons
from bot.context import Work
from bot.features.latecomer import handlers, reactions, rules
from bot.features.latecomer.rules import Looking, Offer, Place
from bot.matching import Request
from bot.programme.stored import file_of
from bot.rounds import gather
from storage.checkin import ASKED, WAITING
from storage.latecomer import ASKING, LOOKING, OVER, Latecomer, LateQuestion
from storage.programme import Programme
from storage.round import Round

LARGEST = {"peer": 3, "circles": 5}
"""How many people a group of a mode may have."""


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


async def ask(work: Work, question_id: str) -> None:
    """Ask one member, now or later. Who is not to be asked at all has not said yes, so somebody else is looked for."""
    here = work.community.id
    question = await storage.latecomer.question_by_id(work.db, here, question_id)
    if question is None or question.status != WAITING or question.due_at > work.now:
        return
    work.db.add(question)
    row = await storage.latecomer.by_id(work.db, here, question.latecomer_id)
    member = await storage.member.by_id(work.db, here, question.member_id)
    shown = await handlers.asked(work, question) if row is not None and row.status == ASKING else None
    if row is None or member is None or shown is None:
        question.status, question.why = "dropped", "settled"
        return
    at = await nudging.settle(work, question, member, "latecomer.pair_asked")
    if at is None:
        if question.status != WAITING:
            await handlers.look_on(work, row)
        return
    key = f"latecomer.ask:{question.id}"
    if shown.pop("mentor"):
        await work.outbox.nudge(member, "latecomer.mentor_asked", key=key, due=at, expires=question.expires_at, **shown)
    else:
        await work.outbox.nudge(member, "latecomer.pair_asked", key=key, due=at, expires=question.expires_at, **shown)
    question.status, question.why = ASKED, ""
