"""`kith pair`: a round from files, checked by anyone, and every problem of every file at once."""

import csv
import io
import json
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "roster.csv"
HEADER = "handle,role,timezone,languages,offers,wants,interests,availability,capacity,avoid"


@pytest.fixture
def write(tmp_path):
    """Write a file of lines and return its path."""

    def written(name, *lines):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    return written


@pytest.fixture
def four(write):
    """Two who share tea and two who share go."""
    return write(
        "four.csv",
        HEADER,
        "ana,mentor,Europe/Madrid,Spanish,writing,,tea,tue 18:00-20:00,1,",
        "bea,mentee,Europe/Madrid,Spanish,,writing,tea,tue 18:00-20:00,1,",
        "carl,mentor,Europe/Madrid,Spanish,maths,,go,tue 18:00-20:00,1,",
        "dora,mentee,Europe/Madrid,Spanish,,maths,go,tue 18:00-20:00,1,",
    )


def rows(text):
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


def members(text):
    """Who meets whom."""
    return [row["members"] for row in rows(text)]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("peer", ["ana; bea", "carl; dora"]),
        ("mentor", ["ana; bea", "carl; dora"]),
        ("circles", ["ana; bea; carl; dora"]),
    ],
)
def test_a_round(kith, four, mode, expected):
    """Each way of matching makes its groups."""
    ended = kith("pair", "--roster", four, "--mode", mode, "--csv")
    assert (0, expected) == (ended.code, members(ended.out))


def test_a_table_with_reasons(kith, four):
    """The table says why in plain words, and stderr how good the round is."""
    ended = kith("pair", "--roster", four, "--mode", "mentor", "--week", "2026-11-04")
    assert "ana offers writing, which bea wants" in ended.out.replace("Ana", "ana")
    assert "Share 2 hours a week (UTC: Tue 17-19)" in ended.out
    assert "4 people: 2 groups, 0 unmatched." in ended.err
    assert "100.00% of the most that is possible" in ended.err


def test_json(kith, four):
    """JSON has codes and params, for programs."""
    shown = json.loads(kith("pair", "--roster", four, "--mode", "peer", "--json").out)
    assert ["ana", "bea"] == shown["groups"][0]["members"]
    assert shown["total"] == pytest.approx(shown["bound"], abs=1e-4)
    assert {"code": "interests", "params": {"tags": ["tea"]}} in shown["groups"][0]["reasons"]


def test_its_own_output_is_the_previous_round(kith, four, write):
    """What was printed as CSV is read as the past: nobody meets the same partner again."""
    first = kith("pair", "--roster", four, "--mode", "peer", "--csv").out
    past = write("past.csv", *first.splitlines())
    second = kith("pair", "--roster", four, "--mode", "peer", "--csv", "--previous", past).out
    assert set() == set(members(first)) & set(members(second))
    assert 2 == len(members(second))


def test_forbidden_pairs(kith, four, write):
    """Who is kept apart does not meet."""
    apart = write("apart.csv", "members", "ana; bea")
    made = members(kith("pair", "--roster", four, "--mode", "peer", "--csv", "--forbid", apart).out)
    assert "ana; bea" not in made
    assert 2 == len(made)


@pytest.mark.parametrize(
    "lines",
    [("interests = 0", "goals = 1"), ("[weights]", "interests = 0"), ("[matching.weights]", "interests = 0")],
)
def test_weights(kith, four, write, lines):
    """Weights come alone, with rules, or from a programme file."""
    light = write("weights.toml", *lines)
    shown = json.loads(kith("pair", "--roster", four, "--mode", "peer", "--json", "--weights", light).out)
    usual = json.loads(kith("pair", "--roster", four, "--mode", "peer", "--json").out)
    assert shown["total"] < usual["total"]


def test_scores_can_be_checked(kith, four, tmp_path):
    """Every candidate pair is written with its parts, which add up, and the best of them make the total."""
    file = tmp_path / "scores.csv"
    shown = json.loads(kith("pair", "--roster", four, "--mode", "peer", "--json", "--scores", file).out)
    found = rows(file.read_text("utf-8"))
    assert 6 == len(found)
    for row in found:
        parts = [float(value) for name, value in row.items() if name not in ("one", "other", "score")]
        assert sum(parts) == pytest.approx(float(row["score"]), abs=1e-8)
    score = {(row["one"], row["other"]): float(row["score"]) for row in found}
    assert shown["total"] == pytest.approx(score["ana", "bea"] + score["carl", "dora"])


def test_all_problems_of_all_files(kith, write):
    """One run names everything that is wrong, with its place."""
    roster = write("r.csv", HEADER, "ana,boss,Mars,Spanish,,,,,1,")
    past = write("past.csv", "members,round", "ana; bea,one", "ana,1")
    apart = write("apart.csv", "members", "ana; ghost")
    weights = write("w.toml", "[weights]", "intrests = 1")
    ended = kith(
        "pair", "--roster", roster, "--mode", "peer", "--previous", past, "--forbid", apart, "--weights", weights
    )
    assert (1, "") == (ended.code, ended.out)
    for part in ("boss", "Mars", "“one” is no round", "fewer than two", "“ghost” is not in the roster", "interests"):
        assert part in ended.err


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([HEADER], "nobody under the header"),
        (["name", "ana"], "no handle column"),
    ],
)
def test_a_roster_of_nobody(kith, write, lines, expected):
    """Nothing to match is said plainly."""
    ended = kith("pair", "--roster", write("r.csv", *lines), "--mode", "peer")
    assert 1 == ended.code
    assert expected in ended.err


def test_one_person(kith, write):
    """One person is unmatched, not an error."""
    ended = kith("pair", "--roster", write("r.csv", HEADER, "ana,peer,UTC,en,,,,,1,"), "--mode", "peer", "--csv")
    assert (0, [("unmatched", "ana")]) == (ended.code, [(row["group"], row["members"]) for row in rows(ended.out)])


def test_files_that_are_not_there(kith, tmp_path):
    """A missing file is named."""
    ended = kith("pair", "--roster", tmp_path / "none.csv", "--mode", "peer")
    assert 1 == ended.code
    assert "none.csv" in ended.err


def test_csv_and_json_exclude_each_other(kith, four):
    """Two forms at once cannot be printed."""
    assert 2 == kith("pair", "--roster", four, "--mode", "peer", "--csv", "--json").code


def test_the_order_of_rows_does_not_matter(kith, write):
    """A sorted roster gives the same round as the example does."""
    head, *lines = EXAMPLE.read_text("utf-8").splitlines()
    other = write("sorted.csv", head, *sorted(lines, reverse=True))
    made = [kith("pair", "--roster", path, "--mode", "mentor", "--csv").out for path in (EXAMPLE, other)]
    assert made[0] == made[1]


def test_cells_are_no_formulas(kith, write):
    """What begins like a formula is text for a spreadsheet."""
    roster = write("r.csv", HEADER, "=cmd,peer,UTC,en,,,,,1,", "zoe,peer,UTC,en,,,,,1,")
    assert ["'=cmd; zoe"] == members(kith("pair", "--roster", roster, "--mode", "peer", "--csv").out)
