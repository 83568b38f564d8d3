"""Why a message of the playground came, in words: what made it, when it fell due, what it waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

import storage.community
import storage.member
import storage.nudge
import storage.outbox
from bot.chat.text import plain
from bot.explaining import PUNCTUAL, REASONS
from bot.feature import Features
from bot.i18n import Say
from bot.zones import usable
from storage.community import Community
from storage.engine import Database
from storage.member import Member
from storage.nudge import Nudge
from storage.outbox import Outbox

LOOKED_AT = 200
"""So many decisions about a member are looked through for the one that led to a message."""


async def why(database: Database, features: Features, message: str) -> list[str]:
    """Return why a message (by the platform's id) came, a sentence or two a line; nothing when nothing is known."""
    async with database.read() as db:
        rows = await storage.outbox.sent_as(db, message)
        if not rows:
            return []
        community = await storage.community.by_id(db, rows[0].community_id)
        if community is None:
            return []
        member = await storage.member.by_id(db, community.id, rows[0].to_id) if rows[0].to_kind == "member" else None
        if member is None or rows[0].kind != "nudge":
            return [_event(row, member, community) for row in rows]
        decided = await storage.nudge.of_member(db, community.id, member.id, LOOKED_AT)
        lines = [_question(row, decided, member, community, features) for row in rows]
        if len(rows) > 1:
            lines.append("They fell due on one day, so they came as one message, which counts once.")
        return [*lines, _habits(member)]


def _question(row: Outbox, decided: Sequence[Nudge], member: Member, community: Community, features: Features) -> str:
    kind = plain(Say()(features.nudges.get(row.message, "a message")))
    first = next((one.due_at for one in decided if one.message == row.message and one.until == row.due_at), row.due_at)
    sent = row.sent_at or row.due_at
    told = f"This is {kind}. It fell due on {_local(first, member, community)} on {member.name}'s clock"
    if sent - first < PUNCTUAL:
        return f"{told}; up to ten minutes are added, so that not everybody is asked at once."
    reason = REASONS.get(row.error)
    because = f": {reason}" if reason else ", for quiet hours, the number a week or the hour between two messages"
    return f"{told} and waited until {_local(sent, member, community)}{because}."


def _habits(member: Member) -> str:
    if member.quiet_start == member.quiet_end:
        quiet = "at any hour"
    else:
        quiet = f"never between {member.quiet_start} and {member.quiet_end}"
    return (
        f"{member.name} is asked something at most {member.weekly_nudges} times a week, {quiet}; "
        "/profile nudges changes that."
    )


def _event(row: Outbox, member: Member | None, community: Community) -> str:
    where = member.name if member else {"room": "the pair's room", "channel": "the channel"}.get(row.to_kind, "there")
    told = (
        f"This tells {where} about something that happened ({row.message}). "
        "It asks for nothing and uses up none of a week's messages."
    )
    sent = row.sent_at or row.due_at
    if member is not None and sent - row.created_at >= PUNCTUAL:
        told += f" It was ready on {_local(row.created_at, member, community)} and waited for the end of quiet hours."
    return told


def _local(moment: datetime, member: Member, community: Community) -> str:
    local = moment.astimezone(ZoneInfo(usable(member.zone, community.zone)))
    return format_datetime(local, "EEEE d MMMM, HH:mm", locale="en")
