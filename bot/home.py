"""A member's page and their next steps, assembled from what each feature has to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import views
from bot.chat.spec import Audience
from bot.chat.views import Block, Divider, Heading, Text, View

if TYPE_CHECKING:
    from bot.context import Context

MOST_BLOCKS = 100  # Slack's App Home
STEPS = 3


async def home(ctx: Context) -> View:
    """Return the page: one part a feature, in the order of the features, with a line between two parts.

    What is for coordinators comes last, and only to them.
    """
    parts = [await feature.home(ctx) for feature in ctx.features.all if feature.home is not None]
    if await ctx.may(Audience.COORDINATOR, anywhere=True):
        parts += [await feature.desk(ctx) for feature in ctx.features.all if feature.desk is not None]
    blocks: list[Block] = [Heading(ctx.say.line("Your page"))]
    shown = [part for part in parts if part]
    for index, part in enumerate(shown):
        if len(blocks) + len(part) + 1 > MOST_BLOCKS:
            break
        blocks += ([Divider()] if index else []) + list(part)
    if not shown:
        blocks.append(Text(ctx.say("Nothing here yet. Join a programme to begin.")))
    return View("core.home", tuple(blocks))


async def next_steps(ctx: Context) -> View:
    """Return the few things that are nearest to this member now; of two as near, the earlier feature's comes first."""
    steps = [step for feature in ctx.features.all if feature.steps is not None for step in await feature.steps(ctx)]
    return views.next_steps(ctx.say, sorted(steps, key=lambda step: step.urgency)[:STEPS])
