"""Several nudges of one day as one message: the questions under each other, all their buttons working.

Which rows go out together is decided in the transaction that claims them: the others are marked as parts of the first.
What comes of the first is marked on all of them in one transaction too, so a crash leaves either parts of a row that
is still on its way, or rows that were sent. Each keeps its own part of the message as it stands (`shown`), which is
how one of them can be answered and the others stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import storage.nudge
import storage.outbox
from bot.chat.incoming import ButtonPress, Incoming
from bot.chat.trees import view_of
from bot.chat.views import Actions, Block, Divider, Note, View, as_text, tree
from bot.i18n import Say
from bot.planner import SPREAD
from storage.db import Db
from storage.outbox import AMBIGUOUS, MERGED, PENDING, RETRY, SENT, SKIPPED, Outbox

MOST = 4
"""Questions in one message: more is a form to fill in."""

MOST_WEIGHT, MOST_TEXT = 36, 3500
"""A message is held under Discord's 40 components and 4,000 characters, so that it stays one message when rewritten."""

KEY = "core.together"

ALONE = "alone"
"""A parameter of what goes out by itself: nothing of it is kept once it is sent, not even its buttons."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions of a message: its row, and what it shows."""

    row: str
    view: View


async def absorb(db: Db, rows: Sequence[Outbox], now: datetime) -> None:
    """Let freshly claimed nudges take in what is due to the same members; in the transaction that claimed them.

    What falls due within the jitter counts as due: it would have to wait for an hour after this one.
    """
    fresh = [row for row in rows if row.kind == "nudge" and row.op == "send" and not (row.flagged or row.parts)]
    fresh = [row for row in fresh if not row.params.get(ALONE)]
    heads = {(row.community_id, row.space_id, row.to_id): row for row in fresh if row.attempts == 1}
    if not heads:
        return
    for other in await storage.nudge.due_with(db, {member for _, _, member in heads}, now + SPREAD):
        head = heads.get((other.community_id, other.space_id, other.to_id))
        if head is None or head.id == other.id or head.parts >= MOST - 1 or other.params.get(ALONE):
            continue
        other.state, other.merged_into, other.owner = MERGED, head.id, ""
        head.parts += 1
        db.add(other)
        db.add(head)


def together(say: Say, parts: Sequence[Part]) -> View:
    """Return the parts as one message; one alone is itself."""
    if len(parts) == 1:
        return parts[0].view
    count = say.plural("One thing today.", "{n} things today, in one message so that I write only once.", len(parts))
    blocks: list[Block] = [Note(count)]
    for part in parts:
        blocks += [Divider(), *part.view.blocks]
    return View(KEY, tuple(blocks))


def fitting(parts: Sequence[Part]) -> list[Part]:
    """Return the parts, from the first on, that fit into one message of any platform."""
    kept: list[Part] = []
    weight = text = 0
    for part in parts:
        weight += 2 + sum(1 + len(block.items) if isinstance(block, Actions) else 1 for block in part.view.blocks)
        text += len(as_text(part.view))
        if kept and (weight > MOST_WEIGHT or text > MOST_TEXT):
            break
        kept.append(part)
    return kept


async def sent(db: Db, row: Outbox, parts: Sequence[Part], now: datetime) -> None:
    """Mark what a sent row carried as sent with it; what did not fit goes back to wait for its own moment."""
    if not row.parts:
        return
    shown = {part.row: part.view for part in parts}
    went = 0
    for other in await storage.outbox.parts_of(db, row.community_id, row.id):
        if other.id not in shown:
            _release(other, row.due_at)
        else:
            went += 1
            other.state, other.sent_at, other.params, other.flagged = SENT, now, {}, row.flagged
            other.space_id, other.remote_channel, other.remote_message = (
                row.space_id, row.remote_channel, row.remote_message,
            )  # fmt: skip
            other.shown = tree(shown[other.id])
        db.add(other)
    row.parts = went
    row.shown = tree(shown[row.id]) if went and row.id in shown else {}


async def unsent(db: Db, row: Outbox, error: str) -> None:
    """Deal with what a row carried that was not sent: each goes its own way, unless all may have been sent."""
    if not row.parts:
        return
    for other in await storage.outbox.parts_of(db, row.community_id, row.id):
        _release(other, row.due_at)
        if error == "in_doubt":
            other.state, other.error, other.flagged, other.params = SKIPPED, error, True, {}
        db.add(other)
    row.parts = 0


def keeps(row: Outbox) -> bool:
    """Whether a row that was just marked is still on its way with its parts, or arrived with them."""
    return row.state in (RETRY, AMBIGUOUS, SENT)


def _release(other: Outbox, due: datetime) -> None:
    other.state, other.merged_into = PENDING, None
    other.due_at = max(other.due_at, due)


async def pressed_in(db: Db, community_id: str, event: Incoming) -> list[Outbox]:
    """Return the rows of the message in which a button was pressed, when it has several parts; else nothing."""
    if not isinstance(event, ButtonPress) or event.place.kind != "dm" or event.place.message is None:
        return []
    head = await storage.outbox.at_message(db, community_id, event.place.id, event.place.message)
    return await _all(db, head) if head is not None else []


async def _all(db: Db, head: Outbox) -> list[Outbox]:
    return [head, *(await storage.outbox.parts_of(db, head.community_id, head.id))]


async def answered(db: Db, community_id: str, event: Incoming, say: Say, view: View) -> View | None:
    """Put `view` in the place of the part whose button was pressed, and return the whole message.

    None where that part is no longer known: what came of the press is then all that the message shows.
    """
    rows = await pressed_in(db, community_id, event)
    action = event.action if isinstance(event, ButtonPress) else ""
    pressed = next((row for row in rows if row.shown and _holds(view_of(row.shown), action)), None)
    return rewritten(db, rows, pressed, say, view) if pressed is not None else None


async def edited(db: Db, earlier: Outbox, say: Say, view: View) -> View:
    """Return the message of which `earlier` is a part with `view` in its place, or `view` where it stands alone."""
    head = earlier
    if earlier.merged_into is not None:
        head = await storage.outbox.head_of(db, earlier.community_id, earlier.merged_into) or earlier
    rows = await _all(db, head) if head.parts else []
    return together(say, _parts(rows, earlier, view)) if len(rows) > 1 and earlier.shown else view


async def changed(db: Db, community_id: str, part: Part) -> None:
    """Keep what a part of a message shows after it was edited."""
    row = await storage.outbox.head_of(db, community_id, part.row)
    if row is not None and row.shown:
        row.shown = tree(part.view)
        db.add(row)


def rewritten(db: Db, rows: Sequence[Outbox], changed: Outbox, say: Say, view: View) -> View:
    """Keep what one part shows now, and return the whole message."""
    whole = together(say, _parts(rows, changed, view))
    changed.shown = tree(view)
    db.add(changed)
    return whole


def _parts(rows: Sequence[Outbox], changed: Outbox, view: View) -> list[Part]:
    return [Part(row.id, view if row.id == changed.id else view_of(row.shown)) for row in rows if row.shown]


def _holds(view: View, action: str) -> bool:
    ids = (getattr(item, "action", None) for block in view.blocks if isinstance(block, Actions) for item in block.items)
    return any(str(one) == action for one in ids if one is not None)
