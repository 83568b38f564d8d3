"""The list, and a word to a pair on it."""

from __future__ import annotations

from datetime import timedelta

import storage.checkin
import storage.member
import storage.pair
import storage.response
import storage.risk
import storage.session
from bot import nudging, pairs
from bot.chat.reply import Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.risk import rules, views
from bot.planner import Drop
from storage.checkin import CheckIn
from storage.pair import Pair
from storage.programme import Programme
from storage.risk import FINE, HELP

WARNED = 2
"""The step of the response clock from which an introduction counts as overdue."""

EXPIRES = timedelta(days=7)


async def risk(ctx: Context, programme: Programme) -> Reply:
    """List the pairs at risk."""
    return Show(views.risks(ctx.say, programme.name, await _findings(ctx, programme.id)))


async def _findings(ctx: Context, programme_id: str, only: str | None = None) -> list[rules.Finding]:
    here = ctx.community.id
    pairs = [pair for pair in await storage.pair.active_in(ctx.db, here, programme_id) if only in (None, pair.id)]
    ids = [pair.id for pair in pairs]
    seats = await storage.pair.seats(ctx.db, here, ids)
    checkins = await storage.checkin.of_pairs(ctx.db, here, ids)
    words = await storage.risk.of_pairs(ctx.db, here, ids)
    sessions = await storage.session.last_signs(ctx.db, here, ids)
    waiting = await storage.response.open_in(ctx.db, here, "pair", programme_id)
    found = []
    for pair in pairs:
        said = [(row.member_id, _said(row)) for row in checkins[pair.id]]
        said += [(row.member_id, rules.Said(row.word, row.said_at)) for row in words[pair.id]]
        said.sort(key=lambda one: one[1].at)
        heard = [one.at for _, one in said if one.word]
        signs = rules.Signs(
            pair=pair.id,
            members=tuple(seat.member_id for seat in seats[pair.id]),
            since=pair.created_at,
            met_at=pair.met_at,
            last_sign=max([*heard, *([sessions[pair.id]] if pair.id in sessions else [])], default=None),
            answers={
                seat.member_id: [one for member, one in said if member == seat.member_id] for seat in seats[pair.id]
            },
            waited_for=tuple(row.member_id for row in waiting.get(pair.id, ()) if row.step >= WARNED),
        )
        one = rules.finding(
            signs, now=ctx.now, stalled_days=ctx.setting("risk.stalled_days"),
            one_sided_after=ctx.setting("risk.one_sided_after"),
        )  # fmt: skip
        found += [one] if one else []
    return rules.in_order(found)


def _said(checkin: CheckIn) -> rules.Said:
    return rules.Said(checkin.answer, checkin.answered_at or checkin.asked_at or checkin.due_at)


async def ask(ctx: Context, pair: Pair) -> Reply:
    """Ask those of a pair on whom it hangs how they get on, through the planner; once a week at most."""
    found = await _findings(ctx, pair.programme_id, pair.id)
    if pair.status != "active" or not found:
        raise UserError("risk.over")
    week = ctx.now.strftime("%G-%V")
    people = await storage.member.by_ids(ctx.db, ctx.community.id, found[0].about)
    decided = {
        member.id: await nudging.ask(
            ctx, member, "risk.ask", key=f"risk.ask:{pair.id}:{member.id}:{week}", due=ctx.now,
            expires=ctx.now + EXPIRES, pair_id=pair.id,
            partners=[other for other in found[0].members if other != member.id],
        )
        for member in people.values()
    }  # fmt: skip
    ctx.audit("risk.asked", pair.id)
    reached = [member for member, decision in decided.items() if not isinstance(decision, Drop)]
    return Show(views.asked(ctx.say, reached, [member for member in decided if member not in reached]))


async def fine(ctx: Context, pair: Pair) -> Reply:
    """All is well in the pair, which takes it off the list."""
    await _says(ctx, pair, FINE)
    await ctx.happened("pair.well", pair)
    return Replace(views.fine(ctx.say))


async def help_wanted(ctx: Context, pair: Pair) -> Reply:
    """They would like a word: coordinators are told who asks, and nothing else."""
    await _says(ctx, pair, HELP)
    channel = ctx.setting("core.coordinator_channel")
    await ctx.outbox.post(
        channel, "risk.help_wanted", key=f"risk.help:{pair.id}:{ctx.member.id}:{ctx.now.strftime('%G-%V')}",
        member=ctx.member.id, on_doubt="repeat",
    )  # fmt: skip
    return Replace(views.thanks_help(ctx.say, told=bool(channel)))


async def _says(ctx: Context, pair: Pair, word: str) -> None:
    """Keep a member's word about their pair. Raises `UserError` for a pair that is not theirs, is over, or rests."""
    await pairs.partners(ctx, pair)
    await storage.risk.keep(ctx.db, ctx.community.id, pair.id, ctx.member.id, word, ctx.now)
