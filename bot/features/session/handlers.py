"""Planning a session: three times that suit everybody, or another one, until somebody else says yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import storage.pair
import storage.programme
import storage.session
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.text import Code, Mention
from bot.context import Context
from bot.errors import UserError
from bot.features.session import rules, views
from bot.features.session.planning import agree, call_off, is_open, members, mine, spans
from bot.recurrence import to_utc, to_wall
from bot.slots import Person, propose, suits
from bot.zones import usable
from storage.member import Member
from storage.pair import Pair
from storage.session import PLANNED, PROPOSED, Session


async def plan(ctx: Context, who: Member | None) -> Reply:
    """Propose three times to meet a partner."""
    pairs = await pairs_with(ctx, who)
    return await _plan(ctx, pairs[0]) if len(pairs) == 1 else await which(ctx, pairs, "session.plan")


async def plan_with(ctx: Context) -> Reply:
    """The same, for the pair that was chosen."""
    return await _plan(ctx, await ctx.find(Pair, ctx.arg or ctx.key))


async def pairs_with(ctx: Context, who: Member | None, *, ended: bool = False) -> list[Pair]:
    """Return the actor's pairs (those with `who`, if given), newest first. Raises `UserError` when there is none.

    With `ended`, those that ended lately and can still be logged are among them.
    """
    here, me = ctx.community.id, ctx.member.id
    pairs = await storage.pair.all_of(ctx.db, here, me) if ended else []
    pairs = [pair for pair in reversed(pairs) if rules.loggable(pair, ctx.now)] if ended else pairs
    pairs = pairs or await storage.pair.active_of(ctx.db, here, me)
    seats = await storage.pair.seats(ctx.db, here, [pair.id for pair in pairs])
    people = {pair.id: {seat.member_id for seat in seats[pair.id]} for pair in pairs}
    found = [pair for pair in pairs if me in people[pair.id] and (who is None or who.id in people[pair.id] - {me})]
    if not found and who is not None and pairs:
        raise UserError("session.not_together", who=Mention(who.id))
    if not found:
        raise UserError("session.no_pair")
    return found


async def which(ctx: Context, pairs: list[Pair], button: str) -> Reply:
    """Ask which pair is meant."""
    seats = await storage.pair.seats(ctx.db, ctx.community.id, [pair.id for pair in pairs])
    offered = []
    for pair in pairs[: views.MOST]:
        others = tuple(seat.member_id for seat in seats[pair.id] if seat.member_id != ctx.member.id)
        offered.append((pair.id, ", ".join(member.shown for member in await members(ctx, others))))
    return Show(views.which(ctx.say, offered, button))


async def _plan(ctx: Context, pair: Pair) -> Reply:
    pair, others = await mine(ctx, pair.id)
    people = await members(ctx, (ctx.member.id, *others))
    sessions = await storage.session.of_pair(ctx.db, ctx.community.id, pair.id)
    persons = [Person(zone_of(ctx, member), member.availability) for member in people]
    busy = await spans(ctx, (ctx.member.id, *others))
    slots = [
        views.Slot(
            at,
            tuple((member.shown, zone_of(ctx, member)) for member in people[1:]),
            all(suits(person, at) for person in persons),
        )
        for at in propose(persons, ctx.now, taken=busy)
    ]
    ahead = [one for one in sessions if one.status == PLANNED and one.starts_at and one.starts_at > ctx.now]
    return Show(
        views.plan(
            ctx.say, pair.id, others, zone_of(ctx, ctx.member), slots, ahead, rules.open_proposal(sessions, ctx.now),
            ctx.member.id,
        )
    )  # fmt: skip


def zone_of(ctx: Context, member: Member) -> str:
    """Return the zone that a member lives in, the community's when they did not say."""
    return usable(member.zone, ctx.community.zone)


async def pick(ctx: Context, pair: Pair) -> Reply:
    """Propose one of the three times to the others."""
    at = rules.moment(ctx.arg)
    if at is None:
        raise UserError("core.gone")
    return await _suggest(ctx, pair, None, at, 60)


async def another(ctx: Context, pair: Pair) -> Reply:
    """Ask for another time."""
    await mine(ctx, pair.id)
    return Ask(views.time_form(ctx.say, "session.another", pair.id, zone_of(ctx, ctx.member)))


async def another_form(ctx: Context) -> Any:
    """Build the form again."""
    pair, _ = await mine(ctx, ctx.the(Pair).id)
    return views.time_form(ctx.say, "session.another", pair.id, zone_of(ctx, ctx.member))


async def another_given(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Propose the time that was written."""
    return await _written(ctx, ctx.the(Pair), None, answers)


async def move(ctx: Context, session: Session) -> Reply:
    """Ask for the time that a session should move to."""
    await mine(ctx, session.pair_id)
    if not is_open(session):
        raise UserError("core.gone")
    return Ask(_move_form(ctx, session))


async def move_form(ctx: Context) -> Any:
    """Build the form again."""
    session = ctx.the(Session)
    await mine(ctx, session.pair_id)
    return _move_form(ctx, session)


async def move_given(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Propose to move a session; until somebody agrees, the old time stands."""
    session = ctx.the(Session)
    if not is_open(session):
        raise UserError("core.gone")
    return await _written(ctx, await ctx.find(Pair, session.pair_id), session, answers)


async def accept(ctx: Context, session: Session) -> Reply:
    """Agree to the time that another proposed; of three or more, the first yes makes it the time."""
    _, others = await mine(ctx, session.pair_id)
    at = session.suggested_at
    if not is_open(session) or at is None or ctx.arg != str(session.suggestion):
        raise UserError("session.changed", look=Code("/session plan"))
    if session.suggested_by == ctx.member.id:
        raise UserError("session.own")
    return await _agreed(ctx, session, at, others)


async def cancel(ctx: Context, session: Session) -> Reply:
    """Call a session off, or say that a proposed time is not wanted."""
    _, others = await mine(ctx, session.pair_id)
    if not is_open(session):
        raise UserError("core.gone")
    planned, at = session.status == PLANNED, session.starts_at or session.suggested_at
    await call_off(ctx, session)
    if not planned:
        pair = await ctx.find(Pair, session.pair_id)
        for member in await members(ctx, others):
            await ctx.outbox.note(
                member, "session.withdrawn", key=f"session.withdrawn:{session.id}:{member.id}", pair=pair,
                by=ctx.member.id, at=at.isoformat() if at else "", pair_id=pair.id,
            )  # fmt: skip
    return Replace(views.called_off(ctx.say, session.pair_id, planned=planned))


def _move_form(ctx: Context, session: Session) -> Any:
    zone = zone_of(ctx, ctx.member)
    wall = to_wall(session.starts_at, zone) if session.starts_at else None
    return views.time_form(ctx.say, "session.move", session.id, zone, wall, lasts=False)


async def _written(ctx: Context, pair: Pair, session: Session | None, answers: dict[str, Any]) -> Reply:
    clock = rules.clock(answers["at"])
    if clock is None:
        return Reject({"at": views.wrong_clock(ctx.say)})
    try:
        at = to_utc(datetime.combine(answers["day"], clock), zone_of(ctx, ctx.member))
    except OverflowError:
        return Reject({"day": views.wrong_time(ctx.say, "far")})
    if wrong := rules.wrong_time(at, ctx.now):
        return Reject({"day": views.wrong_time(ctx.say, wrong)})
    _, others = await mine(ctx, pair.id)
    minutes = session.minutes if session else answers["minutes"] or 60
    busy = await spans(ctx, (ctx.member.id, *others), session.id if session else "")
    if rules.clashes(at, minutes, busy):
        return Reject({"day": views.wrong_time(ctx.say, "taken")})
    return await _suggest(ctx, pair, session, at, minutes)


async def _suggest(ctx: Context, pair: Pair, session: Session | None, at: datetime, minutes: int) -> Reply:
    pair, others = await mine(ctx, pair.id)
    sessions = await storage.session.of_pair(ctx.db, ctx.community.id, pair.id)
    session = session or rules.open_proposal(sessions, ctx.now)
    if session is not None and session.suggested_at == at and session.suggested_by not in (None, ctx.member.id):
        return await _agreed(ctx, session, at, others)
    if session is not None and session.suggested_at == at:
        return Show(views.suggested_to(ctx.say, session.id, others, at, session.starts_at))
    await _free(ctx, at, minutes, others, session)
    if session is None:
        session = Session(
            id=ctx.ids.new(), community_id=ctx.community.id, programme_id=pair.programme_id, pair_id=pair.id,
            status=PROPOSED, created_at=ctx.now,
        )  # fmt: skip
    session.minutes = minutes
    session.suggested_at, session.suggested_by = at, ctx.member.id
    session.suggestion += 1
    ctx.db.add(session)
    await ctx.db.flush()
    for member in await members(ctx, others):
        await ctx.outbox.note(
            member, "session.suggested", key=f"session.suggested:{session.id}:{session.suggestion}:{member.id}",
            pair=pair, session=session.id, by=ctx.member.id, at=at.isoformat(), minutes=minutes,
            suggestion=session.suggestion, moves=session.starts_at.isoformat() if session.starts_at else "",
        )  # fmt: skip
    return Show(views.suggested_to(ctx.say, session.id, others, at, session.starts_at))


async def _agreed(ctx: Context, session: Session, at: datetime, others: tuple[str, ...]) -> Reply:
    await _free(ctx, at, session.minutes, others, session)
    await agree(ctx, session, at)
    return Replace(views.agreed(ctx.say, session.id, others, at))


async def _free(ctx: Context, at: datetime, minutes: int, others: tuple[str, ...], session: Session | None) -> None:
    """Refuse a time that is over, too far, or taken by another session of one of them."""
    if wrong := rules.wrong_time(at, ctx.now):
        raise UserError("session.over" if wrong == "past" else "core.gone")
    busy = await spans(ctx, (ctx.member.id, *others), session.id if session else "")
    if rules.clashes(at, minutes, busy):
        raise UserError("session.taken")
