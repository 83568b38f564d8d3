"""What somebody who joins is told about their training, and the thought of each month."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import storage.member
import storage.programme
import storage.training
from bot import nudging, schedules, training
from bot.context import Work
from bot.outbox import Nudge
from bot.programme.stored import file_of
from bot.recurrence import to_wall
from storage.member import Member
from storage.programme import Programme
from storage.schedule import Occurrence, Schedule

MONTHLY = "training.monthly"
FIRST_WEDNESDAY = "FREQ=MONTHLY;BYDAY=1WE"
ANCHOR = datetime.combine(date(2026, 1, 7), time(12))
GOOD_FOR = timedelta(days=6)
"""After so long the thought of a month is not worth a message any more."""


async def joined(work: Work, member: Member) -> None:
    """Tell a new member of the modules that their role asks for, once for each number of them."""
    passed = (await storage.training.passed(work.db, work.community.id, [member.id])).get(member.id, set())
    for programme in await storage.programme.joined_by(work.db, work.community.id, member.id):
        file = file_of(programme)
        roles = await storage.programme.roles_of(work.db, work.community.id, member.id)
        kinds = [role.kind for role in roles if role.programme_id == programme.id and role.status == "active"]
        left = list(
            dict.fromkeys(key for kind in kinds for key in training.missing(file.training.required, kind, passed))
        )
        if left:
            await work.outbox.note(
                member, "training.waits", key=f"training.waits:{member.id}:{programme.id}", count=len(left),
                minutes=sum(training.module(key, "en").minutes for key in left), gate=file.training.gate,
                programme=programme.name, texts=programme.file.get("texts", {}),
            )  # fmt: skip


async def applied(work: Work, programme: Programme) -> None:
    """Keep the month's thought going where the file asks for it."""
    file = file_of(programme)
    if file.training.monthly:
        await schedules.keep(work, MONTHLY, programme.id, zone=file.timezone, rule=FIRST_WEDNESDAY, anchor=ANCHOR)
        await schedules.resume(work, MONTHLY, programme.id)
    else:
        await schedules.pause(work, MONTHLY, programme.id)


async def month(work: Work, schedule: Schedule, _occurrence: Occurrence) -> None:
    """Bring the month's thought to those in the roles that get one, once a person, as far as they want messages."""
    programme = await storage.programme.by_id(work.db, work.community.id, schedule.subject)
    if programme is None or programme.closed_at is not None:
        return
    file = file_of(programme)
    local = to_wall(work.now, file.timezone)
    roles = await storage.programme.roles_in(work.db, work.community.id, programme.id, file.training.monthly)
    people = await storage.member.by_ids(work.db, work.community.id, {role.member_id for role in roles})
    wanted = [
        Nudge(
            member=member, message="training.thought", key=f"training.thought:{member.id}:{local:%Y-%m}", due=work.now,
            expires=work.now + GOOD_FOR, params={"month": local.month - 1},
        )
        for member in sorted(people.values(), key=lambda one: one.id)
    ]  # fmt: skip
    await nudging.ask_all(work, wanted)
