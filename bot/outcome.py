"""What follows from a platform's answer: how a claimed outbox row is marked, and where a message goes next."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import storage.member
import storage.outbox
import storage.pair
from bot import merging
from bot.chat.platform import Forbidden, RateLimited, SendFailed, Transient, Unreachable
from bot.chat.text import Code, words
from bot.chat.views import Heading, List, Note, Text, View
from bot.clock import Ids
from bot.context import Work
from bot.delivery import Deliver, Edit, Enter, Grant, Instead, NotYet, OpenRoom, Post, Sent
from bot.i18n import N_, Say
from storage.db import Db
from storage.outbox import AMBIGUOUS, DEAD, DEAD_LETTERS, HELD, PENDING, RETRY, SENT, SKIPPED, Outbox

TRIES = 8
"""Failed tries after which a row is given up."""

FIRST, CAP = timedelta(seconds=2), timedelta(minutes=15)
"""The first pause after a failure is shorter than `FIRST`; it doubles with each further one, up to `CAP`."""

SETTLE = timedelta(seconds=2)
"""The least pause before a doubtful row is looked at again: a platform's history needs a moment."""

COORDINATORS = "core.coordinator_channel"
"""Setting: the channel where coordinators are told about dead letters, as [space id, channel id]."""

Outcome = Sent | NotYet | Instead | SendFailed


def backoff(key: str, attempts: int) -> timedelta:
    """Return the pause before the next try: "full jitter", anything from 0 to 2 s x 2^(attempts - 1), at most 15 min.

    The chance in it is a hash of the key and the attempt, so that a replay gives the same pauses.
    """
    most = min(FIRST * (1 << min(max(attempts - 1, 0), 20)), CAP)
    share = int.from_bytes(hashlib.sha256(f"{key}:{attempts}".encode()).digest()[:8]) / 2**64
    return max(most * share, timedelta(milliseconds=1))


async def record(db: Db, row: Outbox, deliver: Deliver | None, outcome: Outcome, now: datetime, ids: Ids) -> None:
    """Mark a row that is leased by the caller. `deliver` is the call that was or would have been made, if any."""
    row.owner, row.lease_until = "", None
    row.error = _why(outcome)
    match outcome:
        case Sent():
            await _sent(db, row, deliver, outcome, now)
        case NotYet(until, behind=behind):
            row.attempts -= 1
            _wait(row, until, behind=behind)
        case Instead(state, spread=spread):
            if spread:
                await _spread(db, row, now, ids)
            _close(row, state)
        case _:
            await _failed(db, row, deliver, outcome, now, ids)
    if not merging.keeps(row):
        await merging.unsent(db, row, row.error)
    db.add(row)


def _why(outcome: Outcome) -> str:
    match outcome:
        case Sent():
            return ""
        case NotYet(why=why) | Instead(why=why):
            return why
        case _:
            return outcome.code


async def _sent(db: Db, row: Outbox, deliver: Deliver | None, sent: Sent, now: datetime) -> None:
    row.sent_at = now
    row.flagged = row.flagged and not sent.certain
    _close(row, SENT)
    if deliver is not None:
        # Where it went, which the ladder may have changed: an edit looks for it there.
        row.space_id = deliver.space
    if sent.ref is not None:
        row.remote_channel, row.remote_message = sent.ref.channel, sent.ref.message
        known = deliver is not None and deliver.address.channel == sent.ref.channel
        if deliver is not None and not known and isinstance(deliver.act, Post) and deliver.address.kind == "user":
            account = deliver.address.id
            await storage.member.remember_dm(db, row.community_id, deliver.space, account, sent.ref.channel)
    if sent.room is not None:
        await _room(db, row, row.to_id, sent.room)
    parts = deliver.act.parts if deliver is not None and isinstance(deliver.act, Post) else ()
    await merging.sent(db, row, parts, now)
    if deliver is not None and isinstance(deliver.act, Edit) and deliver.act.part is not None:
        await merging.changed(db, row.community_id, deliver.act.part)


def _wait(row: Outbox, until: datetime, *, behind: bool) -> None:
    row.due_at = until
    row.state = PENDING if not behind else AMBIGUOUS if row.flagged else RETRY


def _close(row: Outbox, state: str) -> None:
    row.state = state
    if state in (SENT, SKIPPED):
        row.params = {}


async def _failed(db: Db, row: Outbox, deliver: Deliver | None, error: SendFailed, now: datetime, ids: Ids) -> None:
    match error:
        case RateLimited(retry_after=seconds):
            row.attempts -= 1
            _wait(row, now + max(timedelta(seconds=seconds), timedelta(milliseconds=1)), behind=True)
        case Forbidden(stop=True):
            # The bot's token is at fault, not the message: it stays until somebody has mended that.
            row.attempts -= 1
            _wait(row, now, behind=True)
        case Transient(doubtful=doubtful):
            row.flagged = row.flagged or doubtful
            pause = backoff(row.key, row.attempts)
            if row.attempts >= TRIES:
                _close(row, DEAD)
            else:
                _wait(row, now + (max(pause, SETTLE) if row.flagged else pause), behind=True)
        case Unreachable():
            await _unreachable(db, row, deliver, now, ids)
        case _:
            _close(row, DEAD)


async def _unreachable(db: Db, row: Outbox, deliver: Deliver | None, now: datetime, ids: Ids) -> None:
    """One step down the ladder: DM, pair room, next command; a lost room falls to a DM for each of the pair."""
    row.flagged = False
    if deliver is None or isinstance(deliver.act, OpenRoom):
        _close(row, DEAD)
    elif isinstance(deliver.act, Edit | Enter | Grant):
        _close(row, SKIPPED)
    elif row.to_kind == "member" and deliver.address.kind == "user":
        await _close_dm(db, row)
        row.attempts -= 1
        _wait(row, now, behind=True)
    elif row.to_kind == "member":
        _close(row, HELD)
    else:
        if row.to_kind == "room":
            await _room(db, row, row.to_id, None)
            await _spread(db, row, now, ids)
        _close(row, DEAD)


async def _close_dm(db: Db, row: Outbox) -> None:
    member = await storage.member.by_id(db, row.community_id, row.to_id)
    if member is not None:
        member.dm_closed = True
        db.add(member)


async def _room(db: Db, row: Outbox, pair_id: str, room: str | None) -> None:
    pair = await storage.pair.by_id(db, row.community_id, pair_id)
    if pair is not None:
        pair.room = room
        db.add(pair)


async def _spread(db: Db, row: Outbox, now: datetime, ids: Ids) -> None:
    """Write to each of the pair what its room could not be told; `private` tells the builder."""
    seats = await storage.pair.seats(db, row.community_id, [row.to_id])
    for seat in seats[row.to_id]:
        identities = await storage.member.identities(db, row.community_id, seat.member_id)
        here = [one.space_id for one in identities if one.space_id == row.space_id]
        copy = Outbox(
            id=ids.new(), community_id=row.community_id, key=f"{row.key}:{seat.member_id}", kind=row.kind,
            space_id=next(iter([*here, *(one.space_id for one in identities)]), None), to_kind="member",
            to_id=seat.member_id, message=row.message, params=row.params | {"private": True},
            on_doubt=row.on_doubt, due_at=now, expires_at=row.expires_at, created_at=now,
        )  # fmt: skip
        await storage.outbox.add(db, copy)


async def tell_dead(work: Work) -> None:
    """Tell the coordinators what could not be delivered, at most once a UTC day; without a channel, tell nobody yet."""
    dead = await storage.outbox.untold_dead(work.db, work.community.id)
    if not dead:
        return
    codes = Counter(row.error or "unknown" for row in dead)
    posted = await work.outbox.post(
        work.setting(COORDINATORS), DEAD_LETTERS, key=f"{DEAD_LETTERS}:{work.community.id}:{work.now.date()}",
        on_doubt="repeat", count=len(dead), codes=dict(sorted(codes.items())),
    )  # fmt: skip
    if not posted:
        return
    for row in dead:
        row.told = True
        work.db.add(row)


def dead_letters(say: Say, params: Mapping[str, Any]) -> View:
    """Say how many messages could not be delivered, and why. `params`: count, codes (code -> how often)."""
    lines = tuple(words(Code(code), f" × {number}") for code, number in params["codes"].items())
    total = int(params["count"])
    return View(
        DEAD_LETTERS,
        (
            Heading(say.line(N_("Messages that could not be delivered"))),
            Text(
                say.plural(
                    "I gave up on one message. This is what the platform answered:",
                    "I gave up on {n} messages. This is what the platform answered:",
                    total,
                )
            ),
            List(lines),
            Note(
                say(
                    "Whoever runs me can see them with {list} and send them again with {retry}.",
                    list=Code("kith outbox list"),
                    retry=Code("kith outbox retry"),
                )
            ),
        ),
    )
