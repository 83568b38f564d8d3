"""Logging what took place, and confirming what another logged."""

from __future__ import annotations

from datetime import date
from typing import Any

import storage.member
import storage.pair
import storage.session
from bot.chat.reply import Ask, Reject, Replace, Reply, Show
from bot.chat.text import Code
from bot.context import Context
from bot.errors import UserError
from bot.features.session import log_views, rules
from bot.features.session.handlers import pairs_with, which, zone_of
from bot.features.session.planning import forget_reminders, members, mine
from bot.recurrence import to_wall
from storage.member import Member
from storage.pair import Pair
from storage.session import CONFIRMED, LOGGED, Session, SessionNote


async def log(ctx: Context, who: Member | None) -> Reply:
    """Ask what a session was about."""
    pairs = await pairs_with(ctx, who, ended=True)
    return Ask(await _form(ctx, pairs[0])) if len(pairs) == 1 else await which(ctx, pairs, "session.log")


async def log_with(ctx: Context) -> Reply:
    """The same, for the pair that was chosen."""
    return Ask(await _form(ctx, await ctx.find(Pair, ctx.arg or ctx.key)))


async def log_form(ctx: Context) -> Any:
    """Build the form again."""
    return await _form(ctx, ctx.the(Pair))


async def _form(ctx: Context, pair: Pair) -> Any:
    pair, _ = await mine(ctx, pair.id, active=False)
    if not rules.loggable(pair, ctx.now):
        raise UserError("session.ended")
    sessions = await storage.session.of_pair(ctx.db, ctx.community.id, pair.id)
    planned = rules.to_log(sessions, ctx.now)
    day, minutes = _today(ctx), 60
    if planned is not None and planned.starts_at is not None:
        day, minutes = to_wall(planned.starts_at, zone_of(ctx, ctx.member)).date(), planned.minutes
    first = not any(one.status in (LOGGED, CONFIRMED) for one in sessions)
    return log_views.log_form(ctx.say, "session.log", pair.id, day=day, minutes=minutes, first=first)


async def logged(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep a log and ask the others whether it is right."""
    pair, others = await mine(ctx, ctx.the(Pair).id, active=False)
    if not rules.loggable(pair, ctx.now):
        raise UserError("session.ended")
    day: date = answers["day"]
    if errors := _wrong(ctx, pair, day):
        return Reject(errors)
    here = ctx.community.id
    sessions = await storage.session.of_pair(ctx.db, here, pair.id)
    known = await storage.session.on_day(ctx.db, here, pair.id, day)
    if known is not None:
        if answers["private"]:
            await _keep_private(ctx, known, answers["private"])
        helped, told = await _help(ctx, known, answers)
        return Show(log_views.known(ctx.say, known, ctx.member.id, helped=helped, told=told))
    session = rules.same_day(sessions, day, zone_of(ctx, ctx.member), ctx.now) or Session(
        id=ctx.ids.new(), community_id=here, programme_id=pair.programme_id, pair_id=pair.id, created_at=ctx.now
    )
    return await _keep(ctx, pair, session, answers, others)


async def change(ctx: Context, session: Session) -> Reply:
    """Ask again what the member logged, as long as nobody has confirmed it."""
    return Ask(await _change_form(ctx, session))


async def change_form(ctx: Context) -> Any:
    """Build the form again."""
    return await _change_form(ctx, ctx.the(Session))


async def _change_form(ctx: Context, session: Session) -> Any:
    await mine(ctx, session.pair_id, active=False)
    _own_log(ctx, session)
    note = await storage.session.note_of(ctx.db, ctx.community.id, session.id, ctx.member.id)
    return log_views.log_form(
        ctx.say, "session.change", session.id, day=session.met_on, minutes=session.minutes, session=session,
        private=note.private if note else "",
    )  # fmt: skip


async def changed(ctx: Context, answers: dict[str, Any]) -> Reply:
    """Keep the changed log and ask the others again."""
    session = ctx.the(Session)
    pair, others = await mine(ctx, session.pair_id, active=False)
    _own_log(ctx, session)
    day: date = answers["day"]
    if errors := _wrong(ctx, pair, day):
        return Reject(errors)
    known = await storage.session.on_day(ctx.db, ctx.community.id, pair.id, day)
    if known is not None and known.id != session.id:
        return Reject({"day": log_views.wrong_day(ctx.say, "known", day)})
    return await _keep(ctx, pair, session, answers, others)


def _own_log(ctx: Context, session: Session) -> None:
    if session.logged_by != ctx.member.id:
        raise UserError("core.not_yours")
    if session.status != LOGGED:
        raise UserError("session.confirmed")


async def _keep(ctx: Context, pair: Pair, session: Session, answers: dict[str, Any], others: tuple[str, ...]) -> Reply:
    first = session.status != LOGGED
    await forget_reminders(ctx, session, "logged")
    session.status, session.logged_by, session.logged_at = LOGGED, ctx.member.id, ctx.now
    session.suggested_at, session.suggested_by = None, None
    session.met_on, session.minutes = answers["day"], answers["minutes"]
    session.topics, session.next_step, session.shared = answers["topics"], answers["next_step"], answers["shared"]
    session.suggestion += 1
    ctx.db.add(session)
    await ctx.db.flush()
    await _keep_private(ctx, session, answers["private"])
    for member in await members(ctx, others):
        await ctx.outbox.note(
            member, "session.logged", key=f"session.logged:{session.id}:{session.suggestion}:{member.id}", pair=pair,
            session=session.id, by=ctx.member.id, suggestion=session.suggestion, day=session.met_on.isoformat(),
            minutes=session.minutes, topics=session.topics, next_step=session.next_step, shared=session.shared,
        )  # fmt: skip
    helped, told = await _help(ctx, session, answers)
    if first:
        await ctx.happened("session.logged", session)
    return Show(log_views.logged(ctx.say, session.id, others, helped=helped, told=told))


async def _help(ctx: Context, session: Session, answers: dict[str, Any]) -> tuple[bool, bool]:
    """Tell coordinators who would like a word, and only what was written for them.

    Returns whether a word was asked for, and whether there is anybody to tell.
    """
    words, channel = answers["for_coordinators"], ctx.setting("core.coordinator_channel")
    if answers["help"] != "yes" and not words:
        return False, False
    key = f"session.help:{session.id}:{session.suggestion}:{ctx.member.id}"
    await ctx.outbox.post(channel, "session.help_wanted", key=key, on_doubt="repeat", member=ctx.member.id, words=words)
    return True, bool(channel)


async def _keep_private(ctx: Context, session: Session, words: str) -> None:
    note = await _note(ctx, session)
    note.private = words
    ctx.db.add(note)


async def _note(ctx: Context, session: Session) -> SessionNote:
    found = await storage.session.note_of(ctx.db, ctx.community.id, session.id, ctx.member.id)
    return found or SessionNote(session_id=session.id, member_id=ctx.member.id, community_id=ctx.community.id)


async def right(ctx: Context, session: Session) -> Reply:
    """Confirm what another logged: the hours count, and the pair has met."""
    pair = await _asked(ctx, session)
    await _answer(ctx, session, "right")
    session.status, session.confirmed_at = CONFIRMED, ctx.now
    ctx.db.add(session)
    await ctx.db.flush()
    if pair.met_at is None:
        pair.met_at = ctx.now
        ctx.db.add(pair)
        await ctx.happened("pair.met", pair)
    await ctx.happened("session.confirmed", session)
    minutes = (await storage.session.minutes_of(ctx.db, ctx.community.id, [pair.id])).get(pair.id, 0)
    return Replace(log_views.confirmed(ctx.say, minutes))


async def other(ctx: Context, session: Session) -> Reply:
    """Say that it was otherwise: who logged it is told, kindly, and can change it."""
    await _asked(ctx, session)
    await _answer(ctx, session, "other")
    for writer in await members(ctx, (session.logged_by or "",)):
        await ctx.outbox.note(
            writer, "session.otherwise", key=f"session.other:{session.id}:{session.suggestion}:{ctx.member.id}",
            session=session.id, by=ctx.member.id, day=session.met_on.isoformat() if session.met_on else "",
        )  # fmt: skip
    return Replace(log_views.otherwise_said(ctx.say, session.logged_by or "", session.id, session.suggestion))


async def _asked(ctx: Context, session: Session) -> Pair:
    pair, others = await mine(ctx, session.pair_id, active=False)
    if session.status == CONFIRMED:
        raise UserError("session.confirmed")
    if session.logged_by == ctx.member.id:
        raise UserError("session.own_log")
    if not rules.may_confirm(session, ctx.member.id, (ctx.member.id, *others)) or ctx.arg != str(session.suggestion):
        raise UserError("session.changed", look=Code("/session list"))
    return pair


async def _answer(ctx: Context, session: Session, answer: str) -> None:
    note = await _note(ctx, session)
    note.answer, note.answered_at = answer, ctx.now
    ctx.db.add(note)


def _today(ctx: Context) -> date:
    return to_wall(ctx.now, zone_of(ctx, ctx.member)).date()


def _wrong(ctx: Context, pair: Pair, day: date) -> dict[str, str]:
    introduced = to_wall(pair.created_at, zone_of(ctx, ctx.member)).date()
    wrong = rules.wrong_day(day, today=_today(ctx), introduced=introduced)
    return {"day": log_views.wrong_day(ctx.say, wrong, introduced)} if wrong else {}
