"""Nothing in the schema leans on SQLite alone."""

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.tables import metadata


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_can_be_made_on_both_engines(table: str, dialect):
    """A type or constraint that one engine does not know would show here."""
    assert str(CreateTable(metadata.tables[table]).compile(dialect=dialect)).strip().startswith("CREATE TABLE")
    for index in metadata.tables[table].indexes:
        assert "INDEX" in str(CreateIndex(index).compile(dialect=dialect))
