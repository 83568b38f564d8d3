"""An attacker who holds the files and everybody's presence by minute guesses no better than among those present."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from bot.features.feedback import rules
from storage.keys import Keys, folder_of
from storage.member import Member
from tests.anonymity.attack import Batch, Evidence, Rate, attack, moments, page_order, places
from tests.anonymity.life import Day, Life, living, plan
from tests.fakes.world import NAMES, Saved

MEMBERS = (*NAMES, *(f"more{number:02d}" for number in range(48)))
DAYS, NOTES = 4, 50
BROKEN = 1e-4
"""A result that would come up so rarely if the promise held means that it does not."""


class Loot(NamedTuple):
    """What the attacker carries away, and the truth that they are after."""

    batches: list[Batch]
    authors: dict[str, str]
    moments: dict[str, datetime]
    start: dict[str, datetime]
    file: bytes
    backup: bytes
    log: bytes
    receipts: dict[str, str]
    before_batch: list[bytes]


async def loot(saved: Saved, folder: Path) -> Loot:
    """Let a community of sixty live for four days, and carry everything away after the last batch."""
    days = plan(MEMBERS, DAYS, NOTES, kudos_a_day=8, seed=11)
    async with living(saved, folder, MEMBERS) as life:
        await life.lives(days)
        return carried_away(life, days)


def carried_away(life: Life, days: list[Day]) -> Loot:
    """Take the database's files, a backup and the log, while the process runs."""
    authors, batches = life.authors(days)
    with closing(sqlite3.connect(life.file)) as db:
        receipts = dict(db.execute("select id, receipt_hash from feedback_note").fetchall())
    whole = life.file.read_bytes() + life.file.with_name("kith.db-wal").read_bytes()
    return Loot(
        batches, authors, written_at(days, batches, authors), starts(days, batches), whole,
        life.backup().read_bytes(), life.log.getvalue().encode(), receipts, life.before_batch,
    )  # fmt: skip


def starts(days: list[Day], batches: list[Batch]) -> dict[str, datetime]:
    """Return note -> when its window began (naive UTC)."""
    return {
        note: day.start.replace(tzinfo=None) for day, batch in zip(days, batches, strict=True) for note in batch.notes
    }


def written_at(days: list[Day], batches: list[Batch], authors: dict[str, str]) -> dict[str, datetime]:
    """Return note -> a moment at which its author wrote one, for the attacker who is given it (controls only)."""
    found = {}
    for day, batch in zip(days, batches, strict=True):
        own: dict[str, list[datetime]] = {}
        for deed in day.deeds:
            if deed.what == "note":
                own.setdefault(deed.who, []).append(deed.at)
        for note in batch.notes:
            found[note] = own[authors[note]].pop()
    return found


@pytest.fixture(scope="module")
def looted(founded_world: Saved, tmp_path_factory: pytest.TempPathFactory) -> Loot:
    """Made once for every way of attacking it."""
    import asyncio

    return asyncio.run(loot(founded_world, tmp_path_factory.mktemp("attack") / "town"))


def ways(found: Loot) -> dict[str, Evidence]:
    """Return every way of looking that the attacker knows: name -> what it found."""
    notes = sorted(found.authors)
    by_hash = sorted(notes, key=lambda note: found.receipts[note])
    return {
        "place in the file": places(found.file, notes),
        "place in its pages, filled from the end": places(found.file, notes, page=4096),
        "place in its pages while it waited": waiting_places(found),
        "place of the receipt's hash in the index": index_places(found.file, found.receipts),
        "place in the backup": places(found.backup, notes),
        "order of ids": Evidence(places={note: number for number, note in enumerate(notes)}),
        "order of hashes": Evidence(places={note: number for number, note in enumerate(by_hash)}),
        "moments near it in the file": moments(found.file, notes, found.start),
        "moments near it in the backup": moments(found.backup, notes, found.start),
        "moments near it in the log": moments(found.log, notes, found.start),
    }


def waiting_places(found: Loot) -> Evidence:
    """Return where each note lay in its page just before its batch."""
    seen = Evidence()
    for batch, data in zip(found.batches, found.before_batch, strict=True):
        seen.places |= places(data, batch.notes, page=4096).places
    return seen


def index_places(data: bytes, receipts: dict[str, str]) -> Evidence:
    """Return in which order the hashes of receipts lie in the last place where they stand: the index."""
    return Evidence(
        places={note: 4096 - at % 4096 + at // 4096 * 4096 for note, code in receipts.items()
                if (at := data.rfind(code.encode())) >= 0}
    )  # fmt: skip


def test_no_way_of_looking_beats_chance(looted: Loot):
    """Each of ten ways guesses 200 authors; none is better than 1/present + 2 %, at odds of ten thousand to one."""
    rates = {name: attack(looted.batches, evidence, looted.authors) for name, evidence in ways(looted).items()}
    assert {DAYS * NOTES} == {rate.trials for rate in rates.values()}
    broken = {
        name: (rate.rate, rate.interval(), rate.allowed) for name, rate in rates.items() if rate.unlikely < BROKEN
    }
    assert {} == broken


def test_who_knew_the_order_would_guess_better(looted: Loot):
    """The attacker is no fool: were notes numbered as they come, they would be right far too often."""
    numbered = Evidence(places={note: at.timestamp() for note, at in looted.moments.items()})
    numbers = [attack(looted.batches, numbered, looted.authors, seed) for seed in range(5)]
    assert sum(rate.hits for rate in numbers) / 5 > 2 * numbers[0].chance * numbers[0].trials


def test_who_knew_the_moment_would_guess_best(looted: Loot):
    """Were the minute stored, it would be worse still."""
    minutes = {
        note: (at.replace(tzinfo=None) - looted.start[note]).total_seconds() / 60
        for note, at in looted.moments.items()
    }  # fmt: skip
    timed = attack(looted.batches, Evidence(minutes=minutes), looted.authors)
    numbered = attack(
        looted.batches, Evidence(places={note: at.timestamp() for note, at in looted.moments.items()}), looted.authors
    )  # fmt: skip
    assert timed.rate > numbered.rate


def test_the_attacker_finds_what_a_careless_table_leaks(tmp_path: Path):
    """From a file whose table has row numbers, or a moment in each row, order and minute are read off."""
    rng = Random(3)
    notes = [f"{rng.getrandbits(96):024x}" for _ in range(60)]
    begin = datetime(2026, 3, 2, 16)  # noqa: DTZ001 - as a file holds it
    with closing(sqlite3.connect(tmp_path / "careless.db")) as db, db:
        db.execute("create table note (id text, at text)")
        db.executemany(
            "insert into note values (?, ?)",
            [(note, (begin + timedelta(minutes=20 * number)).isoformat()) for number, note in enumerate(notes)],
        )
    data = (tmp_path / "careless.db").read_bytes()
    found = places(data, notes, page=4096)
    assert notes == sorted(notes, key=lambda note: found.places[note])
    timed = moments(data, notes, dict.fromkeys(notes, begin))
    assert 60 == len(timed.minutes)


@pytest.mark.parametrize("when", ["while they wait", "once they are published"])
def test_notes_do_not_lie_in_the_order_in_which_they_came(looted: Loot, when: str):
    """In no page of the table or an index does the place of a note say whether it came before its neighbours."""
    agree = []
    for batch, waiting in zip(looted.batches, looted.before_batch, strict=True):
        data = waiting if when == "while they wait" else looted.file
        for names in ({note: note for note in batch.notes}, {looted.receipts[note]: note for note in batch.notes}):
            agree += [
                looted.moments[names[first]] < looted.moments[names[second]]
                for first, second in page_order(data, sorted(names))
            ]
    assert len(agree) > 1000
    assert 0.4 < sum(agree) / len(agree) < 0.6


# -- the key is gone


async def test_without_the_weeks_key_nothing_links_a_note_to_anybody(founded_world: Saved, tmp_path: Path):
    """Who kept a backup of the week, the week's files, and all that remains cannot tell a pseudonym from chance."""
    days = plan(MEMBERS, days=2, notes_a_day=12, kudos_a_day=0, seed=4)
    async with living(founded_world, tmp_path / "town", MEMBERS) as life:
        await life.lives(days)
        kept = life.backup("kept.db").read_bytes()
        authors, _ = life.authors(days)
        during = Keys(folder_of(life.file)).weeks()
        people = {}
        from sqlmodel import select

        async with life.kith.database.read() as db:
            people = {member.handle: member.id for member in await db.exec(select(Member))}
        await life.kith.advance(datetime.fromisoformat("2026-03-12T00:00:00+00:00"))
        after = Keys(folder_of(life.file)).weeks()
        (tmp_path / "kept.db").write_bytes(kept)
        with closing(sqlite3.connect(tmp_path / "kept.db")) as db:
            stored = db.execute(
                "select id, pseudonym, community_id from feedback_note where pseudonym is not null"
            ).fetchall()
    assert len(stored) > 5
    assert ["2026-W11"] == list(after)

    def linked(keys: list[bytes]) -> dict[str, str]:
        """Try every member under every key that one holds."""
        return {
            note: who
            for note, mark, here in stored
            for key in keys
            for who, member in people.items()
            if rules.pseudonym(key, here, note, member) == mark
        }

    guessed = [*after.values(), bytes(32), hashlib.sha256(b"2026-W10").digest(), kept[:32]]
    assert {} == linked(guessed)
    assert {note: authors[note] for note, _, _ in stored} == linked(list(during.values()))


async def test_nothing_of_a_pseudonym_is_left_in_the_files(founded_world: Saved, tmp_path: Path):
    """Erased means erased: 72 hours after the batch, no byte of any pseudonym is in the file or its log."""
    (day,) = plan(MEMBERS, days=1, notes_a_day=12, kudos_a_day=0, seed=9)
    async with living(founded_world, tmp_path / "town", MEMBERS) as life:
        await life.lives([day])
        with closing(sqlite3.connect(life.file)) as db:
            marks = [mark for (mark,) in db.execute("select pseudonym from feedback_note where pseudonym is not null")]
        assert marks
        await life.kith.advance(day.end + timedelta(hours=72))
        await life.kith.database.settle()
        data = life.file.read_bytes() + life.file.with_name("kith.db-wal").read_bytes()
        assert [] == [mark for mark in marks if mark.encode() in data]


# -- the statistics themselves


def test_the_interval_is_the_exact_one():
    """Clopper-Pearson, checked against published values: 10 of 100 at 95 % is 4.90 % to 17.62 %."""
    low, high = Rate(10, 100, 0.1).interval(0.95)
    assert (0.0490, 0.1762) == (round(low, 4), round(high, 4))


def test_more_hits_are_less_likely_by_chance():
    """The chance to be so lucky falls with each further hit, and is sure for none."""
    chances = [Rate(hits, 300, 1 / 42).unlikely for hits in (0, 13, 30, 60)]
    assert chances == sorted(chances, reverse=True)
    assert 1.0 == chances[0]
    assert chances[-1] < BROKEN
