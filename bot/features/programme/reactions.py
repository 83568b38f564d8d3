"""What programmes do when something happens elsewhere."""

from __future__ import annotations

import storage.programme
from bot.context import Work
from storage.member import Member
from storage.programme import PEOPLE, Cohort, Programme


async def member_left(work: Work, member: Member) -> None:
    """Who left the community has left its programmes."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.status == "active" and role.kind in PEOPLE:
            role.status = "left"
            work.db.add(role)
            await work.db.flush()
            await work.happened("programme.left", role)


async def programme_applied(work: Work, programme: Programme) -> None:
    """Announce a new programme once, where the community wants its news."""
    await _announce(work, programme, programme.id)


async def cohort_opened(work: Work, cohort: Cohort) -> None:
    """Say that people can join again."""
    programme = await storage.programme.by_id(work.db, work.community.id, cohort.programme_id)
    if programme is not None:
        await _announce(work, programme, cohort.id)


async def _announce(work: Work, programme: Programme, occasion: str) -> None:
    await work.outbox.post(
        work.setting("programme.channel"), "programme.card", key=f"programme.card:{occasion}",
        programme=programme.id, name=programme.name, summary=programme.file["summary"],
        texts=programme.file.get("texts", {}),
    )  # fmt: skip
