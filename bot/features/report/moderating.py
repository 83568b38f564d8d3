"""What moderators do: look, assign, ask, note, resolve, keep apart, freeze. Every act is in the audit log."""

from __future__ import annotations

import storage.audit
import storage.member
import storage.pair
import storage.report
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.text import Code, Mention
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.report import lines, moderator_views, rules
from storage.member import Member
from storage.pair import Pair
from storage.report import ASKED, NAMED, NEW, NOTE, QUESTION, RESOLVED, SEEN, Report, Separation

# -- the queue ---------------------------------------------------------------------------------------------------------


async def queue(ctx: Context) -> Reply:
    """Show what is open, the urgent first; never what is about the moderator themselves."""
    rows = [row for row in await storage.report.open_ones(ctx.db, ctx.community.id) if rules.may_see(row, ctx.member)]
    return Show(moderator_views.queue(ctx.say, rules.order(rows)))


async def view(ctx: Context, number: int) -> Reply:
    """Show a report by its number."""
    return Show(await _shown(ctx, await _numbered(ctx, number)))


async def view_button(ctx: Context, row: Report) -> Reply:
    """Show a report by its button; whoever looks first has seen it."""
    return Show(await _shown(ctx, row))


async def _shown(ctx: Context, row: Report) -> View:
    if not rules.may_see(row, ctx.member):
        raise UserError("report.not_for_you")
    if row.status == NEW:
        row.status, row.remind_at = SEEN, None
        ctx.db.add(row)
        await _tell_reporter(ctx, row, "report.seen", key=f"report.seen:{row.id}")
    ctx.audit("report.viewed", row.id)
    said = await storage.report.lines(ctx.db, ctx.community.id, row.id)
    pairs = await _pairs_of_both(ctx, row)
    return moderator_views.report(ctx.say, row, said, together=bool(pairs))


async def _numbered(ctx: Context, number: int) -> Report:
    row = await storage.report.by_number(ctx.db, ctx.community.id, number)
    if row is None:
        raise UserError("report.unknown", number=number)
    return row


def _open(ctx: Context, row: Report) -> Report:
    if no := rules.refusal(row, ctx.member):
        raise UserError(no, number=row.number)
    return row


async def _tell_reporter(ctx: Context, row: Report, message: str, *, key: str) -> None:
    """Write to a reporter who gave their name; to nobody else."""
    reporter = await storage.member.by_id(ctx.db, ctx.community.id, row.reporter_id) if row.reporter_id else None
    if row.mode == NAMED and reporter is not None:
        await ctx.outbox.note(reporter, message, key=key, report=row.id, number=row.number, outcome=row.outcome)


async def assign(ctx: Context, number: int, who: Member | None) -> Reply:
    """Take a report, or give it to another moderator."""
    return Show(await _assigned(ctx, _open(ctx, await _numbered(ctx, number)), who or ctx.member))


async def take(ctx: Context, row: Report) -> Reply:
    """Take a report by its button; who is second hears who was first."""
    _open(ctx, row)
    if row.assignee_id not in (None, ctx.member.id):
        raise UserError("report.taken", number=row.number, who=Mention(row.assignee_id or ""))
    return Show(await _assigned(ctx, row, ctx.member))


async def _assigned(ctx: Context, row: Report, who: Member) -> View:
    if not rules.may_see(row, who):
        raise UserError("report.not_theirs", number=row.number)
    row.assignee_id, row.status = who.id, SEEN if row.status == NEW else row.status
    row.remind_at = None
    ctx.db.add(row)
    ctx.audit("report.assigned", row.id, who.id)
    if who.id != ctx.member.id:
        key = f"report.yours:{row.id}:{who.id}:{ctx.now.isoformat()}"
        await ctx.outbox.note(who, "report.yours", key=key, report=row.id, number=row.number)
    return moderator_views.assigned(ctx.say, row.number, who.id, mine=who.id == ctx.member.id, report=row.id)


# -- words -------------------------------------------------------------------------------------------------------------


async def ask(ctx: Context, number: int) -> Reply:
    """Open the form for a question to the reporter."""
    return await ask_button(ctx, await _numbered(ctx, number))


async def ask_button(ctx: Context, row: Report) -> Reply:
    """The same, by a button."""
    ctx.row = _open(ctx, row)
    return Ask(await ask_form(ctx))


async def ask_form(ctx: Context) -> Form:
    """Build the form for a question, or for a note that only moderators read."""
    return moderator_views.ask_form(ctx.say, ctx.the(Report))


async def asked(ctx: Context, answers: Answers) -> Reply:
    """Keep a question or a note; the reporter hears of a question, or finds it with their receipt."""
    row = _open(ctx, ctx.the(Report))
    question = answers["to"] == QUESTION
    await lines.add(ctx, row, QUESTION if question else NOTE, answers["text"], by=ctx.member.id)
    row.status, row.remind_at = ASKED if question else SEEN if row.status == NEW else row.status, None
    ctx.db.add(row)
    ctx.audit("report.asked" if question else "report.noted", row.id)
    if question:
        place = len(await storage.report.lines(ctx.db, ctx.community.id, row.id))
        await _tell_reporter(ctx, row, "report.question", key=f"report.question:{row.id}:{place}")
    return Show(moderator_views.asked(ctx.say, row, question=question))


async def resolve(ctx: Context, number: int) -> Reply:
    """Open the form that closes a report."""
    return await resolve_button(ctx, await _numbered(ctx, number))


async def resolve_button(ctx: Context, row: Report) -> Reply:
    """The same, by a button."""
    ctx.row = _open(ctx, row)
    return Ask(await resolve_form(ctx))


async def resolve_form(ctx: Context) -> Form:
    """Build it."""
    return moderator_views.resolve_form(ctx.say, ctx.the(Report))


async def resolved(ctx: Context, answers: Answers) -> Reply:
    """Close a report with its outcome and, if there are any, last words to the reporter."""
    row = _open(ctx, ctx.the(Report))
    if answers["text"]:
        await lines.add(ctx, row, QUESTION, answers["text"], by=ctx.member.id)
    row.status, row.outcome, row.resolved_at, row.remind_at = RESOLVED, answers["outcome"], ctx.now, None
    ctx.db.add(row)
    ctx.audit("report.resolved", row.id, row.outcome)
    await _tell_reporter(ctx, row, "report.closed", key=f"report.closed:{row.id}")
    return Show(moderator_views.resolved(ctx.say, row.number))


# -- keeping people apart ----------------------------------------------------------------------------------------------


async def separate(ctx: Context, one: Member, other: Member) -> Reply:
    """Keep two members apart from this moment on."""
    return Show(await _separated(ctx, one, other, ""))


async def separate_button(ctx: Context, row: Report) -> Reply:
    """Keep the reporter and the person it is about apart."""
    _open(ctx, row)
    one, other = await _both(ctx, row)
    return Show(await _separated(ctx, one, other, row.id))


async def _both(ctx: Context, row: Report) -> tuple[Member, Member]:
    people = await storage.member.by_ids(ctx.db, ctx.community.id, [row.reporter_id or "", row.about_id or ""])
    if len(people) != 2:
        raise UserError("report.not_two", number=row.number, command=Code("/mod separate"))
    return people[row.reporter_id or ""], people[row.about_id or ""]


async def _separated(ctx: Context, one: Member, other: Member, reason: str) -> View:
    if one.id == other.id:
        raise UserError("report.one_person")
    standing = await storage.report.apart(ctx.db, ctx.community.id, one.id, other.id)
    if standing is None:
        standing = Separation(
            id=ctx.ids.new(), community_id=ctx.community.id, first_id=one.id, second_id=other.id, since=ctx.now
        )
        ctx.db.add(standing)
        await ctx.db.flush()
        for pair in await _pairs_of(ctx, one.id, other.id):
            await ctx.happened("pair.frozen", pair)
        for member in (one, other):
            await ctx.outbox.note(member, "report.apart", key=f"report.apart:{standing.id}:{member.id}")
        ctx.audit("members.separated", standing.id, reason)
    return moderator_views.separated(ctx.say, standing)


async def rejoin(ctx: Context, row: Separation) -> Reply:
    """End a separation: their pairs go on, and they may be paired again."""
    if row.ended_at is None:
        row.ended_at = ctx.now
        ctx.db.add(row)
        await ctx.db.flush()
        for pair in await _pairs_of(ctx, row.first_id, row.second_id):
            await ctx.happened("pair.unfrozen", pair)
        ctx.audit("members.rejoined", row.id)
    return Replace(moderator_views.rejoined(ctx.say, row))


async def _pairs_of_both(ctx: Context, row: Report) -> list[Pair]:
    if not row.reporter_id or not row.about_id:
        return []
    return await _pairs_of(ctx, row.reporter_id, row.about_id)


async def _pairs_of(ctx: Context, one: str, other: str) -> list[Pair]:
    """Return the pairs that two members are in together and that have not ended."""
    theirs = await storage.pair.all_of(ctx.db, ctx.community.id, one)
    going_on = [pair for pair in theirs if pair.ended_at is None]
    seats = await storage.pair.seats(ctx.db, ctx.community.id, [pair.id for pair in going_on])
    return [pair for pair in going_on if {one, other} <= {seat.member_id for seat in seats[pair.id]}]


async def freeze(ctx: Context, who: Member) -> Reply:
    """Stop a member from taking part, at once; their rights and the ways to say what is wrong stay open."""
    if who.id == ctx.member.id:
        raise UserError("report.freeze_self")
    if who.frozen_at is None:
        who.frozen_at = ctx.now
        ctx.db.add(who)
        await ctx.db.flush()
        await ctx.happened("member.frozen", who)
        ctx.audit("member.frozen", who.id)
        await ctx.outbox.note(who, "report.frozen", key=f"report.frozen:{who.id}:{ctx.now.isoformat()}")
    return Show(moderator_views.frozen(ctx.say, who))


async def freeze_button(ctx: Context, row: Report) -> Reply:
    """Freeze the person a report is about."""
    _open(ctx, row)
    who = await storage.member.by_id(ctx.db, ctx.community.id, row.about_id) if row.about_id else None
    if who is None:
        raise UserError("report.nobody_named", number=row.number, command=Code("/mod freeze"))
    return await freeze(ctx, who)


async def unfreeze(ctx: Context, who: Member) -> Reply:
    """Let a member take part again."""
    if who.frozen_at is not None:
        who.frozen_at = None
        ctx.db.add(who)
        await ctx.db.flush()
        await ctx.happened("member.unfrozen", who)
        ctx.audit("member.unfrozen", who.id)
        await ctx.outbox.note(who, "report.unfrozen", key=f"report.unfrozen:{who.id}:{ctx.now.isoformat()}")
    return Show(moderator_views.unfrozen(ctx.say, who))


async def unfreeze_button(ctx: Context, who: Member) -> Reply:
    """The same, by the button under "frozen"."""
    return await unfreeze(ctx, who)


async def apart(ctx: Context) -> Reply:
    """Show who is kept apart and who is frozen, each with the button that ends it."""
    standing = await storage.report.separations(ctx.db, ctx.community.id)
    frozen = await storage.member.frozen(ctx.db, ctx.community.id)
    return Show(moderator_views.apart(ctx.say, standing, frozen))


async def audit(ctx: Context) -> Reply:
    """Show the newest acts of coordinators and moderators."""
    return Show(moderator_views.audit(ctx.say, await storage.audit.newest(ctx.db, ctx.community.id, 200)))
