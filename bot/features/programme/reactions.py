"""What programmes do when something happens elsewhere."""

from __future__ import annotations

import storage.application
import storage.member
import storage.programme
from bot.chat.incoming import Actor
from bot.context import Work
from bot.programme.stored import file_of
from bot.recurrence import to_wall
from bot.zones import usable
from storage.member import Member
from storage.programme import PEOPLE, Cohort, Programme


async def member_left(work: Work, member: Member) -> None:
    """Who left the community has left its programmes."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.status == "active" and role.kind in PEOPLE:
            role.status, role.left_at = "left", work.now
            work.db.add(role)
            await work.db.flush()
            await work.happened("programme.left", role)


async def programme_applied(work: Work, programme: Programme) -> None:
    """Announce a new programme once, where the community wants its news; ask again for a yes to a new agreement."""
    await _announce(work, programme, programme.id)
    for kind in PEOPLE:
        if (agreement := file_of(programme).role(kind).agreement) is not None:
            await _ask_again(work, programme, kind, agreement.version)


async def _ask_again(work: Work, programme: Programme, kind: str, version: int) -> None:
    """Tell those in a role who have not accepted this version of its agreement, once a version."""
    roles = await storage.programme.roles_in(work.db, work.community.id, programme.id, (kind,))
    ids = {role.member_id for role in roles}
    known = await storage.application.accepted(work.db, work.community.id, programme.id, ids)
    late = {member_id for member_id in ids if known.get((member_id, kind), 0) < version}
    for member in (await storage.member.by_ids(work.db, work.community.id, late)).values():
        await work.outbox.note(
            member, "programme.agreement_changed", key=f"agreement:{programme.id}:{kind}:{version}:{member.id}",
            programme=programme.id, name=programme.name, texts=programme.file.get("texts", {}),
        )  # fmt: skip


async def newcomer(work: Work, _actor: Actor) -> None:
    """Greet newcomers where the community wants it: one post a day, however many come, with the open programmes."""
    channel = work.setting("programme.welcome")
    rows = [
        row
        for row in await storage.programme.open_ones(work.db, work.community.id)
        if await storage.programme.open_cohort(work.db, work.community.id, row.id)
    ]
    if channel and rows:
        day = to_wall(work.now, usable(None, work.community.zone)).date()
        await work.outbox.post(
            channel, "programme.welcome", key=f"programme.welcome:{work.community.id}:{day}",
            programmes=[{"id": row.id, "name": row.name, "texts": row.file.get("texts", {})} for row in rows],
        )  # fmt: skip


async def cohort_opened(work: Work, cohort: Cohort) -> None:
    """Say that people can join again."""
    programme = await storage.programme.by_id(work.db, work.community.id, cohort.programme_id)
    if programme is not None:
        await _announce(work, programme, cohort.id)


async def _announce(work: Work, programme: Programme, occasion: str) -> None:
    await work.outbox.post(
        work.setting("programme.channel"), "programme.card", key=f"programme.card:{occasion}",
        programme=programme.id, name=programme.name, summary=programme.file["summary"],
        texts=programme.file.get("texts", {}), reviewed=file_of(programme).review is not None,
    )  # fmt: skip
