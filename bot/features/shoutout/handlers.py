"""Writing praise for somebody, asking them, and taking it back."""

from __future__ import annotations

from typing import Any

import storage.member
import storage.recognition
import storage.shoutout
from bot.chat.forms import Form
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.features.shoutout import rules, views
from storage.member import Member
from storage.shoutout import DROPPED, WAITS, Shoutout, ShoutoutMember


async def write(ctx: Context) -> Reply:
    """Ask for whom, in which words, where and when."""
    return Ask(await write_form(ctx))


async def write_form(ctx: Context) -> Form:
    """Build the form."""
    return views.write_form(ctx.say, ctx.community.zone)


async def written(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep it, and ask everybody in it who has not said that praise for them may be public."""
    due = rules.moment(answers["day"], answers["at"], ctx.community.zone, ctx.now)
    if isinstance(due, tuple):
        return Reject({due[0]: views.wrong(ctx.say, due[1])})
    people: tuple[Member, ...] = answers["who"]
    if gone := [one for one in people if one.left_at is not None or one.opted_in_at is None]:
        return Reject({"who": views.not_here(ctx.say, gone[0].shown)})
    row = Shoutout(
        id=ctx.ids.new(), community_id=ctx.community.id, author_id=ctx.member.id, words=answers["words"],
        goes_to=[ctx.space.id, answers["channel"]], due_at=due, waits_until=due + rules.ASKED_FOR, written_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(row)
    await ctx.db.flush()
    decided = await storage.recognition.of(ctx.db, ctx.community.id, [one.id for one in people])
    for one in people:
        yes = True if decided.get(one.id) else None
        said = ShoutoutMember(
            id=ctx.ids.new(), community_id=ctx.community.id, shoutout_id=row.id, member_id=one.id, says=yes
        )
        ctx.db.add(said)
        await ctx.db.flush()
        if yes is None:
            await ctx.outbox.note(
                one, "shoutout.ask", key=f"shoutout.ask:{said.id}", member=said.id, author=row.author_id,
                words=row.words, channel=row.goes_to[1],
            )  # fmt: skip
    ctx.audit("shoutout.written", row.id)
    asked = [one.id for one in people if not decided.get(one.id)]
    return Show(views.written(ctx.say, row, [one.id for one in people], asked))


async def listed(ctx: Context) -> Reply:
    """Show what waits to be posted, each to be taken back."""
    return Show(views.waiting(ctx.say, await storage.shoutout.waiting(ctx.db, ctx.community.id)))


async def drop(ctx: Context, row: Shoutout) -> Reply:
    """Take back what is not posted yet; who was asked about it is asked no more."""
    if row.status != WAITS:
        raise UserError("core.gone")
    row.status = DROPPED
    ctx.db.add(row)
    said = await storage.shoutout.members(ctx.db, ctx.community.id, row.id)
    await ctx.outbox.withdraw(*(f"shoutout.ask:{one.id}" for one in said))
    ctx.audit("shoutout.dropped", row.id)
    return Replace(views.dropped(ctx.say))


async def yes(ctx: Context, row: ShoutoutMember) -> Reply:
    """Who is praised likes it to be seen."""
    await _answer(ctx, row, says=True)
    return Replace(views.answered(ctx.say, says=True))


async def no(ctx: Context, row: ShoutoutMember) -> Reply:
    """Who is praised would rather not: it is not posted, and its author hears that, not more."""
    shoutout = await _answer(ctx, row, says=False)
    shoutout.status = DROPPED
    ctx.db.add(shoutout)
    author = await storage.member.by_id(ctx.db, ctx.community.id, shoutout.author_id)
    if author is not None:
        await ctx.outbox.note(author, "shoutout.not_wanted", key=f"shoutout.not_wanted:{shoutout.id}")
    return Replace(views.answered(ctx.say, says=False))


async def _answer(ctx: Context, row: ShoutoutMember, *, says: bool) -> Shoutout:
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    shoutout = await storage.shoutout.by_id(ctx.db, ctx.community.id, row.shoutout_id)
    if shoutout is None or shoutout.status != WAITS:
        raise UserError("core.gone")
    row.says = says
    ctx.db.add(row)
    return shoutout
