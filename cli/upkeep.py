"""`kith migrate`, `outbox`, `export`, `audit`, `forget`: what whoever runs an installation does now and then."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

import storage.audit
import storage.community
import storage.outbox
import storage.rows
import storage.sealed
from bot import rights
from bot.context import Work
from cli import office
from cli.compose import Kith
from cli.console import out, say
from cli.faults import NOT_DONE, Fault
from storage.engine import Database
from storage.migrate import pending
from storage.outbox import DEAD, PENDING, SKIPPED, Outbox

STATES = ("pending", "sending", "retry", "ambiguous", "sent", "held", "skipped", "dead")
LISTED = 100


async def migrate(config: Path | None, *, check: bool) -> int:
    """Bring the schema up to date, with a backup first; with `check`, only look. Return the exit code: 1 when it lags.

    Raises `DatabaseBusy`, `DatabaseNewer`, `MigrationFailed`.
    """
    where = office.configured(config).kith.database_location
    if check:
        office.database_file(office.configured(config))
    keys = office.configured(config).kith.keys_dir
    database = await Database.open(where, migrate=False, keys=keys)
    try:
        missing = await pending(database)
    finally:
        await database.close()
    if not missing:
        say(f"{where}: up to date.")
        return 0
    if check:
        say(f"{where}: {len(missing)} to apply ({', '.join(missing)}). Run kith migrate, or start Kith.")
        return NOT_DONE
    await (await Database.open(where, keys=keys)).close()
    say(f"{where}: applied {', '.join(missing)}.")
    return 0


async def list_outbox(config: Path | None, states: Sequence[str]) -> None:
    """Print rows of the outbox, newest first, at most a hundred. Raises `Fault` for a state that does not exist."""
    if unknown := [state for state in states if state not in STATES]:
        raise Fault(f"“{unknown[0]}” is no state of a message. Use one of {', '.join(STATES)}.")
    async with office.opened(config) as kith, kith.database.read() as db:
        rows = await storage.outbox.newest(db, states=states, limit=LISTED)
        counts = await storage.outbox.counts(db)
    table = Table("id", "state", "message", "to", "due (UTC)", "tries", "why", box=None, pad_edge=False)
    for row in rows:
        cells = (row.id, row.state, row.message or row.op, row.to_kind, f"{row.due_at:%Y-%m-%d %H:%M}",
                 str(row.attempts), row.error)  # fmt: skip
        table.add_row(*map(Text, cells))
    if rows:
        out.print(table, soft_wrap=False)
    say(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "The outbox is empty.")


async def retry(config: Path | None, ids: Sequence[str]) -> None:
    """Send dead letters again, all of them when none is named. Raises `Fault`."""

    def again(work: Work, row: Outbox) -> None:
        row.state, row.attempts, row.error, row.due_at, row.told = PENDING, 0, "", work.now, False
        work.audit("outbox.retried", row.id)

    changed = await _change(config, ids, again)
    say(f"{changed} will be sent again." if changed else "There are no dead letters.")


async def drop(config: Path | None, ids: Sequence[str]) -> None:
    """Give dead letters up for good, and erase what they said. Raises `Fault`."""

    def give_up(work: Work, row: Outbox) -> None:
        row.state, row.error, row.params = SKIPPED, "dropped", {}
        work.audit("outbox.dropped", row.id)

    say(f"{await _change(config, ids, give_up)} dropped.")


async def _change(config: Path | None, ids: Sequence[str], change: object) -> int:
    async with office.opened(config) as kith:
        changed = 0
        for community, rows in (await _dead(kith, ids)).items():

            async def work(work: Work, rows: list[str] = rows) -> None:
                for row_id in rows:
                    row = await storage.rows.find(work.db, Outbox, row_id)
                    if row is not None:
                        change(work, row)  # type: ignore[operator]
                        work.db.add(row)

            await kith.app.work(community, work)
            changed += len(rows)
        return changed


async def _dead(kith: Kith, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return community -> its dead letters: those named, or all. Raises `Fault` for one that is not a dead letter."""
    async with kith.database.read() as db:
        rows = await storage.outbox.newest(db, states=(DEAD,), limit=1_000_000)
    known = {row.id: row.community_id for row in rows}
    if unknown := [row_id for row_id in ids if row_id not in known]:
        raise Fault(f"“{unknown[0]}” is no dead letter. kith outbox list --state dead shows them; nothing was changed.")
    found: dict[str, list[str]] = {}
    for row_id in ids or known:
        found.setdefault(known[row_id], []).append(row_id)
    return found


async def renew_keys(config: Path | None, *, sure: bool) -> int:
    """Give up what was sealed by a lost key and begin with a new one. Return the exit code: 1 when nothing was done.

    While the key is there and fits, nothing is given up. Raises `Fault`.
    """
    async with office.opened(config) as kith:
        keys = kith.database.keys
        if not keys.wrong:
            say(f"{keys.folder}: the key is there and fits. Nothing was changed.")
            return NOT_DONE
        if not sure:
            say(f"{keys.wrong}. This empties every word that was sealed, for good. Say --yes to do it.")
            return NOT_DONE
        async with kith.database.unit() as db:
            emptied = await storage.sealed.empty_all(db)
        keys.renew()
        for here in await _communities(kith):
            await kith.app.work(here, _renewed)
    say(f"Emptied {emptied} rows. The next private word makes a new key.")
    return 0


async def _communities(kith: Kith) -> list[str]:
    async with kith.database.read() as db:
        return [community.id for community in await storage.community.every(db)]


async def _renewed(work: Work) -> None:
    work.audit("keys.renewed")


async def export(config: Path | None, community: str | None, wanted: str) -> None:
    """Print everything that is stored about a member, as JSON. Raises `Fault`."""
    async with office.opened(config) as kith, kith.database.read() as db:
        here = await office.community(db, community)
        member = await office.member(db, here.id, wanted)
        found = await rights.export(db, kith.app.features, here.id, member.id)
    out.file.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


async def audit(config: Path | None, community: str | None) -> None:
    """Print what was done in a community as CSV, oldest first. Raises `Fault`."""
    async with office.opened(config) as kith, kith.database.read() as db:
        here = await office.community(db, community)
        entries = await storage.audit.newest(db, here.id, None)
    table = csv.writer(out.file)
    table.writerow(("at", "actor", "act", "subject", "reason"))
    for entry in reversed(entries):
        table.writerow((entry.at.isoformat(), entry.actor_id or "", entry.act, entry.subject, entry.reason))


async def forget(config: Path | None, community: str | None, wanted: str, *, sure: bool) -> int:
    """Forget a member; without `sure`, only say whom that would be. Return the exit code. Raises `Fault`."""
    async with office.opened(config) as kith:
        async with kith.database.read() as db:
            here = await office.community(db, community)
            member = await office.member(db, here.id, wanted)
        if not sure:
            say(f"This forgets {member.name} (@{member.handle}, {member.id}) for good. Say --yes to do it.")
            return NOT_DONE
        removed = await kith.app.work(here.id, lambda work: rights.forget(work, member.id))
    for table, count in sorted(removed.items()):
        say(f"{table}: {count}")
    say("Forgotten.")
    return 0
