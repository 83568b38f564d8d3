"""A round: wanted, computed away from the loop, published in one unit of work, ended when its time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import storage.member
import storage.pair
import storage.programme
from bot.context import Work
from bot.errors import UserError
from bot.features.pair import rules
from bot.matching import Group, Request, Result
from bot.programmes import file_of
from bot.recurrence import to_utc, to_wall
from storage.member import Member
from storage.pair import Pair, PairMember, Round
from storage.programme import PEOPLE, Programme

IN_ROUND = ("mentor", "mentee", "peer")


async def wanted(work: Work, schedule: Any, occurrence: Any) -> None:  # noqa: ARG001
    """Ask for a round of the programme that the schedule is about; a sweep draws it."""
    programme = await storage.programme.by_id(work.db, work.community.id, schedule.subject)
    if programme is not None and programme.closed_at is None:
        await _want(work, programme)


async def _want(work: Work, programme: Programme) -> Round:
    earlier = await storage.pair.rounds(work.db, work.community.id, programme.id)
    row = Round(
        id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, created_at=work.now,
        number=earlier[0].number + 1 if earlier else 1, seed=work.ids.seed(),
    )  # fmt: skip
    work.db.add(row)
    await work.db.flush()
    return row


async def read_wanted(work: Work, round_id: str) -> Request | None:
    """Gather the request of a round that waits to be drawn."""
    row = await storage.pair.round_by_id(work.db, work.community.id, round_id)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id) if row else None
    return await _request(work, programme, seed=row.seed, number=row.number) if row and programme else None


async def read_now(ctx: Work, programme: Programme) -> Request:
    """Gather the request of a round to be drawn now. Raises `UserError` when there is nobody to pair."""
    earlier = await storage.pair.rounds(ctx.db, ctx.community.id, programme.id)
    number = earlier[0].number + 1 if earlier else 1
    gathered = await _request(ctx, programme, seed=number, number=number)
    if gathered is None:
        raise UserError("pair.no_rounds", programme=programme.name)
    if len(gathered.people) < 2:
        raise UserError("pair.nobody", programme=programme.name)
    return gathered


async def _request(work: Work, programme: Programme, *, seed: int, number: int) -> Request | None:
    here, file = work.community.id, file_of(programme)
    roles = await storage.programme.roles_in(work.db, here, programme.id, IN_ROUND)
    members = {
        member.id: member
        for member in (await storage.member.by_ids(work.db, here, {role.member_id for role in roles})).values()
        if member.opted_in_at is not None and member.left_at is None and not _paused(member, work)
    }
    spaces = await storage.member.spaces_of(work.db, here, members.keys())
    monday = rules.monday_of(to_wall(work.now, file.timezone).date())
    persons = rules.people(members, roles, spaces, work.community.zone, monday)
    history = await storage.pair.history(work.db, here, programme.id, number - file.matching.no_repeat_rounds)
    return rules.request(file, persons, history, seed=seed, number=number)


def _paused(member: Member, work: Work) -> bool:
    return member.paused_until is not None and member.paused_until > work.now


async def write_wanted(work: Work, result: Result | None, round_id: str) -> None:
    """Publish a round that was drawn."""
    row = await storage.pair.round_by_id(work.db, work.community.id, round_id)
    if row is None or row.status != "wanted":
        return
    if result is None or not result.groups:
        row.status, row.result = "empty", rules.stored(result) if result else {}
        work.db.add(row)
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id)
    if result is not None and programme is not None:
        await _publish(work, programme, row, result)


async def publish(work: Work, programme: Programme, result: Result) -> Round:
    """Publish a round that a coordinator asked for."""
    row = await _want(work, programme)
    row.seed = row.number
    await _publish(work, programme, row, result)
    return row


async def _publish(work: Work, programme: Programme, row: Round, result: Result) -> None:
    """Write the pairs, their rooms and introductions; tell who is left out; count who has waited how often."""
    file = file_of(programme)
    row.result, row.published_at = rules.stored(result), work.now
    if result.groups:
        row.status = "published"
        last_day = to_wall(work.now, file.timezone) + timedelta(weeks=file.rounds.weeks)
        row.ends_at = to_utc(last_day, file.timezone)
    work.db.add(row)
    await work.db.flush()
    roles = {
        role.member_id: role for role in await storage.programme.roles_in(work.db, work.community.id, programme.id)
    }
    members = await storage.member.by_ids(work.db, work.community.id, roles.keys())
    for group in result.groups:
        await _introduce(work, _Introduction(programme, row, group, file.mode or "peer"), members)
    matched = {member for group in result.groups for member in group.members}
    await _count_waits(work, programme, matched)
    for left_out in result.unmatched:
        await work.outbox.note(
            members[left_out.person], "pair.unmatched", key=f"pair.unmatched:{row.id}:{left_out.person}",
            programme=programme.name, why=[reason.code for reason in left_out.reasons if reason.code != "avoided"][:1],
        )  # fmt: skip
    work.audit("round.published", row.id)


@dataclass(frozen=True, slots=True)
class _Introduction:
    programme: Programme
    round: Round
    group: Group
    mode: str


async def _introduce(work: Work, made: _Introduction, members: dict[str, Member]) -> None:
    group = made.group
    spaces = await storage.member.spaces_of(work.db, work.community.id, group.members)
    common = sorted(set.intersection(*(set(spaces.get(member, ())) for member in group.members)))
    pair = Pair(
        id=work.ids.new(), community_id=work.community.id, programme_id=made.programme.id, round_id=made.round.id,
        space_id=common[0] if common else None, score=group.score, reasons=rules.reasons(group), created_at=work.now,
    )  # fmt: skip
    work.db.add(pair)
    await work.db.flush()
    for member in group.members:
        seat = PairMember(
            pair_id=pair.id, member_id=member, community_id=work.community.id,
            role=rules.role_in(group, member, made.mode),
        )  # fmt: skip
        work.db.add(seat)
    await work.db.flush()
    shown = [_card(members[member], rules.role_in(group, member, made.mode)) for member in group.members]
    told: dict[str, Any] = {
        "pair_id": pair.id, "programme": made.programme.name, "members": shown, "reasons": pair.reasons,
        "until": made.round.ends_at.isoformat() if made.round.ends_at else "",
    }  # fmt: skip
    if work.setting("core.rooms") == "room" and pair.space_id is not None:
        await work.outbox.open_room(pair, "pair.introduced", key=f"pair.introduced:{pair.id}", **told)
    else:
        for member in group.members:
            key = f"pair.introduced:{pair.id}:{member}"
            await work.outbox.note(members[member], "pair.introduced", key=key, **told, private=True)
    await work.happened("pair.introduced", pair)


def _card(member: Member, role: str) -> dict[str, Any]:
    return {
        "id": member.id, "role": role, "zone": member.zone or "", "languages": member.languages,
        "offers": member.offers[:5], "wants": member.wants[:5], "interests": member.interests[:5],
    }  # fmt: skip


async def _count_waits(work: Work, programme: Programme, matched: set[str]) -> None:
    for role in await storage.programme.roles_in(work.db, work.community.id, programme.id, PEOPLE):
        waited = 0 if role.member_id in matched else role.waited + 1
        if waited != role.waited:
            role.waited = waited
            work.db.add(role)


async def end(work: Work, round_id: str) -> None:
    """End a round whose time is over: its pairs are thanked, and asked nothing more."""
    row = await storage.pair.round_by_id(work.db, work.community.id, round_id)
    if row is None or row.status != "published" or row.ends_at is None or row.ends_at > work.now:
        return
    row.status = "ended"
    work.db.add(row)
    for pair in await storage.pair.of_round(work.db, work.community.id, round_id):
        if pair.status == "active":
            await end_pair(work, pair, "over")
            await _say_goodbye(work, pair)


async def _say_goodbye(work: Work, pair: Pair) -> None:
    if pair.room is not None:
        await work.outbox.room(pair, "pair.ended", key=f"pair.ended:{pair.id}", on_doubt="skip")
        return
    seats = (await storage.pair.seats(work.db, work.community.id, [pair.id]))[pair.id]
    members = await storage.member.by_ids(work.db, work.community.id, [seat.member_id for seat in seats])
    for member in members.values():
        await work.outbox.note(
            member, "pair.ended", key=f"pair.ended:{pair.id}:{member.id}", on_doubt="skip", private=True
        )


async def end_pair(work: Work, pair: Pair, reason: str) -> None:
    """End one pair and tell the other features. `reason` is a code: over, left."""
    pair.status, pair.ended_at = "ended", work.now
    work.db.add(pair)
    await work.db.flush()
    work.audit("pair.ended", pair.id, reason)
    await work.happened("pair.ended", pair)


def first_day(weekday: int, today: date) -> date:
    """Return the first such weekday (0 is Monday) from `today` on."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)
