"""The library: what was answered, kept for others when both who asked and who answered agree."""

from __future__ import annotations

from typing import Any

import storage.library
import storage.member
from bot.chat.forms import Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.ask import library_views as views
from bot.features.ask import rules
from storage.library import OPEN, WAITS, LibraryEntry
from storage.request import SOLVED, Request

SHOWN = 5


async def look(ctx: Context, about: str) -> Reply:
    """Show the answers that hold every word."""
    found = await storage.library.about(ctx.db, ctx.community.id, about.split()[:8], SHOWN)
    return Show(views.found(ctx.say, rules.tag_of(about), found))


async def read(ctx: Context, row: LibraryEntry) -> Reply:
    """Show one entry; to who wrote or answered it with the way to take it out."""
    mine = ctx.member.id in (row.asker_id, row.mentor_id)
    if row.status != OPEN and not mine:
        raise UserError("core.gone")
    return Show(views.entry(ctx.say, row, mine=mine))


async def write(ctx: Context, row: Request) -> Reply:
    """Ask the asker what solved it."""
    _solved_by(ctx, row)
    return Ask(await write_form(ctx))


async def write_form(ctx: Context) -> Form:
    """Build the form with the question as it was asked."""
    row = ctx.the(Request)
    return views.write_form(ctx.say, row.id, row.question)


async def written(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep the answer and ask the mentor whether others may read it; until then nobody can."""
    row = ctx.the(Request)
    mentor_id = _solved_by(ctx, row)
    if await storage.library.of_request(ctx.db, ctx.community.id, row.id) is not None:
        raise UserError("ask.written")
    entry = LibraryEntry(
        id=ctx.ids.new(), community_id=ctx.community.id, request_id=row.id, asker_id=row.asker_id,
        mentor_id=mentor_id, tag=row.tag, question=answers["question"], answer=answers["answer"], written_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(entry)
    await ctx.db.flush()
    mentor = await storage.member.by_id(ctx.db, ctx.community.id, mentor_id)
    if mentor is not None:
        await ctx.outbox.note(
            mentor, "ask.for_others", key=f"ask.for_others:{entry.id}", entry=entry.id, who=row.asker_id, tag=row.tag,
            question=entry.question, answer=entry.answer,
        )  # fmt: skip
    return Show(views.written(ctx.say))


def _solved_by(ctx: Context, row: Request) -> str:
    if row.asker_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status != SOLVED or row.mentor_id is None:
        raise UserError("core.gone")
    return row.mentor_id


async def agree(ctx: Context, row: LibraryEntry) -> Reply:
    """The mentor agrees: everybody here can read it."""
    _answered_by_me(ctx, row)
    row.status = OPEN
    ctx.db.add(row)
    return Replace(views.agreed(ctx.say))


async def refuse(ctx: Context, row: LibraryEntry) -> Reply:
    """The mentor would rather not: nothing of it is kept."""
    _answered_by_me(ctx, row)
    await ctx.db.delete(row)
    return Replace(views.refused(ctx.say))


def _answered_by_me(ctx: Context, row: LibraryEntry) -> None:
    if row.mentor_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status != WAITS:
        raise UserError("core.gone")


async def take_out(ctx: Context, row: LibraryEntry) -> Reply:
    """Either of the two takes it out again."""
    if ctx.member.id not in (row.asker_id, row.mentor_id):
        raise UserError("core.not_yours")
    await ctx.db.delete(row)
    return Replace(views.taken_out(ctx.say))
