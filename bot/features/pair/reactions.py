"""What pairs do when something happens elsewhere."""

from __future__ import annotations

from typing import Any

import storage.member
import storage.pair
import storage.programme
import storage.round
from bot import pairs
from bot.context import Work
from storage.member import Member
from storage.pair import Pair
from storage.programme import PEOPLE, Role


async def introduce(work: Work, pair: Pair) -> None:
    """Open the room of a new pair and introduce its members to each other; without rooms, write to each."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, pair.programme_id)
    round_ = await storage.round.by_id(work.db, here, pair.round_id)
    if programme is None or round_ is None:
        return
    seats = (await storage.pair.seats(work.db, here, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    told: dict[str, Any] = {
        "pair_id": pair.id, "programme": programme.name, "reasons": pair.reasons,
        "members": [_card(members[seat.member_id], seat.role) for seat in seats],
        "until": round_.ends_at.isoformat() if round_.ends_at else "",
    }  # fmt: skip
    if work.setting("core.rooms") == "room" and pair.space_id is not None:
        await work.outbox.open_room(pair, "pair.introduced", key=f"pair.introduced:{pair.id}", **told)
        return
    for seat in seats:
        key = f"pair.introduced:{pair.id}:{seat.member_id}"
        await work.outbox.note(members[seat.member_id], "pair.introduced", key=key, **told, private=True)


def _card(member: Member, role: str) -> dict[str, Any]:
    return {
        "id": member.id, "role": role, "zone": member.zone or "", "languages": member.languages,
        "offers": member.offers[:5], "wants": member.wants[:5], "interests": member.interests[:5],
    }  # fmt: skip


async def say_goodbye(work: Work, pair: Pair) -> None:
    """Thank a pair whose round is over."""
    if pair.ended_why != "over":
        return
    if pair.room is not None:
        await work.outbox.room(pair, "pair.ended", key=f"pair.ended:{pair.id}", on_doubt="skip")
        return
    seats = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, work.community.id, [seat.member_id for seat in seats])
    for member in members.values():
        await work.outbox.note(
            member, "pair.ended", key=f"pair.ended:{pair.id}:{member.id}", on_doubt="skip", private=True
        )


async def leave_pairs(work: Work, role: Role) -> None:
    """Take somebody who left a programme out of its pairs; a pair of one is over, and the other is told kindly."""
    for pair in await storage.pair.active_of(work.db, work.community.id, role.member_id):
        if pair.programme_id != role.programme_id:
            continue
        seats = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
        for seat in seats:
            if seat.member_id == role.member_id:
                seat.left_at = work.now
                work.db.add(seat)
        await work.db.flush()
        others = [seat.member_id for seat in seats if seat.member_id != role.member_id]
        if len(others) == 1:
            await pairs.end(work, pair, "left")
            await _comes_first(work, pair.programme_id, others[0])
        for member in (await storage.member.by_ids(work.db, work.community.id, others)).values():
            await work.outbox.note(
                member, "pair.partner_left", key=f"pair.left:{pair.id}:{role.member_id}:{member.id}",
                who=role.member_id, alone=len(others) == 1,
            )  # fmt: skip


async def _comes_first(work: Work, programme_id: str, member_id: str) -> None:
    """Count a lost partner as a round without one, so that the next round begins with who was left behind."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member_id):
        if role.programme_id == programme_id and role.kind in PEOPLE and role.status == "active":
            role.waited += 1
            work.db.add(role)


async def forget_reasons(work: Work, member: Member) -> None:
    """Why somebody was paired tells what they like and can: it goes when they are forgotten."""
    for pair in await storage.pair.all_of(work.db, work.community.id, member.id):
        pair.reasons = []
        work.db.add(pair)
