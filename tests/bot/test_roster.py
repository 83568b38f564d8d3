"""Rosters: what a coordinator's spreadsheet may look like, and what is said when it is wrong."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from bot import roster
from bot.availability import Availability, parse
from bot.roster import COLUMNS, Problem, Roster

EXAMPLE = Path(__file__).parents[2] / "examples" / "roster.csv"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Roster:
    """A roster read from a CSV file with this text."""
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return roster.read(path)


def errors(read: Roster) -> list[tuple[int | None, str | None]]:
    """Where the errors are."""
    return [(problem.row, problem.column) for problem in read.problems if problem.severity == "error"]


def only(read: Roster, column: str) -> Problem:
    """The one problem of a column."""
    (problem,) = [problem for problem in read.problems if problem.column == column]
    return problem


def test_the_example_is_clean():
    """The roster that comes with Kith has 60 people in 12 zones and nothing wrong with it."""
    example = roster.read(EXAMPLE)
    assert () == example.problems
    assert (60, 12) == (len(example.rows), len({row.timezone for row in example.rows}))
    assert {"en", "es"} <= {language for row in example.rows for language in row.languages}


def test_every_column_is_read(tmp_path):
    """A full row becomes typed values, and a column of one's own is kept."""
    header = ",".join([*COLUMNS, "Shirt size"])
    line = '@ana,Ana Ríos,ana@example.org,Both,europe/madrid,"Español; english",writing,"maths; Maths",chess,'
    read = written(tmp_path, f"{header}\n{line}mon 18-20,3,4,Arts,finish,@bea,M\nbea,,,,,,,,,,,,,,,\n")
    ana, bea = read.rows
    assert read.ok
    assert ("ana", "Ana Ríos", "both", "Europe/Madrid") == (ana.handle, ana.name, ana.role, ana.timezone)
    assert (("es", "en"), ("writing",), ("maths",)) == (ana.languages, ana.offers, ana.wants)
    assert (parse("mon 18-20"), 3, 4, ("bea",)) == (ana.availability, ana.capacity, ana.level, ana.avoid)
    assert {"shirt_size": "M"} == ana.extra
    assert ("bea", "peer", "UTC", 1, None, Availability()) == (
        bea.name, bea.role, bea.timezone, bea.capacity, bea.level, bea.availability,
    )  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_byte_order_mark(tmp_path, separator):
    """Spreadsheet programs write what they like between cells and a mark before the first."""
    text = f'\ufeffhandle{separator}interests\r\nana{separator}"chess; go"\r\n'
    assert ("chess", "go") == written(tmp_path, text).rows[0].interests


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    """Empty rows and cells of several lines do not shift the numbers."""
    read = written(tmp_path, 'handle,goals,role\nana,"one\ntwo",peer\n\nbea,,pear\n')
    assert [(4, "role")] == errors(read)
    assert ("one", "two") == read.rows[0].goals


@pytest.mark.parametrize(
    ("cells", "column", "what", "cure"),
    [
        ("ana,,Europe/Madird,,,,", "timezone", "“Europe/Madird” is not a time zone", "Was “Europe/Madrid” meant?"),
        ("ana,,Madrid,,,,", "timezone", "“Madrid” is not a time zone", "Was “Europe/Madrid” meant?"),
        ("ana,,the moon,,,,", "timezone", "“the moon” is not", "Write a name like"),
        ("ana,mentro,UTC,,,,", "role", "“mentro” is not a role", "Was “mentor” meant?"),
        ("ana,,UTC,sometimes,,,", "availability", "“sometimes”", "mon 18:00-20:00"),
        ("ana,,UTC,,two,,", "capacity", "“two” is not a number", "from 0 to 50"),
        ("ana,,UTC,,-1,,", "capacity", "“-1” is not a number", "from 0 to 50"),
        ("ana,,UTC,,,6,", "level", "“6” is not a number", "from 0 to 5"),
        ("ana,,UTC,,,,ana at home", "email", "is not an e-mail address", "name@example.org"),
        (",,UTC,,,,ana@example.org", "handle", "is empty", "account name"),
    ],
)
def test_a_wrong_cell(tmp_path, cells, column, what, cure):
    """A cell that cannot be right is named with row, column, what and cure, and nothing may be imported."""
    read = written(tmp_path, f"handle,role,timezone,availability,capacity,level,email\nbea,peer,UTC,,,,\n{cells}\n")
    (problem,) = [problem for problem in read.problems if problem.severity == "error"]
    assert not read.ok
    assert (3, column) == (problem.row, problem.column)
    assert what in problem.what
    assert cure in problem.cure
    assert str(problem).startswith(f"Row 3, {column}: ")


def test_all_problems_at_once(tmp_path):
    """Every row's problems are in one answer, in the order of the rows."""
    read = written(tmp_path, "handle,role,level,timezone\nana,x,9,Nowhere\nANA,peer,,UTC\n,peer,,UTC\n")
    assert [(2, "level"), (2, "role"), (2, "timezone"), (3, "handle"), (4, "handle")] == sorted(errors(read))
    assert [2, 2, 2, 3, 4] == [problem.row for problem in read.problems if problem.severity == "error"]


def test_a_duplicate_names_the_first(tmp_path):
    """The second row of a person says where the first one is, whatever the capitals."""
    read = written(tmp_path, "handle\nana\nbea\n@Ana\n")
    assert (4, "“Ana” is in row 2 already.") == (only(read, "handle").row, only(read, "handle").what)


def test_avoiding_nobody_is_a_warning(tmp_path):
    """A name on an avoid list that is not in the file may be somebody who comes later."""
    read = written(tmp_path, "handle,avoid\nana,Bea; cal\nbea,\n")
    assert ("warning", 2, "“cal” is nobody in this roster.") == (
        only(read, "avoid").severity, only(read, "avoid").row, only(read, "avoid").what,
    )  # fmt: skip
    assert read.ok


def test_what_is_assumed_is_said(tmp_path):
    """Missing zones and hours, odd languages and misspelt columns are warnings, not errors."""
    read = written(tmp_path, "handle,languages,intrests\nana,Klingonish,chess\n")
    assert {"timezone", "availability", "languages", "intrests"} == {problem.column for problem in read.problems}
    assert read.ok
    assert "“interests”" in only(read, "intrests").what


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b"\n ,\n", "empty"),
        (b"handle,role\n", "nobody"),
        (b"ana,peer\nbea,peer\n", "header is missing"),
        (b"name,role\nAna,peer\n", "no handle column"),
        (b"handle,role,role\nana,peer,peer\n", "there twice"),
        (b"handle,name\nana,Jos\xe9\n", "not text in UTF-8 (line 2)"),
        ("handle\nana\n".encode("utf-16"), "UTF-16"),
        (b"handle\nan\0a\n", "null characters"),
        (b"PK\x03\x04rest", "workbook, not text"),
        (b'handle,name\nana,"Ana\n', "cannot be read"),
        (b"handle,name\nana,Ana,more\n", "3 cells under 2 columns"),
    ],
)
def test_a_file_that_is_no_roster(tmp_path, data, what):
    """A file that is empty, not text, or has no header is refused with a cure."""
    path = tmp_path / "roster.csv"
    path.write_bytes(data)
    read = roster.read(path)
    assert not read.ok
    assert any(what in problem.what and problem.cure for problem in read.problems)


def test_a_file_that_is_not_there(tmp_path):
    """A wrong path is a problem with a cure, not a traceback."""
    (problem,) = roster.read(tmp_path / "none.csv").problems
    assert "cannot be opened: no such file" in problem.what


def test_a_workbook(tmp_path):
    """An XLSX file reads as the same text, numbers included."""
    book = Workbook()
    sheet = book.active
    for line in (
        ["Handle", "Level", "Capacity", "Availability"],
        ["ana", 3, 2, "mon 18:00-20:00"],
        ["bea", None, "x"],
    ):
        sheet.append(line)
    book.save(tmp_path / "roster.xlsx")
    read = roster.read(tmp_path / "roster.xlsx")
    assert [(3, "capacity")] == errors(read)
    assert (3, 2, parse("mon 18-20")) == (read.rows[0].level, read.rows[0].capacity, read.rows[0].availability)


@pytest.mark.parametrize("data", [b"handle\nana\n", b"PK\x03\x04broken", b""])
def test_a_broken_workbook(tmp_path, data):
    """A file that only ends in .xlsx is named as such."""
    path = tmp_path / "roster.xlsx"
    path.write_bytes(data)
    (problem,) = roster.read(path).problems
    assert "not a workbook" in problem.what
