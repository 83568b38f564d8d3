"""A session that both confirmed is rated by each, sealed; who leaves is asked nothing more."""

from __future__ import annotations

from typing import Any

import storage.member
import storage.pair
import storage.survey
from bot import nudging
from bot.context import Work
from bot.features.survey import rules
from storage.member import Member
from storage.survey import SessionRating


async def ask_for_ratings(work: Work, session: Any) -> None:
    """Ask everybody in the pair how the session was; once a session."""
    here = work.community.id
    if not work.setting("survey.sessions") or await storage.survey.ratings_of_session(work.db, here, session.id):
        return
    until = work.now + rules.RATING_WINDOW
    seats = (await storage.pair.seats(work.db, here, [session.pair_id]))[session.pair_id]
    members = await storage.member.by_ids(work.db, here, [seat.member_id for seat in seats])
    for member in members.values():
        rating = SessionRating(
            id=work.ids.new(), community_id=here, session_id=session.id, pair_id=session.pair_id, member_id=member.id,
            next_at=until,
        )  # fmt: skip
        work.db.add(rating)
        await work.db.flush()
        await nudging.ask(
            work,
            member,
            "survey.session",
            key=f"survey.session:{rating.id}",
            due=work.now,
            expires=until,
            rating=rating.id,
        )


async def leave(work: Work, member: Member) -> None:
    """Close what waits for somebody who left."""
    await storage.survey.forget_unused(work.db, work.community.id, member.id)
