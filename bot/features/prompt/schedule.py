"""A prompt's schedule: it starts, goes out (to a channel, or as a run whose members a sweep plans), and stops."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.programme
import storage.prompt
import storage.schedule
from bot import schedules
from bot.context import Work
from bot.features.prompt import rules
from bot.recurrence import to_wall
from storage.prompt import ACTIVE, PAUSED, PLANNED, PLANNING, Prompt, PromptRun

KIND = "prompt.ask"


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
