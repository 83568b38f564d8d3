"""A prompt's life: it starts, goes out, is planned member by member, and stops. Each step is bounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import storage.member
import storage.outbox
import storage.programme
import storage.prompt
import storage.schedule
from bot import schedules
from bot.context import Work
from bot.features.prompt import rules
from bot.planner import Drop, Postpone
from bot.recurrence import to_wall
from storage.community import Community
from storage.member import Member
from storage.programme import PEOPLE, Role
from storage.prompt import (
    ACTIVE,
    ASKED,
    DROPPED,
    PAUSED,
    PLANNED,
    PLANNING,
    SKIPPED,
    WAITING,
    Prompt,
    PromptAnswer,
    PromptRun,
)

KIND = "prompt.ask"
LOOK_BACK = timedelta(days=8)
UNANSWERED_KEPT = timedelta(days=90)
"""How long a question that nobody answered can still be answered and counted."""


async def start(work: Work, prompt: Prompt) -> None:
    """Let a prompt run as it stands, from now on: today too, for whom its time is still to come."""
    prompt.status, prompt.started_at = ACTIVE, work.now
    work.db.add(prompt)
    await work.db.flush()
    kept = await schedules.keep(
        work, KIND, prompt.id, zone=rules.home_zone(prompt, work.community.zone), rule=prompt.rule,
        anchor=datetime.fromisoformat(prompt.anchor), late=rules.late(prompt),
    )  # fmt: skip
    # Members' own days are unique, so the schedule may deal with the last day once more: in its new words.
    await storage.schedule.reopen(work.db, work.community.id, kept.id, work.now - rules.SPREAD)
    await work.db.flush()
    await schedules.resume(work, KIND, prompt.id)
    for day, slot, wall in rules.begun(prompt, work.now):
        _run(work, prompt, day, slot, wall)
    await work.db.flush()


async def stop(work: Work, prompt: Prompt) -> None:
    """Pause a prompt. Where it starts again at once, after an edit, what has fallen due goes out as it was."""
    await schedules.pause(work, KIND, prompt.id)
    await work.db.flush()
    await storage.prompt.stop_runs(work.db, work.community.id, prompt.id, work.now)
    prompt.status = PAUSED
    work.db.add(prompt)


async def fire(work: Work, schedule: Any, occurrence: Any) -> None:
    """An occurrence: post it in its channel, or write a run whose members a sweep plans."""
    prompt = await storage.prompt.by_id(work.db, work.community.id, schedule.subject)
    programme = await storage.programme.by_id(work.db, work.community.id, prompt.programme_id) if prompt else None
    if prompt is None or programme is None or programme.closed_at is not None:
        return
    _, day, slot = occurrence.key.rsplit(":", 2)
    wall = to_wall(occurrence.due_at, schedule.zone)
    if prompt.target != "channel":
        _run(work, prompt, day, int(slot), wall)
        return
    if await storage.prompt.posted(work.db, work.community.id, prompt.id, day, int(slot)):
        return
    run = _run(work, prompt, day, int(slot), wall)
    run.status = PLANNED
    await work.db.flush()
    await work.outbox.post(
        prompt.post_to, "prompt.post", key=f"prompt:{prompt.id}:{day}:{slot}", **question(run, run.id)
    )


def _run(work: Work, prompt: Prompt, day: str, slot: int, wall: datetime) -> PromptRun:
    zone = "" if prompt.clock == "member" else rules.home_zone(prompt, work.community.zone)
    run = PromptRun(
        id=work.ids.new(), community_id=work.community.id, prompt_id=prompt.id, programme_id=prompt.programme_id,
        day=day, slot=slot, wall=wall.isoformat(), zone=zone, late_h=prompt.late_h, question=prompt.question,
        kind=prompt.kind, labels=list(prompt.labels), readers=prompt.readers, target=prompt.target,
        cohort_id=prompt.cohort_id, status=PLANNING, due_at=work.now, from_at=prompt.started_at or work.now,
    )  # fmt: skip
    work.db.add(run)
    return run


def question(run: PromptRun, about: str) -> dict[str, Any]:
    """Return what the view of a question needs, as JSON values: `about` is the row that its buttons are about."""
    return {
        "about": about, "question": run.question, "kind": run.kind, "labels": list(run.labels), "readers": run.readers,
    }  # fmt: skip


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
    sent = await storage.outbox.nudges_since(work.db, here, member.id, work.now - LOOK_BACK)
    decided = rules.decision(row, prompt, member, situation, zone=work.community.zone, now=work.now, sent=sent)
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


async def programme_left(work: Work, role: Role) -> None:
    """Who left a programme is asked nothing more for it; a question on its way is taken back."""
    if role.programme_id is None:
        return
    found = await storage.prompt.unsettled(work.db, work.community.id, role.member_id, role.programme_id)
    for row in found:
        taken_back = row.status == ASKED and await work.outbox.drop(rules.outbox_key(row), "left")
        if row.status == WAITING or taken_back:
            _close(work, row, DROPPED, "left")


async def follow_zone(work: Work, community: Community) -> None:
    """The community may have moved to another zone: prompts on its clock move with it."""
    for prompt in await storage.prompt.running(work.db, community.id):
        if prompt.clock == "community":
            await schedules.keep(
                work, KIND, prompt.id, zone=rules.home_zone(prompt, community.zone), rule=prompt.rule,
                anchor=datetime.fromisoformat(prompt.anchor), late=rules.late(prompt),
            )  # fmt: skip
