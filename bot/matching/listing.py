"""Candidate pairs with the parts of their scores, for whoever wants to check a round with another solver."""

from collections.abc import Iterator

import numpy as np

from bot.matching.arrays import scores, town
from bot.matching.peers import CANDIDATES, EXACT
from bot.matching.score import Table, may_mentor


def listed(table: Table) -> Iterator[tuple[str, str, float, dict[str, float]]]:
    """Yield (one, other, score, parts); see `bot.matching.candidates`."""
    mentoring = table.mode == "mentor"
    people = [one for one in table.people if one.capacity > 0 or one.role == "mentee"]
    rows = [one for one in people if one.role in ("mentee", "both")] if mentoring else people
    columns = [one for one in people if may_mentor(table.side(one.id))] if mentoring else people
    if not rows or not columns:
        return
    where = town(table, rows, columns) if mentoring else town(table, rows)
    if len(people) <= EXACT:
        row, column = np.nonzero(scores(where) > -0.5)
    else:
        from bot.matching.tiles import best, tiled

        tiles = tiled(where.columns, where.column_words, where.vocabulary)
        found = best(where, tiles, min(CANDIDATES, len(columns))).other
        row, place = np.nonzero(found >= 0)
        column = found[row, place]
    pairs = {
        (columns[other].id, rows[one].id) if mentoring or rows[one].id > columns[other].id
        else (rows[one].id, columns[other].id)
        for one, other in zip(row.tolist(), column.tolist(), strict=True)
    }  # fmt: skip
    for one, other in sorted(pairs):
        first, second = table.group((one, other))
        yield one, other, table.score(first, second), table.parts(first, second)
