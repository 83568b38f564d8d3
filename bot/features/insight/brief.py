"""The weekly brief: once a week, in the coordinators' channel, what changed and what would help."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from typing import Any

import storage.application
import storage.pair
import storage.programme
from bot import schedules
from bot.context import Work
from bot.features.insight import rules
from bot.insight import report
from bot.insight.measures import measure
from storage.application import WAITING
from storage.community import Community
from storage.programme import Programme

BRIEFLY = ("participation", "meetings", "stalled")
"""The figures that stand in a brief."""

AT = datetime(2026, 1, 1, 9)  # noqa: DTZ001 - wall time in the community's zone


async def keep(work: Work, community: Community) -> None:
    """Look every day in the community's own time whether it is the day of the brief."""
    await schedules.keep(work, "insight.brief", "", zone=community.zone, rule="FREQ=DAILY", anchor=AT)


async def post(work: Work, schedule: Any, occurrence: Any) -> None:
    """Post a brief of each open programme that has anybody in it, on the day the community chose."""
    if not schedules.falls_on(schedule, occurrence, work.setting("insight.brief")):
        return
    channel = work.setting("core.coordinator_channel")
    if not channel:
        return
    for programme in await storage.programme.open_ones(work.db, work.community.id):
        told = await _brief(work, programme)
        if told is not None:
            await work.outbox.post(
                channel, "insight.brief", key=f"insight.brief:{programme.id}:{occurrence.key}",
                programme=programme.id, name=programme.name, texts=programme.file.get("texts", {}), **told,
            )  # fmt: skip


async def _brief(work: Work, programme: Programme) -> dict[str, Any] | None:
    """Return what a brief says, as JSON values; None for a programme with nobody in it."""
    here = work.community.id
    stalled_days = work.setting("risk.stalled_days")
    at = report.scope(here, programme, work.now, stalled_days=stalled_days)
    found = await report.glance(work.db, programme, at, work.community.language)
    if not found.figures["members"].value:
        return None
    waiting = await storage.application.counts(work.db, here, programme.id)
    first = await storage.application.queue(work.db, here, programme.id, (WAITING,), 1)
    facts = rules.Facts(
        programme=programme.id, now=work.now, figures=found.figures, targets=found.targets,
        waiting=waiting.get(WAITING, 0), first_waiting=first[0].id if first else None,
        rematches=len(await storage.pair.rematches(work.db, here, programme.id)),
        load=(await measure(work.db, ["mentor_load"], at))["mentor_load"],
    )  # fmt: skip
    return {
        "figures": {key: astuple(found.figures[key]) for key in BRIEFLY},
        "changes": [[one.key, one.now, one.before] for one in rules.changes(found.figures, found.before)],
        "suggestions": [[one.why, one.number, one.row] for one in rules.suggestions(facts)],
    }
