"""What past rounds teach about the weights: shown with its doubt, proposed, and never applied by itself."""

from __future__ import annotations

from dataclasses import dataclass

import storage.meetings
from bot.chat.reply import Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.round import weighing, weight_views
from bot.insight import learning
from bot.insight.learning import Learned
from bot.matching import WEIGHTS, Rules
from bot.programme.stored import file_of
from bot.rounds import rules_of
from storage.programme import Programme


@dataclass(frozen=True, slots=True)
class Past:
    """Pairs that are over: the parts of their score, and whether it went well."""

    pairs: list[tuple[dict[str, float], bool]]


async def read_past(ctx: Context, programme: Programme) -> Past:
    """Gather the pairs of past rounds whose parts were kept."""
    if file_of(programme).mode is None:
        raise UserError("round.no_rounds", programme=programme.name)
    return Past(await storage.meetings.made(ctx.db, ctx.community.id, programme.id))


def learn(past: Past) -> Learned:
    """Find out what went with good outcomes."""
    return learning.learn(past.pairs)


async def learned(ctx: Context, found: Learned, programme: Programme) -> Reply:
    """Show what was learned and, where something is clear, propose weights to try on the last round."""
    if not found.enough:
        return Show(weight_views.too_few(ctx.say, found))
    rules = await rules_of(ctx, programme)
    before = weighing.points(rules)
    new = learning.suggested({**WEIGHTS, **rules.weights}, found)
    after = weighing.points(Rules(weights=new))
    if after == before:
        return Show(weight_views.learned(ctx.say, programme.name, found, None))
    row = await weighing.propose_weights(ctx, programme, new)
    proposed = weight_views.weights_proposed(ctx.say, row, programme.name, before, after)
    return Show(weight_views.learned(ctx.say, programme.name, found, proposed))
