"""Opening a cohort and bringing it to its end."""

from __future__ import annotations

import storage.member
import storage.programme
from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import Bold, Code
from bot.context import Context
from bot.errors import UserError
from bot.features.cohort import views
from bot.programme.stored import file_of
from storage.programme import FINISHED, Cohort, CohortMember, Programme


async def listed(ctx: Context, programme: Programme) -> Reply:
    """Show the programme's cohorts, with how many people are or were in each."""
    rows = await storage.programme.cohorts_of(ctx.db, ctx.community.id, programme.id)
    counted = [(row, len(await _people(ctx, row))) for row in rows[: views.SHOWN]]
    return Show(views.listed(ctx.say, counted))


async def _people(ctx: Context, cohort: Cohort) -> set[str]:
    if cohort.closed_at is not None:
        return set(await storage.programme.finished_in(ctx.db, ctx.community.id, cohort.id))
    return {role.member_id for role in await storage.programme.in_cohort(ctx.db, ctx.community.id, cohort.id)}


async def open_next(ctx: Context, name: str, programme: Programme) -> Reply:
    """Open the next cohort; people can join from then on."""
    name = " ".join(name.split())
    rows = await storage.programme.cohorts_of(ctx.db, ctx.community.id, programme.id)
    if still := next((row for row in rows if row.opened_at and not row.closed_at), None):
        raise UserError("cohort.open", name=Bold(still.name), command=Code("/coord cohort close"))
    if any(row.name.casefold() == name.casefold() for row in rows):
        raise UserError("cohort.known", name=Bold(name))
    if not file_of(programme).goals:
        raise UserError("cohort.no_goals")
    row = Cohort(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme.id, name=name, opened_at=ctx.now
    )
    ctx.db.add(row)
    await ctx.db.flush()
    ctx.audit("cohort.opened", row.id)
    await ctx.happened("cohort.opened", row)
    return Show(views.opened(ctx.say, name, file_of(programme).texts(ctx.say.language)["name"]))


async def close(ctx: Context, programme: Programme) -> Reply:
    """Say what closing would do, before it is done."""
    cohort = await storage.programme.open_cohort(ctx.db, ctx.community.id, programme.id)
    if cohort is None:
        raise UserError("cohort.none_open", command=Code("/coord cohort open"))
    return Show(views.sure(ctx.say, cohort.id, cohort.name, len(await _people(ctx, cohort))))


async def close_it(ctx: Context, row: Cohort) -> Reply:
    """Bring it to its end: its people have finished, nobody of them is paired again, and all are thanked."""
    if row.closed_at is not None:
        raise UserError("core.gone")
    row.closed_at = ctx.now
    ctx.db.add(row)
    roles = await storage.programme.in_cohort(ctx.db, ctx.community.id, row.id)
    people = await storage.member.by_ids(ctx.db, ctx.community.id, {role.member_id for role in roles})
    for member_id in people:
        ctx.db.add(CohortMember(cohort_id=row.id, member_id=member_id, community_id=ctx.community.id))
    await ctx.db.flush()
    await ctx.happened("cohort.finished", row)
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    for role in roles:
        role.status, role.left_at = FINISHED, ctx.now
        ctx.db.add(role)
    for member in people.values():
        await ctx.outbox.note(
            member, "cohort.finished", key=f"cohort.finished:{row.id}:{member.id}", name=row.name,
            programme=programme.name if programme else "", texts=programme.file.get("texts", {}) if programme else {},
        )  # fmt: skip
    ctx.audit("cohort.closed", row.id)
    return Replace(views.closed(ctx.say, row.name, len(people)))
