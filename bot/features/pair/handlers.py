"""What members ask about their pairs, and how they part."""

from __future__ import annotations

import storage.member
import storage.pair
import storage.programme
from bot import pairs
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reply, Show
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.pair import rules, views
from bot.programme.stored import file_of
from storage.pair import FROZEN, Pair, Rematch


async def why(ctx: Context) -> Reply:
    """Show the member's partners and why they were brought together."""
    mine = await storage.pair.open_of(ctx.db, ctx.community.id, ctx.member.id)
    if not mine:
        raise UserError("pair.none")
    return Show(views.why(ctx.say, await _mine(ctx, mine)))


async def why_button(ctx: Context, pair: Pair) -> Reply:
    """The same, for one pair; only its members may look."""
    if ctx.member.id not in await pairs.seated(ctx, pair):
        raise UserError("pair.not_yours")
    return Show(views.why(ctx.say, await _mine(ctx, [pair])))


async def question(ctx: Context, pair: Pair) -> Reply:
    """Give a pair another question to begin with: where both read it, or to each in private."""
    others = await pairs.partners(ctx, pair)
    asked = await next_question(ctx, pair)
    if asked is None:
        raise UserError("pair.no_more_questions")
    await pairs.tell(
        ctx, pair, "pair.question", key=f"pair.question:{pair.id}:{pair.icebreakers}",
        question=asked, partners=[ctx.member.id, *others],
    )  # fmt: skip
    return Show(views.question_sent(ctx.say))


async def next_question(work: Work, pair: Pair) -> str | None:
    """Return a question that these people have not had from us, and count it; None when they have had all."""
    people = await pairs.seated(work, pair)
    given = await storage.pair.icebreakers(work.db, work.community.id, people)
    found = rules.question(people, given)
    if found is not None:
        pair.icebreakers += 1
        work.db.add(pair)
    return found


async def _mine(ctx: Context, mine: list[Pair]) -> list[views.Mine]:
    seats = await storage.pair.seats(ctx.db, ctx.community.id, [pair.id for pair in mine])
    shown = []
    for pair in mine:
        programme = await storage.programme.by_id(ctx.db, ctx.community.id, pair.programme_id)
        shown.append(
            views.Mine(
                pair=pair.id,
                partners=tuple(seat.member_id for seat in seats[pair.id] if seat.member_id != ctx.member.id),
                reasons=tuple(pair.reasons),
                met=pair.met_at is not None,
                status=pair.status,
                agreement=programme is not None and file_of(programme).pairs.agreement,
            )
        )
    return shown


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show the member's pairs on their page."""
    mine = await storage.pair.open_of(ctx.db, ctx.community.id, ctx.member.id)
    return views.home(ctx.say, await _mine(ctx, mine))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to see why the member has their newest partner."""
    mine = await storage.pair.active_of(ctx.db, ctx.community.id, ctx.member.id)
    return tuple(views.step(ctx.say, one) for one in await _mine(ctx, mine[:1]) if one.status != FROZEN)


# -- parting without fault: the others are told kindly, and never why


async def rematch(ctx: Context) -> Reply:
    """Ask for another partner than the only one, or let the member choose which."""
    return await _chosen(ctx, "pair.rematch")


async def leave(ctx: Context) -> Reply:
    """Leave the only pair, or let the member choose which."""
    return await _chosen(ctx, "pair.leave")


async def _chosen(ctx: Context, what: str) -> Reply:
    mine = await storage.pair.open_of(ctx.db, ctx.community.id, ctx.member.id)
    if not mine:
        raise UserError("pair.none")
    if len(mine) == 1:
        ctx.row = mine[0]
        return Ask(await (rematch_form(ctx) if what == "pair.rematch" else leave_form(ctx)))
    others = [(pair.id, [one for one in await pairs.seated(ctx, pair) if one != ctx.member.id]) for pair in mine[:5]]
    return Show(views.which(ctx.say, what, others))


async def rematch_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form: it says what happens, and takes a reason for coordinators if there is one."""
    await pairs.partners(ctx, pair, resting=True)
    return Ask(await rematch_form(ctx))


async def leave_button(ctx: Context, pair: Pair) -> Reply:
    """Open the form for leaving."""
    await pairs.partners(ctx, pair, resting=True)
    return Ask(await leave_form(ctx))


async def rematch_form(ctx: Context) -> Form:
    """Build the form for another partner."""
    pair = ctx.the(Pair)
    return views.rematch_form(ctx.say, pair.id, three=len(await pairs.seated(ctx, pair)) > 2)


async def leave_form(ctx: Context) -> Form:
    """Build the form for leaving."""
    pair = ctx.the(Pair)
    return views.leave_form(ctx.say, pair.id, three=len(await pairs.seated(ctx, pair)) > 2)


async def rematched(ctx: Context, answers: Answers) -> Reply:
    """Take the member out of the pair; they and whoever is alone now come first in the next round."""
    pair = ctx.the(Pair)
    await pairs.partners(ctx, pair, resting=True)
    asked = await _keep(ctx, pair, "rematch", answers["reason"])
    await _part(ctx, pair, "rematch")
    await pairs.comes_first(ctx, pair.programme_id, ctx.member.id)
    await ctx.outbox.post(
        ctx.setting("core.coordinator_channel"), "pair.rematch_asked", key=f"pair.rematch_asked:{asked.id}"
    )
    return Show(views.rematched(ctx.say))


async def left(ctx: Context, answers: Answers) -> Reply:
    """Take the member out of the pair; they stay in the programme."""
    pair = ctx.the(Pair)
    await pairs.partners(ctx, pair, resting=True)
    if answers["reason"]:
        await _keep(ctx, pair, "leave", answers["reason"])
    await _part(ctx, pair, "left")
    return Show(views.left(ctx.say))


async def _keep(ctx: Context, pair: Pair, kind: str, reason: str) -> Rematch:
    """Write down for the coordinators who parted and, if they said so, why."""
    row = Rematch(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=pair.programme_id, pair_id=pair.id,
        member_id=ctx.member.id, kind=kind, reason=reason, asked_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    await ctx.db.flush()
    return row


async def _part(ctx: Context, pair: Pair, why: str) -> None:
    """Take the member out and tell the others, in private: those of a frozen pair hear nothing."""
    rests = pair.status == FROZEN
    others = await pairs.step_out(ctx, pair, ctx.member.id, why)
    told = {} if rests else await storage.member.by_ids(ctx.db, ctx.community.id, others)
    for member in told.values():
        await ctx.outbox.note(
            member, "pair.parted", key=f"pair.parted:{pair.id}:{ctx.member.id}:{member.id}", who=ctx.member.id,
            others=[one for one in others if one != member.id],
        )  # fmt: skip
