"""Going through a module, step by step; what is passed, and who has yet to."""

from __future__ import annotations

import storage.member
import storage.programme
import storage.training
from bot import resources, training
from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import Code
from bot.chat.views import View
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.training import rules, views
from bot.programme.stored import file_of
from bot.training import MODULES, Module
from storage.programme import PEOPLE, Programme
from storage.training import TrainingProgress


async def go_on(ctx: Context) -> Reply:
    """Open the module that is begun, else the next one that a programme asks for, else the next of all."""
    known = await storage.training.of_member(ctx.db, ctx.community.id, ctx.member.id)
    key = rules.next_module(known, await _required(ctx))
    if key is None:
        return Show(views.all_done(ctx.say))
    return Show(await _open(ctx, key, known.get(key)))


async def begin(ctx: Context) -> Reply:
    """Open the module that was chosen; one that was passed can be read again."""
    if ctx.arg not in MODULES:
        raise UserError("training.gone", command=Code("/training list"))
    known = await storage.training.of_member(ctx.db, ctx.community.id, ctx.member.id)
    return Show(await _open(ctx, ctx.arg, known.get(ctx.arg)))


async def _open(ctx: Context, key: str, row: TrainingProgress | None) -> View:
    module = training.module(key, ctx.say.language)
    if row is None:
        row = TrainingProgress(
            id=ctx.ids.new(), community_id=ctx.community.id, member_id=ctx.member.id, module=key, begun_at=ctx.now
        )
        ctx.db.add(row)
        await ctx.db.flush()
    elif row.at >= len(module.steps):
        rules.again(row, module)
        ctx.db.add(row)
    return views.step(ctx.say, module, row)


async def _required(ctx: Context) -> list[str]:
    """Return what the member's roles ask for, each once."""
    found: dict[str, None] = {}
    for role in await storage.programme.roles_of(ctx.db, ctx.community.id, ctx.member.id):
        if role.status == "active" and role.kind in PEOPLE and role.programme_id:
            programme = await storage.programme.by_id(ctx.db, ctx.community.id, role.programme_id)
            if programme is not None and programme.closed_at is None:
                found |= dict.fromkeys(file_of(programme).training.required.get(role.kind, ()))
    return list(found)


def _mine(ctx: Context, row: TrainingProgress) -> Module:
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.module not in MODULES:
        raise UserError("training.gone", command=Code("/training list"))
    return training.module(row.module, ctx.say.language)


async def pick(ctx: Context, row: TrainingProgress) -> Reply:
    """Take a choice, once; an old button shows where the member is."""
    module = _mine(ctx, row)
    if rules.choose(row, module, ctx.arg):
        ctx.db.add(row)
    return Replace(views.step(ctx.say, module, row))


async def following(ctx: Context, row: TrainingProgress) -> Reply:
    """Go to the next step; after the last one it is passed, or can be tried again."""
    module = _mine(ctx, row)
    if not rules.go(row, module, ctx.arg):
        return Replace(views.step(ctx.say, module, row))
    ctx.db.add(row)
    if row.at < len(module.steps):
        return Replace(views.step(ctx.say, module, row))
    if not module.passes(row.right):
        return Replace(views.not_passed(ctx.say, module, row))
    if row.passed_at is None:
        row.passed_at = ctx.now
        await ctx.db.flush()
        await ctx.happened("training.passed", row)
    known = await storage.training.of_member(ctx.db, ctx.community.id, ctx.member.id)
    passed = {key for key, one in known.items() if one.passed_at is not None}
    left = [key for key in await _required(ctx) if key not in passed]
    return Replace(views.passed(ctx.say, module, row, left=len(left)))


async def listed(ctx: Context) -> Reply:
    """Show all modules with what was passed."""
    known = await storage.training.of_member(ctx.db, ctx.community.id, ctx.member.id)
    modules = [training.module(key, ctx.say.language) for key in MODULES]
    return Show(views.listed(ctx.say, modules, known, await _required(ctx)))


async def transcript(ctx: Context) -> Reply:
    """Give what was passed and when, as a table to keep."""
    known = await storage.training.of_member(ctx.db, ctx.community.id, ctx.member.id)
    passed = [row for key, row in known.items() if row.passed_at is not None and key in MODULES]
    if not passed:
        raise UserError("training.no_transcript", command=Code("/training next"))
    modules = [(training.module(row.module, ctx.say.language), row) for row in passed]
    return Show(views.transcript(ctx.say, ctx.member.shown, modules))


async def library(ctx: Context, about: str | None) -> Reply:
    """Show what the member's programmes recommend; of all open ones, for who is in none."""
    mine = await storage.programme.joined_by(ctx.db, ctx.community.id, ctx.member.id)
    rows = mine or await storage.programme.open_ones(ctx.db, ctx.community.id)
    known = [one for row in rows for one in resources.of(file_of(row), ctx.say.language)]
    return Show(views.library(ctx.say, about or "", resources.search(known, about or ""), any_=bool(known)))


async def thought(ctx: Context) -> Reply:
    """Answer a choice about the thought of a month. Nothing of it is kept."""
    month, _, option = ctx.arg.partition(".")
    known = training.thoughts(ctx.say.language)
    if month not in map(str, range(len(known))) or option not in map(str, range(len(known[int(month)].options))):
        raise UserError("core.gone")
    return Replace(views.thought_answered(ctx.say, known[int(month)], int(option)))


async def status(ctx: Context, programme: Programme) -> Reply:
    """Show coordinators who has yet to pass what."""
    required = file_of(programme).training.required
    roles = await storage.programme.roles_in(ctx.db, ctx.community.id, programme.id)
    passed = await storage.training.passed(ctx.db, ctx.community.id, {role.member_id for role in roles})
    asked = [role for role in roles if required.get(role.kind)]
    waits = {
        role.member_id: missing
        for role in asked
        if (missing := training.missing(required, role.kind, passed.get(role.member_id, ())))
    }
    return Show(views.status(ctx.say, len({role.member_id for role in asked}), waits))


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to go on, while a programme asks for something."""
    required = await _required(ctx)
    if not required:
        return ()
    passed = (await storage.training.passed(ctx.db, ctx.community.id, [ctx.member.id])).get(ctx.member.id, set())
    left = [key for key in required if key not in passed]
    return (views.next_step(ctx.say, len(left)),) if left else ()
