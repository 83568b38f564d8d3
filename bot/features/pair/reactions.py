"""What pairs do when something happens elsewhere."""

from __future__ import annotations

from typing import Any

import storage.checkin
import storage.member
import storage.pair
import storage.programme
import storage.round
import storage.schedule
from bot import pairs
from bot.context import Work
from bot.features.pair import handlers, rules
from bot.programme.stored import file_of
from bot.slots import Person, propose
from bot.zones import usable
from storage.member import Member
from storage.pair import ACTIVE, ENDED, FROZEN, OVER, Pair, PairMember
from storage.programme import Role

ITSELF = "pair"
"""What `Pair.frozen_by` holds for a pair that was frozen itself; else the ids of its frozen members."""


async def introduce(work: Work, pair: Pair) -> None:
    """Open the room of a new pair and introduce its members to each other; without rooms, write to each."""
    told = await _introduction(work, pair)
    if told is None:
        return
    key = f"pair.introduced:{pair.id}"
    if pairs.has_room(work, pair):
        await work.outbox.open_room(pair, "pair.introduced", key=key, **told)
        return
    for member in await pairs.people(work, pair):
        await work.outbox.note(member, "pair.introduced", key=f"{key}:{member.id}", pair=pair, **told, private=True)


async def welcome(work: Work, seat: PairMember) -> None:
    """Introduce somebody who joined a pair, in a new room: nobody can be let into an old one and its history."""
    pair = await storage.pair.by_id(work.db, work.community.id, seat.pair_id)
    told = await _introduction(work, pair) if pair is not None else None
    if pair is None or told is None:
        return
    told |= {"who": seat.member_id}
    key = f"pair.joined:{pair.id}:{seat.member_id}"
    if pairs.has_room(work, pair):
        pair.room = None
        work.db.add(pair)
        await work.outbox.open_room(pair, "pair.joined", key=key, **told)
        return
    for member in await pairs.people(work, pair):
        await work.outbox.note(member, "pair.joined", key=f"{key}:{member.id}", pair=pair, **told, private=True)


async def _introduction(work: Work, pair: Pair) -> dict[str, Any] | None:
    """Return what an introduction says, as JSON values: who, why, three times that suit all, a question."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    round_ = await storage.round.by_id(work.db, here, pair.round_id)
    if programme is None or round_ is None:
        return None
    seats = (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    weeks = [Person(usable(one.zone, work.community.zone), one.availability) for one in members.values()]
    return {
        "pair_id": pair.id, "programme": programme.name, "reasons": pair.reasons,
        "members": [_card(members[seat.member_id], seat.role) for seat in seats],
        "until": round_.ends_at.isoformat() if round_.ends_at else "",
        "times": rules.before([time.isoformat() for time in propose(weeks, work.now)], round_.ends_at),
        "question": await handlers.next_question(work, pair) or "",
        "agreement": file_of(programme).pairs.agreement,
    }  # fmt: skip


def _card(member: Member, role: str) -> dict[str, Any]:
    return {
        "id": member.id, "role": role, "pronouns": member.pronouns, "zone": member.zone or "",
        "languages": member.languages,
        "offers": member.offers[:5], "wants": member.wants[:5], "interests": member.interests[:5],
    }  # fmt: skip


async def say_goodbye(work: Work, pair: Pair) -> None:
    """Thank a pair whose round is over, say how often they met, and what comes next."""
    if pair.ended_why != OVER:
        return
    checkins = await storage.checkin.of_pair(work.db, work.community.id, pair.id)
    schedule = await storage.schedule.of(work.db, work.community.id, "round.draw", pair.programme_id)
    comes = schedule.next_at if schedule is not None and not schedule.paused else None
    told: dict[str, Any] = {
        "weeks": rules.weeks_met(checkins), "met": pair.met_at is not None, "next": comes.isoformat() if comes else "",
    }  # fmt: skip
    if pair.room is not None:
        await work.outbox.room(pair, "pair.ended", key=f"pair.ended:{pair.id}", on_doubt="skip", **told)
        return
    for member in await pairs.people(work, pair):
        key = f"pair.ended:{pair.id}:{member.id}"
        await work.outbox.note(member, "pair.ended", key=key, on_doubt="skip", **told, private=True)


async def end_trial(work: Work, pair: Pair) -> None:
    """End a pair that does not go on after its trial. All of them come first, whoever chose what."""
    people = await pairs.seated(work, pair)
    await pairs.end(work, pair, "trial")
    for member in people:
        await pairs.comes_first(work, pair.programme_id, member)


async def leave_pairs(work: Work, role: Role) -> None:
    """Take somebody who left a programme out of its pairs; a pair of one is over, and the other is told kindly."""
    for pair in await storage.pair.open_of(work.db, work.community.id, role.member_id):
        if pair.programme_id != role.programme_id:
            continue
        rests = pair.status == FROZEN
        others = await pairs.step_out(work, pair, role.member_id, "left")
        told = {} if rests else await storage.member.by_ids(work.db, work.community.id, others)
        for member in told.values():
            await work.outbox.note(
                member, "pair.partner_left", key=f"pair.left:{pair.id}:{role.member_id}:{member.id}",
                who=role.member_id, alone=len(others) == 1,
            )  # fmt: skip


async def forget_reasons(work: Work, member: Member) -> None:
    """Why somebody was paired tells what they like and can: it goes when they are forgotten."""
    for pair in await storage.pair.all_of(work.db, work.community.id, member.id):
        pair.reasons = []
        work.db.add(pair)


async def freeze(work: Work, pair: Pair) -> None:
    """Freeze a pair: nothing is said to it or asked of it, and its room is not used, until nothing freezes it."""
    await _freeze(work, pair, ITSELF)


async def freeze_member(work: Work, member: Member) -> None:
    """Freeze every pair of a member who is frozen."""
    for pair in await storage.pair.open_of(work.db, work.community.id, member.id):
        await _freeze(work, pair, member.id)


async def _freeze(work: Work, pair: Pair, by: str) -> None:
    if pair.status == ENDED or by in pair.frozen_by:
        return
    rested = bool(pair.frozen_by)
    pair.status, pair.frozen_by = FROZEN, [*pair.frozen_by, by]
    work.db.add(pair)
    await work.db.flush()
    if not rested:
        await work.happened("pair.rests", pair)


async def unfreeze(work: Work, pair: Pair) -> None:
    """Let a pair go on, unless one of its members is still frozen."""
    await _unfreeze(work, pair, ITSELF)


async def unfreeze_member(work: Work, member: Member) -> None:
    """Let the pairs of a member go on that nothing else keeps frozen."""
    for pair in await storage.pair.open_of(work.db, work.community.id, member.id):
        await _unfreeze(work, pair, member.id)


async def _unfreeze(work: Work, pair: Pair, by: str) -> None:
    """A pair whose round ended meanwhile is thanked now; one that has lost its members stays ended."""
    if pair.status == ENDED or by not in pair.frozen_by:
        return
    left = [one for one in pair.frozen_by if one != by]
    pair.status, pair.frozen_by = FROZEN if left else ACTIVE, left
    work.db.add(pair)
    await work.db.flush()
    if left:
        return
    round_ = await storage.round.by_id(work.db, work.community.id, pair.round_id)
    if round_ is not None and round_.ends_at is not None and round_.ends_at <= work.now:
        await pairs.end(work, pair, OVER)
    else:
        await work.happened("pair.resumes", pair)
