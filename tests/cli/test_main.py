"""What a person at a terminal is told: what is wrong, where, and the cure; and what each command does."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.roster import read as read_roster
from storage.keys import SEALING, Keys

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = EXAMPLES / "programmes" / "coffee.toml"
PEOPLE = "handle,name,timezone,availability,languages\n"
ZOE = "zoe,Zoe Quist,Europe/Madrid,mon 18:00-20:00,English\n"


def members(database: Path) -> list[str]:
    with sqlite3.connect(database) as db:
        return [handle for (handle,) in db.execute("SELECT handle FROM member ORDER BY handle")]


def test_help_imports_none_of_the_heavy_libraries():
    """`kith --help` answers without the database, the web server or a chat library."""
    code = (
        "import sys; from typer.testing import CliRunner; from cli.main import app;"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0;"
        "print(sorted({'sqlalchemy', 'aiohttp', 'discord', 'slack_sdk', 'pydantic'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == found.stdout.strip()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("zoe,Zoe,Europe/Madird,mon 18:00-20:00,English", ["3", "timezone", "Europe/Madird", "Europe/Madrid"]),
        ("ana,A,UTC,mon 18:00-20:00,English\nAna,B,UTC,mon 18:00-20:00,English", ["4", "handle", "row 3 already"]),
        ("zoe,Zoe,UTC,someday,English", ["3", "availability", "mon 18:00-20:00"]),
    ],
)
def test_a_roster_with_errors_imports_nothing(kith, community, tmp_path, row, words):
    """Each problem is told with its row, column and cure, in a table; nobody is stored, not even from good rows."""
    roster = tmp_path / "people.csv"
    roster.write_text(PEOPLE + "good,Good One,UTC,mon 18:00-20:00,English\n" + row + "\n", encoding="utf-8")
    before = members(community)
    ended = kith("import", roster, "--programme", "peer-coffee")
    assert (1, "") == (ended.code, ended.out)
    assert [] == [word for word in words if word not in ended.err]
    assert "nothing was done" in ended.err
    assert before == members(community)


def test_a_role_that_does_not_exist_is_named(kith, community, tmp_path):
    """The wrong role is said with the nearest one."""
    roster = tmp_path / "people.csv"
    roster.write_text("handle,role\nzoe,menter\n", encoding="utf-8")
    ended = kith("import", roster, "--programme", "peer-coffee")
    assert (1, True, True) == (ended.code, "“menter” is not a role" in ended.err, "“mentor” meant" in ended.err)


def test_a_file_that_is_not_text_is_named(kith, community, tmp_path):
    """A picture is no roster, and that is one line."""
    roster = tmp_path / "people.csv"
    roster.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe\x00")
    ended = kith("import", roster, "--programme", "peer-coffee")
    assert (1, True) == (ended.code, "not text in UTF-8" in ended.err)


def test_a_missing_roster_is_named(kith, community, tmp_path):
    """The path is in the answer."""
    ended = kith("import", tmp_path / "nobody.csv", "--programme", "peer-coffee")
    assert (1, True) == (ended.code, "nobody.csv cannot be opened" in ended.err)


def test_a_dry_run_says_what_would_happen_and_does_nothing(kith, community, tmp_path):
    """Counts are told; the database stays as it was."""
    roster = tmp_path / "people.csv"
    roster.write_text(PEOPLE + ZOE + "ana,Ana,UTC,mon 18:00-20:00,English\n", encoding="utf-8")
    before = members(community)
    ended = kith("import", roster, "--programme", "peer-coffee", "--dry-run")
    assert (0, "1 would be made, 1 would be changed.") == (ended.code, ended.out.splitlines()[0])
    assert before == members(community)


def test_an_import_brings_people_in_as_invited(kith, community, tmp_path):
    """They are stored, and nothing is sent to them."""
    roster = tmp_path / "people.csv"
    roster.write_text(PEOPLE + ZOE, encoding="utf-8")
    ended = kith("import", roster, "--programme", "peer-coffee")
    assert (0, "1 made, 0 changed.") == (ended.code, ended.out.splitlines()[0])
    with sqlite3.connect(community) as db:
        found = db.execute(
            "SELECT role.status, member.opted_in_at FROM member JOIN role ON role.member_id = member.id"
            " WHERE member.handle = 'zoe'"
        ).fetchall()
    assert [("invited", None)] == found


def test_an_unknown_programme_is_told_with_the_nearest(kith, community, tmp_path):
    """A misspelt short name is cured in the same line."""
    roster = tmp_path / "people.csv"
    roster.write_text(PEOPLE + ZOE, encoding="utf-8")
    ended = kith("import", roster, "--programme", "peer-cofee")
    assert (1, True) == (ended.code, "Was “peer-coffee” meant?" in ended.err)


def test_a_broken_programme_file_is_told_with_its_line(kith, tmp_path):
    """TOML that cannot be read is one line with file, line and cure, and no traceback."""
    file = tmp_path / "broken.toml"
    file.write_text('kith = 1\nname = "x\n', encoding="utf-8")
    ended = kith("programme", "validate", file)
    assert (1, "", 1) == (ended.code, ended.out, len(ended.err.splitlines()))
    assert "broken.toml: line 2" in ended.err


def test_every_problem_of_a_programme_file_is_told_at_once(kith, tmp_path):
    """A wrong key and a wrong weekday are two lines."""
    file = tmp_path / "wrong.toml"
    file.write_text(GOOD.read_text("utf-8").replace('"mon"', '"moon"').replace("summary =", "sumary ="), "utf-8")
    ended = kith("programme", "validate", file)
    assert 1 == ended.code
    assert [] == [
        word for word in ("rounds.weekday", "Was “mon” meant?", "sumary", "“summary”") if word not in ended.err
    ]


def test_a_good_programme_file_is_said_to_be_good(kith):
    """What it holds is told in a line."""
    ended = kith("programme", "validate", GOOD)
    assert (0, True, "") == (ended.code, "“Coffee rounds” (coffee, peers)" in ended.out, ended.err)


def test_a_programme_is_applied_and_changed(kith, community, tmp_path):
    """The first time it is made, a changed file makes a new revision."""
    assert "revision 1" in kith("programme", "apply", GOOD).out
    changed = tmp_path / "coffee.toml"
    changed.write_text(GOOD.read_text("utf-8").replace("Coffee rounds", "Tea rounds"), "utf-8")
    assert "“Tea rounds” (coffee) is in place, revision 2." == kith("programme", "apply", changed).out.strip()


def test_a_misspelt_configuration_key_is_told_with_the_nearest(kith, tmp_path):
    """File, key and cure stand in one line."""
    config = tmp_path / "kith.toml"
    config.write_text('[kith]\nlog_levl = "info"\n', encoding="utf-8")
    ended = kith("outbox", "list", "--config", config)
    assert 1 == ended.code
    assert f"kith: {config}: kith.log_levl is not a known key. Did you mean log_level?" == ended.err.strip()


def test_a_missing_database_is_not_made_by_looking(kith, tmp_path):
    """Who looks at the wrong place is told so, and no empty database is left there."""
    ended = kith("outbox", "list")
    assert (1, True) == (ended.code, "there is no database yet" in ended.err)
    assert [] == list(tmp_path.rglob("*.db"))


def test_a_newer_database_is_refused(kith, community):
    """The revision and the cure are told; nothing is changed."""
    with sqlite3.connect(community) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in (("outbox", "list"), ("migrate",), ("migrate", "--check")):
        ended = kith(*command)
        assert (1, 1, True) == (ended.code, len(ended.err.splitlines()), "revision 9999" in ended.err)


def test_an_up_to_date_database_is_said_to_be(kith, community):
    """Looking and doing say the same, when there is nothing to do."""
    assert [0, 0] == [kith("migrate", "--check").code, kith("migrate").code]


def test_dead_letters_are_listed_retried_and_dropped(kith, community):
    """A dead letter goes back to waiting or is given up with its words erased; what is not dead is left alone."""
    with sqlite3.connect(community) as db:
        ((alive, *_),) = db.execute("SELECT id FROM outbox LIMIT 1")
        db.execute("UPDATE outbox SET state = 'dead', error = 'forbidden', attempts = 8 WHERE id = ?", (alive,))
    assert alive in kith("outbox", "list", "--state", "dead").out
    assert "1 will be sent again." == kith("outbox", "retry", alive).out.strip()
    refused = kith("outbox", "drop", alive)
    assert (1, True) == (refused.code, "is no dead letter" in refused.err)
    with sqlite3.connect(community) as db:
        assert [("pending", 0)] == db.execute("SELECT state, attempts FROM outbox WHERE id = ?", (alive,)).fetchall()
        db.execute("UPDATE outbox SET state = 'dead' WHERE id = ?", (alive,))
    assert "1 dropped." == kith("outbox", "drop", alive).out.strip()
    with sqlite3.connect(community) as db:
        found = db.execute("SELECT state, params FROM outbox WHERE id = ?", (alive,)).fetchall()
    assert [("skipped", "{}")] == found


def test_the_log_of_acts_is_printed_as_csv(kith, community):
    """Oldest first, with a heading; ids and codes, no names."""
    printed = kith("audit")
    lines = printed.out.splitlines()
    assert (0, "at,actor,act,subject,reason") == (printed.code, lines[0])
    assert len(lines) > 1
    assert "Ana" not in printed.out


def test_a_member_is_exported_and_forgotten(kith, community):
    """The export is JSON and names them; forgetting asks first, and then their name is gone."""
    exported = kith("export", "@ana")
    assert "Ana Beltrán" in exported.out
    json.loads(exported.out)
    asked = kith("forget", "ana")
    assert (1, True, True) == (asked.code, "--yes" in asked.out, "ana" in members(community))
    assert 0 == kith("forget", "ana", "--yes").code
    assert "ana" not in members(community)


def test_nobody_by_that_name(kith, community):
    """A handle that is not there is told, without a traceback."""
    ended = kith("export", "nobody")
    assert (1, "kith: “nobody” is nobody here. Use the handle they chat with.") == (ended.code, ended.err.strip())


def test_running_without_a_platform_says_what_to_add(kith):
    """No section, no bot: one line with the cure."""
    ended = kith("run")
    assert (1, True) == (ended.code, "add [discord] or [slack.<name>]" in ended.err)


def test_the_doctor_names_each_cure(kith, community):
    """What is well and what is not stand line by line; something to cure makes the exit code 1."""
    with sqlite3.connect(community) as db:
        db.execute("UPDATE outbox SET state = 'dead' WHERE id = (SELECT id FROM outbox LIMIT 1)")
    ended = kith("doctor")
    assert 1 == ended.code
    lines = ended.out.splitlines()
    assert ["look "] * 2 == [line[:5] for line in lines if "platforms" in line or "outbox:" in line]
    assert any("up to date" in line for line in lines)
    assert "kith outbox list --state dead" in ended.out


def test_the_example_roster_is_sixty_people_in_twelve_zones():
    """The examples are what the documentation says."""
    rows = read_roster(EXAMPLES / "roster.csv").rows
    assert (60, 12) == (len(rows), len({row.timezone for row in rows}))


def test_a_lost_key_is_named_with_its_cure_and_can_be_given_up(kith, community):
    """The doctor says which file is missing; renewing asks first, empties what was sealed, and then all is well."""
    keys = community.with_suffix(".keys")
    sealed = Keys(keys).seal("Our pair never meets.")
    with sqlite3.connect(community) as db:
        here = db.execute("select id from community").fetchone()[0]
        db.execute(
            "insert into feedback_note (id, community_id, topic, text, week, mode, status, receipt_hash,"
            " blocked, hidden, escalated, answered)"
            " values ('n', ?, 'pair', ?, '2026-W10', 'anonymous', 'published', 'h', 0, 0, 0, 0)",
            (here, sealed),
        )
    db.close()
    assert "the key is there and fits" in kith("keys", "renew", "--yes").out
    assert "Keep sealing.key safe" in kith("doctor").out
    (keys / SEALING).unlink()
    told = kith("doctor").out
    assert "sealing.key is missing" in told
    assert "kith keys renew" in told
    assert 1 == kith("keys", "renew").code
    done = kith("keys", "renew", "--yes")
    assert (0, True) == (done.code, "Emptied 1 rows" in done.out)
    assert "sealing.key is missing" not in kith("doctor").out


def test_a_programme_is_exported_changed_and_compared(kith, community, tmp_path):
    """What is exported reads as the same programme; a changed file is compared without being applied."""
    ended = kith("programme", "export", "peer-coffee")
    assert 0 == ended.code
    file = tmp_path / "coffee.toml"
    file.write_text(ended.out, encoding="utf-8")
    same = kith("programme", "diff", file)
    assert (0, True) == (same.code, "Nothing would change" in same.out)
    terms = '[roles.peer]\nplaces = 3\nagreement = { text = "We are on time." }\n'
    file.write_text(ended.out.replace("[roles.peer]\n", terms), encoding="utf-8")
    told = kith("programme", "diff", file)
    assert 0 == told.code
    for words in ("roles.peer.places", "nobody is put out", "roles.peer.agreement", "paired anew only after it"):
        assert words in told.out
    assert "Nothing was changed" in told.out
    with sqlite3.connect(community) as db:
        assert [(1,)] == db.execute("SELECT revision FROM programme").fetchall()


def test_a_programme_is_cloned_with_nobody_in_it(kith, community):
    """The copy has the same rules under another name; a short name that is there is refused."""
    ended = kith("programme", "clone", "peer-coffee", "tea", "--name", "Tea")
    assert (0, True) == (ended.code, "“Tea” (tea)" in ended.out)
    with sqlite3.connect(community) as db:
        (people,) = db.execute(
            "SELECT count(*) FROM role JOIN programme ON role.programme_id = programme.id WHERE slug = 'tea'"
        ).fetchone()
        kinds = db.execute("SELECT kind FROM programme ORDER BY slug").fetchall()
    assert (0, 1) == (people, len(set(kinds)))
    again = kith("programme", "clone", "peer-coffee", "tea")
    assert (1, True) == (again.code, "already" in again.err)
    assert "Was “peer-coffee” meant?" in kith("programme", "clone", "peer-cofee", "x").err


def test_answers_come_with_a_roster(kith, community, tmp_path):
    """Columns named like questions become applications, decided by rule; a wrong answer is named and nothing stored."""
    file = tmp_path / "course.toml"
    file.write_text((EXAMPLES / "programmes" / "course.toml").read_text("utf-8"), encoding="utf-8")
    assert 0 == kith("programme", "apply", file).code
    roster = tmp_path / "people.csv"
    head = "handle,name,role,timezone,availability,languages,finished,hours\n"
    week = "UTC,mon 18:00-20:00,English"
    rows = [f"zoe,Zoe,mentor,{week},92,Two", f"yan,Yan,mentor,{week},85,One", f"xie,Xie,mentor,{week},50,Two"]
    roster.write_text(head + "\n".join(rows) + f"\nwim,Wim,mentor,{week},high,Two\n", encoding="utf-8")
    refused = kith("import", roster, "--programme", "course-mentors")
    assert (1, True) == (refused.code, "wim: finished: “high” is no whole number from 0 to 100" in refused.err)
    assert "zoe" not in members(community)
    roster.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    ended = kith("import", roster, "--programme", "course-mentors")
    assert "1 declined, 1 waiting, 1 waitlisted" in ended.out
