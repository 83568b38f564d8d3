"""Suggesting how to work together, and saying yes to it. Only the pair itself may look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.agreement
import storage.pair
from bot import pairs
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.text import Code
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.agreement import rules, views
from storage.agreement import Agreement, AgreementSeat
from storage.checkin import ANSWERED, DROPPED
from storage.pair import Pair


async def show(ctx: Context) -> Reply:
    """Show what the member agreed with each of their partners."""
    mine = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    if not mine:
        raise UserError("agreement.no_pair")
    return Show(views.shown(ctx.say, [await state(ctx, pair, ctx.member.id) for pair in mine]))


async def see(ctx: Context, pair: Pair) -> Reply:
    """The same for one pair."""
    await pairs.partners(ctx, pair)
    return Show(views.shown(ctx.say, [await state(ctx, pair, ctx.member.id)]))


async def open_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form, filled in with the newest suggestion."""
    await pairs.partners(ctx, pair)
    return Ask(await form(ctx))


async def form(ctx: Context) -> Form:
    """Build the form of a pair."""
    pair = ctx.the(Pair)
    return views.form(ctx.say, await state(ctx, pair, ctx.member.id))


async def suggested(ctx: Context, answers: Answers) -> Reply:
    """Take a suggestion. The same terms again are a yes; others need everybody's yes once more."""
    pair = ctx.the(Pair)
    await pairs.partners(ctx, pair)
    agreement = await begin(ctx, pair)
    mine = await _seat(ctx, agreement, ctx.member.id)
    wanted, hoped = rules.suggested(answers), mine.hope
    if changed := agreement.revision == 0 or wanted != rules.terms(agreement):
        agreement.rhythm, agreement.channel = wanted.rhythm, wanted.channel
        agreement.confidentiality = wanted.confidentiality
        agreement.revision, agreement.agreed_at = agreement.revision + 1, None
    mine.hope, mine.revision = answers["hope"], agreement.revision
    _answered(mine)
    for row in (agreement, mine):
        ctx.db.add(row)
    return await _taken(ctx, pair, agreement, news=changed or mine.hope != hoped)


async def agree(ctx: Context, agreement: Agreement) -> Reply:
    """Say yes to the suggestion that the button stands under."""
    pair = await ctx.find(Pair, agreement.pair_id)
    await pairs.partners(ctx, pair)
    if ctx.arg != str(agreement.revision):
        raise UserError("agreement.changed", command=Code("/match agreement"))
    mine = await _seat(ctx, agreement, ctx.member.id)
    mine.revision = agreement.revision
    _answered(mine)
    ctx.db.add(mine)
    return await _taken(ctx, pair, agreement, news=False)


async def keep(ctx: Context, seat: AgreementSeat) -> Reply:
    """At half time: all is well as it is."""
    if seat.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    seat.status = ANSWERED
    ctx.db.add(seat)
    return Replace(views.kept(ctx.say))


async def _taken(ctx: Context, pair: Pair, agreement: Agreement, *, news: bool) -> Reply:
    """Tell the pair what was suggested, or that everybody has agreed; answer the member."""
    await ctx.db.flush()
    first = await settle(ctx, pair, agreement)
    shown = await state(ctx, pair, ctx.member.id)
    if agreement.agreed_at is None and news:
        told = await told_of(ctx, pair)
        await pairs.tell(
            ctx, pair, "agreement.suggested", key=f"agreement.suggested:{ctx.ids.new()}", but=ctx.member.id,
            who=ctx.member.id, **told,
        )  # fmt: skip
    elif agreement.agreed_at is not None and news and not first:
        await _tell_agreed(ctx, pair)
    return Show(views.taken(ctx.say, shown))


async def settle(work: Work, pair: Pair, agreement: Agreement) -> bool:
    """Note, and tell the pair, that everybody has agreed, if that is so and new; return whether it is."""
    people = await pairs.seated(work, pair)
    parts = await storage.agreement.seats(work.db, work.community.id, agreement.id, people)
    if agreement.agreed_at is not None or not rules.all_agree(agreement.revision, [parts.get(one) for one in people]):
        return False
    agreement.agreed_at = work.now
    work.db.add(agreement)
    await work.db.flush()
    await _tell_agreed(work, pair)
    return True


async def _tell_agreed(work: Work, pair: Pair) -> None:
    told = await told_of(work, pair)
    await pairs.tell(work, pair, "agreement.agreed", key=f"agreement.agreed:{work.ids.new()}", **told)


async def begin(work: Work, pair: Pair) -> Agreement:
    """Return the agreement of a pair, made empty with a part for everybody where there is none."""
    here = work.community.id
    agreement = await storage.agreement.of_pair(work.db, here, pair.id)
    if agreement is None:
        agreement = Agreement(id=work.ids.new(), community_id=here, pair_id=pair.id, created_at=work.now)
        work.db.add(agreement)
        await work.db.flush()
    for member in await pairs.seated(work, pair):
        await _seat(work, agreement, member)
    return agreement


async def _seat(work: Work, agreement: Agreement, member: str) -> AgreementSeat:
    """Return a member's part, made where there is none: who joined later is not asked at half time."""
    found = await storage.agreement.seats(work.db, work.community.id, agreement.id, [member])
    seat = found.get(member)
    if seat is None:
        seat = AgreementSeat(
            id=work.ids.new(), community_id=work.community.id, agreement_id=agreement.id, member_id=member,
            due_at=work.now, expires_at=work.now + timedelta(), status=DROPPED, why="no_half_time",
        )  # fmt: skip
        work.db.add(seat)
        await work.db.flush()
    return seat


def _answered(seat: AgreementSeat) -> None:
    """Who has just looked at the agreement by themselves after being asked has answered."""
    if seat.status == "asked":
        seat.status = ANSWERED


async def state(work: Work, pair: Pair, reader: str) -> views.State:
    """Return how a pair's agreement stands, for one who is in it."""
    here, people = work.community.id, await pairs.seated(work, pair)
    agreement = await storage.agreement.of_pair(work.db, here, pair.id)
    if agreement is None:
        return views.State(pair.id, "", reader, tuple(people), None, 0, {}, frozenset())
    parts = await storage.agreement.seats(work.db, here, agreement.id, people)
    return views.State(
        pair=pair.id, agreement=agreement.id, reader=reader, people=tuple(people),
        terms=rules.terms(agreement) if agreement.revision else None, revision=agreement.revision,
        hopes={member: parts[member].hope for member in people if member in parts and parts[member].hope},
        agreed=frozenset(member for member in parts if parts[member].revision == agreement.revision),
    )  # fmt: skip


async def told_of(work: Work, pair: Pair) -> dict[str, Any]:
    """Return what messages say about a pair's agreement, as JSON values."""
    shown = await state(work, pair, "")
    terms = shown.terms or rules.Terms("", "", "")
    return {
        "pair_id": pair.id, "agreement": shown.agreement, "revision": shown.revision, "rhythm": terms.rhythm,
        "channel": terms.channel, "confidentiality": terms.confidentiality,
        "hopes": [[member, hope] for member, hope in shown.hopes.items()],
    }  # fmt: skip


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show a suggestion that waits for the member's yes on their page."""
    return views.home(await steps(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to look at a suggestion that waits for the member's yes."""
    mine = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    states = [await state(ctx, pair, ctx.member.id) for pair in mine[:5]]
    return tuple(views.step(ctx.say, one) for one in states if one.terms is not None and not one.mine)
