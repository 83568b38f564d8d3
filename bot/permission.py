"""Who may do what. What a platform hides is a courtesy; what is refused here is the rule. It fails closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import storage.programme
from bot import views
from bot.chat.incoming import Standing
from bot.chat.spec import Audience
from bot.errors import UserError
from storage.db import Db
from storage.programme import Programme

if TYPE_CHECKING:
    from bot.context import Context

ROLE_SETTINGS = {Audience.COORDINATOR: "core.coordinator_roles", Audience.MODERATOR: "core.moderator_roles"}


async def may(
    db: Db,
    community_id: str,
    member_id: str,
    standing: Standing | None,
    settings: dict[str, Any],
    role: Audience,
    programme_id: str | None,
    *,
    anywhere: bool = False,
) -> bool:
    """Return whether a member may act as `role`: in one programme, in the whole community (None), or `anywhere` at all.

    Everybody is a member. A coordinator or moderator is one by a row in the community, by a platform role that the
    community set, or, until it has set any, by administering the space. A coordinator of one programme is none in
    another, nor of the whole community. An unknown standing grants nothing.
    """
    if role is Audience.MEMBER:
        return True
    for row in await storage.programme.roles_of(db, community_id, member_id):
        if row.kind == role.value and row.status == "active" and (anywhere or row.programme_id in (None, programme_id)):
            return True
    if standing is None:
        return False
    chosen = frozenset(settings.get(ROLE_SETTINGS[role]) or ())
    return bool(chosen & standing.roles) if chosen else standing.admin


async def permit(ctx: Context, audience: Audience, programme: Programme | None, *, anywhere: bool = False) -> None:
    """Raise `UserError` unless the actor may act as `audience`: in this programme if there is one, or `anywhere`."""
    if audience is not Audience.MEMBER and not await ctx.may(audience, programme, anywhere=anywhere):
        raise UserError("core.not_allowed", audience=ctx.say(views.AUDIENCES[audience.value]))
