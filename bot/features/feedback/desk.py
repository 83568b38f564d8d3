"""What coordinators and moderators do with published notes. Each act stands in the audit log, by the note's random id.

A note is read again at each press. A mark is set only if it is still as the button said, and what is said is added and
never replaced: two coordinators do not overwrite each other.
"""

from __future__ import annotations

from typing import Any

import storage.feedback
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.feedback import rules, views
from storage.feedback import COORDINATORS, EVERYBODY, READABLE, FeedbackMessage, FeedbackNote

# -- coordinators


async def read(ctx: Context) -> Reply:
    """Show coordinators what was published."""
    notes = await storage.feedback.readable(ctx.db, ctx.community.id)
    said = await storage.feedback.said(ctx.db, ctx.community.id, [note.id for note in notes])
    return Show(views.published(ctx.say, notes, said, ctx.page))


async def open_note(ctx: Context) -> Reply:
    """Show one note, with what was said about it and what can be done."""
    return Show(await _shown(ctx, _theirs(await ctx.find(FeedbackNote, ctx.arg or ctx.key))))


async def mark(ctx: Context, note: FeedbackNote) -> Reply:
    """Mark a note as being worked on, done, or open again, if nobody did meanwhile."""
    step = rules.step(ctx.arg)
    if step is None:
        raise UserError("core.gone")
    _theirs(note)
    if not await storage.feedback.change_status(ctx.db, ctx.community.id, note.id, *step):
        raise UserError("feedback.changed")
    ctx.audit("feedback.marked", note.id, step[1])
    return Replace(await _shown(ctx, note))


async def open_reply(ctx: Context, note: FeedbackNote) -> Reply:
    """Open the form for an answer to who wrote a note."""
    return Ask(views.reply_form(ctx.say, _theirs(note)))


async def reply_form(ctx: Context) -> Form:
    """Build it."""
    return views.reply_form(ctx.say, _theirs(ctx.the(FeedbackNote)))


async def reply(ctx: Context, answers: Answers) -> Reply:
    """Add an answer; the sender finds it with their receipt, and nothing is pushed to them."""
    note = _theirs(ctx.the(FeedbackNote))
    await _say(ctx, note, COORDINATORS, answers["text"])
    ctx.audit("feedback.replied", note.id)
    return Show(await _shown(ctx, note))


async def open_publish(ctx: Context, note: FeedbackNote) -> Reply:
    """Open the form for an answer to everybody."""
    _can_publish(ctx, note)
    return Ask(views.publish_form(ctx.say, note))


async def publish_form(ctx: Context) -> Form:
    """Build it."""
    _can_publish(ctx, ctx.the(FeedbackNote))
    return views.publish_form(ctx.say, ctx.the(FeedbackNote))


async def publish(ctx: Context, answers: Answers) -> Reply:
    """Post an answer for everybody, once a note; what the note said is not quoted."""
    note = ctx.the(FeedbackNote)
    channel = _can_publish(ctx, note)
    if not await storage.feedback.mark(ctx.db, ctx.community.id, note.id, "answered", True):
        raise UserError("feedback.answered_already")
    await _say(ctx, note, EVERYBODY, answers["text"])
    await ctx.outbox.post(
        channel, "feedback.answer", key=f"feedback.answer:{note.id}", on_doubt="repeat", topic=note.topic,
        text=answers["text"],
    )  # fmt: skip
    ctx.audit("feedback.answered", note.id)
    await ctx.happened("feedback.published", note)
    return Show(await _shown(ctx, note))


async def escalate(ctx: Context, note: FeedbackNote) -> Reply:
    """Hand a note to the moderators, and tell them so where they have a channel."""
    _theirs(note)
    if not await storage.feedback.mark(ctx.db, ctx.community.id, note.id, "escalated", True):
        raise UserError("feedback.escalated_already")
    await ctx.outbox.post(
        ctx.setting("core.moderator_channel"), "feedback.escalated", key=f"feedback.escalated:{note.id}",
        on_doubt="repeat", code=note.id[: rules.CODE],
    )  # fmt: skip
    ctx.audit("feedback.escalated", note.id)
    return Replace(await _shown(ctx, note))


def _can_publish(ctx: Context, note: FeedbackNote) -> list[str]:
    _theirs(note)
    channel = ctx.setting("feedback.channel")
    if not channel:
        raise UserError("feedback.no_channel")
    if note.answered:
        raise UserError("feedback.answered_already")
    return list(channel)


def _theirs(note: FeedbackNote, *, moderating: bool = False) -> FeedbackNote:
    """Return a note that may be read; `UserError` for one that waits, was taken back, or is hidden from them."""
    if note.status not in READABLE:
        raise UserError("feedback.not_there")
    if note.hidden and not moderating:
        raise UserError("feedback.hidden")
    return note


async def _say(ctx: Context, note: FeedbackNote, side: str, text: str) -> None:
    said = (await storage.feedback.said(ctx.db, ctx.community.id, [note.id], waiting=True))[note.id]
    ctx.db.add(
        FeedbackMessage(
            id=storage.feedback.random_id(), community_id=ctx.community.id, note_id=note.id, side=side,
            number=len(said), text=text,
        )
    )  # fmt: skip


async def _shown(ctx: Context, note: FeedbackNote) -> Any:
    await ctx.db.flush()
    await ctx.db.refresh(note)
    said = await storage.feedback.said(ctx.db, ctx.community.id, [note.id])
    return views.note(ctx.say, note, said[note.id])


# -- moderators


async def watch(ctx: Context) -> Reply:
    """Show moderators what was published, what is hidden, and what coordinators handed to them."""
    notes = await storage.feedback.readable(ctx.db, ctx.community.id, hidden=True)
    return Show(views.moderated(ctx.say, sorted(notes, key=lambda note: not note.escalated), ctx.page))


async def open_moderated(ctx: Context) -> Reply:
    """Show one note to a moderator."""
    note = _theirs(await ctx.find(FeedbackNote, ctx.arg or ctx.key), moderating=True)
    return Show(views.moderated_note(ctx.say, note))


async def codes(ctx: Context, typed: str) -> list[str]:
    """Return the codes of notes that begin with what was typed."""
    notes = await storage.feedback.readable(ctx.db, ctx.community.id, hidden=True)
    short = typed.strip().lower().removeprefix("#")
    return [note.id[: rules.CODE] for note in notes if note.id.startswith(short)]


async def hide_named(ctx: Context, note: str) -> Reply:
    """Hide a note from coordinators, by its code."""
    return Show(await _hidden(ctx, await _named(ctx, note), hide=True))


async def hide(ctx: Context, note: FeedbackNote) -> Reply:
    """Hide a note from coordinators, or show it to them again; its sender can still take it back."""
    return Replace(await _hidden(ctx, _theirs(note, moderating=True), hide=ctx.arg != "show"))


async def _hidden(ctx: Context, note: FeedbackNote, *, hide: bool) -> Any:
    if await storage.feedback.mark(ctx.db, ctx.community.id, note.id, "hidden", hide):
        ctx.audit("feedback.hidden" if hide else "feedback.shown", note.id)
        await ctx.db.refresh(note)
    return views.moderated_note(ctx.say, note)


async def block_named(ctx: Context, note: str) -> Reply:
    """Stop the sender of a note, by the note's code."""
    return Show(await _blocked(ctx, await _named(ctx, note)))


async def block(ctx: Context, note: FeedbackNote) -> Reply:
    """Stop whoever wrote a note until its window ends; nobody learns who that is."""
    return Replace(await _blocked(ctx, _theirs(note, moderating=True)))


async def _blocked(ctx: Context, note: FeedbackNote) -> Any:
    if note.pseudonym is None or note.window_until is None or note.window_until <= ctx.now:
        raise UserError("feedback.cannot_block")
    if await storage.feedback.mark(ctx.db, ctx.community.id, note.id, "blocked", True):
        ctx.audit("feedback.sender_blocked", note.id)
        await ctx.db.refresh(note)
    return views.moderated_note(ctx.say, note)


async def _named(ctx: Context, code: str) -> FeedbackNote:
    short = code.strip().lower().removeprefix("#")
    found = await storage.feedback.by_code(ctx.db, ctx.community.id, short) if len(short) >= rules.CODE else []
    if len(found) != 1:
        raise UserError("feedback.no_such_note")
    return found[0]
