"""`kith pair`: a round from a spreadsheet, no chat and no database."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from bot import sheets
from bot.availability import Availability, hours_in_utc
from bot.matching import PARTS, MatchingError, Mode, Person, Request, Result, Rules, candidates, match
from bot.programme.file import ProgrammeFileError, matching_rules
from bot.roster import Problem, RosterRow
from bot.roster import read as read_roster
from cli.console import err, out, tell
from cli.faults import Fault
from cli.pair_words import in_words
from cli.rosters import show

LARGE = 400
MEMBERS, ROUND = "members", "round"
LEFT = "unmatched"


@dataclass(frozen=True, slots=True)
class Files:
    """What a round is made from; only the roster has to be there."""

    roster: Path
    previous: Path | None = None
    weights: Path | None = None
    forbid: Path | None = None


def run(files: Files, mode: Mode, *, scores: Path | None, seed: int, week: date, form: str) -> None:
    """Make a round and print it as a table, `json` or `csv` (`form`). `week` is a Monday: its hours are compared.

    Raises `Fault` when a file cannot be used, after every problem of every file was shown.
    """
    request = gathered(files, mode, seed, week)
    busy = "Matching. The first time on a machine the engine is compiled, which takes a few seconds more."
    with err.status(busy) if err.is_terminal and len(request.people) > LARGE else _Nothing():
        try:
            result = match(request)
        except MatchingError as error:
            raise Fault("\n".join(f"{files.roster}: {problem}" for problem in error.problems)) from None
        if scores is not None:
            _write_scores(scores, request)
    match form:
        case "json":
            out.file.write(json.dumps(as_json(result), indent=2, ensure_ascii=False) + "\n")
        case "csv":
            _write_csv(result)
        case _:
            _print(result, request)


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def gathered(files: Files, mode: Mode, seed: int, week: date) -> Request:
    """Read every file. Raises `Fault` when one of them has an error, after showing all problems of all of them."""
    roster = read_roster(files.roster)
    known = {row.handle.casefold(): row.handle for row in roster.rows}
    problems: list[tuple[Path, list[Problem]]] = [(files.roster, list(roster.problems))]
    history: list[tuple[int, frozenset[str]]] = []
    forbidden: list[frozenset[str]] = []
    if files.previous is not None:
        groups, found = _groups(files.previous)
        history = [
            (number, frozenset(known.get(name.casefold(), name) for name in names)) for _, number, names in groups
        ]
        problems.append((files.previous, found))
    if files.forbid is not None:
        groups, found = _groups(files.forbid)
        for row, _, names in groups:
            strangers = [name for name in names if name.casefold() not in known]
            found += [
                Problem(f"“{name}” is not in the roster.", "Write the handle as there.", row, MEMBERS)
                for name in strangers if roster.rows
            ]  # fmt: skip
            forbidden.append(frozenset(known.get(name.casefold(), name) for name in names))
        problems.append((files.forbid, found))
    rules, bad = _rules(files.weights)
    for path, found in problems:
        if found:
            show(path, found)
    errors = [problem for _, found in problems for problem in found if problem.severity == "error"]
    if errors or bad:
        count = len(errors) + len(bad)
        what = "one problem" if count == 1 else f"{count} problems"
        raise Fault("\n".join([*bad, f"{files.roster}: {what} to mend first, so nothing was done."]))
    last = max((number for number, _ in history), default=0)
    waited = _waited(roster.rows, history, last)
    people = tuple(_person(row, known, week, waited.get(row.handle, 0)) for row in roster.rows)
    return Request(mode, people, rules, tuple(history), forbidden=tuple(forbidden), seed=seed, round_index=last + 1)


def _groups(path: Path) -> tuple[list[tuple[int, int, list[str]]], list[Problem]]:
    """Read groups of people: (row, round, handles). Without a `round` column all are of the last round.

    Rows that `kith pair --csv` printed for the unmatched are left out.
    """
    try:
        table = sheets.read(path, (MEMBERS, ROUND))
    except sheets.SheetError as error:
        return [], [Problem(error.what, error.cure, error.row)]
    if MEMBERS not in table.header:
        cure = "Make the first row “members” (handles separated by ;), and “round” if there are several."
        return [], [Problem("There is no members column.", cure, 1, MEMBERS)]
    at, numbered = table.header.index(MEMBERS), ROUND in table.header
    groups, problems = [], []
    for row, cells in table.rows:
        names = [name.strip().removeprefix("@") for name in _cell(cells, at).split(";") if name.strip()]
        number = _cell(cells, table.header.index(ROUND)) if numbered else "1"
        if "group" in table.header and _cell(cells, table.header.index("group")) == LEFT:
            continue
        if not number.isdecimal():
            problems.append(Problem(f"“{number}” is no round.", "Number the rounds 1, 2, 3.", row, ROUND))
        elif len(names) < 2:
            problems.append(Problem("There are fewer than two people.", "Separate handles by ;.", row, MEMBERS))
        else:
            groups.append((row, int(number), names))
    return groups, problems


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _rules(path: Path | None) -> tuple[Rules, list[str]]:
    if path is None:
        return Rules(), []
    try:
        return matching_rules(path), []
    except ProgrammeFileError as error:
        return Rules(), str(error).splitlines()


def _waited(rows: Sequence[RosterRow], history: Sequence[tuple[int, frozenset[str]]], last: int) -> dict[str, int]:
    """How many rounds running each was left out, of those since they first took part."""
    met: dict[str, list[int]] = {}
    for number, names in history:
        for name in names:
            met.setdefault(name, []).append(number)
    return {row.handle: last - max(met[row.handle]) for row in rows if row.handle in met}


@lru_cache(4096)
def _hours(availability: Availability, zone: str, week: date) -> frozenset[int]:
    return hours_in_utc(availability, zone, week) if availability else frozenset(range(168))


def _person(row: RosterRow, known: dict[str, str], week: date, waited: int) -> Person:
    return Person(
        id=row.handle, role=row.role, zone=row.timezone, languages=row.languages, offers=row.offers, wants=row.wants,
        interests=row.interests, hours=_hours(row.availability, row.timezone, week), level=row.level, group=row.group,
        goals=row.goals, capacity=row.capacity, avoid=frozenset(known.get(name.casefold(), name) for name in row.avoid),
        waited=waited, text=row.extra.get("text", ""),
    )  # fmt: skip


def as_json(result: Result) -> dict[str, Any]:
    """Return a round as JSON values, reasons as codes with their params."""
    plain = asdict(result)
    plain["share_of_bound"] = _share(result)
    return {key: plain[key] for key in ("total", "bound", "share_of_bound", "groups", "unmatched")}


def _share(result: Result) -> float | None:
    return round(result.total / result.bound, 6) if result.bound else None


def _lines(result: Result) -> Iterator[tuple[str, str, str, str]]:
    for number, group in enumerate(result.groups, 1):
        yield str(number), "; ".join(group.members), f"{group.score:.4f}", " ".join(in_words(group.reasons))
    for left in result.unmatched:
        yield LEFT, left.person, "", " ".join(in_words(left.reasons))


def _write_csv(result: Result) -> None:
    writer = csv.writer(out.file, lineterminator="\n")
    writer.writerow(("group", MEMBERS, "score", "reasons"))
    writer.writerows((number, _safe(members), score, _safe(words)) for number, members, score, words in _lines(result))


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell


def _print(result: Result, request: Request) -> None:
    table = Table("", "members", "score", "why", box=None, pad_edge=False)
    for number, members, score, words in _lines(result):
        style = "yellow" if number == LEFT else ""
        table.add_row(*(Text(cell, style=style) for cell in (number, members, score, words)))
    if result.groups or result.unmatched:
        out.print(table, soft_wrap=False)
    share = _share(result)
    proven = f", {share:.2%} of the most that is possible" if share is not None else ""
    tell(
        f"{len(request.people)} people: {len(result.groups)} groups, {len(result.unmatched)} unmatched. "
        f"Total {result.total:.3f}{proven}."
    )


def _write_scores(path: Path, request: Request) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("one", "other", "score", *PARTS))
        writer.writerows(_score_rows(candidates(request)))


def _score_rows(found: Iterable[tuple[str, str, float, dict[str, float]]]) -> Iterator[tuple[str, ...]]:
    for one, other, score, parts in found:
        yield _safe(one), _safe(other), f"{score:.9f}", *(f"{parts.get(part, 0.0):.9f}" for part in PARTS)
