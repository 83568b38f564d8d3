"""The small context that handlers and sweeps get: never the bot, never a client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

import storage.rows
from bot.chat.incoming import About, Place, Standing
from bot.chat.platform import Allowed
from bot.chat.spec import Audience
from bot.clock import Ids
from bot.errors import UserError
from bot.feature import Features
from bot.i18n import Say
from bot.outbox import Writer
from bot.permission import may
from bot.shelf import Shelf
from storage.audit import Audit
from storage.community import Community, Space
from storage.db import Db
from storage.keys import Keys
from storage.member import Member
from storage.programme import Programme

Row = TypeVar("Row")


@dataclass(slots=True, kw_only=True)
class Work:
    """One unit of work in one community: what sweeps, schedules and reactions get.

    `now` is aware UTC and stands still for the whole unit. `say` speaks the community's language (in a handler: the
    actor's). `db` is handed to named queries and `add`; committing is the caller's business. `keys` lie outside the
    database: a week's key makes pseudonyms.
    """

    now: datetime
    community: Community
    db: Db
    ids: Ids
    keys: Keys
    say: Say
    features: Features
    settings: dict[str, Any]
    actor_id: str | None = None

    @property
    def outbox(self) -> Writer:
        """Where messages are written."""
        return Writer(self.db, self.community.id, self.ids, self.now)

    def setting(self, key: str) -> Any:
        """Return what the community set, or the declared default. Raises `KeyError` for a key nobody declared."""
        default = self.features.settings[key].default
        return self.settings.get(key, default)

    async def happened(self, fact: str, row: Any) -> None:
        """Tell the other features, in this unit of work, that something happened ("pair.introduced")."""
        for react in self.features.reactions(fact):
            await react(self, row)

    def audit(self, act: str, subject: str = "", reason: str = "") -> None:
        """Write an entry to the append-only log: row ids and codes, never names or texts."""
        self.db.add(
            Audit(
                id=self.ids.new(), community_id=self.community.id, at=self.now, actor_id=self.actor_id, act=act,
                subject=subject, reason=reason,
            )
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Context(Work):
    """A member asks: what command, button and form handlers get on top of `Work`.

    `row` is the row that a button or form is about, re-read and of this community, `key` its id; `arg` the untrusted
    argument or choice; `page` the page of a list; `values` what a form holds so far; `space` where the member stands
    and `account` the platform's id of them there; `about` the message that a menu was used on; `allowed()` what
    the platform lets the bot do there.
    """

    member: Member
    space: Space
    place: Place
    account: str = ""
    standing: Standing | None = None
    row: Any = None
    key: str = ""
    arg: str = ""
    page: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    about: About | None = None
    allowed: Callable[[], Sequence[Allowed]] = tuple
    shelf: Shelf = field(default_factory=Shelf)

    def the(self, table: type[Row]) -> Row:
        """Return `row` as the table it must be; `UserError` when it is gone."""
        if not isinstance(self.row, table):
            raise UserError("core.gone")
        return self.row

    async def find(self, table: type[Row], key: str) -> Row:
        """Return a row of this community by its id; `UserError` when it is gone or of another community."""
        found = await storage.rows.find(self.db, table, key) if key else None
        if found is None or found.community_id != self.community.id:
            raise UserError("core.gone")
        return cast("Row", found)

    async def may(self, role: Audience, programme: Programme | None = None, *, anywhere: bool = False) -> bool:
        """Return whether the actor is a coordinator or moderator here: of this programme, or `anywhere`."""
        return await may(
            self.db, self.community.id, self.member.id, self.standing, self.settings, role,
            programme.id if programme else None, anywhere=anywhere,
        )  # fmt: skip
