"""Sending a note, looking after it, reading what was published.

Nothing here may leave a trace of who acted: no audit, no log, no member row, no time finer than the week.
"""

from __future__ import annotations

import secrets

import storage.feedback
import storage.member
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.feedback import rules, views
from storage.feedback import PUBLISHED, WITHDRAWN, FeedbackNote


async def open_form(ctx: Context) -> Reply:
    """Open the form, unless the community is too small to hide anybody."""
    return Ask(await send_form(ctx))


async def send_form(ctx: Context) -> Form:
    """Build the form."""
    await _enough_people(ctx)
    return views.send_form(ctx.say)


async def send(ctx: Context, answers: Answers) -> Reply:
    """Store a note with nothing but a random id, the week and a hash of its receipt."""
    await _enough_people(ctx)
    receipt = rules.receipt(secrets.randbits(rules.RECEIPT_BITS))
    hashed = rules.receipt_hash(receipt)
    assert hashed is not None
    ctx.db.add(
        FeedbackNote(
            id=secrets.token_hex(12), community_id=ctx.community.id, topic=answers["topic"], text=answers["text"],
            week=rules.week(ctx.now), receipt_hash=hashed,
        )
    )  # fmt: skip
    return Show(views.sent(ctx.say, receipt))


async def open_inbox(ctx: Context) -> Reply:
    """Ask for the receipt, in a form: so that no message history shows it."""
    return Ask(views.inbox_form(ctx.say))


async def inbox_form(ctx: Context) -> Form:
    """Build the form that takes a receipt."""
    return views.inbox_form(ctx.say)


async def inbox(ctx: Context, answers: Answers) -> Reply:
    """Show the note of a receipt, or take it back."""
    hashed = rules.receipt_hash(answers["receipt"])
    note = await storage.feedback.by_receipt(ctx.db, ctx.community.id, hashed) if hashed else None
    if note is None:
        raise UserError("feedback.no_such_receipt")
    if answers["act"] == "withdraw":
        note.status, note.text = WITHDRAWN, ""
        ctx.db.add(note)
    return Show(views.mine(ctx.say, note))


async def how(ctx: Context) -> Reply:
    """Say plainly what is stored and what remains."""
    return Show(views.how(ctx.say))


async def read(ctx: Context) -> Reply:
    """Show coordinators what was published."""
    notes = await storage.feedback.published(ctx.db, ctx.community.id)
    return Show(views.published(ctx.say, [note for note in notes if note.status == PUBLISHED]))


async def _enough_people(ctx: Context) -> None:
    if await storage.member.active(ctx.db, ctx.community.id) < rules.LEAST_MEMBERS:
        raise UserError("feedback.too_few", least=rules.LEAST_MEMBERS)
