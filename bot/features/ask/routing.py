"""Offering a request to mentors, again when nobody took it in time.

An offer is a nudge: it keeps to a mentor's quiet hours and to how many messages they want, and who cannot be asked
before the request's time is up is passed over.
"""

from __future__ import annotations

from datetime import timedelta

import storage.member
import storage.programme
import storage.report
import storage.request
from bot import nudging
from bot.context import Work
from bot.features.ask import rules
from bot.planner import Drop
from bot.programme.stored import file_of
from storage.member import Member
from storage.request import CLAIMED, CLOSED, LAPSED, OFFERED, OPEN, Request, RequestOffer

CHECKED_FOR = timedelta(days=3)
"""How long the question whether it was answered is worth asking."""


async def offer(work: Work, request: Request) -> int:
    """Ask the next mentors to take a request; return how many there were. Without any it is not due again."""
    here, most = work.community.id, work.setting("ask.at_once")
    until = work.now + timedelta(hours=await target_hours(work, request.asker_id))
    tried = {row.mentor_id for row in await storage.request.offers(work.db, here, request.id)}
    for row in await storage.report.separations(work.db, here):
        if request.asker_id in {row.first_id, row.second_id}:
            tried |= {row.first_id, row.second_id}
    people = {one.id: one for one in await storage.request.mentors(work.db, here)}
    ranked = rules.route(
        list(people.values()), request.tag, work.now, not_these=tried | {request.asker_id},
        load=await storage.request.load(work.db, here, list(people)),
        solved=await storage.request.experts(work.db, here, request.tag),
        said=await storage.request.helpers(work.db, here),
    )  # fmt: skip
    asked = 0
    for one in ranked:
        decided = await nudging.ask(
            work, people[one], "ask.offered", key=f"ask.offered:{request.id}:{one}", due=work.now, expires=until,
            request=request.id, who=request.asker_id, tag=request.tag,
        )  # fmt: skip
        if isinstance(decided, Drop):
            continue
        work.db.add(RequestOffer(request_id=request.id, mentor_id=one, community_id=here, offered_at=work.now))
        asked += 1
        if asked == most:
            break
    request.due_at = until if asked else None
    work.db.add(request)
    return asked


async def target_hours(work: Work, asker_id: str) -> int:
    """Return within how many hours a question of somebody's is taken: the shortest that a programme of theirs says."""
    programmes = await storage.programme.joined_by(work.db, work.community.id, asker_id)
    said = [hours for row in programmes if (hours := file_of(row).help.target_hours) is not None]
    return min(said, default=int(work.setting("ask.target_hours")))


async def again(work: Work, request: Request) -> None:
    """Ask somebody else, and tell the asker; close the request when everybody was asked."""
    asker = await storage.member.by_id(work.db, work.community.id, request.asker_id)
    found = await offer(work, request) if asker is not None and asker.left_at is None else 0
    if not found:
        request.status, request.due_at = CLOSED, None
        work.db.add(request)
    if asker is not None:
        message = "ask.moved" if found else "ask.unmet"
        await work.outbox.note(asker, message, key=f"{message}:{request.id}:{work.now.isoformat()}", tag=request.tag)


async def late(work: Work, request_id: str) -> None:
    """Nobody took a request in time: who was asked is asked no more. Of one that was taken, ask how it went."""
    request = await storage.request.by_id(work.db, work.community.id, request_id)
    if request is None or request.due_at is None or request.due_at > work.now:
        return
    if request.status == CLAIMED:
        await _how_it_went(work, request)
        return
    for row in await storage.request.offers(work.db, work.community.id, request.id):
        if row.status == OFFERED:
            row.status = LAPSED
            work.db.add(row)
    await again(work, request)


async def _how_it_went(work: Work, request: Request) -> None:
    """Ask the asker once whether they have their answer."""
    request.due_at = None
    work.db.add(request)
    asker = await storage.member.by_id(work.db, work.community.id, request.asker_id)
    if asker is not None:
        await nudging.ask(
            work, asker, "ask.answered", key=f"ask.answered:{request.id}:{request.mentor_id}", due=work.now,
            expires=work.now + CHECKED_FOR, request=request.id, who=request.mentor_id, tag=request.tag,
        )  # fmt: skip


async def release(work: Work, request: Request) -> None:
    """Take a request from the mentor who has it, and ask somebody else."""
    request.status, request.mentor_id = OPEN, None
    work.db.add(request)
    await work.db.flush()
    await again(work, request)


async def left(work: Work, member: Member) -> None:
    """Somebody left: what they asked is closed, what they took goes to somebody else."""
    for request in await storage.request.of(work.db, work.community.id, member.id):
        if request.asker_id == member.id:
            request.status, request.due_at = CLOSED, None
            work.db.add(request)
        elif request.status == CLAIMED:
            await release(work, request)
