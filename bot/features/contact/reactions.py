"""What contacts do when a pair begins, loses somebody or ends."""

from __future__ import annotations

import storage.contact
from bot import pairs
from bot.context import Work
from bot.features.contact import handlers
from storage.pair import Pair


async def offer(work: Work, pair: Pair) -> None:
    """Ask the people of a pair without a common space whether they want to exchange one contact."""
    people = await pairs.people(work, pair)
    if pair.space_id is not None or not await handlers.across(work, [member.id for member in people]):
        return
    for member in people:
        await work.outbox.note(
            member, "contact.offered", key=f"contact.offered:{pair.id}:{member.id}", pair=pair, pair_id=pair.id,
            partners=[one.id for one in people if one.id != member.id],
        )  # fmt: skip


async def left(work: Work, pair: Pair) -> None:
    """Erase what somebody shared who is not in the pair any more; those who remain may all have shared one."""
    people = await pairs.seated(work, pair)
    gone = [row for row in await storage.contact.every_of_pair(work.db, work.community.id, pair.id)
            if row.member_id not in people]  # fmt: skip
    for row in gone:
        await work.db.delete(row)


async def erase(work: Work, pair: Pair) -> None:
    """A pair that ended needs no contacts."""
    for row in await storage.contact.every_of_pair(work.db, work.community.id, pair.id):
        await work.db.delete(row)
