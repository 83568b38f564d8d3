"""How a pair begins, changes and ends, what the other features are told of it, and how it is told something."""

from __future__ import annotations

from typing import Any

import storage.member
import storage.pair
import storage.programme
from bot import reasons
from bot.context import Context, Work
from bot.errors import UserError
from bot.matching import Group
from storage.member import Member
from storage.pair import ACTIVE, ENDED, FROZEN, Pair, PairMember
from storage.programme import PEOPLE
from storage.round import Round


async def begin(work: Work, round_: Round, group: Group, *, mode: str) -> Pair:
    """Write a pair of a round and its seats, and tell `pair.introduced`."""
    here = work.community.id
    spaces = await storage.member.spaces_of(work.db, here, group.members)
    common = sorted(set.intersection(*(set(spaces.get(member, ())) for member in group.members)))
    pair = Pair(
        id=work.ids.new(), community_id=here, programme_id=round_.programme_id, round_id=round_.id,
        space_id=common[0] if common else None, score=group.score, reasons=reasons.stored(group.reasons),
        parts=dict(group.parts), created_at=work.now,
    )  # fmt: skip
    work.db.add(pair)
    await work.db.flush()
    for member in group.members:
        work.db.add(PairMember(pair_id=pair.id, member_id=member, community_id=here, role=role_in(group, member, mode)))
    await work.db.flush()
    await work.happened("pair.introduced", pair)
    return pair


async def join(work: Work, pair: Pair, member_id: str, *, score: float, reasons: list[Any]) -> None:
    """Let one more into a pair as a peer, with new score and stored reasons, and tell `pair.joined` (their seat)."""
    seat = await work.db.get(PairMember, (pair.id, member_id))
    if seat is None:
        seat = PairMember(pair_id=pair.id, member_id=member_id, community_id=work.community.id)
    seat.left_at, seat.role = None, "peer"
    pair.score, pair.reasons = score, reasons
    for row in (seat, pair):
        work.db.add(row)
    await work.db.flush()
    work.audit("pair.joined", pair.id)
    await work.happened("pair.joined", seat)


async def step_out(work: Work, pair: Pair, member_id: str, why: str) -> list[str]:
    """Take a member out of a pair and return who remains.

    Two or more go on, and `pair.left` is told. With one alone the pair ends, and they come first in the next round.
    """
    taken = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
    for seat in taken:
        if seat.member_id == member_id:
            seat.left_at = work.now
            work.db.add(seat)
    await work.db.flush()
    others = [seat.member_id for seat in taken if seat.member_id != member_id]
    if len(others) > 1:
        await work.happened("pair.left", pair)
        return others
    await end(work, pair, why)
    for other in others:
        await comes_first(work, pair.programme_id, other)
    return others


async def comes_first(work: Work, programme_id: str, member_id: str) -> None:
    """Count a lost partner as a round without one, so that the next round begins with who was left behind."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member_id):
        if role.programme_id == programme_id and role.kind in PEOPLE and role.status == "active":
            role.waited += 1
            work.db.add(role)


async def end(work: Work, pair: Pair, why: str) -> None:
    """End a pair and tell `pair.ended`. `why` is a code: over, left, rematch, trial."""
    pair.status, pair.ended_at, pair.ended_why = ENDED, work.now, why
    work.db.add(pair)
    await work.db.flush()
    work.audit("pair.ended", pair.id, why)
    await work.happened("pair.ended", pair)


def role_in(group: Group, member_id: str, mode: str) -> str:
    """Return what a member is in a group: the mentor stands first in mentor mode."""
    if mode != "mentor":
        return "peer"
    return "mentor" if group.members[0] == member_id else "mentee"


async def seated(work: Work, pair: Pair) -> list[str]:
    """Return the members who are still in a pair, in a fixed order."""
    return [seat.member_id for seat in (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]]


async def partners(ctx: Context, pair: Pair, *, resting: bool = False) -> list[str]:
    """Return the others of the actor's own pair. Raises `UserError` for somebody else's pair, for one that is over, and
    for one that rests, unless `resting`.
    """
    seat = await ctx.db.get(PairMember, (pair.id, ctx.member.id))
    if seat is None:
        raise UserError("core.not_your_pair")
    if pair.status == ENDED or seat.left_at is not None:
        raise UserError("core.pair_over")
    if pair.status == FROZEN and not resting:
        raise UserError("core.pair_rests")
    return [member for member in await seated(ctx, pair) if member != ctx.member.id]


def has_room(work: Work, pair: Pair) -> bool:
    """Return whether a pair talks in a room: it has one, or one is being opened."""
    return pair.room is not None or (work.setting("core.rooms") == "room" and pair.space_id is not None)


async def tell(work: Work, pair: Pair, message: str, /, *, key: str, but: str = "", **params: Any) -> None:
    """Say something to a pair that goes on: in its room, or else to each of its members except `but` in private.

    `message` and `key` are as in `Writer`; the builder gets `private` as well.
    """
    if pair.status != ACTIVE:
        return
    if has_room(work, pair):
        await work.outbox.room(pair, message, key=key, **params, private=False)
        return
    for member in await people(work, pair):
        if member.id != but:
            await work.outbox.note(member, message, key=f"{key}:{member.id}", pair=pair, **params, private=True)


async def people(work: Work, pair: Pair) -> list[Member]:
    """Return the rows of the members who are still in a pair, in a fixed order."""
    ids = await seated(work, pair)
    found = await storage.member.by_ids(work.db, work.community.id, ids)
    return [found[member] for member in ids]
