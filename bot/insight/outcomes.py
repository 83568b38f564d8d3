"""Outcomes that were measured elsewhere: a table of handles and numbers becomes rows of members."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import storage.member
import storage.outcome
import storage.programme
from bot.context import Work
from bot.sheets import SheetError, Table
from storage.programme import PEOPLE, Programme

HANDLE = "handle"
MOST = 20
"""Outcomes in one file."""


@dataclass(frozen=True, slots=True)
class Given:
    """(handle, column) -> number, and what is wrong with the rest, one line each."""

    numbers: Mapping[tuple[str, str], float]
    problems: tuple[str, ...]


def parsed(table: Table) -> Given:
    """Read a table with a column `handle` and a column of numbers for each outcome; empty cells say nothing.

    Raises `SheetError` when a column is missing, or there are too many.
    """
    if HANDLE not in table.header:
        raise SheetError("There is no column “handle”.", "Name the column of the handles so.")
    columns = [(place, name) for place, name in enumerate(table.header) if name and name != HANDLE]
    if not columns:
        raise SheetError("There is no outcome in it.", "Add a column of numbers, such as “grade”.")
    if len(columns) > MOST:
        raise SheetError(f"There are more than {MOST} outcomes.", "Leave some columns out.")
    at = table.header.index(HANDLE)
    numbers: dict[tuple[str, str], float] = {}
    problems: list[str] = []
    for number, cells in table.rows:
        handle = cells[at].removeprefix("@").casefold() if at < len(cells) else ""
        if not handle:
            problems.append(f"row {number}: there is no handle. Write one, or leave the row out.")
            continue
        for place, name in columns:
            cell = cells[place] if place < len(cells) else ""
            if not cell:
                continue
            value = _number(cell)
            if value is None:
                problems.append(f"row {number}, {name}: “{cell[:40]}” is no number. Write one like 3.5.")
            elif (handle, name) in numbers:
                problems.append(f"row {number}, {name}: {handle} stands here a second time. Leave one out.")
            else:
                numbers[handle, name] = value
    return Given(numbers, tuple(problems))


def _number(cell: str) -> float | None:
    try:
        value = float(cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


async def bring_in(work: Work, programme: Programme, given: Given, *, dry_run: bool = False) -> tuple[int, list[str]]:
    """Store the numbers of people of the programme; return how many changed, and the handles that are nobody there."""
    here = work.community.id
    ids = {
        role.member_id
        for status in ("active", "finished", "left")
        for role in await storage.programme.roles_in(work.db, here, programme.id, PEOPLE, status)
    }
    members = await storage.member.by_ids(work.db, here, ids)
    known = {member.handle.casefold(): member.id for member in members.values() if member.handle}
    rows = {
        (known[handle], key): (work.ids.new(), value)
        for (handle, key), value in given.numbers.items()
        if handle in known
    }
    unknown = sorted({handle for handle, _ in given.numbers if handle not in known})
    if dry_run:
        return len(rows), unknown
    changed = await storage.outcome.keep(work.db, here, programme.id, rows)
    work.audit("outcome.imported", programme.id)
    return changed, unknown
