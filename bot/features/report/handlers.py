"""Reporting, and what comes of it, for members."""

from __future__ import annotations

import secrets

import storage.report
from bot import receipts
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.features.report import lines, rules, views
from storage.report import ANSWER, ASKED, CONFIDENTIAL, NAMED, SEEN, Report


async def report(ctx: Context) -> Reply:
    """Open the form; used on a message, it names its author and links to it."""
    return Ask(await report_form(ctx))


async def report_form(ctx: Context) -> Form:
    """Build the form. What it says is read by moderators only."""
    told = ctx.setting("core.moderator_channel") is not None
    link = ctx.about.link if ctx.about else ""
    author = ctx.about.author if ctx.about else None
    return views.report_form(ctx.say, link=link, author=author, told=told)


async def reported(ctx: Context, answers: Answers) -> Reply:
    """Store a report and tell moderators that there is one, not what it says."""
    confidential = answers["mode"] == CONFIDENTIAL
    about = answers["about"]
    if about is not None and about.id == ctx.member.id:
        about = None
    code = receipts.receipt(secrets.randbits(receipts.RECEIPT_BITS)) if confidential else ""
    row = Report(
        id=ctx.ids.new(), community_id=ctx.community.id,
        number=await storage.report.next_number(ctx.db, ctx.community.id), mode=answers["mode"], kind=answers["kind"],
        urgency=answers["urgency"], text=answers["text"],
        reporter_id=None if confidential else ctx.member.id,
        receipt_hash=receipts.receipt_hash(code) if confidential else "",
        about_id=about.id if about is not None else None, created_at=rules.stored_at(ctx.now, answers["mode"]),
    )  # fmt: skip
    row.remind_at = rules.remind_at(row, ctx.now)
    ctx.db.add(row)
    await ctx.db.flush()
    await lines.tell_moderators(ctx, row, "report.arrived", key=f"report.arrived:{row.id}")
    await ctx.happened("report.filed", row)
    crisis = rules.shows_crisis_help(row.kind, row.urgency)
    contacts = str(ctx.setting("report.contacts") or "") if crisis else ""
    return Show(views.reported(ctx.say, row.number, receipt=code, crisis=crisis, contacts=contacts))


async def how(ctx: Context) -> Reply:
    """Say what happens with a report and who reads it."""
    return Show(views.how(ctx.say, contacts=str(ctx.setting("report.contacts") or "")))


async def conflict(ctx: Context) -> Reply:
    """Say what helps when two do not get on."""
    return Show(views.conflict(ctx.say))


async def mine(ctx: Context) -> Reply:
    """Show what the member reported with their name, with what moderators asked."""
    rows = await storage.report.of_reporter(ctx.db, ctx.community.id, ctx.member.id)
    return Show(views.mine(ctx.say, [(row, await lines.for_reporter(ctx, row)) for row in rows[: views.SHOWN]]))


async def answer(ctx: Context, row: Report) -> Reply:
    """Open the form for the answer to a moderator's question."""
    _theirs(ctx, row)
    return Ask(await answer_form(ctx))


async def answer_form(ctx: Context) -> Form:
    """Build it."""
    row = ctx.the(Report)
    return views.answer_form(ctx.say, row)


async def answered(ctx: Context, answers: Answers) -> Reply:
    """Keep the answer."""
    row = ctx.the(Report)
    _theirs(ctx, row)
    await _keep_answer(ctx, row, answers["text"])
    return Show(views.answer_kept(ctx.say, row.number))


async def receipt(ctx: Context) -> Reply:
    """Ask for the receipt of a confidential report, in a form: so that no message history shows it."""
    return Ask(await receipt_form(ctx))


async def receipt_form(ctx: Context) -> Form:
    """Build it."""
    return views.receipt_form(ctx.say)


async def by_receipt(ctx: Context, answers: Answers) -> Reply:
    """Show a confidential report to who holds its receipt, and take what they add. Wrong receipts all sound alike."""
    given = receipts.receipt_hash(answers["receipt"])
    row = await storage.report.by_receipt(ctx.db, ctx.community.id, given)
    if not receipts.same(row.receipt_hash if row else receipts.NO_RECEIPT, given) or row is None:
        raise UserError("report.no_such_receipt")
    if answers["text"]:
        await _keep_answer(ctx, row, answers["text"])
    return Show(views.mine(ctx.say, [(row, await lines.for_reporter(ctx, row))]))


async def _keep_answer(ctx: Context, row: Report, text: str) -> None:
    """Add the reporter's words; who waited for them is told that they are there."""
    if row.resolved_at is not None:
        raise UserError("report.resolved", number=row.number)
    await lines.add(ctx, row, ANSWER, text, by=None)
    row.status = SEEN if row.status == ASKED else row.status
    ctx.db.add(row)
    place = len(await storage.report.lines(ctx.db, ctx.community.id, row.id))
    await lines.tell_moderators(ctx, row, "report.answered", key=f"report.answered:{row.id}:{place}")


def _theirs(ctx: Context, row: Report) -> None:
    if row.mode != NAMED or row.reporter_id != ctx.member.id:
        raise UserError("core.not_yours")


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show that a moderator's question waits."""
    rows = await storage.report.of_reporter(ctx.db, ctx.community.id, ctx.member.id)
    return views.home(ctx.say, [row for row in rows if row.status == ASKED])
