"""What a member tells about themselves: looking at it, and changing one thing or several."""

from __future__ import annotations

import storage.member
import storage.programme
from bot import describing
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.chat.text import Mention
from bot.context import Context
from bot.describing import Mistake
from bot.errors import UserError
from bot.features.profile import describing_views
from bot.zones import zone_names
from storage.member import Member

MOST_AVOIDED = 50
COMPLETIONS = 25


async def view(ctx: Context) -> Reply:
    """Show everything that the member told, and who sees what."""
    avoided = await storage.member.by_ids(ctx.db, ctx.community.id, ctx.member.avoid)
    return Show(describing_views.profile(ctx.say, ctx.member, avoided=len(avoided)))


async def edit(ctx: Context) -> Reply:
    """Open the form."""
    return Ask(await edit_form(ctx))


async def edit_form(ctx: Context) -> Form:
    """Build it from what is known."""
    return describing_views.edit_form(ctx.say, ctx.member)


async def edited(ctx: Context, answers: Answers) -> Reply:
    """Keep what was said."""
    languages = describing.languages(answers["languages"])
    if isinstance(languages, Mistake):
        return Reject({"languages": describing.sentence(ctx.say, languages)})
    member = ctx.member
    member.languages, member.pronouns, member.needs = list(languages), answers["pronouns"], answers["needs"]
    member.wants, member.offers = list(describing.listed(answers["wants"])), list(describing.listed(answers["offers"]))
    member.interests = list(describing.listed(answers["interests"]))
    ctx.db.add(member)
    return Show(describing_views.profile(ctx.say, member, avoided=len(member.avoid), saved=True))


async def availability(ctx: Context) -> Reply:
    """Open the week to choose from."""
    return Ask(await availability_form(ctx))


async def availability_form(ctx: Context) -> Form:
    """Build it from the week that is known."""
    return describing_views.availability_form(ctx.say, ctx.member.availability)


async def availability_saved(ctx: Context, answers: Answers) -> Reply:
    """Keep the week that was chosen; with nothing chosen, any time is as good as another."""
    chosen = [(day, int(part)) for day in range(7) for part in answers[f"day_{day}"]]
    ctx.member.availability = describing.week_of(chosen)
    ctx.db.add(ctx.member)
    return Show(describing_views.week(ctx.say, ctx.member.availability))


async def timezone(ctx: Context, zone: str) -> Reply:
    """Set the zone; messages that wait go by it from now on."""
    found = describing.zone(zone)
    if isinstance(found, Mistake):
        raise UserError(
            "profile.zone_near" if found.nearest else "profile.zone", given=found.given[:40], nearest=found.nearest
        )
    ctx.member.zone = found
    ctx.db.add(ctx.member)
    return Show(describing_views.zone(ctx.say, found, ctx.now))


async def zones(_ctx: Context, typed: str) -> list[str]:
    """Return the zones whose name holds what was typed."""
    wanted = typed.strip().casefold().replace(" ", "_")
    return [name for name in sorted(zone_names()) if wanted in name.casefold()][:COMPLETIONS]


async def language(ctx: Context, language: str) -> Reply:
    """Set the language in which Kith writes to the member."""
    ctx.member.language = language
    ctx.db.add(ctx.member)
    return Show(describing_views.language(language))


async def avoid_add(ctx: Context, who: Member) -> Reply:
    """Never be paired with somebody. They are not told, and neither is anybody else."""
    if who.id == ctx.member.id:
        raise UserError("profile.avoid_self")
    if len(ctx.member.avoid) >= MOST_AVOIDED and who.id not in ctx.member.avoid:
        raise UserError("profile.avoid_many", most=MOST_AVOIDED)
    ctx.member.avoid = sorted({*ctx.member.avoid, who.id})
    ctx.db.add(ctx.member)
    return Show(describing_views.avoiding(ctx.say, who.id))


async def avoid_remove(ctx: Context, who: Member) -> Reply:
    """Take somebody off the list."""
    if who.id not in ctx.member.avoid:
        raise UserError("profile.avoid_not", who=Mention(who.id))
    ctx.member.avoid = [one for one in ctx.member.avoid if one != who.id]
    ctx.db.add(ctx.member)
    return Show(describing_views.no_longer_avoiding(ctx.say, who.id))


async def avoid_list(ctx: Context) -> Reply:
    """Show the list to who made it."""
    found = await storage.member.by_ids(ctx.db, ctx.community.id, ctx.member.avoid)
    return Show(describing_views.avoided(ctx.say, sorted(found)))
