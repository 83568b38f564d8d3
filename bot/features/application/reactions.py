"""What happens to applications when something happens elsewhere, and when one waits too long."""

from __future__ import annotations

import storage.application
import storage.member
import storage.programme
import storage.rows
from bot import joining
from bot.context import Work
from bot.features.application import notices
from bot.recurrence import to_wall
from bot.zones import usable
from storage.application import LAPSED, OPEN, UNDECIDED, WITHDRAWN, Application
from storage.member import Member
from storage.programme import Cohort, Programme, Role


async def waits(work: Work, row: Application) -> None:
    """Tell coordinators that applications wait: once a day for each programme, however many come."""
    programme = await storage.programme.behind(work.db, work.community.id, row)
    if programme is not None:
        await _post(work, programme, "")


async def remind(work: Work, application_id: str) -> None:
    """Say that one has waited for long; again as often as the programme's file says."""
    row = await storage.rows.ours(work.db, Application, work.community.id, application_id)
    if row is None or row.remind_at is None or row.remind_at > work.now:
        return
    programme = await storage.programme.behind(work.db, work.community.id, row)
    if programme is None or row.status not in UNDECIDED:
        row.remind_at = None
        work.db.add(row)
        return
    row.remind_at = work.now + notices.remind_after(programme)
    work.db.add(row)
    await work.db.flush()
    await _post(work, programme, ":again")


async def _post(work: Work, programme: Programme, again: str) -> None:
    day = to_wall(work.now, usable(None, work.community.zone)).date()
    counts = await storage.application.counts(work.db, work.community.id, programme.id)
    oldest = await storage.application.queue(work.db, work.community.id, programme.id, UNDECIDED, 1)
    await work.outbox.post(
        work.setting("core.coordinator_channel"), "application.waits",
        key=f"application.waits:{programme.id}:{day}{again}", count=sum(counts.get(one, 0) for one in UNDECIDED),
        since=oldest[0].created_at.isoformat() if oldest else work.now.isoformat(), **notices.named(programme),
    )  # fmt: skip


async def place_free(work: Work, role: Role) -> None:
    """Somebody left, so that who waits for a place may have it."""
    programme = await storage.programme.behind(work.db, work.community.id, role)
    if programme is not None:
        await places_changed(work, programme)


async def places_changed(work: Work, programme: Programme) -> None:
    """Give the places that are free to those who have waited longest."""
    for row in await joining.fill_places(work, programme):
        member = await storage.member.by_id(work.db, work.community.id, row.member_id)
        if member is not None:
            await notices.decided(work, row, programme, member, place=True)


async def left(work: Work, member: Member) -> None:
    """Who left the community has taken back what nobody decided."""
    for row in await storage.application.all_of(work.db, work.community.id, member.id):
        if row.status in OPEN:
            row.status, row.remind_at, row.version = WITHDRAWN, None, row.version + 1
            work.db.add(row)
    await work.db.flush()


async def forgotten(work: Work, member: Member) -> None:
    """What others noted and asked about somebody's applications goes with them."""
    for row in await storage.application.all_of(work.db, work.community.id, member.id):
        await storage.application.drop_notes(work.db, work.community.id, row.id)


async def cohort_finished(work: Work, cohort: Cohort) -> None:
    """Who was still waiting when the cohort came to its end hears that, and can apply to the next one."""
    programme = await storage.programme.behind(work.db, work.community.id, cohort)
    if programme is None:
        return
    rows = await storage.application.in_cohort(work.db, work.community.id, cohort.id, OPEN)
    people = await storage.member.by_ids(work.db, work.community.id, {row.member_id for row in rows})
    for row in rows:
        row.status, row.remind_at, row.version = LAPSED, None, row.version + 1
        work.db.add(row)
        await work.db.flush()
        await notices.decided(work, row, programme, people[row.member_id])
