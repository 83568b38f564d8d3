"""Rows of text out of a CSV or XLSX file that somebody else made."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
_SEPARATORS = (",", ";", "\t")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_SAVE_AS = "Save it as “CSV UTF-8” in your spreadsheet program, or as .xlsx."


class SheetError(Exception):
    """A file that cannot be read as a table: `what` is wrong, its `cure`, and the `row` when it is one row's fault."""

    def __init__(self, what: str, cure: str, row: int | None = None) -> None:
        super().__init__(f"{what} {cure}")
        self.what, self.cure, self.row = what, cure, row


@dataclass(frozen=True, slots=True)
class Table:
    """The header's names (lower case, `_` for blanks) and the rows that are not empty, numbered as a spreadsheet does.

    All cells are stripped of surrounding blanks.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def too_long(self, cells: Sequence[str]) -> bool:
        """Whether a row has text beyond the last column of the header."""
        return any(cells[len(self.header) :])


def read(path: Path, columns: Collection[str]) -> Table:
    """The table in `path`; `columns` are the names expected, by which a CSV's separator is found. Raises SheetError."""
    data = _bytes(path)
    records = _workbook(data) if path.suffix.casefold() == ".xlsx" else _text(data, columns)
    rows = []
    for number, record in enumerate(records, 1):
        if number > MAX_ROWS:
            raise SheetError(f"The file has more than {MAX_ROWS:,} rows.", "Split it.")
        cells = tuple(cell.strip() for cell in record)
        if any(cells):
            rows.append((number, cells))
    if not rows:
        raise SheetError("The file is empty.", "Write a header and one row a person.")
    header = list(rows[0][1])
    while header and not header[-1]:
        header.pop()
    return Table(tuple("_".join(name.casefold().split()) for name in header), tuple(rows[1:]))


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as CSV in UTF-8 that spreadsheet programs open as such. No cell is a formula, whatever it holds."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a workbook of one sheet, its header frozen. Numbers stay numbers; no cell is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "".join(mark for mark in title if mark not in "[]:*?/\\")[:31] or "Kith"
    for row in ([*header], *rows):
        sheet.append([cell if isinstance(cell, int | float) or cell is None else guarded(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


_FORMULAS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def guarded(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula: one that could be begins with an apostrophe.

    What counts is what OWASP lists under CSV injection: = + - @ (also full width, also after blanks), and a tab or a
    new line at the start. Numbers stay numbers.
    """
    if isinstance(cell, int | float):
        return str(cell)
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULAS) else text


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SheetError(f"{path.name} is larger than {MAX_BYTES // 1024**2} MiB.", "Split it.")
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise SheetError(f"{path} cannot be opened: {reason}.", "Check the path.") from error


def _text(data: bytes, columns: Collection[str]) -> Iterable[list[str]]:
    if data.startswith(_ZIP):
        raise SheetError("The file is a workbook, not text.", "Give its name the ending .xlsx.")
    if data.startswith(_UTF_16):
        raise SheetError("The file is text in UTF-16, which Kith does not read.", _SAVE_AS)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SheetError(f"The file is not text in UTF-8 (line {line}).", _SAVE_AS) from error
    if "\0" in text:
        raise SheetError("The file is not text: it has null characters in it.", _SAVE_AS)
    return _records(text, _separator(text, columns))


def _separator(text: str, columns: Collection[str]) -> str:
    lines = text.lstrip().splitlines()

    def known(separator: str) -> int:
        record = next(csv.reader(lines[:1], delimiter=separator), [])
        return sum("_".join(name.casefold().split()) in columns for name in record)

    return max(_SEPARATORS, key=known)


def _records(text: str, separator: str) -> Iterable[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for record in reader:
            yield record
            number += 1
    except csv.Error as error:
        cure = "Look for a double quote that is not closed, or is not doubled inside a cell."
        raise SheetError(f"The row cannot be read: {error}.", cure, number) from error


def _workbook(data: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True)
        return [["" if value is None else str(value) for value in row] for row in rows]
    # A broken workbook raises whatever its zip, its XML or its missing parts raise.
    except Exception as error:
        cure = "Open it in a spreadsheet program and save it again as .xlsx, or as “CSV UTF-8”."
        raise SheetError("The file is not a workbook that can be read.", cure) from error
