"""The draft of a programme's next round: found, drawn, changed, given up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import storage.programme
import storage.round
from bot.chat.text import Mention
from bot.context import Context, Work
from bot.errors import UserError
from bot.features.round import rules
from bot.matching import Request, Result
from bot.rounds import gather, next_number
from storage.programme import Programme
from storage.round import RoundDraft


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft with what it is about: the request as it would be asked today, and what changed since it was drawn."""

    row: RoundDraft
    programme: Programme
    request: Request
    result: Result
    stale: rules.Stale


async def fresh_request(work: Work, programme: Programme, *, seed: int, number: int) -> Request:
    """Gather the request of a round with no decisions yet. Raises `UserError` in words when nobody can be paired."""
    return _possible(programme, await gather(work, programme, seed=seed, number=number))


def _possible(programme: Programme, request: Request | None) -> Request:
    if request is None:
        raise UserError("round.no_rounds", programme=programme.name)
    if not request.people:
        raise UserError("round.nobody", programme=programme.name)
    if len(request.people) < 2:
        raise UserError("round.one", programme=programme.name)
    if missing := rules.missing_side(request):
        raise UserError(missing, programme=programme.name)
    return request


async def request_of(work: Work, programme: Programme, row: RoundDraft, locks: Iterable[Any] | None = None) -> Request:
    """Gather the request of a draft as it would be asked today: with its locks (or these) and whom it keeps apart."""
    held = row.locks if locks is None else locks
    found = await gather(
        work, programme, seed=row.seed, number=row.number, locked=[lock["members"] for lock in held],
        forbidden=row.forbids,
    )  # fmt: skip
    return _possible(programme, found)


async def find(work: Work, programme: Programme) -> Drafted | None:
    """Return the programme's draft, if one is drawn."""
    row = await storage.round.draft_of(work.db, work.community.id, programme.id)
    return await look(work, programme, row) if row is not None and row.people else None


async def need(work: Work, programme: Programme) -> Drafted:
    """Return the programme's draft. Raises `UserError` when there is none."""
    found = await find(work, programme)
    if found is None:
        raise UserError("round.no_draft", programme=programme.name)
    return found


async def look(work: Work, programme: Programme, row: RoundDraft) -> Drafted:
    """Return a drawn draft with what it is about."""
    request = await request_of(work, programme, row)
    return Drafted(row, programme, request, rules.unpacked(row.result), rules.stale(row.people, request.people))


async def of_row(work: Work, row: RoundDraft) -> Drafted:
    """Return the draft behind a button. Raises `UserError` when its programme is gone or it is not drawn."""
    programme = await storage.programme.by_id(work.db, work.community.id, row.programme_id)
    if programme is None or not row.people:
        raise UserError("core.gone")
    return await look(work, programme, row)


async def begin(work: Work, programme: Programme) -> RoundDraft:
    """Return the programme's draft row, made when there is none; it may be yet to be drawn."""
    row = await storage.round.draft_of(work.db, work.community.id, programme.id)
    if row is None:
        number = await next_number(work, programme.id)
        row = RoundDraft(
            id=work.ids.new(), community_id=work.community.id, programme_id=programme.id, number=number, seed=number,
            made_by=work.actor_id, made_at=work.now,
        )  # fmt: skip
        work.db.add(row)
        await work.db.flush()
    return row


def drawn(work: Work, row: RoundDraft, request: Request, result: Result) -> None:
    """Put a drawn round into the draft. What waited for a yes is out of date by that."""
    row.people, row.result = rules.fingerprints(request.people), rules.packed(result)
    row.made_by, row.made_at, row.proposal = work.actor_id, work.now, {}
    row.version += 1
    work.db.add(row)
    work.audit("round.drafted", row.id)


def remember(row: RoundDraft, kind: str) -> None:
    """Keep how the draft is now, so that the change that follows can be taken back."""
    row.undo = {
        "kind": kind, "people": row.people, "result": row.result, "locks": row.locks, "forbids": row.forbids,
    }  # fmt: skip


def changed_meanwhile(ctx: Context, row: RoundDraft) -> UserError:
    """Return the kind word for whoever comes second."""
    who = row.made_by if row.made_by and row.made_by != ctx.member.id else None
    return UserError("round.changed_by", who=Mention(who)) if who else UserError("round.changed")


async def discard(work: Work, programme_id: str) -> None:
    """Remove a programme's draft: its round was made, or somebody in it was forgotten."""
    row = await storage.round.draft_of(work.db, work.community.id, programme_id)
    if row is not None:
        await work.db.delete(row)
        await work.db.flush()
