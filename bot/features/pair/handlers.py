"""What members ask about their pairs."""

from __future__ import annotations

import storage.pair
import storage.programme
from bot import pairs
from bot.chat.reply import Reply, Show
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.feature import Step
from bot.features.pair import icebreakers, views
from bot.programmes import file_of
from storage.pair import FROZEN, Pair


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
    found = icebreakers.nth(people, given)
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
