"""Planning the members of a run, in bounded batches, and asking each when their moment has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import storage.member
import storage.outbox
import storage.programme
import storage.prompt
from bot import nudging
from bot.context import Work
from bot.features.prompt import rules
from bot.features.prompt.schedule import question
from bot.planner import Drop, Postpone
from storage.member import Member
from storage.programme import PEOPLE
from storage.prompt import ASKED, DROPPED, PLANNED, PLANNING, SKIPPED, WAITING, PromptAnswer, PromptRun

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


async def ask(work: Work, answer_id: str) -> None:
    """Ask, postpone or drop one question to one member."""
    here = work.community.id
    row = await storage.prompt.answer_by_id(work.db, here, answer_id)
    if row is None or row.status != WAITING or row.due_at > work.now:
        return
    run = await storage.prompt.run_by_id(work.db, here, row.run_id)
    prompt = await storage.prompt.by_id(work.db, here, row.prompt_id)
    member = await storage.member.by_id(work.db, here, row.member_id)
    if run is None or prompt is None or member is None:
        _close(work, row, DROPPED, "gone")
        return
    moved = rules.due(run, member.zone, work.community.zone)
    if not row.why and moved > work.now:
        row.due_at, row.expires_at = moved, moved + timedelta(hours=run.late_h)  # they live further west by now
        work.db.add(row)
        return
    rest = await storage.prompt.rest_of(work.db, here, prompt.id, member.id)
    situation = rules.Situation(
        takes_part=await _takes_part(work, run, member),
        rest_until=rest.until if rest else "",
        overtaken=await storage.prompt.overtaken(work.db, here, row.id, work.now),
    )
    decided = rules.not_asked(row, prompt, situation) or await nudging.plan(
        work, member, "prompt.ask", key=f"prompt.ask:{row.id}", due=row.due_at, expires=row.expires_at
    )
    if isinstance(decided, Postpone):
        row.due_at, row.why = decided.until, decided.why.value
        work.db.add(row)
    elif isinstance(decided, str | Drop):
        why = decided if isinstance(decided, str) else decided.why.value
        _close(work, row, SKIPPED if rules.is_late(decided) else DROPPED, why)
    else:
        await work.outbox.nudge(
            member, "prompt.ask", key=rules.outbox_key(row), due=decided.at, expires=row.expires_at,
            **question(run, row.id),
        )  # fmt: skip
        row.status, row.asked_at, row.why = ASKED, work.now, ""
        work.db.add(row)


def _close(work: Work, row: PromptAnswer, status: str, why: str) -> None:
    row.status, row.why = status, why
    work.db.add(row)


async def _takes_part(work: Work, run: PromptRun, member: Member) -> bool:
    roles = await storage.programme.roles_of(work.db, work.community.id, member.id)
    return any(
        role.programme_id == run.programme_id and role.status == "active" and role.kind in kinds(run.target)
        and run.cohort_id in (None, role.cohort_id)
        for role in roles
    )  # fmt: skip
