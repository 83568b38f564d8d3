"""How a pair begins and ends: its rows, and what the other features are told."""

from __future__ import annotations

import storage.member
from bot import reasons
from bot.context import Work
from bot.matching import Group
from storage.pair import Pair, PairMember
from storage.round import Round


async def begin(work: Work, round_: Round, group: Group, *, mode: str) -> Pair:
    """Write a pair of a round and its seats, and tell `pair.introduced`."""
    here = work.community.id
    spaces = await storage.member.spaces_of(work.db, here, group.members)
    common = sorted(set.intersection(*(set(spaces.get(member, ())) for member in group.members)))
    pair = Pair(
        id=work.ids.new(), community_id=here, programme_id=round_.programme_id, round_id=round_.id,
        space_id=common[0] if common else None, score=group.score, reasons=reasons.stored(group.reasons),
        created_at=work.now,
    )  # fmt: skip
    work.db.add(pair)
    await work.db.flush()
    for member in group.members:
        work.db.add(PairMember(pair_id=pair.id, member_id=member, community_id=here, role=role_in(group, member, mode)))
    await work.db.flush()
    await work.happened("pair.introduced", pair)
    return pair


async def end(work: Work, pair: Pair, why: str) -> None:
    """End a pair and tell `pair.ended`. `why` is a code: over, left, rematch."""
    pair.status, pair.ended_at, pair.ended_why = "ended", work.now, why
    work.db.add(pair)
    await work.db.flush()
    work.audit("pair.ended", pair.id, why)
    await work.happened("pair.ended", pair)


def role_in(group: Group, member_id: str, mode: str) -> str:
    """Return what a member is in a group: the mentor stands first in mentor mode."""
    if mode != "mentor":
        return "peer"
    return "mentor" if group.members[0] == member_id else "mentee"
