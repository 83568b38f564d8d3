"""One step of a ladder that is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.member
import storage.pair
import storage.programme
import storage.response
from bot import nudging
from bot.context import Work
from bot.features.response import rules
from storage.member import Member
from storage.pair import Pair
from storage.programme import PEOPLE
from storage.response import CLOSED, OPEN, Response


async def step(work: Work, response_id: str) -> None:
    """Remind, warn or give up, as the ladder says."""
    here = work.community.id
    response = await storage.response.by_id(work.db, here, response_id)
    if response is None or response.status != OPEN or response.due_at > work.now:
        return
    pair = await storage.pair.by_id(work.db, here, response.subject) if response.kind == rules.PAIR else None
    member = await storage.member.by_id(work.db, here, response.member_id)
    if pair is None or pair.status != "active" or member is None or member.left_at is not None:
        response.status = CLOSED
        work.db.add(response)
        return
    rows = await storage.response.of(work.db, here, response.kind, response.subject)
    others = [row for row in rows if row.member_id != member.id]
    days = work.setting("response.days")
    act = rules.act(
        response, member, others_answered=any(row.answered_at is not None for row in others), now=work.now, days=days
    )
    response.due_at = act.due
    if act.step is not None:
        response.step, response.status = act.step, CLOSED if act.over else OPEN
        await _take(work, response, pair, member, [row.member_id for row in others])
        if act.tells:
            await _tell(work, response, pair, [row for row in others if row.answered_at is not None])
    work.db.add(response)


async def _take(work: Work, response: Response, pair: Pair, member: Member, partners: list[str]) -> None:
    key = f"{response.id}:{response.step}"
    told: dict[str, Any] = {"response": response.id, "pair_id": pair.id, "partners": partners}
    match response.step:
        case rules.REMIND:
            await nudging.ask(
                work, member, "response.remind", key=f"response.remind:{key}", due=work.now,
                expires=work.now + timedelta(days=work.setting("response.days")), **told,
            )  # fmt: skip
        case rules.WARN:
            await work.outbox.note(
                member, "response.warn", key=f"response.warn:{key}", until=response.due_at.isoformat(), **told
            )
        case _:
            if await _unavailable(work, pair.programme_id, member):
                await work.outbox.note(member, "response.unavailable", key=f"response.unavailable:{key}")


async def _unavailable(work: Work, programme_id: str, member: Member) -> bool:
    """Give a member nobody new in a programme; whether that changes anything."""
    changed = False
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.programme_id == programme_id and role.kind in PEOPLE and role.unavailable_at is None:
            role.unavailable_at, changed = work.now, True
            work.db.add(role)
            work.audit("role.unavailable", role.id)
    return changed


async def _tell(work: Work, response: Response, pair: Pair, others: list[Response]) -> None:
    """Tell who waits: first that it takes a while, then that they can have somebody else."""
    message = "response.patience" if response.step == rules.WARN else "response.reroute"
    people = await storage.member.by_ids(work.db, work.community.id, [row.member_id for row in others])
    for row in others:
        await work.outbox.note(
            people[row.member_id], message, key=f"{message}:{response.id}:{row.member_id}", pair_id=pair.id,
            who=response.member_id, response=row.id,
        )  # fmt: skip
