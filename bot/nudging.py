"""The one way in which something is asked of a member: the planner, with what it has to know, and what it decided.

A feature with a row of its own asks `plan` when that row falls due, and writes `outbox.nudge` when the answer is
`Send`. One that only has something to ask calls `ask`, and the outbox keeps the moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

import storage.nudge
import storage.outbox
from bot.context import Work
from bot.planner import RAREST, Decision, Drop, Habits, Postpone, Quiet, Send, Why, decide, quiet_ends
from bot.zones import usable
from storage.db import Db
from storage.member import Member
from storage.nudge import DROPPED, PLANNED, WAITS, Nudge

LOOK_BACK = RAREST + timedelta(days=8)
"""So far back the planner looks: the longest pause, and a local week."""


def habits_of(member: Member, zone: str) -> Habits:
    """Return what the planner needs to know of a member; `zone` is the community's, for who has none."""
    return Habits(
        zone=usable(member.zone, zone),
        quiet=Quiet(time.fromisoformat(member.quiet_start), time.fromisoformat(member.quiet_end)),
        weekly_budget=member.weekly_nudges,
        paused_until=member.paused_until,
        opted_in=member.opted_in_at is not None and member.left_at is None,
        inactive=member.inactive_at is not None or member.frozen_at is not None,
    )


@dataclass(frozen=True, slots=True)
class Past:
    """What was and will be sent to a member: moments, those that can take more in, and how many went unanswered."""

    sent: tuple[datetime, ...]
    planned: tuple[datetime, ...]
    unanswered: int


async def past_of(db: Db, community_id: str, member: Member, now: datetime) -> Past:
    """Return a member's past. Unanswered is what was sent after they last used Kith."""
    return Past(
        tuple(await storage.outbox.nudges_since(db, community_id, member.id, now - LOOK_BACK)),
        tuple(await storage.outbox.nudges_planned(db, community_id, member.id)),
        await unanswered(db, community_id, member),
    )


async def unanswered(db: Db, community_id: str, member: Member) -> int:
    """Return how many messages a member let pass in a row: sent since they last used Kith, or joined."""
    since = max((at for at in (member.last_seen_at, member.opted_in_at) if at is not None), default=None)
    return await storage.outbox.nudges_unanswered(db, community_id, member.id, since)


async def plan(
    work: Work, member: Member, message: str, /, *, key: str, due: datetime, expires: datetime | None
) -> Decision:
    """Decide about one prompt to one member, and keep the decision so that it can be explained.

    `message` is the key of what would be sent, `key` names the prompt for ever. A member who lets much pass is told
    about first ("member.silent"), which may make them inactive.
    """
    past = await past_of(work.db, work.community.id, member, work.now)
    if past.unanswered and member.inactive_at is None:
        await work.happened("member.silent", member)
    decision = decide(
        due=due, now=work.now, expires=expires, key=key, habits=habits_of(member, work.community.zone), sent=past.sent,
        planned=past.planned, unanswered=past.unanswered,
    )  # fmt: skip
    await _keep(work, member, message, key, due, decision)
    return decision


class Question(Protocol):
    """A row that asks one member something. `why` says, as a code, what kept it from being asked."""

    id: str
    due_at: datetime
    expires_at: datetime
    status: str
    why: str


async def settle(work: Work, row: Question, member: Member, message: str) -> datetime | None:
    """Return when a row that fell due is sent (aware UTC), or None, and then its status or due time says why not.

    `message` is the key of what would be sent. The status becomes "skipped" when its time has passed, else "dropped".
    """
    decided = await plan(work, member, message, key=f"{message}:{row.id}", due=row.due_at, expires=row.expires_at)
    if isinstance(decided, Postpone):
        row.due_at, row.why = decided.until, decided.why.value
        return None
    if isinstance(decided, Drop):
        row.status, row.why = "skipped" if decided.why is Why.EXPIRED else "dropped", decided.why.value
        return None
    return decided.at


async def ask(
    work: Work, member: Member, message: str, /, *, key: str, due: datetime, expires: datetime, **params: Any
) -> Decision:
    """Ask something at the first moment that the planner allows, which may be days from now; what it decided at last.

    Asked twice under one key, it is sent once.
    """
    past = await past_of(work.db, work.community.id, member, work.now)
    habits, now = habits_of(member, work.community.zone), work.now
    decision: Decision | None = None
    while decision is None or isinstance(decision, Postpone):
        now = decision.until if decision is not None else now
        decision = decide(
            due=due, now=now, expires=expires, key=key, habits=habits, sent=past.sent, planned=past.planned,
            unanswered=past.unanswered,
        )  # fmt: skip
    await _keep(work, member, message, key, due, decision)
    if isinstance(decision, Send):
        await work.outbox.nudge(member, message, key=key, due=decision.at, expires=expires, **params)
    return decision


async def _keep(work: Work, member: Member, message: str, key: str, due: datetime, decision: Decision) -> None:
    row = await storage.nudge.by_key(work.db, work.community.id, key)
    if row is None:
        row = Nudge(
            id=work.ids.new(), community_id=work.community.id, member_id=member.id, key=key, message=message,
            decision="", due_at=due, decided_at=work.now,
        )  # fmt: skip
    row.decided_at, row.why, row.behind = work.now, "", ""
    match decision:
        case Send(at):
            row.decision, row.until = PLANNED, at
        case Postpone(until, why):
            row.decision, row.until, row.why = WAITS, until, why.value
        case Drop(why, behind):
            row.decision, row.until, row.why, row.behind = DROPPED, None, why.value, behind.value if behind else ""
    work.db.add(row)
    await work.db.flush()


async def replan(work: Work, member: Member) -> None:
    """Let what waits for a member be thought over at once: what they allow is another now.

    Each goes back to when it fell due first, and is planned anew when it is claimed.
    """
    for row in await storage.outbox.waiting_nudges(work.db, work.community.id, member.id):
        known = await storage.nudge.by_key(work.db, work.community.id, row.key)
        first = known.due_at if known is not None else row.created_at
        row.due_at = max(work.now, min(first, row.due_at))
        work.db.add(row)
    await work.happened("member.habits", member)


def quiet_until(member: Member, zone: str, now: datetime) -> datetime:
    """Return the first moment from `now` on that is not in the member's quiet hours; it may be `now`."""
    return quiet_ends(now, habits_of(member, zone))
