"""One step of a ladder that is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.member
import storage.pair
import storage.programme
import storage.response
from bot import nudging, pairs
from bot.context import Work
from bot.features.response import rules
from bot.planner import Send
from storage.member import Member
from storage.pair import ENDED, FROZEN, Pair
from storage.programme import PEOPLE
from storage.response import CLOSED, OPEN, Response


async def step(work: Work, response_id: str) -> None:
    """Remind, warn or give up, as the ladder says. A pair that rests is left alone; one that is over, for good."""
    here = work.community.id
    response = await storage.response.by_id(work.db, here, response_id)
    if response is None or response.status != OPEN or response.due_at > work.now:
        return
    pair = await storage.pair.by_id(work.db, here, response.subject)
    member = await storage.member.by_id(work.db, here, response.member_id)
    work.db.add(response)
    if pair is None or pair.status == ENDED or member is None or member.left_at is not None:
        response.status = CLOSED
        return
    rows = await storage.response.of(work.db, here, response.kind, response.subject)
    there = await pairs.seated(work, pair)
    others = [row for row in rows if row.member_id != member.id and row.member_id in there]
    answered = [row for row in others if row.answered_at is not None]
    days = work.setting("response.days")
    act = rules.act(response, member, others_answered=bool(answered), now=work.now, days=days)
    response.due_at = act.due
    if act.step is None or pair.status == FROZEN:
        return
    told: dict[str, Any] = {"response": response.id, "pair_id": pair.id, "partners": [row.member_id for row in others]}
    match act.step:
        case rules.REMIND:
            await _remind(work, response, member, days, told)
        case rules.WARN:
            response.step = rules.WARN
            key = f"response.warn:{response.id}:{response.due_at.isoformat()}"
            await work.outbox.note(member, "response.warn", key=key, until=response.due_at.isoformat(), **told)
            await _tell(work, "response.patience", response, pair, answered)
        case _:
            response.step, response.status = rules.GIVE_UP, CLOSED
            if await _unavailable(work, pair.programme_id, member):
                key = f"response.unavailable:{response.id}:{response.due_at.isoformat()}"
                await work.outbox.note(member, "response.unavailable", key=key)
            await _tell(work, "response.reroute", response, pair, answered)


async def _remind(work: Work, response: Response, member: Member, days: int, told: dict[str, Any]) -> None:
    """Remind at a moment that suits them. Only from a reminder that goes out the ladder is climbed further."""
    wait = timedelta(days=days)
    decided = await nudging.ask(
        work, member, "response.remind", key=f"response.remind:{response.id}:{response.due_at.isoformat()}",
        due=work.now, expires=work.now + wait, **told,
    )  # fmt: skip
    if isinstance(decided, Send):
        response.step, response.due_at = rules.REMIND, decided.at + wait


async def _unavailable(work: Work, programme_id: str, member: Member) -> bool:
    """Give a member nobody new in a programme; whether that changes anything."""
    changed = False
    for role in await storage.programme.roles_of(work.db, work.community.id, member.id):
        if role.programme_id == programme_id and role.kind in PEOPLE and role.unavailable_at is None:
            role.unavailable_at, changed = work.now, True
            work.db.add(role)
            work.audit("role.unavailable", role.id)
    return changed


async def _tell(work: Work, message: str, response: Response, pair: Pair, others: list[Response]) -> None:
    """Tell who waits: first that it takes a while, then that they can have somebody else."""
    people = await storage.member.by_ids(work.db, work.community.id, [row.member_id for row in others])
    for row in others:
        await work.outbox.note(
            people[row.member_id], message, key=f"{message}:{response.id}:{row.id}:{response.due_at.isoformat()}",
            pair_id=pair.id, who=response.member_id, response=row.id,
        )  # fmt: skip
