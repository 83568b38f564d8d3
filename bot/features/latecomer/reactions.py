"""Who joins while a round runs is looked after; who leaves is not any more."""

from __future__ import annotations

import storage.latecomer
import storage.pair
import storage.programme
import storage.round
from bot.context import Work
from bot.features.latecomer import rules
from bot.programme.stored import file_of
from storage.latecomer import ASKING, LOOKING, OVER, Latecomer
from storage.member import Member
from storage.programme import Programme, Role
from storage.round import Round


async def look_for(work: Work, member: Member) -> None:
    """Look for a place for somebody who joined; a new mentor may be one for mentees who are without."""
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        programme = (
            await storage.programme.by_id(work.db, work.community.id, role.programme_id) if role.programme_id else None
        )
        if programme is None or role.status != "active" or not file_of(programme).pairs.late_joiners:
            continue
        round_ = await _running(work, programme)
        if round_ is None:
            continue
        if role.kind == "mentor":
            for other in await storage.programme.roles_in(work.db, work.community.id, programme.id, ("mentee",)):
                await _look(work, programme, round_, other.member_id)
        elif role.kind in ("mentee", "peer"):
            await _look(work, programme, round_, member.id)


async def _running(work: Work, programme: Programme) -> Round | None:
    """Return the newest published round, if it goes on long enough."""
    for round_ in await storage.round.of_programme(work.db, work.community.id, programme.id):
        if round_.status == "published":
            return round_ if rules.has_time(round_.ends_at, work.now) else None
    return None


async def _look(work: Work, programme: Programme, round_: Round, member_id: str) -> None:
    if await storage.latecomer.of_round(work.db, work.community.id, round_.id, member_id) is not None:
        return
    if any(
        member_id in seated
        for seated in (await storage.pair.taken_in(work.db, work.community.id, programme.id)).values()
    ):
        return
    work.db.add(
        Latecomer(
            id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, round_id=round_.id,
            member_id=member_id, due_at=work.now,
        )
    )  # fmt: skip
    await work.db.flush()


async def give_up(work: Work, role: Role) -> None:
    """Somebody who left needs no place; nobody is asked about them any more."""
    for round_ in await storage.round.of_programme(work.db, work.community.id, role.programme_id or ""):
        row = await storage.latecomer.of_round(work.db, work.community.id, round_.id, role.member_id)
        if row is not None and row.status in (LOOKING, ASKING):
            row.status, row.offered = OVER, ""
            work.db.add(row)
            await close(work, row)


async def close(work: Work, row: Latecomer) -> None:
    """Take back the questions about a latecomer that are still open, and erase what was answered."""
    for question in await storage.latecomer.questions(work.db, work.community.id, row.id):
        question.answer, question.status, question.why = "", "dropped", "settled"
        work.db.add(question)
