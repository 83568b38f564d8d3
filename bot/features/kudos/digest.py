"""What a community sees of its thanks: the weekly digest, a board where it wants one, and who was not thanked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import storage.kudos
import storage.recognition
from bot import schedules
from bot.chat.reply import Reply, Show
from bot.chat.views import Block
from bot.context import Context, Work
from bot.errors import UserError
from bot.features.kudos import rules, views
from storage.community import Community
from storage.member import Member

AT = datetime(2026, 1, 1, 16)  # noqa: DTZ001 - wall time in the community's zone
WEEK = timedelta(days=7)
BOARD = timedelta(days=90)
SHOWN = 10
UNTHANKED = timedelta(days=60)


async def keep(work: Work, community: Community) -> None:
    """Look every day in the community's own time whether it is the day of the digest."""
    await schedules.keep(work, "kudos.digest", "", zone=community.zone, rule="FREQ=DAILY", anchor=AT)


async def linked(work: Work, member: Member) -> None:
    """Two accounts are one person: what one of them gave to the other does not count."""
    await storage.kudos.drop_own(work.db, work.community.id, member.id)


async def post(work: Work, schedule: Any, occurrence: Any) -> None:
    """Post the best reasons of the week up to this moment, on the day the community chose; nothing of an empty week."""
    if not schedules.falls_on(schedule, occurrence, work.setting("kudos.digest")):
        return
    until = occurrence.due_at
    found = rules.digest(await storage.kudos.between(work.db, work.community.id, until - WEEK, until))
    if not found.best:
        return
    await work.outbox.post(
        work.setting("kudos.channel"), "kudos.digest", key=f"kudos.digest:{occurrence.key}", count=found.count,
        givers=found.givers, receivers=found.receivers, values=[list(one) for one in found.values],
        best=[{"giver": row.giver_id, "receiver": row.receiver_id, "reason": row.reason} for row in found.best],
    )  # fmt: skip


async def board(ctx: Context) -> Reply:
    """Show who was thanked by most different people, where the community turned it on."""
    if not ctx.setting("kudos.board"):
        raise UserError("kudos.no_board")
    rows = await storage.kudos.between(ctx.db, ctx.community.id, ctx.now - BOARD, ctx.now + timedelta(seconds=1))
    decided = await storage.recognition.of(ctx.db, ctx.community.id, {row.receiver_id for row in rows})
    return Show(views.board(ctx.say, rules.board(rows, decided, SHOWN), BOARD.days))


async def desk(ctx: Context) -> tuple[Block, ...]:
    """Remind coordinators on their page of active people whom nobody thanked."""
    return views.desk(ctx.say, await storage.kudos.unthanked(ctx.db, ctx.community.id, ctx.now - UNTHANKED))


async def unthanked(ctx: Context) -> Reply:
    """Show coordinators who takes part and was thanked by nobody lately."""
    found = await storage.kudos.unthanked(ctx.db, ctx.community.id, ctx.now - UNTHANKED)
    return Show(views.unthanked(ctx.say, found, UNTHANKED.days))
