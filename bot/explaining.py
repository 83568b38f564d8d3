"""Why something was or was not sent to a member, and what is next: kinds, moments, reasons; never what it said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import storage.nudge
from bot.chat.text import Words, words
from bot.context import Work
from bot.i18n import N_, Say
from bot.nudging import habits_of, past_of
from bot.planner import Drop, Postpone, Send, decide
from storage.member import Member
from storage.nudge import DROPPED, WAITS, Nudge
from storage.outbox import HELD, SENT, SKIPPED, Outbox

SHOWN = 5
LOOKED_AT = 40
PUNCTUAL = timedelta(minutes=15)
"""What was sent this soon after it fell due did not wait."""

Fate = Literal["sent", "held", "planned", "waits", "dropped"]

REASONS = {
    "not_opted_in": N_("they have not joined a programme"),
    "inactive": N_("nothing is asked of them until they come back"),
    "paused": N_("a pause is on"),
    "quiet_hours": N_("quiet hours"),
    "budget": N_("the week's messages were used up"),
    "back_off": N_("the last ones stayed unanswered, so they come rarer"),
    "too_soon": N_("another message had come within the hour"),
    "expired": N_("its moment had passed"),
    "in_doubt": N_("it may have been sent already, and nothing is sent twice"),
    "left": N_("they have left"),
    "forgotten": N_("somebody it was about asked to be forgotten"),
    "not_connected": N_("the platform could not be reached"),
    "space_gone": N_("the bot was removed from their space"),
    "paced": N_("many messages were on their way"),
    "dm_closed": N_("their direct messages are closed"),
    "no_account": N_("they have no account here"),
    "frozen": N_("moderators have asked for quiet around them"),
    "pair_frozen": N_("their pair rests"),
    "withdrawn": N_("it was no longer needed"),
    "gone": N_("what it was about is gone"),
    "unknown_message": N_("this version of Kith does not know that message"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One prompt: its kind, its fate, `at` when (aware UTC), `due` when it fell due, why, and what it waited for.

    `with_others` counts the other prompts in the same message.
    """

    message: str
    fate: Fate
    at: datetime
    due: datetime
    why: str = ""
    behind: str = ""
    with_others: int = 0


async def lately(work: Work, member: Member) -> list[Told]:
    """Return what was and was not sent, newest first."""
    here = work.community.id
    rows = await storage.nudge.newest_to(work.db, here, member.id, LOOKED_AT)
    decided = await storage.nudge.of_member(work.db, here, member.id, LOOKED_AT)
    told = [one for row in rows if (one := of_row(row, rows)).fate in ("sent", "held", "dropped")]
    told += [_of_decision(row) for row in decided if row.decision == DROPPED]
    return sorted(told, key=lambda one: one.at, reverse=True)[:SHOWN]


async def coming(work: Work, member: Member) -> list[Told]:
    """Return what will be sent next as far as is known today, soonest first."""
    here = work.community.id
    rows = await storage.nudge.waiting_for(work.db, here, member.id)
    told = [of_row(row, rows) for row in rows]
    past = await past_of(work.db, here, member, work.now)
    sent, planned = [*past.sent], [*past.planned]  # each one decided here counts for those after it
    features = [one for feature in work.features.all if feature.coming for one in await feature.coming(work, member)]
    for one in sorted(features, key=lambda item: item.at):
        decision = decide(
            due=one.at, now=work.now, expires=one.expires, key="", habits=habits_of(member, work.community.zone),
            sent=sent, planned=planned, unanswered=past.unanswered, spread=timedelta(),
        )  # fmt: skip
        match decision:
            case Send(at, joins):
                told.append(Told(one.message, "planned", at, one.at, with_others=int(joins)))
                sent, planned = [*sent, at], [*planned, at]
            case Postpone(until, why):
                told.append(Told(one.message, "waits", until, one.at, why.value))
                sent, planned = [*sent, until], [*planned, until]
            case Drop(why, behind):
                told.append(Told(one.message, "dropped", one.at, one.at, why.value, behind.value if behind else ""))
    known = {one.message for one in told}
    waiting = await storage.nudge.of_member(work.db, here, member.id, LOOKED_AT)
    told += [_of_decision(row) for row in waiting if row.decision == WAITS and row.message not in known]
    return sorted((one for one in told if one.at >= work.now), key=lambda one: one.at)[:SHOWN]


def of_row(row: Outbox, rows: list[Outbox]) -> Told:
    """Return the fate of an outbox row among its neighbours."""
    others = row.parts
    if row.merged_into is not None:
        others = max((other.parts for other in rows if other.id == row.merged_into), default=1)
    if row.state == SENT and row.sent_at is not None:
        return Told(row.message, "sent", row.sent_at, row.created_at, with_others=others)
    fate: Fate = "held" if row.state == HELD else "dropped" if row.state in (SKIPPED, "dead") else "planned"
    return Told(row.message, fate, row.due_at, row.created_at, row.error, with_others=others)


def _of_decision(row: Nudge) -> Told:
    fate: Fate = "dropped" if row.decision == DROPPED else "waits"
    return Told(row.message, fate, row.until or row.decided_at, row.due_at, row.why, row.behind)


def sentence(say: Say, told: Told, kinds: Mapping[str, str]) -> Words:
    """Say what became of one prompt, and why."""
    kind = say(kinds.get(told.message, N_("a message")))
    when, why = say.when(told.at), _reason(say, told)
    match told.fate:
        case "sent":
            line = say("{kind}: sent on {when}.", kind=kind, when=when)
            if told.at - told.due > PUNCTUAL:
                line = words(line, " ", say("It was ready on {due}.", due=say.when(told.due)))
        case "held":
            line = say("{kind}: could not be delivered, and waits for their next command.", kind=kind)
        case "planned":
            line = say("{kind}: planned for {when}.", kind=kind, when=when)
            if why:
                line = words(line, " ", say("It waits. The reason: {why}.", why=why))
        case "waits":
            line = say("{kind}: not before {when}. The reason: {why}.", kind=kind, when=when, why=why)
        case _:
            line = say("{kind}: not sent. The reason: {why}.", kind=kind, why=why or say("it was no longer needed"))
    if told.with_others:
        line = words(line, " ", say("It shares one message with others of that day."))
    return line


def _reason(say: Say, told: Told) -> Words:
    known = [say(REASONS[code]) for code in (told.why, told.behind) if code in REASONS]
    return say("{first}, after this: {then}", first=known[0], then=known[1]) if len(known) > 1 else (known or [()])[0]
