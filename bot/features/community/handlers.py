"""Set-up, settings, status, a member's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.checkin
import storage.community
import storage.feedback
import storage.member
import storage.outbox
import storage.pair
import storage.programme
import storage.round
import storage.schedule
from bot.chat.actions import Option
from bot.chat.forms import Answers, ChoiceField, Form, TextField
from bot.chat.reply import Ask, Reject, Reply, Show
from bot.chat.views import Block, View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.community import rules, views
from bot.home import home
from bot.zones import find_zone, nearest_zone

WEEK = timedelta(days=7)


async def me(ctx: Context) -> Reply:
    """Show the member's page."""
    return Show(await home(ctx))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer the member's page."""
    return (views.step(ctx.say),)


async def setup(ctx: Context) -> Reply:
    """Open the set-up form."""
    return Ask(await setup_form(ctx))


async def setup_form(ctx: Context) -> Form:
    """Build the set-up form from the community and every setting that belongs to set-up."""
    say = ctx.say
    languages = (Option("en", "English"), Option("es", "Español"))
    first = [setting for setting in ctx.features.settings.values() if setting.setup]
    return Form(
        name="community.setup",
        title=say.line("Set up Kith"),
        submit=say.line("Save"),
        fields=(
            TextField(name="name", label=say.line("Name of the community"), max_length=60, value=ctx.community.name),
            ChoiceField(
                name="language", label=say.line("Language"), options=languages, value=ctx.community.language,
                hint=say.line("For posts in channels. Each member reads their own language in private."),
            ),
            TextField(
                name="zone", label=say.line("Time zone"), max_length=60, value=ctx.community.zone,
                hint=say.line("Of the community, like Europe/Madrid. Members have their own."),
            ),
            *(rules.field(setting, ctx.setting(setting.key), say, ctx.space.id) for setting in first),
        ),
    )  # fmt: skip


async def save_setup(ctx: Context, answers: Answers) -> Reply:
    """Store what the set-up form says."""
    zone = find_zone(answers["zone"])
    if zone is None:
        return Reject({"zone": views.bad_zone(ctx.say, answers["zone"], nearest_zone(answers["zone"]))})
    ctx.community.name, ctx.community.language, ctx.community.zone = answers["name"], answers["language"], zone
    ctx.db.add(await ctx.db.merge(ctx.community))
    await _store(ctx, answers)
    await ctx.happened("community.ready", ctx.community)
    return Show(views.set_up(ctx.say))


async def settings(ctx: Context, about: str) -> Reply:
    """Open the form for one part of the settings."""
    ctx.arg = about
    return Ask(await settings_form(ctx))


async def settings_form(ctx: Context) -> Form:
    """Build the form of one part; the part is the form's key."""
    part = ctx.key or ctx.arg
    chosen = rules.of_part(ctx.features.settings.values(), part)
    if not chosen:
        raise UserError("community.nothing_to_set")
    fields = tuple(rules.field(setting, ctx.setting(setting.key), ctx.say, ctx.space.id) for setting in chosen)
    return Form(
        name="community.settings", key=part, title=ctx.say.line("Settings"), fields=fields, submit=ctx.say.line("Save")
    )


async def save_settings(ctx: Context, answers: Answers) -> Reply:
    """Store one part of the settings."""
    await _store(ctx, answers)
    return Show(views.saved(ctx.say))


async def _store(ctx: Context, answers: dict[str, Any]) -> None:
    known = ctx.features.settings
    new = {
        key: rules.stored(known[key], answer, ctx.space.id, ctx.setting(key))
        for key, answer in answers.items()
        if key in known
    }
    for key in rules.changed(ctx.settings, new):
        await storage.community.set_value(ctx.db, ctx.community.id, key, new[key])
        ctx.audit("setting.changed", key)


async def status(ctx: Context) -> Reply:
    """Show coordinators how each programme stands, and what waits."""
    return Show(await _status(ctx))


async def desk(ctx: Context) -> tuple[Block, ...]:
    """Show the same on a coordinator's own page, with where to go from there."""
    return views.desk(ctx.say, await _status(ctx))


async def _status(ctx: Context) -> View:
    here = ctx.community.id
    programmes = []
    for programme in await storage.programme.open_ones(ctx.db, here):
        rounds = await storage.round.of_programme(ctx.db, here, programme.id)
        latest = next((one for one in rounds if one.published_at is not None), None)
        schedule = await storage.schedule.of(ctx.db, here, "round.draw", programme.id)
        programmes.append(
            views.ProgrammeStatus(
                name=programme.name,
                people=await storage.programme.head_count(ctx.db, here, programme.id),
                round_number=latest.number if latest else None,
                pairs=await storage.pair.tally(ctx.db, here, latest.id) if latest else (0, 0),
                unmatched=len(latest.result.get("unmatched", [])) if latest else 0,
                answers=await storage.checkin.answers(ctx.db, here, programme.id, ctx.now - WEEK),
                next_round=schedule.next_at if schedule else None,
            )
        )
    return views.status(
        ctx.say,
        name=ctx.community.name,
        members=await storage.member.active(ctx.db, here),
        programmes=programmes,
        notes=await storage.feedback.count(ctx.db, here),
        outbox=await storage.outbox.counts(ctx.db, here),
    )
