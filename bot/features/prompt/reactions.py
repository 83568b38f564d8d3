"""What prompts do when somebody leaves a programme, or the community moves to another zone."""

from __future__ import annotations

from datetime import datetime

import storage.prompt
from bot import schedules
from bot.context import Work
from bot.features.prompt import rules
from bot.features.prompt.schedule import KIND
from storage.community import Community
from storage.programme import Role
from storage.prompt import ASKED, DROPPED, WAITING


async def programme_left(work: Work, role: Role) -> None:
    """Who left a programme is asked nothing more for it; a question on its way is taken back."""
    if role.programme_id is None:
        return
    found = await storage.prompt.unsettled(work.db, work.community.id, role.member_id, role.programme_id)
    for row in found:
        taken_back = row.status == ASKED and await work.outbox.withdraw(rules.outbox_key(row), why="left")
        if row.status == WAITING or taken_back:
            row.status, row.why = DROPPED, "left"
            work.db.add(row)


async def follow_zone(work: Work, community: Community) -> None:
    """The community may have moved to another zone: prompts on its clock move with it."""
    for prompt in await storage.prompt.running(work.db, community.id):
        if prompt.clock == "community":
            await schedules.keep(
                work, KIND, prompt.id, zone=rules.home_zone(prompt, community.zone), rule=prompt.rule,
                anchor=datetime.fromisoformat(prompt.anchor), late=rules.late(prompt),
            )  # fmt: skip
