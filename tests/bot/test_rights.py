"""A member's rights: a copy of everything, and to be forgotten, whatever feature stored it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

import storage.pair
import storage.programme
import storage.rights
import storage.tables
from bot import rights, roster
from bot.chat.views import as_text
from bot.context import Work
from bot.errors import UserError
from bot.feature import Features, Personal
from bot.features import ALL
from bot.features.programme.files import bring_in
from storage.audit import Audit
from storage.engine import Database
from storage.kudos import Kudos
from storage.member import Identity, Member
from storage.outbox import Outbox
from storage.pair import Pair
from storage.programme import Role
from storage.types import UtcDateTime
from tests.fakes.rows import MEMBER_COLUMNS, classes, fill
from tests.fakes.world import World, key

TABLES = storage.tables.metadata.tables
NOT_PERSONAL: dict[tuple[str, str], str] = {}
"""Columns that name a member and that no feature declares, and why not."""

PERSONAL = [entry for feature in ALL for entry in feature.personal]
REASON = "for showing me the old mill by the river"


def naming() -> set[tuple[str, str]]:
    """Return every (table, column) that holds a member's id."""
    keys = {
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
        if any(key.column.table.name == "member" for key in column.foreign_keys)
        or column.name in ("actor_id", "author_id")
        or column.name.endswith("member_id")
    }
    return keys | MEMBER_COLUMNS


def test_every_column_that_names_a_member_is_declared():
    """A new table with a member in it needs a declaration, or nobody could have it exported or erased."""
    declared = {(entry.table, column) for entry in PERSONAL for column in entry.members}
    assert set() == naming() - declared - NOT_PERSONAL.keys()


@pytest.mark.parametrize("entry", PERSONAL, ids=lambda entry: entry.table)
def test_a_declaration_fits_its_table(entry: Personal):
    """Declared columns exist, what is emptied can be empty, what goes after a while has a moment, and all say why."""
    table = TABLES[entry.table]
    assert {*entry.members, *entry.texts} <= {column.name for column in table.columns}
    for name in entry.texts:
        storage.rights.empty(table.c[name])
    assert bool(entry.texts) == (entry.forget == "redact")
    assert entry.retain is None or isinstance(table.c[entry.dated].type, UtcDateTime)
    assert entry.why.endswith(".")


async def thanked(coffee: World) -> tuple[str, str]:
    """Let Ana thank Bea and Bea thank Ana, and a round be made; return the community and Ana's id."""
    for line in (f"/kudos give @bea {REASON}", "/kudos give @chen for the soup"):
        assert "kudos.given" == key(await coffee.says("ana", line))
    assert "kudos.given" == key(await coffee.says("bea", f"/kudos give @ana {REASON}"))
    ana = next(row for row in await coffee.rows(Member) if row.handle == "ana")
    return ana.community_id, ana.id


async def exported(world: World, community: str, member: str) -> dict:
    """Return what the member gets, through JSON as a file would hold it."""
    async with world.database.read() as db:
        return json.loads(json.dumps(await rights.export(db, world.app.features, community, member)))


async def test_a_copy_holds_every_row_that_names_the_member(coffee: World):
    """Ana gets her profile, accounts, roles, kudos and messages, and nothing that is only about others."""
    community, ana = await thanked(coffee)
    tables = (await exported(coffee, community, ana))["tables"]
    assert {entry.table for entry in PERSONAL} == tables.keys()
    assert ["Ana"] == [row["name"] for row in tables["member"]["rows"]]
    assert 3 == len(tables["kudos"]["rows"])
    assert all(table["why"] for table in tables.values())
    bea = next(row for row in await coffee.rows(Member) if row.handle == "bea")
    assert [] == [row for name in ("identity", "role", "member") for row in tables[name]["rows"] if bea.id in str(row)]


async def test_a_copy_is_complete_for_every_table(tmp_path: Path):
    """With one row in every table, the copy holds a row of each declared one."""
    database = await Database.open(tmp_path / "kith.db")
    async with database.unit() as db:
        rows = await fill(db, "one")
        copy = await rights.export(db, Features(ALL), rows["community"].id, rows["member"].id)
    await database.close()
    assert {} == {name: table for name, table in copy["tables"].items() if len(table["rows"]) != 1}


async def test_nobody_is_copied_or_forgotten_in_another_community(coffee: World):
    """An id of another community is nobody here."""
    with pytest.raises(UserError):
        await exported(coffee, "elsewhere", (await thanked(coffee))[1])
    with pytest.raises(UserError):
        await coffee.app.work(await coffee.community_id(), lambda work: rights.forget(work, "nobody"))


async def test_the_forgotten_leave_no_word_and_no_account(coffee: World):
    """Name, profile, accounts, kudos texts and waiting messages of Ana are gone, from every table."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    async with coffee.database.read() as db:
        for name, cls in classes().items():
            for row in await db.exec(select(cls)):
                assert not [word for word in (REASON, "Ana", "'ana'") if word in str(row.model_dump())], (name, row)
                assert ana not in str(row.model_dump()), (name, row)
    assert 11 == len([row for row in await coffee.rows(Identity) if row.external_id not in ("vera", "max")])
    (gone,) = [row for row in await coffee.rows(Member) if not row.handle]
    assert {"left"} == {row.status for row in await coffee.rows(Role) if row.member_id == gone.id}
    assert (None, []) == (gone.opted_in_at, gone.languages)
    assert gone.left_at is not None
    assert "member.forgotten" in [row.act for row in await coffee.rows(classes()["audit"])]


async def test_nothing_about_the_forgotten_is_sent_any_more(coffee: World):
    """Thanks that were still on their way are not delivered; everything else goes on."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    said = await coffee.delivers()
    assert [] == [message for message in said if message.view.key.startswith("kudos")]
    assert {"skipped"} == {row.state for row in await coffee.rows(Outbox) if row.error == "forgotten"}
    assert 3 == len(await coffee.rows(Kudos))


async def test_partners_of_the_forgotten_are_told(coffee: World):
    """Who is forgotten leaves their pair first, so that the other hears of it, and why they were paired is gone."""
    await coffee.until("2026-03-03 09:30")
    community, ana = await thanked(coffee)
    async with coffee.database.read() as db:
        (pair,) = await storage.pair.active_of(db, community, ana)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    said = [as_text(message.view) for message in await coffee.delivers() if message.view.key == "pair.partner_left"]
    assert said
    assert all(text.startswith("@…") for text in said)
    (kept,) = [row for row in await coffee.rows(Pair) if row.id == pair.id]
    assert ("ended", []) == (kept.status, kept.reasons)


async def test_a_roster_does_not_bring_the_forgotten_back(coffee: World, tmp_path: Path):
    """Handle and email are known again by their hash, however they are written; others are imported."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    file = tmp_path / "roster.csv"
    file.write_text("handle,name,role\nANA,Ana,peer\nnora,Nora,peer\n")

    async def imported(work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
        (programme,) = await storage.programme.open_ones(work.db, work.community.id)
        done = await bring_in(work, roster.read(file), programme)
        return done.made, done.forgotten

    assert (("nora",), ("ANA",)) == await coffee.app.work(community, imported)


async def test_one_who_comes_back_by_themselves_is_new(coffee: World):
    """The forgotten may speak again: they are a new member who is in nothing."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    await coffee.says("ana", "/me home")
    (new,) = [row for row in await coffee.rows(Member) if row.handle == "ana"]
    assert new.id != ana
    assert new.opted_in_at is None


async def test_what_is_kept_for_a_while_goes_by_itself(coffee: World):
    """Sent messages are gone after ninety days, request ids after a week, by the daily tidying."""
    await coffee.says("ana", f"/kudos give @bea {REASON}")
    await coffee.delivers()
    before = {row.id for row in await coffee.rows(Outbox)}
    requests = {row.request_id for row in await coffee.rows(classes()["inbox"])}
    assert before
    assert requests

    coffee.clock.advance(timedelta(days=92))
    await coffee.delivers()
    assert set() == before & {row.id for row in await coffee.rows(Outbox)}
    assert set() == requests & {row.request_id for row in await coffee.rows(classes()["inbox"])}


async def test_forgetting_twice_is_forgetting_nobody(coffee: World):
    """Whoever was forgotten cannot be found by their old id, and no second mark is kept."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    with pytest.raises(UserError):
        await coffee.app.work(community, lambda work: rights.forget(work, ana))
    async with coffee.database.read() as db:
        assert 1 == len(await storage.rights.forgotten(db, community))


async def test_the_log_lets_go_of_the_forgotten_and_of_nothing_else(coffee: World):
    """An entry can be changed in one way: an id becomes that of a member's empty row. All else is refused."""
    community, ana = await thanked(coffee)
    await coffee.app.work(community, lambda work: rights.forget(work, ana))
    (gone,) = [row for row in await coffee.rows(Member) if not row.handle]
    assert gone.id in {row.subject for row in await coffee.rows(Audit)}
    bea = next(row for row in await coffee.rows(Member) if row.handle == "bea")
    for changed in ({"act": "nothing"}, {"subject": bea.id}, {"actor_id": bea.id}, {"reason": "x"}):
        with pytest.raises(IntegrityError):
            async with coffee.database.unit() as db:
                (entry,) = [row for row in await db.exec(select(Audit)) if row.subject == gone.id]
                entry.sqlmodel_update(changed)
                db.add(entry)
