"""What a claimed outbox row becomes: a call to a platform in the reader's words, a later moment, or nothing at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never

import storage.community
import storage.member
import storage.nudge
import storage.outbox
import storage.pair
from bot import merging
from bot.arrivals import people_on
from bot.chat.platform import Address, Capabilities, MessageRef, Occasion, Platform
from bot.chat.text import Mention, addressed, mentioned, plain, words
from bot.chat.views import Text, View, rewrite, texts
from bot.feature import Features, Message
from bot.i18n import Say, best_language
from bot.merging import Part
from bot.nudging import LOOK_BACK, habits_of, quiet_until
from bot.planner import Drop, Postpone, Send, decide
from storage.community import Community, Space
from storage.db import Db
from storage.member import Identity, Member
from storage.outbox import DEAD, HELD, OPEN, SENDING, SENT, SKIPPED, Outbox
from storage.pair import FROZEN, Pair

WAIT = timedelta(seconds=2)
"""How long a row waits for another one that it needs: a room being opened, a message that will be edited."""

ON_TIME = timedelta(minutes=5)
"""A nudge sent this soon after it was due counts as sent when it was due, or each would push the next one on."""

AWAKE = timedelta(minutes=15)
"""Who used Kith this lately hears at once what concerns them, also in their quiet hours."""

SKEW = timedelta(minutes=1)
"""How far a platform's clock may be off ours when its history is searched."""

CALL = timedelta(seconds=10)
"""The longest that one call to a platform may take."""


@dataclass(frozen=True, slots=True)
class Post:
    """Say something. `parts`: the nudges that it is made of, where it is more than one."""

    view: View
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Rewrite what was said. `part` is what changed, where the message has several parts."""

    at: MessageRef
    view: View
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class OpenRoom:
    """Open a room for these accounts, `under` a channel where the community chose one."""

    users: tuple[str, ...]
    title: str
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Give or take a role."""

    user: str
    role: str
    give: bool


@dataclass(frozen=True, slots=True)
class Enter:
    """Enter an event in the space's calendar; change the `known` one, or take it off when there is no `what`."""

    what: Occasion | None
    known: str | None


@dataclass(frozen=True, slots=True)
class Deliver:
    """A call to make. `space` is our id of the space, `address.space` the platform's; `key` the nonce."""

    platform: str
    space: str
    address: Address
    act: Post | Edit | OpenRoom | Grant | Enter
    key: str

    @property
    def opens_dm(self) -> bool:
        """Whether this writes to somebody for the first time."""
        return isinstance(self.act, Post) and self.address.kind == "user" and self.address.channel is None


@dataclass(frozen=True, slots=True)
class NotYet:
    """Ask again at `until` (aware UTC, after now). `behind` when nothing newer to the same place may overtake it."""

    until: datetime
    why: str
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Instead:
    """Not delivered as it stands: `state` is held, skipped or dead. `spread` writes to each member of the pair."""

    state: str
    why: str
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform did it. `certain` is false when it may have done it twice."""

    ref: MessageRef | None = None
    room: str | None = None
    certain: bool = True


Prepared = Deliver | NotYet | Instead


def delivery_key(key: str) -> str:
    """Return the nonce of an outbox key: 24 characters of base 32, from 120 bits of its hash. The same every time."""
    return base64.b32encode(hashlib.sha256(key.encode()).digest()[:15]).decode().lower()


def in_doubt(row: Outbox, can: Capabilities, now: datetime) -> Literal["send", "resend", "find", "repeat", "skip"]:
    """Return what to do with a claimed row that may have been sent already.

    "send": there is no doubt, or doing it twice is doing it once. "resend": the platform still knows the nonce. "find":
    look in its history first. Otherwise the row's own `on_doubt`.
    """
    if not row.flagged or row.op != "send":
        return "send"
    since = row.sending_at or row.created_at
    if can.nonce_window is not None and since <= now and now + CALL < since + can.nonce_window:
        return "resend"
    return "find" if can.probes else without_history(row)


def without_history(row: Outbox) -> Literal["repeat", "skip"]:
    """Return what to do in doubt where the platform cannot tell."""
    return "repeat" if row.on_doubt == "repeat" else "skip"


async def act(platform: Platform, deliver: Deliver) -> Sent:
    """Make the call. Raises what the platform raises."""
    match deliver.act:
        case Post(view=view):
            return Sent(ref=await platform.send(deliver.address, view, key=deliver.key))
        case Edit(at=at, view=view):
            await platform.edit(at, view, space=deliver.address.space)
            return Sent(ref=at)
        case OpenRoom(users, title, under):
            room = await platform.open_room(deliver.address.space, users, title, key=deliver.key, under=under)
            return Sent(room=room)
        case Grant(user, role, give):
            await platform.grant(deliver.address.space, user, role, give=give)
            return Sent()
        case Enter(what, known):
            if not platform.capabilities.calendar:
                return Sent()
            entered = await platform.calendar(deliver.address.space, what, known=known)
            return Sent(ref=MessageRef("", entered))
        case _:
            assert_never(deliver.act)


async def find(platform: Platform, deliver: Deliver, row: Outbox) -> Sent | None:
    """Look for a message that may have been sent; None when it is not there. Raises what the platform raises."""
    since = (row.sending_at or row.created_at) - SKEW
    ref = await platform.find(deliver.address, key=deliver.key, since=since)
    return Sent(ref=ref) if ref is not None else None


async def prepare(db: Db, row: Outbox, features: Features, now: datetime) -> Prepared:
    """Return what is to be done about a row now; reads only. Raises what a message's builder raises."""
    if row.expires_at is not None and now >= row.expires_at:
        return Instead(SKIPPED, "expired")
    community = await storage.community.by_id(db, row.community_id)
    if community is None:
        return Instead(SKIPPED, "gone")
    if row.op in ("send", "edit") and row.message not in features.messages:
        return Instead(DEAD, "unknown_message")
    space = await storage.community.space_by_id(db, row.community_id, row.space_id) if row.space_id else None
    if row.space_id and (space is None or space.gone_at is not None):
        return Instead(SKIPPED, "space_gone")
    job = _Job(db, row, features.messages, now, community, space)
    if row.op == "edit":
        return await job.edit()
    match row.to_kind:
        case "member":
            return await job.to_member()
        case "room":
            return await job.to_room()
        case "calendar":
            return await job.to_calendar()
        case _:
            return await job.to_channel()


@dataclass(frozen=True, slots=True)
class _Job:
    """One row with what its decision needs. `space` is None where the row has none."""

    db: Db
    row: Outbox
    messages: Mapping[str, Message]
    now: datetime
    community: Community
    space: Space | None

    async def to_member(self) -> Prepared:
        """A direct message or a role: only to who is here, and a message only to who opted in."""
        row = self.row
        member = await storage.member.by_id(self.db, row.community_id, row.to_id)
        if member is None or member.left_at is not None:
            return Instead(SKIPPED, "left")
        account = await self._account(member)
        if row.op != "send":
            return self._grant(account)
        if row.kind == "nudge" and member.frozen_at is not None:
            return Instead(SKIPPED, "frozen")
        if member.opted_in_at is None:
            return Instead(SKIPPED if row.kind == "nudge" else HELD, "not_opted_in")
        about = await storage.pair.by_id(self.db, row.community_id, row.pair_id) if row.pair_id else None
        if about is not None and about.status == FROZEN:
            return Instead(SKIPPED, "pair_frozen")
        if row.kind == "nudge" and (later := await self._replanned(member)) is not None:
            return later
        if row.kind == "note" and (ends := self._quiet_ends(member)) > self.now:
            return NotYet(ends, "quiet_hours")
        if self.space is None or account is None or member.dm_closed:
            return await self._down_the_ladder(member, "dm_closed" if member.dm_closed else "no_account")
        to = Address(self.space.external_id, "user", account.external_id, account.dm_channel)
        return self._call(self.space, to, await self._post(member, self.space))

    async def _post(self, member: Member, space: Space) -> Post:
        """The message, with what it carries of the same day."""
        say = self._say(member)
        alone = await self._view(say, space)
        if not self.row.parts:
            return Post(alone)
        carried = await storage.outbox.parts_of(self.db, self.row.community_id, self.row.id)
        fresh = [part for part in carried if part.expires_at is None or self.now < part.expires_at]
        known = [part for part in fresh if part.message in self.messages]
        views = [Part(part.id, await self._view(say, space, of=part)) for part in known]
        parts = merging.fitting([Part(self.row.id, alone), *views])
        return Post(merging.together(say, parts), tuple(parts))

    def _quiet_ends(self, member: Member) -> datetime:
        """When a note may be sent: at once to who is using Kith just now, else not in their quiet hours."""
        awake = member.last_seen_at is not None and self.now - member.last_seen_at < AWAKE
        return self.now if awake else quiet_until(member, self.community.zone, self.now)

    async def to_room(self) -> Prepared:
        """A pair room: opened once, then written to; where there is none, each member is written to."""
        pair = await storage.pair.by_id(self.db, self.row.community_id, self.row.to_id)
        if pair is None or pair.status == FROZEN:
            return Instead(SKIPPED, "pair_frozen" if pair is not None else "gone")
        if self.row.op == "open_room":
            return await self._open(pair)
        if pair.room is not None and self.space is not None:
            to = Address(self.space.external_id, "room", pair.room)
            return self._call(self.space, to, Post(await self._view(self._say(), self.space)))
        if pair.status != "active":
            return Instead(SKIPPED, "pair_ended")
        opening = await storage.outbox.opening_of(self.db, self.row.community_id, pair.id)
        if opening is not None and opening.state in (*OPEN, SENDING):
            return NotYet(max(self.now, opening.due_at) + WAIT, "room_opening")
        return Instead(SKIPPED, "no_room", spread=True)

    async def to_channel(self) -> Prepared:
        """A channel of the space."""
        if self.space is None:
            return Instead(SKIPPED, "no_space")
        to = Address(self.space.external_id, "channel", self.row.to_id)
        return self._call(self.space, to, Post(await self._view(self._say(), self.space)))

    async def to_calendar(self) -> Prepared:
        """The space's own calendar; a change of what was never entered enters it, and takes nothing off."""
        if self.space is None:
            return Instead(SKIPPED, "no_space")
        p, known = self.row.params, None
        if before := p.get("edits"):
            earlier = await storage.outbox.by_key(self.db, self.row.community_id, before)
            if earlier is not None and earlier.state in (*OPEN, SENDING):
                return NotYet(max(self.now, earlier.due_at) + WAIT, "not_sent_yet")
            known = earlier.remote_message if earlier is not None else None
        if p.get("cancelled") and known is None:
            return Instead(SKIPPED, "never_sent")
        starts, ends = datetime.fromisoformat(p["starts"]), datetime.fromisoformat(p["ends"])
        if not p.get("cancelled") and starts <= self.now:
            return Instead(SKIPPED, "expired")
        what = None if p.get("cancelled") else Occasion(p["title"], p["about"], p["place"], starts, ends)
        return self._call(self.space, Address(self.space.external_id, "channel", ""), Enter(what, known))

    async def edit(self) -> Prepared:
        """An earlier message, where it stands now; what never arrived is not rewritten."""
        earlier = await storage.outbox.by_key(self.db, self.row.community_id, self.row.params.get("edits", ""))
        if earlier is not None and earlier.state in (*OPEN, SENDING):
            return NotYet(max(self.now, earlier.due_at) + WAIT, "not_sent_yet")
        if earlier is None or earlier.state != SENT or earlier.remote_channel is None or earlier.remote_message is None:
            return Instead(SKIPPED, "never_sent")
        space = await self._live_space(earlier.space_id)
        if space is None:
            return Instead(SKIPPED, "space_gone")
        member = None
        if self.row.to_kind == "member":
            member = await storage.member.by_id(self.db, self.row.community_id, self.row.to_id)
        ref = MessageRef(earlier.remote_channel, earlier.remote_message)
        say = self._say(member)
        view = await self._view(say, space)
        change = Edit(ref, await merging.edited(self.db, earlier, say, view), Part(earlier.id, view))
        return self._call(space, Address(space.external_id, "channel", ref.channel), change)

    def _grant(self, account: Identity | None) -> Prepared:
        if self.space is None or account is None:
            return Instead(SKIPPED, "no_account")
        to = Address(self.space.external_id, "user", account.external_id)
        role = str(self.row.params.get("role", ""))
        return self._call(self.space, to, Grant(account.external_id, role, self.row.op == "grant"))

    async def _open(self, pair: Pair) -> Prepared:
        if self.space is None or pair.status != "active" or pair.room is not None:
            return Instead(SKIPPED, "no_space" if self.space is None else "not_needed")
        people = await self._people(self.space, await self._seated(pair))
        users = tuple(account for _, account in people.values() if account is not None)
        if len(users) < min(2, len(people)) or not users:
            return Instead(SKIPPED, "no_account")
        title = plain(self._say().join([name for name, _ in people.values()]))
        chosen = (await storage.community.settings(self.db, self.community.id)).get("core.room_channel")
        under = chosen[1] if chosen and chosen[0] == self.space.id else None
        return self._call(self.space, Address(self.space.external_id, "room", ""), OpenRoom(users, title, under))

    async def _down_the_ladder(self, member: Member, why: str) -> Prepared:
        """The room of the pair that the message is about, if there is one, else the member's next command."""
        row = self.row
        pair = await storage.pair.by_id(self.db, row.community_id, row.pair_id) if row.pair_id else None
        space = await self._live_space(pair.space_id) if pair else None
        if pair is None or pair.room is None or pair.status != "active" or space is None:
            return Instead(HELD, why)
        view = await self._view(self._say(member), space, to=member)
        return self._call(space, Address(space.external_id, "room", pair.room), Post(view))

    async def _replanned(self, member: Member) -> NotYet | Instead | None:
        """What speaks against a nudge at this moment: it may be late, and the member may have changed their mind."""
        row = self.row
        before = await storage.nudge.sent_since(self.db, row.community_id, member.id, self.now - LOOK_BACK)
        sent = [due if due <= at <= due + ON_TIME else at for due, at in before]
        unanswered = await storage.nudge.unanswered(self.db, row.community_id, [member.id])
        decision = decide(
            due=row.due_at, now=self.now, expires=row.expires_at, key=row.key,
            habits=habits_of(member, self.community.zone), sent=sent, spread=timedelta(),
            unanswered=unanswered.get(member.id, 0),
        )  # fmt: skip
        match decision:
            case Send():
                return None
            case Postpone(until, why):
                return NotYet(until, why)
            case Drop(why):
                return Instead(SKIPPED, why)
            case _:
                assert_never(decision)

    def _call(self, space: Space, to: Address, what: Post | Edit | OpenRoom | Grant | Enter) -> Deliver:
        return Deliver(space.platform, space.id, to, what, delivery_key(self.row.key))

    def _say(self, member: Member | None = None) -> Say:
        if member is None:
            return Say(best_language(self.community.language), self.community.zone)
        return Say(best_language(member.language, self.community.language), member.zone or self.community.zone)

    async def _view(self, say: Say, space: Space, *, to: Member | None = None, of: Outbox | None = None) -> View:
        """Build the message (`of`: a row that goes with this one); `to` names whom it is for where others read it."""
        row = of or self.row
        view = self.messages[row.message](say, row.params)
        if to is not None:
            view = replace(view, blocks=(Text(words(Mention(to.id))), *view.blocks))
        ids = {member for block in view.blocks for part in texts(block) for member in mentioned(part)}
        people = await self._people(space, sorted(ids)) if ids else {}
        return rewrite(view, lambda part: addressed(part, people))

    async def _people(self, space: Space, ids: list[str]) -> dict[str, tuple[str, str | None]]:
        """Return member id -> (name, account on the space or None), in the order of `ids`."""
        people = await people_on(self.db, self.row.community_id, space.id, ids)
        return {id_: people[id_] for id_ in ids if id_ in people}

    async def _seated(self, pair: Pair) -> list[str]:
        seats = await storage.pair.seats(self.db, self.row.community_id, [pair.id])
        return [seat.member_id for seat in seats[pair.id]]

    async def _account(self, member: Member) -> Identity | None:
        identities = await storage.member.identities(self.db, self.row.community_id, member.id)
        return next((one for one in identities if one.space_id == self.row.space_id), None)

    async def _live_space(self, space_id: str | None) -> Space | None:
        space = await storage.community.space_by_id(self.db, self.row.community_id, space_id) if space_id else None
        return space if space is not None and space.gone_at is None else None
