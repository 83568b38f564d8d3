"""Frozen pairs: nothing is said to them or asked of them, and their room is not used, until nothing freezes them."""

from __future__ import annotations

import storage.pair
import storage.round
from bot import pairs
from bot.context import Work
from storage.member import Member
from storage.pair import ACTIVE, ENDED, FROZEN, Pair

ITSELF = "pair"


async def freeze(work: Work, pair: Pair) -> None:
    """Freeze a pair."""
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
        await pairs.end(work, pair, "over")
    else:
        await work.happened("pair.resumes", pair)
