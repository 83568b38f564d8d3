"""Posting what is due, when everybody in it has said yes."""

from __future__ import annotations

from datetime import timedelta

import storage.member
import storage.shoutout
from bot.context import Work
from bot.features.shoutout import rules
from storage.member import Member
from storage.shoutout import DROPPED, LAPSED, POSTED, WAITS

AGAIN = timedelta(hours=1)


async def post(work: Work, shoutout_id: str) -> None:
    """Post one; without every yes it is put off for an hour at a time, and given up in the end."""
    here = work.community.id
    row = await storage.shoutout.by_id(work.db, here, shoutout_id)
    if row is None or row.status != WAITS or row.due_at > work.now:
        return
    said = await storage.shoutout.members(work.db, here, row.id)
    answer = rules.decided(one.says for one in said)
    work.db.add(row)
    if answer is None and work.now < row.waits_until:
        row.due_at = work.now + AGAIN
        return
    if not answer:
        row.status = LAPSED
        author = await storage.member.by_id(work.db, here, row.author_id)
        if author is not None:
            await work.outbox.note(author, "shoutout.not_wanted", key=f"shoutout.not_wanted:{row.id}")
        return
    row.status = POSTED
    await work.outbox.post(
        row.goes_to, "shoutout.posted", key=f"shoutout.posted:{row.id}", words=row.words,
        members=[one.member_id for one in said], on_doubt="repeat",
    )  # fmt: skip


async def left(work: Work, member: Member) -> None:
    """Who left is praised in nothing that is still to come."""
    for row in await storage.shoutout.about(work.db, work.community.id, member.id):
        row.status = DROPPED
        work.db.add(row)
