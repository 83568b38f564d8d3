"""What the parts of a score weigh: changed by a form, tried on the last round, put in force by a second yes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import storage.programme
import storage.round
from bot.chat.forms import Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.features.round import drafts, views, weight_views
from bot.matching import PARTS, WEIGHTS, Request, Result, Rules, judge, match
from bot.programme.stored import file_of
from bot.rounds import gather, next_number, rules_of
from storage.programme import Programme
from storage.round import Round, RoundWeights

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Trial:
    """The last round twice: with the weights in force, and with those proposed. `number` 0: there was none yet."""

    number: int
    now: Request
    then: Request


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial: both rounds as the proposed weights see them."""

    trial: Trial
    before: Result
    after: Result


def try_out(trial: Trial) -> Tried:
    """Draw both rounds, and look at both with the proposed weights."""
    before = match(trial.now)
    seen = judge(trial.then, tuple(group.members for group in before.groups))
    return Tried(trial, seen, match(trial.then))


def points(rules: Rules) -> dict[str, int]:
    """Return part -> its weight in hundredths of the whole."""
    whole = {**WEIGHTS, **rules.weights}
    total = sum(whole.values()) or 1.0
    return {part: round(WHOLE * whole[part] / total) for part in PARTS}


async def weights(ctx: Context, programme: Programme) -> Reply:
    """Open the form of the weights."""
    if file_of(programme).mode is None:
        raise UserError("round.no_rounds", programme=programme.name)
    ctx.row = programme
    return Ask(await weights_form(ctx))


async def weights_form(ctx: Context) -> Form:
    """Ask what each part weighs, beginning with what is in force."""
    programme = ctx.the(Programme)
    return weight_views.weights_form(ctx.say, programme.id, points(await rules_of(ctx, programme)))


async def propose(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep new weights as a proposal."""
    programme = ctx.the(Programme)
    new = {part: answers[part] or 0 for part in PARTS}
    if not sum(new.values()):
        return Reject({PARTS[0]: ctx.say.line("Something has to count. Give at least one part more than 0.")})
    before = points(await rules_of(ctx, programme))
    row = await propose_weights(ctx, programme, {part: value / sum(new.values()) for part, value in new.items()})
    after = points(Rules(weights=row.proposed))
    if after == before:
        return Show(weight_views.weights_same(ctx.say))
    return Show(weight_views.weights_proposed(ctx.say, row, programme.name, before, after))


async def propose_weights(ctx: Context, programme: Programme, new: dict[str, float]) -> RoundWeights:
    """Keep weights as a proposal, in the place of one before."""
    row = await _row(ctx, programme)
    row.proposed, row.version = new, row.version + 1
    ctx.db.add(row)
    return row


async def _row(ctx: Context, programme: Programme) -> RoundWeights:
    row = await storage.round.weights_of(ctx.db, ctx.community.id, programme.id)
    return row or RoundWeights(
        id=ctx.ids.new(), community_id=ctx.community.id, programme_id=programme.id, changed_at=ctx.now
    )


async def read_trial(ctx: Context, row: RoundWeights) -> Trial:
    """Gather the last round with the people who took part in it and are still there; without one, today's people."""
    programme = await _proposal(ctx, row)
    rounds = await storage.round.of_programme(ctx.db, ctx.community.id, programme.id)
    last = next((one for one in rounds if one.published_at is not None), None)
    if last is None:
        number = await next_number(ctx, programme.id)
        now = await drafts.fresh_request(ctx, programme, seed=number, number=number)
    else:
        now = await _again(ctx, programme, last)
    return Trial(last.number if last else 0, now, replace(now, rules=replace(now.rules, weights=row.proposed)))


async def _again(ctx: Context, programme: Programme, last: Round) -> Request:
    seats = await storage.round.history(ctx.db, ctx.community.id, programme.id, last.number)
    took_part = {member for number, _, member in seats if number == last.number}
    took_part |= {one[0] for one in last.result.get("unmatched", [])}
    found = await gather(ctx, programme, seed=last.seed, number=last.number, only=took_part)
    if found is None or len(found.people) < 2:
        raise UserError("round.nobody", programme=programme.name)
    return replace(found, history=tuple(past for past in found.history if past[0] < last.number))


async def _proposal(ctx: Context, row: RoundWeights) -> Programme:
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    if programme is None:
        raise UserError("core.gone")
    if not row.proposed or ctx.arg != str(row.version):
        raise UserError("round.weights_changed")
    return programme


async def tried(ctx: Context, tried: Tried, row: RoundWeights) -> Reply:
    """Show what the proposed weights would have changed."""
    programme = await _proposal(ctx, row)
    return Replace(weight_views.weights_tried(ctx.say, row, programme.name, tried.trial, tried.before, tried.after))


async def use(ctx: Context, row: RoundWeights) -> Reply:
    """Put the proposed weights in force."""
    programme = await _proposal(ctx, row)
    row.weights, row.proposed = row.proposed, {}
    row.version, row.changed_by, row.changed_at = row.version + 1, ctx.member.id, ctx.now
    ctx.db.add(row)
    ctx.audit("round.weights", programme.id)
    return Replace(await _used(ctx, row, programme, own=True))


async def _used(ctx: Context, row: RoundWeights, programme: Programme, *, own: bool) -> View:
    draft = await storage.round.draft_of(ctx.db, ctx.community.id, programme.id)
    drafted = draft is not None and bool(draft.people)
    return weight_views.weights_used(ctx.say, row.id, programme.name, own=own, drafted=drafted)


async def keep(ctx: Context, row: RoundWeights) -> Reply:
    """Leave the weights as they are."""
    row.proposed, row.version = {}, row.version + 1
    ctx.db.add(row)
    return Replace(views.left(ctx.say))


async def as_in_file(ctx: Context, row: RoundWeights) -> Reply:
    """Go back to what the programme's file says."""
    row.weights, row.proposed = {}, {}
    row.version, row.changed_by, row.changed_at = row.version + 1, ctx.member.id, ctx.now
    ctx.db.add(row)
    ctx.audit("round.weights", row.programme_id, "file")
    programme = await storage.programme.by_id(ctx.db, ctx.community.id, row.programme_id)
    if programme is None:
        raise UserError("core.gone")
    return Replace(await _used(ctx, row, programme, own=False))
