"""The draft of a round: looked at, drawn again, taken back, published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import storage.member
from bot.chat.forms import Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.round import drafts, drawing, rules, views
from bot.features.round.drafts import Drafted
from bot.features.round.edits import Asked, Drawn
from bot.programme.stored import file_of
from bot.recurrence import to_utc
from bot.rounds import next_number
from storage.programme import Programme
from storage.round import RoundDraft


async def shown(ctx: Context, found: Drafted) -> View:
    """Show a draft."""
    decided = {member for lock in found.row.locks for member in lock["members"]}
    decided |= {member for apart in found.row.forbids for member in apart}
    members = await storage.member.by_ids(ctx.db, ctx.community.id, decided)
    names = {member.id: member.shown for member in members.values()}
    return views.preview(ctx.say, found, names)


async def read_preview(ctx: Context, programme: Programme) -> Asked | Reply:
    """Show the draft if there is one, else gather what one is drawn from."""
    found = await drafts.find(ctx, programme)
    if found is not None:
        return Show(await shown(ctx, found))
    number = await next_number(ctx, programme.id)
    return Asked(await drafts.fresh_request(ctx, programme, seed=number, number=number))


async def preview(ctx: Context, drawn: Drawn, programme: Programme) -> Reply:
    """Keep what was drawn as the draft, unless somebody was quicker, and show it."""
    return Show(await shown(ctx, await _kept(ctx, drawn, programme)))


async def _kept(ctx: Context, drawn: Drawn, programme: Programme) -> Drafted:
    row = await drafts.begin(ctx, programme)
    if not row.people:
        drafts.drawn(ctx, row, drawn.request, drawn.result)
    return await drafts.look(ctx, programme, row)


async def read_publish(ctx: Context, programme: Programme) -> Asked | Reply:
    """Ask whether the draft is to be published, if there is one."""
    found = await drafts.find(ctx, programme)
    return Show(views.confirm(ctx.say, found)) if found is not None else await read_preview(ctx, programme)


async def publish(ctx: Context, drawn: Drawn, programme: Programme) -> Reply:
    """Keep what was drawn as the draft, and ask whether it is to be published."""
    return Show(views.confirm(ctx.say, await _kept(ctx, drawn, programme)))


async def confirm(ctx: Context, row: RoundDraft) -> Reply:
    """Ask whether the draft is to be published."""
    return Show(views.confirm(ctx.say, await drafts.of_row(ctx, row)))


async def publish_now(ctx: Context, row: RoundDraft) -> Reply:
    """Publish the draft that was looked at, and no other."""
    found = await drafts.of_row(ctx, row)
    _same(ctx, row)
    if found.stale.gone:
        raise UserError("round.gone")
    if not found.result.groups:
        raise UserError("round.no_pairs")
    await drawing.publish(ctx, found.programme, found.result)
    return Replace(views.published(ctx.say, found.programme.name, rules.numbers(found.request, found.result)))


def _same(ctx: Context, row: RoundDraft) -> None:
    if ctx.arg != str(row.version):
        raise drafts.changed_meanwhile(ctx, row)


async def ask_date(ctx: Context, row: RoundDraft) -> Reply:
    """Open the form for a day."""
    ctx.row = row
    return Ask(await date_form(ctx))


async def date_form(ctx: Context) -> Form:
    """Ask on which day a draft is to be published."""
    row = ctx.the(RoundDraft)
    found = await drafts.of_row(ctx, row)
    return views.date_form(ctx.say, row.id, file_of(found.programme))


async def set_date(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Publish the draft on a day, at the hour of the programme's rounds."""
    row = ctx.the(RoundDraft)
    found = await drafts.of_row(ctx, row)
    file, day = file_of(found.programme), answers["day"]
    assert isinstance(day, date)
    at = to_utc(datetime.combine(day, file.rounds.at), file.timezone)
    if at <= ctx.now:
        return Reject({"day": ctx.say.line("This moment has passed. Choose a later day, or publish now.")})
    row.publish_at, row.version = at, row.version + 1
    row.made_by = ctx.member.id
    ctx.db.add(row)
    ctx.audit("round.planned", row.id)
    return Show(views.planned(ctx.say, found))


async def drop_date(ctx: Context, row: RoundDraft) -> Reply:
    """Publish the draft no more by itself on the day that was set."""
    row.publish_at, row.version = None, row.version + 1
    ctx.db.add(row)
    ctx.audit("round.unplanned", row.id)
    return Replace(await shown(ctx, await drafts.of_row(ctx, row)))


async def read_again(ctx: Context, row: RoundDraft) -> Asked:
    """Gather what the draft is drawn from today, with what was decided about it."""
    found = await drafts.of_row(ctx, row)
    return Asked(found.request, row.version)


async def draw_again(ctx: Context, drawn: Drawn, row: RoundDraft) -> Reply:
    """Replace the draft by what was drawn."""
    if drawn.version != row.version:
        raise drafts.changed_meanwhile(ctx, row)
    drafts.remember(row, "redraw")
    drafts.drawn(ctx, row, drawn.request, drawn.result)
    return Replace(await shown(ctx, await drafts.of_row(ctx, row)))


async def undo(ctx: Context, row: RoundDraft) -> Reply:
    """Take the last change back."""
    _same(ctx, row)
    if not row.undo:
        raise UserError("round.nothing_to_undo")
    before = row.undo
    row.people, row.result = before["people"], before["result"]
    row.locks, row.forbids, row.undo, row.proposal = before["locks"], before["forbids"], {}, {}
    row.version += 1
    row.made_by, row.made_at = ctx.member.id, ctx.now
    ctx.db.add(row)
    ctx.audit("round.edited", row.id, "undo")
    return Replace(await shown(ctx, await drafts.of_row(ctx, row)))


async def release(ctx: Context, row: RoundDraft) -> Reply:
    """Take back one decision: two who were kept together, or apart. The pairs stay until they are drawn again."""
    version, _, which = ctx.arg.partition(".")
    kind, _, place = which.partition(".")
    kept = {"lock": row.locks, "forbid": row.forbids}.get(kind)
    if version != str(row.version):
        raise drafts.changed_meanwhile(ctx, row)
    if kept is None or not place.isdecimal() or int(place) >= len(kept):
        raise UserError("core.gone")
    drafts.remember(row, "release")
    left = [one for index, one in enumerate(kept) if index != int(place)]
    row.locks, row.forbids = (left, row.forbids) if kind == "lock" else (row.locks, left)
    row.version, row.made_by, row.made_at, row.proposal = row.version + 1, ctx.member.id, ctx.now, {}
    ctx.db.add(row)
    ctx.audit("round.edited", row.id, "release")
    return Replace(await shown(ctx, await drafts.of_row(ctx, row)))
