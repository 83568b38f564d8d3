"""Surveys that the programme's file sends out by itself, in a week of each cohort."""

from __future__ import annotations

from datetime import timedelta

import storage.programme
import storage.survey
from bot.context import Work
from bot.features.survey.templates import TEMPLATES
from bot.programme.stored import file_of
from storage.programme import Cohort, Programme
from storage.survey import Survey


async def applied(work: Work, programme: Programme) -> None:
    """Bring what is planned for the open cohort in line with the file."""
    cohort = await storage.programme.open_cohort(work.db, work.community.id, programme.id)
    if cohort is not None:
        await _plan(work, programme, cohort)


async def cohort_opened(work: Work, cohort: Cohort) -> None:
    """Plan the surveys of a new cohort."""
    programme = await storage.programme.by_id(work.db, work.community.id, cohort.programme_id)
    if programme is not None:
        await _plan(work, programme, cohort)


async def cohort_finished(work: Work, cohort: Cohort) -> None:
    """What was still planned is not sent any more."""
    for row in await storage.survey.planned_for(work.db, work.community.id, cohort.id):
        await work.db.delete(row)
    await work.db.flush()


async def _plan(work: Work, programme: Programme, cohort: Cohort) -> None:
    """Write the drafts, and let those go that the file has no more; a week that is over already is left out."""
    wanted = {f"{cohort.id}:{one.key}": one for one in file_of(programme).surveys}
    drafts = {row.planned: row for row in await storage.survey.planned_for(work.db, work.community.id, cohort.id)}
    for key, row in drafts.items():
        if key not in wanted:
            await work.db.delete(row)
    await work.db.flush()
    opened = cohort.opened_at or work.now
    for key, one in wanted.items():
        at = opened + timedelta(weeks=one.week - 1)
        row = drafts.get(key) or Survey(
            id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, planned=key,
            template=one.template, title=one.title, mode=one.mode, audience=one.audience,
            questions=[question.stored() for question in TEMPLATES[one.template]], created_at=work.now,
        )  # fmt: skip
        row.title, row.mode, row.audience, row.days = one.title, one.mode, one.audience, one.days
        row.opened_at, row.closes_at, row.next_at = at, at + timedelta(days=one.days), at
        if key in drafts:
            work.db.add(row)
        elif row.closes_at > work.now:
            await storage.survey.plan(work.db, row)
    await work.db.flush()
