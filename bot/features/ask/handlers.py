"""Asking for help, taking a request, saying that it is solved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import storage.library
import storage.member
import storage.request
from bot.chat.forms import Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.chat.text import Bold, Code
from bot.context import Context
from bot.errors import UserError
from bot.features.ask import routing, rules, views
from storage.request import CLAIMED, CLOSED, OFFERED, OPEN, PASSED, SOLVED, Request, RequestHelper, RequestOffer


async def mentor(ctx: Context, about: str | None, question: str | None) -> Reply:
    """Open the form with what was typed in its place; used on a message, it links to it."""
    link = f"{ctx.about.link}\n" if ctx.about else ""
    return Ask(views.ask_form(ctx.say, about or "", link or question or ""))


async def ask_form(ctx: Context) -> Form:
    """Build the form again."""
    return views.ask_form(ctx.say, "", "")


async def tags(ctx: Context, typed: str) -> list[str]:
    """Return what mentors here offer, as far as it fits what was typed."""
    offers = {tag for one in await storage.request.mentors(ctx.db, ctx.community.id) for tag in one.offers}
    return sorted(tag for tag in offers if typed.casefold() in tag.casefold())[:25]


async def asked(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep a question and ask the first mentors to take it."""
    mine = await storage.request.of(ctx.db, ctx.community.id, ctx.member.id)
    if sum(row.asker_id == ctx.member.id for row in mine) >= rules.MOST_OPEN:
        raise UserError("ask.enough", most=rules.MOST_OPEN, command=Code("/ask mine"))
    request = Request(
        id=ctx.ids.new(), community_id=ctx.community.id, asker_id=ctx.member.id, tag=rules.tag_of(answers["about"]),
        question=answers["question"], asked_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(request)
    await ctx.db.flush()
    if not await routing.offer(ctx, request):
        raise UserError("ask.nobody", tag=Bold(request.tag))
    await ctx.happened("request.asked", request)
    known = await storage.library.count_about(ctx.db, ctx.community.id, request.tag)
    return Show(views.asked(ctx.say, request.tag, await routing.target_hours(ctx, ctx.member.id), known))


async def mine(ctx: Context) -> Reply:
    """Show what the member asked and took."""
    rows = await storage.request.of(ctx.db, ctx.community.id, ctx.member.id)
    return Show(views.mine(ctx.say, ctx.member.id, rows))


async def experts(ctx: Context, about: str) -> Reply:
    """Show who solved requests about something."""
    found = await storage.request.experts(ctx.db, ctx.community.id, rules.tag_of(about))
    return Show(views.experts(ctx.say, rules.tag_of(about), sorted(found.items(), key=lambda one: (-one[1], one[0]))))


async def _offer(ctx: Context, row: Request) -> RequestOffer | None:
    found = await storage.request.offers(ctx.db, ctx.community.id, row.id)
    return next((one for one in found if one.mentor_id == ctx.member.id and one.status == OFFERED), None)


async def read(ctx: Context, row: Request) -> Reply:
    """Show a question to its asker, to who took it, and to who may take it."""
    offered = row.status == OPEN and await _offer(ctx, row) is not None
    if not offered and ctx.member.id not in {row.asker_id, row.mentor_id}:
        raise UserError("ask.taken")
    return Show(views.one(ctx.say, row, ctx.member.id, offered=offered))


async def take(ctx: Context, row: Request) -> Reply:
    """Take a request, if nobody else was faster."""
    if await _offer(ctx, row) is None:
        raise UserError("ask.taken")
    if not ctx.member.takes_part(ctx.now):
        raise UserError("ask.resting")
    checked = ctx.now + timedelta(hours=ctx.setting("ask.check_hours"))
    if not await storage.request.claim(ctx.db, ctx.community.id, row.id, ctx.member.id, checked):
        raise UserError("ask.taken")
    await ctx.db.refresh(row)
    asker = await storage.member.by_id(ctx.db, ctx.community.id, row.asker_id)
    if asker is not None:
        await ctx.outbox.note(
            asker, "ask.claimed", key=f"ask.claimed:{row.id}:{ctx.member.id}", request=row.id, who=ctx.member.id,
            tag=row.tag,
        )  # fmt: skip
    await ctx.happened("request.claimed", row)
    return Show(views.yours(ctx.say, row))


async def decline(ctx: Context, row: Request) -> Reply:
    """Leave a request to others; the asker is not told who did."""
    offer = await _offer(ctx, row)
    if offer is None or row.status != OPEN:
        raise UserError("ask.taken")
    offer.status = PASSED
    ctx.db.add(offer)
    await ctx.db.flush()
    found = await storage.request.offers(ctx.db, ctx.community.id, row.id)
    if not any(one.status == OFFERED for one in found):
        await routing.again(ctx, row)
    return Show(views.declined(ctx.say))


def _asked_by_me(ctx: Context, row: Request) -> str:
    """Return the mentor who has a request of the member. Raises `UserError` for anybody else, and when it is over."""
    if row.asker_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status != CLAIMED or row.mentor_id is None:
        raise UserError("core.gone")
    return row.mentor_id


async def solved(ctx: Context, row: Request) -> Reply:
    """The asker says that it is solved; nobody else can."""
    mentor_id = _asked_by_me(ctx, row)
    row.status, row.solved_at, row.due_at = SOLVED, ctx.now, None
    ctx.db.add(row)
    helper = await storage.member.by_id(ctx.db, ctx.community.id, mentor_id)
    if helper is not None:
        await ctx.outbox.note(helper, "ask.thanked", key=f"ask.thanked:{row.id}", who=ctx.member.id, tag=row.tag)
    await ctx.happened("request.solved", row)
    return Show(views.solved(ctx.say, row.id))


async def not_yet(ctx: Context, row: Request) -> Reply:
    """The asker still waits: nothing changes, and somebody else can be asked."""
    _asked_by_me(ctx, row)
    return Show(views.not_yet(ctx.say, row.id))


async def somebody_else(ctx: Context, row: Request) -> Reply:
    """The asker would like somebody else; who had it is told without a reason."""
    mentor_id = _asked_by_me(ctx, row)
    before = await storage.member.by_id(ctx.db, ctx.community.id, mentor_id)
    if before is not None:
        await ctx.outbox.note(before, "ask.released", key=f"ask.released:{row.id}:{mentor_id}", tag=row.tag)
    await routing.release(ctx, row)
    return Replace(views.other_asked(ctx.say, row.tag))


async def give_back(ctx: Context, row: Request) -> Reply:
    """The mentor cannot after all: somebody else is asked."""
    if row.mentor_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status != CLAIMED:
        raise UserError("core.gone")
    await routing.release(ctx, row)
    return Replace(views.given_back(ctx.say))


async def drop(ctx: Context, row: Request) -> Reply:
    """The asker needs it no more: nobody is asked any longer, and who took it is told."""
    if row.asker_id != ctx.member.id:
        raise UserError("core.not_yours")
    if row.status not in (OPEN, CLAIMED):
        raise UserError("core.gone")
    mentor_id, row.status, row.due_at = row.mentor_id, CLOSED, None
    ctx.db.add(row)
    offers = await storage.request.offers(ctx.db, ctx.community.id, row.id)
    await ctx.outbox.withdraw(*(f"ask.offered:{row.id}:{offer.mentor_id}" for offer in offers))
    helper = await storage.member.by_id(ctx.db, ctx.community.id, mentor_id) if mentor_id else None
    if helper is not None:
        await ctx.outbox.note(helper, "ask.dropped", key=f"ask.dropped:{row.id}", who=ctx.member.id, tag=row.tag)
    return Show(views.dropped(ctx.say))


async def helping(ctx: Context) -> Reply:
    """Ask a mentor which questions may reach them."""
    return Ask(await helping_form(ctx))


async def helping_form(ctx: Context) -> Form:
    """Build the form with what the mentor said before."""
    known = await storage.request.helper(ctx.db, ctx.community.id, ctx.member.id)
    return views.helping_form(ctx.say, asked=known.asked if known else True, at_once=known.at_once if known else 3)


async def helped(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep which questions may reach a mentor. What they were asked already they can still take or pass."""
    asked_at_all = answers["asked"] == views.YES
    said = RequestHelper(
        member_id=ctx.member.id, community_id=ctx.community.id, asked=asked_at_all, at_once=answers["at_once"]
    )
    await ctx.db.merge(said)
    return Show(views.helped(ctx.say, asked=asked_at_all, at_once=answers["at_once"]))
