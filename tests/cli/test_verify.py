"""Anybody with a certificate, a key and no network is told whether it is genuine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import credentials, pictures
from bot.credentials import BAKED, Award
from bot.pictures import Certificate
from storage.keys import Keys, folder_of

AWARD = Award(
    id="0b6cf7c6-5d1e-8c1c-8d2f-0123456789ab", name="Ana María López", programme="First steps", about="Weekly.",
    issuer="Porto", minutes=750, sessions=14, at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def signed(community: Path, tmp_path: Path) -> Path:
    """A certificate that this installation signed, as JSON and as a picture; returns its folder."""
    folder = tmp_path / "held"
    folder.mkdir()
    seed = Keys(folder_of(community)).signing()
    document = json.dumps(credentials.signed(credentials.document(AWARD, credentials.public_of(seed)), seed, AWARD.at))
    (folder / "it.json").write_text(document, encoding="utf-8")
    word = credentials.compact(AWARD, seed)
    (folder / "word.txt").write_text(word, encoding="ascii")
    page = Certificate("C", "This is", AWARD.name, "met", AWARD.programme, "today", "Porto", "Scan", word)
    (folder / "it.png").write_bytes(pictures.certificate(page, **{BAKED: document}))
    return folder


def keep(database: Path, number: str, *, status: str = "revoked", credential: str = "") -> None:
    """Write a certificate into the database, beside any process that holds it; it is revoked unless said otherwise."""
    with sqlite3.connect(database) as db:
        (here,) = db.execute("SELECT id FROM community").fetchone()
        (programme,) = db.execute("SELECT id FROM programme").fetchone()
        (who,) = db.execute("SELECT id FROM member LIMIT 1").fetchone()
        day, over = "2026-03-05T09:30:00.000000Z", "2026-04-01T10:00:00.000000Z" if status == "revoked" else None
        row = ("x", here, programme, who, number, status, "", 750, 14, credential, "", day, day, over)
        db.execute(f"INSERT INTO certificate VALUES ({', '.join('?' * len(row))})", row)


@pytest.mark.parametrize("form", ["it.json", "it.png", "word.txt"])
def test_each_form_of_it_is_genuine(kith: Callable, signed: Path, form: str):
    """The file, the picture and the word of its code are all held against the installation's own key."""
    ended = kith("verify", signed / form)
    assert (0, "") == (ended.code, ended.err)
    assert "GENUINE: signed by this installation." in ended.out
    for word in ("Ana María López", "First steps", "12.5 hours in 14 confirmed sessions", AWARD.id):
        assert word in ended.out
    assert "GENUINE" in kith("verify", (signed / "word.txt").read_text("ascii")).out


def test_one_changed_byte_is_told(kith: Callable, signed: Path):
    """In the file, in the picture and in the word."""
    whole = (signed / "it.json").read_text("utf-8")
    (signed / "it.json").write_text(whole.replace("12.50", "92.50"), encoding="utf-8")
    ended = kith("verify", signed / "it.json")
    assert (1, "NOT GENUINE: it was changed after it was signed.\n") == (ended.code, ended.out)
    raw = (signed / "it.png").read_bytes()
    (signed / "it.png").write_bytes(raw.replace(b"12.50", b"92.50"))
    assert "NOT GENUINE: the picture is damaged" in kith("verify", signed / "it.png").out
    word = (signed / "word.txt").read_text("ascii")
    assert "NOT GENUINE" in kith("verify", word[:20] + ("A" if word[20] != "A" else "B") + word[21:]).out


def test_a_key_that_was_given_up_still_counts(kith: Callable, signed: Path):
    """After a turn of the key, old certificates say by which key they were signed; the new key signs new ones."""
    assert 1 == kith("keys", "turn").code
    turned = kith("keys", "turn", "--yes")
    assert (0, "") == (turned.code, turned.err)
    for form in ("it.json", "word.txt"):
        ended = kith("verify", signed / form)
        assert 0 == ended.code
        assert "GENUINE: signed by this installation, with a key that was given up on" in ended.out
    listed = kith("certificate", "key").out.splitlines()
    assert turned.out.strip() == listed[0]
    assert "given up on" in listed[1]


def test_somebody_elsewhere_needs_the_key(
    kith: Callable, signed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Without the key it is not proven; with it, it is; with another one, it is not."""
    (tmp_path / "issuer.key").write_text(kith("certificate", "key").out)
    monkeypatch.delenv("KITH_KITH__DATABASE")
    monkeypatch.chdir(signed)
    alone = kith("verify", "it.json")
    assert 1 == alone.code
    assert "NOT PROVEN" in alone.out
    assert "did:key:z" in alone.out
    assert "Give the issuer's key" in kith("verify", "word.txt").err
    given = kith("verify", "it.png", "--key", tmp_path / "issuer.key")
    assert 0 == given.code
    assert "not checked" in given.err
    (tmp_path / "other.key").write_text(credentials.did_of(credentials.public_of(bytes(32))))
    assert 1 == kith("verify", "it.json", "--key", tmp_path / "other.key").code
    (tmp_path / "no.key").write_text("nothing")
    assert "there is no key in it" in kith("verify", "it.json", "--key", tmp_path / "no.key").err


def test_what_was_revoked_is_not_valid(kith: Callable, signed: Path, community: Path, tmp_path: Path):
    """Here at once, elsewhere by the list that this installation signs; a list that was changed is refused."""
    (tmp_path / "issuer.key").write_text(kith("certificate", "key").out)
    keep(community, AWARD.id)
    ended = kith("verify", signed / "it.json")
    assert 1 == ended.code
    assert "REVOKED on 2026-04-01" in ended.out
    listed = kith("certificate", "revoked").out
    (tmp_path / "list.json").write_text(listed, encoding="utf-8")
    elsewhere = ("--key", tmp_path / "issuer.key", "--revoked", tmp_path / "list.json")
    assert "REVOKED on 2026-04-01" in kith("verify", signed / "it.png", *elsewhere).out
    (tmp_path / "list.json").write_text(listed.replace("2026-04-01", "2027-04-01"), encoding="utf-8")
    assert "changed after it was signed" in kith("verify", signed / "it.png", *elsewhere).err


@pytest.mark.parametrize(
    ("name", "holds", "told"),
    [
        ("a.txt", b"hello", "neither JSON nor a picture"),
        ("a.json", b"{}", "it has no proof"),
        ("a.png", b"\x89PNG\r\n\x1a\nno", "the picture is damaged"),
        ("a.json", b"\xff\xfe\x00", "neither JSON nor a picture"),
    ],
)
def test_another_file_is_told_as_such(
    kith: Callable, community: Path, tmp_path: Path, name: str, holds: bytes, told: str
):
    """Never a traceback."""
    (tmp_path / name).write_bytes(holds)
    ended = kith("verify", tmp_path / name)
    assert 1 == ended.code
    assert told in ended.out


def test_a_picture_that_another_program_saved_holds_nothing(kith: Callable, signed: Path):
    """Its pixels are the same and its document is gone; the answer says why."""
    from PIL import Image

    with Image.open(signed / "it.png") as picture:
        picture.convert("RGB").save(signed / "again.png")
    assert "saved anew by another program" in kith("verify", signed / "again.png").out


def test_a_file_that_is_not_there_is_named(kith: Callable, community: Path):
    """The path, and what to check."""
    ended = kith("verify", "nowhere.json")
    assert 1 == ended.code
    assert "nowhere.json" in ended.err


def test_the_doctor_misses_a_signing_key(kith: Callable, signed: Path, community: Path):
    """With the key all is well, after a turn too; without it the doctor says what to put back."""
    keep(community, AWARD.id, status="issued", credential=(signed / "it.json").read_text("utf-8"))
    assert "the key that signed the newest one is in" in kith("doctor").out
    assert 0 == kith("keys", "turn", "--yes").code
    assert "the key that signed the newest one is in" in kith("doctor").out
    for file in (folder_of(community) / "signing.key", folder_of(community) / "signing-former.txt"):
        assert 0o600 == file.stat().st_mode & 0o777
        file.unlink()
    told = kith("doctor").out
    assert "the key that signed the newest one is not in" in told
    assert "Put signing.key back" in told
