"""A whole programme without anybody in it: for research, safe to hand to people who know some of the members.

Ids are random and made anew for each copy. Moments become weeks of the calendar (ISO 8601). Words and messages are left
out. Groups, levels and roles are kept only as far as `K` members share each combination (k-anonymity; L. Sweeney,
International Journal on Uncertainty, Fuzziness and Knowledge-based Systems 10, 2002, 557-570): where fewer do, the
level goes first, then the group, then the role. Who joined or left in which week is kept only where
`K` did.
"""

from __future__ import annotations

import io
import secrets
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import storage.dataset
from bot.sheets import as_csv
from bot.suppression import K
from storage.db import Db

EPOCH = (1980, 1, 1, 0, 0, 0)
"""No file in the ZIP says when it was made."""

README = """An anonymised copy of a programme, made by Kith.

Ids are random and mean nothing outside this copy. Weeks are those of ISO 8601. Nothing that anybody wrote is in here.
Group, level, role and weeks of members are empty where fewer than {k} of them share them.

members.csv   who: role, group, level, how they came, week of joining, whether and in which week they left
pairs.csv     who was with whom (one row a seat), week it began, week it ended and why, score to a tenth, met or not
checkins.csv  which answer was given in which week, by whom, about which pair
sessions.csv  which pair met in which week, for how long (quarters of an hour), confirmed or not
goals.csv     whose goal, week it was set, progress in tenths, how it stands
kudos.csv     who thanked whom in which week
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: names of columns, and rows."""

    header: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Table name -> its sheet; `coarsened` names what had to be left out of some rows."""

    tables: Mapping[str, Sheet]
    coarsened: tuple[str, ...]


def week(at: datetime | date | None) -> str:
    """Return the week of a moment, "2026-W10"; "" for none."""
    return at.strftime("%G-W%V") if at is not None else ""


def _yes(said: bool) -> str:
    return "yes" if said else "no"


async def gather(db: Db, community_id: str, programme_id: str) -> Dataset:
    """Return the anonymised tables of a programme. Calling it twice gives other ids."""
    names: dict[str, str] = {}

    def called(row: str | None) -> str:
        return names.setdefault(row, secrets.token_hex(6)) if row else ""

    people = await storage.dataset.people(db, community_id, programme_id)
    traits, coarsened = coarse([(one.role, one.group, one.level) for one in people])
    joined, left = Counter(week(one.since) for one in people), Counter(week(one.left) for one in people if one.left)
    tell = sum(left.values()) >= K
    members: list[tuple[object, ...]] = [
        (
            called(one.member), *traits[place], one.source if joined[week(one.since)] >= K else "",
            week(one.since) if joined[week(one.since)] >= K else "", _yes(one.left is not None) if tell else "",
            week(one.left) if left[week(one.left)] >= K else "",
        )
        for place, one in enumerate(people)
    ]  # fmt: skip
    known = {one.member for one in people}
    pairs = [
        (called(pair), called(member), week(began), week(ended), why, round(score, 1), _yes(met))
        for pair, member, began, ended, why, score, met in await storage.dataset.seats(db, community_id, programme_id)
        if member in known
    ]
    checkins = [
        (called(pair), called(member), week(asked), answer or "")
        for pair, member, asked, answer in await storage.dataset.checkins(db, community_id, programme_id)
        if member in known
    ]
    sessions = [
        (called(pair), week(day), 15 * round(minutes / 15), status)
        for pair, day, minutes, status in await storage.dataset.sessions(db, community_id, programme_id)
    ]
    goals = [
        (called(member), week(made), 10 * round(progress / 10), status)
        for member, made, progress, status in await storage.dataset.goals(db, community_id, programme_id)
        if member in known
    ]
    kudos = [
        (called(giver), called(receiver), week(given))
        for giver, receiver, given in await storage.dataset.kudos(db, community_id, programme_id)
        if giver in known and receiver in known
    ]
    header = {
        "members": ("member", "role", "group", "level", "came", "joined", "left", "left_in"),
        "pairs": ("pair", "member", "began", "ended", "why", "score", "met"),
        "checkins": ("pair", "member", "asked", "answer"),
        "sessions": ("pair", "met", "minutes", "status"),
        "goals": ("member", "set", "progress", "status"),
        "kudos": ("giver", "receiver", "given"),
    }
    rows: dict[str, list[Any]] = {
        "members": members, "pairs": pairs, "checkins": checkins, "sessions": sessions, "goals": goals, "kudos": kudos,
    }  # fmt: skip
    # In the order of random ids: the order of rows would tell who came first.
    return Dataset({name: Sheet(header[name], sorted(rows[name], key=str)) for name in header}, coarsened)


def coarse(traits: Sequence[tuple[str, str, str]], k: int = K) -> tuple[list[tuple[str, str, str]], tuple[str, ...]]:
    """Return (role, group, level) of each, emptied from the right until `k` share what is left; and what was emptied.

    Those who are left over are emptied wholly, with as many more as it takes to make `k` of them.
    """
    shown, emptied = list(traits), []
    for place, name in ((2, "level"), (1, "group"), (0, "role")):
        counted = Counter(shown)
        rare = [index for index, one in enumerate(shown) if counted[one] < k and one[place]]
        for index in rare:
            shown[index] = (*shown[index][:place], *("" for _ in range(3 - place)))  # type: ignore[assignment]  # three of them
        if rare:
            emptied.append(name)
    counted = Counter(shown)
    while 0 < counted["", "", ""] < k and len(counted) > 1:
        fewest = min((one for one in counted if any(one)), key=lambda one: (counted[one], one))
        shown = [("", "", "") if one == fewest else one for one in shown]
        counted = Counter(shown)
    return shown, tuple(emptied)


def as_zip(found: Dataset) -> bytes:
    """Return the tables as a ZIP of CSV files with a text that explains them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        files = {"README.txt": README.format(k=K).encode()}
        files |= {f"{name}.csv": as_csv(sheet.header, sheet.rows) for name, sheet in found.tables.items()}
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, EPOCH), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()
