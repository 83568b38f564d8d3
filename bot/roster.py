"""A roster: people in a spreadsheet (CSV or XLSX), read whole or not at all.

`read` never raises for what a file holds: it answers with the rows and with every problem, so that one look is enough
to mend the file. While any problem is an error, callers import nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from bot import availability, sheets
from bot.availability import Availability, AvailabilityError
from bot.languages import find_language
from bot.zones import find_zone, nearest_zone

Role = Literal["mentor", "mentee", "both", "peer"]
ROLES: tuple[Role, ...] = ("mentor", "mentee", "both", "peer")
COLUMNS = (
    "handle", "name", "email", "role", "timezone", "languages", "offers", "wants", "interests", "availability",
    "capacity", "level", "group", "goals", "avoid",
)  # fmt: skip
MAX_CAPACITY = 50
MAX_LEVEL = 5
DEFAULT_ZONE = "UTC"

# No address is proved by its shape; this only catches a cell that cannot be one.
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,.]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a roster: where (row as a spreadsheet counts it, header = 1), what, and how to cure it.

    An "error" stops the import; a "warning" says what was assumed.
    """

    what: str
    cure: str
    row: int | None = None
    column: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """One line: `Row 7, timezone: what. Cure.`"""
        places = [f"row {self.row}" if self.row else "", self.column or ""]
        where = ", ".join(filter(None, places))
        return f"{where[:1].upper()}{where[1:]}: {self.what} {self.cure}" if where else f"{self.what} {self.cure}"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a roster, with defaults for what the file leaves out.

    `languages` are ISO codes where the name is known, `timezone` is an IANA name, `capacity` the number of partners at
    once, `level` 0 to 5 or None, `avoid` handles, `extra` the columns Kith does not know. Handles have no leading @.
    """

    row: int
    handle: str
    name: str
    email: str = ""
    role: Role = "peer"
    timezone: str = DEFAULT_ZONE
    languages: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    availability: Availability = Availability()  # noqa: RUF009 - a frozen value
    capacity: int = 1
    level: int | None = None
    group: str = ""
    goals: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """The rows of a file that could be read, in its order, and everything that is wrong with it, in its order."""

    rows: tuple[RosterRow, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether the roster may be imported: it has no errors; warnings do not stop it."""
        return not any(problem.severity == "error" for problem in self.problems)


def read(path: Path) -> Roster:
    """Read a roster from a .csv (UTF-8; separated by `,`, `;` or tabs) or .xlsx file (its first sheet).

    Raises nothing for a file that is missing or unreadable: that too is a problem in the answer.
    """
    try:
        table = sheets.read(path, COLUMNS)
    except sheets.SheetError as error:
        return Roster((), (Problem(error.what, error.cure, error.row),))
    problems = list(_header_problems(table.header))
    if any(problem.severity == "error" for problem in problems):
        return Roster((), tuple(problems))
    if not table.rows:
        return Roster((), (*problems, Problem("There is nobody under the header.", "Add one row a person.")))
    rows: list[RosterRow] = []
    for number, cells in table.rows:
        reader = _Row(number, cells, problems)
        if table.too_long(cells):
            reader.too_long(len(table.header))
        rows.append(reader.row(table.header))
    problems += [*_duplicates(rows), *_unknown_avoids(rows)]
    problems.sort(key=lambda problem: problem.row or 0)
    return Roster(tuple(rows), tuple(problems))


def _header_problems(header: tuple[str, ...]) -> Iterator[Problem]:
    known = [column for column in header if column in COLUMNS]
    if not known:
        cure = f"Make the first row the names of the columns: {', '.join(COLUMNS)}."
        yield Problem("The header is missing: the first row names no column that Kith knows.", cure, 1)
        return
    if "handle" not in known:
        near = get_close_matches("handle", header, n=1)
        cure = f"Rename “{near[0]}” to “handle”." if near else "Add it: the account name each person chats with."
        yield Problem("There is no handle column.", cure, 1, "handle")
    for column in sorted({column for column in known if known.count(column) > 1}):
        yield Problem("The column is there twice.", "Keep one of the two.", 1, column)
    for column in header:
        near = get_close_matches(column, set(COLUMNS) - set(known), n=1, cutoff=0.8) if column not in COLUMNS else []
        if near:
            yield _warning(1, column, f"The column is not known; was “{near[0]}” meant?", "It is kept as an attribute.")
    if "timezone" not in known:
        yield _warning(1, "timezone", f"There is no such column, so everybody is in {DEFAULT_ZONE}.", "Add IANA zones.")
    if "availability" not in known:
        cure = "Add times, or match with a minimum overlap of 0 hours."
        yield _warning(1, "availability", "There is no such column, so nobody has hours in common.", cure)


def _warning(row: int, column: str, what: str, cure: str) -> Problem:
    return Problem(what, cure, row, column, "warning")


@dataclass(frozen=True, slots=True)
class _Row:
    """Reads the cells of one row, adding what is wrong to `problems`."""

    number: int
    cells: tuple[str, ...]
    problems: list[Problem]

    def row(self, header: tuple[str, ...]) -> RosterRow:
        values = dict(zip(header, self.cells, strict=False))
        handle = self._handle(values.get("handle", ""))
        return RosterRow(
            row=self.number,
            handle=handle,
            name=values.get("name") or handle,
            email=self._email(values.get("email", "")),
            role=self._role(values.get("role", "")),
            timezone=self._zone(values),
            languages=self._languages(values.get("languages", "")),
            offers=_listed(values.get("offers", "")),
            wants=_listed(values.get("wants", "")),
            interests=_listed(values.get("interests", "")),
            availability=self._availability(values),
            capacity=self._number(values, "capacity", MAX_CAPACITY, 1) or 0,
            level=self._number(values, "level", MAX_LEVEL, None),
            group=values.get("group", ""),
            goals=_listed(values.get("goals", "")),
            avoid=_distinct(name.removeprefix("@").strip() for name in _listed(values.get("avoid", ""))),
            extra={name: value for name, value in values.items() if name and name not in COLUMNS},
        )

    def too_long(self, width: int) -> None:
        cure = "Put double quotes around a cell that holds the separator."
        self._wrong(None, f"The row has {len(self.cells)} cells under {width} columns.", cure)

    def _wrong(self, column: str | None, what: str, cure: str) -> None:
        self.problems.append(Problem(what, cure, self.number, column))

    def _warn(self, column: str, what: str, cure: str) -> None:
        self.problems.append(_warning(self.number, column, what, cure))

    def _handle(self, text: str) -> str:
        handle = text.removeprefix("@").strip()
        if not handle:
            self._wrong("handle", "The cell is empty.", "Write the account name the person chats with.")
        return handle

    def _email(self, text: str) -> str:
        if text and not _EMAIL.fullmatch(text):
            self._wrong(
                "email", f"“{text}” is not an e-mail address.", "Write it as name@example.org, or leave it empty."
            )
        return text

    def _role(self, text: str) -> Role:
        wanted = text.casefold()
        for role in ROLES:
            if wanted == role:
                return role
        if wanted:
            near = get_close_matches(wanted, ROLES, n=1)
            meant = f"Was “{near[0]}” meant? " if near else ""
            self._wrong("role", f"“{text}” is not a role.", f"{meant}Write one of {', '.join(ROLES)}.")
        return "peer"

    def _zone(self, values: Mapping[str, str]) -> str:
        text = values.get("timezone", "")
        if not text:
            if "timezone" in values:
                self._warn("timezone", f"The cell is empty, so {DEFAULT_ZONE} is taken.", "Write an IANA zone.")
            return DEFAULT_ZONE
        zone = find_zone(text)
        if zone is None:
            near = nearest_zone(text)
            cure = f"Was “{near}” meant?" if near else "Write a name like Europe/Madrid or America/New_York."
            self._wrong("timezone", f"“{text}” is not a time zone.", cure)
        return zone or DEFAULT_ZONE

    def _languages(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for name in _listed(text):
            code = find_language(name)
            if code is None:
                cure = "It is kept as written; a name like Spanish, or a code like es, is shared by all who write it."
                self._warn("languages", f"“{name}” is not a language Kith knows.", cure)
            found.append(code or name)
        return _distinct(found)

    def _availability(self, values: Mapping[str, str]) -> Availability:
        try:
            times = availability.parse(values.get("availability", ""))
        except AvailabilityError as error:
            cure = f"Write local times as in “{availability.EXAMPLE}”."
            for problem in error.problems:
                self._wrong("availability", problem[:1].upper() + problem[1:], cure)
            return Availability()
        if not times and "availability" in values:
            cure = "Add times, or match with a minimum overlap of 0 hours."
            self._warn("availability", "The cell is empty, so this person has no hours in common with anybody.", cure)
        return times

    def _number(self, values: Mapping[str, str], column: str, highest: int, default: int | None) -> int | None:
        text = values.get(column, "")
        if not text:
            return default
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) > highest:
            self._wrong(column, f"“{text}” is not a number it can have.", f"Write a whole number from 0 to {highest}.")
            return default
        return int(text)


def _listed(text: str) -> tuple[str, ...]:
    return _distinct(part.strip() for part in re.split(r"[;\n]", text))


def _distinct(parts: Iterable[str]) -> tuple[str, ...]:
    """The parts that are not empty, the first of each spelling whatever its capitals."""
    kept: dict[str, str] = {}
    for part in parts:
        if part:
            kept.setdefault(part.casefold(), part)
    return tuple(kept.values())


def _duplicates(rows: Iterable[RosterRow]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row in rows:
        before = first.setdefault(row.handle.casefold(), row.row)
        if row.handle and before != row.row:
            what = f"“{row.handle}” is in row {before} already."
            yield Problem(what, "Give each person one row.", row.row, "handle")


def _unknown_avoids(rows: list[RosterRow]) -> Iterator[Problem]:
    known = {row.handle.casefold() for row in rows}
    for row in rows:
        for name in row.avoid:
            if name.casefold() not in known:
                yield _warning(row.row, "avoid", f"“{name}” is nobody in this roster.", "Check the spelling.")
