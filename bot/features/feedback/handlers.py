"""Sending a note, and looking after it with its receipt.

Nothing here may leave a trace of who acted: no audit, no log, no member row, no time finer than the week.
"""

from __future__ import annotations

import secrets

import storage.feedback
import storage.member
from bot import receipts
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.feedback import rules, views
from storage.feedback import CONFIDENTIAL, READABLE, SENDER, WITHDRAWN, FeedbackMessage, FeedbackNote


async def open_form(ctx: Context) -> Reply:
    """Open the form, unless the community is too small to hide anybody or the sender was stopped."""
    return Ask(await send_form(ctx))


async def send_form(ctx: Context) -> Form:
    """Build the form."""
    await _may_send(ctx)
    return views.send_form(ctx.say)


async def send(ctx: Context, answers: Answers) -> Reply:
    """Store a note with nothing but a random id, the week and a hash of its receipt; confidential, a pseudonym too."""
    own = await _may_send(ctx)
    receipt = receipts.receipt(secrets.randbits(receipts.RECEIPT_BITS))
    week = rules.week(ctx.now)
    note = FeedbackNote(
        id=storage.feedback.random_id(), community_id=ctx.community.id, topic=answers["topic"], text=answers["text"],
        week=week, mode=answers["mode"], receipt_hash=receipts.receipt_hash(receipt),
    )  # fmt: skip
    if note.mode == CONFIDENTIAL:
        if rules.too_many(own, week):
            raise UserError("feedback.enough_this_week", most=rules.CONFIDENTIAL_A_WEEK)
        key = ctx.keys.of_week(week)
        note.pseudonym = rules.pseudonym(key, ctx.community.id, note.id, _people(ctx)[0])
        note.window_until = rules.key_ends(week)
    ctx.db.add(note)
    await storage.feedback.mix(ctx.db, ctx.community.id)
    return Show(views.sent(ctx.say, receipt))


async def open_inbox(ctx: Context) -> Reply:
    """Ask for the receipt, in a form: so that no message history shows it."""
    return Ask(views.inbox_form(ctx.say))


async def inbox_form(ctx: Context) -> Form:
    """Build the form that takes a receipt."""
    return views.inbox_form(ctx.say)


async def inbox(ctx: Context, answers: Answers) -> Reply:
    """Show the note of a receipt with what was answered, add to it, or take it back.

    Every receipt goes the same way through the same two queries, whether it is right, wrong, of another community or
    no receipt at all.
    """
    here, given = ctx.community.id, receipts.receipt_hash(answers["receipt"])
    note = await storage.feedback.by_receipt(ctx.db, here, given)
    asked = note.id if note else storage.feedback.random_id()
    said = (await storage.feedback.said(ctx.db, here, [asked], waiting=True))[asked]
    if not receipts.same(note.receipt_hash if note else receipts.NO_RECEIPT, given) or note is None:
        raise UserError("feedback.no_such_receipt")
    if answers["act"] == "withdraw" and note.status != WITHDRAWN:
        await storage.feedback.withdraw(ctx.db, here, note.id)
        return Show(views.withdrawn(ctx.say))
    if answers["act"] == "answer":
        if not answers["text"]:
            return Reject({"text": ctx.say.line("Please write what you want to add.")})
        if note.status not in READABLE:
            raise UserError("feedback.nobody_read_it" if note.status != WITHDRAWN else "feedback.taken_back")
        await _may_send(ctx)
        said.append(await _add(ctx, note, answers["text"], len(said)))
    return Show(views.mine(ctx.say, note, said))


async def _add(ctx: Context, note: FeedbackNote, text: str, number: int) -> FeedbackMessage:
    message = FeedbackMessage(
        id=storage.feedback.random_id(), community_id=ctx.community.id, note_id=note.id, side=SENDER, number=number,
        text=text, waiting=True,
    )  # fmt: skip
    ctx.db.add(message)
    await storage.feedback.mix(ctx.db, ctx.community.id)
    return message


async def how(ctx: Context) -> Reply:
    """Say plainly what is stored and what remains."""
    return Show(views.how(ctx.say))


def _people(ctx: Context) -> tuple[str, ...]:
    return rules.people(ctx.member.id, ctx.space.id, ctx.account)


async def _may_send(ctx: Context) -> list[rules.Stored]:
    """Return the sender's own pseudonyms. Raises `UserError` where nobody is hidden, or for one who was stopped."""
    if await storage.member.active(ctx.db, ctx.community.id) < rules.LEAST_MEMBERS:
        raise UserError("feedback.too_few", least=rules.LEAST_MEMBERS)
    stored = await storage.feedback.pseudonyms(ctx.db, ctx.community.id)
    own = rules.mine(stored, ctx.keys.weeks() if stored else {}, ctx.community.id, _people(ctx))
    until = rules.blocked_until(own, ctx.now)
    if until is not None:
        raise UserError("feedback.blocked", until=ctx.say.when(until))
    return own
