"""Changes to a draft: keep two together, keep two apart, exchange two; why somebody is where they are."""

from __future__ import annotations

from typing import Any

from bot.chat.reply import Replace, Reply, Show
from bot.chat.text import Mention
from bot.context import Context
from bot.errors import UserError
from bot.features.round import drafts, rules, views
from bot.features.round.drafts import Drafted
from bot.features.round.edits import Change, Explained, Kind, Question, Weighed
from bot.features.round.handlers import shown
from storage.member import Member
from storage.programme import Programme
from storage.round import RoundDraft

TOKEN = 10


async def read_lock(ctx: Context, one: Member, other: Member, programme: Programme) -> Change:
    """Gather what it means to keep two together."""
    found = await _about(ctx, programme, one, other)
    if _held(found.row, one, other):
        raise UserError("round.locked_already")
    return await _change(ctx, found, "lock", one, other)


async def read_forbid(ctx: Context, one: Member, other: Member, programme: Programme) -> Change:
    """Gather what it means to keep two apart."""
    found = await _about(ctx, programme, one, other)
    if _held(found.row, one, other):
        raise UserError("round.locked_together")
    if any({one.id, other.id} == set(apart) for apart in found.row.forbids):
        raise UserError("round.forbidden_already")
    return await _change(ctx, found, "forbid", one, other)


async def read_swap(ctx: Context, one: Member, other: Member, programme: Programme) -> Change:
    """Gather what it means to exchange two."""
    found = await _about(ctx, programme, one, other)
    firm = [lock for lock in found.row.locks if lock["by"] == "lock"]
    if any({one.id, other.id} & set(lock["members"]) for lock in firm):
        raise UserError("round.swap_locked")
    rules.swapped(rules.groups_of(found.result), one.id, other.id)
    return await _change(ctx, found, "swap", one, other)


async def _about(ctx: Context, programme: Programme, *members: Member) -> Drafted:
    found = await drafts.need(ctx, programme)
    if len({member.id for member in members}) < len(members):
        raise UserError("round.same_person")
    present = {person.id for person in found.request.people}
    for member in members:
        if member.id not in present:
            raise UserError("round.not_in_it", who=Mention(member.id))
    if found.stale.gone:
        raise UserError("round.gone")
    return found


def _held(row: RoundDraft, one: Member, other: Member) -> bool:
    return any({one.id, other.id} <= set(lock["members"]) and lock["by"] == "lock" for lock in row.locks)


def _standing(locks: list[Any], kind: Kind, one: str, other: str) -> list[Any]:
    """Return the locks that a change leaves: what an exchange had fixed gives way to it."""
    two = {one, other}
    gives_way = two.issubset if kind == "forbid" else two.intersection
    return [lock for lock in locks if lock["by"] == "lock" or not gives_way(lock["members"])]


async def _change(ctx: Context, found: Drafted, kind: Kind, one: Member, other: Member) -> Change:
    locks = _standing(found.row.locks, kind, one.id, other.id)
    request = await drafts.request_of(ctx, found.programme, found.row, locks)
    return Change(kind, found.row.version, one.id, other.id, request, rules.groups_of(found.result))


async def weighed(ctx: Context, weighed: Weighed, one: Member, other: Member, programme: Programme) -> Reply:  # noqa: ARG001
    """Say what a change costs and ask, do it when it costs nothing, or say which rule forbids it."""
    found, change = await drafts.need(ctx, programme), weighed.change
    if found.row.version != change.version:
        raise drafts.changed_meanwhile(ctx, found.row)
    if weighed.result is None:
        return Show(views.refused(ctx.say, change.kind, (change.one, change.other), weighed.refused))
    after = weighed.result
    if after.bound is None and found.result.bound is not None and after.total <= found.result.bound:
        after = rules.bounded(after, found.result.bound)
    cost = rules.cost(change.request, found.result, after)
    row = found.row
    row.proposal = {
        "token": ctx.ids.new()[-TOKEN:], "kind": change.kind, "members": [change.one, change.other],
        "lock": list(rules.lock_of(change.request, after, change.one, change.other)),
        "result": rules.packed(after),
        "people": None if change.kind == "swap" else rules.fingerprints(change.request.people),
    }  # fmt: skip
    ctx.db.add(row)
    if cost.moved == 0 and not weighed.broken:
        _apply(ctx, row)
        return Show(await shown(ctx, await drafts.look(ctx, programme, row)))
    return Show(views.proposal(ctx.say, row, cost, weighed.broken))


async def apply(ctx: Context, row: RoundDraft) -> Reply:
    """Do what was proposed, if nothing came between."""
    if not row.proposal or row.proposal["token"] != ctx.arg:
        raise drafts.changed_meanwhile(ctx, row)
    _apply(ctx, row)
    return Replace(await shown(ctx, await drafts.of_row(ctx, row)))


def _apply(ctx: Context, row: RoundDraft) -> None:
    proposal = row.proposal
    kind, (one, other) = proposal["kind"], proposal["members"]
    drafts.remember(row, kind)
    locks = _standing(row.locks, kind, one, other)
    if kind == "lock":
        locks = [*locks, {"members": proposal["lock"], "by": "lock"}]
    elif kind == "swap":
        groups = [group["members"] for group in proposal["result"]["groups"]]
        moved = [group for group in groups if one in group or other in group]
        locks = [*locks, *({"members": group, "by": "swap"} for group in moved)]
    else:
        row.forbids = [*row.forbids, sorted((one, other))]
    row.locks, row.result = locks, proposal["result"]
    row.people = proposal["people"] or row.people
    row.proposal, row.version = {}, row.version + 1
    row.made_by, row.made_at = ctx.member.id, ctx.now
    ctx.db.add(row)
    ctx.audit("round.edited", row.id, kind)


async def leave(ctx: Context, row: RoundDraft) -> Reply:
    """Leave the draft as it is."""
    if row.proposal and row.proposal["token"] == ctx.arg:
        row.proposal = {}
        ctx.db.add(row)
    return Replace(views.left(ctx.say))


async def read_explain(ctx: Context, who: Member, programme: Programme) -> Question:
    """Gather why somebody is where they are."""
    found = await _about(ctx, programme, who)
    return Question(who.id, found.request, rules.groups_of(found.result))


async def explained(ctx: Context, explained: Explained, who: Member, programme: Programme) -> Reply:
    """Say why somebody has this partner, why not another, or what kept them without."""
    found = await drafts.need(ctx, programme)
    return Show(views.explained(ctx.say, who.id, found.result, explained))
