"""Writing goals down, saying how far they are, reaching them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import storage.goal
import storage.member
import storage.pair
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.views import Block
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.goal import rules, views
from bot.features.goal.reminding import keep_reminders
from bot.recurrence import to_wall
from bot.zones import usable
from storage.goal import DROPPED, OPEN, OURS, PRIVATE, REACHED, SHARED, Goal, GoalNote


@dataclass(frozen=True, slots=True)
class Theirs:
    """What a member has to do with goals: `seated` and `active` are pair ids, `partners` pair id -> shown names."""

    seated: tuple[str, ...]
    active: tuple[str, ...]
    partners: dict[str, str]
    members: dict[str, tuple[str, ...]]


async def add(ctx: Context, what: str | None) -> Reply:
    """Ask for a goal, with what was typed already in its place."""
    return Ask(views.add_form(ctx.say, await _sights(ctx), what or ""))


async def add_button(ctx: Context) -> Reply:
    """Ask for a goal."""
    return await add(ctx, None)


async def add_form(ctx: Context) -> Any:
    """Build the form again."""
    return views.add_form(ctx.say, await _sights(ctx), "")


async def added(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Write a goal down and plan its reminders."""
    if errors := _wrong(ctx, answers):
        return Reject(errors)
    theirs = await _theirs(ctx)
    mine = await storage.goal.own(ctx.db, ctx.community.id, ctx.member.id)
    if sum(goal.status == OPEN for goal in mine) >= rules.MOST_OPEN:
        raise UserError("goal.enough", most=rules.MOST_OPEN)
    sight, pair = rules.sight(answers["sight"], theirs.active)
    goal = Goal(
        id=ctx.ids.new(), community_id=ctx.community.id, member_id=ctx.member.id, pair_id=pair, sight=sight,
        term=answers["term"] or "short", what=answers["what"], measure=answers["measure"], due_on=answers["due_on"],
        created_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(goal)
    await ctx.db.flush()
    await keep_reminders(ctx, goal)
    if sight == OURS and pair is not None:
        for other in await _others(ctx, theirs, pair):
            await ctx.outbox.note(
                other, "goal.ours", key=f"goal.ours:{goal.id}:{other.id}", goal=goal.id, who=ctx.member.id,
                what=goal.what,
            )  # fmt: skip
    return Show(views.added(ctx.say, _shown(ctx, goal, theirs)))


async def listing(ctx: Context) -> Reply:
    """Show the member's goals, those of their pairs, and what partners share."""
    theirs = await _theirs(ctx)
    goals = await _readable(ctx, theirs)
    return Show(views.listing(ctx.say, [_shown(ctx, goal, theirs) for goal in goals if goal.status != DROPPED]))


async def update(ctx: Context) -> Reply:
    """Ask how far a goal is: at once when there is one, else which."""
    goals = await _changeable(ctx)
    if len(goals) == 1:
        return Ask(await _update_form(ctx, goals[0]))
    return await _which(ctx, goals, "goal.choose")


async def done(ctx: Context) -> Reply:
    """Mark a goal as reached: at once when there is one, else ask which."""
    goals = await _changeable(ctx)
    if len(goals) == 1:
        return Show(await _reached(ctx, goals[0]))
    return await _which(ctx, goals, "goal.open")


async def opened(ctx: Context) -> Reply:
    """Show one goal with what can be done about it."""
    goal = await ctx.find(Goal, ctx.arg)
    return Show(await _one(ctx, goal, await _allowed(ctx, goal, change=False)))


async def chosen(ctx: Context) -> Reply:
    """Ask how far the chosen goal is."""
    goal = await ctx.find(Goal, ctx.arg)
    await _allowed(ctx, goal)
    return Ask(await _update_form(ctx, goal))


async def edit(ctx: Context, goal: Goal) -> Reply:
    """Ask how far a goal is."""
    await _allowed(ctx, goal)
    return Ask(await _update_form(ctx, goal))


async def update_form(ctx: Context) -> Any:
    """Build the form again."""
    goal = ctx.the(Goal)
    await _allowed(ctx, goal)
    return await _update_form(ctx, goal)


async def updated(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep how far a goal is, its steps, its day, and who can see it."""
    goal = ctx.the(Goal)
    theirs = await _allowed(ctx, goal)
    if goal.status != OPEN:
        raise UserError("goal.closed")
    if errors := _wrong(ctx, answers, unless=goal.due_on):
        return Reject(errors)
    goal.steps = rules.steps(answers["steps"])
    goal.progress = rules.progress(answers["progress"], goal.steps, goal.progress)
    moved = goal.due_on != answers["due_on"]
    goal.due_on = answers["due_on"]
    if goal.member_id == ctx.member.id:
        chosen_sight = rules.sight(answers.get("sight"), theirs.active)
        moved |= chosen_sight != (goal.sight, goal.pair_id)
        goal.sight, goal.pair_id = chosen_sight
    ctx.db.add(goal)
    ctx.db.add(
        GoalNote(
            id=ctx.ids.new(), community_id=ctx.community.id, goal_id=goal.id, member_id=ctx.member.id,
            progress=goal.progress, note=answers["note"], at=ctx.now,
        )
    )  # fmt: skip
    await ctx.db.flush()
    if moved:
        await keep_reminders(ctx, goal)
    return Show(await _one(ctx, goal, theirs))


async def reached(ctx: Context, goal: Goal) -> Reply:
    """Mark a goal as reached."""
    return Replace(await _reached(ctx, goal))


async def drop(ctx: Context, goal: Goal) -> Reply:
    """Let go of a goal; it can be taken up again."""
    await _allowed(ctx, goal)
    if goal.status != OPEN:
        raise UserError("goal.closed")
    goal.status = DROPPED
    ctx.db.add(goal)
    return Replace(views.dropped(ctx.say, goal.id, goal.what))


async def reopen(ctx: Context, goal: Goal) -> Reply:
    """Take a goal up again."""
    theirs = await _allowed(ctx, goal)
    goal.status = OPEN
    ctx.db.add(goal)
    return Replace(await _one(ctx, goal, theirs))


async def home(ctx: Context) -> tuple[Block, ...]:
    """Show open goals on the member's page: their own, those of their pairs, those that partners share."""
    theirs = await _theirs(ctx)
    goals = [goal for goal in await _readable(ctx, theirs) if goal.status == OPEN]
    return views.home(ctx.say, [_shown(ctx, goal, theirs) for goal in goals])


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer to say how far the most urgent goal is, or to write down a first one."""
    theirs = await _theirs(ctx)
    mine = [goal for goal in await _readable(ctx, theirs) if rules.may_change(goal, ctx.member.id, theirs.seated)]
    dated = sorted(
        (goal for goal in mine if goal.status == OPEN and goal.due_on), key=lambda goal: (goal.due_on, goal.id)
    )
    if dated:
        return (views.step(ctx.say, _shown(ctx, dated[0], theirs)),)
    return () if mine or not theirs.active else (views.first_step(ctx.say),)


async def _theirs(ctx: Context) -> Theirs:
    here, me = ctx.community.id, ctx.member.id
    pairs = await storage.pair.all_of(ctx.db, here, me)
    seats = await storage.pair.seats(ctx.db, here, [pair.id for pair in pairs])
    mine = [pair for pair in pairs if me in {seat.member_id for seat in seats[pair.id]}]
    people = {seat.member_id for pair in mine for seat in seats[pair.id]}
    members = await storage.member.by_ids(ctx.db, here, sorted(people))
    others = {pair.id: tuple(s.member_id for s in seats[pair.id] if s.member_id != me) for pair in mine}
    names = {pair: ", ".join(members[other].shown for other in ids if other in members) for pair, ids in others.items()}
    active = tuple(pair.id for pair in mine if pair.status == "active")
    return Theirs(tuple(pair.id for pair in mine), active, names, others)


async def _others(ctx: Context, theirs: Theirs, pair: str) -> list[Any]:
    return list((await storage.member.by_ids(ctx.db, ctx.community.id, theirs.members.get(pair, ()))).values())


async def _sights(ctx: Context) -> list[tuple[str, str]]:
    theirs = await _theirs(ctx)
    return [(pair, theirs.partners[pair]) for pair in theirs.active if theirs.members[pair]]


async def _readable(ctx: Context, theirs: Theirs) -> list[Goal]:
    own = await storage.goal.own(ctx.db, ctx.community.id, ctx.member.id)
    shared = await storage.goal.of_pairs(ctx.db, ctx.community.id, theirs.seated)
    seen = {goal.id for goal in own}
    return own + [
        goal
        for goal in shared
        if goal.id not in seen and rules.may_read(goal, ctx.member.id, theirs.seated, theirs.active)
    ]


async def _changeable(ctx: Context) -> list[Goal]:
    theirs = await _theirs(ctx)
    return [
        goal
        for goal in await _readable(ctx, theirs)
        if goal.status == OPEN and rules.may_change(goal, ctx.member.id, theirs.seated)
    ]


async def _which(ctx: Context, goals: list[Goal], button: str) -> Reply:
    if not goals:
        return Show(views.none(ctx.say))
    return Show(views.which(ctx.say, [(goal.id, goal.what) for goal in goals], button))


async def _allowed(ctx: Context, goal: Goal, *, change: bool = True) -> Theirs:
    theirs = await _theirs(ctx)
    me = ctx.member.id
    if change and not rules.may_change(goal, me, theirs.seated):
        raise UserError("goal.not_yours")
    if not rules.may_read(goal, me, theirs.seated, theirs.active):
        raise UserError("goal.not_yours")
    return theirs


async def _reached(ctx: Context, goal: Goal) -> Any:
    theirs = await _allowed(ctx, goal)
    if goal.status != OPEN:
        raise UserError("goal.closed")
    first = goal.reached_at is None
    goal.status, goal.reached_at = REACHED, goal.reached_at or ctx.now
    ctx.db.add(goal)
    await ctx.db.flush()
    if first:
        if goal.sight in (SHARED, OURS) and goal.pair_id in theirs.active:
            for other in await _others(ctx, theirs, goal.pair_id):
                await ctx.outbox.note(
                    other, "goal.reached", key=f"goal.reached:{goal.id}:{other.id}", who=ctx.member.id, what=goal.what
                )
        await ctx.happened("goal.reached", goal)
    return views.reached(ctx.say, goal.id, goal.what)


async def _update_form(ctx: Context, goal: Goal) -> Any:
    sights = await _sights(ctx) if goal.member_id == ctx.member.id else None
    return views.update_form(ctx.say, goal, rules.steps_text(goal.steps), sights)


async def _one(ctx: Context, goal: Goal, theirs: Theirs) -> Any:
    notes = (await storage.goal.notes(ctx.db, ctx.community.id, [goal.id])).get(goal.id, [])
    return views.one(ctx.say, _shown(ctx, goal, theirs), notes[:3])


def _shown(ctx: Context, goal: Goal, theirs: Theirs) -> views.Shown:
    return views.Shown(
        goal,
        with_=theirs.partners.get(goal.pair_id or "", "") if goal.sight != PRIVATE else "",
        mine=rules.may_change(goal, ctx.member.id, theirs.seated),
        late=goal.due_on is not None and goal.due_on < _today(ctx),
    )


def _wrong(ctx: Context, answers: dict[str, Any], unless: Any = None) -> dict[str, str]:
    """Return field -> what is wrong; a day that stood there before (`unless`) may stay."""
    day = answers["due_on"]
    wrong = None if day is not None and day == unless else rules.wrong_day(day, _today(ctx))
    return {"due_on": views.wrong_day(ctx.say, wrong)} if wrong else {}


def _today(ctx: Context) -> date:
    return to_wall(ctx.now, usable(ctx.member.zone, ctx.community.zone)).date()
