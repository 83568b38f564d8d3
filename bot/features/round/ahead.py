"""A day ahead: members hear that a round is near and may sit it out, coordinators hear how it would look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.member
import storage.outbox
import storage.programme
import storage.round
import storage.schedule
from bot import nudging
from bot.chat.reply import Replace, Reply, Show
from bot.context import Context, Work
from bot.errors import UserError
from bot.features.round import drafts, notices, rules
from bot.features.round.edits import Asked, Drawn
from bot.outbox import Nudge
from bot.rounds import next_number
from storage.member import Member
from storage.programme import PEOPLE, Programme
from storage.round import RoundSkip

SOON = timedelta(hours=36)
NEWCOMER = timedelta(days=2)
"""Who joined less than this ago was told the day of the round when they joined."""


async def tell(work: Work, schedule: Any, occurrence: Any) -> None:
    """Tell members that their round is tomorrow, and plan to tell coordinators how it would look."""
    here = work.community.id
    programme = await storage.programme.by_id(work.db, here, schedule.subject)
    draw = await storage.schedule.of(work.db, here, "round.draw", schedule.subject)
    if programme is None or programme.closed_at is not None or draw is None or draw.next_at is None:
        return
    postponed = await storage.round.draft_of(work.db, here, programme.id)
    if draw.next_at > work.now + SOON or (postponed and postponed.publish_at and postponed.publish_at > draw.next_at):
        return
    number = await next_number(work, programme.id)
    skipping = {skip.member_id for skip in await storage.round.skips(work.db, here, programme.id, number)}
    roles = await storage.programme.roles_in(work.db, here, programme.id)
    settled = {role.member_id for role in roles if role.since <= work.now - NEWCOMER} - skipping
    said = {
        "programme_id": programme.id, "programme": programme.name, "number": number, "at": draw.next_at.isoformat(),
    }  # fmt: skip
    wanted = [
        Nudge(
            member=member, message="round.tomorrow", key=f"round.tomorrow:{occurrence.key}:{member.id}", due=work.now,
            expires=draw.next_at, params=said,
        )
        for member in (await storage.member.by_ids(work.db, here, settled)).values()
    ]  # fmt: skip
    await nudging.ask_all(work, wanted)
    if programme.created_at <= work.now - NEWCOMER:
        row = await drafts.begin(work, programme)
        row.tell_at = work.now
        work.db.add(row)


async def read_draft(work: Work, draft_id: str) -> Asked | None:
    """Gather what a draft is drawn from that coordinators are to be told of and that is not drawn yet."""
    row = await storage.round.draft_by_id(work.db, work.community.id, draft_id)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id) if row else None
    if row is None or programme is None or row.people:
        return None
    try:
        return Asked(await drafts.fresh_request(work, programme, seed=row.seed, number=row.number))
    except UserError:  # nobody can be paired: there is nothing to tell
        return None


async def tell_coordinators(work: Work, drawn: Drawn | None, draft_id: str) -> None:
    """Post the numbers of the draft in the coordinators' channel."""
    row = await storage.round.draft_by_id(work.db, work.community.id, draft_id)
    if row is None or row.tell_at is None:
        return
    told, row.tell_at = row.tell_at, None
    work.db.add(row)
    if drawn is not None and not row.people:
        drafts.drawn(work, row, drawn.request, drawn.result)
    if not row.people:
        await drafts.discard(work, row.programme_id)
        return
    await work.db.flush()
    try:
        found = await drafts.of_row(work, row)
    except UserError:
        return
    draw = await storage.schedule.of(work.db, work.community.id, "round.draw", row.programme_id)
    at = row.publish_at or (draw.next_at if draw else None)
    counted = rules.numbers(found.request, found.result)
    await work.outbox.post(
        work.setting("core.coordinator_channel"), "round.ahead", key=f"round.ahead:{row.id}:{told.isoformat()}",
        programme=found.programme.name, slug=found.programme.slug, at=at.isoformat() if at else "",
        pairs=counted.pairs, placed=counted.placed, alone=counted.alone, share=counted.share, worst=counted.worst,
        stale=bool(found.stale),
    )  # fmt: skip


# -- sitting one out


async def skip_command(ctx: Context, programme: Programme) -> Reply:
    """Sit out the next round."""
    number = await next_number(ctx, programme.id)
    return Show(await _skipped(ctx, programme, number))


async def skip(ctx: Context, programme: Programme) -> Reply:
    """Sit out the round that a notice was about."""
    return Replace(await _skipped(ctx, programme, await _still(ctx, programme)))


async def _skipped(ctx: Context, programme: Programme, number: int) -> Any:
    await _takes_part(ctx, programme)
    if await _skip_of(ctx, programme, number) is None:
        ctx.db.add(
            RoundSkip(
                id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme.id, member_id=ctx.member.id,
                number=number, at=ctx.now,
            )
        )  # fmt: skip
    return notices.skipped(ctx.say, programme.id, programme.name, number)


async def rejoin(ctx: Context, programme: Programme) -> Reply:
    """Take part after all."""
    number = await _still(ctx, programme)
    await _takes_part(ctx, programme)
    row = await _skip_of(ctx, programme, number)
    if row is not None:
        await ctx.db.delete(row)
    return Replace(notices.rejoined(ctx.say, programme.id, programme.name, number))


async def _still(ctx: Context, programme: Programme) -> int:
    """Return the number of the round that a press is about. Raises `UserError` when it was made already."""
    number = int(ctx.arg) if ctx.arg.isdecimal() else 0
    if number != await next_number(ctx, programme.id):
        raise UserError("round.too_late")
    return number


async def _takes_part(ctx: Context, programme: Programme) -> None:
    roles = await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id)
    if not any(role.programme_id == programme.id and role.kind in PEOPLE and role.status == "active" for role in roles):
        raise UserError("round.not_in_programme", programme=programme.name)


async def _skip_of(ctx: Context, programme: Programme, number: int) -> RoundSkip | None:
    rows = await storage.round.skips(ctx.db, ctx.community.id, programme.id, number)
    return next((row for row in rows if row.member_id == ctx.member.id), None)


async def forget_drafts(work: Work, member: Member) -> None:
    """A draft that somebody who is forgotten stands in is drawn anew."""
    for row in await storage.round.drafts(work.db, work.community.id):
        if member.id in row.people:
            await work.db.delete(row)
    await work.db.flush()
