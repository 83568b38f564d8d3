"""The one way in which something is asked of a member: the planner, with what it has to know, and what it decided.

A feature with rows of its own asks `settle` (or `settle_all`) when they fall due, and writes `outbox.nudge` for those
that have a moment. One that only has something to ask calls `ask`, and the outbox keeps the moment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, Protocol

import storage.nudge
from bot import outbox
from bot.context import Work
from bot.planner import RAREST, Decision, Drop, Habits, Postpone, Quiet, Send, Why, decide, quiet_ends
from bot.zones import usable
from storage.db import Db
from storage.member import Member
from storage.nudge import DROPPED, PLANNED, WAITS, Nudge

AT_ONCE = 100
"""So many members' pasts are looked at together."""

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

    def with_one_more(self, at: datetime) -> Past:
        """Return the past in which something more is planned for `at`."""
        return replace(self, sent=tuple(sorted({*self.sent, at})), planned=tuple(sorted({*self.planned, at})))


async def pasts_of(db: Db, community_id: str, members: Collection[Member], now: datetime) -> dict[str, Past]:
    """Return member id -> their past. Unanswered is what was sent after they last used Kith, or joined."""
    ids = {member.id for member in members}
    moments = await storage.nudge.moments(db, community_id, ids, now - LOOK_BACK)
    unanswered = await storage.nudge.unanswered(db, community_id, ids)
    pasts = {}
    for one in ids:
        sent, planned = moments.get(one, ([], []))
        pasts[one] = Past(tuple(sent), tuple(planned), unanswered.get(one, 0))
    return pasts


async def past_of(db: Db, community_id: str, member: Member, now: datetime) -> Past:
    """Return a member's past."""
    return (await pasts_of(db, community_id, [member], now))[member.id]


@dataclass(frozen=True, slots=True)
class Silence:
    """A member who let so many messages in a row pass."""

    member: Member
    unanswered: int


async def plan_all(work: Work, wanted: Sequence[outbox.Nudge]) -> list[Decision]:
    """Decide about several prompts, each after those before it, and keep the decisions so that they can be explained.

    The `key` of each names it for ever, whatever becomes of its due time. A member who lets much pass is told about
    first ("member.silent"), which may make them inactive.
    """
    pasts = await pasts_of(work.db, work.community.id, [one.member for one in wanted], work.now)
    known = await storage.nudge.by_keys(work.db, work.community.id, [one.key for one in wanted])
    decisions: list[Decision] = []
    for one in wanted:
        member, past = one.member, pasts[one.member.id]
        if past.unanswered and member.inactive_at is None:
            await work.happened("member.silent", Silence(member, past.unanswered))
        decision = _decide(one, past, habits_of(member, work.community.zone), work.now)
        if isinstance(decision, Send):
            pasts[member.id] = past.with_one_more(decision.at)
        known[one.key] = _keep(work, known.get(one.key), one, decision)
        decisions.append(decision)
    await work.db.flush()
    return decisions


class Question(Protocol):
    """A row that asks one member something. `why` says, as a code, what kept it from being asked."""

    id: str
    due_at: datetime
    expires_at: datetime
    status: str
    why: str


async def settle(work: Work, row: Question, member: Member, message: str) -> datetime | None:
    """Return when a row that fell due is sent, as `settle_all` does."""
    (at,) = await settle_all(work, [(row, member)], message)
    return at


async def settle_all(work: Work, rows: Sequence[tuple[Question, Member]], message: str) -> list[datetime | None]:
    """Return when each row that fell due is sent (aware UTC), or None, and then its status or due time says why not.

    `message` is the key of what would be sent. The status becomes "skipped" when its time has passed, else "dropped".
    """
    wanted = [
        outbox.Nudge(member=member, message=message, key=f"{message}:{row.id}", due=row.due_at, expires=row.expires_at)
        for row, member in rows
    ]
    moments: list[datetime | None] = []
    for (row, _), decided in zip(rows, await plan_all(work, wanted), strict=True):
        moments.append(decided.at if isinstance(decided, Send) else None)
        match decided:
            case Postpone(until, why):
                row.due_at, row.why = until, why.value
            case Drop(why):
                row.status, row.why = "skipped" if why is Why.EXPIRED else "dropped", why.value
    return moments


async def ask(
    work: Work, member: Member, message: str, /, *, key: str, due: datetime, expires: datetime, **params: Any
) -> Decision:
    """Ask something at the first moment that the planner allows, which may be days from now; what it decided at last.

    Asked twice under one key, it is sent once.
    """
    wanted = outbox.Nudge(member=member, message=message, key=key, due=due, expires=expires, params=params)
    (decision,) = await ask_all(work, [wanted])
    return decision


async def ask_all(work: Work, wanted: Sequence[outbox.Nudge]) -> list[Decision]:
    """Ask several things of several members, each as `ask` would; what was decided at last, in their order."""
    decisions: list[Decision] = []
    for start in range(0, len(wanted), AT_ONCE):
        decisions += await _ask_some(work, wanted[start : start + AT_ONCE])
    return decisions


async def _ask_some(work: Work, wanted: Sequence[outbox.Nudge]) -> list[Decision]:
    here = work.community
    pasts = await pasts_of(work.db, here.id, [one.member for one in wanted], work.now)
    known = await storage.nudge.by_keys(work.db, here.id, [one.key for one in wanted])
    decisions: list[Decision] = []
    sending: list[outbox.Nudge] = []
    for one in wanted:
        past = pasts[one.member.id]
        decision = _at_last(one, past, habits_of(one.member, here.zone), work.now)
        if isinstance(decision, Send):
            pasts[one.member.id] = past.with_one_more(decision.at)
            sending.append(replace(one, due=decision.at))
        known[one.key] = _keep(work, known.get(one.key), one, decision)
        decisions.append(decision)
    await work.db.flush()
    await work.outbox.nudges(sending)
    return decisions


def _at_last(one: outbox.Nudge, past: Past, habits: Habits, now: datetime) -> Decision:
    """Return what is decided once it is not put off any more."""
    while isinstance(decision := _decide(one, past, habits, now), Postpone):
        now = decision.until
    return decision


def _decide(one: outbox.Nudge, past: Past, habits: Habits, now: datetime) -> Decision:
    return decide(
        due=one.due, now=now, expires=one.expires, key=one.key, habits=habits, sent=past.sent, planned=past.planned,
        unanswered=past.unanswered,
    )  # fmt: skip


def _keep(work: Work, row: Nudge | None, one: outbox.Nudge, decision: Decision) -> Nudge:
    """Note the newest decision about a prompt in its row, a new one where it has none, and return that."""
    if row is None:
        row = Nudge(
            id=work.ids.new(), community_id=work.community.id, member_id=one.member.id, key=one.key,
            message=one.message, decision="", due_at=one.due, decided_at=work.now,
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
    return row


async def replan(work: Work, member: Member) -> None:
    """Let what waits for a member be thought over at once: what they allow is another now.

    Each goes back to when it fell due first, and is planned anew when it is claimed.
    """
    waiting = await storage.nudge.waiting_for(work.db, work.community.id, member.id)
    known = await storage.nudge.by_keys(work.db, work.community.id, [row.key for row in waiting])
    for row in waiting:
        first = known[row.key].due_at if row.key in known else row.created_at
        row.due_at = max(work.now, min(first, row.due_at))
        work.db.add(row)
    await work.happened("member.habits", member)


def quiet_until(member: Member, zone: str, now: datetime) -> datetime:
    """Return the first moment from `now` on that is not in the member's quiet hours; it may be `now`."""
    return quiet_ends(now, habits_of(member, zone))
