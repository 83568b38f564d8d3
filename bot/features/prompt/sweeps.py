"""Planning the members of a run, in bounded batches, and asking each when their moment has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import storage.member
import storage.outbox
import storage.programme
import storage.prompt
from bot import nudging
from bot.context import Work
from bot.features.prompt import rules
from bot.features.prompt.schedule import question
from bot.outbox import Nudge
from storage.member import Member
from storage.programme import PEOPLE, Role
from storage.prompt import ASKED, DROPPED, PLANNED, PLANNING, SKIPPED, WAITING, Prompt, PromptAnswer, PromptRun

UNANSWERED_KEPT = timedelta(days=90)
"""How long a question that nobody answered can still be answered and counted."""


def kinds(target: str) -> Sequence[str]:
    """Return the roles that a target means."""
    return [target] if target in PEOPLE else PEOPLE


async def plan(work: Work, run_id: str) -> None:
    """Write rows for the next members of a run, with the moment of each; those whose time has passed are skipped."""
    here = work.community.id
    run = await storage.prompt.run_by_id(work.db, here, run_id)
    if run is None or run.status != PLANNING:
        return
    members = await storage.prompt.people(
        work.db, here, run.programme_id, kinds(run.target), run.cohort_id, after=run.cursor, limit=rules.BATCH
    )
    rows = []
    for member in members:
        due = rules.due(run, member.zone, work.community.zone)
        if rules.planned(run, due):
            rows.append(_row(work, run, member, due))
    await storage.prompt.add_new(work.db, rows)
    old = work.now - UNANSWERED_KEPT
    await storage.prompt.remove_unanswered(work.db, here, run.prompt_id, old, 2 * rules.BATCH)
    if len(members) == rules.BATCH:
        run.cursor = members[-1].id
    else:
        run.status = PLANNED
    work.db.add(run)


def _row(work: Work, run: PromptRun, member: Member, due: datetime) -> PromptAnswer:
    expires = due + timedelta(hours=run.late_h)
    late = expires <= work.now
    return PromptAnswer(
        id=work.ids.new(), community_id=work.community.id, prompt_id=run.prompt_id, run_id=run.id, member_id=member.id,
        day=run.day, slot=run.slot, due_at=due, expires_at=expires, status=SKIPPED if late else WAITING,
        why="expired" if late else "",
    )  # fmt: skip


async def ask(work: Work, ids: Sequence[str]) -> None:
    """Ask, postpone or drop so many questions, each to one member, whose rows are loaded."""
    here = work.community.id
    due = [one for one in [await _subject(work, answer_id) for answer_id in ids] if one is not None]
    members = {one.member.id for one in due}
    roles = await storage.programme.active_roles(work.db, here, members)
    rests = await storage.prompt.rests(work.db, here, members)
    overtaken = await storage.prompt.overtaken(work.db, here, {one.row.id for one in due}, work.now)
    wanted = []
    for one in due:
        situation = rules.Situation(
            takes_part=_takes_part(one.run, roles.get(one.member.id, [])),
            rest_until=rests.get((one.prompt.id, one.member.id), ""),
            overtaken=one.row.id in overtaken,
        )
        if why := rules.not_asked(one.row, one.prompt, situation):
            _close(work, one.row, SKIPPED if why == rules.OVERTAKEN else DROPPED, why)
        else:
            wanted.append(one)
    moments = await nudging.settle_all(work, [(one.row, one.member) for one in wanted], "prompt.ask")
    send = [(one, at) for one, at in zip(wanted, moments, strict=True) if at is not None]
    await work.outbox.nudges([_nudge(one, at) for one, at in send])
    for one, _ in send:
        one.row.status, one.row.asked_at, one.row.why = ASKED, work.now, ""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A question that is due, with what it is about."""

    row: PromptAnswer
    run: PromptRun
    prompt: Prompt
    member: Member


async def _subject(work: Work, answer_id: str) -> _Subject | None:
    here = work.community.id
    row = await storage.prompt.answer_by_id(work.db, here, answer_id)
    if row is None or row.status != WAITING or row.due_at > work.now:
        return None
    run = await storage.prompt.run_by_id(work.db, here, row.run_id)
    prompt = await storage.prompt.by_id(work.db, here, row.prompt_id)
    member = await storage.member.by_id(work.db, here, row.member_id)
    if run is None or prompt is None or member is None:
        _close(work, row, DROPPED, "gone")
        return None
    moved = rules.due(run, member.zone, work.community.zone)
    if not row.why and moved > work.now:
        row.due_at, row.expires_at = moved, moved + timedelta(hours=run.late_h)  # they live further west by now
        work.db.add(row)
        return None
    return _Subject(row, run, prompt, member)


def _nudge(one: _Subject, at: datetime) -> Nudge:
    return Nudge(
        member=one.member, message="prompt.ask", key=rules.outbox_key(one.row), due=at, expires=one.row.expires_at,
        params=question(one.run, one.row.id),
    )  # fmt: skip


def _close(work: Work, row: PromptAnswer, status: str, why: str) -> None:
    row.status, row.why = status, why
    work.db.add(row)


def _takes_part(run: PromptRun, roles: Sequence[Role]) -> bool:
    return any(
        role.programme_id == run.programme_id and role.kind in kinds(run.target)
        and run.cohort_id in (None, role.cohort_id)
        for role in roles
    )  # fmt: skip
