"""An anonymised copy: no name, no id, no word, no day; and nobody who stands alone in it."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insight.dataset import Dataset, as_zip, coarse, gather
from bot.suppression import K
from storage.engine import Database
from storage.member import Member
from storage.pair import Pair
from tests.bot.test_measures import store
from tests.fakes.histories import History, history

TRAIT = st.tuples(st.sampled_from(("mentor", "mentee")), st.sampled_from(("", "arts", "law")), st.sampled_from("013"))


@pytest.fixture
async def copied(tmp_path: Path) -> tuple[History, Dataset, Dataset, dict[str, list[dict[str, str]]]]:
    """A programme's past, two copies of it, and the tables of the first as they are read from the ZIP."""
    past = history("h1", people=60, weeks=12)
    beside = history("h2", people=20, weeks=6)
    database = await Database.open(tmp_path / "kith.db", thrown_away=True)
    async with database.unit() as db:
        await store(db, [past, beside])
    async with database.read() as db:
        one, two = await gather(db, "c", past.programme.id), await gather(db, "c", past.programme.id)
    await database.close()
    tables = {}
    with zipfile.ZipFile(io.BytesIO(as_zip(one))) as packed:
        for name in packed.namelist():
            held = packed.read(name).decode("utf-8-sig")
            tables[name.removesuffix(".csv")] = list(csv.DictReader(io.StringIO(held)))
            assert (1980, 1, 1, 0, 0, 0) == packed.getinfo(name).date_time
    return past, one, two, tables


async def test_nothing_of_anybody_is_in_it(copied):
    """No id of a row, no name or handle, no day and no hour stands in any table."""
    past, _, _, tables = copied
    told = json.dumps(tables)
    ids = [row.id for rows in past.rows.values() for row in rows if hasattr(row, "id")]
    assert [] == [one for one in ids if f'"{one}"' in told]
    assert not [row.handle for row in past.of(Member) if f'"{row.handle}"' in told or row.name in told]
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}", told)


async def test_what_is_worth_knowing_is_in_it(copied):
    """Who was with whom, how it went and when, by week, is that of the programme, and of no other."""
    past, _, _, tables = copied
    assert len(past.of(Pair)) == len({row["pair"] for row in tables["pairs"]})
    met = {row["pair"] for row in tables["pairs"] if row["met"] == "yes"}
    assert sum(pair.met_at is not None for pair in past.of(Pair)) == len(met)
    weeks = Counter(pair.created_at.strftime("%G-W%V") for pair in past.of(Pair))
    assert weeks == Counter({row["pair"]: row["began"] for row in tables["pairs"]}.values())
    assert {row["member"] for row in tables["pairs"]} <= {row["member"] for row in tables["members"]}
    assert all(int(row["minutes"]) % 15 == 0 for row in tables["sessions"])


async def test_two_copies_cannot_be_joined(copied):
    """Each copy has ids of its own, and rows in an order of its own."""
    _, one, two, _ = copied
    first, second = ({row[0] for row in copy.tables["members"].rows} for copy in (one, two))
    assert len(first) == len(second)
    assert not first & second


async def test_nobody_stands_alone(copied):
    """Each combination of role, group and level, and each week of joining or leaving, is shared by five or none."""
    _, _, _, tables = copied
    members = tables["members"]
    for keys in (("role", "group", "level"), ("joined",), ("left_in",)):
        counted = Counter(tuple(row[key] for key in keys) for row in members)
        assert not [one for one, number in counted.items() if any(one) and number < K], keys


@given(st.lists(TRAIT, max_size=60))
def test_traits_are_shared_by_five_or_left_out(traits):
    """Whatever the people are, no combination that is shown is that of fewer than five; nothing is made up."""
    shown, _ = coarse(traits)
    counted = Counter(shown)
    assert not [one for one, number in counted.items() if any(one) and number < K]
    assert len(counted) < 2 or counted["", "", ""] == 0 or counted["", "", ""] >= K
    for was, now in zip(traits, shown, strict=True):
        assert all(new in (old, "") for old, new in zip(was, now, strict=True))
