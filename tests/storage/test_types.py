"""Column types: time has a zone, and JSON is replaced whole."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, func
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from storage.engine import Database
from storage.types import UtcDateTime
from tests.storage.tables import Entry

pytestmark = pytest.mark.usefixtures("tables")


@pytest.mark.parametrize("dialect", [SQLiteDialect(), PGDialect()], ids=["sqlite", "postgresql"])  # type: ignore[no-untyped-call]
def test_a_naive_datetime_is_refused(dialect: Dialect) -> None:
    """A datetime without a zone is refused with the way to give it one."""
    with pytest.raises(ValueError, match=r"has no time zone.*tzinfo=UTC"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1, 12), dialect)  # noqa: DTZ001


async def test_a_naive_datetime_is_refused_by_the_database(database: Database) -> None:
    """The refusal reaches the caller as it is, in a row and in a comparison."""
    naive = datetime(2026, 3, 1, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="has no time zone"):
        async with database.unit() as db:
            db.add(Entry(key="a", at=naive))
    with pytest.raises(ValueError, match="has no time zone"):
        async with database.read() as db:
            await db.exec(select(Entry).where(Entry.at > naive))  # type: ignore[operator]


def test_an_instant_in_another_zone_comes_back_in_utc() -> None:
    """PostgreSQL answers in the zone of its session; what the code sees is UTC."""
    evening = datetime(2026, 3, 1, 21, tzinfo=ZoneInfo("Asia/Tokyo"))
    read = UtcDateTime().process_result_value(evening, SQLiteDialect())

    assert (datetime(2026, 3, 1, 12, tzinfo=UTC), UTC) == (read, read and read.tzinfo)


async def test_instants_come_back_in_utc_and_compare_as_time(database: Database) -> None:
    """Instants written in several zones come back as the same instants in UTC, sorted as time by SQL."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    zones = ("Pacific/Auckland", "America/New_York", "Asia/Kolkata", "Europe/Madrid")
    written = [(noon + timedelta(hours=i)).astimezone(ZoneInfo(zone)) for i, zone in enumerate(zones)]
    async with database.unit() as db:
        for number, at in enumerate(reversed(written)):
            db.add(Entry(key=str(number), at=at))
    async with database.read() as db:
        query = select(Entry.at).where(col(Entry.at) > written[0]).order_by(col(Entry.at))
        read = (await db.exec(query)).all()

    assert written[1:] == read
    assert {UTC} == {at.tzinfo for at in read if at}


offsets = st.timedeltas(min_value=timedelta(hours=-14), max_value=timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
instants = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(9998, 12, 31),  # noqa: DTZ001
    timezones=offsets,
)


@given(instants, instants)
def test_stored_instants_keep_order_and_value(one: datetime, other: datetime) -> None:
    """For any two instants in any zones, the stored texts compare as the instants do and read back equal."""
    column, dialect = UtcDateTime(), SQLiteDialect()
    texts = [str(column.process_bind_param(at, dialect)) for at in (one, other)]

    assert (one < other, one == other) == (texts[0] < texts[1], texts[0] == texts[1])
    assert [one, other] == [column.process_result_value(text, dialect) for text in texts]
    assert {27} == {len(text) for text in texts}


async def test_json_is_stored_whole_and_replaced_whole(database: Database) -> None:
    """A JSON value comes back as it was, and a new value put in its place is saved."""
    async with database.unit() as db:
        db.add(Entry(key="a", facts={"zone": "Europe/Madrid", "levels": [1, 2]}, names=["José"]))
        db.add(Entry(key="b"))
    async with database.unit() as db:
        entry = (await db.exec(select(Entry).where(Entry.key == "a"))).one()
        entry.facts = {**(entry.facts or {}), "zone": None}
    async with database.read() as db:
        stored = (await db.exec(select(Entry.facts, Entry.names).order_by(Entry.key))).all()
        nulls = (await db.exec(select(func.count()).where(Entry.facts.is_(None)))).one()  # type: ignore[union-attr]

    assert [({"zone": None, "levels": [1, 2]}, ["José"]), (None, None)] == stored
    assert 1 == nulls


async def test_json_of_the_wrong_kind_is_refused(database: Database) -> None:
    """A list in a column of objects is refused before it is stored."""
    with pytest.raises(StatementError, match="stores a dict, not list"):
        async with database.unit() as db:
            db.add(Entry(key="a", facts=["no"]))  # type: ignore[arg-type]
