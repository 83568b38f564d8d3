"""What whoever runs Kith writes into files: a report, an anonymised copy; and numbers that come from elsewhere."""

import json
import sqlite3
import zipfile

import openpyxl
import pytest


@pytest.mark.parametrize("kind", ["html", "xlsx", "csv", "json"])
def test_a_report_is_one_file_of_the_kind_that_its_ending_says(kith, community, tmp_path, kind):
    """Each kind is written, holds the demo's programme, and no name of anybody in it."""
    out = tmp_path / f"r.{kind}"
    ended = kith("report", "peer-coffee", "--out", out, "--language", "es")
    assert (0, True) == (ended.code, str(out) in ended.out), ended
    data = out.read_bytes()
    assert 500 < len(data) < 1_000_000
    if kind == "html":
        page = data.decode()
        assert 'lang="es"' in page
        assert "Encuentros por pareja y semana" in page
        assert "Ana Beltrán" not in page
    elif kind == "xlsx":
        assert openpyxl.load_workbook(out).active["A1"].value == "what"
    elif kind == "json":
        assert "kith-report/1" == json.loads(data)["format"]


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("report", "peer-coffee", "--out", "r.pdf"), "Use one of .html, .xlsx, .csv, .json."),
        (("report", "peer-coffee", "--language", "xx"), "Use one of en, es."),
        (("report", "peer-coffee", "--out", "nowhere/r.html"), "no such file or directory"),
        (("report", "peer-coffe"), "Was “peer-coffee” meant?"),
        (("dataset", "peer-coffee", "--out", "d.csv"), "Give it the ending .zip."),
    ],
)
def test_what_cannot_be_written_is_told_with_its_cure(kith, community, words, cure):
    """Ending, language, folder and programme: each fault is one line that says what to do."""
    ended = kith(*words)
    assert (1, True) == (ended.code, cure in ended.err), ended


def test_a_dataset_is_a_zip_without_names(kith, community, tmp_path):
    """The copy of the demo has its tables, and no handle of its people."""
    assert 0 == kith("dataset", "peer-coffee", "--out", tmp_path / "d.zip").code
    with zipfile.ZipFile(tmp_path / "d.zip") as packed:
        assert "README.txt" in packed.namelist()
        told = b"".join(packed.read(name) for name in packed.namelist())
    assert b"members.csv" in told
    with sqlite3.connect(community) as db:
        handles = [handle for (handle,) in db.execute("SELECT handle FROM member WHERE length(handle) > 4")]
    assert handles
    assert [] == [handle for handle in handles if handle.encode() in told]


def test_outcomes_come_with_handles(kith, community, tmp_path):
    """Numbers of people of the programme are stored once, changed when they change; others are named and left alone."""
    file = tmp_path / "grades.csv"
    file.write_text('handle,grade,Essays\n@ana,7.5,3\nBEA,"6,5",\nnobody,9,1\n')
    tried = kith("import", file, "--programme", "peer-coffee", "--outcomes", "--dry-run")
    assert "3 numbers would be stored." in tried.out
    assert "nobody" in tried.err
    assert "3 numbers stored." in kith("import", file, "--programme", "peer-coffee", "--outcomes").out
    assert "0 numbers stored." in kith("import", file, "--programme", "peer-coffee", "--outcomes").out
    with sqlite3.connect(community) as db:
        join = "SELECT handle, key, value FROM outcome JOIN member ON member.id = member_id ORDER BY 1, 2"
        found = list(db.execute(join))
    assert [("ana", "essays", 3.0), ("ana", "grade", 7.5), ("bea", "grade", 6.5)] == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,grade\nAna,7\n", "There is no column “handle”."),
        ("handle\nana\n", "There is no outcome in it."),
        ("handle,grade\nana,good\n,8\nbea,7\nbea,6\nchen,inf\n", "4 to mend first, so nothing was done."),
    ],
)
def test_outcomes_that_cannot_be_read_store_nothing(kith, community, tmp_path, text, words):
    """Every problem is told with its row, and nothing is stored."""
    file = tmp_path / "grades.csv"
    file.write_text(text)
    ended = kith("import", file, "--programme", "peer-coffee", "--outcomes")
    assert (1, True) == (ended.code, words in ended.err), ended
    with sqlite3.connect(community) as db:
        assert [(0,)] == list(db.execute("SELECT count(*) FROM outcome"))
