"""What coordinators ask of rounds."""

from __future__ import annotations

from bot.chat.reply import Reply, Show
from bot.context import Context
from bot.features.round import drawing, views
from bot.matching import Result
from storage.programme import Programme


async def preview(ctx: Context, result: Result, programme: Programme) -> Reply:
    """Show what a round would be."""
    return Show(views.preview(ctx.say, programme.name, result, published=False))


async def publish(ctx: Context, result: Result, programme: Programme) -> Reply:
    """Publish a round."""
    if not result.groups:
        return Show(views.preview(ctx.say, programme.name, result, published=False))
    await drawing.publish(ctx, programme, result)
    return Show(views.preview(ctx.say, programme.name, result, published=True))
