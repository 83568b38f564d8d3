"""What applicants do after they have sent it: answer a question, choose a time to talk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.application
import storage.member
import storage.programme
from bot.chat.forms import Answers, Form
from bot.chat.reply import Ask, Replace, Reply, Show
from bot.context import Context
from bot.errors import UserError
from bot.feature import Step
from bot.features.application import notices, views
from storage.application import ASKED, TALK, WAITING, Application


def _own(ctx: Context, row: Application) -> Application:
    if row.member_id != ctx.member.id:
        raise UserError("core.not_yours")
    return row


async def reply(ctx: Context, row: Application) -> Reply:
    """Open the form for the answer."""
    if _own(ctx, row).status != ASKED:
        raise UserError("core.gone")
    return Ask(await reply_form(ctx))


async def reply_form(ctx: Context) -> Form:
    """Build it with the question on it."""
    row = _own(ctx, ctx.the(Application))
    said = await storage.application.words(ctx.db, ctx.community.id, row.id)
    question = next((one.text for one in reversed(said) if one.author_id != row.member_id), "")
    return views.reply_form(ctx.say, row.id, question)


async def replied(ctx: Context, answers: Answers) -> Reply:
    """Keep the answer; the application is with the coordinators again, and who asked hears of it."""
    row = _own(ctx, ctx.the(Application))
    if row.status != ASKED:
        raise UserError("core.gone")
    said = await storage.application.words(ctx.db, ctx.community.id, row.id)
    word = notices.word(ctx, row, answers["answer"])
    await notices.touch(ctx, row, await notices.programme_of(ctx, row), WAITING)
    asker = next((one.author_id for one in reversed(said) if one.author_id != row.member_id), None)
    await _tell(ctx, row, asker, f"application.answered:{word.id}")
    return Show(views.replied(ctx.say))


async def slot(ctx: Context, row: Application) -> Reply:
    """Take one of the proposed times; both hear it, with an entry for their calendars."""
    if _own(ctx, row).status != TALK or ctx.arg not in map(str, range(len(row.slots))):
        raise UserError("application.slot_over")
    at = datetime.fromisoformat(row.slots[int(ctx.arg)])
    coordinator = await storage.member.by_id(ctx.db, ctx.community.id, row.talk_with) if row.talk_with else None
    if at <= ctx.now or coordinator is None:
        raise UserError("application.slot_over")
    row.talk_at, row.version = at, row.version + 1
    ctx.db.add(row)
    await ctx.db.flush()
    told: dict[str, Any] = {
        "application": row.id, "at": at.isoformat(), "sequence": row.version, "stamp": ctx.now.isoformat(),
    }  # fmt: skip
    key = f"application.talk_set:{row.id}:{row.version}"
    await ctx.outbox.note(
        ctx.member, "application.talk_set", key=f"{key}:{ctx.member.id}", to=ctx.member.id, who=coordinator.id,
        name=coordinator.shown, review=False, **told,
    )  # fmt: skip
    await notices.coordinator(
        ctx, coordinator, "application.talk_set", key=f"{key}:{coordinator.id}", who=ctx.member.id,
        name=ctx.member.shown, review=True, **told,
    )  # fmt: skip
    return Replace(views.slot_taken(ctx.say, at, coordinator.id))


async def no_slot(ctx: Context, row: Application) -> Reply:
    """None of the times suits; the coordinator hears that, and proposes others or writes."""
    if _own(ctx, row).status != TALK:
        raise UserError("application.slot_over")
    await notices.touch(ctx, row, await notices.programme_of(ctx, row), WAITING)
    await _tell(ctx, row, row.talk_with, f"application.no_slot:{row.id}:{row.version}", times=True)
    return Replace(views.no_slot(ctx.say))


async def _tell(ctx: Context, row: Application, who: str | None, key: str, *, times: bool = False) -> None:
    coordinator = await storage.member.by_id(ctx.db, ctx.community.id, who) if who else None
    if coordinator is not None:
        await notices.coordinator(
            ctx, coordinator, "application.answered", key=key, application=row.id, who=ctx.member.id, times=times
        )


async def steps(ctx: Context) -> tuple[Step, ...]:
    """Offer what waits for the applicant."""
    found: list[Step] = []
    for row in await storage.application.all_of(ctx.db, ctx.community.id, ctx.member.id):
        if row.status == ASKED:
            found.append(views.reply_step(ctx.say, row.id))
        elif row.status == TALK and row.talk_at is None:
            times = [datetime.fromisoformat(one) for one in row.slots]
            found.append(views.talk_step(ctx.say, row.id, times))
    return tuple(found)
