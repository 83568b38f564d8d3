"""Who is speaking, and where: from a platform's accounts and spaces to our members and communities."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import storage.community
import storage.member
from bot.chat.incoming import Actor, Incoming, SpaceRef
from bot.clock import Ids
from storage.community import Community, Space
from storage.db import Db
from storage.member import Identity, Member


@dataclass(frozen=True, slots=True)
class Caller:
    """A member in a community, standing in one of its spaces. `known` is False for one who has no row yet."""

    community: Community
    space: Space
    member: Member
    known: bool


async def find(db: Db, event: Incoming, *, community_id: str | None = None) -> Caller | None:
    """Return who speaks, as far as rows tell; None when the space or, in a DM, the community is unknown.

    In a DM without a space, the community is the one of the row that was pressed (`community_id`), else the only one
    that this account belongs to.
    """
    if event.space is None:
        identities = await storage.member.communities_of_account(db, event.platform, event.actor.user)
        mine = [identity for identity in identities if community_id in (None, identity.community_id)]
        if len({identity.community_id for identity in mine}) != 1:
            return None
        known = await storage.community.space_by_id(db, mine[0].community_id, mine[0].space_id)
        ref = SpaceRef(event.platform, known.external_id) if known else None
    else:
        ref = event.space
    found = await storage.member.caller(db, ref.platform, ref.id, event.actor.user) if ref else None
    if found is None:
        return None
    space, community, member = found
    return Caller(community, space, member or stranger(community, event.actor), member is not None)


def stranger(community: Community, actor: Actor) -> Member:
    """Return a member who is not stored: for one who has no row, where none may be made."""
    return Member(
        id="", community_id=community.id, handle=actor.handle or actor.user, name=actor.name, zone=actor.zone,
        created_at=community.created_at,
    )  # fmt: skip


async def ensure_space(db: Db, ref: SpaceRef, ids: Ids, now: datetime) -> Space:
    """Return the space, waking it when it was dormant; a new one starts a community of its own."""
    space = await storage.community.space(db, ref.platform, ref.id)
    if space is None:
        community = Community(id=ids.new(), name="", created_at=now)
        db.add(community)
        await db.flush()
        space = Space(id=ids.new(), community_id=community.id, platform=ref.platform, external_id=ref.id)
    space.gone_at = None
    db.add(space)
    await db.flush()
    return space


async def ensure_member(db: Db, space: Space, actor: Actor, ids: Ids, now: datetime) -> Member:
    """Return the member behind an account, making the rows of one who is new. Making them opts nobody in.

    An account whose address or else handle is that of exactly one imported member, who has no account yet, is theirs.
    """
    member = await storage.member.by_account(db, space.community_id, space.id, actor.user)
    if member is not None:
        return member
    handle = actor.handle or actor.user
    imported = await storage.member.unclaimed(db, space.community_id, handle, actor.email)
    if len(imported) == 1:
        member = imported[0]
        member.zone = member.zone or actor.zone
    else:
        member = Member(
            id=ids.new(), community_id=space.community_id, handle=handle, name=actor.name or handle, zone=actor.zone,
            created_at=now,
        )  # fmt: skip
    db.add(member)
    await db.flush()
    db.add(
        Identity(
            id=ids.new(), community_id=space.community_id, space_id=space.id, member_id=member.id,
            external_id=actor.user,
        )
    )  # fmt: skip
    await db.flush()
    return member


async def leave(db: Db, event: Incoming, now: datetime) -> Member | None:
    """Mark the member behind a departed account as gone, unless another space still has them."""
    caller = await find(db, event)
    if caller is None or not caller.known:
        return None
    others = await storage.member.identities(db, caller.community.id, caller.member.id)
    if any(identity.space_id != caller.space.id for identity in others):
        return None
    caller.member.left_at = now
    db.add(caller.member)
    return caller.member


async def people_on(
    db: Db, community_id: str, space_id: str, ids: Collection[str]
) -> dict[str, tuple[str, str | None]]:
    """Return member id -> (name, account on this space or None), for mentions."""
    if not ids:
        return {}
    found = await storage.member.named(db, community_id, space_id, ids)
    return {id_: (member.shown, account) for id_, (member, account) in found.items()}
