"""What SQLite is told about its indexes, so that it looks through few rows where few are asked for.

See docs/decisions/0011-what-sqlite-is-told.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, inspect

_ROWS = 1_000_000
_MANY = _ROWS // 50
_SHARES = {"community_id": _ROWS, "space_id": _ROWS, "state": _MANY, "status": _MANY}
"""Columns that an index begins with, and how many rows of a million have the same value there. Of a column that may be
empty it is `_MANY`, too: it is empty in most rows.

Left to guess, SQLite takes a community, a state and a member for equally few rows. It then looks through a whole
community for one pair: to ask 1,000 check-ins of 100,000 took 5.4 s, and 1 s since it is told. ANALYZE would find that
out by itself, but also that a state is a quarter of the rows, whichever state it is, and then what is still to be sent
is looked for among all that ever was.
"""


def advise(connection: Connection) -> None:
    """Tell SQLite how little some indexes divide by their first column; in force for connections made later."""
    if not inspect(connection).has_table("sqlite_stat1"):
        connection.exec_driver_sql("ANALYZE alembic_version")  # nobody else may make the table of advice
    found = connection.exec_driver_sql(
        'SELECT made.tbl_name, made.name, part.name, told."notnull" + told.pk FROM sqlite_master AS made, '
        "pragma_index_info(made.name) AS part, pragma_table_info(made.tbl_name) AS told "
        "WHERE made.type = 'index' AND told.name = part.name ORDER BY made.name, part.seqno"
    )
    columns: dict[tuple[str, str], list[str]] = {}
    shares: dict[tuple[str, str], int] = {}
    for table, index, column, always in found:
        names = columns.setdefault((table, index), [])
        if not names and (share := _SHARES.get(column, 0 if always else _MANY)):
            shares[table, index] = share
        names.append(column)
    advice = {
        (*where, " ".join(map(str, (_ROWS, share, *(10 for _ in columns[where][1:])))))
        for where, share in shares.items()
        if not _in_time(columns[where])
    }
    given = {tuple(row) for row in connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1")}
    if advice != given:
        connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", sorted(advice))


def _in_time(names: Sequence[str]) -> bool:
    """Whether an index is there for what happened in a community in some weeks, which is few rows of many."""
    return names[0] == "community_id" and names[1:] != [] and names[1].endswith("_at")
