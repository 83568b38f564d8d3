"""What came of a simulation, in numbers. What must never happen is recounted from the messages that arrived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import storage.checkin
import storage.kudos
import storage.member
import storage.outbox
import storage.pair
import storage.programme
import storage.round
from bot.recurrence import to_wall
from cli.simulation.cast import Delivered, RecordingTown
from cli.simulation.life import WEEK, Life, addressee
from storage.checkin import CheckIn
from storage.engine import Database
from storage.member import Member
from storage.pair import Pair
from storage.round import Round

DAY = timedelta(days=1)
BROKEN = "core.broken"


@dataclass(frozen=True, slots=True)
class Records:
    """What the database holds at the end. `members` by handle, `nudges` the ids of the messages that were nudges."""

    rounds: tuple[Round, ...]
    pairs: tuple[Pair, ...]
    checkins: tuple[CheckIn, ...]
    members: Mapping[str, Member]
    nudges: frozenset[str]
    kudos: int
    outbox: Mapping[str, int]


async def collect(database: Database, community_id: str, programme_id: str) -> Records:
    """Read everything that the figures need."""
    async with database.read() as db:
        rounds = sorted(await storage.round.of_programme(db, community_id, programme_id), key=lambda row: row.number)
        pairs = [pair for row in rounds for pair in await storage.pair.of_round(db, community_id, row.id)]
        checkins = [row for pair in pairs for row in await storage.checkin.of_pair(db, community_id, pair.id)]
        everybody = await storage.member.everyone(db, community_id)
        gone = {
            role.member_id for role in await storage.programme.roles_in(db, community_id, programme_id, status="left")
        }
        members = {member.id: member for member in everybody} | await storage.member.by_ids(db, community_id, gone)
        sent = await storage.outbox.newest(db, community_id, states=(storage.outbox.SENT,), limit=1_000_000)
        kudos = [len(await storage.kudos.received(db, community_id, member)) for member in sorted(members)]
        return Records(
            rounds=tuple(rounds),
            pairs=tuple(pairs),
            checkins=tuple(checkins),
            members={member.handle: member for member in members.values()},
            nudges=frozenset(row.remote_message for row in sent if row.kind == "nudge" and row.remote_message),
            kudos=sum(kudos),
            outbox=await storage.outbox.counts(db, community_id),
        )


def in_quiet_hours(at: datetime, zone: str, start: str, end: str) -> bool:
    """Return whether `at` (aware) is in the quiet hours on the wall of `zone`; they may span midnight."""
    wall, first, last = at.astimezone(ZoneInfo(zone)).time(), time.fromisoformat(start), time.fromisoformat(end)
    return first <= wall < last if first <= last else wall >= first or wall < last


def disturbed(records: Records, delivered: Iterable[Delivered]) -> int:
    """Return how many nudges arrived in the quiet hours of the person they were for."""
    count = 0
    for one in delivered:
        member = records.members.get(addressee(one.message))
        if one.message.id in records.nudges and member is not None:
            count += in_quiet_hours(one.at, member.zone or "UTC", member.quiet_start, member.quiet_end)
    return count


def over_budget(records: Records, delivered: Iterable[Delivered]) -> int:
    """Return how often a member got more nudges in a local week, Monday to Sunday, than they allow."""
    sent: Counter[tuple[str, tuple[int, int]]] = Counter()
    for one in delivered:
        handle = addressee(one.message)
        if one.message.id in records.nudges and handle in records.members:
            zone = ZoneInfo(records.members[handle].zone or "UTC")
            sent[handle, one.at.astimezone(zone).isocalendar()[:2]] += 1
    return sum(count > records.members[handle].weekly_nudges for (handle, _), count in sent.items())


def doubled(town: RecordingTown, zone: str) -> int:
    """Return how often a message was sent again: under a key used before, or equal to one of the same day and place.

    A day is one of the wall clock in `zone`: what comes at five each day comes after 23 hours in the night in which the
    clock goes forward.
    """
    again = len(town.sends) - len(set(town.sends))
    latest: dict[tuple[str, Any], datetime] = {}
    for one in town.delivered:
        known, wall = (one.message.channel, one.message.view), to_wall(one.at, zone)
        again += known in latest and wall - latest[known] < DAY
        latest[known] = wall
    return again


def introductions(records: Records, delivered: Iterable[Delivered]) -> Counter[int]:
    """Return how many pairs were introduced so many times, counting messages in their rooms."""
    told = Counter(one.message.channel for one in delivered if one.message.view.key == "pair.introduced")
    return Counter(told[pair.room or ""] for pair in records.pairs)


def by_week(records: Records, life: Life, begin: datetime, weeks: int) -> list[dict[str, Any]]:
    """Return one row a week of the programme: questions, answers, pairs that met, who is still there.

    `begin` is the first round. Retention is the share of those who had joined by then that has not left.
    """
    rows = []
    for number in range(1, weeks + 1):
        start, end = begin + (number - 1) * WEEK, begin + number * WEEK
        asked = [row for row in records.checkins if row.asked_at and start <= row.asked_at < end]
        answered = [row for row in asked if row.answer]
        joined = [handle for handle, at in life.joined.items() if at < end]
        active = [handle for handle in joined if life.gone.get(handle, end) >= end]
        rows.append(
            {
                "week": number,
                "asked": len(asked),
                "answered": len(answered),
                "response_rate": _rate(len(answered), len(asked)),
                "pairs_met": len({row.pair_id for row in answered if row.answer == "met"}),
                "active": len(active),
                "retention": _rate(len(active), len(joined)),
            }
        )
    return rows


def figures(records: Records, life: Life, begin: datetime, weeks: int) -> dict[str, Any]:
    """Return everything that `--json` shows, but for how the run was asked for."""
    delivered = life.town.delivered
    asked = [row for row in records.checkins if row.asked_at]
    answers = Counter(row.answer for row in asked if row.answer)
    introduced = introductions(records, delivered)
    return {
        "people": {"joined": len(life.joined), "left": len(life.gone.keys() & life.joined.keys())},
        "messages": dict(sorted(Counter(one.message.view.key for one in delivered).items())),
        "outbox": dict(sorted(records.outbox.items())),
        "rounds": [_round(row, records.pairs) for row in records.rounds],
        "pairs": len(records.pairs),
        "met": sum(pair.met_at is not None for pair in records.pairs),
        "unmatched": sum(_unmatched(row) for row in records.rounds),
        "checkins": {
            "asked": len(asked),
            "answered": sum(answers.values()),
            "response_rate": _rate(sum(answers.values()), len(asked)),
            "answers": dict(sorted(answers.items())),
        },
        "kudos": records.kudos,
        "notes": life.replies["feedback.sent"],
        "weeks": by_week(records, life, begin, weeks),
        "checks": {
            "nudges": len(records.nudges),
            "nudges_in_quiet_hours": disturbed(records, delivered),
            "members_over_budget": over_budget(records, delivered),
            "duplicate_messages": doubled(life.town, life.file.timezone),
            "pairs_introduced_once": introduced[1],
            "pairs_not_introduced_once": introduced.total() - introduced[1],
            "broken_replies": life.replies[BROKEN],
        },
    }


MUST_BE_ZERO = (
    "nudges_in_quiet_hours", "members_over_budget", "duplicate_messages", "pairs_not_introduced_once", "broken_replies",
)  # fmt: skip


def _round(row: Round, pairs: Iterable[Pair]) -> dict[str, Any]:
    mine = [pair for pair in pairs if pair.round_id == row.id]
    return {
        "number": row.number,
        "at": row.published_at.isoformat() if row.published_at else None,
        "pairs": len(mine),
        "met": sum(pair.met_at is not None for pair in mine),
        "unmatched": _unmatched(row),
    }


def _unmatched(row: Round) -> int:
    return len(row.result.get("unmatched", []))


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
