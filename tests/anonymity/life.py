"""A community that lives for some days on a clock that is moved: who was there when, who wrote what, and what remains.

The whole stack runs on real files: app, outbox, pump, storage, keys. What a running loop does each minute (`settle`)
is done after each deed, as nobody waits here. `crash` leaves the process as a kill does: the files as they lie, and
nothing that was in memory.
"""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

from adapters.playground.town import Town, User
from bot.clock import MovedClock
from bot.context import Work
from bot.logs import configure
from bot.worker import InlineWorker
from cli.compose import Kith, assemble
from storage.backup import copy
from storage.keys import Keys, folder_of
from storage.member import Identity, Member
from tests.anonymity.attack import DAY, Batch
from tests.fakes.world import SPACE, Saved, key, text

FIRST_WINDOW = datetime(2026, 3, 2, 16, tzinfo=UTC)  # 17:00 in Madrid
RECEIPT = re.compile(r"(?:\w{4}-){6}\w{2}")
KUDOS = "for the help in the garden"


@dataclass(frozen=True)
class Deed:
    """Something that somebody does. `number` names a note: its text begins with it."""

    at: datetime
    who: str
    what: Literal["note", "kudos", "look", "add", "withdraw", "wrong", "mistake"]
    number: int = 0
    mode: str = "anonymous"


@dataclass
class Day:
    """One window between two batches: minutes of presence, and what is done in it, in order."""

    start: datetime
    present: dict[str, frozenset[int]]
    deeds: list[Deed] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        """The moment of the batch."""
        return self.start + timedelta(minutes=DAY)


def plan(members: Sequence[str], days: int, notes_a_day: int, kudos_a_day: int, seed: int) -> list[Day]:
    """Return days in which seven of ten members are there for 30 to 240 minutes; each of them is as likely to write."""
    rng, made, number = Random(seed), [], 0
    for index in range(days):
        present = {}
        for who in members:
            if rng.random() < 0.7:
                length = rng.randint(30, 240)
                begin = rng.randrange(DAY - length)
                present[who] = frozenset(range(begin, begin + length))
        day = Day(FIRST_WINDOW + timedelta(days=index), present)
        there = sorted(present)
        for kind, times in (("note", notes_a_day), ("kudos", kudos_a_day)):
            for _ in range(times):
                who = rng.choice(there)
                at = day.start + timedelta(minutes=rng.choice(sorted(present[who])), seconds=rng.randint(1, 59))
                number += kind == "note"
                mode = rng.choice(("anonymous", "confidential"))
                day.deeds.append(Deed(at, who, kind, number if kind == "note" else 0, mode))  # type: ignore[arg-type]
        day.deeds.sort(key=lambda deed: deed.at)
        made.append(day)
    return made


def with_other_authors(days: Sequence[Day], members: Sequence[str], seed: int) -> list[Day]:
    """Return the same days with other authors: every note, and what is done with its receipt, is somebody else's."""
    rng = Random(seed)
    authors = {deed.number: rng.choice(members) for day in days for deed in day.deeds if deed.what == "note"}
    return [
        replace(day, deeds=[replace(deed, who=authors.get(deed.number, deed.who)) for deed in day.deeds])
        for day in days
    ]


class Life:
    """An installation that lives through days. `folder` is where it lies now, `log` what was logged at debug level."""

    def __init__(self, saved: Saved, folder: Path, log: io.StringIO) -> None:
        self.town, self.clock, self.ids = saved.town, MovedClock(saved.clock.now()), saved.ids
        self.folder, self.log = folder, log
        self.receipts: dict[int, str] = {}
        self.before_batch: list[bytes] = []
        self.kith: Kith
        self._stack = AsyncExitStack()
        folder.mkdir()
        shutil.copy(saved.file, self.file)

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "kith.db"

    async def wake(self) -> None:
        """Start the process."""
        configure("DEBUG", stream=self.log)
        opened = assemble(
            self.file, clock=self.clock, ids=self.ids, worker=InlineWorker(), platforms=(self.town,), patience=None,
            strict=True,
        )  # fmt: skip
        self.kith = await self._stack.enter_async_context(opened)

    async def sleep(self) -> None:
        """Stop the process."""
        await self.kith.database.settle()
        await self._stack.aclose()
        configure("WARNING")

    async def crash(self) -> None:
        """Lose the process: go on from the files as they lie at this moment, in another folder."""
        elsewhere = self.folder.with_name(self.folder.name + "x")
        shutil.copytree(self.folder, elsewhere)
        await self._stack.aclose()
        shutil.rmtree(self.folder)
        self.folder = elsewhere
        await self.wake()

    async def lives(self, days: Sequence[Day], *, crash_after: int = 0) -> None:
        """Live through the days; with `crash_after`, the process is lost once so many deeds were done."""
        done = 0
        if self.clock.now() < days[0].start:
            await self.kith.advance(days[0].start)
        for day in days:
            for deed in day.deeds:
                await self.kith.advance(deed.at)
                await self.does(deed)
                if deed.what == "kudos":
                    await self.kith.run_due()
                await self.kith.database.settle()
                done += 1
                if done == crash_after:
                    await self.crash()
            self.before_batch.append(self.file.read_bytes())
            await self.kith.advance(day.end)
            await self.kith.database.settle()

    async def does(self, deed: Deed) -> None:
        """Let somebody do something, through the app as an adapter would."""
        if deed.what == "kudos":
            await self._answered(self.town.command(deed.who, f"/kudos give @{SINCERE} {KUDOS}", "general"))
        elif deed.what in ("note", "mistake"):
            words = f"{deed.number:05d} is what I would like to say." if deed.what == "note" else "short"
            values = {"topic": "pair", "mode": deed.mode, "text": words}
            reply = await self._answered(self.town.submit(deed.who, "feedback.send::0", values))
            if deed.what == "note":
                assert key(reply) == "feedback.sent", text(reply)
                found = RECEIPT.search(text(reply))
                assert found is not None
                self.receipts[deed.number] = found.group()
        else:
            act = {"look": "look", "add": "answer", "withdraw": "withdraw", "wrong": "look"}[deed.what]
            receipt = "0" * 26 if deed.what == "wrong" else self.receipts[deed.number]
            values = {"receipt": receipt, "act": act, "text": "And one thing more." if deed.what == "add" else ""}
            await self._answered(self.town.submit(deed.who, "feedback.inbox::0", values))

    async def _answered(self, event: Any) -> Any:
        reply = await self.kith.app.handle(event)
        assert key(reply) not in ("core.broken", "core.no_key"), text(reply)
        return reply

    def backup(self, name: str = "backup.db") -> Path:
        """Copy the database as Kith does before a migration, from beside it."""
        copied = self.folder / name
        assert copy(self.file, copied)
        return copied

    def authors(self, days: Sequence[Day]) -> tuple[dict[str, str], list[Batch]]:
        """Return the truth (note id -> who wrote it), and the batches as an attacker knows them."""
        ids = {words[:5]: note for note, words in notes_in(self.file, Keys(folder_of(self.file))).items()}
        written = {
            ids[f"{deed.number:05d}"]: deed.who
            for day in days
            for deed in day.deeds
            if deed.what == "note" and f"{deed.number:05d}" in ids
        }
        batches = [
            Batch(
                tuple(sorted(ids[f"{deed.number:05d}"] for deed in day.deeds if f"{deed.number:05d}" in ids)),
                day.present,
            )
            for day in days
        ]
        return written, batches


SINCERE = "ana"
"""Whom everybody thanks."""


@asynccontextmanager
async def living(saved: Saved, folder: Path, members: Sequence[str]) -> AsyncIterator[Life]:
    """Wake a community that is set up, with so many more members, all of whom take part."""
    import copy

    town, ids = copy.deepcopy((saved.town, saved.ids))
    life = Life(replace(saved, town=town, ids=ids), folder, io.StringIO())
    await life.wake()
    try:
        await _settle_in(life.kith, town, members)
        yield life
    finally:
        await life.sleep()


async def _settle_in(kith: Kith, town: Town, members: Sequence[str]) -> None:
    from sqlmodel import select, update

    import storage.community
    from storage.community import Space

    async with kith.database.read() as db:
        (community,) = await storage.community.every(db)

    async def move_in(work: Work) -> None:
        (space,) = await work.db.exec(select(Space))
        known = {member.handle for member in await work.db.exec(select(Member))}
        for who in sorted(set(members) - known):
            member = Member(
                id=work.ids.new(), community_id=work.community.id, handle=who, name=who.capitalize(),
                zone="Europe/Madrid", created_at=work.now,
            )  # fmt: skip
            work.db.add(member)
            await work.db.flush()
            work.db.add(
                Identity(
                    id=work.ids.new(), community_id=work.community.id, member_id=member.id, space_id=space.id,
                    external_id=who,
                )
            )  # fmt: skip
        await work.db.flush()
        await work.db.exec(update(Member).values(opted_in_at=work.now))

    for who in members:
        if who not in town.spaces[SPACE].users:
            town.add_user(SPACE, User(who, who.capitalize(), who, zone="Europe/Madrid"))
    await kith.app.work(community.id, move_in)


# -- what remains


def notes_in(file: Path, keys: Keys) -> dict[str, str]:
    """Return note id -> what it says, of a database file to whose sealing key one holds the key."""
    with closing(sqlite3.connect(file)) as db:
        return {note: keys.unseal(words) for note, words in db.execute("select id, text from feedback_note")}


HEX = re.compile("[0-9a-f]{24}")
RANDOM = {"id", "receipt_hash"}
SEALED = {("feedback_note", "text"), ("feedback_message", "text")}


def everything(file: Path, keys: Keys) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, with its hidden row number where it has one; random values are taken out.

    Random by design are a note's and a message's id, a receipt's hash, a pseudonym, and what sealing adds; a note's id
    that stands elsewhere becomes the note's words.
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    names = {note: f"<{words[:5]}>" for note, words in notes_in(file, keys).items()}
    with closing(sqlite3.connect(file)) as db:
        db.row_factory = sqlite3.Row
        for table, made in db.execute("select name, sql from sqlite_master where type = 'table'").fetchall():
            number = "" if "WITHOUT ROWID" in made else "rowid as numbered, "
            rows = db.execute(f'select {number}* from "{table}"').fetchall()
            found[table] = sorted((_plain(table, row, keys, names) for row in rows), key=repr)
    return found


def _plain(table: str, row: sqlite3.Row, keys: Keys, names: dict[str, str]) -> tuple[Any, ...]:
    kept = []
    for column in row.keys():  # noqa: SIM118 - a row
        value = row[column]
        if (table, column) in SEALED:
            value = (keys.unseal(value), len(value))
        elif (column == "pseudonym" and value is not None) or (table.startswith("feedback") and column in RANDOM):
            value = f"<{len(value)} random digits>"
        elif isinstance(value, str):
            value = HEX.sub(lambda found: names.get(found[0], found[0]), value)
        kept.append(value)
    return tuple(kept)
