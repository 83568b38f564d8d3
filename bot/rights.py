"""The rights of a member, assembled from what the features declare: a copy of everything, and to be forgotten."""

from __future__ import annotations

import hashlib
from typing import Any

import storage.inbox
import storage.member
import storage.programme
import storage.rights
from bot.context import Work
from bot.errors import UserError
from bot.feature import Features
from storage.db import Db

FORMAT = "kith-member/1"


async def export(db: Db, features: Features, community_id: str, member_id: str) -> dict[str, Any]:
    """Return everything that names a member, as JSON values: table -> why it is kept, and its rows.

    Raises `UserError` for a member who is not of this community.
    """
    member = await storage.member.by_id(db, community_id, member_id)
    if member is None:
        raise UserError("core.gone")
    tables: dict[str, dict[str, Any]] = {}
    for entry in (one for one in features.personal if one.exported):
        rows = await storage.rights.rows_naming(db, community_id, entry.table, entry.members, member_id)
        table = tables.setdefault(entry.table, {"why": entry.why, "rows": []})
        table["rows"] += [row for row in rows if row not in table["rows"]]
    return {"format": FORMAT, "community": community_id, "member": member_id, "tables": tables}


async def forget(work: Work, member_id: str) -> dict[str, int]:
    """Forget a member as the features declare it, and return table -> how many rows were removed or emptied.

    What is not sent yet about them is dropped; then they leave every programme and pair, so that partners are told.
    What stays for others' sake is under another id. A hash of handle and email stays, so that no roster brings them
    back. Raises `UserError` for an unknown member.
    """
    member = await storage.member.by_id(work.db, work.community.id, member_id)
    if member is None:
        raise UserError("core.gone")
    here = work.community.id
    digests = [digest(here, word) for word in (member.handle, member.email) if word]
    await storage.rights.remember_forgotten(work.db, here, digests)
    changed = {"outbox": await storage.rights.drop_messages_about(work.db, here, member_id)}
    member.left_at, member.opted_in_at, member.paused_until = member.left_at or work.now, None, None
    work.db.add(member)
    await work.happened("member.left", member)
    for role in await storage.programme.roles_of(work.db, here, member_id):
        if role.status != "left":
            role.status, role.left_at = "left", role.left_at or work.now
            work.db.add(role)
    await work.happened("member.forgotten", member)
    for entry in work.features.personal:
        where = (work.db, here, entry.table, entry.members)
        if entry.forget == "delete":
            count = await storage.rights.delete_naming(*where, member_id)
        elif entry.forget == "redact":
            count = await storage.rights.redact_naming(*where, entry.texts, member_id)
        else:
            continue
        changed[entry.table] = changed.get(entry.table, 0) + count
    work.audit("member.forgotten", member_id)
    await storage.rights.part_from_id(work.db, here, member_id, work.ids.new())
    return changed


def described(features: Features) -> list[tuple[str, str, str, str]]:
    """Return (table, why it is kept, what being forgotten does, how long it is kept) of everything declared."""
    does = {"delete": "removed", "redact": "emptied: {texts}", "keep": "kept, under another id"}
    return [
        (
            entry.table, entry.why, does[entry.forget].format(texts=", ".join(entry.texts)),
            f"{entry.retain.days} days" if entry.retain else "while you are a member",
        )
        for entry in sorted(features.personal, key=lambda one: one.table)
    ]  # fmt: skip


async def tidy(work: Work) -> dict[str, int]:
    """Remove what its declaration keeps only for a while; return table -> how many rows went."""
    removed = {}
    for entry in work.features.personal:
        if entry.retain is not None:
            before = work.now - entry.retain
            removed[entry.table] = await storage.rights.remove_older(
                work.db, work.community.id, entry.table, entry.dated, before
            )
    return removed


def digest(community_id: str, word: str) -> str:
    """Return the slow hash by which somebody forgotten is known again when a roster names them.

    Whoever holds the database can still try handles one by one; scrypt makes each try cost about 5 ms.
    """
    plain = word.strip().removeprefix("@").casefold()
    return hashlib.scrypt(plain.encode(), salt=community_id.encode(), n=2**11, r=8, p=1, dklen=16).hex()


async def was_forgotten(work: Work, *words: str) -> bool:
    """Return whether one of these handles or emails belongs to somebody who asked to be forgotten here."""
    known = await storage.rights.forgotten(work.db, work.community.id)
    return bool(known) and any(digest(work.community.id, word) in known for word in words if word)
